"""Judges the curvature along the coordinate axes only.

fails: q4.rotated
diagnosis: criterion
slip: diagonal
"""

import numpy as np


def classify_critical_point(H, tol=1e-8):
    d = np.diag(H)
    if (d > tol).any() and (d < -tol).any():
        return "saddle"
    if (abs(d) <= tol).any():
        return "degenerate"
    return "maximum" if (d < 0).all() else "minimum"
