"""Lists who handed in what: walks `SUBMITTED/STUDENT/ASSIGNMENT/*.ipynb`, nbgrader's shape, and `earlier/N/` in it.

Identity comes from the folder alone, never from a notebook's content or file name. Links are not followed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from autograder.errors import AutograderError
from autograder.intake.assignment_names import meant_assignment, stem_of
from autograder.intake.own_modules import modules_beside
from autograder.intake.received import RECORD, TIMESTAMP, Place, Receipt, Trust, receipt_of
from autograder.intake.wrong_files import REFUSED, RefusedFiles, files_of, read_refused
from autograder.roster.roster import Roster

HandedOut = Mapping[str, Collection[str]]
EARLIER = "earlier"
LAST_ATTEMPT = 9999


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's work on one assignment.

    notebook: the file, or None and then `problem` says why.  named_after: another student in whose name the file is,
    for the instructor to see; whose work it is, its folder says.  received, undated, commit, unsigned, missigned: see
    Receipt; `earlier/` in the last two stands for attempts that do not count.
    unreadable: why the system refused to read it, so that nobody knows what was handed in; else "".
    attempt: 0 for the newest; N for the one in earlier/N, where 1 is the oldest.  modules: files beside the notebook
    that can be the student's own modules.
    """

    student: str
    assignment: str
    notebook: Path | None
    problem: str = ""
    malformed: bool = False
    unreadable: str = ""
    named_after: str = ""
    received: str = ""
    undated: str = ""
    commit: str = ""
    unsigned: tuple[str, ...] = ()
    missigned: tuple[str, ...] = ()
    attempt: int = 0
    modules: tuple[Path, ...] = ()

    @property
    def place(self) -> Place:
        """Where it belongs."""
        return self.student, self.assignment, self.attempt


def find_submissions(
    root: Path,
    assignments: Sequence[str],
    students: Sequence[str] = (),
    *,
    trust: Trust | None = None,
    handed_out: HandedOut = MappingProxyType({}),
    roster: Roster | None = None,
) -> list[Submission]:
    """Every student × assignment pair, sorted, also where nothing was handed in. Raises AutograderError.

    A pair's earlier attempts follow it. trust: which files beside a notebook count; of the earlier attempts only those
    do that `collect` signed.  None: all attempts are listed, and no record beside a notebook is read.
    handed_out: names of the modules that an assignment hands out, by assignment; none of them is a student's own.
    roster: its students have a pair for each assignment, too, but for those who left the class.
    """
    if not root.is_dir():
        raise AutograderError(
            f"{root}: expected a folder STUDENT/ASSIGNMENT/*.ipynb, got none. Hint: autograder collect makes it."
        )
    folders = _folders(root, roster)
    unknown = sorted(set(students) - {_name(p) for p in folders})
    if unknown:
        or_listed = " or a student of the roster" if roster else ""
        raise AutograderError(f"--student: expected a folder of {root}{or_listed}, got {unknown[0]!r}.")
    chosen = [p for p in folders if not students or _name(p) in students]
    everyone = {_name(p).lower(): _name(p) for p in folders}
    places = [_Place(f, name, everyone, handed_out.get(name, ())) for name in assignments for f in chosen]
    return [each for place in places for each in _readable(place, trust)]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one student's work on one assignment belongs. everyone: the students, by their names in small letters."""

    student: Path
    assignment: str
    everyone: Mapping[str, str]
    handed_out: Collection[str]


def _folders(root: Path, roster: Roster | None) -> list[Path]:
    """The students' folders, in order; of the roster's students also those that do not exist."""
    existing = {p for p in root.iterdir() if p.is_dir() and not p.is_symlink() and not p.name.startswith(".")}
    if roster is None:
        return sorted(existing)
    left = {root / s.id for s in roster.students if s.withdrawn}
    return sorted((existing | {root / s.id for s in roster.present}) - left)


def _readable(place: _Place, trust: Trust | None) -> list[Submission]:
    """All attempts; if the system refuses to read one of the folders, one submission that says so."""
    try:
        return list(_attempts(place, trust))
    except OSError as error:
        return [Submission(_name(place.student), place.assignment, None, unreadable=error.strerror or "an error")]


def _attempts(place: _Place, trust: Trust | None) -> Iterator[Submission]:
    """The newest, and the earlier ones that count."""
    student, assignment = place.student, place.assignment
    folder = student / assignment
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        text = f"{assignment}: expected a folder, got a link or a file."
        yield Submission(_name(student), assignment, None, text, malformed=True)
        return
    newest = _submission(place, folder)
    numbered = ((n, folder / EARLIER / str(n)) for n in earlier_attempts(folder))
    earlier = [replace(_submission(place, f), attempt=n) for n, f in numbered]
    earlier = [attempt for attempt in earlier if attempt.notebook or attempt.malformed]
    if trust is None:
        yield from (newest, *earlier)
        return
    receipts = [receipt_of(folder / EARLIER / str(s.attempt), s.notebook, s.place, trust) for s in earlier]
    first = as_it_came(newest, receipt_of(folder, newest.notebook, newest.place, trust))
    yield _with_uncounted(first, [receipt for receipt in receipts if not receipt.signed])
    yield from (as_it_came(s, receipt) for s, receipt in zip(earlier, receipts, strict=True) if receipt.signed)


