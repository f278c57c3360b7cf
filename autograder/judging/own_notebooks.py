"""Finds the notebooks that a student asks to check, and says of which assignment each is.

A student's copy can have any name: `a1_gradient_ascent (1).ipynb`, `Kopie von a1.ipynb`. The name counts if it means
one assignment; else the names that the code holds decide. Each error is one line for the student.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from autograder.assignment.assignment import Assignment
from autograder.assignment.released import code_digest
from autograder.assignment.source import released_check
from autograder.assignment.student_side import StudentSide
from autograder.errors import AutograderError, MalformedError
from autograder.files import read_bytes
from autograder.intake.another_assignment import another_assignment
from autograder.intake.assignment_names import meant_assignment, stem_of
from autograder.intake.file_kinds import FileKindName, kind_by_content, kind_by_name
from autograder.intake.own_modules import modules_beside
from autograder.intake.reader import NOTEBOOK, Notebook, code_of, read_notebook
from autograder.intake.wrong_files import files_of, named
from autograder.text import one_line, plain

ENDING = ".ipynb"
_NO_NAME = "?"  # no word of a notebook is this
# What a student does who has the file on a disk; file_kinds has the hints for a student who handed it in.
_HINTS: dict[FileKindName, str] = {
    "archive": "unpack it, and check the notebook in it",
    "conflict": "remove the lines <<<<<<<, ======= and >>>>>>> in a text editor, or git checkout --ours FILE",
    "document": "it holds no cells; check the .ipynb file",
    "link": "a link is not the file; in Colab: File > Download > Download .ipynb",
    "page": "it holds no cells; check the .ipynb file that it was made from",
    "picture": "it holds no cells; check the .ipynb file",
    "pointer": "git lfs pull fetches the notebook itself",
    "script": "it holds no cells; check the .ipynb file that it was made from",
}


@dataclass(frozen=True, slots=True)
class NotebookPlace:
    """A file to check. sure: it was named, or is called as an assignment; else it may be something else.

    copy_of: the file beside it that is handed in, or "".
    """

    path: Path
    sure: bool = True
    copy_of: str = ""


@dataclass(frozen=True, slots=True)
class OwnNotebook:
    """A notebook to check. assignment: as it was released.  remarks: one line each, for the student.

    begun: whether it holds code that was not handed out.
    """

    path: Path
    notebook: Notebook
    assignment: Assignment
    begun: bool
    remarks: tuple[str, ...]


def notebooks_in(given: Sequence[Path], working: Path, side: StudentSide) -> list[NotebookPlace]:
    """The notebooks of files and folders; without any, those of the working folder. Raises AutograderError."""
    if given:
        return [
            place for each in given for place in (_of_folder(each, side) if each.is_dir() else [NotebookPlace(each)])
        ]
    try:
        return _of_folder(working, side)
    except AutograderError:
        if working.resolve() == side.root.resolve():
            raise
        return _of_folder(side.root, side)


def _of_folder(folder: Path, side: StudentSide) -> list[NotebookPlace]:
    """The notebooks in a folder and in the folders below it."""
    paths = _paths(folder)
    if not paths:
        raise AutograderError(
            f"{folder}: expected a notebook ({ENDING}) in it or one folder below, got {_listed(folder)}. "
            "Hint: save it there from Jupyter, or name the file."
        )
    places = []
    for path in paths:
        meant = _meant(path, side)
        handed_in = path.with_name(f"{meant}{ENDING}")
        copy = handed_in.name if meant not in {"", path.stem} and handed_in in paths else ""
        places.append(NotebookPlace(path, bool(meant), copy))
    return places


def _paths(folder: Path) -> list[Path]:
    """The notebooks in a folder and one below, without what editors and Python keep in folders of their own."""
    paths = [p for pattern in (f"*{ENDING}", f"*/*{ENDING}") for p in sorted(folder.glob(pattern))]
    return [p for p in paths if not any(part.startswith((".", "__")) for part in p.relative_to(folder).parts)]


def _meant(path: Path, side: StudentSide) -> str:
    return meant_assignment(stem_of(path.name), tuple(side.notebooks))


def read_own(path: Path, side: StudentSide, wanted: str = "") -> OwnNotebook:
    """Read a notebook and its assignment. wanted: the assignment's name, or "". Raises AutograderError."""
    if not path.is_file():
        raise _not_there(path, side)
    try:
        notebook = read_notebook(path)
        code = code_of(notebook.cells)
        name = _assignment_of(path, code, side, wanted)
        assignment = side.load(name)
        notebook = read_notebook(path, modules_beside(path.parent, assignment.handouts))
    except MalformedError as error:
        raise AutograderError(_refusal(path, error)) from None
    begun = code_digest(code) != side.notebooks[name].code
    remarks = tuple(_remarks(path, notebook, assignment, side)) if begun else ()
    return OwnNotebook(path, notebook, assignment, begun, remarks)


