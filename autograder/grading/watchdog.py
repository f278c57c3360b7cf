"""Bounds what the grader itself computes for one submission.

A check sorts, groups and compares values of a student's. A value can be chosen so that this takes hours inside NumPy or
pandas, where nobody looks at a deadline. The kernel counts the processor time of this process, without the sandbox's.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn

from autograder.errors import OverdueError

AGAIN = 5.0  # seconds of processor time; another check can be as slow as the one that was ended
DEADLY = 2  # times the limit: code in C does not see the first signal


@contextlib.contextmanager
def bounded(seconds: float, *, deadly: bool) -> Iterator[None]:
    """Raise OverdueError in the block once this process has computed for so long, and every AGAIN seconds after it.

    deadly: end the process if that does not help. The class goes on without the submission if this process is one of a
    pool. Outside of the main thread, where Python hands no signal over, nothing is bounded.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGPROF, _overdue)
    signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN)
    if deadly:
        signal.setitimer(signal.ITIMER_VIRTUAL, DEADLY * seconds)  # SIGVTALRM ends a process that does not handle it
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGPROF, before)


def _overdue(_: int, __: FrameType | None) -> NoReturn:
    raise OverdueError
