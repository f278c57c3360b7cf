"""The climb is a generator; the best of restarts is a reduce; labels are NumPy scalars in a list."""

from functools import reduce
from itertools import islice

import numpy as np


def places(grad, x, lr, tol):
    x = np.array(x, dtype=float)
    while True:
        yield x
        g = grad(x)
        if np.linalg.norm(g) <= tol:
            return
        x = x + lr * g


def gradient_ascent(grad, x0, lr, n_steps, tol=0.0):
    return np.stack(list(islice(places(grad, x0, lr, tol), n_steps + 1)))


def best_of_restarts(f, grad, starts, lr, n_steps):
    ends = (gradient_ascent(grad, s, lr, n_steps)[-1] for s in starts)
    scored = ((f(e), e) for e in ends)
    return reduce(lambda a, b: b if np.isnan(a[0]) or b[0] > a[0] else a, scored)[1]


def basins(grad, starts, peaks, lr, n_steps):
    return [
        min(range(len(peaks)), key=lambda i, e=gradient_ascent(grad, s, lr, n_steps)[-1]: np.hypot.reduce(peaks[i] - e))
        for s in starts
    ]
