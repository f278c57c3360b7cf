"""The class page and one page a student: self-contained HTML, no script, no network."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder.authoring.assertions import DIAGNOSES
from autograder.course import Course
from autograder.grading.results import Result, file_name, one_line, points_text, write_atomically
from autograder.reports.student import StudentPages
from autograder.reports.summary import summarise

_SYMBOLS = {
    "pass": "✓",
    "fail": "✗",
    "error": "!",
    "timeout": "⏱",
    "crash": "☠",
    "blocked": "⏸",
    "missing": "○",
}
Titles = Mapping[str, str]


def write_reports(course: Course, results: list[Result], out: Path, wrote: Callable[[], None] = lambda: None) -> Path:
    """Write OUT/index.html and OUT/ASSIGNMENT/STUDENT.html; returns the index. `wrote` is called after each page."""
    environment = _environment()
    class_page, student_pages = environment.get_template("class.html"), StudentPages(environment, course)
    groups = [
        (name, list(group))
        for name, group in groupby(sorted(results, key=lambda r: (r.assignment, r.student)), lambda r: r.assignment)
    ]
    for name, group in groups:
        for result in group:
            write_atomically(out / name / f"{file_name(result.student)}.html", student_pages.page(result))
            wrote()
    summaries = [(summarise(group), group) for _, group in groups]
    write_atomically(
        out / "index.html", class_page.render(course=course.title, summaries=summaries, css=_css(environment))
    )
    return out / "index.html"


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograder.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(line=one_line, link=_link, points=points_text, percent=lambda x: f"{100 * x:.0f} %")
    environment.globals.update(symbols=_SYMBOLS, diagnoses=DIAGNOSES)
    return environment


def _css(environment: Environment) -> Any:
    from markupsafe import Markup

    return Markup(environment.get_template("style.css").render())  # noqa: S704 — our own file


def _link(result: Result) -> str:
    return urllib.parse.quote(f"{result.assignment}/{file_name(result.student)}.html")
