"""Type annotations, helpers of its own, words from a NumPy array of strings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
WORDS = np.array(["maximum", "minimum", "saddle", "degenerate"])


def _signs(H: Vector, tol: float) -> set[int]:
    values = np.linalg.eigvals(H).real
    return {int(s) for s in np.where(np.abs(values) <= tol, 0, np.sign(values))}


def classify_critical_point(H: Vector, tol: float = 1e-8) -> np.str_:
    signs = _signs(H, tol)
    if {1, -1} <= signs:
        return WORDS[2]
    return WORDS[3] if 0 in signs else WORDS[1] if 1 in signs else WORDS[0]


def _end(grad: Callable[[Vector], Vector], start: Vector, lr: float, n_steps: int) -> Vector:
    x = np.array(start, dtype=np.float64)
    for _ in range(n_steps):
        x = x + lr * grad(x)
    return x


def best_of_restarts(
    f: Callable[[Vector], float],
    grad: Callable[[Vector], Vector],
    starts: Vector,
    lr: float,
    n_steps: int,
) -> Vector:
    ends = [_end(grad, s, lr, n_steps) for s in starts]
    return ends[int(np.nanargmax([f(e) for e in ends]))]
