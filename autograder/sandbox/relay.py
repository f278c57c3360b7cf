"""Answers for a student's notebook when a test asks for its names: worker/bench.py has the form of the answers."""

from __future__ import annotations

from typing import Any, Protocol

from autograder.errors import (
    CrashError,
    NotDefinedError,
    RaisedError,
    SandboxError,
    StudentError,
    TimeLimitError,
    python_exception,
)
from autograder.sandbox.handles import RemoteFunction


class AskedNotebook(Protocol):
    """The names of a notebook. See SandboxedStudent."""

    def shown(self, name: str) -> Any:
        """A function or a value that the notebook defines."""


class Relay:
    """Hands a test's questions on to the student's process, and remembers what went wrong there."""

    def __init__(self, notebook: AskedNotebook) -> None:
        self._notebook = notebook
        self._raised: RaisedError | NotDefinedError | None = None
        self._ended: Exception | None = None  # why the student's process cannot answer any more

    def answer(self, what: str, name: str, args: list[Any], kwargs: dict[str, Any]) -> list[Any]:
        """Answer one question."""
        try:
            value = self._notebook.shown(name)
            if what == "get":
                return ["function" if isinstance(value, RemoteFunction) else "value", value]
            return ["result", value(*args, **kwargs), args, kwargs, value.printed]
        except NotDefinedError as error:
            self._raised = error
            return ["raised", "NameError", f"name '{error.name}' is not defined"]
        except RaisedError as error:
            self._raised = error
            return ["raised", error.type_name, error.said]
        except (StudentError, SandboxError) as error:
            self._ended = error
            raise

    def require_alive(self) -> None:
        """Raise the error that ended the student's process, if one did: a test may not have noticed."""
        if self._ended is not None:
            raise self._ended

    def exception_for(self, error: RaisedError | TimeLimitError | CrashError) -> Exception:
        """The meaning of the way in which the test ended.

        It failed: it says so, it ends its process, or it takes too long with a value of the student's. Or an exception
        of the student's came through. Any other exception says that the test could not use a value.
        """
        if not isinstance(error, RaisedError) or error.type_name in {"AssertionError", "SystemExit", "MemoryError"}:
            return AssertionError()
        match self._raised:
            case NotDefinedError() if error.type_name == "NameError":
                return self._raised
            case RaisedError(type_name=error.type_name):
                return self._raised
        return python_exception(error.type_name, error.said)
