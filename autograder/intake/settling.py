"""Turns what a person typed, `--assign FILE=STUDENT` and `--ignore FILE`, into decisions, before anything is placed.

It looks through the sources as `collect` does, and writes nothing. A name counts only if `collect` could not place what
it names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from autograder.errors import AutograderError, MalformedError
from autograder.intake.collect import Taken, collect
from autograder.intake.collection_plan import CollectionPlan
from autograder.intake.entries import Problem, SourceItem
from autograder.intake.settled import Decision, Settled, digest_of, shown
from autograder.roster.roster import UNIQUE, Identity, Roster, is_folder_name, resolve
from autograder.text import nearest, one_line


@dataclass(frozen=True, slots=True)
class Wish:
    """A person's wish about one file. students: whose it is; none to ignore it."""

    file: str
    students: tuple[str, ...] = ()

    @property
    def option(self) -> str:
        """The option that was typed."""
        return "--assign" if self.students else "--ignore"


def wishes(assign: Sequence[str], ignore: Sequence[str], roster: Roster | None) -> list[Wish]:
    """One for each file. A file that is assigned to several students is the work of a group. Raises AutograderError."""
    owners: dict[str, list[str]] = {}
    for text in assign:
        file, sign, student = text.rpartition("=")
        if not (file and sign and student.strip()):
            raise AutograderError(f"--assign: expected FILE=STUDENT, got {one_line(text, 100)!r}.")
        owners.setdefault(file, []).append(student_named(student, roster))
    for file in ignore:
        if file in owners:
            name = one_line(file, 100)
            raise AutograderError(f"--ignore: expected a file that is not assigned as well, got {name!r}.")
    assigned = [Wish(file, tuple(dict.fromkeys(students))) for file, students in owners.items()]
    return [*assigned, *(Wish(file) for file in dict.fromkeys(ignore))]


def student_named(text: str, roster: Roster | None) -> str:
    """The id of the student whom a person means: by the id, or by anything else in the roster that is one student's."""
    text = text.strip()
    if roster is None:
        if is_folder_name(text):
            return text
        raise AutograderError(f"--assign: expected a student's id, got {one_line(text, 60)!r}. Hint: --roster FILE.")
    try:
        return resolve(Identity(tuple((column, text) for column in (*UNIQUE, "name")), ""), roster)
    except MalformedError:
        same = sum(s.name.casefold() == text.casefold() for s in roster.students)
        got = f"{one_line(text, 60)!r}"
        if same > 1:
            raise AutograderError(
                f"--assign: expected one student of {roster.source}, got {got}, the name of {same}. Hint: give the id."
            ) from None
        hint = nearest(text, [*roster.by_id, *(s.name for s in roster.students if s.name)])
        raise AutograderError(
            f"--assign: expected a student of {roster.source}, by id, e-mail, name or a host's id, got {got}.{hint}"
        ) from None


def decide(
    plan: CollectionPlan, wanted: Sequence[Wish], now: datetime, step: Callable[[], None]
) -> tuple[Decision, ...]:
    """The decisions, if each file is one that `collect` cannot place without them. Raises AutograderError."""
    by_file = {wish.file: wish for wish in wanted}
    decisions: dict[str, dict[tuple[tuple[str, ...], ...], list[Decision]]] = {}
    unplaced, placed = [], {}
    for each in collect(replace(plan, dry=True, settled=Settled()), step):
        if isinstance(each, Taken):
            placed[shown(each.label)] = each.student
        elif isinstance(each, Problem):
            unplaced.append(shown(each.file))
            if wish := by_file.get(unplaced[-1]):
                new = _decisions(wish, each, now)
                decisions.setdefault(wish.file, {})[tuple(d.about for d in new)] = new
    for wish in wanted:
        _require_one(wish, len(decisions.get(wish.file, ())), unplaced, placed)
    return tuple(decision for by_key in decisions.values() for new in by_key.values() for decision in new)


def _decisions(wish: Wish, problem: Problem, now: datetime) -> list[Decision]:
    """A decision about each item of a problem. Raises AutograderError if a person cannot decide that."""
    file = one_line(wish.file, 100)
    if not problem.items:
        raise AutograderError(
            f"{wish.option}: expected a file of one student, got the source {file!r}. Hint: leave the source out."
        )
    if wish.students and not all(item.nobody for item in problem.items):
        raise AutograderError(
            f"--assign: expected a file of which nobody knows whose it is, got {file!r}: {problem.reason}. "
            "Hint: mend that, or --ignore it."
        )
    return [_decision(wish, item, now) for item in problem.items]


def _decision(wish: Wish, item: SourceItem, now: datetime) -> Decision:
    if wish.students and item.key:
        column, value = item.key
        return Decision(
            file=item.label, students=wish.students, kind=item.kind, column=column, value=value, decided_at=now
        )
    return Decision(file=item.label, students=wish.students, kind=item.kind, sha256=digest_of(item), decided_at=now)


def _require_one(wish: Wish, number: int, unplaced: Iterable[str], placed: Mapping[str, str]) -> None:
    file = one_line(wish.file, 100)
    if number > 1:
        raise AutograderError(
            f"{wish.option}: expected a name of one file, got {file!r}, which is in {number} sources with different "
            "content. Hint: collect each source by itself."
        )
    if number:
        return
    if wish.file in placed:
        raise AutograderError(
            f"{wish.option}: expected a file that is not placed, got {file!r}, which is placed for "
            f"{placed[wish.file]}. Hint: leave the option out."
        )
    raise AutograderError(
        f"{wish.option}: expected a file that the table of what is not placed names, got {file!r}."
        f"{nearest(wish.file, set(unplaced))}"
    )
