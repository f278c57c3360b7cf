"""A shard is a part of a class: `--shard 3/8`. Several shards may write into one folder at the same time.

A shard writes result files and nothing else. grades.csv and the history are about the whole class; `autograder grade`
without a shard writes them afterwards. It finds the shards' results up to date and grades what a killed shard left out.
The folder then holds, byte for byte, what one run without shards leaves.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.errors import AutograderError
from autograder.intake.submissions import Submission

_SHARD = re.compile(r"([0-9]{1,5})/([0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class Shard:
    """Part `number` of `of`, from 1."""

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
