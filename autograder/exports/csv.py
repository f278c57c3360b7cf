"""Marks as a simple table: one row for each student and assignment, or one for each student with the total."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograder.marks import Mark, totals
from autograder.text import csv_text, points_text, spreadsheet_text

COLUMNS = tuple("assignment student raw max_score days_late score status attempts dropped carried".split())


def marks_csv(marks: Iterable[Mark]) -> str:
    """The columns of COLUMNS, formulas made inert.

    raw: of the attempt that counts, before lateness and without what is carried.  carried: as the rules count it.
    score: raw and carried, less the lateness.  dropped: `yes` if the total leaves it out.
    """
    return csv_text([COLUMNS, *map(_row, marks)])


def totals_csv(marks: Sequence[Mark]) -> str:
    """`student,score,max_score`, over the marks that are not dropped."""
    sums = sorted(totals(marks).items())
    rows = ((spreadsheet_text(name), points_text(score), points_text(most)) for name, (score, most) in sums)
    return csv_text([("student", "score", "max_score"), *rows])


def _row(mark: Mark) -> list[str]:
    result = mark.result
    return [
        result.assignment,
        spreadsheet_text(result.student),
        points_text(result.score),
        points_text(result.max_score),
        str(mark.days_late),
        points_text(mark.score),
        result.status,
        str(mark.attempts),
        "yes" if mark.dropped else "",
        points_text(mark.carried),
    ]
