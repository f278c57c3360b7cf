"""A stand-in for a device: an array library on the CPU, under NumPy's names, that is as strict as CuPy.

Code that runs on it does not fail on a GPU because of a missing conversion. Its arrays never become NumPy's unless
asked by `get()`, do not mix with NumPy's, stay arrays where NumPy gives numbers, hold real numbers only, and reduce by
no ufunc but addition and multiplication. It computes with NumPy, so numbers are NumPy's. This module is the namespace,
for `array_api_compat.array_namespace` too: `strict.exp(strict.asarray([1.0]))`.
Source: "Differences between CuPy and NumPy", https://docs.cupy.dev/en/stable/user_guide/difference.html.
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.sandbox.worker.sharing import map_leaves

DEVICE = "strict"
_LONGEST = 8  # bytes of an entry: CuPy has no longdouble
_KINDS = "fiub"
# CuPy does not have these: they make or need objects, text, or the memory of NumPy.
_ABSENT = frozenset(
    "asfarray asmatrix bmat frombuffer fromfile fromiter frompyfunc fromstring longdouble matrix memmap nditer "
    " ndindex object_ str_ vectorize".split()
)
_REDUCED = frozenset({"add", "multiply"})


class Array:
    """An array of the device. `get()` copies it into NumPy's memory."""

    __slots__ = ("_held",)
    __hash__ = None  # type: ignore[assignment]  # as an array's: == is elementwise
    __array_ufunc__ = None  # NumPy does not convert it: np.ones(2) + a is refused

    def __init__(self, held: Any) -> None:
        self._held = np.asarray(held)
        if self._held.dtype.kind not in _KINDS or self._held.dtype.itemsize > _LONGEST:
            raise ValueError(f"unsupported dtype {self._held.dtype}")

    dtype = property(lambda self: self._held.dtype)
    shape = property(lambda self: self._held.shape)
    ndim = property(lambda self: self._held.ndim)
    size = property(lambda self: self._held.size)
    nbytes = property(lambda self: self._held.nbytes)
    T = property(lambda self: Array(self._held.T))
    device = property(lambda _: DEVICE)

    def get(self) -> np.ndarray:
        """A copy in NumPy's memory."""
        return self._held.copy()

    def item(self, *place: int) -> Any:
        """The one entry, as a Python number."""
        return self._held.item(*place)

    def __array_namespace__(self, *, api_version: str | None = None) -> Any:
        return sys.modules[__name__]

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise TypeError("implicit conversion to a NumPy array is not allowed. Hint: use `.get()`")

    def __repr__(self) -> str:
        return f"strict.{self._held!r}"

    def __getitem__(self, index: Any) -> Array:
        return Array(self._held[map_leaves(index, _given)])

    def __setitem__(self, index: Any, value: Any) -> None:
        self._held[map_leaves(index, _given)] = map_leaves(value, _given)

    def __len__(self) -> int:
        return len(self._held)

    def __iter__(self) -> Iterator[Array]:
        return (self[i] for i in range(len(self)))

    def __float__(self) -> float:
        return float(self._held)

    def __int__(self) -> int:
        return int(self._held)

    def __index__(self) -> int:
        return operator.index(self._held)

    def __bool__(self) -> bool:
        return bool(self._held)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not callable(getattr(np.ndarray, name, None)):
            raise AttributeError(f"a strict array has no attribute {name!r}")
        return _wrapped(getattr(self._held, name))


def _operator(name: str) -> Callable[..., Any]:
    apply = getattr(operator, name)
    if name in {"neg", "pos", "invert", "abs"}:
        return lambda self: Array(apply(self._held))
    return lambda self, other: Array(apply(self._held, _given(other)))


def _reflected(name: str) -> Callable[..., Any]:
    apply = getattr(operator, name)
    return lambda self, other: Array(apply(_given(other), self._held))


def _in_place(name: str) -> Callable[..., Any]:
    ufunc = getattr(np, {"sub": "subtract", "mul": "multiply", "truediv": "divide", "pow": "power"}.get(name, name))

    def change(self: Array, other: Any) -> Array:
        ufunc(self._held, _given(other), out=self._held)
        return self

    return change


for _name in "neg pos invert abs eq ne lt le gt ge".split():
    setattr(Array, f"__{_name}__", _operator(_name))
for _name in "add sub mul truediv floordiv mod pow matmul and or xor".split():
    _function = {"and": "and_", "or": "or_"}.get(_name, _name)
    setattr(Array, f"__{_name}__", _operator(_function))
    setattr(Array, f"__r{_name}__", _reflected(_function))
for _name in "add sub mul truediv pow".split():
    setattr(Array, f"__i{_name}__", _in_place(_name))


def _given(value: Any) -> Any:
    """An argument, with NumPy arrays in place of this library's arrays. Raises TypeError for a NumPy array."""
    match value:
        case Array():
            return value._held  # noqa: SLF001 — the same module's
        case np.ndarray():
            raise TypeError(f"unsupported type {type(value)}")
    return value


def _taken(result: Any) -> Any:
    return Array(result) if isinstance(result, (np.ndarray, np.generic)) else result


def _wrapped(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, device: Any = None, **kwargs: Any) -> Any:
        if device not in {None, DEVICE}:
            raise ValueError(f"unsupported device {device!r}")
        given, named = map_leaves((args, kwargs), _given)
        return map_leaves(function(*given, **named), _taken)

    return call


class _Ufunc:
    """A ufunc with the methods that CuPy's have."""

    def __init__(self, ufunc: np.ufunc) -> None:
        self._call = _wrapped(ufunc)
        self.outer, self.at = _wrapped(ufunc.outer), _wrapped(ufunc.at)
        if ufunc.__name__ in _REDUCED:
            self.reduce = _wrapped(ufunc.reduce)

    def __call__(self, *args: Any, out: Array | None = None, **kwargs: Any) -> Any:
        if out is None:
            return self._call(*args, **kwargs)
        self._call(*args, out=out, **kwargs)
        return out


class _Linalg:
    def __getattr__(self, name: str) -> Any:
        return _wrapped(getattr(np.linalg, name))


linalg = _Linalg()


def array(values: Any, dtype: Any = None, *, copy: bool = True) -> Array:
    """A new array from a number, lists of numbers, or an array of this library or NumPy."""
    held = values._held if isinstance(values, Array) else values  # noqa: SLF001 — the same module's
    return Array(np.array(held, dtype=dtype, copy=copy or None))


def asarray(values: Any, dtype: Any = None, *, device: Any = None, copy: bool | None = None) -> Array:  # noqa: ARG001
    """The array itself if it is one of this library; else a new one. It is the way to convert a NumPy array."""
    return array(values, dtype, copy=bool(copy))


def __getattr__(name: str) -> Any:
    if name.startswith("_") or name in _ABSENT or not hasattr(np, name):
        raise AttributeError(f"a strict array library has no {name!r}")
    value = getattr(np, name)
    if isinstance(value, np.ufunc):
        return _Ufunc(value)
    return value if isinstance(value, type) or not callable(value) else _wrapped(value)
