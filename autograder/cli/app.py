"""The application that every command registers with, and the options that several commands share.

Nothing is decided in this package.

Imports of the stages stand inside the commands: `autograder --help` must not wait for NumPy.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from autograder import __version__
from autograder.cli.platforms import require_system
from autograder.errors import AutograderError
from autograder.text import counted

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.roster.roster import Roster


_FOR_A_PERSON = sys.stdout.isatty() and sys.stderr.isatty()  # a person at a terminal gets boxes

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich" if _FOR_A_PERSON else None,
    context_settings={} if _FOR_A_PERSON else {"terminal_width": 160},
    help="Release notebooks, grade what students hand in, report. The student's process never holds the answer.",
)


@app.callback(invoke_without_command=True)
def version(
    context: typer.Context,
    show: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    """Options before a command."""
    if show:
        typer.echo(f"autograder {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is not None and "--help" not in sys.argv:
        require_system(context.invoked_subcommand)


CourseOption = Annotated[
    Path | None, typer.Option("--course", help="The course folder. Default: looked for upwards from here.")
]
RosterOption = Annotated[
    Path | None,
    typer.Option(
        "--roster",
        metavar="FILE",
        readable=False,  # the reader of rosters says it in our own line
        help="Who is in the class: students.csv, or the file of people or grades that a host gives. "
        "Default: the course's students.csv.",
    ),
]
Assignments = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Assignments. Default: all.")]
JobsOption = Annotated[
    int | None, typer.Option("--jobs", min=1, max=256, help="Grader processes. Default: one a core.")
]
TierOption = Annotated[
    str | None,
    typer.Option("--tier", metavar="A|B", help="Insist on a sandbox tier. Default: the best that holds."),
]

ShardOption = Annotated[
    str | None,
    typer.Option(
        "--shard", metavar="I/N", help="Grade only part I of N; after all parts, run it without (docs/scale.md)."
    ),
]
ClusterOption = Annotated[
    str | None,
    typer.Option("--cluster", metavar="ADDRESS", help="Grade on the workers of a Dask scheduler (docs/scale.md)."),
]
DeviceOption = Annotated[
    str, typer.Option("--device", metavar="cpu|cuda|strict", help="Where checks compute that can: cuda for a GPU.")
]


def course_of(given: Path | None) -> Course:
    """The course that the user chose, by --course or by the working folder.

    Never one that lies around a file of the command line: the checks of a course run here, and a file can be anybody's.
    """
    from autograder.course import find_course, open_course

    return open_course(given) if given else find_course(working_folder())


def working_folder() -> Path:
    """The working folder. Raises AutograderError if it is gone."""
    try:
        return Path.cwd()
    except OSError as error:
        raise AutograderError(f"working folder: expected one, got {error.strerror}. Hint: cd to your course.") from None


def class_of(course: Course, given: Path | None) -> Roster | None:
    """The class's roster, with a line that says which file it is; None if the course has none."""
    from autograder.cli.console import say, short
    from autograder.roster.class_roster import class_roster

    roster = class_roster(course, given)
    if roster:
        gone = len(roster.students) - len(roster.present)
        left = f", {gone} left the class" if gone else ""
        say(f"roster: {short(Path(roster.source))}, {counted(len(roster.present), 'student')}{left}")
    return roster


def tier_of(text: str | None) -> Any:
    if text not in {None, "A", "B"}:
        raise AutograderError(f"--tier: expected A or B, got {text!r}.")
    return text


def jobs_of(wanted: int | None) -> int:
    return wanted or len(os.sched_getaffinity(0))
