"""Turns the inequality round: finds graphs below the rope.

fails: q5.nonconvex_unique_min
diagnosis: criterion
slip: turned
"""

import numpy as np


def convexity_witness(f, points, ts=(0.25, 0.5, 0.75), tol=1e-9):
    for a in points:
        for b in points:
            for t in ts:
                if f((1 - t) * a + t * b) < (1 - t) * f(a) + t * f(b) - tol:
                    return a, b, t
    return None
