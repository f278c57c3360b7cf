"""Only the math module: hypot for the length, sumprod by hand, tuples for vectors."""

import math


def numerical_gradient(f, x, h=1e-5):
    import numpy as np

    place = np.fromiter(map(float, x), dtype=float)

    def slope(i):
        foot = place[i]
        place[i] = foot + h
        ahead = f(place)
        place[i] = foot - h
        behind = f(place)
        place[i] = foot
        return (ahead - behind) / (2 * h)

    return tuple(slope(i) for i in range(len(place)))


def steepest_direction(g):
    length = math.hypot(*map(float, g))
    return tuple(float(v) / length if length > 0 else 0.0 for v in g)


def max_stable_lr(H):
    from numpy.linalg import svd

    return 2.0 / float(max(svd(H)[1]))
