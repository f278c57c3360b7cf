"""One helper makes a step; climbs run side by side in a list, and the winner is sorted to the front."""

from math import inf, isnan

import numpy as np


def one_step(grad, place, lr):
    g = np.asarray(grad(place.copy()), dtype=float).copy()
    return place if not g.any() else place + lr * g


def march(grad, starts, lr, n_steps):
    places = [np.array(s, dtype=float) for s in starts]
    for _ in range(n_steps):
        places = [one_step(grad, p, lr) for p in places]
    return places


def best_of_restarts(f, grad, starts, lr, n_steps):
    def height(place):
        value = f(place)
        return -inf if isnan(value) else value

    return sorted(march(grad, starts, lr, n_steps), key=height, reverse=True)[0]


def basins(grad, starts, peaks, lr, n_steps):
    ends = np.array(march(grad, starts, lr, n_steps))
    return np.argmin(((ends[:, None] - np.asarray(peaks)[None]) ** 2).sum(-1), axis=-1).astype(np.int32)
