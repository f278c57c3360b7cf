"""Both modes of automatic differentiation, small enough to read in one sitting.

A program is a chain of primitives (primitives.py), and each knows its Jacobian J twice: as v -> J v (JVP) and as
u -> u J (VJP). Forward mode carries J v along with the values. Reverse mode writes a tape of what was done, and
reads it backwards with u J. Neither ever builds a Jacobian.

First derivatives of real, floating arrays; NumPy, CuPy, or any library of the Python array API standard 2024.12.
`f` receives Variables and computes with their operators and the functions below; it returns one array.
Sources: Griewank & Walther, Evaluating Derivatives, 2nd ed. (2008), chapters 3 and 4; Maclaurin, Autograd (2016).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial, reduce
from operator import add
from typing import Any, TypeAlias

from reference_impl.backend import namespace_of as _xp
from reference_impl.primitives import PRIMITIVES, Array, Rule


def apply(name: str, *inputs: Any, **options: Any) -> Any:
    """Compute a primitive; with a Variable among the inputs, a Variable that knows where it comes from."""
    function, *rules = PRIMITIVES[name]
    variables = [(k, x) for k, x in enumerate(inputs) if isinstance(x, Variable)]
    if not variables:
        return function(*inputs, **options)
    one = variables[0][1]
    values = [x.value if isinstance(x, Variable) else _constant(x, one.value) for x in inputs]
    y = function(*values, **options)
    return one.derived(variables, Operation(rules, values, options, y))


class Operation:
    """One operation on the tape: a primitive's rules, the values that went in, and the value y that came out.

    A smaller input was stretched to y's shape. That comes last on the way forward; on the way back its
    transpose, adding the copies up, comes last.
    """

    __slots__ = ("options", "rules", "values", "y")

    def __init__(self, rules: list[Rule], values: list[Array], options: dict[str, Any], y: Array) -> None:
        self.rules, self.values, self.options, self.y = rules, values, options, y

    def jvp(self, k: int, v: Array) -> Array:
        """v, of input k's shape, to J v, of y's."""
        moved = self.rules[k].jvp(v, self.y, *self.values, **self.options)
        return moved if moved.shape == self.y.shape else _xp(moved).broadcast_to(moved, self.y.shape)

    def vjp(self, k: int, u: Array) -> Array:
        """u, of y's shape, to u J, of input k's."""
        back, x = self.rules[k].vjp(u, self.y, *self.values, **self.options), self.values[k]
        return _constant(back if back.shape == x.shape else unbroadcast(back, x.shape), x)


def unbroadcast(g: Array, shape: tuple[int, ...]) -> Array:
    """Add up the copies that stretching `shape` made: the transpose of broadcast_to. Returns an array of `shape`."""
    lead = g.ndim - len(shape)
    axes = tuple(i for i in range(g.ndim) if i < lead or shape[i - lead] == 1)
    added = _xp(g).sum(g, axis=axes) if axes else g
    return added if added.shape == shape else _xp(g).reshape(added, shape)


def _constant(x: Any, like: Array) -> Array:
    """A number or an array beside a Variable takes its dtype, so that float32 stays float32."""
    return x if type(x) is type(like) and x.dtype == like.dtype else _xp(like).asarray(x, dtype=like.dtype)


def _operator(name: str, *, swapped: bool = False) -> Callable[..., Any]:
    return (lambda b, a: apply(name, a, b)) if swapped else (lambda *inputs: apply(name, *inputs))


class Variable:
    """A value under differentiation. `value`: its array. Operators are primitives, and stretch as NumPy's do."""

    __slots__ = ("value",)
    # `array * variable` is ours to compute: NumPy would make an array of objects. (array-api-strict refuses any
    # stranger on its right; there a constant array stands on the right of the Variable.)
    __array_ufunc__ = None

    def __init__(self, value: Array) -> None:
        self.value = value

    def derived(self, variables: Variables, operation: Operation) -> Variable:
        """The Variable that the operation made of these, of which this is one, and of constants."""
        raise NotImplementedError

    shape = property(lambda self: self.value.shape)
    ndim = property(lambda self: self.value.ndim)
    dtype = property(lambda self: self.value.dtype)
    T = property(lambda self: apply("transpose", self))
    __add__ = __radd__ = _operator("add")
    __mul__ = __rmul__ = _operator("multiply")
    __sub__, __rsub__ = _operator("subtract"), _operator("subtract", swapped=True)
    __truediv__, __rtruediv__ = _operator("divide"), _operator("divide", swapped=True)
    __matmul__, __rmatmul__ = _operator("matmul"), _operator("matmul", swapped=True)
    __neg__ = _operator("negative")

    def __pow__(self, n: float) -> Any:
        return apply("power", self, n=n)

    def reshape(self, shape: tuple[int, ...]) -> Any:
        """The same entries in another shape."""
        return apply("reshape", self, shape=shape)

    def broadcast_to(self, shape: tuple[int, ...]) -> Any:
        """Copies, as broadcasting makes them."""
        return apply("broadcast_to", self, shape=shape)

    def sum(self, axis: int | tuple[int, ...] | None = None, *, keepdims: bool = False) -> Any:
        """Add along `axis`, or everything."""
        return apply("sum", self, axis=axis, keepdims=keepdims)

    def __bool__(self) -> bool:
        raise TypeError("Variable: expected arithmetic, got a comparison. Hint: branch on .value.")


