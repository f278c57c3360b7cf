"""The class report: an overview, index.html, and one page for each assignment. The pages work without their script.

The script is a file of this package. The page's policy names it by its hash, so no other script can run, even if a
student's text became markup by mistake.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from autograder.course import Course
from autograder.files import write_atomically
from autograder.hand.given import HandWork
from autograder.marks import Mark
from autograder.reports.assignment_view import AssignmentView, StudentRow, view_of
from autograder.reports.items import MIN_CLASS
from autograder.reports.needs_a_person import KINDS, groups
from autograder.reports.similarity import THRESHOLD
from autograder.totals import Total, totals

INDEX = "index.html"
_LIMITS = {"min_class": MIN_CLASS, "threshold": THRESHOLD}


@dataclass(frozen=True, slots=True)
class Overview:
    """A student over the whole course.

    marks: by assignment.  total: over the marks that count.  with_hand: the same with points by hand.
    tags: for the filter.  look: why a person should look, in words.
    """

    student: str
    marks: Mapping[str, Mark]
    total: Total
    with_hand: Total
    tags: tuple[str, ...]
    look: tuple[str, ...]


def write_class_pages(
    environment: Environment,
    course: Course,
    marks: Sequence[Mark],
    with_hand: Sequence[Mark],
    out: Path,
    submitted: Path,
    hand: HandWork,
) -> Path:
    """Write OUT/index.html and OUT/assignment-NAME.html; returns the index. marks: by assignment and student.

    with_hand: the same marks with points by hand, in the same order.
    """
    names = list(dict.fromkeys(m.result.assignment for m in marks))
    views = [view_of(course, _of(name, marks), _of(name, with_hand), submitted, hand) for name in names]
    shared = {
        "course": course.title,
        "pages": [(INDEX, "Overview", ""), *((v.page, v.title, v.name) for v in views)],
        "css": _own(environment, "style.css") + _own(environment, "class.css"),
        "script": (script := _own(environment, "class.js")),
        "script_sha256": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    }
    for view in views:
        fields = {"here": view.page, "v": view, "choices": choices(view.rows)} | _LIMITS
        page = environment.get_template("assignment.html").render(**shared, **fields)
        write_atomically(out / view.page, page, lasting=False)
    overviews = _overviews(course, marks, with_hand, views)
    fields = {
        "here": INDEX,
        "views": views,
        "students": overviews,
        "choices": choices(overviews),
        "given": any(view.hand.given for view in views),
        "groups": groups([reason for view in views for reason in view.reasons]),
    }
    page = environment.get_template("class.html").render(**shared, **fields)
    write_atomically(out / INDEX, page, lasting=False)
    return out / INDEX


def choices(rows: Sequence[StudentRow] | Sequence[Overview]) -> list[tuple[str, str, int]]:
    """The choices of the filter: (tag, words, number of students), for tags that a student has."""
    words = {
        "look": "needs a person",
        "answer": "an answer waits to be graded",
        "late": "late",
        "several": "handed in several times",
        **{status: status for status in ("graded", "malformed", "missing", "error")},
    }
    counted = [(tag, label, sum(tag in row.tags for row in rows)) for tag, label in words.items()]
    return [choice for choice in counted if choice[2]]


def _of(assignment: str, marks: Sequence[Mark]) -> list[Mark]:
    return [mark for mark in marks if mark.result.assignment == assignment]


def _overviews(
    course: Course, marks: Sequence[Mark], with_hand: Sequence[Mark], views: Sequence[AssignmentView]
) -> list[Overview]:
    marks_of: dict[str, dict[str, Mark]] = {}
    for mark in marks:
        marks_of.setdefault(mark.result.student, {})[mark.result.assignment] = mark
    rows: dict[str, list[StudentRow]] = {}
    for view in views:
        for row in view.rows:
            rows.setdefault(row.result.student, []).append(row)
    total, total_with_hand = totals(marks, course.policy), totals(with_hand, course.policy)
    return [
        Overview(
            student,
            marks_of[student],
            total[student],
            total_with_hand[student],
            tuple(dict.fromkeys(tag for row in rows[student] for tag in row.tags)),
            tuple(dict.fromkeys(_short(why.kind) for row in rows[student] for why in row.reasons)),
        )
        for student in sorted(marks_of)
    ]


def _short(kind: str) -> str:
    return {"flag": "flagged", "answer": "answer waits", "missing": "missing work"}.get(kind, KINDS[kind][0].lower())


def _own(environment: Environment, name: str) -> Markup:
    """The text of a file of this package, without escaping."""
    assert environment.loader is not None
    return Markup(environment.loader.get_source(environment, name)[0].rstrip())  # noqa: S704 — our own file
