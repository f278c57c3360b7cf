"""The plan of a run: everything that a user asked `autograder grade` to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course
from autograder.intake.submissions import Submission
from autograder.judging.device import CPU
from autograder.sandbox.launcher import Tier
from autograder.sandbox.prestart import Prestart


@dataclass(frozen=True, slots=True)
class GradingPlan:
    """A run's submissions and options.

    jobs: grader processes.  tier: None for the best.  everything: grade again also where a result is up to date.
    pictures: whether to make pictures, too.  shard: whether other runs grade the rest of the class into the same
    folder. cluster: the address of a Dask scheduler whose workers grade; None for this machine.
    device: where those checks run that can run on a device, see judging/device.py.
    prestart: a sandbox that was begun before, for a run in this process.
    """

    course: Course
    assignments: tuple[str, ...]
    submissions: tuple[Submission, ...]
    out: Path
    jobs: int = 1
    tier: Tier | None = None
    everything: bool = False
    pictures: bool = True
    shard: bool = False
    cluster: str | None = None
    device: str = CPU
    prestart: Prestart | None = None
