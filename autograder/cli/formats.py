"""What `export` does for each format: it writes a file and says one line.

The options of a format are the keyword arguments of its function; `export` refuses all others.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import typer

from autograder.cli import host_formats
from autograder.cli.console import console, short
from autograder.cli.export_request import Request, say, write
from autograder.errors import AutograderError
from autograder.text import counted


def _csv(request: Request, *, out: Path | None = None, totals: bool = False, with_manual: bool = False) -> None:
    from autograder.exports.csv import marks_csv, totals_csv

    marks = request.marks(with_manual=with_manual)
    target = request.target(out, "totals.csv" if totals else "grades.csv")
    text = totals_csv(marks, request.course.policy) if totals else marks_csv(marks)
    write(target, text)
    console().print(f"csv: {short(target)} ({text.count(chr(10)) - 1} rows)", soft_wrap=True)


def _gradescope(request: Request, *, out: Path | None = None) -> None:
    from autograder.exports.gradescope import results_json
    from autograder.records.store import result_path

    marks = [m for m in request.marks() if m.result.status != "missing"]
    target = request.target(out, "gradescope")
    if target.suffix == ".json":
        if len(marks) != 1:
            raise AutograderError(
                f"--out: expected a folder for {len(marks)} submissions, got a file. Hint: --student ID."
            )
        write(target, results_json(marks[0]))
    else:
        for mark in marks:
            write(result_path(target, mark.result.assignment, mark.result.student), results_json(mark))
    console().print(f"gradescope: {short(target)} ({counted(len(marks), 'submission')})", soft_wrap=True)


def _junit(request: Request, *, out: Path | None = None) -> None:
    from autograder.exports.junit import junit_xml

    marks, target = request.marks(), request.target(out, "junit.xml")
    write(target, junit_xml(marks))
    console().print(f"junit: {short(target)} ({counted(len(marks), 'suite')})", soft_wrap=True)


def _github(request: Request, *, out: Path | None = None, annotations: bool = False) -> None:
    """Write into --out; or at the end of the step's summary, if GitHub gives one; or into work/exports/."""
    from autograder.exports import github

    marks, summary = request.marks(), os.environ.get("GITHUB_STEP_SUMMARY", "")
    if summary and out is None:
        target = Path(summary)
        before = target.stat().st_size if target.exists() else 0
        text = github.step_summary(request.course.title, marks, github.MAX_BYTES - before)
        with target.open("a", encoding="utf-8", newline="") as file:
            file.write(text)
    else:
        target = request.target(out, "summary.md")
        write(target, github.step_summary(request.course.title, marks))
    for line in github.commands(marks) if annotations else ():
        typer.echo(line)
    console().print(f"github: {short(target)} ({counted(len(marks), 'submission')})", soft_wrap=True)


def _nbgrader(request: Request, *, submitted: Path | None = None) -> None:
    """Newest submissions with raw scores: nbgrader has late rules of its own."""
    from autograder.interop.gradebook import export_results
    from autograder.marking_rules import MarkingRules
    from autograder.marks import marks_of
    from autograder.records.store import read_results

    marks = request.chosen(marks_of(read_results(request.results), MarkingRules(), roster=request.roster))
    written = export_results(request.course, [m.result for m in marks], request.submitted(submitted))
    for result in written.stale:
        say(
            f"{result.assignment}, {result.student}: expected the notebook and the checks of the result, got others; "
            "its entry stays as it was. Hint: autograder grade; --submitted FOLDER where they are elsewhere."
        )
    console().print(
        f"gradebook: {written.submissions} submissions at {written.url}, {written.look} grades for a person to give. "
        "Next: nbgrader formgrader",
        soft_wrap=True,
    )
    if written.stale:
        raise typer.Exit(1)


FORMATS: dict[str, Callable[..., None]] = {
    "csv": _csv,
    "canvas": host_formats.canvas,
    "moodle": host_formats.moodle,
    "blackboard": host_formats.blackboard,
    "brightspace": host_formats.brightspace,
    "gradescope": _gradescope,
    "junit": _junit,
    "github": _github,
    "nbgrader": _nbgrader,
}
