"""Measures the change of the length on random layers, and builds each chain as Jacobians."""

import numpy as np


def error_norms(Ws, x, u, slope):
    a, steps = x, []
    for W in Ws:
        z = W @ a
        steps.append((W, np.diag(np.where(z > 0, 1.0, slope))))
        a = steps[-1][1] @ z
    norms = []
    for first in range(len(steps)):
        error = steps[first][1]
        for W, gate in steps[first + 1 :]:
            error = gate @ W @ error
        norms.append(np.linalg.norm(u @ error))
    return norms


def steady_gain(slope):
    rng = np.random.default_rng(1)
    z, message = rng.normal(size=(2, 200_000))
    return np.linalg.norm(message) / np.linalg.norm(message * np.where(z > 0, 1.0, slope))
