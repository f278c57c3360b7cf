"""Executes an operation with NumPy, or with a library that has NumPy's names, such as CuPy.

CuPy's functions take no NumPy arrays, and most take no lists; its ufuncs reduce by addition and multiplication only
(13.6). So an operand first becomes an array of the library, and a reduction calls the function of its name.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final

import numpy as np

_METHODS: Final = frozenset({"astype", "fill", "flatten", "item"})
_REDUCTIONS: Final = {
    "add": "sum",
    "logical_and": "all",
    "logical_or": "any",
    "maximum": "max",
    "minimum": "min",
    "multiply": "prod",
}


def execute(library: Any, operation: str, placed: list[Any], named: dict[str, Any]) -> Any:
    """The result, an array of the library or a number. Raises the library's exceptions."""
    name, _, method = operation.partition(".")
    with np.errstate(all="ignore"):
        if "where" in named:
            return _somewhere(library, operation, placed, **named)
        if operation in _OWN:
            return _OWN[operation](library, *placed, **named)
        if name in _METHODS:
            return getattr(placed[0], name)(*placed[1:], **named)
        if method == "reduce":
            return getattr(library, _REDUCTIONS[name])(*placed, **{"axis": 0} | named)
        # Memory that is not cleared could show earlier computations of the grader.
        return _function(library, operation.replace("empty", "zeros"))(*placed, **named)


def _somewhere(library: Any, operation: str, placed: list[Any], where: Any, out: Any = None) -> Any:
    """A ufunc with a mask. Outside the mask, `out` keeps its numbers; a new `out` is 0."""
    made = execute(library, operation, placed, {})
    kept = library.zeros_like(made) if out is None else out
    chosen = library.where(library.asarray(where), made, kept)
    if out is not None:
        out[...] = chosen
    return chosen


def _function(library: Any, operation: str) -> Callable[..., Any]:
    return attrgetter(operation)(library)  # type: ignore[no-any-return]


def _get(_: Any, array: Any, index: list[Any]) -> Any:
    return array[_as_index(index)]


def _set(_: Any, array: Any, index: list[Any], value: Any) -> None:
    array[_as_index(index)] = value


def _at(name: str) -> Callable[..., None]:
    def change(library: Any, array: Any, index: list[Any], value: Any) -> None:
        getattr(library, name).at(array, _as_index(index), value)

    return change


def _as_index(parts: list[Any]) -> Any:
    return tuple(map(_as_part, parts))


def _as_part(part: Any) -> Any:
    match part:
        case {"slice": [start, stop, step]}:
            return slice(start, stop, step)
        case {"all": True}:
            return Ellipsis
    return part


def joined(library: Any, parts: Any) -> Any:
    """An array from lists of arrays and numbers, as np.array makes it. An array is copied."""
    if not isinstance(parts, (list, tuple)):
        return library.array(parts)
    if _is_plain(parts):
        return library.asarray(np.array(parts))
    return library.stack([joined(library, part) for part in parts])


def _is_plain(parts: Any) -> bool:
    if isinstance(parts, (list, tuple)):
        return all(_is_plain(part) for part in parts)
    return isinstance(parts, (bool, int, float, np.generic))


def _einsum(library: Any, subscripts: str, arrays: list[Any], **named: Any) -> Any:
    return library.einsum(subscripts, *arrays, **named)


def _norm(library: Any, a: Any, ord: Any = None, axis: Any = None, **named: Any) -> Any:  # noqa: A002 — NumPy's name
    """The norm of vectors. Of matrices only the root of the sum of squares: others need singular values."""
    if ord is not None and not (isinstance(axis, int) or (axis is None and a.ndim == 1)):
        raise TypeError("linalg.norm of a matrix with `ord` is not available here")
    return library.linalg.norm(a, ord, axis, **named)


def _log_sum_exp(library: Any, a: Any, axis: int = 0, keepdims: bool = False) -> Any:
    """log(sum(exp(a))) along an axis; the largest is taken off first. A row of -inf gives -inf."""
    top = library.max(a, axis=axis, keepdims=True)
    top = library.where(library.isfinite(top), top, library.zeros_like(top))
    total = library.log(library.sum(library.exp(a - top), axis=axis, keepdims=True)) + top
    return total if keepdims else library.squeeze(total, axis=axis)


def _where(library: Any, a: Any, b: Any = None, c: Any = None) -> Any:
    return library.where(a) if b is None and c is None else library.where(a, b, c)


# Operations for which some library has no function of that name.
_OWN: Final[dict[str, Callable[..., Any]]] = {
    "add.at": _at("add"),
    "array": joined,
    "einsum": _einsum,
    "getitem": _get,
    "linalg.norm": _norm,
    "logaddexp.reduce": _log_sum_exp,
    "ndim": lambda _, a: a.ndim,
    "setitem": _set,
    "shape": lambda _, a: a.shape,
    "size": lambda _, a: a.size,
    "subtract.at": _at("subtract"),
    "where": _where,
}
