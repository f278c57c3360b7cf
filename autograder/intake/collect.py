"""`autograder collect`: whatever came back → `STUDENT/ASSIGNMENT/`. It locates, reads and places the notebooks.

A notebook that cannot be placed is reported with the reason. Nothing is guessed, and nothing is overwritten.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from autograder.errors import MalformedError
from autograder.files import locked, make_folder
from autograder.intake.boundary import hostile
from autograder.intake.collection_plan import CollectionPlan, Located, LocatedNotebook, WrongFiles
from autograder.intake.entries import Kind, Problem
from autograder.intake.placing import Arrival, Placed, place, place_refused
from autograder.intake.received import Clock, Received, read_record
from autograder.intake.regrade_reason import keep_reason
from autograder.intake.settled import label_of
from autograder.intake.sources import look
from autograder.intake.way_back import WayBack
from autograder.intake.work import Work, read_work
from autograder.intake.wrong_files import RefusedFiles, named
from autograder.text import storable


@dataclass(frozen=True, slots=True)
class Taken:
    """A notebook that is in its place. kind: of its source.  file: its name there.

    remarks: what the person who collects should know of it, in words.  label: what the source calls the upload.
    settled: whether a person said whose it is.
    """

    student: str
    assignment: str
    kind: Kind
    placed: Placed
    late: bool
    file: str = ""
    remarks: tuple[str, ...] = ()
    label: str = ""
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Ignored:
    """Something that cannot be placed, and of which a person said that it is ignored. file: its name in the source."""

    file: str


@dataclass(frozen=True, slots=True)
class Absent:
    """A student of the list has nothing for an assignment yet."""

    student: str
    assignment: str


Done = Taken | Problem | Absent


def collect(plan: CollectionPlan, step: Callable[[], None]) -> Iterator[Done | Ignored]:
    """Every notebook, placed or not, as it happens. step: called `steps(plan)` times. Raises AutograderError."""
    with ExitStack() as stack:
        if not plan.dry:
            make_folder(plan.out)
            stack.enter_context(locked(plan.out))
        folders = {p.name.casefold(): p.name for p in plan.out.iterdir()} if plan.out.is_dir() else {}
        for source in plan.sources:
            with ExitStack() as opened:
                for each in _once(plan, look(plan, source, step, opened)):
                    done = _done(plan, each, folders)
                    ignored = isinstance(done, Problem) and plan.settled.ignores(done.items)
                    yield Ignored(done.file) if isinstance(done, Problem) and ignored else done


def _done(plan: CollectionPlan, located: Located, folders: dict[str, str]) -> Done:
    if isinstance(located, LocatedNotebook):
        return _place(plan, located, folders)
    return _refuse(plan, located, folders) if isinstance(located, WrongFiles) else located


def _once(plan: CollectionPlan, located: Iterable[Located]) -> Iterator[Located]:
    """A source's notebooks. Of two or more for one student and assignment, all attempts of a host's clock, or none.

    If a person ignores all but one of them, that one counts. All of a source is looked at before any of it is read: no
    bytes are held.
    """
    groups: dict[tuple[str, str], list[LocatedNotebook]] = {}
    for each in located:
        if not isinstance(each, LocatedNotebook):
            yield each
        else:
            groups.setdefault((each.student, each.choice.assignment), []).append(each)
    for group in groups.values():
        ignored = [g for g in group if plan.settled.ignores([g.item])] if len(group) > 1 else []
        kept = [g for g in group if g not in ignored]
        attempts = sorted((g.received, i) for i, g in enumerate(kept) if g.received)
        if len(kept) == 1 or (kept and len(attempts) == len(kept) and len({g.person for g in kept}) == 1):
            yield from [kept[i] for _, i in attempts] or kept
            yield from (_one_of_several(g, group) for g in ignored)
        else:
            files = [g.choice.file for g in group]
            problem, *others = [_one_of_several(g, group) for g in group]
            yield _not_taken(group[-1], RefusedFiles.of(files, "several"), problem)
            yield from others


def _one_of_several(notebook: LocatedNotebook, group: list[LocatedNotebook]) -> Problem:
    labels = named([g.item.label for g in group])
    reason = f"expected one upload of {notebook.student} for {notebook.choice.assignment}, got {len(group)}: {labels}"
    return Problem(notebook.item.label, reason, (replace(notebook.item, nobody=True),))


def _refuse(plan: CollectionPlan, wrong: WrongFiles, folders: dict[str, str]) -> Problem | Absent:
    """Note what was handed in, so that the result and the student's page name it."""
    if not plan.dry and folders.setdefault(wrong.student.casefold(), wrong.student) == wrong.student:
        try:
            place_refused(plan.out, wrong.student, wrong.assignment, _with_way_back(plan, wrong))
        except MalformedError as error:
            if wrong.problem is None:
                return Problem(wrong.student, error.advice)
            return replace(wrong.problem, reason=f"{wrong.problem.reason}; {error.advice}")
    return wrong.problem or Absent(wrong.student, wrong.assignment)


