"""Each node has an age, and age is an order; the counter is inside one trace's list."""

class Aged:
    __array_ufunc__ = None

    def __init__(self, tape, value, name="", sources=()):
        self.tape, self.value, self.name, self.sources = tape, value, name, sources
        self.age = len(tape)
        tape.append(self)

    def __add__(self, other):
        return aged("add", self, other)

    def __radd__(self, other):
        return aged("add", other, self)

    def __sub__(self, other):
        return aged("sub", self, other)

    def __rsub__(self, other):
        return aged("sub", other, self)

    def __mul__(self, other):
        return aged("mul", self, other)

    def __rmul__(self, other):
        return aged("mul", other, self)

    def __truediv__(self, other):
        return aged("div", self, other)

    def __rtruediv__(self, other):
        return aged("div", other, self)

    def __matmul__(self, other):
        return aged("matmul", self, other)

    def __rmatmul__(self, other):
        return aged("matmul", other, self)

    def __neg__(self):
        return aged("neg", self)

    def exp(self):
        return aged("exp", self)

    def log(self):
        return aged("log", self)

    def tanh(self):
        return aged("tanh", self)

    def relu(self):
        return aged("relu", self)

    def sum(self):
        return aged("sum", self)


def aged(name, *parts):
    tape = next(part.tape for part in parts if isinstance(part, Aged))
    nodes = [part if isinstance(part, Aged) else Aged(tape, np.array(part, dtype=float)) for part in parts]
    return Aged(tape, VALUES[name](*[node.value for node in nodes]), name, nodes)


def trace(f, xs):
    tape = []
    leaves = [Aged(tape, np.array(x, dtype=float)) for x in xs]
    last = f(*leaves)
    needed = {last.age}
    for node in reversed(tape):
        if node.age in needed:
            needed.update(source.age for source in node.sources)
    inputs = leaves + [n for n in tape[len(leaves) :] if n.age in needed and not n.name]
    lines = [n for n in tape if n.age in needed and n.name]
    place = {n.age: slot for slot, n in enumerate(inputs + lines)}
    return [[n.name, [place[s.age] for s in n.sources]] for n in lines], [n.value for n in inputs]
