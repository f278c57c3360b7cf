"""Describes objects that stay in this process, and exceptions, for the grader. A student can fake all of it."""

from __future__ import annotations

import traceback
import types
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from .layouts import MAX_AXES, NUMBERS

MAX_TRACE = 2000
MAX_FRAMES = 2000


def _stub() -> None:
    raise NotImplementedError()  # noqa: RSE102 — as it is released


def _bare_stub() -> None:
    raise NotImplementedError


def _stub_with_text() -> None:
    raise NotImplementedError("text")


def _nothing() -> None:
    pass


def _nothing_described() -> None:
    """A docstring."""


def is_stub(value: object) -> bool:
    """Whether it is a function with no code of its own: it returns None at once, or raises NotImplementedError."""
    if type(value) is not types.FunctionType:
        return False
    code = value.__code__
    if code.co_names == ("NotImplementedError",):
        return code.co_code in _STUBS
    constants = set(code.co_consts) <= {None, value.__doc__}  # `return 5` differs in its constants only
    return not code.co_names and constants and code.co_code in _EMPTY


_STUBS = tuple(f.__code__.co_code for f in (_stub, _bare_stub, _stub_with_text))
_EMPTY = tuple(f.__code__.co_code for f in (_nothing, _nothing_described))

# The words for a value that is no real numbers. A value that does not travel is named by its place in this table, never
# by a text of a student's process.
_NO_NUMBERS = (
    "",
    "an array of np.longdouble",
    "an array of complex numbers",
    "an array of Python objects",
    "an array of text",
    "an array of dates or times",
    "a structured array",
    "a number of type np.longdouble",
    "a complex number",
    "a set",
    "a generator or another iterator",
    f"an array of more than {MAX_AXES} axes",
    "an array in another byte order",
    "a date or time",
)
# By the package and the name of a class: it is there if its package is imported.
_OF_CLASSES = {
    ("pandas", "DataFrame"): "a DataFrame of a class, or with cells, that cannot be handed over",
    ("pandas", "Series"): "a Series of a class, or with values, that cannot be handed over",
    ("pandas", "Index"): "an Index of a class, or with labels, that cannot be handed over",
    ("pandas", "ExtensionArray"): "a column of pandas of a class that cannot be handed over",
    ("pandas", "BaseGroupBy"): "a GroupBy of pandas, without an aggregation such as .sum()",
    ("scipy", "_spbase"): "a sparse matrix of numbers that cannot be handed over",
    ("matplotlib", "Artist"): "a part of a plot",
}
NOT_HANDED_OVER = tuple(_OF_CLASSES.values())
FORMS = _NO_NUMBERS + NOT_HANDED_OVER
_BY_KIND = {"f": 1, "c": 2, "O": 3, "U": 4, "S": 4, "T": 4, "M": 5, "m": 5, "V": 6}


class Untravelled:
    """A handle, in the grader, of a value that stays in the student's process. form: out of FORMS."""

    __slots__ = ()
    form: str


def form_of(value: object) -> int:
    """The place in FORMS of a value that is no real numbers, whether it travels or not; 0 for every other value."""
    if isinstance(value, np.ndarray):
        if value.dtype in NUMBERS:
            return 11 if value.ndim > MAX_AXES else 0
        return 12 if not value.dtype.isnative and value.dtype.kind in "fiu" else _BY_KIND.get(value.dtype.kind, 3)
    if isinstance(value, np.floating) and value.dtype not in NUMBERS:
        return 7
    return next((place for types, place in _OF_TYPES if isinstance(value, types)), 0)


_OF_TYPES: tuple[tuple[Any, int], ...] = (
    ((complex, np.complexfloating), 8),
    ((set, frozenset), 9),
    (Iterator, 10),
    ((np.datetime64, np.timedelta64), 13),
)


def form_of_a_class(value: object) -> int:
    """The place in FORMS of a value of pandas, SciPy or matplotlib that does not travel; 0 for every other value."""
    words = words_of_class(value, _OF_CLASSES)
    return FORMS.index(words) if words else 0


def words_of_class(value: object, table: Mapping[tuple[str, str], str]) -> str:
    """The words of the table for the value's class, or for the first base class that it has; "" if it has none.

    table: by the top package and the name of a class, so that no package must be imported for it.
    """
    names = ((str(each.__module__).partition(".")[0], each.__name__) for each in type(value).__mro__)
    return next((table[name] for name in names if name in table), "")


def describe(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    return f"a {type(value).__name__}"


def top_line(error: BaseException, filename: str) -> int:
    """The line of a cell's top level that raised the exception; 0 if it is not known."""
    frames = traceback.walk_tb(error.__traceback__)
    return next((line for frame, line in frames if frame.f_code.co_filename == filename), 0)


def error_fields(error: BaseException) -> dict[str, Any]:
    """The type, text and line of an exception. Its __str__ may be hostile, too.

    base: the exception of Python's that its class is or extends; graphlib.CycleError is a ValueError.
    """
    try:
        text = str(error)[:MAX_TRACE]
    except BaseException:  # noqa: BLE001
        text = ""
    name = "MemoryError" if isinstance(error, MemoryError) else type(error).__name__  # NumPy raises a subclass
    base = next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins")
    return {"type": name, "base": base, "text": text, "line": _line_of(error)}


def _line_of(error: BaseException) -> int | None:
    """The innermost line in a cell, or a SyntaxError's. Reads few frames: an endless recursion leaves a million."""
    if isinstance(error, SyntaxError):
        return error.lineno
    line, step = None, error.__traceback__
    for _ in range(MAX_FRAMES):
        if step is None:
            break
        if step.tb_frame.f_code.co_filename.startswith("<cell"):
            line = step.tb_lineno
        step = step.tb_next
    return line