def _not_taken(notebook: LocatedNotebook, refused: RefusedFiles, problem: Problem) -> WrongFiles:
    student, assignment = notebook.student, notebook.choice.assignment
    return WrongFiles(student, assignment, refused, problem, notebook.kind, notebook.identity, notebook.host_name)


def _with_way_back(plan: CollectionPlan, wrong: WrongFiles) -> RefusedFiles:
    """The names, and how the host calls the upload, so that the page about it finds the student."""
    if not wrong.host_name or wrong.kind is None:
        return wrong.refused
    way_back = WayBack(
        student=wrong.student,
        assignment=wrong.assignment,
        kind=wrong.kind,
        identity=_identity(wrong.identity),
        host_name=storable(wrong.host_name),
    )
    return wrong.refused.model_copy(update={"way_back": way_back.signed(plan.secret)})


def _place(plan: CollectionPlan, notebook: LocatedNotebook, folders: dict[str, str]) -> Done:
    choice = notebook.choice
    label = f"{notebook.student}, {choice.file}"
    items = (replace(notebook.item, label=label_of(label)),)
    folder = folders.setdefault(notebook.student.casefold(), notebook.student)
    if folder != notebook.student:
        return Problem(label, f"its folder would differ from {folder!r} by capitals only", items)
    try:
        with hostile("a notebook that can be read"):
            work = read_work(choice, plan.wanted)
            arrival = _arrival(plan, notebook, work)
    except MalformedError as error:
        commit = notebook.commit.get("commit", "")
        refused = RefusedFiles.of([choice.file], "unreadable", error, commit=commit)
        problem = Problem(label, error.advice, items)
        return _refuse(plan, _not_taken(notebook, refused, problem), folders)
    try:
        placed = place(plan.out, arrival, plan.trust, dry=plan.dry)
    except MalformedError as error:
        return Problem(label, error.advice, items)
    if not plan.dry:
        keep_reason(plan.out / notebook.student / choice.assignment, work.reason)
    record: Received | None = arrival.record
    if placed == "unchanged":  # what counts is when it came first
        record = read_record(plan.out / notebook.student / choice.assignment)
    another = _another(plan, notebook.student, work.belongs_to)
    late, remarks = bool(record and record.late), (*notebook.remarks, *work.remarks, *another)
    return Taken(
        notebook.student,
        choice.assignment,
        notebook.kind,
        placed,
        late,
        choice.file,
        remarks,
        notebook.item.label,
        notebook.settled,
    )


def _another(plan: CollectionPlan, student: str, belongs_to: str) -> tuple[str, ...]:
    """The remark about a notebook of another assignment. No notebook is moved: a person decides."""
    if not belongs_to:
        return ()
    hint = ""
    if not (plan.out / student / belongs_to / f"{belongs_to}.ipynb").is_file():
        hint = f", for which nothing of this student has come yet. Hint: ask, and collect it with -a {belongs_to}"
    return (f"it is the notebook of {belongs_to}{hint}",)


def _arrival(plan: CollectionPlan, notebook: LocatedNotebook, work: Work) -> Arrival:
    now = plan.now()
    received = notebook.received or plan.received or notebook.commit.get("collected_at", now)
    deadline = plan.deadline_of(notebook.extension)
    clock: Clock = "host" if notebook.received else "given" if plan.received else "collecting"
    record = Received(
        student=notebook.student,
        assignment=notebook.choice.assignment,
        kind=notebook.kind,
        source=storable(notebook.source),
        file=storable(notebook.choice.file),
        notebook_sha256=hashlib.sha256(work.notebook).hexdigest(),
        modules={name: hashlib.sha256(data).hexdigest() for name, data in work.modules.items()},
        received_at=received.astimezone(UTC),
        clock=clock,
        late=_is_late(plan, notebook, received, deadline, clock),
        identity=_identity(notebook.identity),
        host_name=storable(notebook.host_name),
        **{"collected_at": now, **notebook.commit},
    )
    return Arrival(work.notebook, record, work.modules, deadline)


def _is_late(
    plan: CollectionPlan, notebook: LocatedNotebook, received: datetime, deadline: datetime | None, clock: Clock
) -> bool | None:
    """By the host's own mark; or by the deadline, where the host has no mark or a time was given."""
    marked = notebook.late or (notebook.late is False and plan.received is None)
    if deadline is None or marked:
        return notebook.late
    if clock == "collecting" and received > deadline:
        return None  # when we saw it first: it may have come long before
    return received > deadline


def _identity(identity: Mapping[str, str]) -> dict[str, str]:
    return {column: storable(value) for column, value in identity.items() if value}
