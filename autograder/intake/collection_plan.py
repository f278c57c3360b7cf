"""The plan of `autograder collect`, and the parts of a source that it located, before it reads a notebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from autograder.intake.entries import Kind, Problem, SourceItem
from autograder.intake.push_times import PushLog
from autograder.intake.received import Trust
from autograder.intake.repositories import PAUSES
from autograder.intake.settled import Settled
from autograder.intake.which_notebook import Choice, WantedNotebooks
from autograder.intake.wrong_files import RefusedFiles
from autograder.roster.roster import Roster


@dataclass(frozen=True, slots=True)
class CollectionPlan:
    """The sources to collect, and how. fetched: where bare repositories are.  received: when it all came in, or None.

    branch: "" for each remote's own.  now: the clock.  secret: of the course; records are signed with it.
    trust_timestamps: whether a timestamp.txt without a record counts in this course.
    zone: of the course.  settled: what people decided about files that cannot be placed.
    pauses: seconds before a remote is asked again.  pushes: asks a host for the pushes to a repository, or None.
    due: by assignment and student; a time that is not needed is not looked for.
    """

    sources: tuple[Path, ...]
    wanted: WantedNotebooks
    out: Path
    fetched: Path
    now: Callable[[], datetime]
    secret: bytes = field(repr=False)
    roster: Roster | None = None
    branch: str = ""
    deadline: datetime | None = None
    received: datetime | None = None
    dry: bool = False
    trust_timestamps: bool = False
    zone: tzinfo | None = None
    settled: Settled = field(default_factory=Settled)
    pauses: tuple[float, ...] = PAUSES
    pushes: PushLog | None = None
    due: Callable[[str, str], datetime | None] = lambda *_: None

    @property
    def trust(self) -> Trust:
        """Which files beside a notebook count."""
        return Trust(self.secret, self.trust_timestamps)

    def deadline_of(self, extension: datetime | None) -> datetime | None:
        """A student's own deadline; None if this collection has none."""
        return max(filter(None, (self.deadline, extension))) if self.deadline else None


@dataclass(frozen=True, slots=True)
class LocatedNotebook:
    """A notebook of a known student, not yet read. identity, host_name: see Received.  person: see Upload.

    remarks: on the upload that holds it.  commit: more fields of the record, for a git repository.
    item: that it came in, about which a person can decide.  settled: whether a person said whose it is.
    """

    student: str
    choice: Choice
    kind: Kind
    source: str
    item: SourceItem
    received: datetime | None = None
    late: bool | None = None
    extension: datetime | None = None
    identity: dict[str, str] = field(default_factory=dict)
    host_name: str = ""
    person: str = ""
    remarks: tuple[str, ...] = ()
    commit: Mapping[str, Any] = field(default_factory=dict)
    settled: bool = False


@dataclass(frozen=True, slots=True)
class WrongFiles:
    """Files of a known student, of which none can be taken. assignment: that they were handed in for, or "".

    problem: the line for the person who collects; None if there is only nothing yet.
    kind, identity, host_name: see LocatedNotebook; None and "" for no host.
    """

    student: str
    assignment: str
    refused: RefusedFiles
    problem: Problem | None
    kind: Kind | None = None
    identity: dict[str, str] = field(default_factory=dict)
    host_name: str = ""


Located = LocatedNotebook | WrongFiles | Problem
