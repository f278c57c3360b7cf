"""The plain-namespace `student`: the same interface as the sandbox, in this process.

For pytest on the reference solution, for nbgrader's cells, and as the floor of the benchmarks. It shields
nothing: a hostile notebook can read the checks here. `autograder grade` is the mark of record.
"""

from __future__ import annotations

import contextlib
import copy
import functools
from collections.abc import Callable, Mapping
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from autograder.errors import NotDefinedError
from autograder.sandbox.worker.making import made_with_the_grader, maker_in
from autograder.sandbox.worker.remote import RemoteArray
from autograder.sandbox.worker.sharing import Callback, Kept, kept, overwrite, reusing_one_buffer


class PlainStudent:
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
        function = getattr(self, name)
        return lambda *args, **kwargs: kept(function(*args, **kwargs), item)

    def keep(self, value: Any) -> Kept:
        """An object on the student's side that several calls can share."""
        return Kept(_hand_over(value))

    def keep_each(self, values: Mapping[str, Any]) -> dict[str, Kept]:
        """The same for each of several: in a sandbox that is one message."""
        return {name: self.keep(value) for name, value in values.items()}

    def overwrite(self, target: Any, value: Any) -> None:
        """Write arrays into a kept object's arrays, in place: what shares memory with them changes too.

        Into those of a dict or list of kept objects, if that is what it is.
        """
        overwrite(_hand_over(target), value)

    def fetch(self, target: Any) -> Any:
        """What a kept object holds now; of lists and dicts of them, lists and dicts of what they hold."""
        return copy.deepcopy(_hand_over(target))

    def shown(self, name: str) -> Any:
        """`student.NAME`, but a function works on the arguments themselves: what it does to them shows."""
        value = getattr(self, name)
        return self._names[name] if callable(value) else value


def _crossing(function: Callable[..., Any], names: Mapping[str, Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        handed = [_hand_over(a) for a in args]
        with _making([*handed, *kwargs.values()], names):
            return function(*handed, **{k: _hand_over(v) for k, v in kwargs.items()})

    return call


def _making(handed: list[Any], names: Mapping[str, Any]) -> contextlib.AbstractContextManager[None]:
    """Where arrays are the grader's, the notebook's np.zeros and the like make such, too."""
    maker = maker_in(handed)
    if maker is None or not isinstance(names, dict):
        return contextlib.nullcontext()
    return made_with_the_grader(maker, names)


def _hand_over(value: Any) -> Any:
    match value:
        case Kept():
            return value.value
        case Callback():
            return _handed_callback(value)
        case list() | tuple():
            return type(value)(_hand_over(item) for item in value)
        case dict():
            return {key: _hand_over(item) for key, item in value.items()}
        case FunctionType() | MethodType() | BuiltinFunctionType() | functools.partial():
            return _copying(value)
    # A remote array is a handle; what else can be called is an object of the student's own, such as a layer.
    return value if isinstance(value, RemoteArray) or callable(value) else copy.deepcopy(value)


def _handed_callback(callback: Callback) -> Callable[..., Any]:
    call = _copying(callback.function)
    if callback.reuse_buffer:
        call = reusing_one_buffer(call)
    for name, method in callback.methods.items():
        setattr(call, name, _copying(method))
    return call


def _copying(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any) -> Any:
        return copy.deepcopy(function(*copy.deepcopy(args)))

    return call
