"""The functions that programs under differentiation are made of, each with its Jacobian in both directions.

Arrays in, arrays out, in any library of the Python array API standard; nothing here knows of Variables or tapes.
Source of the transposed rules: Giles, Collected matrix derivative results for forward and reverse mode (2008).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from reference_impl.backend import namespace_of as _xp

Array: TypeAlias = Any  # an array of whichever library computes
Linear: TypeAlias = Callable[..., Array]
Axis: TypeAlias = int | tuple[int, ...] | None


class Rule:
    """One argument's Jacobian: jvp(v, y, *inputs) -> J v, and vjp(u, y, *inputs) -> u J, with y = f(*inputs).

    A diagonal Jacobian, that of every elementwise function, is its own transpose: one function is both.
    """

    def __init__(self, jvp: Linear, vjp: Linear | None = None) -> None:
        self.jvp, self.vjp = jvp, vjp or jvp


def _turn(a: Array) -> Array:
    return a.T if a.ndim == 2 else _xp(a).matrix_transpose(a)


def _gate(g: Array, a: Array) -> Array:
    return _xp(a).where(a > 0, g, 0)  # g * (a > 0) would make NaN of an infinite g


def _product(a: Array, b: Array) -> Array:
    if min(a.ndim, b.ndim) < 2:
        raise ValueError(f"@: expected two matrices, got {a.ndim} and {b.ndim} axes. Hint: reshape, or (a * b).sum().")
    return a @ b


def _slope(a: Array, n: float) -> Array:
    return n * a ** (n - 1) if n else _xp(a).zeros_like(a)  # 0 * 0**-1 would be NaN


def _sum(a: Array, axis: Axis, keepdims: bool) -> Array:
    return _xp(a).sum(a, axis=axis, keepdims=keepdims)


def _spread(u: Array, a: Array, axis: Axis) -> Array:
    """The transpose of a sum: every entry of a that was added up receives what its sum receives."""
    if axis is not None:  # the axes that the sum left out, with length 1
        axes = [i % a.ndim for i in (axis if isinstance(axis, tuple) else (axis,))]
        u = _xp(u).reshape(u, tuple(1 if i in axes else n for i, n in enumerate(a.shape)))
    return u + _xp(a).zeros(a.shape, dtype=a.dtype, device=a.device)  # in NumPy a quarter of broadcast_to's 3 µs


def _shaped(a: Array, shape: tuple[int, ...]) -> Array:
    return _xp(a).reshape(a, shape)


def _stretched(a: Array, shape: tuple[int, ...]) -> Array:
    return _xp(a).broadcast_to(a, shape)


# Name: the function, and a Rule for each of its arrays. g is v in a JVP and u in a VJP; y is the value.
# Arguments stretch as in NumPy; the engine sees to what that means on the way back.
# fmt: off
PRIMITIVES: dict[str, tuple[Any, ...]] = {
    # elementwise
    "add": (lambda a, b: a + b,      Rule(lambda g, y, a, b: g),           # dy = da + db
                                     Rule(lambda g, y, a, b: g)),
    "subtract": (lambda a, b: a - b, Rule(lambda g, y, a, b: g),           # dy = da - db
                                     Rule(lambda g, y, a, b: -g)),
    "multiply": (lambda a, b: a * b, Rule(lambda g, y, a, b: g * b),       # dy = da b + a db
                                     Rule(lambda g, y, a, b: a * g)),
    "divide": (lambda a, b: a / b,   Rule(lambda g, y, a, b: g / b),       # dy = da / b - (a / b) db / b
                                     Rule(lambda g, y, a, b: -y * g / b)),
    "negative": (lambda a: -a,           Rule(lambda g, y, a: -g)),               # dy = -da
    "exp": (lambda a: _xp(a).exp(a),     Rule(lambda g, y, a: g * y)),            # dy = e^a da
    "log": (lambda a: _xp(a).log(a),     Rule(lambda g, y, a: g / a)),            # dy = da / a
    "tanh": (lambda a: _xp(a).tanh(a),   Rule(lambda g, y, a: g * (1 - y * y))),  # dy = (1 - tanh(a)^2) da
    "relu": (lambda a: _xp(a).maximum(a, 0), Rule(lambda g, y, a: _gate(g, a))),      # dy = da where a > 0, else 0
    "power": (lambda a, n: a**n,         Rule(lambda g, y, a, n: g * _slope(a, n))),  # dy = n a^(n-1) da
    # linear in each argument: J is the function itself
    "matmul": (_product,             Rule(lambda v, y, a, b: v @ b, lambda u, y, a, b: u @ _turn(b)),
                                     Rule(lambda v, y, a, b: a @ v, lambda u, y, a, b: _turn(a) @ u)),
    "transpose": (_turn,             Rule(lambda g, y, a: _turn(g))),      # of the last two axes
    "sum": (_sum,                    Rule(lambda v, y, a, axis, keepdims: _sum(v, axis, keepdims),
                                          lambda u, y, a, axis, keepdims: _spread(u, a, axis))),
    "reshape": (_shaped,             Rule(lambda v, y, a, shape: _shaped(v, shape),
                                          lambda u, y, a, shape: _shaped(u, a.shape))),
    "broadcast_to": (_stretched,     Rule(lambda g, y, a, shape: g)),      # nothing but stretching
}
# fmt: on
