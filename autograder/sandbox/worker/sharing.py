"""What calls can share besides their arguments' values: kept objects, memory written in place, functions with habits.

The worker and the plain namespace both do it with these functions. Imports NumPy only, for the worker's sake.
"""

from __future__ import annotations

import builtins
import functools
import marshal
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import CellType, FunctionType
from typing import Any

import numpy as np

_WITH_NAMES = re.compile(r"\s*\w+(\s*,\s*\w+)*\s*:")  # "x, u: …", and not "x[1:] …"


class Kept:
    """A handle: passed as an argument it stands for the one object it holds, which stays where it is."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def kept(result: Any, item: int | None) -> Any:
    """The result, or one item of a tuple or list, as a Kept. A result without such an item is itself."""
    if item is None:
        return Kept(result)
    if not isinstance(result, (tuple, list)) or not -len(result) <= item < len(result):
        return result
    return tuple(Kept(value) if i == item % len(result) else value for i, value in enumerate(result))


def overwrite(target: Any, value: Any) -> None:
    """Write numbers into the arrays of `target`, in place: an array, or lists and dicts of them."""
    match value:
        case dict():
            for key, part in value.items():
                overwrite(target[key], part)
        case list() | tuple():
            for part, new in zip(target, value, strict=True):
                overwrite(part, new)
        case _:
            target[...] = value


def map_leaves(value: Any, change: Callable[[Any], Any]) -> Any:
    """The value with `change` applied to everything in it that is no list, tuple or dict, at any depth."""
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
    """The function of a check author's NumPy expression, out of its `code_of`; its results have memory of their own."""
    body = eval(marshal.loads(code.tobytes()), {"np": np, **constants})  # noqa: S302, S307 — the grader's
    return lambda *arrays: np.array(body(*(np.asarray(x, dtype=np.float64) for x in arrays)))[()]


def rebuilt(code: np.ndarray, held: list[Any], defaults: list[Any]) -> Callable[..., Any]:
    """A function that only computes, made of its parts; its results have memory of their own."""
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
    """A NumPy expression of x, or of arrays named before it, as the bytes of its code, for this very Python.

    Compiled where it is written: a submission's process would do it anew each time, at 0.1 ms an expression.
    """
    function = f"lambda {text}" if _WITH_NAMES.match(text) else f"lambda x: {text}"
    return np.frombuffer(marshal.dumps(compile(function, "<formula>", "eval", dont_inherit=True)), np.uint8)


@dataclass(frozen=True, slots=True)
class Callback:
    """A function handed to student code, with habits.

    reuse_buffer: every call returns the same array with new contents, as a careful simulator does to save
    memory. Code that keeps the returned array instead of its values then sees them change.
    methods: more functions, which the student's side finds as attributes: `layer(x)` and `layer.vjp(x, u)`.
    """

    function: Callable[..., Any]
    reuse_buffer: bool = False
    methods: Mapping[str, Callable[..., Any]] = field(default_factory=dict)


class Formula:
    """A function of one array x that travels: student code evaluates it on its own side, and asks nobody.

    text: a NumPy expression of `x` and the constants, for example Formula("H @ (x - top)", H=H, top=top); of several
    arrays with their names before it, Formula("x, u: u @ (H * x)", H=H). Where calls need not be counted it saves a
    crossing each; its text tells student code no more than its values do. It can be a Callback's method.
    Calling it here gives the same numbers, always in memory of its own.
    """

    __slots__ = ("_function", "code", "constants", "text")

    def __init__(self, text: str, **constants: Any) -> None:
        self.text, self.constants, self.code = text, constants, code_of(text)
        self._function = evaluating(self.code, constants)

    def __call__(self, *arrays: Any) -> Any:
        return self._function(*arrays)
