"""Our exceptions. Each is one line that says what was expected, what was got, and what to do.

AutograderError
├── CourseError          the author's files: notebook.py, assignment.toml, hidden_checks.py, course.toml
│   └── LeakError        a release would give an answer away
├── MalformedError       a submission that is no notebook we can run
├── DeviceError          the device that was asked for cannot be used here
├── SandboxError         the sandbox cannot hold here: refuse to grade
│   └── KilledError      a process of the sandbox was killed from outside: worth another try
└── StudentError         what happened inside student code, told by the worker
    ├── NotDefinedError  the notebook does not define the name
    ├── RaisedError      the student's function raised
    │   └── MemoryLimitError  it asked for more memory than it may have
    ├── TimeLimitError   it did not answer in time
    └── CrashError       its process died, or broke the protocol
"""

from __future__ import annotations

import difflib


class AutograderError(Exception):
    """The root: the command line prints it as one line and exits with 2."""


class CourseError(AutograderError):
    """The author's files do not make an assignment."""


class LeakError(CourseError):
    """Something about to be released holds an answer."""


class MalformedError(AutograderError):
    """A submission cannot be read as a notebook."""


class DeviceError(AutograderError):
    """No such device, or its library or hardware is missing."""


class SandboxError(AutograderError):
    """The sandbox cannot be set up, or failed its own attack."""


class KilledError(SandboxError):
    """A submission's process, or a zygote that was starting, was killed by somebody else, or for want of memory."""


class StudentError(AutograderError):
    """Student code did not give an answer."""


class NotDefinedError(StudentError):
    """The notebook does not define `name`."""

    def __init__(self, name: str, defined: tuple[str, ...] = ()) -> None:
        close = difflib.get_close_matches(name, defined, n=1)
        hint = f" Did you mean {close[0]}?" if close else " Hint: run every cell from the top, then save."
        super().__init__(f"{name} is not defined.{hint}")
        self.name = name


class RaisedError(StudentError):
    """The student's function raised `type_name`; the text is the student's and is not shown for hidden checks."""

    def __init__(self, type_name: str, text: str = "") -> None:
        super().__init__(f"raised {type_name}")
        self.type_name = type_name
        self.text = text


class MemoryLimitError(RaisedError):
    """It raised MemoryError, its own or NumPy's."""

    def __init__(self, megabytes: int) -> None:
        super().__init__("MemoryError", f"more than the {megabytes} MB that a notebook may use")
        self.args = (f"asked for {self.text}",)


class TimeLimitError(StudentError):
    """No answer within the limit."""


class CrashError(StudentError):
    """The student's process died."""
