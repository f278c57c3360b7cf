"""Grades: the few fields of a result that a run keeps in memory after it has written the result's file.

grades.csv and the closing lines of a run are made from them. A whole result takes 100 kB of memory, a grade some 200
bytes: a class of 10,000 needs no more memory than a class of 100.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.intake.submissions import Submission
from autograder.records.flags import Flag
from autograder.records.result import Result, Status
from autograder.text import csv_text, points_text, spreadsheet_text


@dataclass(frozen=True, slots=True)
class Grade:
    """The grade of one submission. score: raw.  carried: see CheckResult.  unsafe: graded without a sandbox.

    flags: those that ask a person for something.
    up_to_date: this run did not have to grade it again.  cause: of the status `error`, for the instructor.
    answered: whether the notebook answers any question that checks decide about; an untouched one does not.
    """

    assignment: str
    student: str
    attempt: int
    score: float
    max_score: float
    status: Status
    reason: str
    unsafe: bool
    flags: tuple[Flag, ...]
    up_to_date: bool = False
    cause: str = ""
    carried: float = 0.0
    answered: bool = True


def grade_of(result: Result) -> Grade:
    """A result's line."""
    return Grade(
        sys.intern(result.assignment),  # every result brings its own copy of this text
        result.student,
        result.attempt,
        result.score,
        result.max_score,
        result.status,
        result.reason,
        unsafe=result.sandbox.tier == "unsafe",
        flags=tuple(flag for flag in result.flags if flag.advice),
        cause="; ".join(str(flag) for flag in result.flags if flag.kind == "not_graded"),
        carried=result.carried,
        answered=any(c.outcome not in {"missing", "blocked"} for q in result.questions for c in q.checks),
    )


def grades_csv(grades: Iterable[Grade]) -> str:
    """`assignment,student,score,max_score,status,carried` of the newest attempts, quoted, formulas made inert.

    score: raw.  carried: all of it; the course's rules decide which share counts.
    """
    newest = sorted((g for g in grades if g.attempt == 0), key=lambda g: (g.assignment, g.student))
    rows = (
        (
            g.assignment,
            spreadsheet_text(g.student),
            points_text(g.score),
            points_text(g.max_score),
            g.status,
            points_text(g.carried),
        )
        for g in newest
    )
    return csv_text([("assignment", "student", "score", "max_score", "status", "carried"), *rows])


Key = tuple[str, str, int]  # (assignment, student, attempt); attempt 0 is the newest


def key_of(of: Submission | Result | Grade) -> Key:
    """(assignment, student, attempt)."""
    return of.assignment, of.student, of.attempt
