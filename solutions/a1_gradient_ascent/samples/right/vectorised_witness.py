"""All ropes at once: an array of pairs and rates, and the first place where the graph is above."""

import numpy as np


def convexity_witness(f, points, ts=(0.25, 0.5, 0.75), tol=1e-9):
    P, t = np.asarray(points, dtype=float), np.asarray(ts, dtype=float)
    F = np.array([f(p) for p in P])
    mid = (1 - t)[:, None, None, None] * P[None, :, None] + t[:, None, None, None] * P[None, None]
    rope = (1 - t)[:, None, None] * F[None, :, None] + t[:, None, None] * F[None, None]
    graph = np.reshape([f(m) for m in mid.reshape(-1, P.shape[1])], rope.shape)
    above = np.argwhere(graph > rope + tol)
    if len(above) == 0:
        return None
    k, i, j = above[0]
    return P[i], P[j], t[k]
