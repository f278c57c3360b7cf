"""Calls a saddle degenerate because another direction is flat.

fails: q4.degenerate
diagnosis: criterion
"""

import numpy as np


def classify_critical_point(H, tol=1e-8):
    e = np.linalg.eigvalsh(H)
    if np.any(np.abs(e) <= tol):
        return "degenerate"
    if np.all(e > 0):
        return "minimum"
    if np.all(e < 0):
        return "maximum"
    return "saddle"
