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




class Place:
    def __call__(self, up, level, down):
        match (up > 0, level > 0, down > 0):
            case (True, _, True):
                return "Saddle"
            case (True, False, False):
                return "Minimum"
            case (False, False, True):
                return "Maximum"
        return "Cannot tell"


def rates(a):
    return [float(Fraction(1, 2) / Fraction(a)), float(1 / Fraction(a))]


answers = dict(
    c1=Place(),
    c2=np.array([3.0, 1.0, 2.0, 2.5, 2.75]),
    c3={
        "momentum": "uses a gradient",
        "gradient descent": "uses a gradient",
        "Armijo's rule": "uses a gradient",
        "back-propagation": "computes a gradient",
        "central difference": "computes a gradient",
        "convexity witness": "neither",
    },
    c4=lambda g, degrees: complex(np.hypot.reduce(g) * np.exp(1j * np.radians(degrees))).real,
    c5=rates,
)
