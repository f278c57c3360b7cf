"""What was decided about a submission: the result file. Fixed fields; see README, "Results"."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import re
import tempfile
import urllib.parse
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, field_validator, model_validator

from autograder.authoring.checks import Visibility
from autograder.authoring.drawings import Picture
from autograder.errors import AutograderError, MalformedError
from autograder.files import PREFIX, SUFFIX, sync, unwritable
from autograder.intake.reader import read_bytes
from autograder.intake.submissions import EARLIER
from autograder.records.provenance import Provenance

Outcome = Literal["pass", "fail", "error", "timeout", "crash", "blocked", "missing"]
Status = Literal["graded", "malformed", "missing", "error"]
# What a gradebook is sent: never negative, never NaN or infinite, and always the sum of its parts.
Points = Annotated[float, Field(ge=0, allow_inf_nan=False)]
MAX_NAME = 200  # bytes of a file name; a file system takes 255, and an ending is to come
_EARLIER_ONES = f"*/{EARLIER}/*/*.json"
_ROUNDING = 1e-5  # sums are rounded to six places
_FORMULA = frozenset("=+-@＝＋－＠")  # spreadsheets take the full-width signs for the others


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CheckResult(_Record):
    """One check's verdict. message and diagnosis are shown to the student; neither quotes a hidden input."""

    id: str
    title: str
    visibility: Visibility
    outcome: Outcome
    points: Points
    max_points: Points
    message: str = ""
    diagnosis: str = ""

    @model_validator(mode="after")
    def _within_its_maximum(self) -> Self:
        if self.points > self.max_points:
            raise ValueError(f"{self.id}: expected at most {self.max_points:g} points, got {self.points:g}")
        return self


class QuestionResult(_Record):
    """A question's checks and their sum."""

    id: str
    title: str
    bonus: bool = False
    score: Points
    max_score: Points
    checks: tuple[CheckResult, ...]

    @model_validator(mode="after")
    def _the_sum_of_its_checks(self) -> Self:
        _require_sum(self.id, self.score, [c.points for c in self.checks])
        return self


class CellError(_Record):
    """A cell that did not run to its end. cell: its number among the code cells, from 1."""

    cell: int
    error: str


class Sandbox(_Record):
    """What held the student's code. landlock: the kernel's version of it.  namespaces: of its own, each submission."""

    tier: Literal["A", "B", "unsafe", "none"]
    landlock: int = 0
    namespaces: bool = False


class Result(_Record):
    """One submission's result.

    fingerprints: of each hidden check and of the rest, see authoring/fingerprints.py.
    device: where the checks ran that can; in the file only if it is not the CPU.
    received: when the server says it came in, ISO 8601 with offset, or "".  attempt: 0 for the newest, else the N-th.
    """

    schema_: Literal[1] = Field(1, alias="schema")
    assignment: str
    student: str
    status: Status
    score: Points
    max_score: Points
    reason: str = ""
    submission_sha256: str = ""
    suite_sha256: str = ""
    fingerprints: dict[str, str] = {}
    seed: str = ""
    sandbox: Sandbox = Sandbox(tier="none")
    questions: tuple[QuestionResult, ...] = ()
    cell_errors: tuple[CellError, ...] = ()
    pictures: tuple[Picture, ...] = ()
    flags: tuple[str, ...] = ()
    received: str = ""
    attempt: Annotated[int, Field(ge=0)] = 0
    provenance: Provenance | None = None
    _in_part: bool = PrivateAttr(default=False)

    @property
    def in_part(self) -> bool:
        """Whether this run put only some checks again. In no file: the bytes are those of a full grading."""
        return self._in_part

    def marked_in_part(self) -> Self:
        """The same, told to have been made so: for whoever counts."""
        copy = self.model_copy()
        copy._in_part = True  # noqa: SLF001 — its own
        return copy

    device: Literal["cpu", "cuda", "strict"] = "cpu"

    @field_validator("received")
    @classmethod
    def _a_time_with_offset(cls, text: str) -> str:
        if text and datetime.fromisoformat(text).tzinfo is None:
            raise ValueError(f"expected a time with an offset, got {text}")
        return text

    @model_validator(mode="after")
    def _the_sum_of_its_questions(self) -> Self:
        _require_sum(self.assignment, self.score, [q.score for q in self.questions])
        return self

    def to_json(self) -> str:
        """The result file's text: the same result always gives the same bytes."""
        usual = {"device"} if self.device == "cpu" else None
        return self.model_dump_json(by_alias=True, indent=2, exclude=usual) + "\n"


def _require_sum(name: str, score: float, parts: list[float]) -> None:
    if abs(score - sum(parts)) > _ROUNDING:
        raise ValueError(f"{name}: expected the sum of its parts, {sum(parts):g}, got {score:g}")


def read_result(path: Path) -> Result | None:
    """A result file, or None if there is none, it was cut short, is no file, or its numbers do not add up."""
    found = _read(path)
    return found[0] if found else None


def _read(path: Path) -> tuple[Result, str] | None:
    """The same, with the sha256 of its bytes."""
    try:
        data = read_bytes(path)
        return Result.model_validate_json(data), hashlib.sha256(data).hexdigest()
    except (OSError, MalformedError, ValidationError):
        return None


