"""Structural pattern matching on signs, Fractions turned to floats, an Enum whose members are words."""

from enum import StrEnum
from fractions import Fraction

import numpy as np


class Ground(StrEnum):
    TOP = "maximum"
    BOTTOM = "minimum"
    PASS = "saddle"
    UNKNOWN = "degenerate"


def classify_critical_point(H, tol=1e-8):
    bends = sorted(np.linalg.eigvalsh(np.asarray(H, dtype=float)))
    signs = tuple(sorted({0 if abs(b) <= tol else 1 if b > 0 else -1 for b in bends}))
    match signs:
        case (-1, *_, 1):
            return Ground.PASS
        case (1,):
            return Ground.BOTTOM
        case (-1,):
            return Ground.TOP
    return Ground.UNKNOWN


answers = dict(c1="b", c2="c", c3="d", c4=float(Fraction(5, 2)), c5=float(Fraction(1, 3)))
