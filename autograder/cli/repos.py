"""The command that makes the students' repositories."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from autograder.cli.app import CourseOption, course_of
from autograder.cli.ci import ci_app
from autograder.cli.console import cell, columns, progress, say, short, show
from autograder.cli.servers import provider_of, server_with
from autograder.errors import AutograderError, HostError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.ci.repos.providing import Outcome, PlannedRepository, RepositoryHost
    from autograder.hosting.api import Api
    from autograder.hosting.server import Server

TOKEN = "REPOS_TOKEN"  # noqa: S105 — the name of a variable


@ci_app.command(epilog="Example: autograder ci repos --provider github --starter my-class/backprop students.csv")
def repos(
    students: Annotated[
        Path | None, typer.Argument(metavar="[STUDENTS.CSV]", help="Default: the course's students.csv.")
    ] = None,
    provider: Annotated[
        str, typer.Option("--provider", metavar="github|gitlab", help="Where the repositories are.")
    ] = "",
    starter: Annotated[
        str, typer.Option("--starter", metavar="OWNER/NAME", help="The starter repository; on GitHub a template.")
    ] = "",
    owner: Annotated[
        str, typer.Option("--owner", "--group", help="Of the new repositories. Default: the starter's.")
    ] = "",
    name: Annotated[
        str, typer.Option("--name", metavar="PATTERN", help="Of each; {id}, {login} and {starter} are replaced.")
    ] = "{id}-{starter}",
    assignment: Annotated[
        str, typer.Option("--assignment", help="Repositories for this assignment alone: column remote:ASSIGNMENT.")
    ] = "",
    update: Annotated[
        str, typer.Option("--update", metavar="ASSIGNMENT", help="Add this assignment's files to repositories without.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print each call, and send none.")] = False,
    course: CourseOption = None,
) -> None:
    """Make or check a private repository for each student, and enter it into students.csv. Token: $REPOS_TOKEN."""
    from autograder.ci.repos.providing import plan
    from autograder.roster.one_column import fill_column
    from autograder.roster.read import read_roster

    server = server_with(TOKEN, "docs/ci.md, step 4", provider_of(provider), required=not dry_run)
    starter = server.repository(f"{server.address}/{starter}") or _refuse("--starter", "OWNER/NAME", starter)
    place, stop = owner or starter.rpartition("/")[0], ""
    if server.repository(f"{server.address}/{place}/x") is None:
        _refuse("--owner", "an organization, a group or a user", owner)
    this_course = course_of(course)
    for chosen in filter(None, (assignment, update)):
        this_course.select([chosen])
    path = students or this_course.root / this_course.roster_file
    roster = read_roster(path, this_course.zone)
    column = f"remote:{assignment}" if assignment else "remote"
    fill_column(path, column, {})  # a file that cannot be filled in is refused before anything is made
    plans = plan(server, roster.present, starter, place, name, assignment)
    outcomes: list[Outcome] = []
    with _api(server, starter, update, dry=dry_run) as api:
        try:
            _provide(_host(api, starter, place), plans, update, outcomes)
        except HostError as error:
            stop = f"{error} Hint: start it again, it goes on; {len(outcomes)} of {len(plans)} students are done."
        finally:
            if not dry_run:
                _enter(outcomes, server, path, column)
    _show([o for o in outcomes if o.state == "wrong" or not dry_run])
    if stop:
        raise AutograderError(stop)
    if any(outcome.state == "wrong" for outcome in outcomes):
        raise typer.Exit(1)


def _refuse(option: str, expected: str, got: str) -> NoReturn:
    raise AutograderError(f"{option}: expected {expected}, got {got[:80]!r}.")


def _api(server: Server, starter: str, update: str, *, dry: bool) -> Api:
    from autograder.ci.repos.dry_server import DryServer
    from autograder.hosting.api import Api
    from autograder.hosting.pace import Pace

    return Api(server, transport=DryServer(say, starter, update), pace=Pace()) if dry else Api(server)


def _host(api: Api, starter: str, owner: str) -> RepositoryHost:
    from autograder.ci.repos.github_repos import GitHub
    from autograder.ci.repos.gitlab_repos import GitLab

    return (GitHub if api.server.kind == "github" else GitLab)(api, starter, owner)


def _provide(
    host: RepositoryHost, plans: Sequence[PlannedRepository | Outcome], update: str, outcomes: list[Outcome]
) -> None:
    """Put each outcome into the list as soon as it is known, so that an interruption loses none."""
    from autograder.ci.repos.providing import hand_out, provide

    for warning in host.warnings():
        say(f"look: {warning}")
    with progress("repositories", len(plans)) as step:
        for outcome in hand_out(host, plans, update) if update else provide(host, plans):
            outcomes.append(outcome)
            step()


def _enter(outcomes: Sequence[Outcome], server: Server, path: Path, column: str) -> None:
    """Write the remotes into the list. A cell that holds something stays."""
    from autograder.roster.one_column import fill_column

    good = {outcome.student: outcome.path for outcome in outcomes if outcome.state != "wrong"}
    others = fill_column(path, column, {student: f"{server.address}/{place}" for student, place in good.items()})
    for student, remote in others.items():
        if server.repository(remote) != good[student]:
            say(f"look: {student}: {short(path)} names {remote[:100]}, and it stays")


def _show(outcomes: Sequence[Outcome]) -> None:
    if not outcomes:
        return
    counts = Counter(outcome.state for outcome in outcomes)
    say(", ".join(f"{counts[state]} {state}" for state in ("created", "exists", "added", "wrong") if counts[state]))
    table = columns("student", "state", "repository", "remark")
    for outcome in sorted(outcomes, key=lambda o: o.student):
        table.add_row(cell(outcome.student), cell(outcome.state), cell(outcome.path), cell(outcome.reason))
    show(table)