def _assignment_of(path: Path, code: Sequence[str], side: StudentSide, wanted: str) -> str:
    """The assignment of a notebook. Raises MalformedError if it has no code, is another's, or nothing says which."""
    if not any(source.strip() for source in code):
        hint = "save it in Jupyter (Ctrl+S), and look whether this is the right file"
        raise MalformedError("expected code in its cells, got none", hint=hint)
    if wanted not in {"", *side.notebooks}:
        raise MalformedError(f"expected -a with one of {_all(side)}, got {one_line(wanted, 60)!r}")
    name = wanted or _meant(path, side)
    if name:
        other = another_assignment(code, name, side.asked)
        if other:
            hint = f"check it with -a {other}" if wanted else f"hand it in as {other}{ENDING}; check it with -a {other}"
            raise MalformedError(f"expected the notebook of {name}, got that of {other}", hint=hint)
        return name
    by_code = another_assignment(code, _NO_NAME, {**side.asked, _NO_NAME: {_NO_NAME}})
    by_folder = meant_assignment(path.resolve().parent.name, tuple(side.notebooks))
    if not (by_code or by_folder) and (unchecked := meant_assignment(stem_of(path.name), side.unchecked)):
        hint = f"hand it in as {unchecked}{ENDING}; all of its checks run then"
        raise MalformedError(
            f"expected a notebook with public checks, got that of {unchecked}, which has none", hint=hint
        )
    if not (by_code or by_folder):
        raise MalformedError(
            f"expected the notebook of {_all(side)}, got one with another name that asks for none of their functions",
            hint="-a NAME says of which assignment it is",
        )
    return by_code or by_folder


def _all(side: StudentSide) -> str:
    return " or ".join(side.notebooks) or "an assignment that was released"


def _remarks(path: Path, notebook: Notebook, assignment: Assignment, side: StudentSide) -> Iterator[str]:
    """What a student should know beside the outcome of the checks."""
    name = assignment.name
    if path.name != f"{name}{ENDING}":
        yield f"checked as {name}. Hint: hand it in as {name}{ENDING}"
    sources = {plain(cell.source) for cell in notebook.code}
    gone = [c.id for c in assignment.checks if plain(_released_text(assignment, c.id)) not in sources]
    if gone:
        got = f"others or none for {', '.join(gone[:5])}{' and more' * (len(gone) > 5)}"
        hint = "it is of another release, or they were edited; the checks of this release run instead"
        yield f"expected the public checks as they were released, got {got}. Hint: {hint}"
    for number, cell in enumerate(notebook.code, 1):
        if any(line.startswith(("<<<<<<< ", ">>>>>>> ")) for line in cell.source.splitlines()):
            yield f"code cell {number}: expected Python, got a merge conflict of git. Hint: remove its marked lines"
    for file in side.changed(name):
        yield f"{file}: expected the file as it was released, got another. Hint: the mark uses the released one"


def _released_text(assignment: Assignment, check: str) -> str:
    texts = zip(assignment.checks, assignment.cells, strict=True)
    return next(released_check(cell.source) for each, cell in texts if each.id == check)


def _refusal(path: Path, error: MalformedError) -> str:
    """The line about a file that is no notebook of this course."""
    kind = kind_by_name(path.name) or kind_by_content(_content(path))
    hint = _HINTS.get(kind, error.hint) if kind else error.hint
    reason = error.reason
    beside = path.with_suffix(ENDING)
    if path.suffix.lower() != ENDING and kind_by_name(path.name) and beside.is_file():
        reason, hint = f"expected a notebook, got a file {path.suffix}", f"autograder check {quote(str(beside))}"
    return f"{path}: {MalformedError(reason, hint=hint).advice}."


def _content(path: Path) -> bytes:
    try:
        return read_bytes(path, NOTEBOOK)
    except MalformedError:
        return b""


def _not_there(path: Path, side: StudentSide) -> AutograderError:
    """The error for a file that is not there: where it was looked for, what lies there, and the nearest name."""
    folder = path.parent
    if path.is_symlink() or path.exists():
        return AutograderError(f"{path}: expected a notebook, got a link to nothing or no file. Hint: name the file.")
    near = _nearest(path, side)
    hint = (
        f"autograder check {quote(str(_from_here(near)))}" if near else "autograder check alone looks for all notebooks"
    )
    return AutograderError(
        f"{path.name}: expected a notebook of this name in {folder.absolute()}, got {_listed(folder)}. Hint: {hint}."
    )


def _from_here(path: Path) -> Path:
    """A path as a student in this folder would type it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _nearest(path: Path, side: StudentSide) -> Path | None:
    """The notebook that the student may have meant, in that folder, one below it, or where the course has it."""
    places = [*_paths(path.parent), *_paths(side.root)]
    meant = _meant(path, side)
    alike = [place for place in places if meant and _meant(place, side) == meant]
    if alike:
        return next((place for place in alike if place.stem == meant), alike[0])
    stems = {place.stem.casefold(): place for place in reversed(places)}
    close = difflib.get_close_matches(path.stem.casefold(), stems, n=1)
    return stems[close[0]] if close else None


def _listed(folder: Path) -> str:
    """What lies in a folder, the notebooks first."""
    if not folder.is_dir():
        return "no such folder"
    files = sorted((f for f in files_of(folder) if not f.startswith(".")), key=lambda f: not f.endswith(ENDING))
    return f"{named(files)} there" if files else "an empty folder"
