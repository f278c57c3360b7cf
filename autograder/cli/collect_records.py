"""Commands for the records of `collect`: the decisions that it remembers, and times of receipt that nobody signed."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.app import CourseOption, app, course_of
from autograder.cli.console import cell, columns, say, short, show
from autograder.text import counted


@app.command(epilog="Example: autograder settled --forget 'Canvas user 99'")
def settled(
    forget: Annotated[
        list[str] | None, typer.Option("--forget", metavar="FILE", help="Forget what was decided about it. Repeatable.")
    ] = None,
    course: CourseOption = None,
) -> None:
    """List what `collect --assign` and `--ignore` decided, or forget some of it."""
    from autograder.intake import settled as decisions

    this_course = course_of(course)
    file = this_course.work / decisions.SETTLED
    for name in forget or ():
        for each in decisions.forget(file, name):
            stays = f"; what was placed for {', '.join(each.students)} stays" if each.students else ""
            say(f"forgotten: {decisions.shown(each.file)}{stays}")
    table = columns("file", "decided", "when")
    known = decisions.read_settled(file).decisions
    for each in known:
        what = f"is of {', '.join(each.students)}" if each.students else "is ignored"
        name = shlex.quote(decisions.shown(each.file))
        table.add_row(cell(name), cell(what), cell(f"{each.decided_at:%Y-%m-%d %H:%M} UTC"))
    if known:
        show(table)
    else:
        say(f"nothing is decided in {short(file)}. Next: autograder collect SOURCE")


@app.command(epilog="Example: autograder adopt work/submitted")
def adopt(
    submitted: Annotated[Path | None, typer.Argument(help="Default: work/submitted.")] = None,
    course: CourseOption = None,
) -> None:
    """Sign the records of receipt that lie there, so that they count. Only if collect wrote them, and no student."""
    from autograder.intake import adopting
    from autograder.secret import course_secret

    this_course = course_of(course)
    root = submitted or this_course.work / "submitted"
    count = len(list(adopting.adopt(root, this_course.names(), course_secret(this_course))))
    say(f"{counted(count, 'record')} signed: {short(root)}. Next: autograder grade")
