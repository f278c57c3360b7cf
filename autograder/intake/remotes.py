"""Fetches the git remotes of a list, and finds each student's notebooks in them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from autograder.errors import AutograderError, MalformedError
from autograder.intake import repositories
from autograder.intake.boundary import hostile
from autograder.intake.collection_plan import CollectionPlan, Located, LocatedNotebook, WrongFiles
from autograder.intake.entries import Problem
from autograder.intake.source_items import item_of_commit
from autograder.intake.which_notebook import WrongFilesError, choose_of
from autograder.roster.read import read_roster
from autograder.roster.roster import Person

CONNECTIONS = 4  # repositories fetched at a time


def remotes_of(path: Path) -> tuple[Person, ...]:
    """Raises AutograderError where the list has no remote in it."""
    students = tuple(s for s in read_roster(path).students if s.remote)
    if not students:
        raise AutograderError(
            f"{path}: expected the columns id and remote, and a git remote a student, got no remote. Hint: collect "
            "takes the archive of submissions; a roster goes to --roster, a host's file of grades to --worksheet."
        )
    return students


def notebooks_of_remotes(plan: CollectionPlan, source: Path, step: Callable[[], None]) -> Iterator[Located]:
    if not shutil.which("git"):
        raise AutograderError("git: expected it to be installed, got none. Hint: apt install git.")
    pool = ThreadPoolExecutor(CONNECTIONS)
    try:
        for each in pool.map(partial(_repository, plan), remotes_of(source)):
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
        return [Problem(student.id, error.advice, (item_of_commit(student.id),))]


def _of_repository(plan: CollectionPlan, student: Person) -> list[Located]:
    source = repositories.without_password(student.remote)
    head = repositories.fetch(student, plan.fetched, plan.branch)
    commit = {
        "commit": head.commit,
        "tree": head.tree,
        "branch": plan.branch,
        "claimed_author_time": head.author_time,
        "claimed_commit_time": head.commit_time,
        "collected_at": plan.now(),
    }
    item = item_of_commit(student.id, head.commit)
    notebooks: list[Located] = []
    for name in plan.wanted.assignments:
        try:
            choices = choose_of(repositories.files_for(head, name, plan.wanted.known), name, plan.wanted)
            notebooks += [
                LocatedNotebook(student.id, choice, "git", source, item, extension=student.extension, commit=commit)
                for choice in choices
            ]
        except WrongFilesError as error:
            problem = Problem(student.id, error.advice, (item,))
            refused = error.refused.model_copy(update={"commit": head.commit})
            notebooks.append(WrongFiles(student.id, name, refused, problem))
        except MalformedError as error:
            notebooks.append(Problem(student.id, error.advice, (item,)))
    names = " or ".join(f"{a}.ipynb" for a in plan.wanted.assignments)
    return notebooks or [
        Problem(student.id, f"expected {names} in the repository or in a folder of its name, got none", (item,))
    ]
