"""The sandboxed `student` of a check: every name is asked of the student's process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from autograder.errors import (
    RaisedError,
)
from autograder.sandbox.handles import Opaque, RemoteFunction
from autograder.sandbox.student_process import StudentProcess


class SandboxedStudent:
    """The sandboxed `student` of a check: `student.NAME` is what the notebook defined."""

    def __init__(self, session: StudentProcess) -> None:
        self._session = session

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._session.get(name)

    def keeping(self, name: str, item: int | None = None) -> Callable[..., Any]:
        """`student.NAME`, but the result, or one item of it, stays in the student's process behind an Opaque."""
        function = self._session.get(name)

        def call(*args: Any, **kwargs: Any) -> Any:
            if not isinstance(function, RemoteFunction):
                raise RaisedError("TypeError", f"{name} is not a function")
            if function.owner is not self._session:  # the name was exchanged: what comes back cannot be kept here
                return function(*args, **kwargs)
            return function.keeping(args, kwargs, item)

        return call

    def keep(self, value: Any) -> Opaque:
        """Put a value into the student's process; see StudentProcess.keep."""
        return self._session.keep(value)

    def keep_each(self, values: Mapping[str, Any]) -> dict[str, Opaque]:
        """Put several values there, each with a handle of its own; see StudentProcess.keep_each."""
        return self._session.keep_each(values)

    def fetch(self, kept: Any) -> Any:
        """Read kept values back; see StudentProcess.fetch."""
        return self._session.fetch(kept)

    def overwrite(self, kept: Any, value: Any) -> None:
        """Write into kept values; see StudentProcess.overwrite."""
        self._session.overwrite(kept, value)

    def shown(self, name: str) -> Any:
        """`student.NAME`, but what a function does to its arguments shows in the caller's own."""
        value = self._session.get(name)
        return value.showing() if isinstance(value, RemoteFunction) else value
