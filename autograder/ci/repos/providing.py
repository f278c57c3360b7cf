"""`autograder ci repos`: a repository for each student, made from the starter, or checked if there is one.

Nothing is deleted, nothing of a student's is overwritten, and no other right or setting of an account is touched. Every
step looks before it writes. So a run that was interrupted goes on when it is started again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from autograder.errors import AutograderError, HostError
from autograder.hosting.server import Server
from autograder.roster.roster import Person
from autograder.text import one_line

State = Literal["created", "exists", "added", "wrong"]
PATTERN = "{id}-{starter}"
LONGEST = 100  # characters of a repository's name on GitHub
WAITS = (1.0, 2.0, 4.0, 8.0, 16.0)  # seconds: a server fills a new repository in the background
_LOGIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
_OF_ALL = frozenset({"limit", "unreachable", "refused"})  # what stops one student's call stops the others' calls, too


@dataclass(frozen=True, slots=True)
class PlannedRepository:
    """A student's repository as it should be. path: OWNER/NAME.  login: the student's user name on the server.

    ours: whether it may be made. One that the roster names elsewhere is only checked.
    """

    student: str
    login: str
    path: str
    ours: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """The state of one repository after a run. reason: why it is wrong, or a remark."""

    student: str
    path: str
    state: State
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """Whether a student may write. wrong: the student has rights that nobody should have.  reason: why, or a remark."""

    wrong: bool = False
    reason: str = ""


class RepositoryHost(Protocol):
    """A server that keeps repositories. Every method can raise HostError."""

    def warnings(self) -> Iterator[str]:
        """Faults of the starter's owner as a whole. Raises AutograderError for a starter that is no use."""

    def account(self, login: str) -> str | None:
        """The account of a user name, as the server's other calls want it; None if there is none."""

    def problem(self, path: str) -> str | None:
        """Why a repository is not as it should be, or "" if it is; None if there is no such repository."""

    def create(self, path: str) -> None:
        """Make it, private, from the starter."""

    def admit(self, path: str, account: str) -> Access:
        """Let the student write, if that is not so already."""

    def finish(self, path: str) -> str | None:
        """Do what a filled repository still needs. Returns a problem, or ""; None while it is still empty."""

    def released(self, folder: str) -> dict[str, str]:
        """{path: content in base64} of the files in a folder of the starter."""

    def add(self, path: str, folder: str, files: Mapping[str, str]) -> int:
        """Commit those files that the repository lacks; how many. A file that is there is never written to."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


def plan(
    server: Server, students: Iterable[Person], starter: str, owner: str, pattern: str = PATTERN, assignment: str = ""
) -> list[PlannedRepository | Outcome]:
    """The repository that each student should get; an Outcome where that cannot be said.

    assignment: "" for one repository for all.  Raises AutograderError if two students would get the same repository.
    """
    if not {"{id}", "{login}"} & set(re.findall(r"\{\w*\}", pattern)):
        raise AutograderError(f"--name: expected a pattern with {{id}} or {{login}}, got {one_line(pattern, 60)!r}.")
    plans = [_plan(server, person, starter, owner, pattern, assignment) for person in students]
    counts = Counter(each.path.casefold() for each in plans if isinstance(each, PlannedRepository))
    twice = [each for each in plans if isinstance(each, PlannedRepository) and counts[each.path.casefold()] > 1]
    if twice:
        names = ", ".join(each.student for each in twice if each.path.casefold() == twice[0].path.casefold())
        raise AutograderError(f"{twice[0].path}: expected a repository of one student, got {names}. Hint: --name.")
    return plans


def _plan(
    server: Server, person: Person, starter: str, owner: str, pattern: str, assignment: str
) -> PlannedRepository | Outcome:
    column = f"remote:{assignment}" if assignment else "remote"
    remote = dict(person.remotes).get(assignment, "") if assignment else person.remote
    login = person.user_on(server.kind)
    path = server.repository(remote) if remote else f"{owner}/{_name(pattern, person.id, login, starter)}"
    if path is None:
        got = one_line(remote, 80)
        return Outcome(person.id, "", "wrong", f"{column}: expected a repository on {server.address}, got {got}")
    if not login:
        return Outcome(
            person.id, path, "wrong", f"the roster has no user name of this student in its column {server.kind}"
        )
    if not _LOGIN.fullmatch(login):
        return Outcome(person.id, path, "wrong", f"{server.kind}: expected a user name, got {one_line(login, 60)!r}")
    return PlannedRepository(person.id, login, path, path.rpartition("/")[0].casefold() == owner.casefold())


def _name(pattern: str, student: str, login: str, starter: str) -> str:
    """A repository's name of the signs that both servers take."""
    values = {"{id}": student, "{login}": login, "{starter}": starter.rpartition("/")[2]}
    text = re.sub(r"\{(?:id|login|starter)\}", lambda match: values[match[0]], pattern)
    name = re.sub(r"[^A-Za-z0-9._]+", "-", text).strip("-.").removesuffix(".git").removesuffix(".atom")
    if not name or len(name) > LONGEST:
        raise AutograderError(
            f"--name: expected a name of 1 to {LONGEST} letters and digits, got {one_line(text, 120)!r}."
        )
    return name


