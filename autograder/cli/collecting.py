"""The command that collects students' work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.app import CourseOption, RosterOption, app, class_of, course_of
from autograder.cli.console import cell, columns, progress, say, short, show
from autograder.errors import AutograderError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from autograder.intake.collect import Taken
    from autograder.intake.entries import Problem


@app.command(epilog="Example: autograder collect submissions.zip -a a1_gradient_ascent --roster students.csv")
def collect(
    sources: Annotated[
        list[Path],
        typer.Argument(
            metavar="SOURCE...", help="A zip of Canvas, Moodle or Gradescope; a folder; a CSV with id and git remote."
        ),
    ],
    names: Annotated[
        list[str] | None,
        typer.Option("-a", "--assignment", help="What it is for. Default: what the notebooks are called. Repeatable."),
    ] = None,
    roster: RosterOption = None,
    branch: Annotated[
        str, typer.Option("--branch", help="Of git remotes, or submit/* for the newest such tag. Default: each's own.")
    ] = "",
    deadline: Annotated[
        str | None,
        typer.Option("--deadline", metavar="TIME", help="What comes later replaces nothing that came before."),
    ] = None,
    received: Annotated[
        str | None,
        typer.Option(
            "--received", metavar="TIME", help="When it came in, where the source does not say. Default: now."
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Default: work/submitted.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done. Git remotes are fetched.")
    ] = False,
    course: CourseOption = None,
) -> None:
    """Put notebooks from archives, folders and repositories where `grade` looks for them."""
    from datetime import UTC, datetime

    from autograder.assignment.asked import asked_names
    from autograder.assignment.handouts import handed_out
    from autograder.intake import collect as intake
    from autograder.intake.sources import CollectionPlan, steps
    from autograder.intake.which_notebook import WantedNotebooks
    from autograder.secret import course_secret

    this_course = course_of(course)
    chosen = this_course.select(names or ())
    plan = CollectionPlan(
        tuple(sources),
        WantedNotebooks(
            chosen,
            chosen[0] if names and len(chosen) == 1 else "",
            this_course.names(),
            handed_out(this_course, this_course.names()),
            asked_names(this_course.solutions),
        ),
        out or this_course.work / "submitted",
        this_course.work / "fetched",
        lambda: datetime.now(UTC),
        course_secret(this_course),
        class_of(this_course, roster),
        branch,
        _moment("--deadline", deadline),
        _moment("--received", received),
        dry_run,
        this_course.trust_timestamps,
    )
    with progress("collecting", steps(plan)) as step:
        done = list(intake.collect(plan, step))
    _print(done, plan.out, dry=dry_run)


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
    say(f"{count} records signed: {short(root)}. Next: autograder grade")


def _moment(option: str, text: str | None) -> datetime | None:
    from autograder.times import moment

    try:
        return moment(text) if text else None
    except ValueError:
        raise AutograderError(
            f"{option}: expected a time with its zone, such as 2026-11-30T23:59+01:00, got {text!r}."
        ) from None


def _print(done: Sequence[Taken | Problem], out: Path, *, dry: bool) -> None:
    """Exit 1 if anything was not placed."""
    from autograder.intake.entries import Problem

    taken = [each for each in done if not isinstance(each, Problem)]
    problems = [each for each in done if isinstance(each, Problem)]
    counts = [sum(t.placed == what for t in taken) for what in ("new", "again", "unchanged")]
    said = f"{counts[0]} placed, {counts[1]} new attempts, {counts[2]} unchanged, {len(problems)} not placed"
    late = sorted({t.student for t in taken if t.late})
    say(f"{'would be: ' if dry else ''}{said}")
    if late:
        more = f" and {len(late) - 10} more" if len(late) > 10 else ""
        say(f"late: {', '.join(late[:10])}{more}")
    _print_problems(problems)
    _print_remarks(taken)
    say(f"submitted: {short(out)}. Next: autograder grade")
    if problems:
        raise typer.Exit(1)


def _print_remarks(taken: Sequence[Taken]) -> None:
    """Print what a person should know of notebooks that are in their place."""
    lines = [(t, remark) for t in taken for remark in t.remarks]
    table = columns("placed, but look", "remark")
    for each, remark in lines:
        table.add_row(cell(f"{each.student}, {each.file}"[:100]), cell(remark))
    if lines:
        show(table)


def _print_problems(problems: Sequence[Problem]) -> None:
    table = columns("not placed", "reason")
    for problem in problems:
        table.add_row(cell(problem.file[:100]), cell(problem.reason))
    if problems:
        show(table)
