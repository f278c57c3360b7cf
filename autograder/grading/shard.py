"""A part of a class: `--shard 3/8`. Shards may write into one folder at once; who grades without one finishes it.

A shard writes result files and nothing else. A grading is one of the whole class, so grades.csv and the history wait
for `autograder grade` without a shard: it finds every result up to date, grades what a shard that died left out, and
writes both. What the shards and it leave is, byte for byte, what one run leaves.
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
        """As it is typed."""
        return f"{self.number}/{self.of}"


def parse_shard(text: str) -> Shard:
    """`3/8`. Raises AutograderError for what is no part of anything."""
    found = _SHARD.fullmatch(text)
    number, of = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= number <= of:
        raise AutograderError(
            f"--shard: expected I/N with I from 1 to N, got {text!r}. Hint: 1/4, 2/4, 3/4 and 4/4 are a whole class."
        )
    return Shard(number, of)


def share(submissions: Sequence[Submission], shard: Shard) -> list[Submission]:
    """The shard's part, in order; a student's work stays together, whatever is missing or came twice.

    Students are dealt out like cards, those with most notebooks first, by name among equals: a rule that follows from
    the class alone. No two shards differ by more notebooks than one student has.
    """
    notebooks = Counter(s.student for s in submissions if s.notebook)
    students = sorted({s.student for s in submissions}, key=lambda student: (-notebooks[student], student))
    own = set(students[shard.number - 1 :: shard.of])
    return [s for s in submissions if s.student in own]
