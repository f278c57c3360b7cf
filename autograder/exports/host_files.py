"""Which host wrote a file of grades, and the record of the files that `collect --worksheet` keeps for the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from autograder.errors import AutograderError
from autograder.exports import blackboard, brightspace, canvas, moodle
from autograder.exports.sheet import Sheet
from autograder.files import FileKind
from autograder.roster.columns import meaning
from autograder.text import one_line

KEPT = FileKind("the record of kept worksheets", 1 << 20, "remove it, and collect --worksheet again")
Host = Literal["canvas", "moodle", "blackboard", "brightspace"]
_SIGNS: Mapping[Host, Callable[[Sheet], bool]] = {
    "canvas": canvas.is_gradebook,
    "brightspace": brightspace.is_export,
    "blackboard": blackboard.is_download,
    "moodle": moodle.is_worksheet,
}


class KeptFile(BaseModel):
    """A file that was kept. assignment: of Moodle's worksheet; "" for a host whose file has all assignments.

    file: its name in the folder.  given: its name when it was given.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: Host
    assignment: str = ""
    file: Annotated[str, Field(pattern=r"^[a-z][^/]*$", max_length=200)]
    given: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    kept_at: AwareDatetime


class KeptFiles(BaseModel):
    """kept.json: at most one file for each host, of Moodle for each assignment."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: Literal[1] = Field(1, alias="schema")
    files: tuple[KeptFile, ...] = ()

    def of(self, host: Host, assignment: str) -> KeptFile | None:
        """The file for an assignment; None if none was kept."""
        wanted = assignment if host == "moodle" else ""
        return next((f for f in self.files if (f.host, f.assignment) == (host, wanted)), None)

    def with_file(self, new: KeptFile) -> KeptFiles:
        """The same with another file, in the place of an older one for the same."""
        others = tuple(f for f in self.files if (f.host, f.assignment) != (new.host, new.assignment))
        return self.model_copy(update={"files": (*others, new)})

    def text(self) -> str:
        """The content of kept.json."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"


HOST_NAMES: Mapping[str, str] = {
    "canvas": "Canvas",
    "moodle": "Moodle",
    "blackboard": "Blackboard",
    "brightspace": "Brightspace",
}


def require_host(sheet: Sheet, host: Host) -> None:
    """Raises AutograderError if the file is another host's. A file without signs of any host may be the right one."""
    others = [other for other, is_its in _SIGNS.items() if is_its(sheet)]
    if others and host not in others:
        raise AutograderError(
            f"{sheet.name}: expected the file of {HOST_NAMES[host]}, got one of {HOST_NAMES[others[0]]}. "
            f"Hint: export {others[0]}, or give the other file."
        )


def host_of(sheet: Sheet) -> Host:
    """Raises AutograderError if the file is no host's file of grades."""
    for host, is_its in _SIGNS.items():
        if is_its(sheet):
            return host
    raise AutograderError(
        f"{sheet.name}: expected Moodle's grading worksheet, Canvas's gradebook, or the grades that Brightspace or "
        f"Blackboard exports, got the columns {one_line(', '.join(sheet.header), 100)}.{_hint(sheet.header)}"
    )


def _hint(header: Iterable[str]) -> str:
    roster = {"name", "email", "id", "sid"} & {meaning(head) for head in header}
    return " Hint: a list of students goes to --roster." if roster else " Hint: download it anew from the host."
