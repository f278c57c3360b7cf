"""Where the time of one submission goes: our functions wrapped from outside, each moment counted once.

A phase has its own time, without the phases inside it; all that happens inside `causes` and `pictures` is theirs. Waiting
for the submission's process is a phase of its own: what runs there cannot be seen from here. Wrapping costs some 1 µs a
call. A name below that is no more is an AttributeError: say here what has taken its place.
"""

from __future__ import annotations

import contextlib
import cProfile
import io
import pstats
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from autograder.judging import facts, submission
from autograder.records import writer
from autograder.sandbox.connection import Connection
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.student_process import StudentProcess
from autograder.sandbox.worker import wire

START, END, CELLS = "start of its process", "end of its process", "cells"
WIRE, WAIT, SERVED = "calls: our end of the line", "calls: the process answers", "calls: functions handed over, served"
CHECKS, CAUSES, PICTURES = "checks' own computing", "causes of failed checks", "pictures"
READ, RESULT = "reading the notebook, flags", "result and its file"
ORDER = (READ, START, CELLS, WAIT, WIRE, SERVED, CHECKS, CAUSES, PICTURES, END, RESULT)
_WHOLE = {CAUSES, PICTURES, START, END, CELLS}  # whatever happens inside is theirs, too: messages, other processes
# (owner, name, phase): wrapped where the name is looked up.
_WRAPPED = (
    (submission, "grade_submission", RESULT),
    (submission, "read_notebook", READ),
    (submission, "cells_to_run", READ),
    (facts, "defined_names", READ),
    (submission, "flags_of", READ),
    (submission, "forgive_slips", CAUSES),
    (submission, "name_causes", CAUSES),
    (submission, "draw_pictures", PICTURES),
    (submission, "judge", CHECKS),
    (StudentProcess, "__init__", START),
    (Connection, "close", END),
    (StudentProcess, "run_cell", CELLS),
    (StudentProcess, "request", WIRE),
    (StudentProcess, "_serve_callback", SERVED),
    (wire.Codec, "encode", WIRE),
    (wire.Codec, "decode", WIRE),
    (Connection, "send", WAIT),
    (Connection, "receive", WAIT),
    (writer.ResultWriter, "write", RESULT),
)


@dataclass
class Phases:
    """Seconds by phase."""

    seconds: Counter = field(default_factory=Counter)
    exchanges: int = 0  # frames sent: calls, answers to what student code asked, cells
    _stack: list[str] = field(default_factory=list)
    _since: float = 0.0

    def wrapped(self, function: Callable, phase: str, name: str) -> Callable:
        def call(*args, **kwargs):
            self._spend()
            # The outermost of the whole ones counts, and it stands first.
            whole = bool(self._stack) and self._stack[-1] in _WHOLE
            self._stack.append(self._stack[-1] if whole else phase)
            self.exchanges += name == "send"
            try:
                return function(*args, **kwargs)
            finally:
                self._spend()
                self._stack.pop()

        return call

    def _spend(self) -> None:
        now = time.perf_counter()
        if self._stack:
            self.seconds[self._stack[-1]] += now - self._since
        self._since = now


@contextlib.contextmanager
def watching() -> Iterator[Phases]:
    """Count until the end of the block."""
    phases = Phases()
    before = [(owner, name, getattr(owner, name)) for owner, name, _ in _WRAPPED]
    for (owner, name, function), (*_, phase) in zip(before, _WRAPPED, strict=True):
        setattr(owner, name, phases.wrapped(function, phase, name))
    try:
        yield phases
    finally:
        for owner, name, function in before:
            setattr(owner, name, function)


@contextlib.contextmanager
def processes() -> Iterator[list[float]]:
    """Seconds of processor time of each submission's process that ends in the block."""
    ended: list[float] = []
    before = Zygote.ending_of

    def ending_of(self, process):
        ending = before(self, process)
        ended.append(ending.cpu)
        return ending

    Zygote.ending_of = ending_of
    try:
        yield ended
    finally:
        Zygote.ending_of = before


def phases_of(call: Callable, submissions, rounds: int) -> dict:
    """Milliseconds by phase of `call(submission)`, per submission; and what it takes unwatched, in turn with it."""
    found: dict[str, list[float]] = {phase: [] for phase in ORDER}
    watched, unwatched, exchanges, started = [], [], [], []
    for _ in range(rounds):
        for one in submissions:
            unwatched.append(timed(call, one))
            with watching() as phases, processes() as ended:
                watched.append(timed(call, one))
            for phase in ORDER:
                found[phase].append(1e3 * phases.seconds[phase])
            exchanges.append(phases.exchanges)
            started.append(len(ended))
    each = len(submissions)
    return {
        "phases_ms": {phase: _typical(values, each) for phase, values in found.items()},
        "watched_ms": _typical(watched, each),
        "unwatched_ms": _typical(unwatched, each),
        "exchanges": sum(exchanges) / len(exchanges),
        "processes": sum(started) / len(started),
    }


def _typical(values: list[float], each: int) -> float:
    """The mean over notebooks of the median over rounds: parts still add up, and one disturbed round does not show."""
    return statistics.mean(statistics.median(values[i::each]) for i in range(each))


def timed(call: Callable, one) -> float:
    """Milliseconds of one call."""
    began = time.perf_counter()
    call(one)
    return 1e3 * (time.perf_counter() - began)


def profile_of(call: Callable, submissions, top: int = 15) -> str:
    """cProfile of the grader, in processor time: the `top` functions by own and by cumulative time."""
    profile = cProfile.Profile(time.thread_time)
    for one in submissions:
        profile.runcall(call, one)
    text = io.StringIO()
    stats = pstats.Stats(profile, stream=text)
    for order in ("tottime", "cumulative"):
        stats.sort_stats(order).print_stats(top)
    return text.getvalue()
