"""Arrays of Python objects, as the list of the objects. Arrays of text have a form of their own, see text_arrays.py."""

from __future__ import annotations

import itertools
import math
from typing import Any, Final

import numpy as np

from .kinds import Kind, Stays, require
from .layouts import MAX_AXES, require_few

_AT_ONCE: Final = 50_000  # objects of one list


def _apart(array: np.ndarray) -> list[Any]:
    """The shape, and the objects: as an array of one axis, or as lists of some of them each."""
    if array.dtype != object or array.ndim > MAX_AXES:
        raise Stays
    require_few(array.shape)
    flat = np.ndarray.ravel(array)
    if array.ndim > 1:  # perhaps as text
        return [list(array.shape), flat]
    objects = flat.tolist()
    return [list(array.shape), [objects[i : i + _AT_ONCE] for i in range(0, len(objects), _AT_ONCE)]]


def _together(shape: Any, objects: Any) -> np.ndarray:
    require(is_shape(shape, MAX_AXES), "an array")
    if not _is_row(objects):
        require(type(objects) is list and all(type(some) is list for some in objects), "an array")
        objects = np.fromiter(itertools.chain(*objects), object, sum(map(len, objects)))
    require(len(objects) == math.prod(shape), "an array")
    return np.ndarray.reshape(objects, shape)


def is_shape(value: object, most: int) -> bool:
    """Whether it is a list of lengths, of at most so many axes. Raises WireError if an array of it is too large."""
    if type(value) is not list or len(value) > most or not all(type(n) is int and n >= 0 for n in value):
        return False
    require_few(tuple(value))
    return True


def _is_row(value: object) -> bool:
    return isinstance(value, np.ndarray) and value.dtype == object and value.ndim == 1


KINDS = {np.ndarray: Kind("numpy.objects", _apart, _together)}