class Dual(Variable):
    """Forward mode: a value and its derivative along the one direction asked for."""

    __slots__ = ("tangent",)

    def __init__(self, value: Array, tangent: Array) -> None:
        super().__init__(value)
        self.tangent = tangent

    def derived(self, variables: Variables, operation: Operation) -> Dual:
        """Each input moves y; the moves add."""
        return Dual(operation.y, reduce(add, [operation.jvp(k, _one_of(Dual, x).tangent) for k, x in variables]))


Variables: TypeAlias = list[tuple[int, Variable]]  # each with its place among an operation's inputs
# A line of the tape: an operation, and for each Variable that went in, which input and which line it was.
Line: TypeAlias = tuple["Operation | None", list[tuple[int, int]]]
START: Line = (None, [])  # what was not computed: an argument of f


class Node(Variable):
    """Reverse mode: a value and its line on the tape."""

    __slots__ = ("index", "tape")

    def __init__(self, value: Array, tape: list[Line], line: Line) -> None:
        self.value, self.tape, self.index = value, tape, len(tape)
        tape.append(line)

    def derived(self, variables: Variables, operation: Operation) -> Node:
        """Only note what was done. The notes keep every input alive: that is the memory reverse mode costs."""
        sources = [(k, _one_of(Node, x, self.tape).index) for k, x in variables]
        return Node(operation.y, self.tape, (operation, sources))


def jvp(f: Callable[..., Any], xs: Sequence[Array], vs: Sequence[Array]) -> tuple[Array, Array]:
    """Forward mode: f(*xs) and its derivative along the direction vs, in one pass.

    xs: real floating arrays.  vs: for each of them a direction of the same shape.  Returns (y, J v), of one shape.
    Costs a small multiple of f's time, and no memory that grows with the length of the computation.
    """
    xs, vs = _arrays("xs", xs), _arrays("vs", vs)
    if [v.shape for v in vs] != [x.shape for x in xs]:
        raise ValueError(f"vs: expected the shapes of xs, {[x.shape for x in xs]}, got {[v.shape for v in vs]}.")
    y = f(*(Dual(x, _constant(v, x)) for x, v in zip(xs, vs, strict=True)))
    if not isinstance(y, Variable):  # f does not depend on xs
        y = Dual(_constant(y, xs[0]), _xp(xs[0]).zeros_like(_constant(y, xs[0])))
    return y.value, _one_of(Dual, y).tangent


