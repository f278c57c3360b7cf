"""The exceptions of this package. Each is one line: what was expected, what was there, and what to do.

AutograderError
├── CourseError          the author's files: notebook.py, assignment.toml, hidden_checks.py, course.toml
│   └── LeakError        a release would give an answer away
├── MalformedError       something from outside that is not what it should be, such as a notebook
│   ├── FileError        a file that is missing, too large, or no regular file
│   │   └── UnreadableError  the system refuses to read it: nobody knows its content
│   └── GitError         git could not do what it was asked
├── HostError            GitHub or GitLab did not do what it was asked
├── UnwritableError      a file that could not be written
│   └── OneFileError     this one alone: beside it, files can be written
├── DeviceError          the device that was asked for cannot be used here
├── SandboxError         the sandbox cannot hold here: refuse to grade
│   ├── KilledError      a process of the sandbox was killed from outside: worth another try
│   └── NoRoomError      the system has no room for another process now
└── StudentError         student code gave no answer
    ├── NotDefinedError  the notebook does not define the name
    ├── RaisedError      the student's function raised
    │   └── MemoryLimitError  it asked for more memory than it may have
    ├── NotNumbersError  it gave a value that is no real numbers, where a check needs them
    ├── TimeLimitError   it did not answer in time
    └── CrashError       its process died, or broke the protocol
"""

from __future__ import annotations

import builtins
import difflib
import functools
from typing import Any, Literal


class AutograderError(Exception):
    """The root of all. The command line prints it as one line and exits with 2."""


class CourseError(AutograderError):
    """The author's files do not make an assignment."""


class LeakError(CourseError):
    """A release would hold an answer."""


class MalformedError(AutograderError):
    """Something that came from outside is not what it should be.

    reason: `expected …, got …`, without a full stop.  hint: what to do, or "".  what: its name in the message, or "".
    """

    def __init__(self, reason: str, *, hint: str = "", what: str = "") -> None:
        self.reason, self.hint, self.what = reason, hint, what
        super().__init__(f"{what}: {self.advice}." if what else f"{self.advice}.")

    @property
    def advice(self) -> str:
        """The reason and the hint, without a full stop: for a list in which `what` stands already."""
        return f"{self.reason}. Hint: {self.hint}" if self.hint else self.reason


class FileError(MalformedError):
    """A file was refused before anybody looked at its content.

    expected, got: what the file should be, and what it is.
    """

    def __init__(self, what: str, expected: str, got: str, *, hint: str = "") -> None:
        super().__init__(f"expected {expected}, got {got}", hint=hint, what=what)
        self.expected, self.got = expected, got


class UnreadableError(FileError):
    """The operating system did not read a file: no permission, a failing disk, or a file that is gone."""


class GitError(MalformedError):
    """git could not do what it was asked.

    kind: the remote has no such branch; there is no such remote, or no right to read it; git did not end; or anything
    else, which may be over soon.
    """

    def __init__(self, reason: str, kind: Literal["no_branch", "gone", "no_end", "failed"]) -> None:
        super().__init__(reason)
        self.kind = kind


class HostError(AutograderError):
    """GitHub or GitLab did not do what it was asked. reason: without a full stop.

    kind: there is no such thing, or the token may not see it; the token may not do this; a limit that lies too far
    ahead; no answer; or anything else.
    """

    def __init__(self, reason: str, kind: Literal["absent", "refused", "limit", "unreachable", "failed"]) -> None:
        self.reason, self.kind = reason, kind
        super().__init__(f"{reason}.")


class UnwritableError(AutograderError):
    """A file could not be written."""


class OneFileError(UnwritableError):
    """A file could not be written, and another one beside it could: the place is at fault, not the disk."""


class DeviceError(AutograderError):
    """No such device, or its library or hardware is missing. got: what was found instead, in a few words, or ""."""

    def __init__(self, text: str, *, got: str = "") -> None:
        super().__init__(text)
        self.got = got


