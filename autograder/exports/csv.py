"""Marks as a simple table: one row for each student and assignment, or one for each student with the total."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograder.marking_rules import MarkingRules
from autograder.marks import Mark
from autograder.text import csv_text, points_text, spreadsheet_text
from autograder.totals import totals

COLUMNS = tuple("assignment student raw max_score days_late score status attempts dropped carried".split())
PEOPLE = ("name", "email", "section", "state")  # at the end, because scripts read the others by place


def marks_csv(marks: Iterable[Mark]) -> str:
    """A row a mark, with COLUMNS and PEOPLE; formulas made inert.

    raw: of the attempt that counts, before lateness and without what is carried.  carried: as the rules count it.
    score: raw and carried, less the lateness.  dropped: `yes` if the total leaves it out.
    state: `draft` or `excused` for what counts for nothing; else `open` or `closed`.
    """
    return csv_text([COLUMNS + PEOPLE, *map(_row, marks)])


def totals_csv(marks: Sequence[Mark], policy: MarkingRules) -> str:
    """`student,score,max_score,percent,letter,name,email,section`, over the marks that count."""
    people = {m.result.student: m for m in marks}
    rows = []
    for student, total in sorted(totals(marks, policy).items()):
        numbers = (points_text(total.score), points_text(total.max_score), f"{total.percent:.2f}")
        rows.append((spreadsheet_text(student), *numbers, total.letter, *_person(people[student])))
    return csv_text([("student", "score", "max_score", "percent", "letter", *PEOPLE[:-1]), *rows])


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
        *_person(mark),
        "excused" if mark.excused else mark.state,
    ]


def _person(mark: Mark) -> tuple[str, str, str]:
    """Name, e-mail and section of the roster, or empty cells."""
    if mark.student is None:
        return "", "", ""
    name, email, section = map(spreadsheet_text, (mark.student.name, mark.student.email, mark.student.section))
    return name, email, section
