"""Derivatives of a chain of layers, from either end: the reference of assignment 3.

A chain is a list of layers, the input side first: y = f_L(... f_2(f_1(x))). Layer l maps (n_{l-1},) to (n_l,)
and computes two products with its Jacobian J_l, of shape (n_l, n_{l-1}): jvp(x, v) = J_l v and vjp(x, u) = u J_l,
both at the layer's input x. It never builds J_l.
Every function is pure. Arrays may be of any library of the array API standard; results stay in it.
Imports nothing of `autograder`.
Source: Griewank & Walther, Evaluating Derivatives, 2nd ed. (2008), chapter 3.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from reference_impl.backend import namespace_of

Array = Any  # of any library: the standard has no common type


class Layer(Protocol):
    """One link of a chain."""

    def __call__(self, x: Array) -> Array:
        """x: (n_in,).  Returns (n_out,)."""

    def jvp(self, x: Array, v: Array) -> Array:
        """x, v: (n_in,).  Returns J(x) v, (n_out,)."""

    def vjp(self, x: Array, u: Array) -> Array:
        """x: (n_in,), u: (n_out,).  Returns u J(x), (n_in,)."""


# --- Layers ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Affine:
    """x -> W x + b.  W: (n_out, n_in), b: (n_out,). Its Jacobian is W at every x."""

    W: Array
    b: Array

    def __call__(self, x: Array) -> Array:
        """x: (n_in,).  Returns W x + b, (n_out,)."""
        return self.W @ x + self.b

    def jvp(self, x: Array, v: Array) -> Array:  # noqa: ARG002
        """Return W v."""
        return self.W @ v

    def vjp(self, x: Array, u: Array) -> Array:  # noqa: ARG002
        """Return u W. The row u multiplies from the left, so W is never transposed."""
        return u @ self.W


@dataclass(frozen=True)
class Linear:
    """x -> W x.  W: (n_out, n_in)."""

    W: Array

    def __call__(self, x: Array) -> Array:
        """x: (n_in,).  Returns W x, (n_out,)."""
        return self.W @ x

    def jvp(self, x: Array, v: Array) -> Array:  # noqa: ARG002
        """Return W v."""
        return self.W @ v

    def vjp(self, x: Array, u: Array) -> Array:  # noqa: ARG002
        """Return u W."""
        return u @ self.W


class Tanh:
    """x -> tanh(x), elementwise. Its Jacobian is diagonal, so both products are one multiplication."""

    def __call__(self, x: Array) -> Array:
        """x: (n,).  Returns (n,)."""
        return namespace_of(x).tanh(x)

    def jvp(self, x: Array, v: Array) -> Array:
        """Return (1 - tanh(x)**2) v."""
        return (1 - self(x) ** 2) * v

    def vjp(self, x: Array, u: Array) -> Array:
        """Return u (1 - tanh(x)**2)."""
        return u * (1 - self(x) ** 2)


class Relu:
    """x -> max(x, 0), elementwise, with the slope 0 at 0."""

    def __call__(self, x: Array) -> Array:
        """x: (n,).  Returns (n,)."""
        return self._masked(x, x)

    def jvp(self, x: Array, v: Array) -> Array:
        """Return v where x > 0, else 0."""
        return self._masked(x, v)

    def vjp(self, x: Array, u: Array) -> Array:
        """Return u where x > 0, else 0."""
        return self._masked(x, u)

    @staticmethod
    def _masked(x: Array, values: Array) -> Array:
        xp = namespace_of(x, values)
        return xp.where(x > 0, values, xp.zeros_like(values))


# --- Products of Jacobians ------------------------------------------------------------------------


def accumulate_forward(Js: Sequence[Array]) -> Array:
    """J_L ... J_1, multiplied from the input side: J_L (... (J_3 (J_2 J_1))).

    Js: L >= 1 matrices, Js[l] of shape (n_{l+1}, n_l).  Returns a new array (n_L, n_0).
    Costs `complexity.forward_macs` multiply-adds.
    """
    return functools.reduce(lambda product, J: J @ product, Js[1:], _copy(Js[0]))


def accumulate_reverse(Js: Sequence[Array]) -> Array:
    """J_L ... J_1, multiplied from the output side: ((J_L J_{L-1}) J_{L-2}) ... J_1.

    Js: as in `accumulate_forward`.  Returns (n_L, n_0). Costs `complexity.reverse_macs` multiply-adds.
    """
    return functools.reduce(lambda product, J: product @ J, Js[-2::-1], _copy(Js[-1]))


def _copy(array: Array) -> Array:
    return namespace_of(array).asarray(array, copy=True)


# --- Products with the Jacobian of a chain --------------------------------------------------------


def jvp(layers: Sequence[Layer], x: Array, v: Array) -> tuple[Array, Array]:
    """Carry a value and a direction through the chain, input to output.

    x, v: (n_0,).  Returns (y, J v), both (n_L,). Evaluates each layer once, and stores no layer's input.
    """
    for layer in layers:
        x, v = layer(x), layer.jvp(x, v)
    return x, v


def vjp(layers: Sequence[Layer], x: Array, u: Array) -> tuple[Array, Array]:
    """Carry a value to the output, then a row of sensitivities back to the input.

    x: (n_0,), u: (n_L,).  Returns (y, u J): (n_L,) and (n_0,). Evaluates each layer once, and keeps every
    layer's input, because the layer's vjp needs it.
    """
    inputs = []
    for layer in layers:
        inputs.append(x)
        x = layer(x)
    for layer, place in zip(reversed(layers), reversed(inputs), strict=True):
        u = layer.vjp(place, u)
    return x, u


def jacobian_forward(layers: Sequence[Layer], x: Array) -> Array:
    """The Jacobian of the chain at x, one column a pass: n_0 passes of `jvp`.

    x: (n_0,).  Returns (n_L, n_0). Calls each layer's jvp n_0 times and its vjp never.
    """
    return namespace_of(x).stack([jvp(layers, x, seed)[1] for seed in _basis(x)], axis=1)


def jacobian_reverse(layers: Sequence[Layer], x: Array) -> Array:
    """The Jacobian of the chain at x, one row a pass: n_L passes of `vjp`.

    x: (n_0,).  Returns (n_L, n_0). Calls each layer's vjp n_L times and its jvp never.
    """
    y = functools.reduce(lambda value, layer: layer(value), layers, x)
    return namespace_of(x).stack([vjp(layers, x, seed)[1] for seed in _basis(y)], axis=0)


def _basis(like: Array) -> list[Array]:
    """The n unit vectors of the space of `like`, (n,), with its dtype and on its device."""
    identity = namespace_of(like).eye(like.shape[0], dtype=like.dtype, device=like.device)
    return [identity[i, :] for i in range(like.shape[0])]


# --- Memory against recomputation -----------------------------------------------------------------


def checkpointed_vjp(layers: Sequence[Layer], x: Array, u: Array, interval: int) -> tuple[Array, Array]:
    """`vjp` that keeps every `interval`-th layer input and recomputes the others, a segment at a time.

    x: (n_0,), u: (n_L,), interval k >= 1.  Returns (y, u J). Holds at most ceil(L / k) + k - 1 layer inputs at
    once, calls each layer's vjp once, and evaluates each layer at most twice.
    Source: Griewank & Walther (2008), chapter 12; Chen et al. (2016).
    """
    starts = range(0, len(layers), interval)
    checkpoints = []
    for index, layer in enumerate(layers):
        if index in starts:
            checkpoints.append(x)
        x = layer(x)
    for start in reversed(starts):
        segment = layers[start : start + interval]
        inputs = [checkpoints.pop()]
        for layer in segment[:-1]:
            inputs.append(layer(inputs[-1]))
        for layer in reversed(segment):
            u = layer.vjp(inputs.pop(), u)
    return x, u
