"""Commands that use results: `report` writes pages, `export` writes marks for other systems."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.app import CourseOption, RosterOption, app, class_of, course_of
from autograder.cli.console import progress, say, short
from autograder.cli.export_request import Request
from autograder.cli.formats import FORMATS
from autograder.cli.regrade_work import regrade_answers
from autograder.errors import AutograderError
from autograder.text import counted

_FOR_EVERY_FORMAT = {"kind", "names", "assignments", "student", "results", "roster", "course"}


@app.command(epilog="Example: autograder report --out work/reports")
def report(
    results: Annotated[Path | None, typer.Argument(metavar="[RESULTS]", help="Default: work/results.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where pages go. Default: work/reports.")] = None,
    submitted: Annotated[
        Path | None,
        typer.Option("--submitted", help="For similar notebooks and answers in words. Default: work/submitted."),
    ] = None,
    roster: RosterOption = None,
    course: CourseOption = None,
) -> None:
    """Write the class page and one feedback page a student."""
    from autograder.cli.by_hand import hand_work_for_pages
    from autograder.records.store import read_attempts
    from autograder.reports.pages import write_reports

    this_course = course_of(course)
    people = class_of(this_course, roster)
    attempts = read_attempts(results or this_course.work / "results")
    pages = len({(r.assignment, r.student) for r in attempts})
    regrades = regrade_answers(this_course, submitted, results)
    by_hand = hand_work_for_pages(this_course, sorted({r.assignment for r in attempts}), submitted)
    with progress("writing pages", pages) as step:
        index = write_reports(
            this_course,
            attempts,
            out or this_course.work / "reports",
            step,
            submitted,
            by_hand,
            people,
            regrades,
        )
    say(f"class report: {short(index)} ({counted(pages, 'student page')} beside it)")


@app.command(epilog="Example: autograder export canvas --template gradebook.csv --out import.csv")
def export(
    kind: Annotated[str, typer.Argument(metavar="FORMAT", help=", ".join(FORMATS) + ".")],
    assignments: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Assignments. Default: all.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="A file; a folder for gradescope. Not for nbgrader.")
    ] = None,
    names: Annotated[list[str] | None, typer.Option("-a", "--assignment", help="Only these. Repeatable.")] = None,
    student: Annotated[list[str] | None, typer.Option("--student", help="Only these students. Repeatable.")] = None,
    results: Annotated[Path | None, typer.Option("--results", help="Default: work/results.")] = None,
    totals: Annotated[bool, typer.Option("--totals", help="csv: a row a student, without what is dropped.")] = False,
    template: Annotated[
        Path | None, typer.Option("--template", help="canvas, blackboard, brightspace: the file of grades it gave.")
    ] = None,
    match: Annotated[
        str | None, typer.Option("--match", help="canvas: students by login, id or sis only. Default: all ways.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option("--column", metavar="NAME=HEADER", help="An assignment's column; not for moodle."),
    ] = None,
    worksheet: Annotated[Path | None, typer.Option("--worksheet", help="moodle: the worksheet to fill in.")] = None,
    id_column: Annotated[
        str | None, typer.Option("--id-column", help="moodle: of the students. Default: found.")
    ] = None,
    grade_column: Annotated[
        str | None, typer.Option("--grade-column", help="moodle: of the grades. Default: found.")
    ] = None,
    missing_as_zero: Annotated[
        bool, typer.Option("--missing-as-zero", help="Of a host: 0 where nothing was handed in, not blank.")
    ] = False,
    with_manual: Annotated[
        bool, typer.Option("--with-manual", help="csv, hosts: with the points that people gave by hand.")
    ] = False,
    annotations: Annotated[bool, typer.Option("--annotations", help="github: print them as well.")] = False,
    submitted: Annotated[
        Path | None, typer.Option("--submitted", help="nbgrader, hosts: what was collected. Default: work/submitted.")
    ] = None,
    roster: RosterOption = None,
    course: CourseOption = None,
) -> None:
    """Export marks for a spreadsheet, Canvas, Moodle, Blackboard, Brightspace, Gradescope, a CI service or nbgrader.

    The rules of course.toml, such as late rules, are applied; not for nbgrader, which has its own.
    """
    given = {name: value for name, value in locals().items() if value}  # the first line: only options are named yet
    from autograder.text import nearest

    options = {name: value for name, value in given.items() if name not in _FOR_EVERY_FORMAT}
    if kind not in FORMATS:
        raise AutograderError(f"export: expected one of {', '.join(FORMATS)}, got {kind!r}.{nearest(kind, FORMATS)}")
    for name in options:
        able = [each for each, write in FORMATS.items() if name in inspect.signature(write).parameters]
        if kind not in able:
            option = f"--{name.replace('_', '-')}"
            raise AutograderError(f"{option}: expected with {', '.join(able)}, got with {kind}.")
    this_course = course_of(course)
    people = class_of(this_course, roster)
    request = Request(
        this_course,
        results or this_course.work / "results",
        [*(assignments or []), *(names or [])],
        student or [],
        people,
    )
    FORMATS[kind](request, **options)
