"""Things that calls can share besides values: kept objects, memory that is written in place, special functions.

The worker and PlainStudent use it. It imports nothing of the grader, because the worker uses it.
"""

from __future__ import annotations

import builtins
import functools
import marshal
import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import CellType, FunctionType
from typing import Any

import numpy as np

from .kinds import kind_of

_WITH_NAMES = re.compile(r"\s*\w+(\s*,\s*\w+)*\s*:")  # "x, u: …", and not "x[1:] …"


class Kept:
    """A handle of an object that stays in its process. As an argument it stands for that object."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def kept(result: Any, item: int | None) -> Any:
    """The result, or one item of a tuple or list, as a Kept. A result without such an item is returned as it is."""
    if item is None:
        return Kept(result)
    if not isinstance(result, (tuple, list)) or not -len(result) <= item < len(result):
        return result
    return tuple(Kept(value) if i == item % len(result) else value for i, value in enumerate(result))


def overwrite(target: Any, value: Any) -> None:
    """Write values into `target`, in place: an array, a table of pandas, or lists and dicts of them."""
    match value:
        case dict():
            for key, part in value.items():
                overwrite(target[key], part)
        case list() | tuple():
            for part, new in zip(target, value, strict=True):
                overwrite(part, new)
        case _:
            places = target.iloc if hasattr(target, "iloc") else target  # frame[...] = x would add a column
            places[...] = value


def map_leaves(value: Any, change: Callable[[Any], Any]) -> Any:
    """The value with `change` applied to all its parts, at any depth, that are no list, tuple or dict."""
    match value:
        case list() | tuple():
            return type(value)(map_leaves(item, change) for item in value)
        case dict():
            return {key: map_leaves(item, change) for key, item in value.items()}
    return change(value)


def reusing_one_buffer(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, but every call fills and returns one array, as a simulator does to save memory."""
    buffer: np.ndarray | None = None

    def call(*args: Any, **kwargs: Any) -> Any:
        nonlocal buffer
        result = np.asarray(function(*args, **kwargs))
        if buffer is None or buffer.shape != result.shape or buffer.dtype != result.dtype:
            buffer = result.copy()
        buffer[...] = result
        return buffer

    return call


def evaluating(code: np.ndarray, constants: Mapping[str, Any]) -> Callable[..., Any]:
    """The function of an author's NumPy expression, from its `code_of`. Each result is a new array."""
    body = eval(marshal.loads(code.tobytes()), {"np": np, **constants})  # noqa: S302, S307 — the grader's
    return lambda *arrays: np.array(body(*map(_as_floats, arrays)))[()]


def _as_floats(argument: Any) -> Any:
    """An array of floats, or a dict of such arrays."""
    if isinstance(argument, dict):
        return {name: np.asarray(array, dtype=np.float64) for name, array in argument.items()}
    return np.asarray(argument, dtype=np.float64)


def rebuilt(code: np.ndarray, held: list[Any], defaults: list[Any]) -> Callable[..., Any]:
    """A function that only computes, from its parts. Each result is a new array."""
    globals_ = {"np": np, "__builtins__": builtins}
    cells = tuple(CellType(value) for value in held)
    function = FunctionType(marshal.loads(code.tobytes()), globals_, None, tuple(defaults), cells)  # noqa: S302 — the grader's

    def call(*args: Any, **kwargs: Any) -> Any:
        with np.errstate(all="ignore"):
            result = function(*args, **kwargs)
        return result.copy() if isinstance(result, np.ndarray) else result

    return call


@functools.cache
def code_of(text: str) -> np.ndarray:
    """A NumPy expression of x, or of arrays named before it, as the bytes of its code, for this version of Python.

    It is compiled once, in the grader: a submission's process would need 0.1 ms for each expression.
    """
    function = f"lambda {text}" if _WITH_NAMES.match(text) else f"lambda x: {text}"
    return np.frombuffer(marshal.dumps(compile(function, "<formula>", "eval", dont_inherit=True)), np.uint8)


@dataclass(frozen=True, slots=True)
class Callback:
    """A function for student code, with special behaviour.

    reuse_buffer: every call returns the same array with new contents, as a careful simulator does to save
    memory. Code that keeps the returned array instead of its values then sees them change.
    methods: more functions, which the student's side finds as attributes: `layer(x)` and `layer.vjp(x, u)`.

    Example: `f = Callback(lambda x: x * x); student.slope(f, 3.0)` calls `f` here, where the check can count its
    calls.
    """

    function: Callable[..., Any]
    reuse_buffer: bool = False
    methods: Mapping[str, Callable[..., Any]] = field(default_factory=dict)


class Formula:
    """A function of an array x that travels as text: the student's process evaluates it without asking the grader.

    text: a NumPy expression of `x` and the constants, for example Formula("H @ (x - top)", H=H, top=top); of several
    arrays with their names before it, Formula("x, u: u @ (H * x)", H=H); of a dict of arrays as Formula("p: p['w'] @
    p['w']"). If calls need not be counted, it saves a
    message for each; its text tells no more than its values do. It can be a method of a Callback. A call in the grader
    gives the same numbers in a new array.

    Example: `student.slope(Formula("a * x", a=2.0), 3.0)`.
    """

    __slots__ = ("_function", "code", "constants", "text")

    def __init__(self, text: str, **constants: Any) -> None:
        self.text, self.constants, self.code = text, constants, code_of(text)
        self._function = evaluating(self.code, constants)

    def __call__(self, *arrays: Any) -> Any:
        return self._function(*arrays)


def updated(argument: Any, after: Any) -> Any:
    """Give what an argument holds the content of its copy after the call. Returns the argument."""
    kind = kind_of(argument)
    if kind is not None and kind.large and type(argument) is type(after) and hasattr(argument, "__dict__"):
        vars(argument).update(vars(after))  # a DataFrame or a sparse matrix: it holds its data nowhere else
        return argument
    match argument, after:
        case np.ndarray(), np.ndarray() if argument.shape == after.shape and argument.dtype == after.dtype:
            np.copyto(argument, after)
            return argument
        case list(), list():
            argument[:] = [*map(updated, argument, after), *after[len(argument) :]]
            return argument
        case dict(), dict():
            now = {key: updated(argument.get(key), value) for key, value in after.items()}
            argument.clear()
            argument.update(now)
            return argument
        case (set(), set()) | (deque(), deque()):
            argument.clear()
            argument.extend(after) if isinstance(argument, deque) else argument.update(after)
            return argument
    return argument if callable(argument) else after  # a function comes back as a reference
