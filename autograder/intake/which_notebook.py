"""Which of the files that a student uploaded is the notebook, and of which assignment. Reads only uploaded zips.

`collect` and Gradescope's container use it. Near misses that can mean only one thing are accepted, with a remark. If no
file can be taken, the error names the files.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from autograder.errors import MalformedError
from autograder.intake.archives import open_zip, zip_entries
from autograder.intake.assignment_names import meant_assignment, stem_of
from autograder.intake.entries import MAX_FILES, Budget, Entry, File, is_junk
from autograder.intake.file_kinds import advice, kind_by_name
from autograder.intake.reader import cells_of
from autograder.intake.regrade_reason import is_reason
from autograder.intake.wrong_files import RefusedFiles, Why, named

MAX_ZIPS = 2  # one in another
_ALMOST = (".txt", ".json", "")  # how browsers save a notebook that they show as text


@dataclass(frozen=True, slots=True)
class WantedNotebooks:
    """What is being collected. assignments: to look for.  only: the one that was asked for, or "".

    known: all of the course.  handed_out: names of the modules that each hands out.  asked: the names that each asks
    for.
    """

    assignments: tuple[str, ...]
    only: str
    known: tuple[str, ...]
    handed_out: Mapping[str, Collection[str]] = field(default_factory=dict)
    asked: Mapping[str, Collection[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """The notebook of one assignment. file: its name.  beside: the Python files in its folder by name, and the
    student's reason.

    remarks: in words, what was accepted though it is not as asked.
    """

    assignment: str
    file: str
    read: Callable[[], bytes]
    beside: Mapping[str, Callable[[], bytes]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


class WrongFilesError(MalformedError):
    """None of the files can be taken. assignment: that they were handed in for, or "".  refused: the files."""

    def __init__(self, reason: str, hint: str, assignment: str, refused: RefusedFiles) -> None:
        super().__init__(reason, hint=hint)
        self.assignment, self.refused = assignment, refused


def choose(files: Sequence[File], wanted: WantedNotebooks, folder: str) -> list[Choice]:
    """The notebooks of an upload. folder: in which it lay, called as an assignment or nearly so; or "".

    The upload has one budget for all that is read of it.

    Raises MalformedError with the names of the files where it is not plain which to take.
    """
    meant = meant_assignment(folder, wanted.known)
    if meant and meant not in wanted.assignments:
        return []  # another assignment than the one asked for
    if len(files) > MAX_FILES:
        raise MalformedError(f"expected at most {MAX_FILES} files, got {len(files)}")
    if folder and not meant:
        raise MalformedError(
            f"no assignment of this course is called {folder!r}",
            hint="collect the folder that holds the students' folders, STUDENT/ASSIGNMENT/",
        )
    target = meant or wanted.only
    remarks = (f"the folder {folder!r} was taken for {meant}",) if folder != meant else ()
    try:
        choices = list(_chosen(_Pile.of(files, Budget()), target, wanted))
    except WrongFilesError:
        raise
    except MalformedError as error:
        raise _wrong(error.reason, error.hint, target, files, wanted, "unreadable") from None
    return [Choice(c.assignment, c.file, c.read, c.beside, remarks + c.remarks) for c in choices]


def choose_of(files: Sequence[File], assignment: str, wanted: WantedNotebooks) -> list[Choice]:
    """The notebook of one assignment among files that may hold others, or none. Raises MalformedError as `choose`."""
    return choose(files, wanted, assignment) if any(not n.endswith(".py") for n, _ in files) else []


@dataclass(frozen=True, slots=True)
class _Pile:
    """Files that lie together: those of an upload, or of the zips in it. notebooks: those among them.

    remarks: about the way to them.
    """

    uploaded: Sequence[File]
    files: Sequence[File]
    notebooks: Sequence[File]
    budget: Budget
    remarks: tuple[str, ...] = ()

    @classmethod
    def of(cls, uploaded: Sequence[File], budget: Budget) -> _Pile:
        """The first pile with a notebook: the upload, its zips, a zip in them; else one with what is nearly one."""
        piles = [uploaded]
        while not _notebooks(piles[-1]) and len(piles) <= MAX_ZIPS and _zips(piles[-1]):
            piles.append(_unzipped(piles[-1], budget))
        notebooks = _notebooks(piles[-1])
        if notebooks:
            remarks = ("it lay in a zip in a zip",) if len(piles) > MAX_ZIPS else ()
            return cls(uploaded, piles[-1], notebooks, budget, remarks)
        for files in piles:
            if almost := [f for f in files if _is_almost(f, budget)]:
                remarks = (f"{named([n for n, _ in almost])} holds a notebook and was taken as one",)
                return cls(uploaded, files, almost, budget, remarks)
        return cls(uploaded, piles[-1], (), budget)


def _chosen(pile: _Pile, target: str, wanted: WantedNotebooks) -> Iterator[Choice]:
    if not pile.notebooks:
        names = [name for name, _ in pile.uploaded]
        kinds = [kind for name in names if (kind := kind_by_name(name))]
        hint = advice(kinds[0]) if kinds else ""
        raise _wrong(f"expected a notebook, got {named(names)}", hint, target, pile.uploaded, wanted, "none")
    if target:
        yield _the_one(pile, pile.notebooks, target, wanted)
        return
    groups: dict[str, list[File]] = {}
    for name, entry in pile.notebooks:
        groups.setdefault(meant_assignment(stem_of(name), wanted.known), []).append((name, entry))
    strange = [n for meant, g in groups.items() if meant not in wanted.assignments for n, _ in g[:1]]
    if strange:
        raise MalformedError(f"expected notebooks called as assignments are, got {named(strange)}", hint="-a NAME")
    for assignment, group in groups.items():
        yield _the_one(pile, group, assignment, wanted)


def _the_one(pile: _Pile, notebooks: Sequence[File], assignment: str, wanted: WantedNotebooks) -> Choice:
    """The notebook that is called as the assignment, or nearly so; or lies in its folder; or is no other's."""
    known = wanted.known
    ways = (
        [n for n in notebooks if stem_of(n[0]) == assignment],
        [n for n in notebooks if meant_assignment(stem_of(n[0]), known) == assignment],
        [n for n in notebooks if assignment in {meant_assignment(part, known) for part in n[0].split("/")[:-1]}],
        [n for n in notebooks if meant_assignment(stem_of(n[0]), known) in {"", assignment}],
    )
    candidates = next(filter(None, ways), [])
    if len(candidates) != 1:
        names = [n for n, _ in notebooks]
        reason = f"expected one notebook for {assignment}, got {named(names)}"
        raise _wrong(reason, "", assignment, notebooks, wanted, "several")
    name, entry = candidates[0]
    near = stem_of(name) != assignment and meant_assignment(stem_of(name), known) == assignment
    remarks = (*pile.remarks, *((f"{named([name])} was taken for {assignment}",) if near else ()))
    return Choice(assignment, name, partial(entry.read, pile.budget), _beside(pile, name), remarks)


