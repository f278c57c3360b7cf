"""Commands for regrade requests: `regrade add`, `fetch`, `list`, `show` and `settle`. None of them changes a mark."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.app import CourseOption, RosterOption, app, class_of, course_of
from autograder.cli.console import cell, columns, say, short, show
from autograder.cli.regrade_work import add_askings, answers_to, regrade_answers
from autograder.cli.servers import FEEDBACK_TOKEN, server_with
from autograder.errors import AutograderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.course import Course
    from autograder.regrades.outcome import RegradeAnswer
    from autograder.regrades.regrade_request import Asking, RegradeRequest

regrade_app = typer.Typer(no_args_is_help=True, help="Why students ask to be graded again, and what became of it.")
app.add_typer(regrade_app, name="regrade")

SubmittedOption = Annotated[Path | None, typer.Option("--submitted", help="Default: work/submitted.")]
ResultsOption = Annotated[Path | None, typer.Option("--results", metavar="DIR", help="Default: work/results.")]
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Of a request, or its first letters: see regrade list.")]


@regrade_app.callback()
def regrade() -> None:
    """Commands for regrade requests."""


@regrade_app.command(epilog="Example: autograder regrade add requests.csv")
def add(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]", help="CSV: student, assignment, reason, perhaps question. Default: the files regrade.md."
        ),
    ] = None,
    submitted: SubmittedOption = None,
    results: ResultsOption = None,
    roster: RosterOption = None,
    course: CourseOption = None,
) -> None:
    """Add requests from a list, and from the files regrade.md or regrade.txt that lie beside students' notebooks."""
    from autograder.regrades.asking import asked_in_files, asked_in_list

    this_course = course_of(course)
    people = class_of(this_course, roster)
    folder = submitted or this_course.work / "submitted"
    askings = list(asked_in_files(folder, this_course.names()))
    if file:
        known = {p.name for p in folder.iterdir()} if folder.is_dir() else set()
        askings += asked_in_list(file, this_course.names(), people, known)
    _add(this_course, results, askings)


@regrade_app.command(epilog="Example: autograder regrade fetch")
def fetch(results: ResultsOption = None, roster: RosterOption = None, course: CourseOption = None) -> None:
    """Add requests from issues of the students' repositories, with the token in AUTOGRADER_FEEDBACK_TOKEN.

    An issue counts if its title begins with `Regrade:` or it has the label regrade, and its author is the student.
    """
    from autograder.hosting.api import Api
    from autograder.regrades.issues import UnusedIssue, asked_in_issues

    this_course = course_of(course)
    people = class_of(this_course, roster)
    if people is None or not any(s.remote or s.remotes for s in people.present):
        file = short(Path(people.source)) if people else "students.csv"
        raise AutograderError(f"{file}: expected the columns id, remote and github, got no remote of a student.")
    with Api(server_with(FEEDBACK_TOKEN, "docs/regrading.md")) as api:
        read = list(asked_in_issues(people.present, this_course.names(), api))
    unused = [each for each in read if isinstance(each, UnusedIssue)]
    for each in unused:
        say(f"{each.student}, {each.place}: {each.reason}")
    _add(this_course, results, [each for each in read if not isinstance(each, UnusedIssue)])
    if unused:
        raise typer.Exit(1)


@regrade_app.command("list", epilog="Example: autograder regrade list")
def list_requests(
    submitted: SubmittedOption = None,
    results: ResultsOption = None,
    roster: RosterOption = None,
    course: CourseOption = None,
) -> None:
    """Show all requests, the open ones first, with the points when the student asked and now."""
    this_course = course_of(course)
    people = class_of(this_course, roster)
    known = regrade_answers(this_course, submitted, results)
    table = columns("id", "state", "assignment", "student", "points", "reason", whole=("id", "state"))
    for answer in sorted(known, key=lambda a: a.request.state):
        request = answer.request
        name = people.name_of(request.student) if people else ""
        student = f"{name} ({request.student})" if name else request.student
        asked = f"{request.question}: " * bool(request.question) + request.reason
        style = "yellow" if request.state == "open" else "green"
        cells = (request.assignment, student, _points(answer), " ".join(asked.split())[:80])
        table.add_row(cell(request.id), cell(request.state, style), *map(cell, cells))
    if known:
        show(table)
    waiting = sum(a.request.state == "open" for a in known)
    hint = "autograder regrade show ID" if waiting else "nothing: no request is open"
    say(f"{waiting} open, {len(known) - waiting} settled. Next: {hint}")


