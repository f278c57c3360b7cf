"""Tries each pair in one order, which a lone t of 0.1 does not forgive.

fails: q5.asym_t
diagnosis: search
"""

import numpy as np


def convexity_witness(f, points, ts=(0.25, 0.5, 0.75), tol=1e-9):
    for i in range(len(points)):
        for j in range(i + 1, len(points)):
            a, b = points[i], points[j]
            for t in ts:
                if f((1 - t) * a + t * b) > (1 - t) * f(a) + t * f(b) + tol:
                    return a, b, t
    return None
