"""The plain-namespace `student`: the same interface as the sandbox, in this process.

For pytest on the reference solution, for nbgrader's cells, and as the floor of the benchmarks. It shields
nothing: a hostile notebook can read the checks here. `autograder grade` is the mark of record.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograder.authoring.checks import Callback
from autograder.errors import NotDefinedError
from autograder.sandbox.worker.remote import RemoteArray, made_with_the_grader


class Namespace:
    """`student.NAME` is what the notebook defined; functions receive copies, as across a process border."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = names

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in self._names:
            raise NotDefinedError(name, tuple(n for n in self._names if not n.startswith("_")))
        value = self._names[name]
        return _crossing(value, self._names) if callable(value) else copy.deepcopy(value)

    def keeping(self, name: str, item: int | None = None) -> Callable[..., Any]:
        """`student.NAME`, but the result, or one item of it, stays on the student's side as a kept object."""
        return _keeping(getattr(self, name), item)

    def keep(self, value: Any) -> Kept:
        """An object on the student's side that several calls can share."""
        return Kept(_hand_over(value))

    def overwrite(self, kept: Kept, value: Any) -> None:
        """Write arrays into a kept object's arrays, in place: what shares memory with them changes too."""
        _overwrite(kept.value, value)

    def fetch(self, kept: Kept) -> Any:
        """What a kept object holds now."""
        return copy.deepcopy(kept.value)


class Kept:
    """A handle: passed as an argument it stands for the one object it holds."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def _crossing(function: Callable[..., Any], names: Mapping[str, Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        handed = [_hand_over(a) for a in args]
        with _observing([*handed, *kwargs.values()], names):
            return function(*handed, **{k: _hand_over(v) for k, v in kwargs.items()})

    return call


def _observing(handed: list[Any], names: Mapping[str, Any]) -> contextlib.AbstractContextManager[None]:
    """Where an order is observed, the notebook's np.zeros and the like make observed arrays, too."""
    items = [item for value in handed for item in (value if isinstance(value, (list, tuple)) else [value])]
    observed = next((item for item in items if isinstance(item, RemoteArray) and item.observed), None)
    if observed is None or not isinstance(names, dict):
        return contextlib.nullcontext()
    return made_with_the_grader(observed, names)


def _hand_over(value: Any) -> Any:
    match value:
        case Kept() | RemoteArray():
            return value.value if isinstance(value, Kept) else value
        case Callback():
            return _handed_callback(value)
        case list() | tuple():
            return type(value)(_hand_over(item) for item in value)
        case dict():
            return {key: _hand_over(item) for key, item in value.items()}
        case _ if callable(value):
            return _copying(value)
    return copy.deepcopy(value)


def _keeping(function: Callable[..., Any], item: int | None) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        if item is None:
            return Kept(result)
        if not isinstance(result, (tuple, list)) or not -len(result) <= item < len(result):
            return result
        return tuple(Kept(value) if i == item % len(result) else value for i, value in enumerate(result))

    return call


def _overwrite(target: Any, value: Any) -> None:
    match value:
        case dict():
            for key, part in value.items():
                _overwrite(target[key], part)
        case list() | tuple():
            for i, part in enumerate(value):
                _overwrite(target[i], part)
        case _:
            target[...] = value


def _handed_callback(callback: Callback) -> Callable[..., Any]:
    call = _reusing_one_buffer(callback.function) if callback.reuse_buffer else _copying(callback.function)
    for name, method in callback.methods.items():
        setattr(call, name, _copying(method))
    return call


def _copying(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any) -> Any:
        return copy.deepcopy(function(*copy.deepcopy(args)))

    return call


def _reusing_one_buffer(function: Callable[..., Any]) -> Callable[..., Any]:
    buffer: np.ndarray | None = None

    def call(*args: Any) -> Any:
        nonlocal buffer
        result = np.asarray(function(*copy.deepcopy(args)))
        if buffer is None or buffer.shape != result.shape or buffer.dtype != result.dtype:
            buffer = result.copy()
        buffer[...] = result
        return buffer

    return call
