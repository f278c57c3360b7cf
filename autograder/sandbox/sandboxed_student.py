"""The sandboxed `student` of a check: every name is asked of the student's process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograder.authoring.plot_reading import plot_of, plots_of_cells
from autograder.authoring.student import one_by_one, then_raising
from autograder.errors import CrashError, RaisedError, TimeLimitError
from autograder.sandbox.handles import Opaque, RemoteFunction, holds_a_function
from autograder.sandbox.relay import Relay
from autograder.sandbox.student_process import StudentProcess


class SandboxedStudent:
    """The `student` of a graded notebook: see authoring/student.py. Every use is a message to the student's process.

    asked: the names that the check has asked for.
    """

    def __init__(self, session: StudentProcess) -> None:
        self._session = session
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._get(name)

    def _get(self, name: str) -> Any:
        self.asked.append(name)
        return self._session.get(name)

    def each(self, name: str, cases: Sequence[Sequence[Any]]) -> Iterator[Any]:
        """See Student. All arguments travel in one message, unless functions of the grader are among them."""
        function = self._get(name)
        if not isinstance(function, RemoteFunction) or holds_a_function(cases):
            return one_by_one(function, cases)
        results, error = function.each(cases)
        return then_raising(results, error) if error else iter(results)

    def keeping(self, name: str, item: int | None = None) -> Callable[..., Any]:
        function = self._get(name)

        def call(*args: Any, **kwargs: Any) -> Any:
            if not isinstance(function, RemoteFunction):
                raise RaisedError("TypeError", f"{name} is not a function")
            if function.owner is not self._session:  # causes.py exchanged it for the author's, which keeps nothing
                return function(*args, **kwargs)
            return function.keeping(args, kwargs, item)

        return call

    def keep(self, value: Any) -> Opaque:
        return self._session.keep(value)

    def keep_each(self, values: Mapping[str, Any]) -> dict[str, Opaque]:
        """See Student. All of them travel in one message."""
        return self._session.keep_each(values)

    def fetch(self, kept: Any) -> Any:
        return self._session.fetch(kept)

    def overwrite(self, kept: Any, value: Any) -> None:
        self._session.overwrite(kept, value)

    def shown(self, name: str) -> Any:
        value = self._get(name)
        return value.showing() if isinstance(value, RemoteFunction) else value

    def plot(self, name: str = "", *args: Any, **kwargs: Any) -> Any:
        """See Student. A function runs in the process that has it: the author's, where causes.py exchanged it."""
        if not name:
            return plots_of_cells(self._session.drawings(), self._session.ran, **kwargs)
        value = self._get(name)
        return plot_of(
            value.plotting(args, kwargs) if isinstance(value, RemoteFunction) else self._session.drawing(value)
        )

    def run_inside(self, lines: str) -> None:
        self._session.run_cell(lines)

    def run_outside(self, test: str, given: str, names: Mapping[str, str]) -> Any:
        """See Student. Values of a student can be anything, and the test was not written for that.

        So it gets a process of its own, with the limits of the student's. Nothing else ever runs in it.
        """
        relay = Relay(self)
        with self._session.another() as process:
            try:
                points = process.run_test(test, given, names, relay.answer)
            except (RaisedError, TimeLimitError, CrashError) as error:
                relay.require_alive()
                if late := process.deadline.error():
                    raise late from None
                raise relay.exception_for(error) from None
        relay.require_alive()
        return points
