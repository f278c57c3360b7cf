"""How a submission's process ended: the kind of ending, and the error for it."""

from __future__ import annotations

import signal
from enum import Enum, auto

from autograder.errors import AutograderError, CrashError, KilledError, SandboxError, TimeLimitError
from autograder.sandbox.launcher import Ending

# A fixed list of words: a number in a message could carry a hidden input out of the sandbox.
_SIGNALS: dict[int, str] = {
    signal.SIGSEGV: "a segmentation fault, as of endless recursion or ctypes",
    signal.SIGBUS: "a bus error, as of a memory map that is larger than its file",
    signal.SIGABRT: "abort()",
    signal.SIGFPE: "an arithmetic fault in C",
    signal.SIGILL: "an illegal instruction",
    signal.SIGSYS: "a system call of another architecture",
    signal.SIGALRM: "an alarm it had set",
}


class EndingKind(Enum):
    """The cause of a process's end."""

    EXITED = auto()  # it called exit, or its main function returned
    SIGNALLED = auto()  # a signal that the process caused
    CPU_TIME = auto()  # the kernel, at the limit of processor time
    MACHINE_TIME = auto()  # the kernel, at a lower limit that this machine sets (`ulimit -t`)
    KILLED = auto()  # a person, or the kernel when memory was short
    HUNG_UP = auto()  # the grader, because the process closed its connection


def kind_of(ending: Ending, cpu_limit: int, machine_limit: float) -> EndingKind:
    """The kind for a process that the grader did not end.

    cpu_limit, machine_limit: seconds of processor time that it may take, and that this machine gives to any process.
    SIGKILL never comes from student code: the filter of system calls refuses to send it, and to lower a limit.
    """
    if ending.code == -signal.SIGKILL:
        if ending.cpu > cpu_limit - 1:  # the kernel counts in ticks
            return EndingKind.CPU_TIME
        return EndingKind.MACHINE_TIME if ending.cpu > machine_limit - 1 else EndingKind.KILLED
    return EndingKind.SIGNALLED if ending.code < 0 else EndingKind.EXITED


def error_for(kind: EndingKind, ending: Ending, cpu_limit: int, *, forgives: bool) -> AutograderError:
    """The error for a process with this ending. forgives: see Connection."""
    match kind:
        case EndingKind.CPU_TIME:
            return TimeLimitError(f"used up the {cpu_limit} s of processor time that a notebook may take")
        case EndingKind.MACHINE_TIME:
            return SandboxError(
                f"process: expected up to {cpu_limit} s of processor time, but this machine ended it before. "
                "Hint: raise ulimit -t."
            )
        case EndingKind.KILLED if forgives:
            return KilledError("process: expected it to serve, but it was killed from outside. Hint: free memory.")
    return CrashError(_crash(kind, ending))


def _crash(kind: EndingKind, ending: Ending) -> str:
    match kind:
        case EndingKind.KILLED:
            return "the process was killed"
        case EndingKind.HUNG_UP:
            return "broke the protocol: closed its connection to the grader"
        case EndingKind.SIGNALLED:
            return f"the process died of {_SIGNALS.get(-ending.code, 'a signal')}"
    return "the process ended itself"
