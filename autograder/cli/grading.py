"""The command that grades: hidden checks in the grader, student code in the sandbox."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from autograder.cli.app import (
    ClusterOption,
    CourseOption,
    DeviceOption,
    JobsOption,
    RosterOption,
    ShardOption,
    TierOption,
    app,
    class_of,
    course_of,
    jobs_of,
    tier_of,
)
from autograder.cli.console import progress, say, short
from autograder.errors import AutograderError
from autograder.text import counted, few, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.course import Course
    from autograder.grading.plan import GradingPlan
    from autograder.intake.submissions import Submission
    from autograder.roster.roster import Roster
    from autograder.sandbox.prestart import Prestart


@app.command(epilog="Example: autograder grade a1 a2 --jobs 4, or on a GPU: autograder grade --device cuda")
def grade(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME|DIR]...",
            help="Assignments; and the folder of STUDENT/ASSIGNMENT/*.ipynb. Default: all, in work/submitted.",
        ),
    ] = None,
    names: Annotated[list[str] | None, typer.Option("-a", "--assignment", help="Only these. Repeatable.")] = None,
    student: Annotated[list[str] | None, typer.Option("--student", help="Only these students. Repeatable.")] = None,
    jobs: JobsOption = None,
    shard: ShardOption = None,
    cluster: ClusterOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where results go. Default: work/results.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Grade everything again, also what is up to date.")] = False,
    unsafe: Annotated[bool, typer.Option("--unsafe", help="Grade WITHOUT a sandbox. Stamped on every result.")] = False,
    tier: TierOption = None,
    device: DeviceOption = "cpu",
    roster: RosterOption = None,
    course: CourseOption = None,
) -> None:
    """Grade what was handed in: hidden checks in the grader, student code in the sandbox.

    A result stays if its notebook, the checks, the secret and the versions are still the same. Exit 1 if a submission
    could not be graded: its earlier result stays, all others are graded, and the next run tries it again.
    """
    wanted: Any = "unsafe" if unsafe else tier_of(tier)
    if cluster is not None and jobs is not None:
        raise AutograderError("--jobs: expected none with --cluster, got one. Hint: its workers are the processes.")
    this_course = course_of(course)
    submitted, named = _folder_and_names(this_course, what or [])
    chosen = _assignments(this_course, [*named, *(names or [])])
    people = class_of(this_course, roster)
    submissions = _submissions(this_course, submitted, chosen, student or (), people, make_secret=shard is None)
    results = out or this_course.work / "results"
    alone = cluster is None and shard is None and (len(submissions) == 1 or (submissions and jobs_of(jobs) == 1))
    to_grade = everything or not (results / "grades.csv").exists()  # otherwise that shows after the imports
    with _prestart(this_course, wanted, submissions) if alone and to_grade else contextlib.nullcontext() as prestart:
        from autograder.grading.plan import GradingPlan
        from autograder.grading.shard import parse_shard, share
        from autograder.judging.device import open_device

        part = parse_shard(shard) if shard is not None else None
        if cluster is None:
            open_device(device)  # so that an error comes now; every grader process opens its own
        plan = GradingPlan(
            this_course,
            chosen,
            tuple(submissions if part is None else share(submissions, part)),
            results,
            jobs_of(jobs),
            wanted,
            everything,
            shard=part is not None,
            cluster=cluster,
            device=device,
            prestart=prestart,
        )
        _grade(plan, f"shard {part}: {len(plan.submissions)} of {len(submissions)}" if part is not None else "")


def _submissions(
    course: Course,
    folder: Path | None,
    chosen: Sequence[str],
    students: Sequence[str],
    people: Roster | None,
    *,
    make_secret: bool,
) -> list[Submission]:
    """The submissions that are asked for, after lines about those that do not count."""
    from autograder.assignment.handouts import handed_out
    from autograder.intake.received import Trust
    from autograder.intake.submissions import find_submissions
    from autograder.secret import course_secret

    submissions = find_submissions(
        folder or course.work / "submitted",
        chosen,
        students,
        trust=Trust(course_secret(course, make=make_secret), course.trust_timestamps),
        handed_out=handed_out(course, chosen),
        roster=people,
    )
    _print_uncounted(submissions)
    _print_strangers(submissions, people)
    return submissions


def _prestart(course: Course, tier: Any, submissions: Sequence[Submission]) -> Prestart:
    """A sandbox that starts now, with what the first submission's assignment needs."""
    from autograder.assignment.equipping import equipment_in
    from autograder.sandbox.prestart import Prestart

    return Prestart(tier, equipment_in(course.solutions / submissions[0].assignment))


