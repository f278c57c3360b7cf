"""Walks again from the start for each layer on the way back.

fails: q4.cost
diagnosis: calls
"""

def vjp(layers, x, u):
    def run(count):
        z = x
        for layer in layers[:count]:
            z = layer(z)
        return z

    y = run(len(layers))
    for i in range(len(layers) - 1, -1, -1):
        u = layers[i].vjp(run(i), u)
    return y, u
