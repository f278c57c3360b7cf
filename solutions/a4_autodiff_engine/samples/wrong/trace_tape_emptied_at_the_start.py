"""One tape for all traces, emptied when a trace begins.

fails: q7.roads q7.two_at_once
diagnosis: unneeded
"""

TAPE = []


class Taped:
    __array_ufunc__ = None

    def __init__(self, value, name="", sources=()):
        self.value, self.name, self.sources = np.asarray(value, dtype=float), name, sources
        TAPE.append(self)

    def __add__(self, other):
        return taped("add", self, other)

    def __radd__(self, other):
        return taped("add", other, self)

    def __sub__(self, other):
        return taped("sub", self, other)

    def __rsub__(self, other):
        return taped("sub", other, self)

    def __mul__(self, other):
        return taped("mul", self, other)

    def __rmul__(self, other):
        return taped("mul", other, self)

    def __truediv__(self, other):
        return taped("div", self, other)

    def __rtruediv__(self, other):
        return taped("div", other, self)

    def __matmul__(self, other):
        return taped("matmul", self, other)

    def __rmatmul__(self, other):
        return taped("matmul", other, self)

    def __neg__(self):
        return taped("neg", self)

    def exp(self):
        return taped("exp", self)

    def log(self):
        return taped("log", self)

    def tanh(self):
        return taped("tanh", self)

    def relu(self):
        return taped("relu", self)

    def sum(self):
        return taped("sum", self)


def taped(name, *parts):
    nodes = [p if isinstance(p, Taped) else Taped(p) for p in parts]
    return Taped(VALUES[name](*[n.value for n in nodes]), name, nodes)


def trace(f, xs):
    TAPE.clear()
    leaves = [Taped(x) for x in xs]
    f(*leaves)
    inputs = leaves + [n for n in TAPE if not n.name and n not in leaves]
    lines = [n for n in TAPE if n.name]
    slots = {n: i for i, n in enumerate(inputs + lines)}
    return [(n.name, tuple(slots[s] for s in n.sources)) for n in lines], [n.value for n in inputs]