def all_results(folder: Path) -> list[Result]:
    """The newest attempts, by assignment and student, earlier runs' included: a run for one must not shorten the list.

    A result counts where it belongs, so that neither a copy beside it nor a linked folder brings it in twice.
    """
    return [r for r in _sorted(folder, "*/*.json") if r.attempt == 0]


def read_results(folder: Path) -> list[Result]:
    """The newest attempts below a folder, by assignment and student. Raises AutograderError if there are none."""
    return _some(folder, all_results(folder))


def all_attempts(folder: Path) -> list[Result]:
    """The newest attempts and then the earlier ones."""
    newest = [r for r in _sorted(folder, "*/*.json") if r.attempt == 0]
    return [*newest, *(r for r in _sorted(folder, _EARLIER_ONES) if r.attempt)]


def attempts_and_sha256(folder: Path) -> Iterator[tuple[Result, str]]:
    """All attempts, each with the sha256 of its file's bytes, one after the other: a file is read once."""
    yield from (found for found in _found(folder, "*/*.json") if found[0].attempt == 0)
    yield from (found for found in _found(folder, _EARLIER_ONES) if found[0].attempt)


def read_attempts(folder: Path) -> list[Result]:
    """All attempts below a folder, which marks are made of. Raises AutograderError if there are none."""
    return _some(folder, all_attempts(folder))


def _sorted(folder: Path, pattern: str) -> list[Result]:
    with _all_is_kept():
        results = [r for r, _ in _found(folder, pattern)]
    return sorted(results, key=lambda r: (r.assignment, r.student, r.attempt))


def _found(folder: Path, pattern: str) -> Iterator[tuple[Result, str]]:
    files = sorted(folder.glob(pattern))
    linked = {p for p in {f.parent for f in files} if any(each.is_symlink() for each in _between(folder, p))}
    for path in files:
        found = None if path.parent in linked else _read(path)
        if found and path == result_path(folder, found[0].assignment, found[0].student, found[0].attempt):
            yield found


@contextlib.contextmanager
def _all_is_kept() -> Iterator[None]:
    """Spare Python its search for garbage among what is read here: more than half of the time for a class of 1,000.

    Frozen, later searches pass over it as well. Results hold no cycles: unused, they are freed as ever.
    """
    searches = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if searches:
            gc.enable()


def _between(folder: Path, inner: Path) -> list[Path]:
    """The folders from `folder` down to `inner`, without the first."""
    return [p for p in (inner, *inner.parents) if p != folder and p.is_relative_to(folder)]


def _some(folder: Path, results: list[Result]) -> list[Result]:
    if not results:
        raise AutograderError(f"{folder}: expected results, got none. Hint: autograder grade first.")
    return results


def result_path(folder: Path, assignment: str, student: str, attempt: int = 0) -> Path:
    """Where a result goes. A student's name is a file name here only after all but harmless signs are escaped."""
    if attempt:
        return folder / assignment / EARLIER / file_name(student) / f"{attempt}.json"
    return folder / assignment / f"{file_name(student)}.json"


def file_name(student: str) -> str:
    """A student's id as a file name: letters (of any script), digits, `._-@+` and space as they are, the rest %XX."""
    safe = "".join(
        c if c.isalnum() or c in "._-@+ " else urllib.parse.quote(c.encode("utf-8", "surrogatepass"), safe="")
        for c in student
    )
    name = re.sub(r"^[.\- ]", lambda m: f"%{ord(m[0]):02X}", safe)
    if len(name.encode()) <= MAX_NAME:
        return name
    return f"{name[: MAX_NAME // 8]}~{hashlib.sha256(name.encode()).hexdigest()}"  # two long names stay two files


def write_atomically(path: Path, text: str | bytes, mode: int = 0o644, *, lasting: bool = True) -> None:
    """All of it or nothing: a reader never sees half a file. Raises AutograderError if that cannot be.

    lasting: through a power cut, too. Waiting for the disk takes ten times as long as writing; a page can be made anew.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fd, part = tempfile.mkstemp(SUFFIX, PREFIX, path.parent)
        try:
            with os.fdopen(fd, "wb") as file:
                file.write(text if isinstance(text, bytes) else text.encode("utf-8", "replace"))
                file.flush()
                os.fchmod(fd, mode)
                if lasting:
                    os.fsync(fd)
            Path(part).replace(path)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
        if lasting:
            sync(path.parent)
    except OSError as error:
        raise unwritable(path, error) from None


def points_text(points: float) -> str:
    """Points as they are: 99.999996 must not become 100 on its way to a gradebook."""
    return f"{points:.12g}"


def spreadsheet_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula, on one line."""
    flat = one_line(text)
    return f"'{flat}" if flat[:1] in _FORMULA else flat


def one_line(text: str, limit: int = 500) -> str:
    """Student text made safe to show anywhere: control and direction-changing characters visible, one line, bounded."""
    shown = (c if c.isprintable() else " " if c in "\n\r\t" else "�" for c in text[: 4 * limit])
    return " ".join("".join(shown).split())[:limit]
