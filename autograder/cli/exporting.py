"""Marks handed on to other systems. What may be said of each format stands in one table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from autograder.cli.app import app
from autograder.cli.console import console
from autograder.cli.formats import FORMATS, Request, say
from autograder.cli.options import CourseOption, course_of
from autograder.errors import AutograderError

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.marks import Mark

# {format: the options that mean something to it}
_OPTIONS = {
    "csv": {"--out", "--totals", "--with-manual"},
    "canvas": {"--out", "--template", "--match", "--column", "--missing-as-zero", "--with-manual"},
    "moodle": {"--out", "--worksheet", "--id-column", "--grade-column", "--missing-as-zero", "--with-manual"},
    "gradescope": {"--out"},
    "junit": {"--out"},
    "github": {"--out", "--annotations"},
    "nbgrader": {"--submitted"},
}


@app.command(epilog="Example: autograder export canvas --template gradebook.csv --out import.csv")
def export(
    kind: Annotated[str, typer.Argument(metavar="FORMAT", help=", ".join(_OPTIONS) + ".")],
    out: Annotated[
        Path | None, typer.Option("--out", help="A file; a folder for gradescope. Not for nbgrader.")
    ] = None,
    names: Annotated[list[str] | None, typer.Option("-a", "--assignment", help="Only these. Repeatable.")] = None,
    student: Annotated[list[str] | None, typer.Option("--student", help="Only these students. Repeatable.")] = None,
    results: Annotated[Path | None, typer.Option("--results", help="Default: work/results.")] = None,
    totals: Annotated[bool, typer.Option("--totals", help="csv: a row a student, without what is dropped.")] = False,
    template: Annotated[Path | None, typer.Option("--template", help="canvas: the gradebook it exported.")] = None,
    match: Annotated[
        str | None, typer.Option("--match", help="canvas: students by login (default), id or sis.")
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option("--column", metavar="NAME=HEADER", help="canvas: an assignment's column.")
    ] = None,
    worksheet: Annotated[Path | None, typer.Option("--worksheet", help="moodle: the worksheet to fill in.")] = None,
    id_column: Annotated[str | None, typer.Option("--id-column", help="moodle. Default: Identifier.")] = None,
    grade_column: Annotated[str | None, typer.Option("--grade-column", help="moodle. Default: Grade.")] = None,
    missing_as_zero: Annotated[
        bool, typer.Option("--missing-as-zero", help="canvas, moodle: 0 where nothing was handed in, not blank.")
    ] = False,
    with_manual: Annotated[
        bool, typer.Option("--with-manual", help="csv, canvas, moodle: with scores by hand from nbgrader's gradebook.")
    ] = False,
    annotations: Annotated[bool, typer.Option("--annotations", help="github: print them as well.")] = False,
    submitted: Annotated[Path | None, typer.Option("--submitted", help="nbgrader. Default: work/submitted.")] = None,
    course: CourseOption = None,
) -> None:
    """Hand the marks on: to a spreadsheet, Canvas, Moodle, Gradescope, a CI service or nbgrader's gradebook.

    Late rules and the like of course.toml are applied, except for nbgrader, which has its own.
    """
    given = {
        "--out": out, "--totals": totals, "--template": template, "--match": match, "--column": column,
        "--worksheet": worksheet, "--id-column": id_column, "--grade-column": grade_column,
        "--missing-as-zero": missing_as_zero, "--with-manual": with_manual, "--annotations": annotations,
        "--submitted": submitted,
    }  # fmt: skip
    options = _allowed(kind, given)
    here = course_of(course)
    folder = results or here.work / "results"
    if kind == "nbgrader":
        _nbgrader(here, folder, names or [], student or [], submitted or here.work / "submitted")
        return
    FORMATS[kind](Request(here, _marks(here, folder, names or [], student or [], options), options))


def _allowed(kind: str, given: dict[str, Any]) -> dict[str, Any]:
    if kind not in _OPTIONS:
        raise AutograderError(f"export: expected one of {', '.join(_OPTIONS)}, got {kind!r}.")
    options = {name: value for name, value in given.items() if value}
    for name in options:
        if name not in _OPTIONS[kind]:
            able = ", ".join(k for k, known in _OPTIONS.items() if name in known)
            raise AutograderError(f"{name}: expected with {able}, got with {kind}.")
    return options


def _marks(course: Course, folder: Path, names: list[str], students: list[str], options: dict[str, Any]) -> list[Mark]:
    from autograder.marks import marks_of, unknown_students
    from autograder.records.store import read_attempts

    found = read_attempts(folder)
    for who in unknown_students(found, course.policy):
        say(f"course.toml, marks.extensions: {who} has no result")
    by_hand: dict[tuple[str, str], float] = {}
    if options.get("--with-manual"):
        from autograder.interop.hand_scores import hand_scores

        scores = hand_scores(course, sorted({r.assignment for r in found}))
        by_hand = scores.points
        if scores.waiting:
            say(f"{scores.waiting} grades are still for a person to give. Hint: nbgrader formgrader.")
    # What is dropped is decided over all assignments, and only then some are left out.
    return _chosen(marks_of(found, course.policy, by_hand), names, students)


def _chosen(marks: list[Mark], names: list[str], students: list[str]) -> list[Mark]:
    known = {m.result.assignment for m in marks}, {m.result.student for m in marks}
    for option, wanted, there in zip(("--assignment", "--student"), (names, students), known, strict=True):
        for name in wanted:
            if name not in there:
                raise AutograderError(f"{option}: expected one that has results, got {name!r}.")
    return [
        m
        for m in marks
        if (not names or m.result.assignment in names) and (not students or m.result.student in students)
    ]


def _nbgrader(course: Course, folder: Path, names: list[str], students: list[str], submitted: Path) -> None:
    from autograder.interop.gradebook import export_results
    from autograder.marking_rules import MarkingRules
    from autograder.marks import marks_of
    from autograder.records.store import read_results

    found = [m.result for m in _chosen(marks_of(read_results(folder), MarkingRules()), names, students)]
    written = export_results(course, found, submitted)
    console().print(
        f"gradebook: {written.submissions} submissions at {written.url}, {written.look} grades for a person to give. "
        "Next: nbgrader formgrader",
        soft_wrap=True,
    )
