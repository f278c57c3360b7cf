"""Decisions of people about files that `collect` could not place: whose each of them is, or that it is ignored.

The decisions of a course are in `work/settled.json`. A later `collect` applies them where it would fail again.

A decision must not fall on a file of somebody else. A student can choose a file's name, so a name alone decides
nothing. If the host itself wrote a number or a login of the student's, the decision that names the student holds for
this number. Every other decision holds for one name with one content: the sha256 of its bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from autograder.errors import AutograderError, MalformedError
from autograder.files import FileKind, locked, make_folder, read_bytes, write_atomically
from autograder.intake.boundary import hostile
from autograder.intake.entries import Budget, Kind, SourceItem
from autograder.roster.roster import is_folder_name
from autograder.text import one_line

SETTLED = "settled.json"
_KIND = FileKind("decisions of autograder collect", 20 << 20)
_LONGEST = 200  # characters of a name that a person copies
_SIGNS = re.compile(r"([:#])\1+")  # `::error::` is a command to a CI that reads a log
_Student = Annotated[str, Field(max_length=200)]


class Decision(BaseModel):
    """One decision. file: the label of the item.  students: whose it is; none if it is ignored.

    kind, column, value: the host, and how it names the student, see SourceItem; "" if the bytes tell.
    sha256: of the item's files; "" if nothing of it can be read, or if the host names the student.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    students: tuple[_Student, ...] = Field((), max_length=100)
    kind: Kind
    column: str = ""
    value: str = ""
    sha256: str = Field("", pattern="^(?:[0-9a-f]{64})?$")
    decided_at: AwareDatetime

    def is_about(self, item: SourceItem) -> bool:
        """Whether it holds for this item. Reads the item's files only if the name is the same."""
        if self.column:
            return self.kind == item.kind and item.key == (self.column, self.value)
        return self.file == item.label and self.sha256 == digest_of(item)

    @property
    def about(self) -> tuple[str, ...]:
        """What the decision is about: two of the same are one decision."""
        return (self.kind, self.column, self.value) if self.column else (self.file, self.sha256)


class Settled(BaseModel):
    """settled.json: the decisions of a course, at most one about each thing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: Literal[1] = Field(1, alias="schema")
    decisions: tuple[Decision, ...] = ()

    def students_of(self, item: SourceItem) -> tuple[str, ...]:
        """Whose it is, as a person said; none if nobody said it."""
        return next((d.students for d in self.decisions if d.students and d.is_about(item)), ())

    def ignores(self, items: Iterable[SourceItem]) -> bool:
        """Whether a person said of each of the items that it is ignored; False if there are none."""
        decided = [any(not d.students and d.is_about(item) for d in self.decisions) for item in items]
        return bool(decided) and all(decided)

    def with_decisions(self, new: Iterable[Decision]) -> Settled:
        """The same with other decisions; of two about one thing the newer one stays."""
        decisions = {d.about: d for d in self.decisions} | {d.about: d for d in new}
        return self.model_copy(update={"decisions": tuple(decisions.values())})

    def changed_by(self, new: Iterable[Decision]) -> list[tuple[Decision, tuple[str, ...]]]:
        """The new decisions that take something away from students, with these students."""
        before = {d.about: d.students for d in self.decisions}
        pairs = [(d, tuple(s for s in before.get(d.about, ()) if s not in d.students)) for d in new]
        return [(decision, students) for decision, students in pairs if students]

    def without(self, shown_file: str) -> Settled:
        """The same without the decisions about what is shown under this name."""
        return self.model_copy(update={"decisions": tuple(d for d in self.decisions if shown(d.file) != shown_file)})

    def text(self) -> str:
        """The content of settled.json."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"


def shown(name: str) -> str:
    """A file's name as the table shows it, and as a person gives it back: on one line, another one for another name."""
    text = _SIGNS.sub(r"\1", one_line(name, _LONGEST))
    return text if text == name else f"{text}~{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def label_of(name: str) -> str:
    """A name as JSON can hold it: bytes that are no UTF-8 in hexadecimals."""
    return name.encode("utf-8", "backslashreplace").decode()


def digest_of(item: SourceItem) -> str:
    """The sha256 of all files of the item, with their names; of a repository's commit; "" if they cannot be read."""
    if item.commit:
        return hashlib.sha256(item.commit.encode()).hexdigest()
    if not item.files:
        return ""
    budget, whole = Budget(), hashlib.sha256()
    try:
        with hostile("files that can be read"):
            for name, entry in sorted(item.files, key=lambda file: file[0]):
                for part in (name.encode("utf-8", "surrogatepass"), entry.read(budget)):
                    whole.update(hashlib.sha256(part).digest())
    except MalformedError:
        return ""
    return whole.hexdigest()


def read_settled(path: Path) -> Settled:
    """The decisions in a file; none if there is no file. Raises AutograderError if it holds anything else."""
    if not path.exists():
        return Settled()
    data = read_bytes(path, _KIND)
    try:
        with hostile("decisions of autograder collect"):
            settled = Settled.model_validate_json(data)
    except MalformedError:
        settled = None
    if settled is None or not all(is_folder_name(s) for d in settled.decisions for s in d.students):
        raise AutograderError(
            f"{path}: expected the decisions that autograder collect wrote, got something else. "
            "Hint: restore the file, or move it away and decide again."
        )
    return settled


def remember(path: Path, new: Iterable[Decision]) -> None:
    """Add decisions to the file. Another run cannot write it meanwhile."""
    decisions = list(new)
    if decisions:
        make_folder(path.parent)
        with locked(path.parent, wait=True):
            write_atomically(path, read_settled(path).with_decisions(decisions).text())


def forget(path: Path, shown_file: str) -> tuple[Decision, ...]:
    """Remove the decisions about what is shown under this name, and return them. Raises AutograderError for none."""
    settled = read_settled(path)
    gone = tuple(d for d in settled.decisions if shown(d.file) == shown_file)
    if not gone:
        raise AutograderError(
            f"--forget: expected a file that autograder settled lists, got {one_line(shown_file, 100)!r}."
        )
    with locked(path.parent, wait=True):
        write_atomically(path, read_settled(path).without(shown_file).text())
    return gone