def _beside(pile: _Pile, notebook: str) -> dict[str, Callable[[], bytes]]:
    folder = notebook.rpartition("/")[0]
    files = [(n.rpartition("/"), e) for n, e in pile.files if n.lower().endswith(".py") or is_reason(n)]
    return {name: partial(e.read, pile.budget) for (place, _, name), e in files if place == folder}


def _wrong(
    reason: str, hint: str, target: str, files: Sequence[File], wanted: WantedNotebooks, why: Why
) -> WrongFilesError:
    """The error. Without a target, the assignment is the only one that a file is called after."""
    names = [name for name, _ in files]
    meant = {m for name in names if (m := meant_assignment(stem_of(name), wanted.known)) in wanted.assignments}
    assignment = target or (meant.pop() if len(meant) == 1 else "")
    error = MalformedError(reason, hint=hint) if why == "unreadable" else None
    return WrongFilesError(reason, hint, assignment, RefusedFiles.of(names, why, error))


def _notebooks(files: Sequence[File]) -> list[File]:
    return [(name, e) for name, e in files if name.lower().endswith(".ipynb") and not is_junk(tuple(name.split("/")))]


def _is_almost(file: File, budget: Budget) -> bool:
    """Whether the file has another ending, and its content is a notebook."""
    name, entry = file
    last = name.rpartition("/")[2].lower()
    ending = last[last.rfind(".") :] if "." in last else ""
    if ending not in _ALMOST or is_junk(tuple(name.split("/"))):
        return False
    try:
        cells_of(entry.read(budget))
    except MalformedError:
        return False
    return True


def _zips(files: Sequence[File]) -> list[File]:
    return [(name, entry) for name, entry in files if name.lower().endswith(".zip")]


def _unzipped(files: Sequence[File], budget: Budget) -> list[File]:
    """What the zips among the files hold. Raises MalformedError for a file in it that is not sound."""
    files_inside: list[File] = []
    for name, entry in _zips(files):
        entries, problems = zip_entries(open_zip(io.BytesIO(entry.read(budget))))
        if problems:
            raise MalformedError(f"{name}: {problems[0].file}: {problems[0].reason}")
        files_inside += [(e.name, Entry(e.parts, partial(_inside, entry, e.name))) for e in entries]
        if len(files_inside) > MAX_FILES:
            raise MalformedError(f"{name}: expected at most {MAX_FILES} files, got more")
    return files_inside


def _inside(outer: Entry, name: str, budget: Budget) -> bytes:
    """One file of a zip in the archive. Opened anew: the zips of a whole class would not fit into memory."""
    entries, _ = zip_entries(open_zip(io.BytesIO(outer.read(budget))))
    return next(e for e in entries if e.name == name).read(budget)
