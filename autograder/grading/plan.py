"""The plan of a run: everything that a user asked `autograder grade` to do, and the parts of a class."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Course
from autograder.errors import AutograderError
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


_SHARD = re.compile(r"([0-9]{1,5})/([0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of a class, `--shard 3/8`: part `number` of `of`, from 1.

    Several shards may write into one folder at the same time. A shard writes result files and nothing else. grades.csv
    and the history are about the whole class; `autograder grade` without a shard writes them afterwards. It finds the
    shards' results up to date and grades what a killed shard left out. The folder then holds, byte for byte, what one
    run without shards leaves.
    """

    number: int
    of: int

    def __str__(self) -> str:
        """As a user types it: `3/8`."""
        return f"{self.number}/{self.of}"


def parse_shard(text: str) -> Shard:
    """Read `3/8`. Raises AutograderError for other text."""
    match = _SHARD.fullmatch(text)
    number, of = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= number <= of:
        raise AutograderError(
            f"--shard: expected I/N with I from 1 to N, got {text!r}. Hint: 1/4, 2/4, 3/4 and 4/4 are a whole class."
        )
    return Shard(number, of)


def share(submissions: Sequence[Submission], shard: Shard) -> list[Submission]:
    """The shard's submissions, in order. All work of one student is in one shard.

    Students are dealt out like cards: those with most notebooks first, and by name among equals. So every machine finds
    the same shards. Two shards differ by at most as many notebooks as one student has.
    """
    notebooks = Counter(s.student for s in submissions if s.notebook)
    students = sorted({s.student for s in submissions}, key=lambda student: (-notebooks[student], student))
    chosen = set(students[shard.number - 1 :: shard.of])
    return [s for s in submissions if s.student in chosen]
