"""`autograder collect`: whatever came back → `STUDENT/ASSIGNMENT/`. It locates, reads and places the notebooks.

A notebook that cannot be placed is reported with the reason. Nothing is guessed, and nothing is overwritten.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.errors import MalformedError
from autograder.files import locked, unwritable
from autograder.intake.boundary import hostile
from autograder.intake.entries import Kind, Problem
from autograder.intake.placing import Arrival, Placed, place
from autograder.intake.received import Received, read_record
from autograder.intake.sources import CollectionPlan, LocatedNotebook, look

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


def _once(located: Iterable[LocatedNotebook | Problem]) -> Iterator[LocatedNotebook | Problem]:
    """A source's notebooks, without those of which it holds two for one student and assignment.

    All of a source is looked at before any of it is read: no bytes are held.
    """
    groups: dict[tuple[str, str], list[LocatedNotebook]] = {}
    for each in located:
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


def _place(plan: CollectionPlan, notebook: LocatedNotebook, folders: dict[str, str]) -> Taken | Problem:
    label = f"{notebook.student}, {notebook.file}"
    folder = folders.setdefault(notebook.student.casefold(), notebook.student)
    if folder != notebook.student:
        return Problem(label, f"its folder would differ from {folder!r} by capitals only")
    try:
        with hostile("a notebook that can be read"):
            arrival = _arrival(plan, notebook)
        placed = place(plan.out, arrival, plan.trust, dry=plan.dry)
    except MalformedError as error:
        return Problem(label, error.advice)
    record: Received | None = arrival.record
    if placed == "unchanged":  # what counts is when it came first
        record = read_record(plan.out / notebook.student / notebook.assignment)
    return Taken(notebook.student, notebook.assignment, notebook.kind, placed, bool(record and record.late))


def _arrival(plan: CollectionPlan, notebook: LocatedNotebook) -> Arrival:
    data = notebook.read()
    now = plan.now()
    received = notebook.received or plan.received or notebook.commit.get("collected_at", now)
    deadline = max(filter(None, (plan.deadline, notebook.extension)), default=None) if plan.deadline else None
    record = Received(
        student=notebook.student,
        assignment=notebook.assignment,
        kind=notebook.kind,
        source=_shown(notebook.source),
        file=_shown(notebook.file),
        notebook_sha256=hashlib.sha256(data).hexdigest(),
        received_at=received.astimezone(UTC),
        clock="host" if notebook.received else "given" if plan.received else "collecting",
        late=_is_late(plan, notebook, received, deadline),
        host_name=_shown(notebook.host_name),
        **{"collected_at": now, **notebook.commit},
    )
    return Arrival(data, record, deadline)


def _is_late(
    plan: CollectionPlan, notebook: LocatedNotebook, received: datetime, deadline: datetime | None
) -> bool | None:
    """By the host's own mark; or by the deadline, where the host has no mark or a time was given."""
    if deadline is None or notebook.late or (notebook.late is False and plan.received is None):
        return notebook.late
    return received > deadline


def _shown(name: str) -> str:
    """A name as a record can hold it: bytes that are no UTF-8 in hexadecimals."""
    return name[:LONGEST_NAME].encode("utf-8", "backslashreplace").decode()
