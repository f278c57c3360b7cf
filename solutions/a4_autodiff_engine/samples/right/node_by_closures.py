"""No attribute but the value: a closure tells the name and the sources."""

class Closed:
    __array_ufunc__ = None
    __array_priority__ = 1000

    def __init__(self, value, tell=lambda: ("", ())):
        self.value, self.tell = value, tell

    def __add__(self, other):
        return closed("add", self, other)

    def __radd__(self, other):
        return closed("add", other, self)

    def __sub__(self, other):
        return closed("sub", self, other)

    def __rsub__(self, other):
        return closed("sub", other, self)

    def __mul__(self, other):
        return closed("mul", self, other)

    def __rmul__(self, other):
        return closed("mul", other, self)

    def __truediv__(self, other):
        return closed("div", self, other)

    def __rtruediv__(self, other):
        return closed("div", other, self)

    def __matmul__(self, other):
        return closed("matmul", self, other)

    def __rmatmul__(self, other):
        return closed("matmul", other, self)

    def __neg__(self):
        return closed("neg", self)

    def exp(self):
        return closed("exp", self)

    def log(self):
        return closed("log", self)

    def tanh(self):
        return closed("tanh", self)

    def relu(self):
        return closed("relu", self)

    def sum(self):
        return closed("sum", self)


def closed(name, *parts):
    nodes = tuple(p if isinstance(p, Closed) else Closed(p) for p in parts)
    return Closed(VALUES[name](*(n.value for n in nodes)), lambda: (name, nodes))


def trace(f, xs):
    leaves = [Closed(x) for x in xs]
    last = f(*leaves)
    graph, waiting = {}, [last]
    while waiting:
        node = waiting.pop()
        if id(node) not in graph:
            graph[id(node)] = (node, tuple(map(id, node.tell()[1])))
            waiting += node.tell()[1]
    order = [graph[key][0] for key in sort_graph({key: sources for key, (_, sources) in graph.items()}, id(last))]
    first = {id(leaf) for leaf in leaves}
    inputs = leaves + [node for node in order if not node.tell()[0] and id(node) not in first]
    slots = {id(node): i for i, node in enumerate(inputs)}
    program = []
    for node in order:
        name, sources = node.tell()
        if name:
            program.append((name, tuple(slots[id(s)] for s in sources)))
            slots[id(node)] = len(slots)
    return program, [node.value for node in inputs]
