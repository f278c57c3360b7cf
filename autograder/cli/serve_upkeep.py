"""What the person does who runs the portal: write out, back up, restore, forget somebody, look whether all is well."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.app import CourseOption, course_of
from autograder.cli.console import say, short
from autograder.cli.serving import DatabaseOption, serve_app
from autograder.errors import AutograderError
from autograder.text import counted

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.portal.database import Database
    from autograder.portal.folders import PortalFolders


@serve_app.command(epilog="Example: autograder serve sync && autograder grade && autograder report")
def sync(database: DatabaseOption = "", course: CourseOption = None) -> None:
    """Write the portal's notebooks, results and exceptions to work/, where all other commands read them.

    It can run beside the server, and as often as you like: a second run changes nothing. Exit 1 if something was left
    out.
    """
    this_course = course_of(course)
    from autograder.portal import projection
    from autograder.secret import course_secret

    with _opened(this_course, database) as (opened, places):
        done = projection.sync(this_course, opened, places, course_secret(this_course), datetime.now(UTC))
    for problem in done.problems:
        say(f"left out: {problem}")
    say(f"{counted(done.notebooks, 'notebook')} and {counted(done.results, 'result')} written to work/")
    waiting = f"{done.ungraded} not graded in the portal yet. " if done.ungraded else ""
    say(f"{waiting}Next: autograder {'grade' if done.ungraded else 'report'}")
    if done.problems:
        raise typer.Exit(1)


@serve_app.command(epilog="Example: autograder serve backup /mnt/other-disk/backups")
def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where backups lie: better on another machine.")],
    keep: Annotated[int, typer.Option("--keep", min=1, help="Backups that stay; older ones are removed.")] = 14,
    database: DatabaseOption = "",
    course: CourseOption = None,
) -> None:
    """Copy the portal's database, notebooks, results and key to a new folder in DIR. It can run beside the server.

    Not in it: course.toml, solutions/ and work/secret.key. Keep a copy of these yourself.
    """
    from autograder.portal.backup import back_up

    with _opened(course_of(course), database) as (opened, places):
        say(f"{back_up(opened, places, folder, datetime.now(UTC), keep)}: whole")


@serve_app.command(epilog="Example: autograder serve restore /mnt/other-disk/backups")
def restore(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A backup; or where several lie: then the newest.")],
    database: DatabaseOption = "",
    course: CourseOption = None,
) -> None:
    """Put a backup back, where no portal is. What was handed in after it can come back only from its files.

    Each notebook and each result is compared with its row.
    """
    from autograder.portal.backup import restore as put_back
    from autograder.portal.opening import folders_of

    places = folders_of(course_of(course))
    number = put_back(folder, places, database or f"sqlite:///{places.database}")
    say(f"{short(places.root)}: {counted(number, 'hand-in')} restored and compared. Next: autograder serve")


@serve_app.command(epilog="Example: autograder serve forget ada --yes")
def forget(
    person: Annotated[str, typer.Argument(metavar="ID", help="Of the person.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    database: DatabaseOption = "",
    course: CourseOption = None,
) -> None:
    """Erase a person from the portal: sign-ins, notebooks, results, marks, requests. It cannot be undone.

    The record of what was done keeps a pseudonym. Backups, work/submitted, work/results and reports are not touched.
    """
    from autograder.portal import forgetting

    this_course = course_of(course)
    with _opened(this_course, database) as (opened, places):
        if not yes:
            typer.confirm(f"Erase {person!r} with all notebooks and results?", abort=True)
        pseudonym = forgetting.forget(opened, places, person, datetime.now(UTC))
    say(f"erased; events call this person {pseudonym}")
    say("not touched: backups, and what other commands wrote to work/ for this person. Hint: remove it by hand.")


@serve_app.command(epilog="Example: autograder serve unit systemd --host grading.example.edu")
def unit(
    kind: Annotated[str, typer.Argument(metavar="systemd|caddy|nginx", help="Which file.")],
    host: Annotated[str, typer.Option("--host", metavar="NAME", help="The name in the address that people type.")] = (
        "grading.example.edu"
    ),
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Where autograder serve listens.")] = 8000,
    user: Annotated[str, typer.Option("--user", help="Who runs it. Default: you.")] = "",
    memory: Annotated[int, typer.Option("--memory", min=1, max=1024, help="GiB that it may take.")] = 3,
    course: CourseOption = None,
) -> None:
    """Print a file for the machine that runs the portal. It writes nothing: you read it, and put it in its place."""
    import getpass
    import sys

    from autograder.portal.deployment import Machine, deployment_file

    program = Path(sys.prefix) / "bin" / "autograder"
    machine = Machine(course_of(course).root, program, user or getpass.getuser(), host, port, memory)
    typer.echo(deployment_file(kind, machine), nl=False)


@serve_app.command(epilog="Example: autograder serve doctor")
def doctor(database: DatabaseOption = "", course: CourseOption = None) -> None:
    """Try whether this machine can keep what the portal promises. Exit 1 if it cannot."""
    from autograder.doctor import can_grade, examine
    from autograder.portal.opening import folders_of
    from autograder.portal.readiness import ReadinessLine, readiness

    lines = readiness(folders_of(course_of(course)).root, sqlite=not database or database.startswith("sqlite"))
    found = examine()
    lines += [ReadinessLine(tier.what, tier.good, tier.says) for tier in found if tier.tier]
    for line in lines:
        sign, style = {True: ("ok", "green"), False: ("NO", "bold red"), None: ("look", "yellow")}[line.good]
        say(f"{sign:4}  {line.what}: {line.says}", style)
    if not can_grade(found) or any(line.good is False for line in lines if not line.what.startswith("tier")):
        raise typer.Exit(1)


@contextlib.contextmanager
def _opened(course: Course, url: str) -> Iterator[tuple[Database, PortalFolders]]:
    """The course's portal. Raises AutograderError if it has none yet."""
    from autograder.portal.opening import database_of, folders_of

    places = folders_of(course)
    if not places.root.is_dir() or (not url and not places.database.exists()):
        raise AutograderError(f"{short(places.root)}: expected a portal, got none. Hint: autograder serve makes it.")
    database = database_of(places, url)
    try:
        yield database, places
    finally:
        database.close()
