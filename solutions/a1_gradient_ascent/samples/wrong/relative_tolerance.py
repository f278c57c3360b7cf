"""Measures flatness relative to the matrix's norm, and never below 1e-5.

fails: q4.scaled
diagnosis: criterion
"""

import numpy as np


def classify_critical_point(H, tol=1e-8):
    e = np.linalg.eigvalsh(H)
    tol = max(tol * np.linalg.norm(H), 1e-5)
    if e[0] < -tol and e[-1] > tol:
        return "saddle"
    if np.min(np.abs(e)) <= tol:
        return "degenerate"
    return "maximum" if e[-1] < 0 else "minimum"
