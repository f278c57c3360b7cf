"""g times the truth of z > 0."""

import numpy as np


def relu_vjp(z, g):
    return g * (z > 0)


def linear_vjp(X: np.ndarray, W: np.ndarray, g: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    dW = sum(np.outer(x, row) for x, row in zip(X, g))
    db = np.add.reduce(g, axis=0)
    dX = np.stack([W @ row for row in g])
    return dX, dW, db