def provide(host: RepositoryHost, plans: Iterable[PlannedRepository | Outcome]) -> Iterator[Outcome]:
    """The outcome for each. All repositories are made before one is waited for: a server fills many at a time.

    Raises HostError for what stops all: a limit, a server that is away, a right that the token lacks. What was begun
    before is finished first.
    """
    begun: list[Outcome] = []
    stop: HostError | None = None
    for each in plans:
        try:
            outcome = each if isinstance(each, Outcome) else _begin(host, each)
        except HostError as error:
            stop = error
            break
        if outcome.state == "wrong":
            yield outcome
        else:
            begun.append(outcome)
    for outcome in begun:
        yield _finish(host, outcome)
    if stop:
        raise stop


def _begin(host: RepositoryHost, wanted: PlannedRepository) -> Outcome:
    """Make one, or look at it, and let its student in."""
    outcome = Outcome(wanted.student, wanted.path, "wrong")
    try:
        account = host.account(wanted.login)
        if account is None:
            return replace(outcome, reason=f"there is no account {wanted.login}")
        problem = host.problem(wanted.path)
        if problem is None and not wanted.ours:
            problem = "the roster names this repository, and there is none"
        if problem:
            return replace(outcome, reason=problem)
        if problem is None:
            host.create(wanted.path)
        access = host.admit(wanted.path, account)
    except HostError as error:
        return _of_one(error, outcome)
    state: State = "wrong" if access.wrong else "created" if problem is None else "exists"
    return replace(outcome, state=state, reason=access.reason)


def _finish(host: RepositoryHost, outcome: Outcome) -> Outcome:
    """Wait until a repository is filled."""
    try:
        for seconds in (*WAITS, None):
            problem = host.finish(outcome.path)
            if problem is not None:
                return replace(outcome, state="wrong", reason=problem) if problem else outcome
            if seconds is not None:
                host.sleep(seconds)
    except HostError as error:
        return _of_one(error, outcome)
    hint = "run this again; if it stays so, delete the repository first"
    return replace(outcome, state="wrong", reason=f"it is still empty. Hint: {hint}")


def hand_out(host: RepositoryHost, plans: Iterable[PlannedRepository | Outcome], folder: str) -> Iterator[Outcome]:
    """Add a later assignment, as the starter holds it, to repositories that are there.

    Raises AutograderError for an assignment that the starter lacks, HostError for what stops all.
    """
    files = host.released(folder)
    if not files:
        raise AutograderError(
            f"{folder}: expected files in the starter, got none. Hint: release it, and push the starter."
        )
    for each in plans:
        yield each if isinstance(each, Outcome) else _hand_out(host, each, folder, files)


def _hand_out(host: RepositoryHost, planned: PlannedRepository, folder: str, files: Mapping[str, str]) -> Outcome:
    outcome = Outcome(planned.student, planned.path, "wrong")
    try:
        problem = host.problem(planned.path)
        if problem is None or problem:
            return replace(
                outcome, reason=problem or "there is no such repository. Hint: run this without --update first"
            )
        count = host.add(planned.path, folder, files)
    except HostError as error:
        return _of_one(error, outcome)
    return replace(
        outcome, state="added" if count else "exists", reason=f"{count} new file{'s' * (count > 1)}" if count else ""
    )


def _of_one(error: HostError, outcome: Outcome) -> Outcome:
    """The outcome of a fault that concerns one student. Raises what stops all."""
    if error.kind in _OF_ALL:
        raise error
    return replace(outcome, state="wrong", reason=str(error))
