"""Things that calls can share besides values: kept objects, memory that is written in place, special functions.

The worker and PlainStudent use it. It imports nothing of the grader, because the worker uses it.
"""

from __future__ import annotations

import builtins
import marshal
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import CellType, FunctionType
from typing import Any

import numpy as np

from .formulas import Expression
from .kinds import kind_of


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

    def __post_init__(self) -> None:
        if isinstance(self.function, Expression):
            raise TypeError("Callback: expected a function, got an Expression. Hint: hand over the Expression itself.")


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
