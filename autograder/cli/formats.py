"""What `export` does for each format: settings in, a file written, one line said."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from autograder.cli.console import console, plain, short
from autograder.errors import AutograderError

if TYPE_CHECKING:
    from collections.abc import Callable

    from autograder.course import Course
    from autograder.exports.sheet import Filled
    from autograder.marks import Mark


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for. options: those that were given, by name."""

    course: Course
    marks: list[Mark]
    options: dict[str, Any]

    def target(self, name: str) -> Path:
        """Where to write."""
        return Path(self.options.get("--out") or self.course.work / "exports" / name)


def _csv(request: Request) -> None:
    from autograder.exports.csv import marks_csv, totals_csv

    whole = request.options.get("--totals")
    target = request.target("totals.csv" if whole else "grades.csv")
    text = totals_csv(request.marks) if whole else marks_csv(request.marks)
    _write(target, text)
    console().print(f"csv: {short(target)} ({text.count(chr(10)) - 1} rows)", soft_wrap=True)


def _canvas(request: Request) -> None:
    from autograder.exports import canvas
    from autograder.exports.sheet import read_sheet

    options = request.options
    named = _headers(options.get("--column") or [])
    titles = {m.result.assignment: request.course.title_of(m.result.assignment) for m in request.marks}
    columns = {name: (named[name],) if name in named else (title, name) for name, title in titles.items()}
    settings = {"match": options.get("--match", "login"), "missing_as_zero": options.get("--missing-as-zero", False)}
    if "--template" in options:
        filled = canvas.fill(read_sheet(options["--template"]), request.marks, columns, **settings)
    else:
        filled = canvas.new(request.marks, columns, **settings)
    _finish("canvas", request.target("canvas.csv"), filled)


def _headers(given: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    for name, sign, header in pairs:
        if not (name and sign and header):
            raise AutograderError(f"--column: expected NAME=HEADER, got {name + sign + header!r}.")
    return {name: header for name, _, header in pairs}


def _moodle(request: Request) -> None:
    from autograder.exports import moodle
    from autograder.exports.sheet import read_sheet

    options = request.options
    if "--worksheet" not in options:
        raise AutograderError(
            "--worksheet: expected a grading worksheet, got none. Hint: Moodle has it on the assignment's page."
        )
    filled = moodle.fill(
        read_sheet(options["--worksheet"]),
        request.marks,
        id_column=options.get("--id-column", moodle.IDENTIFIER),
        grade_column=options.get("--grade-column", moodle.GRADE),
        missing_as_zero=options.get("--missing-as-zero", False),
    )
    _finish("moodle", request.target(f"moodle-{request.marks[0].result.assignment}.csv"), filled)


def _finish(kind: str, target: Path, filled: Filled) -> None:
    """Write, and say what a person has to look at. Exit code 1 if somebody has no row."""
    _write(target, filled.data)
    for note in filled.notes:
        say(note)
    for student in filled.unmatched:
        say(f"{student}: expected a row of that name, got none: nothing was written for them")
    console().print(f"{kind}: {short(target)} ({filled.written} scores)", soft_wrap=True)
    if filled.unmatched:
        raise typer.Exit(1)


def _gradescope(request: Request) -> None:
    from autograder.exports.gradescope import results_json
    from autograder.records.store import result_path

    there = [m for m in request.marks if m.result.status != "missing"]
    target = request.target("gradescope")
    if target.suffix == ".json":
        if len(there) != 1:
            raise AutograderError(
                f"--out: expected a folder for {len(there)} submissions, got a file. Hint: --student ID."
            )
        _write(target, results_json(there[0]))
    else:
        for mark in there:
            _write(result_path(target, mark.result.assignment, mark.result.student), results_json(mark))
    console().print(f"gradescope: {short(target)} ({len(there)} submissions)", soft_wrap=True)


def _junit(request: Request) -> None:
    from autograder.exports.junit import junit_xml

    target = request.target("junit.xml")
    _write(target, junit_xml(request.marks))
    console().print(f"junit: {short(target)} ({len(request.marks)} suites)", soft_wrap=True)


def _github(request: Request) -> None:
    """Into --out; or at the end of this step's summary, where GitHub gives one; or into work/exports/."""
    from autograder.exports import github

    summary = os.environ.get("GITHUB_STEP_SUMMARY", "")
    if summary and "--out" not in request.options:
        target = Path(summary)
        before = target.stat().st_size if target.exists() else 0
        text = github.step_summary(request.course.title, request.marks, github.MAX_BYTES - before)
        with target.open("a", encoding="utf-8", newline="") as file:
            file.write(text)
    else:
        target = request.target("summary.md")
        _write(target, github.step_summary(request.course.title, request.marks))
    if request.options.get("--annotations"):
        for line in github.commands(request.marks):
            typer.echo(line)
    console().print(f"github: {short(target)} ({len(request.marks)} submissions)", soft_wrap=True)


def _write(target: Path, data: str | bytes) -> None:
    from autograder.files import write_atomically

    write_atomically(target, data)


def say(text: str) -> None:
    """One line for the instructor, on stderr: what is written may go to a pipe."""
    typer.echo(f"autograder: {plain(text)}", err=True)


FORMATS: dict[str, Callable[[Request], None]] = {
    "csv": _csv,
    "canvas": _canvas,
    "moodle": _moodle,
    "gradescope": _gradescope,
    "junit": _junit,
    "github": _github,
}
