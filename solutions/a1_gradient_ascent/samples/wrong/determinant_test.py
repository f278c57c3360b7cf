"""Uses the two-dimensional test with determinant and trace in every dimension.

fails: q4.rotated
diagnosis: criterion
slip: determinant
"""

import numpy as np


def classify_critical_point(H, tol=1e-8):
    det = np.linalg.det(H)
    if abs(det) <= tol:
        return "degenerate"
    if det < 0:
        return "saddle"
    return "maximum" if np.trace(H) < 0 else "minimum"