def vjp(f: Callable[..., Any], xs: Sequence[Array]) -> tuple[Array, Callable[[Array], tuple[Array, ...]]]:
    """Reverse mode: f(*xs) and the pullback, which takes u of y's shape to u J, one array for each of xs.

    xs: real floating arrays; each u J has the shape and dtype of its x. The pullback may be called repeatedly.
    """
    xs = _arrays("xs", xs)
    tape: list[Line] = []
    leaves = [Node(x, tape, START) for x in xs]
    y: Any = f(*leaves)
    if not isinstance(y, Variable):  # f does not depend on xs
        y = Node(_constant(y, xs[0]), tape, START)
    _one_of(Node, y, tape)

    def pullback(u: Array) -> tuple[Array, ...]:
        u = _constant(u, y.value)
        if u.shape != y.shape:
            raise ValueError(f"u: expected the shape of f's result, {y.shape}, got {u.shape}.")
        return tuple(
            # A copy: a sum hands u itself through, and a result must not share memory with an argument.
            _xp(x).zeros_like(x) if back is None else _xp(x).asarray(back, copy=True)
            for x, back in zip(xs, _walk_back(tape, y.index, u), strict=False)
        )

    return y.value, pullback


def _walk_back(tape: list[Line], last: int, u: Array) -> list[Array | None]:
    """Read the tape backwards. A value is noted after all it was computed from, so no sorting is needed."""
    adjoints: list[Array | None] = [None] * len(tape)
    adjoints[last] = u
    for index in range(last, -1, -1):
        operation, sources = tape[index]
        if adjoints[index] is None or operation is None:
            continue  # the result does not depend on it, or it is an input
        for k, source in sources:
            part, seen = operation.vjp(k, adjoints[index]), adjoints[source]
            adjoints[source] = part if seen is None else seen + part  # used twice: both uses count
        adjoints[index] = None  # complete, and passed on: let its memory go
    return adjoints


def grad(f: Callable[..., Any]) -> Callable[..., Any]:
    """The gradient of a scalar f(*xs): an array if f takes one, else a tuple; each has its argument's shape."""

    def gradient(*xs: Array) -> Any:
        y, pullback = vjp(f, xs)
        if y.shape != ():
            raise ValueError(f"f: expected one number, got shape {y.shape}. Hint: .sum() it, or use vjp.")
        grads = pullback(1.0)
        return grads[0] if len(grads) == 1 else grads

    return gradient


exp, log, tanh, relu = (partial(apply, name) for name in ("exp", "log", "tanh", "relu"))


def _arrays(name: str, arrays: Any) -> tuple[Array, ...]:
    if not isinstance(arrays, (tuple, list)) or not arrays:
        raise TypeError(f"{name}: expected a tuple of arrays, got {type(arrays).__name__}. Hint: (x,) for one.")
    for x in arrays:
        if isinstance(x, Variable):
            raise TypeError(f"{name}: expected arrays, got a Variable. Hint: only first derivatives are taken here.")
        if not hasattr(x, "dtype") or not _is_real_floating(_xp(x), x.dtype):
            kind = getattr(x, "dtype", type(x).__name__)
            raise TypeError(
                f"{name}: expected real floating arrays, got {kind}. Hint: xp.asarray(x, dtype=xp.float64)."
            )
    return tuple(arrays)


@cache
def _is_real_floating(xp: Any, dtype: Any) -> bool:
    return bool(xp.isdtype(dtype, "real floating"))


def _one_of(kind: type[Variable], x: Any, tape: list[Line] | None = None) -> Any:
    """x, if it belongs to this call of jvp or vjp."""
    if type(x) is not kind or getattr(x, "tape", None) is not tape:
        raise TypeError("Variable: expected one of this call, got one of another. Hint: pass it to f as an argument.")
    return x
