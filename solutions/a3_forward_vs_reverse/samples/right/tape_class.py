"""A small class that records the way there and plays it back."""

class Tape:
    def __init__(self, layers):
        self.layers, self.record = layers, []

    def play(self, x):
        for layer in self.layers:
            self.record.append((layer, x))
            x = layer(x)
        return x

    def back(self, u):
        while self.record:
            layer, x = self.record.pop()
            u = layer.vjp(x, u)
        return u


def vjp(layers, x, u):
    tape = Tape(layers)
    return tape.play(x), tape.back(u)
