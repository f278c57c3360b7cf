"""What the person does who runs the portal: write out, back up, restore, forget somebody, look whether all is well."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

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


@contextlib.contextmanager
def _opened(course: Course, url: str) -> Iterator[tuple[Database, PortalFolders]]:
    """The course's portal. Raises AutograderError if it has none yet."""
    from autograder.portal.database import open_database
    from autograder.portal.folders import PortalFolders

    places = PortalFolders(course.work / "portal")
    if not places.root.is_dir() or (not url and not places.database.exists()):
        raise AutograderError(f"{short(places.root)}: expected a portal, got none. Hint: autograder serve makes it.")
    database = open_database(url or f"sqlite:///{places.database}")
    try:
        yield database, places
    finally:
        database.close()
