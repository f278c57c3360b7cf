"""The usual tolerance of an answer: for float64, or for float32 while a check runs on a device.

A context variable says which. `judging/device.py` sets it, and nothing else does. An argument cannot replace it: a
check calls `assert_array(got, expected)`, and the same line must serve the CPU and a device. The answer's dtype does
not say it either: a student who returns float32 on the CPU must not get the wider tolerance.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import numpy as np
import numpy.typing as npt

DOUBLE, SINGLE = 1e-5, 1e-4  # relative to an array's largest entry
_single: ContextVar[bool] = ContextVar("single", default=False)


@contextlib.contextmanager
def single_precision() -> Iterator[None]:
    """For a check on a device: while this is open, student code gets float32 for every floating array."""
    token = _single.set(True)
    try:
        yield
    finally:
        _single.reset(token)


def usual_rtol(dtype: npt.DTypeLike | None = None) -> float:
    """The relative tolerance if a check gives none. dtype: that the answer must have, if any."""
    return SINGLE if _single.get() or (dtype is not None and np.dtype(dtype) == np.float32) else DOUBLE


def as_handed_over(array: np.ndarray) -> np.ndarray[Any, np.dtype[Any]]:
    """A check's array as student code got it."""
    return array.astype(np.float32) if _single.get() and array.dtype.kind == "f" else array
