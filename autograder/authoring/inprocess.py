"""The `student` of an author's own tests: the notebook's names in this process, without a sandbox.

pytest on the solution, nbgrader's cells and the benchmarks use it. It protects nothing: a hostile notebook could read
the checks. Only `autograder grade` gives marks.
"""

from __future__ import annotations

import contextlib
import copy
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

import numpy as np

from autograder.authoring.plot_reading import plot_of, plots_of_cells
from autograder.authoring.student import one_by_one
from autograder.errors import NotDefinedError
from autograder.sandbox.worker import drawn_axes, pyplot_figures
from autograder.sandbox.worker.bench import run_test
from autograder.sandbox.worker.formulas import Expression
from autograder.sandbox.worker.kinds import kind_of
from autograder.sandbox.worker.making import made_with_the_grader, maker_in
from autograder.sandbox.worker.remote import RemoteArray
from autograder.sandbox.worker.sharing import Callback, Kept, map_leaves, overwrite, reusing_one_buffer
from autograder.sandbox.worker.sharing import kept as as_kept

FIGURES = "__figures__"  # in the names of a solution: what keep_figures has kept


def keep_figures(names: dict[str, Any], cell: int, question: str) -> None:
    """Close the figures that a cell of the author's solution left, and keep them for `student.plot()`."""
    names.setdefault(FIGURES, []).extend((cell, question, figure) for figure in pyplot_figures.taken())


class PlainStudent:
    """See Student. An exception of the notebook's comes out of a call as it is: an author sees its traceback."""

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = self._value(name)
        if not callable(value):
            return copy.deepcopy(value)
        call = _crossing(value, self._names)
        return lambda *args, **kwargs: _taken_over(call(*args, **kwargs))

    def _value(self, name: str) -> Any:
        if name not in self._names:
            raise NotDefinedError(name, tuple(n for n in self._names if not n.startswith("_")))
        return self._names[name]

    def each(self, name: str, cases: Sequence[Sequence[Any]]) -> Iterator[Any]:
        return one_by_one(getattr(self, name), cases)

    def keeping(self, name: str, item: int | None = None) -> Callable[..., Any]:
        function = _crossing(self._value(name), self._names)
        return lambda *args, **kwargs: as_kept(function(*args, **kwargs), item)

    def keep(self, value: Any) -> Kept:
        return Kept(map_leaves(value, _hand_over))

    def keep_each(self, values: Mapping[str, Any]) -> dict[str, Kept]:
        return {name: self.keep(value) for name, value in values.items()}

    def overwrite(self, kept: Any, value: Any) -> None:
        overwrite(map_leaves(kept, _hand_over), value)

    def fetch(self, kept: Any) -> Any:
        return copy.deepcopy(map_leaves(kept, _hand_over))

    def shown(self, name: str) -> Any:
        value = self._value(name)
        return value if callable(value) else copy.deepcopy(value)

    def plot(self, name: str = "", *args: Any, **kwargs: Any) -> Any:
        """See Student. Figures of cells are those of the author's solution."""
        if not name:
            left = self._names.get(FIGURES, ())
            drawings = drawn_axes.read([figure for *_, figure in left])
            ran = [(cell, its_question) for cell, its_question, _ in left]
            return plots_of_cells([[i, drawing] for i, drawing in enumerate(drawings, 1)], ran, **kwargs)
        value = self._value(name)
        if not callable(value):
            return plot_of(drawn_axes.read(pyplot_figures.figures_of(value)))
        with pyplot_figures.headless():
            pyplot_figures.taken()
            result = _crossing(value, self._names)(*args, **kwargs)
            given = map_leaves([args, kwargs], _hand_over)
            return plot_of(drawn_axes.read(pyplot_figures.of_a_call(result, given)))

    def run_inside(self, lines: str) -> None:
        exec(compile(lines, "<a check>", "exec", dont_inherit=True), self._names)  # noqa: S102 — the author's

    def run_outside(self, test: str, given: str, names: Mapping[str, str]) -> Any:
        """See Student. This process is the author's, so the test runs here."""
        return run_test(test, given, names, self._answer)

    def _answer(self, what: str, name: str, args: list[Any], kwargs: dict[str, Any]) -> list[Any]:
        """See bench.py. An exception comes out as it is."""
        value = self.shown(name)
        if what == "call":
            return ["result", value(*args, **kwargs), args, kwargs, ""]
        return ["function" if isinstance(value, FunctionType) else "value", value]


def _crossing(function: Callable[..., Any], names: Mapping[str, Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        handed, named = map_leaves((args, kwargs), _hand_over)
        with _making([*handed, *named.values()], names):
            return function(*handed, **named)

    return call


def _making(handed: list[Any], names: Mapping[str, Any]) -> contextlib.AbstractContextManager[None]:
    """For arrays that stay with the grader, np.zeros and the like in the notebook make such arrays, too."""
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
        case Expression():
            return value.with_constants(lambda constant: map_leaves(constant, _hand_over)).function()
        case FunctionType() | MethodType() | BuiltinFunctionType() | functools.partial():
            return _copying(value)
    # A remote array is a handle; anything else that can be called is an object of the notebook, such as a layer.
    return value if isinstance(value, RemoteArray) or callable(value) else copy.deepcopy(value)


def _taken_over(result: Any) -> Any:
    """The result with arrays of its own. An object of the notebook stays the same object."""
    match result:
        case np.ndarray():
            return result.copy()
        case list() | tuple() if type(result) in {list, tuple}:
            return type(result)(map(_taken_over, result))
        case dict() if type(result) is dict:
            return {key: _taken_over(item) for key, item in result.items()}
    return copy.deepcopy(result) if kind_of(result) is not None else result


def _handed_callback(callback: Callback) -> Callable[..., Any]:
    call = _copying(callback.function)
    if callback.reuse_buffer:
        call = reusing_one_buffer(call)
    for name, method in callback.methods.items():
        setattr(call, name, _hand_over(method) if isinstance(method, Expression) else _copying(method))
    return call


def _copying(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        return copy.deepcopy(function(*copy.deepcopy(args), **copy.deepcopy(kwargs)))

    return call
