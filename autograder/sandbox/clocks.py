"""Clocks for student code. A limit counts processor time, so that no mark depends on the load of the machine.

The kernel counts the processor time of a process, for all its threads together. The grader reads that clock from
outside: no student code can move it. A process that waits or sleeps uses no processor time. So each limit has a
backstop of wall clock, too: `wall_factor` times as long. The backstop stands still while the machine is busy, which
means: while a thread of the process is ready to run and gets no core.

Most answers come in time, and cost one reading of the process's clock. The other clocks are read only when an answer
could be late.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from autograder.errors import SandboxError, TimeLimitError

# Wall clock, in times of a limit. Code near its limit took 2.1 times its processor time by this clock beside 8 busy
# loops a core, and 2.3 times beside 24: the first wait, one limit long, is not yet left out.
WALL_FACTOR = 5.0
_SHORTEST = 0.01  # seconds between two readings
_OF_A_PROCESS = 2  # CPUCLOCK_SCHED of the kernel: exact, not in ticks


class ProcessClock:
    """The processor time of one process and all its threads. It has no children: no submission can start a process."""

    def __init__(self, pidfd: int) -> None:
        self._pid = _number_of(pidfd)
        self._clock = ~self._pid << 3 | _OF_A_PROCESS
        self._last = 0.0

    def seconds(self) -> float:
        """Seconds of processor time; the last reading if the process has ended and the kernel has forgotten it."""
        try:
            self._last = time.clock_gettime(self._clock)
        except OSError:
            return self._last
        return self._last

    def kept_waiting(self) -> dict[str, float]:
        """Seconds that each thread was ready to run and had no core; {} if the kernel does not count them."""
        try:
            files = list(Path(f"/proc/{self._pid}/task").glob("*/schedstat"))
            return {file.parent.name: int(file.read_text().split()[1]) / 1e9 for file in files}
        except (OSError, ValueError, IndexError):  # a thread may end now
            return {}


class SubmissionClock:
    """The time of one submission, used from one thread: what its processes compute, and this thread for them."""

    def __init__(self) -> None:
        self.cores = len(os.sched_getaffinity(0))  # seconds of processor time that can pass in a second
        self._began = time.thread_time()
        self._ended = 0.0  # seconds of processes that have left
        self._processes: dict[ProcessClock, float] = {}  # and what each had used before
        self.granted = 0.0  # seconds of wall clock in which the machine had no core for it

    def used(self) -> float:
        """Seconds of processor time since it began."""
        running = sum(process.seconds() - before for process, before in self._processes.items())
        return time.thread_time() - self._began + self._ended + running

    def now(self) -> float:
        """Seconds of wall clock since some moment. It stands still while the machine has no core for the submission."""
        return time.monotonic() - self.granted

    def grant(self, seconds: float) -> None:
        """Let `now` stand still for so long."""
        self.granted += seconds

    def add(self, process: ProcessClock) -> None:
        """Count what this process computes from now on."""
        self._processes[process] = process.seconds()

    def remove(self, process: ProcessClock) -> None:
        """Count no more of this process. Call it before the kernel forgets the process."""
        if process in self._processes:
            self._ended += process.seconds() - self._processes.pop(process)


class TimeLimit:
    """A limit of processor time that begins now, with its backstop of wall clock.

    what: that it is for, as in "a call".  seconds: of processor time, which `used` reads.  wall_factor: see above.
    """

    __slots__ = ("_end", "_seconds", "_used", "_wall", "_wall_end", "_what", "clock", "look_at")

    def __init__(
        self, what: str, seconds: float, wall_factor: float, clock: SubmissionClock, used: Callable[[], float]
    ) -> None:
        self.clock = clock
        self._what, self._seconds, self._wall, self._used = what, seconds, wall_factor * seconds, used
        self._end = used() + seconds
        now = time.monotonic()
        self._wall_end = now - clock.granted + self._wall
        self.look_at = now + seconds / clock.cores  # of time.monotonic(): before this moment it cannot be used up

    def error(self, *, waiting: bool = True) -> TimeLimitError | None:
        """The reason if the limit is met, else None. waiting: whether nothing has come from the process."""
        if time.monotonic() < self.look_at:
            return None
        left, wall_left = self._end - self._used(), self._wall_end - self.clock.now()
        if left <= 0:
            return TimeLimitError(f"{self._what} used more than {self._seconds:g} s of processor time")
        if waiting and wall_left <= 0:
            words = f"{self._what} did not answer within {self._wall:g} s (it waited or slept)"
            return TimeLimitError(words, waited=True)
        self.look_at = time.monotonic() + max(_SHORTEST, min(left / self.clock.cores, wall_left))
        return None

    def leave_out(self, seconds: float) -> None:
        """Do not count so many seconds of wall clock: the process waited for the grader."""
        self._wall_end += seconds

    def count_this_thread(self) -> None:
        """Count what this thread computes from now on, too."""
        used, began = self._used, time.thread_time()
        self._used = lambda: used() + time.thread_time() - began


class Deadline(TimeLimit):
    """The limit for all of one submission. It is handed down from the grader to each process."""

    __slots__ = ("_factor",)

    def __init__(
        self,
        seconds: float,
        wall_factor: float = WALL_FACTOR,
        what: str = "the whole notebook",
        clock: SubmissionClock | None = None,
    ) -> None:
        clock = clock or SubmissionClock()
        super().__init__(what, seconds, wall_factor, clock, clock.used)
        self._factor = wall_factor

    def has_passed(self) -> bool:
        """Whether the time is used up."""
        return self.error() is not None

    def within(self, seconds: float, what: str) -> Deadline:
        """An earlier deadline, for a part of the work; not later than this one."""
        part = Deadline(seconds, self._factor, what, self.clock)
        part._end, part._wall_end = min(part._end, self._end), min(part._wall_end, self._wall_end)
        part.look_at = min(part.look_at, self.look_at)
        return part


class Patience:
    """The time for one answer of a process: a limit of its own, and the submission's deadline."""

    __slots__ = ("_deadline", "_look_at", "_process", "_waits", "request")

    def __init__(self, request: TimeLimit, deadline: Deadline, process: ProcessClock) -> None:
        self.request, self._deadline, self._process = request, deadline, process
        self._look_at = min(request.look_at, deadline.look_at)
        self._waits: dict[str, float] | None = None  # at the last look, of each thread

    def until_look(self) -> float:
        """Seconds until `look` has to be called; zero or less: now."""
        return self._look_at - time.monotonic()

    def look(self, *, waiting: bool) -> None:
        """Raise TimeLimitError if a limit is met. waiting: whether nothing has come from the process."""
        self._grant()
        for limit in (self.request, self._deadline):
            if (error := limit.error(waiting=waiting)) is not None:
                raise error
        self._look_at = min(self.request.look_at, self._deadline.look_at)

    def _grant(self) -> None:
        """Let the wall clock stand still for the time in which the process got no core since the last look."""
        before, self._waits = self._waits, self._process.kept_waiting()
        if before is not None:
            waits = [seconds - before.get(thread, seconds) for thread, seconds in self._waits.items()]
            self.request.clock.grant(max(0.0, *waits, 0.0))


def _number_of(pidfd: int) -> int:
    """The number of a process as this process sees it. Raises SandboxError without /proc."""
    try:
        lines = Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines()
    except OSError:
        lines = []
    number = next((int(line[4:]) for line in lines if line.startswith("Pid:")), -1)
    if number <= 0:
        raise SandboxError("process: expected /proc to show its number, got none. Hint: mount /proc.")
    return number
