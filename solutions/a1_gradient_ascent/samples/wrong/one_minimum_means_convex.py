"""Counts the minima on the points and calls one minimum convex.

fails: q5.nonconvex_unique_min
diagnosis: search
"""

import numpy as np


def convexity_witness(f, points, ts=(0.25, 0.5, 0.75), tol=1e-9):
    h = [f(p) for p in points]
    dips = [i for i in range(len(h)) if all(h[i] < h[j] for j in (i - 1, i + 1) if 0 <= j < len(h))]
    if len(dips) <= 1:
        return None
    a, b = points[dips[0]], points[dips[1]]
    for t in ts:
        if f((1 - t) * a + t * b) > (1 - t) * f(a) + t * f(b) + tol:
            return a, b, t
    return None
