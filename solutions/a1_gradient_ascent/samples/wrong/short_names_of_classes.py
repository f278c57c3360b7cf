"""Writes max and min for maximum and minimum.

fails: q4.rotated q4.example
diagnosis: type
"""

import numpy as np


def classify_critical_point(H, tol=1e-8):
    e = np.linalg.eigvalsh(H)
    if (e > tol).any() and (e < -tol).any():
        return "saddle"
    if (abs(e) <= tol).any():
        return "degenerate"
    return "min" if e[0] > 0 else "max"
