"""The multiply-adds of an operation, from its arguments: how many products of two numbers it computes.

Each function takes the arguments as the operation will get them. A number of the student's only scales an array, which
counts nothing; blur.py says why.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograder.meter.sizes import letters_of, matmul, outer, shape_of, stretched, tensordot


def nothing(*_: Any, **__: Any) -> int:
    """A move, or a sum."""
    return 0


def each_entry(a: Any, b: Any, out: Any = 0, **_: Any) -> int:
    """One for each entry of the result; none if the student's number scales an array."""
    return 0 if _scaling(a, b) else math.prod(stretched(a, b, out))


def each_pair(a: Any, b: Any, **_: Any) -> int:
    """One for each pair of entries; none if the student's number scales an array."""
    return 0 if _scaling(a, b) else math.prod(shape_of(a)) * math.prod(shape_of(b))


def contracted(a: Any, b: Any, axes: Any = 2, **_: Any) -> int:
    """pqr: each pair of entries whose places agree on the q entries of the axes that are summed over."""
    return each_pair(a, b) // math.isqrt(outer(a, b) // tensordot(a, b, axes))


def along_one_axis(a: Any, b: Any, **_: Any) -> int:
    """pqr, if q is the length of the first operand's last axis."""
    return contracted(a, b, 1) if shape_of(a) and shape_of(b) else each_pair(a, b)


def along_all_axes(a: Any, b: Any, **_: Any) -> int:
    """The entries of the first, each times one of the second."""
    return 0 if _scaling(a, b) else math.prod(shape_of(a))


def _scaling(a: Any, b: Any) -> bool:
    """Whether one factor is the student's number; a number of the grader is an array without axes."""
    return any(isinstance(factor, (int, float, np.generic)) for factor in (a, b))


def matrix_products(a: Any, b: Any, out: Any = 0) -> int:
    """For each entry of a matrix product, in a batch or not, the length of the first factor's last axis."""
    shapes = shape_of(a), shape_of(b)
    return matmul(a, b, out) * shapes[0][-1] if all(math.prod(shape) for shape in shapes) else 0


def all_letters(subscripts: str, arrays: Any, out: Any = None) -> int:
    """The product of the lengths of all letters, for each operand but the first: with one, nothing is multiplied."""
    return math.prod(letters_of(subscripts, arrays, out)[0].values()) * (len(arrays) - 1)
