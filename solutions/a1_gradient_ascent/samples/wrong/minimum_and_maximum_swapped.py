"""Believes that positive curvature is a maximum.

fails: q4.rotated
diagnosis: order
slip: exchanged
"""

import numpy as np


def classify_critical_point(H, tol=1e-8):
    e = np.linalg.eigvalsh(H)
    if e[0] < -tol and e[-1] > tol:
        return "saddle"
    if np.min(np.abs(e)) <= tol:
        return "degenerate"
    return "maximum" if e[0] > 0 else "minimum"
