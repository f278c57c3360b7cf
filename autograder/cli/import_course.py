"""`autograder import`: a course of nbgrader or otter becomes an assignment of ours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.app import CourseOption, JobsOption, app, course_of, jobs_of
from autograder.cli.console import cell, columns, progress, say, short, show

if TYPE_CHECKING:
    from autograder.importing.bring import Brought
    from autograder.importing.parts import SourceNotebook

_importing = typer.Typer(no_args_is_help=True, help="Make an assignment of ours from a course of nbgrader or otter.")
app.add_typer(_importing, name="import")
_MOST_ROUNDS = 6

Name = Annotated[str | None, typer.Argument(metavar="[NAME]", help="Of the assignment here. Default: its name there.")]


@_importing.command(epilog="Example: autograder import nbgrader ../their-course/source/ps1")
def nbgrader(
    source: Annotated[Path, typer.Argument(metavar="SOURCE_DIR", help="source/ASSIGNMENT, or the course's folder.")],
    name: Name = None,
    course: CourseOption = None,
    jobs: JobsOption = None,
) -> None:
    """Read nbgrader's source notebooks. Tests leave the student's process where the verdicts stay the same."""
    from autograder.importing.bring import names_for
    from autograder.importing.nbgrader_source import assignment_folders, read_assignment

    named: list[tuple[str, SourceNotebook]] = []
    for folder in assignment_folders(source):
        notebooks = read_assignment(folder)
        named += zip(names_for(name or folder.resolve().name, [n.name for n in notebooks]), notebooks, strict=True)
    _bring(named, "nbgrader", course, jobs_of(jobs))


@_importing.command(epilog="Example: autograder import otter ../their-course/hw1.ipynb")
def otter(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="MASTER", help="A master notebook; or autograder.zip beside its notebook with solutions."
        ),
    ],
    name: Name = None,
    course: CourseOption = None,
    jobs: JobsOption = None,
) -> None:
    """Read otter's master notebook or archive. Tests leave the student's process where the verdicts stay the same."""
    from autograder.importing.bring import names_for
    from autograder.importing.otter_master import read_master
    from autograder.importing.otter_zip import read_zip

    notebook = (read_zip if source.suffix == ".zip" else read_master)(source)
    _bring(
        [(ours, notebook) for ours in names_for(name or notebook.name, [notebook.name])], "otter", course, jobs_of(jobs)
    )


def _bring(named: list[tuple[str, SourceNotebook]], tool: str, course: Path | None, jobs: int) -> None:
    """Bring each notebook by its name here. One of several that cannot be brought stops none of the others."""
    from autograder.errors import AutograderError
    from autograder.importing.bring import bring

    this_course = course_of(course)
    refused: list[str] = []
    for ours, notebook in named:
        try:
            with progress(ours, _MOST_ROUNDS) as step:
                made = bring(this_course, ours, notebook, tool, jobs, step)
        except AutograderError as error:
            if len(named) == 1:
                raise
            refused.append(str(error))
            continue
        _show(made)
    for line in refused:
        say(f"left out: {line}")
    if len(refused) == len(named):
        raise typer.Exit(1)


def _show(made: Brought) -> None:
    from autograder.importing.report import REPORT, WHERE, rows, summary

    table = columns("test", "check", "points", "runs", "why", right=("points",))
    for row in rows(made.settled):
        table.add_row(cell(row.theirs), cell(row.ours), f"{row.points:g}", WHERE[row.way], cell(row.why))
    name = made.folder.name
    say(f"{short(made.folder)}: written. {summary(rows(made.settled))}.")
    if table.rows:
        show(table)
    say(f"{short(made.folder / REPORT)} has the reasons.")
    say("No samples are made: write some into samples/wrong, and the audit will test the checks with them.")
    say(f"Next: autograder release {name} && autograder audit {name}")
