"""Looks on while a backward pass runs: which value each line got, and which adjoint its rule was given.

The watched program gives each line a name of its own, so each call of an op belongs to one line. The module computes no
value and no adjoint itself. Standard library only.
"""

from copy import copy


class GraphWatch:
    """A program whose ops note how they are called.

    Example: `watch = GraphWatch(program, ops); y, grads = backprop(watch.program, xs, 1.0, watch.ops)`, and then
    `graph(program, xs, watch.values(xs), watch.adjoints(grads), ops)`.
    """

    def __init__(self, program, ops):
        self.program = [(f"line {i}", sources) for i, (_, sources) in enumerate(program)]
        self.ops = {f"line {i}": GraphWatchedOp(ops[name], len(sources)) for i, (name, sources) in enumerate(program)}

    def values(self, xs):
        """What stands in each slot: the inputs, then what each op gave; None if it was not called."""
        return [*xs, *(op.value for op in self.ops.values())]

    def adjoints(self, grads):
        """The adjoint of each slot: the gradients of the inputs, then what each line's rule was given, or None."""
        return [*grads, *(op.adjoint() for op in self.ops.values())]


class GraphWatchedOp:
    """One line's op. value: what its first call gave."""

    def __init__(self, op, sources):
        self.op, self.sources = op, sources
        self.value, self.asked = None, []

    def __call__(self, *inputs):
        """The value, as the op gives it."""
        value = self.op(*inputs)
        self.value = copy(value) if self.value is None else self.value
        return value

    def vjp(self, k, u, y, *inputs):
        """The rule's answer. A copy of `u` stays here: code that adds in place changes the array itself."""
        self.asked.append((k, copy(u)))
        return self.op.vjp(k, u, y, *inputs)

    def adjoint(self):
        """What the rule was given; None if nobody asked it.

        A backward pass that walks paths asks for each source more than once. Then it is the sum, for one source.
        """
        given = [u for _, u in self.asked]
        if len({k for k, _ in self.asked}) == len(self.asked):
            return given[0] if given else None
        return sum(given[1:], given[0]) / self.sources
