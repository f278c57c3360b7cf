"""Looks through students' repositories: whose notebook is at the head of which, and when it came.

Every student of the list and every assignment leaves a trace: a notebook, or why there is none. What could not be
fetched is our trouble. It is tried again, and it never becomes a zero.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

from autograder.errors import AutograderError, GitError, MalformedError
from autograder.intake import repositories
from autograder.intake.assignment_names import meant_assignment, stem_of
from autograder.intake.boundary import hostile
from autograder.intake.collection_plan import CollectionPlan, Located, LocatedNotebook, WrongFiles
from autograder.intake.entries import Problem
from autograder.intake.push_times import History, history
from autograder.intake.repositories import Head
from autograder.intake.source_items import item_of_commit
from autograder.intake.which_notebook import Choice, WrongFilesError, choose_of
from autograder.intake.work import Work, read_work
from autograder.intake.wrong_files import RefusedFiles, Why, named
from autograder.roster.read import read_roster
from autograder.roster.roster import Person
from autograder.text import without_passwords

CONNECTIONS = 4  # repositories fetched at a time


def listed_students(path: Path, zone: tzinfo | None) -> tuple[Person, ...]:
    """The students of a list who are in the class. zone: of the course, for extensions without an offset.

    Raises AutograderError where the list has no remote in it.
    """
    students = read_roster(path, zone).present
    if not any(s.remote or s.remotes for s in students):
        raise AutograderError(
            f"{path}: expected the columns id and remote, and a git remote a student, got no remote. Hint: collect "
            "takes the archive of submissions; a roster goes to --roster, a host's file of grades to --worksheet."
        )
    return students


def look_through(plan: CollectionPlan, source: Path, step: Callable[[], None]) -> Iterator[Located]:
    """What each student of a list has for each assignment. step: called once a student. Raises AutograderError."""
    if not shutil.which("git"):
        raise AutograderError("git: expected it to be installed, got none. Hint: apt install git.")
    pool = ThreadPoolExecutor(CONNECTIONS)
    try:
        for each in pool.map(partial(_of_student, plan), listed_students(source, plan.zone)):
            step()
            yield from each
    finally:
        pool.shutdown(cancel_futures=True)


def _of_student(plan: CollectionPlan, student: Person) -> Sequence[Located]:
    assignments = plan.wanted.assignments
    places = student.repositories(assignments)
    located: list[Located] = []
    for number, (remote, names) in enumerate(places.items()):
        located += _Repository(plan, student, remote, names, number).located()
    without = [name for name in assignments if not student.remote_of(name)]
    return [*located, *_nothing(student, without, "no repository in the list of students", "unfetched")]


def _nothing(
    student: Person, names: Sequence[str], reason: str, why: Why = "absent", hint: str = "", commit: str = ""
) -> Sequence[WrongFiles]:
    """The same for several assignments: why there is no notebook. It is one line for the person who collects."""
    error = MalformedError(reason, hint=hint)
    refused = RefusedFiles.of((), why, error, commit=commit)
    problem = Problem(student.id, error.advice, (item_of_commit(student.id, commit),))
    return [WrongFiles(student.id, name, refused, problem) for name in names]


@dataclass(frozen=True, slots=True)
class _Repository:
    """One student's repository. names: of the assignments that are handed in there.  number: of this repository."""

    plan: CollectionPlan
    student: Person
    remote: str
    names: tuple[str, ...]
    number: int

    def located(self) -> Sequence[Located]:
        """A notebook for each assignment, or why there is none. What could not be fetched is no student's fault."""
        try:
            with hostile("a repository that can be read"):
                return self._read()
        except GitError as error:
            if error.kind == "no_branch":
                what = f"a branch {self.plan.branch}" if self.plan.branch else "a repository with a commit"
                return _nothing(self.student, self.names, f"expected {what}, got none", "nothing", "commit, and push")
            return _nothing(self.student, self.names, error.advice, "unfetched")
        except MalformedError as error:
            return _nothing(self.student, self.names, error.reason, "unfetched", error.hint)

    @property
    def _store(self) -> Path:
        return self.plan.fetched / f"{self.student.id}{f'.{self.number}' if self.number else ''}.git"

    def _read(self) -> Sequence[Located]:
        head, pushed = self._head()
        commit = {
            "commit": head.commit,
            "tree": head.tree,
            "branch": head.branch,
            "claimed_author_time": head.author_time,
            "claimed_commit_time": head.commit_time,
            "collected_at": self.plan.now(),
        }
        return [each for name in self.names for each in self._for(name, head, pushed, commit)]

    def _head(self) -> tuple[Head, History]:
        """The head, or what it was at the deadline of this collection, and the pushes."""
        head = repositories.fetch(self.remote, self._store, self.plan.branch, self.plan.pauses)
        pushed = history(self.plan.pushes, self.remote, head.commit)
        deadline = self.plan.deadline_of(self.student.extension)
        if deadline and pushed.received and pushed.received > deadline and (commit := pushed.at(deadline)):
            head = repositories.fetch_commit(self.remote, head, commit)
            pushed = replace(pushed, head=commit)
        return head, pushed

    def _for(self, name: str, head: Head, pushed: History, commit: Mapping[str, Any]) -> Sequence[Located]:
        """What is there for one assignment."""
        wanted, source = self.plan.wanted, without_passwords(self.remote)
        item = item_of_commit(self.student.id, head.commit)
        remarks = (pushed.remark,) if pushed.remark else ()
        located: list[Located] = []
        try:
            for choice in choose_of(repositories.files_for(head, name, wanted.known), name, wanted):
                notebook = LocatedNotebook(self.student.id, choice, "git", source, item, commit=commit)
                received = self._received(choice, head, pushed)
                located.append(replace(notebook, received=received, extension=self.student.extension, remarks=remarks))
        except WrongFilesError as error:
            refused = error.refused.model_copy(update={"commit": head.commit})
            return [WrongFiles(self.student.id, name, refused, Problem(self.student.id, error.advice, (item,)))]
        except MalformedError as error:
            return _nothing(self.student, [name], error.reason, "absent", error.hint, head.commit)
        return located or self._absent(name, head)

    def _absent(self, name: str, head: Head) -> Sequence[Located]:
        """Where else in the repository the notebook is, if it is anywhere."""
        known, who = self.plan.wanted.known, self.student
        files = repositories.notebooks_in(head)
        meant = {path: meant_assignment(stem_of(path.rpartition("/")[2]), known) for path in files}
        if elsewhere := [path for path in files if meant[path] == name]:
            hint = f"move it to {name}/{name}.ipynb, commit, and push"
            error = MalformedError(f"expected {name}/{name}.ipynb, got {named(elsewhere)}", hint=hint)
            refused = RefusedFiles.of(elsewhere, "elsewhere", commit=head.commit).model_copy(update={"hint": hint})
            problem = Problem(who.id, error.advice, (item_of_commit(who.id, head.commit),))
            return [WrongFiles(who.id, name, refused, problem)]
        if branch := self._branch_with(name, head):
            reason = f"expected {name}.ipynb on the branch that is graded, got it on the branch {branch!r} alone"
            return _nothing(who, [name], reason, hint="merge it", commit=head.commit)
        strange = [path for path in files if not meant[path]]
        got = f"got {named(strange)}" if strange else "got none"
        reason = f"expected {name}.ipynb in the repository or in a folder of its name, {got}"
        if strange:
            return _nothing(who, [name], reason, commit=head.commit)
        return [replace(each, problem=None) for each in _nothing(who, [name], reason, "nothing", commit=head.commit)]

    def _branch_with(self, name: str, head: Head) -> str:
        """The first branch that has a notebook for the assignment; "" if none has, or if nobody can tell."""
        try:
            for branch in repositories.branches(self.remote, head.repository):
                tip = repositories.fetch_aside(self.remote, head, f"refs/heads/{branch}")
                files = repositories.files_for(tip, name, self.plan.wanted.known)
                if any(path.lower().endswith(".ipynb") for path, _ in files):
                    return branch
        except MalformedError:
            return ""
        return ""

    def _received(self, choice: Choice, head: Head, pushed: History) -> datetime | None:
        """When this notebook came. It is read now only if the head came after it was due."""
        due = self.plan.due(choice.assignment, self.student.id)
        if pushed.received is None or due is None or pushed.received <= due:
            return pushed.received
        try:
            work = read_work(choice, self.plan.wanted)
        except MalformedError:
            return pushed.received  # what cannot be read is refused when it is placed
        return pushed.first(due, lambda commit: self._holds(head, commit, choice.assignment, work))

    def _holds(self, head: Head, commit: str, name: str, work: Work) -> bool:
        """Whether another commit holds this work. No, if the remote no longer gives it.

        The work that `collect` would take there must be the same. So a student cannot put it together, after it was
        due, from parts that lay side by side. Only where nothing can be taken does it count in whatever place it lies.
        """
        try:
            other = repositories.fetch_aside(self.remote, head, commit)
            taken = self._works(other, name)
            if not taken:
                return repositories.holds(other, (work.notebook, *work.modules.values()))
        except MalformedError:
            return False
        return any((each.notebook, each.modules) == (work.notebook, work.modules) for each in taken)

    def _works(self, head: Head, name: str) -> Sequence[Work]:
        """What `collect` would take of a commit for one assignment; nothing, where it refuses what lies there."""
        wanted = self.plan.wanted
        try:
            return [
                read_work(c, wanted) for c in choose_of(repositories.files_for(head, name, wanted.known), name, wanted)
            ]
        except GitError:
            raise
        except MalformedError:
            return []