def _folder_and_names(course: Course, given: Sequence[str]) -> tuple[Path | None, list[str]]:
    """The folder of submissions, if one is given, and the assignments. Raises AutograderError."""
    known = course.names()
    names = [each for each in given if each in known]
    others = [each for each in given if each not in known]
    for each in others:
        if nearest(each, known) and not Path(each).exists():
            course.select([each])  # a misspelt name: the error has the right one
    if len(others) > 1:
        raise AutograderError(
            f"grade: expected assignments and one folder, got the folders {', '.join(others[:5])}. "
            "Hint: grade one after the other, each with an --out of its own."
        )
    return (Path(others[0]) if others else None), names


def _assignments(course: Course, names: Sequence[str] | None) -> tuple[str, ...]:
    """The assignments that are asked for; else all but the drafts, with a line that says which are left out."""
    from datetime import UTC, datetime

    chosen, now = course.select(tuple(names or ())), datetime.now(UTC)
    drafts = [] if names else [name for name in chosen if course.policy.of(name).state_at(now) == "draft"]
    if drafts:
        say(f"not open yet, so not graded: {', '.join(drafts)}")
    return tuple(name for name in chosen if name not in drafts)


def _print_strangers(submissions: Sequence[Submission], roster: Roster | None) -> None:
    """Say whose folders are of nobody in the roster. They are graded all the same."""
    strangers = sorted({s.student for s in submissions} - set(roster.by_id)) if roster else []
    if strangers:
        say(f"in no line of the roster: {few(strangers)}")


def _print_uncounted(submissions: Sequence[Submission]) -> None:
    """Say how many times of receipt, commits and earlier attempts do not count, and what to do."""
    other = "that another secret signed, or that were changed, do not count. Hint: restore work/secret.key or "
    nobody = "that collect did not sign do not count. Hint: trust_timestamps = true in course.toml if nbgrader or you "
    for students, what in (
        ({s.student for s in submissions if s.missigned}, f"{other}AUTOGRADER_SECRET; or autograder adopt."),
        ({s.student for s in submissions if s.unsigned}, f"{nobody}wrote timestamp.txt; or autograder adopt."),
    ):
        if students:
            say(f"{counted(len(students), 'student')}: times or earlier attempts {what}")


def _grade(plan: GradingPlan, part: str) -> None:
    """Grade, and print the outcome. part: the shard in words, or "". Exit 1 if one could not be graded."""
    from autograder.cli.grading_summary import print_counts, what_was_done
    from autograder.grading.grade_class import grade_class
    from autograder.records.history import current

    before = current(plan.out)
    with progress("grading", len(plan.submissions)) as step:
        grades = grade_class(plan, lambda _: step(), tell=say)
    print_counts(grades, plan.course.policy.carried_forward)
    say(what_was_done(grades))
    if part:
        say(f"{part}, in {short(plan.out)}. Next, after all shards: autograder grade")
    else:
        _print_changes(plan.out, before, plan.course.policy.carried_forward)
        say(f"results: {short(plan.out)}, grades: {short(plan.out / 'grades.csv')}. Next: autograder report")
    if any(g.status == "error" for g in grades):
        raise typer.Exit(1)


def _print_changes(folder: Path, before: str | None, counts: float) -> None:
    """Print one line if this run changed scores of an earlier one. counts: the share of carried points that counts."""
    from autograder.records.compare import compare
    from autograder.records.history import current, read_changed, read_grading

    now = current(folder)
    parent = read_grading(folder, now).parent if now and now != before else None
    if now is None or parent is None:
        return
    pairs = read_changed(folder, parent, now)
    changed = sum(len(compare([old] if old else [], [new] if new else [], counts).of("score")) for old, new in pairs)
    if changed:
        say(f"{counted(changed, 'score')} changed: autograder diff", "bold")
