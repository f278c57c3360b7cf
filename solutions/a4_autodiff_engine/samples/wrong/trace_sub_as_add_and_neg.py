"""a - b becomes two lines.

fails: q7.operators
diagnosis: method
"""

class Box:
    __array_ufunc__ = None

    def __init__(self, value, name="", sources=()):
        self.value, self.name, self.sources = np.asarray(value, dtype=float), name, sources

    def __add__(self, other):
        return noted_down("add", self, other)

    def __radd__(self, other):
        return noted_down("add", other, self)

    def __sub__(self, other):
        return self + (-(other if isinstance(other, Box) else Box(other)))

    def __rsub__(self, other):
        return Box(other) + (-self)

    def __mul__(self, other):
        return noted_down("mul", self, other)

    def __rmul__(self, other):
        return noted_down("mul", other, self)

    def __truediv__(self, other):
        return noted_down("div", self, other)

    def __rtruediv__(self, other):
        return noted_down("div", other, self)

    def __matmul__(self, other):
        return noted_down("matmul", self, other)

    def __rmatmul__(self, other):
        return noted_down("matmul", other, self)

    def __neg__(self):
        return noted_down("neg", self)

    def exp(self):
        return noted_down("exp", self)

    def log(self):
        return noted_down("log", self)

    def tanh(self):
        return noted_down("tanh", self)

    def relu(self):
        return noted_down("relu", self)

    def sum(self):
        return noted_down("sum", self)


def noted_down(name, *parts):
    boxes = [part if isinstance(part, Box) else Box(part) for part in parts]
    return Box(VALUES[name](*(box.value for box in boxes)), name, boxes)


def program_of(leaves, last):
    order, seen, stack = [], set(), [(last, False)]
    while stack:
        box, ready = stack.pop()
        if ready and box not in seen:
            seen.add(box)
            order.append(box)
        elif not ready and box not in seen:
            stack.append((box, True))
            stack.extend((source, False) for source in box.sources)
    inputs = leaves + [box for box in order if not box.name and box not in leaves]
    lines = [box for box in order if box.name]
    slot = {box: i for i, box in enumerate(inputs + lines)}
    return [(box.name, tuple(slot[s] for s in box.sources)) for box in lines], [box.value for box in inputs]


def trace(f, xs):
    leaves = [Box(x) for x in xs]
    return program_of(leaves, f(*leaves))
