"""An engine for derivatives on any graph: the reference of assignment 4.

A program is a list of lines (name, sources). Slots 0 ... n - 1 are its n inputs, and line i fills slot n + i. `sources`
is a tuple of slot numbers, each smaller than the line's own slot. The last slot is the result.
`ops` maps a name to an op: engine_ops.py says what an op promises. The engine asks ops and adds; it converts no value.
So it also runs on numbers of another kind, such as `DualNumber`.
Nothing is remembered between calls, and arguments stay as they are. Nothing recurses, so a program may be long.
Imports nothing of `autograder`.
Sources: Griewank & Walther, Evaluating Derivatives, 2nd ed. (2008), chapters 3 and 4; Maclaurin, Autograd (2016).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from reference_impl.engine_ops import OPS

Array: TypeAlias = Any  # an array, or a NumPy scalar for the shape ()
Line: TypeAlias = tuple[str, tuple[int, ...]]
Program: TypeAlias = Sequence[Line]
Ops: TypeAlias = Mapping[str, Any]

# --- A program, there and back --------------------------------------------------------------------


def run(program: Program, xs: Sequence[Array], ops: Ops) -> list[Array]:
    """Return the values of all slots, inputs first. Each line's op is evaluated exactly once."""
    values = list(xs)
    for name, sources in program:
        values.append(ops[name](*(values[s] for s in sources)))
    return values


def backprop(program: Program, xs: Sequence[Array], u: Array, ops: Ops) -> tuple[Array, list[Array]]:
    """Reverse mode. u: an array of the result's shape.  Returns (y, one gradient for each of xs, of its shape)."""
    return gradients(program, xs, u, ops, range(len(xs)))


def gradients(
    program: Program, xs: Sequence[Array], u: Array, ops: Ops, wrt: Iterable[int]
) -> tuple[Array, list[Array]]:
    """Reverse mode for some inputs only: no rule is asked whose answer leads to none of them.

    wrt: numbers of inputs, in any order, also repeated.  Returns (y, [the gradient of xs[i] for i in wrt]).
    """
    wrt = list(wrt)
    values = run(program, xs, ops)
    active = _active(program, len(xs), wrt)
    adjoints: list[Array | None] = [None] * len(values)
    adjoints[-1] = u
    for slot in range(len(values) - 1, len(xs) - 1, -1):
        adjoint, (name, sources) = adjoints[slot], program[slot - len(xs)]
        if adjoint is None or not active[slot]:
            continue  # the result does not need it, or it needs no wanted input
        inputs = [values[s] for s in sources]
        for k, source in enumerate(sources):
            if active[source]:
                part, sum_so_far = ops[name].vjp(k, adjoint, values[slot], *inputs), adjoints[source]
                # A new array, never `+=`: a rule may have handed on an array that another slot holds, too.
                adjoints[source] = part if sum_so_far is None else sum_so_far + part
    return values[-1], [_gradient(adjoints[i], xs[i]) for i in wrt]


def _active(program: Program, n_inputs: int, wrt: Collection[int]) -> list[bool]:
    """For each slot, whether a wanted input leads to it."""
    active = [i in wrt for i in range(n_inputs)]
    for _, sources in program:
        active.append(any(active[s] for s in sources))
    return active


def _gradient(adjoint: Array | None, x: Array) -> Array:
    """The adjoint in memory of its own; zeros of x's shape if nobody uses x."""
    return np.zeros(np.shape(x)) if adjoint is None else copy.deepcopy(adjoint)


def must_keep(program: Program, n_inputs: int, reads: Mapping[str, Collection[str]]) -> set[int]:
    """The slots whose values the way back reads.

    reads[name]: what the op's rule reads: nothing, "inputs", "output", or both. Lines that do not lead to the result
    keep nothing.
    """
    needed: set[int] = {n_inputs + len(program) - 1}
    kept: set[int] = set()
    for slot in range(n_inputs + len(program) - 1, n_inputs - 1, -1):
        name, sources = program[slot - n_inputs]
        if slot not in needed:
            continue
        needed.update(sources)
        kept.update(sources if "inputs" in reads[name] else ())
        kept.update((slot,) if "output" in reads[name] else ())
    return kept


def rule_calls(program: Program, n_inputs: int, n_outputs: int) -> dict[str, int]:
    """The rules that a whole Jacobian asks in each mode, if every line is active and leads to all results."""
    edges = sum(len(sources) for _, sources in program)
    return {"forward": n_inputs * edges, "reverse": n_outputs * edges}


# --- Putting a graph in order ---------------------------------------------------------------------


