"""The class report: an overview, index.html, and a page an assignment. Readable without its script, and with it.

The script is our own file, named by its hash in the page's policy: a script that a student's text brought in, were it
ever to become markup, would not run.
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
from autograder.marks import Mark, totals
from autograder.reports.assignment_view import AssignmentView, GradedByHand, StudentRow, view_of
from autograder.reports.items import MIN_CLASS
from autograder.reports.needs_a_person import KINDS, groups
from autograder.reports.similarity import THRESHOLD
from autograder.text import file_name

INDEX = "index.html"
_LIMITS = {"min_class": MIN_CLASS, "threshold": THRESHOLD}


@dataclass(frozen=True, slots=True)
class Overview:
    """A student over the whole course. marks: by assignment.  total: (score, of), of what is not dropped.  tags: what
    the filter offers.  look: why, in words.
    """

    student: str
    marks: Mapping[str, Mark]
    total: tuple[float, float]
    tags: tuple[str, ...]
    look: tuple[str, ...]


def write_class_pages(
    environment: Environment,
    course: Course,
    marks: Sequence[Mark],
    out: Path,
    submitted: Path,
    graded_by_hand: GradedByHand,
) -> Path:
    """Write OUT/index.html and OUT/assignment-NAME.html; returns the index. marks: by assignment and student."""
    names = list(dict.fromkeys(m.result.assignment for m in marks))
    of_each = [[m for m in marks if m.result.assignment == name] for name in names]
    views = [view_of(course, each, submitted, graded_by_hand) for each in of_each]
    shared = {
        "course": course.title,
        "pages": [(INDEX, "Overview"), *((page_name(name), name) for name in names)],
        "css": _own(environment, "style.css") + _own(environment, "class.css"),
        "script": (script := _own(environment, "class.js")),
        "script_sha256": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    }
    for view in views:
        fields = {"here": page_name(view.name), "v": view, "choices": choices(view.rows)} | _LIMITS
        page = environment.get_template("assignment.html").render(**shared, **fields)
        write_atomically(out / page_name(view.name), page, lasting=False)
    overviews = _overviews(marks, views)
    fields = {
        "here": INDEX,
        "views": views,
        "students": overviews,
        "choices": choices(overviews),
        "groups": groups([reason for view in views for reason in view.reasons]),
    }
    page = environment.get_template("class.html").render(**shared, **fields)
    write_atomically(out / INDEX, page, lasting=False)
    return out / INDEX


def page_name(assignment: str) -> str:
    """Beside the folders of students' pages, and never one of them."""
    return f"assignment-{file_name(assignment)}.html"


def choices(rows: Sequence[StudentRow] | Sequence[Overview]) -> list[tuple[str, str, int]]:
    """What the filter offers: (tag, words, how many), for tags that somebody has."""
    words = {
        "look": "needs a person",
        "answer": "an answer waits to be graded",
        "late": "late",
        "several": "handed in several times",
        **{status: status for status in ("graded", "malformed", "missing", "error")},
    }
    counted = [(tag, said, sum(tag in row.tags for row in rows)) for tag, said in words.items()]
    return [choice for choice in counted if choice[2]]


def _overviews(marks: Sequence[Mark], views: Sequence[AssignmentView]) -> list[Overview]:
    own: dict[str, dict[str, Mark]] = {}
    for mark in marks:
        own.setdefault(mark.result.student, {})[mark.result.assignment] = mark
    rows: dict[str, list[StudentRow]] = {}
    for view in views:
        for row in view.rows:
            rows.setdefault(row.result.student, []).append(row)
    total = totals(marks)
    return [
        Overview(
            student,
            own[student],
            total[student],
            tuple(dict.fromkeys(tag for row in rows[student] for tag in row.tags)),
            tuple(dict.fromkeys(_short(why.kind) for row in rows[student] for why in row.reasons)),
        )
        for student in sorted(own)
    ]


def _short(kind: str) -> str:
    return {"flag": "flagged", "answer": "answer waits", "missing": "missing work"}.get(kind, KINDS[kind][0].lower())


def _own(environment: Environment, name: str) -> Markup:
    """The text of a file of ours, as it is."""
    assert environment.loader is not None
    return Markup(environment.loader.get_source(environment, name)[0].rstrip())  # noqa: S704 — our own file
