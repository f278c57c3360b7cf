"""Tests the middle of each rope and nothing else.

fails: q5.asym_t
diagnosis: search
"""

import numpy as np


def convexity_witness(f, points, ts=(0.25, 0.5, 0.75), tol=1e-9):
    for a in points:
        for b in points:
            if f((a + b) / 2) > (f(a) + f(b)) / 2 + tol:
                return a, b, 0.5
    return None
