"""Counts the signs of the bends by Schur complements of the shifted matrix, and no eigenvalue is computed."""

import numpy as np


def count_below(H, level):
    """How many eigenvalues of H lie below level: the negative pivots of H - level I (Sylvester's law)."""
    A = np.array(H, dtype=float) - level * np.eye(len(H))
    count = 0
    while A.size:
        pivot = A[0, 0] if A[0, 0] != 0 else 1e-300
        count += pivot < 0
        A = A[1:, 1:] - np.outer(A[1:, 0], A[0, 1:]) / pivot
    return count


def classify_critical_point(H, tol=1e-8):
    d = len(H)
    below = count_below(H, -tol)
    above = d - count_below(H, np.nextafter(tol, 1))
    if below and above:
        return "saddle"
    return "degenerate" if below + above < d else {0: "minimum", d: "maximum"}[below]