def as_it_came(submission: Submission, receipt: Receipt) -> Submission:
    """The submission with what its receipt says."""
    return replace(
        submission,
        received=receipt.received,
        undated=receipt.undated,
        commit=receipt.commit,
        unsigned=receipt.unsigned,
        missigned=receipt.missigned,
    )


def _with_uncounted(submission: Submission, receipts: Sequence[Receipt]) -> Submission:
    """The newest submission, which says that earlier attempts do not count. receipts: of these attempts."""
    if any(receipt.missigned for receipt in receipts):
        return replace(submission, missigned=(*submission.missigned, f"{EARLIER}/"))
    if receipts:
        return replace(submission, unsigned=(*submission.unsigned, f"{EARLIER}/"))
    return submission


def attempt_number(name: str) -> int | None:
    """The number of an attempt that a folder's name says, from 1 to LAST_ATTEMPT, or None."""
    return int(name) if re.fullmatch(r"[1-9][0-9]{0,3}", name) else None


def earlier_attempts(folder: Path) -> list[int]:
    """The numbers of the folders in `earlier/`, in order. Links are not followed."""
    earlier = folder / EARLIER
    if earlier.is_symlink() or not earlier.is_dir():
        return []
    numbered = ((attempt_number(p.name), p) for p in earlier.iterdir() if p.is_dir() and not p.is_symlink())
    return sorted(number for number, _ in numbered if number)


def _submission(place: _Place, folder: Path) -> Submission:
    name, assignment = _name(place.student), place.assignment
    files = (p for p in folder.iterdir() if p.suffix.lower() == ".ipynb") if folder.is_dir() else ()
    notebooks = sorted(p for p in files if not p.name.startswith("._"))  # macOS leaves those
    if not notebooks:
        return _without_notebook(place, folder)
    if len(notebooks) > 1:
        names = ", ".join(repr(p.name[:60]) for p in notebooks[:5])
        text = f"expected one notebook, got {len(notebooks)}: {names}. Hint: keep the one to grade."
        return Submission(name, assignment, None, text, malformed=True)
    other = _other_name(notebooks[0].stem, name, place.everyone)
    modules = modules_beside(folder, place.handed_out)
    return Submission(name, assignment, notebooks[0], named_after=other, modules=modules)


def _without_notebook(place: _Place, folder: Path) -> Submission:
    """The submission that names what was handed in, or says that nothing was."""
    name, assignment = _name(place.student), place.assignment
    refused = _refused(place, folder)
    if refused and refused.why == "unfetched":
        return Submission(name, assignment, None, unreadable=refused.reason)
    if refused:
        return Submission(name, assignment, None, refused.sentence(assignment), malformed=refused.was_handed_in)
    if folder.is_dir():
        return Submission(name, assignment, None, "nothing was handed in: the folder holds no notebook.")
    return nothing_handed_in(name, assignment)


def nothing_handed_in(student: str, assignment: str) -> Submission:
    """The submission of a student without a folder."""
    return Submission(student, assignment, None, f"nothing was handed in: there is no folder {assignment}.")


def _refused(place: _Place, folder: Path) -> RefusedFiles | None:
    """What was handed in instead of a notebook, in the assignment's folder or in one that is called nearly so."""
    if folder.is_dir():
        files = [n for n in files_of(folder) if n not in {TIMESTAMP, RECORD, REFUSED, EARLIER}]
        if files or (refused := read_refused(folder)) is None:
            return RefusedFiles.of(files) if files else None
        return refused
    others = (n for n in (files_of(place.student) if place.student.is_dir() else ()) if n not in {TIMESTAMP, RECORD})
    near = [n for n in others if meant_assignment(stem_of(n), (place.assignment,))]
    return RefusedFiles.of(near, "elsewhere") if near else None


def _name(folder: Path) -> str:
    """A student's id; bytes that are no UTF-8 in hexadecimals, since they could be neither stored nor printed."""
    return folder.name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _other_name(stem: str, student: str, everyone: Mapping[str, str]) -> str:
    """The student, not this one, whose name is the file's or a part of it between signs such as `-` and `_`."""
    parts = [stem.lower(), *re.split(r"[^a-z0-9.@+]+", stem.lower())]
    return next((everyone[p] for p in parts if p in everyone and everyone[p] != student), "")
