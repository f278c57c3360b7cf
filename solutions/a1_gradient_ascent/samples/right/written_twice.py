"""The first attempt is still there, above the one that counts; a helper cell prints what it sees."""

import numpy as np


def steepest_direction(g):
    return g / (np.linalg.norm(g) + 1e-8)


print("unit?", np.linalg.norm(steepest_direction(np.array([1e-9, 0.0]))))


def steepest_direction(g):  # noqa: F811
    g = np.asarray(g, dtype=np.longdouble)
    n = np.sqrt((g * g).sum())
    return (g if n == 0 else g / n).astype(np.float64)


def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    print("climbing from", x0)
    path = np.array([x0], dtype=float)
    while len(path) <= n_steps:
        g = np.array(grad(path[-1]))
        if (norm := np.linalg.norm(g)) <= tol:
            print("level ground, slope", norm)
            break
        path = np.append(path, [path[-1] + lr * g], axis=0)
    return path
