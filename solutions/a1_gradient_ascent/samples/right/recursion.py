"""The climb calls itself for the rest of the way."""

import numpy as np


def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    x = np.asarray(x0, dtype=float).copy()
    if n_steps == 0:
        return x[None, :]
    g = np.array(grad(x))
    if np.sqrt(g @ g) <= tol:
        return x[None, :]
    return np.concatenate([x[None, :], gradient_ascent(grad, x + lr * g, lr, n_steps - 1, tol)])
