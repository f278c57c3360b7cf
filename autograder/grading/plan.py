"""What a run of `autograder grade` is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course
from autograder.intake.submissions import Submission
from autograder.judging.device import CPU
from autograder.sandbox.launcher import Tier


@dataclass(frozen=True, slots=True)
class GradingPlan:
    """What to grade and how. jobs: grader processes.  tier: None for the best.  everything: also what is up to date.

    pictures: whether to make them, too.  shard: whether others grade the rest of the class, into the same folder.
    cluster: the address of a Dask scheduler whose workers grade; None for this machine.
    device: where checks go that make sense there, see judging/device.py.
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