class SandboxError(AutograderError):
    """The sandbox cannot be set up, or it failed its own test."""


class KilledError(SandboxError):
    """A person, or the kernel when memory was short, killed a submission's process or a zygote."""


class NoRoomError(SandboxError):
    """The system refused to make a process, because there are too many or memory is short. That can pass."""


class StudentError(AutograderError):
    """Student code did not give an answer."""


class NotDefinedError(StudentError):
    """The notebook does not define `name`."""

    def __init__(self, name: str, defined: tuple[str, ...] = ()) -> None:
        close = difflib.get_close_matches(name, defined, n=1)
        hint = f" Did you mean {close[0]}?" if close else " Hint: run every cell from the top, then save."
        super().__init__(f"{name} is not defined.{hint}")
        self.name = name


class OverdueError(StudentError):
    """The grader itself computes for too long on what a student returned."""

    def __init__(self) -> None:
        super().__init__("the check takes too long on what was returned")


class RaisedError(StudentError):
    """The student's function raised `type_name`.

    text: the student's; it is not shown for hidden checks.  line: of the cell, or None; a student can choose it, too.
    said: the text without the line.  base: the exception of Python's that `type_name` extends, or "".
    """

    def __init__(self, type_name: str, text: str = "", *, line: int | None = None, base: str = "") -> None:
        super().__init__(f"raised {type_name}")
        self.type_name = type_name
        self.base = base
        self.said = text
        self.text = f"{text} (line {line})" if line else text
        self.line = line


def like_python(error: RaisedError) -> RaisedError:
    """The same error, which is also an exception of the type that the student's function raised, or that it extends.

    So a check can say `except ValueError`, as it does without a sandbox, and its text is the student's.
    """
    kind = _exception_of_python(error.type_name) or _exception_of_python(error.base)
    if type(error) is not RaisedError or kind is None:
        return error
    made: RaisedError = _both(kind)(error)
    return made


def python_exception(name: str, text: str) -> Exception:
    """An exception of Python's by its name; a plain Exception for any other name."""
    kind = _exception_of_python(name) or Exception
    try:
        made: Exception = kind(text)
    except TypeError:  # UnicodeDecodeError, for one, takes five arguments
        return Exception(text)
    return made


def _exception_of_python(name: str) -> Any:
    """The class, or None: also for one that ends loops, because a student could choose how many rounds a loop has."""
    kind = getattr(builtins, name, None)
    if not isinstance(kind, type) or not issubclass(kind, Exception) or kind is Exception:
        return None
    return None if issubclass(kind, (StopIteration, StopAsyncIteration, ExceptionGroup)) else kind


@functools.lru_cache(maxsize=256)
def _both(kind: Any) -> Any:
    """A class that is a RaisedError and this exception. Its constructor takes a RaisedError."""

    def begin(self: RaisedError, error: RaisedError) -> None:
        self.type_name, self.text, self.line, self.said = error.type_name, error.text, error.line, error.said
        self.base = error.base
        self.args = (error.said,)

    def text(self: RaisedError) -> str:
        return self.said

    return type(kind.__name__, (RaisedError, kind), {"__init__": begin, "__str__": text})


class MemoryLimitError(RaisedError):
    """It raised MemoryError, its own or NumPy's."""

    def __init__(self, megabytes: int) -> None:
        super().__init__("MemoryError", f"more than the {megabytes} MB that a notebook may use")
        self.args = (f"asked for {self.text}",)


class NotNumbersError(StudentError):
    """A check used a value as real numbers, or as a table, and it is none. form: out of describing.FORMS."""

    def __init__(self, form: str) -> None:
        super().__init__(f"returned {form}")
        self.form = form


class TimeLimitError(StudentError):
    """No answer within the limit. waited: it used little processor time, so it waited or slept."""

    def __init__(self, text: str, *, waited: bool = False) -> None:
        super().__init__(text)
        self.waited = waited


class CrashError(StudentError):
    """The student's process died."""
