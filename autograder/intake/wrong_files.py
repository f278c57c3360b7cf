"""Something was handed in for an assignment, and it is no notebook: names it, from `collect` to the student's page.

`collect` writes the names into `refused.json`, in the place where the notebook would be. The names earn nothing, so
they need no signature. What the host called the upload is signed, because feedback goes where it says. The sentence is
made from the names wherever it is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from autograder.errors import MalformedError
from autograder.files import PREFIX, FileKind, read_bytes
from autograder.intake.boundary import hostile
from autograder.intake.file_kinds import advice, kind_by_name
from autograder.intake.received import Commit, read_record
from autograder.intake.way_back import WayBack
from autograder.text import one_line, storable

REFUSED = "refused.json"
_KIND = FileKind("a list of what was handed in", 1 << 16)
MAX_NAMED = 5  # files in a sentence
LONGEST = 60  # characters of a name in a sentence
_LEFT_BY_A_SYSTEM = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX"})
Why = Literal["none", "several", "unreadable", "elsewhere", "absent", "nothing", "unfetched"]


class RefusedFiles(BaseModel):
    """refused.json: the files that were handed in for an assignment, of which none could be taken.

    why: none of them is a notebook; several are, and none is called as the assignment; they cannot be read; they lie in
    another folder than the assignment's; the repository has work, but none for it where it is looked for; it has
    nothing yet; or nobody knows, because it could not be fetched, which is no fault of the student's.
    count: of all files, where more were handed in than are named.  commit: that held them, or "".
    reason, hint: why they cannot be read and what to do, in our words, or "".
    way_back: how the host calls the student and the upload; None if the source is no host's.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: Literal[1] = Field(1, alias="schema")
    why: Why = "none"
    files: tuple[Annotated[str, Field(max_length=300)], ...] = Field((), max_length=20)
    count: int = Field(0, ge=0)
    commit: Commit = ""
    reason: str = Field("", max_length=500)
    hint: str = Field("", max_length=500)
    way_back: WayBack | None = None

    @classmethod
    def of(
        cls, files: Sequence[str], why: Why = "none", error: MalformedError | None = None, *, commit: str = ""
    ) -> RefusedFiles:
        """The record of these files. Bytes that are no UTF-8 become hexadecimals."""
        names = tuple(storable(name) for name in files[:20])
        reason, hint = (one_line(error.reason), one_line(error.hint)) if error else ("", "")
        return cls(why=why, files=names, count=len(files), commit=commit, reason=reason, hint=hint)

    def text(self) -> str:
        """The content of refused.json."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"

    @property
    def was_handed_in(self) -> bool:
        """Whether there is anything for this assignment. In a result, work without it is missing, not malformed."""
        return self.why not in {"absent", "nothing", "unfetched"}

    def sentence(self, assignment: str) -> str:
        """What was handed in and what to do, for the student and the instructor. Ends with a full stop."""
        if not self.was_handed_in:
            hint = f" Hint: {self.hint}." if self.hint else ""
            return f"nothing was handed in: {self.reason}.{hint}"
        if self.reason:
            return f"You handed in {named(self.files, self.count)}: {self.reason}. Hint: {self._hint(assignment)}."
        wanted = {
            "none": f"{assignment}.ipynb",
            "several": f"one notebook for {assignment}",
            "unreadable": f"{assignment}.ipynb in files that can be read",
            "elsewhere": f"{assignment}/{assignment}.ipynb",
        }[self.why]
        return f"You handed in {named(self.files, self.count)}; expected {wanted}. Hint: {self._hint(assignment)}."

    def _hint(self, assignment: str) -> str:
        if self.hint:
            return self.hint
        if self.why == "several":
            return f"keep the one to grade, and call it {assignment}.ipynb"
        if self.why == "elsewhere":
            return "autograder collect finds it there, too"
        kinds = [kind for name in self.files if (kind := kind_by_name(name))]
        return advice(kinds[0]) if kinds else "hand in the .ipynb file itself"


def named(files: Sequence[str], count: int = 0) -> str:
    """The names in a sentence, cut where they are many or long."""
    shown = ", ".join(one_line(repr(name[:LONGEST])) for name in files[:MAX_NAMED]) or "no file"
    more = max(count, len(files)) - min(len(files), MAX_NAMED)
    return f"{shown} and {more} more" if more > 0 else shown


def files_of(folder: Path) -> list[str]:
    """The names in a folder, without those that a system leaves or writes while it works."""
    names = sorted(p.name for p in folder.iterdir())
    return [name for name in names if name not in _LEFT_BY_A_SYSTEM and not name.startswith(("._", PREFIX))]


def read_refused(folder: Path) -> RefusedFiles | None:
    """What refused.json says; None if there is none that can be read."""
    try:
        with hostile("a list of files"):
            return RefusedFiles.model_validate_json(read_bytes(folder / REFUSED, _KIND))
    except MalformedError:
        return None


def way_back_of(folder: Path, student: str, assignment: str, secret: bytes) -> WayBack | None:
    """How the host calls the student and the newest upload here, as `collect` signed it; None if it did not.

    The record can be of an earlier notebook: a student stays the same person.
    """
    refused, record = read_refused(folder), read_record(folder)
    if refused and refused.way_back and refused.way_back.counts(student, assignment, secret):
        return refused.way_back
    if record is None or not record.is_signed(secret) or (record.student, record.assignment) != (student, assignment):
        return None
    return WayBack(
        student=student,
        assignment=assignment,
        kind=record.kind,
        identity=record.identity,
        host_name=record.host_name,
    )
