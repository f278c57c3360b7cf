"""What `export` does for each format: it writes a file and says one line.

The options of a format are the keyword arguments of its function; `export` refuses all others.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from autograder.cli.console import console, plain, short
from autograder.errors import AutograderError

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.exports.sheet import Filled
    from autograder.marks import Mark
    from autograder.roster.roster import Roster


@dataclass(frozen=True, slots=True)
class Request:
    """What to export. results: a folder.  assignments, students: only these; empty for all."""

    course: Course
    results: Path
    assignments: Sequence[str]
    students: Sequence[str]
    roster: Roster | None = None

    def marks(self, *, with_manual: bool = False) -> list[Mark]:
        """The marks that count, by the rules of course.toml. with_manual: with scores by hand."""
        from autograder.marks import marks_of, unknown_students
        from autograder.records.store import read_attempts

        attempts = read_attempts(self.results)
        for student in unknown_students(attempts, self.course.policy):
            say(f"course.toml, marks.extensions: {student} has no result")
        by_hand = self._by_hand(sorted({r.assignment for r in attempts})) if with_manual else {}
        # Drop the lowest over all assignments first; only then leave some out.
        now = datetime.now(UTC)
        return self.chosen(marks_of(attempts, self.course.policy, by_hand, roster=self.roster, now=now))

    def _by_hand(self, assignments: Sequence[str]) -> dict[tuple[str, str], float]:
        """Points that people gave, from formgrader and from sheets."""
        from autograder.cli.by_hand import require_hand_work
        from autograder.hand.given import points_by_hand, waiting

        work = require_hand_work(self.course, assignments)
        if waiting(work):
            say(f"{waiting(work)} grades are still for a person to give. Hint: formgrader, or autograder hand sheet.")
        return points_by_hand(work)

    def chosen(self, marks: Sequence[Mark]) -> list[Mark]:
        """The marks that were asked for. Raises AutograderError for an assignment or a student without results."""
        known = {m.result.assignment for m in marks}, {m.result.student for m in marks}
        wanted = self.assignments or known[0], self.students or known[1]
        for option, names, those in zip(("--assignment", "--student"), wanted, known, strict=True):
            for name in names:
                if name not in those:
                    raise AutograderError(f"{option}: expected one that has results, got {name!r}.")
        return [m for m in marks if m.result.assignment in wanted[0] and m.result.student in wanted[1]]

    def target(self, out: Path | None, name: str) -> Path:
        """Where to write."""
        return out or self.course.work / "exports" / name


def _csv(request: Request, *, out: Path | None = None, totals: bool = False, with_manual: bool = False) -> None:
    from autograder.exports.csv import marks_csv, totals_csv

    marks = request.marks(with_manual=with_manual)
    target = request.target(out, "totals.csv" if totals else "grades.csv")
    text = totals_csv(marks, request.course.policy) if totals else marks_csv(marks)
    _write(target, text)
    console().print(f"csv: {short(target)} ({text.count(chr(10)) - 1} rows)", soft_wrap=True)


def _canvas(
    request: Request,
    *,
    out: Path | None = None,
    template: Path | None = None,
    match: str = "login",
    column: Sequence[str] = (),
    missing_as_zero: bool = False,
    with_manual: bool = False,
) -> None:
    from autograder.exports import canvas
    from autograder.exports.sheet import read_sheet

    marks = request.marks(with_manual=with_manual)
    named = _headers(column)
    titles = {m.result.assignment: request.course.title_of(m.result.assignment) for m in marks}
    columns = {name: (named[name],) if name in named else (title, name) for name, title in titles.items()}
    if template:
        filled = canvas.fill(read_sheet(template), marks, columns, match=match, missing_as_zero=missing_as_zero)
    else:
        filled = canvas.new(marks, columns, match=match, missing_as_zero=missing_as_zero)
    _finish("canvas", request.target(out, "canvas.csv"), filled)


def _headers(given: Sequence[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    for name, sign, header in pairs:
        if not (name and sign and header):
            raise AutograderError(f"--column: expected NAME=HEADER, got {name + sign + header!r}.")
    return {name: header for name, _, header in pairs}


def _moodle(
    request: Request,
    *,
    out: Path | None = None,
    worksheet: Path | None = None,
    id_column: str = "Identifier",
    grade_column: str = "Grade",
    missing_as_zero: bool = False,
    with_manual: bool = False,
) -> None:
    from autograder.exports import moodle
    from autograder.exports.sheet import read_sheet

    marks = request.marks(with_manual=with_manual)
    if worksheet is None:
        raise AutograderError(
            "--worksheet: expected a grading worksheet, got none. Hint: Moodle has it on the assignment's page."
        )
    filled = moodle.fill(read_sheet(worksheet), marks, id_column, grade_column, missing_as_zero=missing_as_zero)
    _finish("moodle", request.target(out, f"moodle-{marks[0].result.assignment}.csv"), filled)


def _finish(kind: str, target: Path, filled: Filled) -> None:
    """Write the file, and print notes for a person. Exit code 1 if a student has no row."""
    _write(target, filled.data)
    for note in filled.notes:
        say(note)
    for student in filled.unmatched:
        say(f"{student}: expected a row of that name, got none: nothing was written for them")
    console().print(f"{kind}: {short(target)} ({filled.written} scores)", soft_wrap=True)
    if filled.unmatched:
        raise typer.Exit(1)


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
        _write(target, results_json(marks[0]))
    else:
        for mark in marks:
            _write(result_path(target, mark.result.assignment, mark.result.student), results_json(mark))
    console().print(f"gradescope: {short(target)} ({len(marks)} submissions)", soft_wrap=True)


def _junit(request: Request, *, out: Path | None = None) -> None:
    from autograder.exports.junit import junit_xml

    marks, target = request.marks(), request.target(out, "junit.xml")
    _write(target, junit_xml(marks))
    console().print(f"junit: {short(target)} ({len(marks)} suites)", soft_wrap=True)


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
        _write(target, github.step_summary(request.course.title, marks))
    for line in github.commands(marks) if annotations else ():
        typer.echo(line)
    console().print(f"github: {short(target)} ({len(marks)} submissions)", soft_wrap=True)


def _nbgrader(request: Request, *, submitted: Path | None = None) -> None:
    """Newest submissions with raw scores: nbgrader has late rules of its own."""
    from autograder.interop.gradebook import export_results
    from autograder.marking_rules import MarkingRules
    from autograder.marks import marks_of
    from autograder.records.store import read_results

    marks = request.chosen(marks_of(read_results(request.results), MarkingRules()))
    notebooks = submitted or request.course.work / "submitted"
    written = export_results(request.course, [m.result for m in marks], notebooks)
    console().print(
        f"gradebook: {written.submissions} submissions at {written.url}, {written.look} grades for a person to give. "
        "Next: nbgrader formgrader",
        soft_wrap=True,
    )


def _write(target: Path, data: str | bytes) -> None:
    from autograder.files import write_atomically

    write_atomically(target, data)


def say(text: str) -> None:
    """One line for the instructor, on stderr, because stdout may go to a pipe."""
    typer.echo(f"autograder: {plain(text)}", err=True)


FORMATS: dict[str, Callable[..., None]] = {
    "csv": _csv,
    "canvas": _canvas,
    "moodle": _moodle,
    "gradescope": _gradescope,
    "junit": _junit,
    "github": _github,
    "nbgrader": _nbgrader,
}
