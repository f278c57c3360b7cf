"""What is made of results: pages and exports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.app import app
from autograder.cli.console import console, progress, short
from autograder.cli.options import CourseOption, course_of
from autograder.errors import AutograderError

if TYPE_CHECKING:
    pass


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
    from autograder.grading.results import read_attempts
    from autograder.reports.pages import write_reports

    here = course_of(course)
    found = read_attempts(results or here.work / "results")
    pages = len({(r.assignment, r.student) for r in found})
    with progress("writing pages", pages) as step:
        index = write_reports(here, found, out or here.work / "reports", step, submitted)
    console().print(f"class report: {short(index)} ({pages} student pages beside it)", soft_wrap=True)


@app.command(epilog="Example: autograder export nbgrader")
def export(
    kind: Annotated[str, typer.Argument(metavar="FORMAT", help="csv, of automatic scores, or nbgrader.")],
    out: Annotated[Path | None, typer.Option("--out", help="A file. Default: work/exports/. Not for nbgrader.")] = None,
    results: Annotated[Path | None, typer.Option("--results", help="Default: work/results.")] = None,
    submitted: Annotated[Path | None, typer.Option("--submitted", help="Default: work/submitted.")] = None,
    course: CourseOption = None,
) -> None:
    """Hand the results on: a table, or nbgrader's gradebook with what formgrader opens."""
    from autograder.grading.results import grades_csv, read_results, write_atomically

    if kind not in {"csv", "nbgrader"}:
        raise AutograderError(f"export: expected csv or nbgrader, got {kind!r}.")
    if kind == "nbgrader" and out:
        raise AutograderError("--out: expected none, got one. Hint: where the gradebook is, course.toml says.")
    here = course_of(course)
    found = read_results(results or here.work / "results")
    if kind == "csv":
        target = out or here.work / "exports" / "grades.csv"
        write_atomically(target, grades_csv(found))
        console().print(f"csv: {short(target)} ({len(found)} rows)", soft_wrap=True)
        return
    from autograder.interop.gradebook import export_results

    written = export_results(here, found, submitted or here.work / "submitted")
    console().print(
        f"gradebook: {written.submissions} submissions at {written.url}, {written.look} grades for a person to give. "
        "Next: nbgrader formgrader",
        soft_wrap=True,
    )
