"""np.zeros and the like for code that works on the grader's arrays: the new arrays are the grader's, too.

It imports NumPy only, because the worker uses it. PlainStudent uses it as well.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .remote import RemoteArray


def maker_in(values: Any, depth: int = 4) -> RemoteArray | None:
    """The first remote array in `values` whose owner makes new arrays, too; None if there is none. depth: of lists."""
    if isinstance(values, RemoteArray):
        return values if values.makes else None
    if not depth or not isinstance(values, (list, tuple, dict)):
        return None
    parts = itertools.islice(values.values() if isinstance(values, dict) else values, _LOOKED_AT)
    return next((maker for part in parts if (maker := maker_in(part, depth - 1)) is not None), None)


@contextlib.contextmanager
def made_with_the_grader(array: RemoteArray, names: dict[str, Any]) -> Iterator[None]:
    """While this is open, the notebook's np.zeros, np.array and the like make arrays of the same owner as `array`.

    A loop is written as `C = np.zeros((m, n))`, then `C[i, j] += …`. A local C could not hold a number that must not
    leave the grader. NumPy itself is not changed, because it calls these functions, too.
    names: the notebook's namespace, in which `np`, `numpy` or a bare `zeros` are replaced.
    """
    instead = {name: _maker(array, name) for name in _MAKERS}
    instead |= {name: _converter(array, getattr(np, name)) for name in _CONVERTERS}
    if not array.observed:
        instead |= {name: _joining(array, getattr(np, name)) for name in _OF_A_LIST}
        instead["ndarray"] = _Arrays
    by_identity: dict[int, Any] = {id(getattr(np, name)): function for name, function in instead.items()}
    by_identity[id(np)] = _Numpy(instead)
    original = {name: value for name, value in names.items() if id(value) in by_identity}
    names.update({name: by_identity[id(value)] for name, value in original.items()})
    try:
        yield
    finally:
        names.update(original)


class _Numpy:
    """The numpy module with a few functions replaced."""

    def __init__(self, instead: dict[str, Any]) -> None:
        self.__dict__.update(instead)

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)


class _OrRemote(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, (np.ndarray, RemoteArray))


class _Arrays(np.ndarray, metaclass=_OrRemote):
    """Replaces np.ndarray in isinstance(x, np.ndarray), which is then true for the grader's arrays, too."""


_LOOKED_AT = 16  # items of one list
_MAKERS = ("empty", "eye", "full", "identity", "ones", "zeros")
_CONVERTERS = ("array", "asanyarray", "asarray", "ascontiguousarray")
# For a list of arrays, NumPy lets the arrays define how they are joined, but not how they are added up.
_OF_A_LIST = tuple("all amax amin any argmax argmin cumsum max mean min prod std sum var".split())


def _maker(array: RemoteArray, name: str) -> Callable[..., Any]:
    def make(*args: Any, dtype: Any = None, order: Any = None, **kwargs: Any) -> Any:  # noqa: ARG001
        kinds = [a for a in args if isinstance(a, (type, np.dtype, str))]  # np.zeros((2, 3), float)
        dtype = kinds[0] if kinds else dtype
        sizes = [a for a in args if not isinstance(a, (type, np.dtype, str))]
        return array.perform(name, sizes, {**kwargs, "dtype": None if dtype is None else np.dtype(dtype).str})

    return make


def _converter(array: RemoteArray, function: Callable[..., Any]) -> Callable[..., Any]:
    def convert(value: Any, *args: Any, **kwargs: Any) -> Any:
        dtype = args[0] if args else kwargs.get("dtype")
        if isinstance(value, (list, tuple)) and _holds_remote(value):
            value = array.perform("array", [_as_lists(value)], {})
        elif not isinstance(value, RemoteArray):
            return function(value, *args, **kwargs)
        elif function.__name__ == "array":
            value = value.__copy__()
        return value if dtype is None or value.dtype == dtype else value.astype(dtype)

    return convert


def _joining(array: RemoteArray, function: Callable[..., Any]) -> Callable[..., Any]:
    def join(value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, (list, tuple)) and _holds_remote(value):
            value = array.perform("array", [_as_lists(value)], {})
        return function(value, *args, **kwargs)

    return join


def _holds_remote(value: Any) -> bool:
    return isinstance(value, RemoteArray) or (
        isinstance(value, (list, tuple)) and any(_holds_remote(item) for item in value)
    )


def _as_lists(value: Any) -> Any:
    return [_as_lists(item) for item in value] if isinstance(value, (list, tuple)) else value
