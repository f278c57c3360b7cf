"""The command that collects students' work."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.app import CourseOption, RosterOption, app, class_of, course_of
from autograder.cli.collected import Collected, command, print_collected
from autograder.cli.console import progress, say, short
from autograder.cli.regrade_work import note_kept_reasons
from autograder.cli.worksheets import keep_worksheet, require_worksheet
from autograder.errors import AutograderError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from autograder.course import Course
    from autograder.intake.collection_plan import CollectionPlan
    from autograder.intake.push_times import PushLog
    from autograder.intake.settling import Wish
    from autograder.intake.which_notebook import WantedNotebooks


@app.command(epilog="Example: autograder collect submissions.zip -a a1_gradient_ascent --roster students.csv")
def collect(
    sources: Annotated[
        list[Path],
        typer.Argument(
            metavar="SOURCE...",
            readable=False,
            help="A download of Canvas, Moodle, Gradescope, Blackboard, Brightspace, ILIAS, Sakai or GitHub Classroom, "
            "a zip or unpacked; a folder STUDENT/ASSIGNMENT/; a CSV with id and git remote.",
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
    assign: Annotated[
        list[str] | None,
        typer.Option(
            "--assign", metavar="FILE=STUDENT", help="Whose a file is that was not placed. Repeatable; remembered."
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", metavar="FILE", help="Leave out a file that was not placed. Repeatable; remembered."),
    ] = None,
    worksheet: Annotated[
        Path | None,
        typer.Option(
            "--worksheet",
            metavar="FILE",
            help="Moodle's grading worksheet, or the grades of Canvas, Brightspace or Blackboard; kept for export.",
        ),
    ] = None,
    received: Annotated[
        str | None,
        typer.Option(
            "--received",
            metavar="TIME",
            help="When it came in, where the source does not say. Default: now, which makes nobody late.",
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
    from functools import partial

    from autograder.intake.collection_plan import CollectionPlan
    from autograder.intake.settled import SETTLED, read_settled
    from autograder.intake.settling import wishes
    from autograder.marks import due_time
    from autograder.secret import course_secret

    this_course = course_of(course)
    chosen = this_course.select(names or ())
    target = out or this_course.work / "submitted"
    people = class_of(this_course, roster)
    _require_from_students(this_course, sources, target)
    plan = CollectionPlan(
        tuple(sources),
        _wanted_notebooks(this_course, chosen, only=bool(names) and len(chosen) == 1),
        target,
        this_course.work / "fetched",
        lambda: datetime.now(UTC),
        course_secret(this_course),
        people,
        branch,
        _moment("--deadline", deadline, this_course),
        _moment("--received", received, this_course),
        dry_run,
        this_course.trust_timestamps,
        this_course.zone,
        read_settled(this_course.work / SETTLED),
        pushes=_push_log(),
        due=partial(due_time, this_course.policy, people),
    )
    wanted = wishes(assign or (), ignore or (), people)
    host = require_worksheet(worksheet, chosen) if worksheet else None
    undone = {"--assign": assign, "--ignore": ignore, "--worksheet": worksheet}  # by a dry run
    again = {
        "-a": names, "--roster": roster, "--branch": branch, "--deadline": deadline, "--received": received,
        "--out": out, "--course": course, **(undone if dry_run else {}),
    }  # fmt: skip
    done = _collected(plan, wanted, this_course.work / SETTLED)
    if worksheet and host and not dry_run:
        say(f"kept for export {host}: {short(keep_worksheet(this_course, worksheet, host, chosen))}")
    if not dry_run:
        note_kept_reasons(this_course, plan.out)
    print_collected(done, people, command(sources, again))


def _wanted_notebooks(course: Course, chosen: tuple[str, ...], *, only: bool) -> WantedNotebooks:
    """What is being collected. only: one assignment was asked for, so that a notebook's name need not say it."""
    from autograder.assignment.asked import asked_names
    from autograder.assignment.handouts import handed_out
    from autograder.intake.which_notebook import WantedNotebooks

    known = course.names()
    return WantedNotebooks(
        chosen, chosen[0] if only else "", known, handed_out(course, known), asked_names(course.solutions)
    )


def _require_from_students(course: Course, sources: Sequence[Path], out: Path) -> None:
    """Refuse the course's own folders: the author's notebooks would be a student's."""
    ours = {
        course.root: "the course itself",
        course.work: "the course's work folder",
        out: "the folder into which collect puts it",
    }
    for source in sources:
        place = source.resolve()
        got = next((what for folder, what in ours.items() if folder.resolve() == place), "")
        if any(place.is_relative_to(folder.resolve()) for folder in (course.solutions, course.assignments)):
            got = "a folder of the author's"
        if got:
            raise AutograderError(
                f"{source}: expected what students handed in, got {got}. Hint: give the host's archive, or a folder."
            )


def _collected(plan: CollectionPlan, wanted: Sequence[Wish], settled: Path) -> Collected:
    """Decide first, and remember it; then place. A decision that is wrong leaves everything as it was."""
    from autograder.intake.collect import Absent, Ignored, Taken, collect
    from autograder.intake.entries import Problem
    from autograder.intake.settled import remember, shown
    from autograder.intake.settling import decide
    from autograder.intake.sources import steps

    if wanted:
        with progress("looking", steps(plan)) as step:
            decisions = decide(plan, wanted, plan.now(), step)
        for decision, students in plan.settled.changed_by(decisions):
            names = ", ".join(students)
            say(f"{shown(decision.file)}: was of {names}; what was placed for {names} stays. Hint: move it away")
        if not plan.dry:
            remember(settled, decisions)
        plan = replace(plan, settled=plan.settled.with_decisions(decisions))
    with progress("collecting", steps(plan)) as step:
        done = list(collect(plan, step))
    return Collected(
        plan.out,
        [each for each in done if isinstance(each, Taken)],
        list(dict.fromkeys(each for each in done if isinstance(each, Problem))),
        [each for each in done if isinstance(each, Ignored)],
        [each for each in done if isinstance(each, Absent)],
        len(wanted),
        plan.dry,
    )


def _push_log() -> PushLog | None:
    """Asks the host of the repositories when they were pushed, if there is a token for it."""
    from autograder.hosting.server import server_of
    from autograder.intake.git_token import TOKEN

    server = server_of(os.environ, TOKEN)
    if not server.token:
        return None
    from autograder.hosting.api import Api  # its import of httpx takes a tenth of a second
    from autograder.intake.push_times import push_log

    return push_log(Api(server))


def _moment(option: str, text: str | None, course: Course) -> datetime | None:
    """A time; without an offset it is in the course's time zone."""
    from autograder.times import EXAMPLE, deadline

    try:
        return deadline(text, course.zone) if text else None
    except ValueError:
        example = EXAMPLE if course.zone else "2026-11-30T23:59+01:00"
        hint = "" if course.zone else " Hint: or set timezone in course.toml."
        kind = "a time" if course.zone else "a time with its zone"
        raise AutograderError(f"{option}: expected {kind}, such as {example}, got {text!r}.{hint}") from None