def sort_graph(graph: Mapping[Any, Sequence[Any]], out: Any) -> list[Any]:
    """The names that `out` needs, each once, each after all names that it is computed from.

    graph: a name to the names that it is computed from.  Raises ValueError if `out` needs a cycle.
    """
    order: list[Any] = []
    finished: dict[Any, bool] = {out: False}  # a name is open while the names below it are being visited
    stack = [(out, iter(graph[out]))]
    while stack:
        name, sources = stack[-1]
        source = next((s for s in sources if not finished.get(s, False)), None)
        if source is None:
            finished[name] = True
            order.append(name)
            stack.pop()
        elif source in finished:
            raise ValueError(f"graph: expected no cycle, got one through {source!r}.")
        else:
            finished[source] = False
            stack.append((source, iter(graph[source])))
    return order


# --- Numbers that know more than their value ------------------------------------------------------


def _operator(name: str, *, swapped: bool = False) -> Callable[..., Any]:
    if swapped:
        return lambda self, other: self.computed(name, other, self)
    return lambda self, *others: self.computed(name, self, *others)


class Number:
    """A value under differentiation, for ordinary Python. `value`: its array. Each operator is an op of OPS."""

    __array_ufunc__ = None  # `array * number` is ours to compute: NumPy would make an array of objects

    def __init__(self, value: Array) -> None:
        self.value = np.asarray(value, dtype=float)

    @classmethod
    def computed(cls, name: str, *inputs: Any) -> Any:
        """Compute an op. An input that is no number of this kind is a constant."""
        numbers = [x if isinstance(x, cls) else cls(x) for x in inputs]
        return cls.derived(name, numbers, OPS[name](*(x.value for x in numbers)))

    @classmethod
    def derived(cls, name: str, inputs: Sequence[Any], y: Array) -> Any:
        """The number of value y that the op made of these inputs."""
        raise NotImplementedError

    __add__, __radd__ = _operator("add"), _operator("add", swapped=True)
    __sub__, __rsub__ = _operator("sub"), _operator("sub", swapped=True)
    __mul__, __rmul__ = _operator("mul"), _operator("mul", swapped=True)
    __truediv__, __rtruediv__ = _operator("div"), _operator("div", swapped=True)
    __matmul__, __rmatmul__ = _operator("matmul"), _operator("matmul", swapped=True)
    __neg__, exp, log = _operator("neg"), _operator("exp"), _operator("log")
    tanh, relu, sum = _operator("tanh"), _operator("relu"), _operator("sum")


class ProgramNode(Number):
    """A number that knows from what it was computed: name "" for an input or a constant."""

    def __init__(self, value: Array, name: str = "", sources: Sequence[ProgramNode] = ()) -> None:
        super().__init__(value)
        self.name, self.sources = name, tuple(sources)

    @classmethod
    def derived(cls, name: str, inputs: Sequence[ProgramNode], y: Array) -> ProgramNode:
        """Only note what was done."""
        return cls(y, name, inputs)


def trace(f: Callable[..., Any], xs: Sequence[Array]) -> tuple[list[Line], list[Array]]:
    """Let ordinary Python write a program.

    f: takes a ProgramNode for each of xs, and ends in an operation.  Returns (program, inputs): inputs begins with xs,
    and the constants follow; program has one line for each operation that the result needs.
    """
    leaves = [ProgramNode(x) for x in xs]
    last = f(*leaves)
    nodes: dict[ProgramNode, tuple[ProgramNode, ...]] = {}
    waiting = [last]
    while waiting:
        node = waiting.pop()
        if node not in nodes:
            nodes[node] = node.sources
            waiting.extend(node.sources)
    order = sort_graph(nodes, last)
    inputs = leaves + [node for node in order if not node.name and node not in leaves]
    lines = [node for node in order if node.name]
    slots = {node: slot for slot, node in enumerate(inputs + lines)}
    return [(node.name, tuple(slots[s] for s in node.sources)) for node in lines], [node.value for node in inputs]


class DualNumber(Number):
    """Forward mode: the number value + tangent ε, where ε² = 0."""

    def __init__(self, value: Array, tangent: Array = 0.0) -> None:
        super().__init__(value)
        self.tangent = np.broadcast_to(np.asarray(tangent, dtype=float), self.value.shape)

    @classmethod
    def derived(cls, name: str, inputs: Sequence[DualNumber], y: Array) -> DualNumber:
        """Each input moves y, and the moves add up."""
        values = [x.value for x in inputs]
        return cls(y, sum(OPS[name].jvp(k, x.tangent, y, *values) for k, x in enumerate(inputs)))


def dual_derivative(f: Callable[..., Any], xs: Sequence[Array], vs: Sequence[Array]) -> tuple[Array, Array]:
    """f(*xs) and its derivative along the direction vs, both of the result's shape, in one pass and without a tape."""
    result = f(*(DualNumber(x, v) for x, v in zip(xs, vs, strict=True)))
    return result.value, np.array(result.tangent)
