"""What is made of results: pages."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.app import app
from autograder.cli.console import progress, say, short
from autograder.cli.options import CourseOption, course_of

if TYPE_CHECKING:
    from autograder.course import Course


@app.command(epilog="Example: autograder report --out work/reports")
def report(
    results: Annotated[Path | None, typer.Argument(metavar="[RESULTS]", help="Default: work/results.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where pages go. Default: work/reports.")] = None,
    submitted: Annotated[
        Path | None,
        typer.Option("--submitted", help="For similar notebooks and answers in words. Default: work/submitted."),
    ] = None,
    course: CourseOption = None,
) -> None:
    """Write the class page and one feedback page a student."""
    from autograder.records.store import read_attempts
    from autograder.reports.pages import write_reports

    here = course_of(course)
    found = read_attempts(results or here.work / "results")
    pages = len({(r.assignment, r.student) for r in found})
    with progress("writing pages", pages) as step:
        index = write_reports(here, found, out or here.work / "reports", step, submitted, _graded_by_hand)
    say(f"class report: {short(index)} ({pages} student pages beside it)")


def _graded_by_hand(course: Course, cells: Collection[str]) -> frozenset[tuple[str, str]]:
    """The answers in those cells that a person has graded in nbgrader's gradebook, if the course has one."""
    if not (course.url or (course.work / "gradebook.db").is_file()):
        return frozenset()
    from autograder.interop.hand_scores import graded_by_hand

    return graded_by_hand(course, cells)
