"""`autograder collect`: whatever came back → `STUDENT/ASSIGNMENT/`. Finds, reads and places, one notebook at a time.

What cannot be placed is reported with its reason. Nothing is guessed, and nothing is overwritten.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import MalformedError
from autograder.files import locked, unwritable
from autograder.intake.entries import Kind, Problem
from autograder.intake.placing import Arrival, Placed, place
from autograder.intake.received import Received, read_record
from autograder.intake.sources import CollectionPlan, Found, look

LONGEST_NAME = 300  # characters of a name in a record


@dataclass(frozen=True, slots=True)
class Taken:
    """A notebook that is in its place. kind: of its source."""

    student: str
    assignment: str
    kind: Kind
    placed: Placed
    late: bool


def collect(plan: CollectionPlan, step: Callable[[], None]) -> Iterator[Taken | Problem]:
    """Every notebook, placed or not, as it happens. step: called `steps(plan)` times. Raises AutograderError."""
    with ExitStack() as stack:
        if not plan.dry:
            _make(plan.out)
            stack.enter_context(locked(plan.out))
        folders = {p.name.casefold(): p.name for p in plan.out.iterdir()} if plan.out.is_dir() else {}
        for source in plan.sources:
            with ExitStack() as opened:
                for each in _once(look(plan, source, step, opened)):
                    yield each if isinstance(each, Problem) else _place(plan, each, folders)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from None


def _once(found: Iterable[Found | Problem]) -> Iterator[Found | Problem]:
    """A source's notebooks, without those of which it holds two for one student and assignment.

    All of a source is looked at before any of it is read: no bytes are held.
    """
    groups: dict[tuple[str, str], list[Found]] = {}
    for each in found:
        if isinstance(each, Problem):
            yield each
        else:
            groups.setdefault((each.student, each.assignment), []).append(each)
    for (student, assignment), group in groups.items():
        if len(group) > 1:
            files = ", ".join(repr(g.file[:60]) for g in group[:5])
            yield Problem(student, f"expected one notebook for {assignment}, got {len(group)} uploads: {files}")
        else:
            yield group[0]


def _place(plan: CollectionPlan, found: Found, folders: dict[str, str]) -> Taken | Problem:
    there = folders.setdefault(found.student.casefold(), found.student)
    if there != found.student:
        return Problem(f"{found.student}, {found.file}", f"its folder would differ from {there!r} by capitals only")
    try:
        arrival = _arrival(plan, found)
        placed = place(plan.out, arrival, dry=plan.dry)
    except MalformedError as error:
        return Problem(f"{found.student}, {found.file}", error.advice)
    record: Received | None = arrival.record
    if placed == "unchanged":  # it came when it came first
        record = read_record(plan.out / found.student / found.assignment)
    return Taken(found.student, found.assignment, found.kind, placed, bool(record and record.late))


def _arrival(plan: CollectionPlan, found: Found) -> Arrival:
    data = found.read()
    now = plan.now()
    received = found.received or plan.received or found.commit.get("collected_at", now)
    deadline = max(filter(None, (plan.deadline, found.extension)), default=None) if plan.deadline else None
    record = Received(
        student=found.student,
        assignment=found.assignment,
        kind=found.kind,
        source=_shown(found.source),
        file=_shown(found.file),
        notebook_sha256=hashlib.sha256(data).hexdigest(),
        received_at=received,
        clock="host" if found.received else "given" if plan.received else "collecting",
        late=received > deadline if deadline and found.late is None else found.late,
        **{"collected_at": now, **found.commit},
    )
    return Arrival(data, record, deadline)


def _shown(name: str) -> str:
    """A name as a record can hold it: bytes that are no UTF-8 in hexadecimals."""
    return name[:LONGEST_NAME].encode("utf-8", "backslashreplace").decode()
