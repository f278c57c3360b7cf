"""Each step is a frozen dataclass that knows the one before it; the path is read off backwards."""

from dataclasses import dataclass
from typing import Optional

import numpy as np


@dataclass(frozen=True)
class Step:
    place: np.ndarray
    before: Optional["Step"] = None

    def path(self):
        rows, step = [], self
        while step is not None:
            rows.insert(0, step.place)
            step = step.before
        return np.array(rows)


def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    step = Step(np.array(x0, dtype=np.float64))
    for _ in range(n_steps):
        gradient = np.array(grad(step.place.copy()))
        if np.dot(gradient, gradient) ** 0.5 <= tol:
            return step.path()
        step = Step(step.place + lr * gradient, before=step)
    return step.path()


def backtracking_ascent(f, grad, x0, lr0, n_steps):
    step = Step(np.array(x0, dtype=np.float64))
    for _ in range(n_steps):
        g = np.array(grad(step.place.copy()), dtype=float)
        rates = (lr0 * 0.5**k for k in range(61))
        bar = f(step.place.copy())
        pays = (r for r in rates if f(step.place + r * g) - bar >= 1e-4 * r * (g @ g))
        rate = next(pays, None) if g.any() else None
        if rate is None:
            break
        step = Step(step.place + rate * g, step)
    return step.path()