@regrade_app.command("show", epilog="Example: autograder regrade show 3f2a")
def show_request(identity: IdArgument, results: ResultsOption = None, course: CourseOption = None) -> None:
    """Show one request: the student's reason, and what changed since the student asked."""
    from autograder.regrades.regrade_file import read_regrades

    this_course = course_of(course)
    (answer,) = answers_to(this_course, [_one(read_regrades(this_course), identity)], results)
    request = answer.request
    about = f", {request.question}" if request.question else ""
    say(f"{request.id}: {request.student}, {request.assignment}{about}: {request.state}", "bold")
    say(f"asked {request.asked_at:%Y-%m-%d}, {request.origin} {request.source}")
    for line in request.reason.splitlines():
        say(line, indent=2)
    why = f" ({', '.join(answer.why)})" if answer.why else ""
    say(f"points: {_points(answer)}{why}")
    for check in answer.checks:
        say(f"{check.id}: {check.old or 'new'} → {check.new or 'gone'} {check.change:+g}", indent=2)
    if not answer.checks:
        say("no check changed" if answer.known else "there is no earlier grading to compare with", indent=2)
    if request.state == "settled":
        say(f"settled: {request.note or 'without a note'}")
    else:
        say(f"Next: autograder regrade settle {request.id} --note TEXT")


@regrade_app.command(epilog="Example: autograder regrade settle 3f2a --note 'The check was wrong; 4 points more.'")
def settle(
    identity: IdArgument,
    note: Annotated[str, typer.Option("--note", help="For the student, on the student's page.")],
    results: ResultsOption = None,
    course: CourseOption = None,
) -> None:
    """Settle a request. The points when the student asked and now are recorded; no mark changes."""
    from autograder.regrades.regrade_file import change_regrades, read_regrades

    this_course = course_of(course)
    if not note.strip():
        raise AutograderError("--note: expected a text for the student, got none.")
    wanted = _one(read_regrades(this_course), identity)
    (answer,) = answers_to(this_course, [wanted.model_copy(update={"state": "open"})], results)
    done = wanted.settled(note, datetime.now(UTC), (answer.before, answer.after))
    change_regrades(this_course, lambda all_: tuple(done if r == wanted else r for r in all_))
    say(f"{done.id}: settled, points {_points(answer)}. Next: autograder report")


def _add(course: Course, results: Path | None, askings: Sequence[Asking]) -> None:
    from autograder.regrades.regrade_file import FILE

    new = add_askings(course, results, askings)
    said = f"{new} new or changed, {len(askings) - new} known already"
    say(f"{said}: {short(course.work / FILE)}. Next: autograder regrade list")


def _one(requests: Sequence[RegradeRequest], identity: str) -> RegradeRequest:
    matches = [r for r in requests if identity and r.id.startswith(identity)]
    if len(matches) != 1:
        got = f"{len(matches)} that begin so" if matches else "none of that id"
        raise AutograderError(
            f"{identity[:40]!r}: expected the id of a request, got {got}. Hint: autograder regrade list."
        )
    return matches[0]


def _points(answer: RegradeAnswer) -> str:
    from autograder.text import points_text

    before, after = ("–" if p is None else points_text(p) for p in (answer.before, answer.after))
    return f"{before} → {after}" if before != after else before
