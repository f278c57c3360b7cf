"""How exact an answer must be: float64's tolerance, or float32's where a check is put on a device."""

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
    """Meanwhile everything a check hands over is float32, whatever it was before."""
    token = _single.set(True)
    try:
        yield
    finally:
        _single.reset(token)


def usual_rtol(dtype: npt.DTypeLike | None = None) -> float:
    """What an answer is compared by unless a check says otherwise. dtype: what it must be made of, if that matters."""
    return SINGLE if _single.get() or (dtype is not None and np.dtype(dtype) == np.float32) else DOUBLE


def as_handed_over(array: np.ndarray) -> np.ndarray[Any, np.dtype[Any]]:
    """The numbers that student code was given for a check's array."""
    return array.astype(np.float32) if _single.get() and array.dtype.kind == "f" else array
