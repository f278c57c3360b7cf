"""The array library that computes: NumPy, unless another is asked for.

The reference is written against the Python array API standard, so the same lines run on NumPy, on CuPy and
under array-api-strict. CuPy is imported only when it is asked for, so a machine without a GPU
does not need it. Imports nothing of `autograder`.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any

import array_api_compat
import numpy as np
import numpy.typing as npt

DEVICES = {"cpu": "numpy", "cuda": "cupy"}
# By the arrays' types: to ask array_api_compat takes longer than to add two small arrays (1 µs, now 0.2).
_NAMESPACES: dict[tuple[type, ...], Any] = {}


class BackendError(Exception):
    """The requested device cannot be used. got: the reason, in a few words."""

    def __init__(self, expected: str, got: str, hint: str = "") -> None:
        super().__init__(f"{expected}, got {got}." + (f" Hint: {hint}." if hint else ""))
        self.got = got


def namespace_of(*arrays: Any) -> Any:
    """The array library to which the arrays belong, with the names of the array API standard.

    Raises TypeError if they belong to different libraries, or to none.
    Source: Python array API standard 2024.12, https://data-apis.org/array-api.
    """
    kinds = tuple(map(type, arrays))
    return _NAMESPACES.get(kinds) or _NAMESPACES.setdefault(kinds, _ask(*arrays))


def _ask(*arrays: Any) -> Any:
    if {type(a) for a in arrays} == {np.ndarray}:  # what the lines below come to, after an import of 0.1 s
        return np
    found = array_api_compat.array_namespace(*arrays)
    return np if array_api_compat.is_numpy_namespace(found) else found  # NumPy 2 needs no wrapper, which takes its time


def fused(lines: Callable[..., Any]) -> Callable[..., Any]:
    """`lines(xp, *arrays)` as a function of the arrays alone, which an array library with `fuse` runs as one kernel.

    lines: elementwise; their only names are xp and the arguments, since CuPy runs them once, on stand-ins for arrays
    that have a dtype and no numbers. The first argument is an array; numbers of Python may follow, and keep its dtype.
    To start a kernel can take a GPU longer than its work, so what one kernel can do should be one.
    Source: CuPy's manual, "Kernel Fusion".
    """
    by_type: dict[type, Callable[..., Any]] = {}  # as above: to ask for the library takes its time

    @functools.wraps(lines)
    def call(array: Any, *others: Any) -> Any:
        kind = type(array)
        if kind not in by_type:
            by_type[kind] = _as_one_kernel(lines, namespace_of(array))
        return by_type[kind](array, *others)

    return call


def _as_one_kernel(lines: Callable[..., Any], xp: Any) -> Callable[..., Any]:
    bound = functools.partial(lines, xp)
    kernel: Callable[..., Any] = xp.fuse(kernel_name=lines.__name__)(bound) if hasattr(xp, "fuse") else bound
    return kernel


def namespace_for(device: str = "cpu") -> Any:
    """The array library of a device, "cpu" or "cuda", after one small computation on it.

    Raises BackendError with the cause: a missing driver or GPU shows only when something is computed.
    """
    if device not in DEVICES:
        raise BackendError(f"device: expected one of {', '.join(DEVICES)}", repr(device))
    try:
        library = importlib.import_module(f"array_api_compat.{DEVICES[device]}")
        library.sum(library.ones(2))
    except Exception as error:
        raise BackendError(
            f"device {device!r}: expected a working {DEVICES[device]}",
            f"{type(error).__name__}: {error}",
            "pip install 'backprop-course[gpu]' on a machine with an NVIDIA GPU",
        ) from error
    return library


def to_numpy(array: Any) -> npt.NDArray[Any]:
    """A NumPy copy of an array of any library. CuPy's arrays are fetched from their device by `get`."""
    return np.asarray(array.get()) if hasattr(array, "get") else np.array(array)
