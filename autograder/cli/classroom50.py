"""Commands for a class that Classroom 50 keeps."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from autograder.cli.app import CourseOption, RosterOption, course_of
from autograder.cli.ci import ci_app
from autograder.cli.console import say, short
from autograder.cli.servers import server_with
from autograder.errors import HostError, MalformedError
from autograder.text import counted

if TYPE_CHECKING:
    from datetime import tzinfo

    from autograder.hosting.api import Api
    from autograder.roster.roster import Roster

Outcome = Literal["posted", "unchanged", "not handed in", "failed"]
OUTCOMES: tuple[Outcome, ...] = ("posted", "unchanged", "not handed in", "failed")
TOKEN = "CLASSROOM50_TOKEN"  # noqa: S105 — the name of a variable
classroom50_app = typer.Typer(
    no_args_is_help=True, help="A class that Classroom 50 keeps: one repository an assignment."
)
ci_app.add_typer(classroom50_app, name="classroom50")
ClassroomOption = Annotated[str, typer.Option("--classroom", metavar="SHORT-NAME", help="Its short name there.")]


@classroom50_app.callback()
def classroom50() -> None:
    """A class that Classroom 50 keeps: one repository an assignment."""


@classroom50_app.command(epilog="Example: autograder ci classroom50 students roster.csv --owner my-org --classroom cs1")
def students(
    roster: Annotated[Path, typer.Argument(metavar="ROSTER.CSV", help="Of Classroom 50.")],
    owner: Annotated[str, typer.Option("--owner", metavar="ORG", help="The organization.")],
    classroom: ClassroomOption,
    course: CourseOption = None,
) -> None:
    """Write students.csv with the repository of each assignment, or add these columns to the one that is there."""
    from autograder.ci.classroom50_results import repository_of
    from autograder.hosting.server import server_of
    from autograder.roster.one_column import fill_column
    from autograder.roster.read import read_roster

    this_course = course_of(course)
    class_ = read_roster(roster, this_course.zone)
    path = this_course.root / this_course.roster_file
    known = _known(path, class_, this_course.zone)
    address = server_of(os.environ, "", "github").address
    for assignment in this_course.select():
        places = {p.id: repository_of(owner, classroom, assignment, p.github) for p in class_.students if p.github}
        remotes = {known[login]: f"{address}/{place}" for login, place in places.items() if login in known}
        for student, remote in fill_column(path, f"remote:{assignment}", remotes).items():
            say(f"look: {student}: {short(path)} names {remote[:100]} for {assignment}, and it stays")
    for person in class_.students:
        if person.id not in known:
            say(f"look: {person.id}: nobody in {short(path)} has this name in the column github")
    say(f"{counted(len(known), 'student')}: {short(path)}. Next: autograder collect {short(path)} --branch 'submit/*'")


def _known(path: Path, roster: Roster, zone: tzinfo | None) -> dict[str, str]:
    """{user name: our id}; the list is written if there is none, or only the header that `ci init` writes."""
    from autograder.ci.setup import student_list
    from autograder.files import write_atomically
    from autograder.roster.read import read_roster
    from autograder.text import csv_text

    if not path.exists() or path.read_bytes().split() == student_list("github").encode().split():
        rows = [(p.id, p.name, p.email, p.section, p.github) for p in roster.students]
        write_atomically(path, csv_text([("id", "name", "email", "section", "github"), *rows]))
    logins = {p.github.casefold(): p.id for p in read_roster(path, zone).students if p.github}
    return {p.id: logins[p.github.casefold()] for p in roster.students if p.github.casefold() in logins}


@classroom50_app.command(epilog="Example: autograder ci classroom50 bundle a1_gradient_ascent --to ../a1")
def bundle(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The assignment.")],
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="CLASSROOM/autograders/SLUG of its repository.")],
    course: CourseOption = None,
) -> None:
    """Write an autograder of the public checks alone: everybody can read what Classroom 50 publishes."""
    from autograder.release.public_bundle import write_bundle

    this_course = course_of(course)
    this_course.select([name])
    for path in write_bundle(this_course, name, to):
        say(f"wrote {short(to / path)}")


@classroom50_app.command(epilog="Example: autograder ci classroom50 results feedback --classroom cs1")
def results(
    feedback: Annotated[Path, typer.Argument(metavar="FEEDBACK", help="What `autograder ci publish` wrote.")],
    classroom: ClassroomOption,
    submitted: Annotated[
        Path | None, typer.Option("--submitted", help="Where commits are recorded. Default: work/submitted.")
    ] = None,
    roster: RosterOption = None,
    course: CourseOption = None,
) -> None:
    """Put each result into the release of its submit tag, and a status on its commit. Token: $CLASSROOM50_TOKEN."""
    from autograder.hosting.api import Api
    from autograder.roster.read import read_roster

    this_course = course_of(course)
    server = server_with(TOKEN, "docs/classroom50.md", "github")
    people = read_roster(roster or this_course.root / this_course.roster_file, this_course.zone)
    counts: Counter[str] = Counter()
    with Api(server) as api:
        for label, outcome, reason in _posted(
            api, feedback, submitted or this_course.work / "submitted", people, classroom
        ):
            counts[outcome] += 1
            if reason:
                say(f"{label}: {reason}", indent=2)
    say(", ".join(f"{counts[outcome]} {outcome}" for outcome in OUTCOMES))
    if counts["failed"]:
        raise typer.Exit(1)


def _posted(
    api: Api, feedback: Path, submitted: Path, people: Roster, classroom: str
) -> Iterator[tuple[str, Outcome, str]]:
    """(assignment and student, what became of the result, why not). Raises HostError for a limit."""
    from autograder.ci.on_github import user_of

    user = cache(partial(user_of, api))
    for file in sorted(feedback.glob("*/*.result.json")):
        assignment, student = file.parent.name, file.name.removesuffix(".result.json")
        label = f"{assignment}, {student}"
        try:
            yield label, _post_one(api, user, file, submitted / student / assignment, people, classroom), ""
        except MalformedError as error:
            yield label, "failed", error.advice
        except HostError as error:
            if error.kind in {"limit", "unreachable"}:
                raise
            yield label, "failed", str(error)


def _post_one(api: Api, user: Callable[[], str], file: Path, folder: Path, people: Roster, classroom: str) -> Outcome:
    from autograder.ci.classroom50_results import DRAFT, completed, hand_back, read_draft, repository_of
    from autograder.files import read_bytes
    from autograder.intake.received import read_record

    draft, record = read_draft(read_bytes(file, DRAFT)), read_record(folder)
    if not draft.commit or not draft.received:
        return "not handed in"
    person = people.by_id.get(folder.parent.name)
    repository = api.server.repository(person.remote_of(draft.assignment)) if person else None
    if person is None or repository is None:
        raise MalformedError(f"expected a repository on {api.server.address} in the roster, got none")
    wanted = repository_of(repository.partition("/")[0], classroom, draft.assignment, person.github)
    if repository.lower() != wanted:
        raise MalformedError(f"expected the repository {wanted}, got {repository}")
    if record is None or record.commit != draft.commit or not record.branch.startswith("submit/"):
        raise MalformedError("expected a submit tag of the graded commit, got none", hint="collect --branch 'submit/*'")
    result = completed(draft, f"{api.server.address}/{repository}", classroom, person.github, record.branch)
    return hand_back(api, user, repository, draft.commit, result)
