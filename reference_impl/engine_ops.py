"""The operations of Assignment 4: each knows its value, and its derivative in both directions.

An operation knows nothing of programs (engine.py). The rules are written here a second time, for NumPy alone, so that
primitives.py can check them. Arguments stretch as in NumPy; on the way back the copies are added up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Rule = Callable[..., Any]  # rule(g, y, *inputs); g is u on the way back, v on the way forward


@dataclass(frozen=True)
class Op:
    """One operation. `op(*inputs)` is its value y; inputs are float arrays of any shape, also ().

    function: the value.  pulls: for each input, rule(u, y, *inputs).  pushes: for each input, rule(v, y, *inputs).
    """

    function: Callable[..., Any]
    pulls: tuple[Rule, ...]
    pushes: tuple[Rule, ...]

    def __call__(self, *inputs: Any) -> Any:
        """The value."""
        return self.function(*inputs)

    def vjp(self, k: int, u: Any, y: Any, *inputs: Any) -> Any:
        """u, of y's shape, pulled back to input k. The result has that input's shape, and may be u itself."""
        return unbroadcast(self.pulls[k](u, y, *inputs), np.shape(inputs[k]))

    def jvp(self, k: int, v: Any, y: Any, *inputs: Any) -> Any:
        """v, of input k's shape, pushed forward to y's shape."""
        pushed = self.pushes[k](v, y, *inputs)
        return pushed if np.shape(pushed) == np.shape(y) else np.broadcast_to(pushed, np.shape(y)).copy()


def unbroadcast(g: Any, shape: tuple[int, ...]) -> Any:
    """Add up the copies that stretching `shape` to g's shape made. Returns an array of `shape`."""
    if getattr(g, "shape", None) == shape:
        return g  # nothing was stretched, in nine of ten calls
    g = np.asarray(g) if np.shape(g) else g
    lead = np.ndim(g) - len(shape)
    axes = tuple(i for i in range(np.ndim(g)) if i < lead or (shape[i - lead] == 1 and np.shape(g)[i] != 1))
    return np.sum(g, axis=axes).reshape(shape) if axes else g


def matmul_vjp(k: int, u: Any, A: Any, B: Any) -> Any:
    """The rule of A @ B. u: (N, K).  A: (N, H).  B: (H, K).  Returns (N, H) for k = 0 and (H, K) for k = 1."""
    return u @ B.T if k == 0 else A.T @ u


def local_vjp(name: str, k: int, u: Any, y: Any, *inputs: Any) -> Any:
    """Return u pulled back through the op `name` of OPS to its input k."""
    return OPS[name].vjp(k, u, y, *inputs)


def _each(function: Callable[..., Any], *rules: Rule) -> Op:
    """An operation entry by entry: its Jacobian is diagonal, so it is its own transpose."""
    return Op(function, rules, rules)


def _gate(g: Any, y: Any, a: Any) -> Any:
    return np.where(a > 0, g, 0.0)  # g * (a > 0) would make NaN of an infinite g


def _log_softmax(logits: Any) -> Any:
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))


def _cross_entropy(logits: Any, Y: Any) -> Any:
    return -np.sum(Y * _log_softmax(logits)) / len(logits)


def _surprise(logits: Any, Y: Any) -> Any:
    """The slope in the logits. Each row of Y adds up to 1 where labels are one-hot; then this is (p - Y) / N."""
    return (np.exp(_log_softmax(logits)) * np.sum(Y, axis=1, keepdims=True) - Y) / len(logits)


OPS: Mapping[str, Op] = {
    "add": _each(lambda a, b: a + b, lambda g, y, a, b: g, lambda g, y, a, b: g),
    "sub": _each(lambda a, b: a - b, lambda g, y, a, b: g, lambda g, y, a, b: -g),
    "mul": _each(lambda a, b: a * b, lambda g, y, a, b: g * b, lambda g, y, a, b: g * a),
    "div": _each(lambda a, b: a / b, lambda g, y, a, b: g / b, lambda g, y, a, b: -g * y / b),
    "neg": _each(lambda a: -a, lambda g, y, a: -g),
    "exp": _each(np.exp, lambda g, y, a: g * y),
    "log": _each(np.log, lambda g, y, a: g / a),
    "tanh": _each(np.tanh, lambda g, y, a: g * (1 - y * y)),
    "relu": _each(lambda a: np.maximum(a, 0.0), _gate),
    "sin": _each(np.sin, lambda g, y, a: g * np.cos(a)),
    "matmul": Op(
        lambda a, b: a @ b,
        (lambda u, y, a, b: matmul_vjp(0, u, a, b), lambda u, y, a, b: matmul_vjp(1, u, a, b)),
        (lambda v, y, a, b: v @ b, lambda v, y, a, b: a @ v),
    ),
    "sum": Op(np.sum, (lambda u, y, a: u * np.ones(np.shape(a)),), (lambda v, y, a: np.sum(v),)),
    "cross_entropy": Op(
        _cross_entropy,
        (
            lambda u, y, logits, Y: u * _surprise(logits, Y),
            lambda u, y, logits, Y: -u * _log_softmax(logits) / len(logits),
        ),
        (
            lambda v, y, logits, Y: np.sum(_surprise(logits, Y) * v),
            lambda v, y, logits, Y: -np.sum(_log_softmax(logits) * v) / len(logits),
        ),
    ),
}
