"""Looks through students' repositories: whose notebook is at the head of which, and when it came.

Every student of the list and every assignment leaves a trace: a notebook, or why there is none. What could not be
fetched is our trouble. It is tried again, and it never becomes a zero.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from autograder.errors import AutograderError, GitError, MalformedError
from autograder.intake import repositories
from autograder.intake.boundary import hostile
from autograder.intake.collection_plan import CollectionPlan, Located, LocatedNotebook, WrongFiles
from autograder.intake.entries import Problem
from autograder.intake.push_times import History, history
from autograder.intake.which_notebook import Choice, WrongFilesError, choose_of
from autograder.intake.work import read_work
from autograder.intake.wrong_files import RefusedFiles
from autograder.roster.read import read_roster
from autograder.roster.roster import Person

CONNECTIONS = 4  # repositories fetched at a time


def _remotes(path: Path) -> tuple[Person, ...]:
    """Raises AutograderError where the list has no remote in it."""
    students = tuple(s for s in read_roster(path).students if s.remote)
    if not students:
        raise AutograderError(f"{path}: expected the columns id and remote, and a git remote a student, got none.")
    return students


def _repositories(plan: CollectionPlan, source: Path, step: Callable[[], None]) -> Iterator[Located]:
    if not shutil.which("git"):
        raise AutograderError("git: expected it to be installed, got none. Hint: apt install git.")
    pool = ThreadPoolExecutor(CONNECTIONS)
    try:
        for each in pool.map(partial(_repository, plan), _remotes(source)):
            step()
            yield from each
    finally:
        pool.shutdown(cancel_futures=True)


def _repository(plan: CollectionPlan, student: Person) -> list[Located]:
    """One student's notebooks, or the problem with them."""
    try:
        with hostile("a repository that can be read"):
            return _of_repository(plan, student)
    except MalformedError as error:
        return [Problem(student.id, error.advice)]


def _head_of(plan: CollectionPlan, student: Person) -> tuple[repositories.Head, History]:
    """The head, or what it was at the deadline of this collection, and the pushes."""
    head = repositories.fetch(student, plan.fetched, plan.branch)
    pushed = history(plan.pushes, student.remote, head.commit)
    deadline = plan.deadline_of(student.extension)
    if deadline and pushed.received and pushed.received > deadline and (commit := pushed.at(deadline)):
        head = repositories.fetch_commit(student, head, commit)
        pushed = replace(pushed, head=commit)
    return head, pushed


def _of_repository(plan: CollectionPlan, student: Person) -> list[Located]:
    source = repositories.without_password(student.remote)
    head, pushed = _head_of(plan, student)
    commit = {
        "commit": head.commit,
        "tree": head.tree,
        "branch": plan.branch,
        "claimed_author_time": head.author_time,
        "claimed_commit_time": head.commit_time,
        "collected_at": plan.now(),
    }
    notebooks: list[Located] = []
    for name in plan.wanted.assignments:
        try:
            for choice in choose_of(repositories.files_for(head, name, plan.wanted.known), name, plan.wanted):
                received = _received(plan, student, choice, head, pushed)
                located = LocatedNotebook(student.id, choice, "git", source, received, extension=student.extension)
                remarks = (pushed.unknown,) if pushed.unknown else ()
                notebooks.append(replace(located, commit=commit, remarks=remarks))
        except WrongFilesError as error:
            problem = Problem(student.id, error.advice)
            refused = error.refused.model_copy(update={"commit": head.commit})
            notebooks.append(WrongFiles(student.id, name, refused, problem))
        except MalformedError as error:
            notebooks.append(Problem(student.id, error.advice))
    names = " or ".join(f"{a}.ipynb" for a in plan.wanted.assignments)
    return notebooks or [
        Problem(student.id, f"expected {names} in the repository or in a folder of its name, got none")
    ]


def _received(
    plan: CollectionPlan, student: Person, choice: Choice, head: repositories.Head, pushed: History
) -> datetime | None:
    """When this notebook came. It is read now only if the head came after it was due."""
    due = plan.due(choice.assignment, student.id)
    if pushed.received is None or due is None or pushed.received <= due:
        return pushed.received
    try:
        work = read_work(choice, plan.wanted)
    except MalformedError:
        return pushed.received  # what cannot be read is refused when it is placed
    contents = (work.notebook, *work.modules.values())

    def holds(commit: str) -> bool:
        return repositories.holds(student, head, commit, contents)

    return pushed.first(due, holds)
