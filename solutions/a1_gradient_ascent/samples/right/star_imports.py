"""Everything comes from star imports, and parameters carry other annotations and a longer signature."""

from math import *

from numpy import *
from numpy.linalg import *


def gradient_ascent(grad: callable, x0: list, lr: float, n_steps: int, tol: float = 0.0, verbose: bool = False) -> list:
    x = array(x0, dtype=float64)
    path = list([x])
    t = 0
    while t < n_steps:
        g = array(grad(x), copy=True)
        if norm(g) <= tol:
            break
        x = add(x, multiply(lr, g))
        path.append(x)
        t += 1
    return vstack(path)


def max_stable_lr(H):
    return divide(2.0, amax(absolute(eigvalsh(H))))


def leave_saddle(grad, x0, lr, n_steps, tol=1e-8, radius=1e-3, seed=0):
    x = asarray(x0, dtype=float)
    if norm(grad(x)) > tol:
        return gradient_ascent(grad, x, lr, n_steps)
    kick = random.default_rng(seed).standard_normal(x.shape)
    return r_[x[newaxis], gradient_ascent(grad, x + radius * (kick / norm(kick)), lr, n_steps)]
