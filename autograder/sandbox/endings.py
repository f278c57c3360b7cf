"""Why a submission's process ended, in words for its author, or for us where it was not its doing."""

from __future__ import annotations

import signal

from autograder.errors import AutograderError, CrashError, KilledError, TimeLimitError
from autograder.sandbox.launcher import Ending

_SIGNALS: dict[int, str] = {
    signal.SIGSEGV: "a segmentation fault, as of endless recursion or ctypes",
    signal.SIGBUS: "a bus error, as of a memory map that is larger than its file",
    signal.SIGABRT: "abort()",
    signal.SIGFPE: "an arithmetic fault in C",
    signal.SIGILL: "an illegal instruction",
    signal.SIGSYS: "a system call of another architecture",
    signal.SIGALRM: "an alarm it had set",
}


def why(ending: Ending, cpu_limit: int) -> AutograderError:
    """TimeLimitError, CrashError, or KilledError if somebody else killed it. cpu_limit: seconds of processor time.

    SIGKILL is what the kernel sends at the limit of processor time and where the machine is out of memory, and what
    people send. Student code cannot: the filter of system calls refuses it, also to itself.
    """
    if ending.code == -signal.SIGKILL:
        if ending.cpu > cpu_limit - 1:  # the kernel counts in ticks
            return TimeLimitError(f"used up the {cpu_limit} s of processor time that a notebook may take")
        return KilledError("process: expected it to serve, but it was killed from outside. Hint: free memory.")
    # From a fixed list: a number would be a way to carry a hidden input out.
    if ending.code < 0:
        return CrashError(f"the process died of {_SIGNALS.get(-ending.code, 'a signal')}")
    return CrashError("the process ended itself")
