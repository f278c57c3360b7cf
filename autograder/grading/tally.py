"""How a run came by its results: for the one line that `autograder grade` says. No result file knows of it."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.records.result import Result


@dataclass(slots=True)
class Tally:
    """Counts of submissions. in_part: graded again by some of their checks only; they are no part of `graded`."""

    up_to_date: int = 0
    graded: int = 0
    in_part: int = 0

    def count(self, result: Result) -> None:
        """One that was not up to date."""
        if result.in_part:
            self.in_part += 1
        else:
            self.graded += 1

    def __str__(self) -> str:
        """One line, as much of it as there is to say."""
        told = {"up to date": self.up_to_date, "graded now": self.graded, "graded in part": self.in_part}
        return ", ".join(f"{n} {what}" for what, n in told.items() if n) or "nothing to grade"
