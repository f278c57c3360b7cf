"""Handles in the grader for objects in the student's process: functions to call, and values that stay with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

import numpy as np

from autograder.errors import CrashError, NotNumbersError, RaisedError, like_python
from autograder.sandbox.connection import Limits
from autograder.sandbox.worker.describing import Untravelled
from autograder.sandbox.worker.formulas import Expression, Formula
from autograder.sandbox.worker.remote import RemoteArray
from autograder.sandbox.worker.sharing import Callback, updated


class Owner(Protocol):
    """The process that a handle belongs to: where a call of a RemoteFunction goes. See StudentProcess."""

    limits: Limits

    def request(self, op: str, seconds: float, **arguments: Any) -> Any:
        """Ask the process, and return its answer."""

    def call_each(
        self, function: RemoteFunction, cases: Sequence[Sequence[Any]]
    ) -> tuple[list[Any], RaisedError | None]:
        """Call a function with each of these arguments, in one request."""


@dataclass(frozen=True, slots=True)
class Opaque(Untravelled):
    """A value that stays in the student's process.

    It can be an argument of a call; the grader has its description only.
    form: what it is, out of describing.FORMS; "" for everything else.
    """

    number: int
    description: str
    owner: Owner
    form: str = ""

    def __repr__(self) -> str:
        """As a public check shows it to its student."""
        return f"<{self.description}>"

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """An array of shape () with this object, as for any object, if the value has no form.

        Raises NotNumbersError if it has one: a check would speak of the shape (), although the dtype is wrong.
        """
        if self.form:
            raise NotNumbersError(self.form)
        array = np.empty((), dtype=object)
        array[()] = self
        return array

    def __getattr__(self, name: str) -> NoReturn:
        if self.form and not name.startswith("_"):  # `.shape` of an array that does not travel
            raise NotNumbersError(self.form)
        raise AttributeError(name)


class RemoteFunction:
    """A function of the student. A call is a message to the sandbox.

    shows: whether changes to its arguments are made to the caller's own, too.
    printed: the text that the last call printed, where `shows` is true.
    """

    def __init__(self, owner: Owner, number: int, description: str, *, shows: bool = False) -> None:
        self.owner, self.number, self.description, self._shows = owner, number, description, shows
        self.printed = ""

    def __repr__(self) -> str:
        """As a public check shows it: without an address, which differs from grading to grading."""
        return f"<{self.description or 'a function'}>"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.printed = ""
        answer = self._request(args, kwargs, shown=self._shows)
        if not self._shows:
            return answer
        match answer:
            case [result, list(args_after), dict(kwargs_after), str(printed)]:
                self.printed = printed
                updated(list(args), args_after)
                updated(kwargs, kwargs_after)
                return result
        raise CrashError("broke the protocol: a call without its arguments")

    def keeping(self, args: tuple[Any, ...], kwargs: dict[str, Any], item: int | None) -> Any:
        """Call it. The result, or one item of it, stays in the process; an Opaque stands for it."""
        return self._request(args, kwargs, keep=True if item is None else item)

    def plotting(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call it. Returns what it drew, unchecked: see authoring/plots.py."""
        return self._request(args, kwargs, "plot")

    def each(self, cases: Sequence[Sequence[Any]]) -> tuple[list[Any], RaisedError | None]:
        """The results for each of these arguments, up to the first that raises, and what this one raised.

        cases: holds no function of the grader, see holds_a_function.
        """
        results, error = self.owner.call_each(self, cases)
        return results, error and like_python(error)

    def showing(self) -> RemoteFunction:
        """The same function, but changes to its arguments show in the caller's own."""
        return RemoteFunction(self.owner, self.number, self.description, shows=True)

    def _request(self, args: tuple[Any, ...], kwargs: dict[str, Any], op: str = "call", **how: Any) -> Any:
        """op, how: "call" with keep and shown, or "plot"; see Session."""
        try:
            return self.owner.request(op, self.owner.limits.call, function=self, args=list(args), kwargs=kwargs, **how)
        except RaisedError as error:
            raise like_python(error) from None


def holds_a_function(value: Any) -> bool:
    """Whether a value, or a part of it, makes the process ask the grader."""
    match value:
        case list() | tuple():
            return any(map(holds_a_function, value))
        case dict():
            return any(map(holds_a_function, value.values()))
        case RemoteFunction():
            return False
        case Formula() | Expression():  # the process evaluates it itself
            return holds_a_function(value.constants)
        case Callback() | RemoteArray():
            return True
    return callable(value)
