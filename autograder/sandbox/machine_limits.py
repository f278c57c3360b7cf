"""The limits that this machine sets for every process (`ulimit`): the least with which grading can begin.

Lower limits than ours hold for student code, too. Below the least, the sandbox or the grader itself would break down at
some later moment, with some message of a library.
"""

from __future__ import annotations

import math
import os
import resource
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import SandboxError
from autograder.sandbox.tasks import tasks_of_user
from autograder.sandbox.worker.lockdown import ceilings

_TASKS_A_JOB = 8  # a grader process, its sandbox, a submission, and their threads
_MANY = 1024  # tasks: with such a limit nobody counts


@dataclass(frozen=True, slots=True)
class MachineLimit:
    """One limit. name: as in RLIMIT_name.  option: of `ulimit`, which counts in `unit`.  least: to grade at all."""

    name: str
    option: str
    unit: int
    least: int
    what: str

    @property
    def now(self) -> float:
        """The hard limit, in the kernel's unit."""
        _, hard = resource.getrlimit(getattr(resource, f"RLIMIT_{self.name}"))
        return math.inf if hard == resource.RLIM_INFINITY else hard


_KIB = 1 << 10
LIMITS = (
    MachineLimit("AS", "-v", _KIB, 512 << 20, "KiB of address space"),
    MachineLimit("CPU", "-t", 1, 2, "seconds of processor time"),
    MachineLimit("NOFILE", "-n", 1, 32, "open files"),
    MachineLimit("FSIZE", "-f", _KIB, 512 << 10, "KiB in a file"),
    MachineLimit("STACK", "-s", _KIB, 512 << 10, "KiB of stack"),
)


def require_enough(jobs: int = 1) -> None:
    """Raise SandboxError if this machine's limits are too low for so many grader processes, or if /proc is missing."""
    if not Path("/proc/self/fd").is_dir():
        raise SandboxError("/proc: expected it to be mounted, got none. Hint: mount -t proc proc /proc.")
    for limit in LIMITS:
        if limit.now < limit.least:
            raise _too_low(limit.option, limit.least // limit.unit, limit.what, int(limit.now) // limit.unit)
    if jobs > 1 and (room := _room_for_tasks()) < _TASKS_A_JOB * jobs:
        raise _too_low("-u", _TASKS_A_JOB * jobs, "more processes and threads", int(room), ", or --jobs 1")


def _room_for_tasks() -> float:
    """The number of processes and threads that this user may start; infinite if it is large."""
    _, most = resource.getrlimit(resource.RLIMIT_NPROC)
    if most == resource.RLIM_INFINITY or most >= _MANY or os.getuid() == 0:  # it does not bind root
        return math.inf
    return max(0, most - tasks_of_user())


def lower_than_ours() -> list[str]:
    """The limits of this machine that are lower than those of a submission, in words."""
    ours = ceilings(memory=1 << 30, cpu=35)
    lower = [limit for limit in LIMITS if limit.now < ours[limit.name]]
    return [f"ulimit {x.option}: {int(x.now) // x.unit} {x.what}, ours is {ours[x.name] // x.unit}" for x in lower]


def _too_low(option: str, least: int, what: str, now: int, instead: str = "") -> SandboxError:
    return SandboxError(f"ulimit {option}: expected at least {least} {what}, got {now}. Hint: raise it{instead}.")
