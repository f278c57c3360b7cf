"""How large the error term is at each layer of a deep chain, and at which weights it stays: a bonus of assignment 4.

Each layer multiplies by a matrix, then applies a leaky relu: z where z > 0, slope * z elsewhere. slope 0 is relu, and
slope 1 is no activation at all.
Imports nothing of `autograder`.
Source: He, Zhang, Ren, Sun, Delving deep into rectifiers (2015), section 2.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Array = Any


def error_norms(Ws: Sequence[Array], x: Array, u: Array, slope: float) -> list[float]:
    """The length of the error term (the derivative in z) at each layer, the first layer first.

    Ws: one matrix a layer, z = W a.  x: the first a.  u: the derivative in the last layer's output.
    """
    a, slopes = x, []
    for W in Ws:
        z = W @ a
        slopes.append(np.where(z > 0, 1.0, slope))
        a = z * slopes[-1]
    norms, message = [], u
    for W, gate in zip(reversed(Ws), reversed(slopes), strict=True):
        error = message * gate
        norms.append(float(np.linalg.norm(error)))
        message = W.T @ error
    return norms[::-1]


def steady_gain(slope: float) -> float:
    """The standard deviation of the weights, times the root of the width, that keeps the error term's length.

    A message passes half of the gates by 1 and the other half by `slope`. So its mean square is multiplied by
    gain² (1 + slope²) / 2 in each layer, and this is 1.
    """
    return float(np.sqrt(2 / (1 + slope**2)))
