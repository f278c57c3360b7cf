"""One submission of an otter course: which file is the work, its cells, and the files beside it.

All of it is hostile. As in otter, the work is the only notebook at the top of the submission, or else the only `.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import MalformedError
from autograder.files import read_bytes
from autograder.intake.archives import open_zip, zip_entries
from autograder.intake.boundary import hostile
from autograder.intake.entries import Budget, Entry, Problem, folder_entries, is_junk
from autograder.intake.reader import NOTEBOOK, cells_in, document_of
from autograder.sandbox.worker.otter_stub import NOTEBOOK_CLASS
from autograder.text import one_line

ENDINGS = (".ipynb", ".zip", ".py")
MAX_INSERTED = 100  # names of tests in one cell's metadata
MAX_NAME = 200
_MAX_REMARKS = 5
_IGNORED = "otter_ignore"

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class OtterSubmission:
    """A submission's place. name: of the file or folder, unique in the class."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class OtterWork:
    """The work. cells: sources of code cells, with otter's own checks among them.  files: all of the submission.

    main: the name of the notebook or script.  assignment_name: from the notebook's metadata; None for a script.
    remarks: files that were left out.
    """

    main: str
    cells: tuple[str, ...]
    files: Files
    assignment_name: str | None = None
    remarks: tuple[str, ...] = ()

    @property
    def is_notebook(self) -> bool:
        """Whether it is a notebook and no script."""
        return self.main.endswith(".ipynb")


def read_otter_work(submission: OtterSubmission, given: Iterable[str] = ()) -> OtterWork:
    """Read a submission: a notebook, a script, a zip or a folder. Raises MalformedError.

    given: names of the teacher's files: a copy of one is not the student's work.
    """
    with hostile("a submission"):
        files, remarks = _files_at(submission.path)
        main = _main(files, frozenset(given))
        if main.endswith(".ipynb"):
            document = document_of(files[main])
            return OtterWork(main, tuple(_code_cells(document)), files, _assignment_name(document), remarks)
        return OtterWork(main, (files[main].decode("utf-8-sig"),), files, None, remarks)


def _files_at(path: Path) -> tuple[Files, tuple[str, ...]]:
    """All files of the submission by name, and lines about those that are left out."""
    if path.is_dir():
        entries, problems = folder_entries(path)
        tops = [e.name for e in entries if len(e.parts) == 1 and not is_junk(e.parts)]
        zips = [name for name in tops if name.lower().endswith(".zip")]
        if len(zips) == 1 and not any(name.endswith((".ipynb", ".py")) for name in tops):
            return _files_at(path / zips[0])
        return _read(entries, problems)
    if path.suffix.lower() != ".zip":
        return {path.name: read_bytes(path, NOTEBOOK)}, ()
    with path.open("rb") as file:
        return _read(*zip_entries(open_zip(file)))


def _read(entries: Iterable[Entry], problems: Iterable[Problem]) -> tuple[Files, tuple[str, ...]]:
    budget = Budget()
    files = {entry.name: entry.read(budget) for entry in entries if not is_junk(entry.parts)}
    lines = [one_line(f"{problem.file}: {problem.reason}") for problem in problems]
    return files, tuple(lines[:_MAX_REMARKS])


def _main(files: Files, given: frozenset[str]) -> str:
    """The name of the notebook or script to grade."""
    tops = sorted(n for n in files if "/" not in n and not n.startswith(".") and n not in given)
    notebooks = [name for name in tops if name.endswith(".ipynb")]
    scripts = [name for name in tops if name.endswith(".py") and name != "__init__.py"]
    names = notebooks or scripts
    if len(names) == 1:
        return names[0]
    kind = "notebook" if notebooks else "notebook or .py file"
    got = ", ".join(one_line(repr(name), 60) for name in names[:3]) or "none"
    raise MalformedError(f"expected one {kind} at the top of the submission, got {got}")


def _code_cells(document: dict[str, Any]) -> Iterator[str]:
    """The code that runs: without cells to ignore, and with a check after each cell whose metadata names tests."""
    cells = cells_in(document) if document["cells"] else ()
    for raw, cell in zip(document["cells"], cells, strict=True):
        metadata = _object(raw.get("metadata"))
        settings, tags = _object(metadata.get("otter")), metadata.get("tags")
        if (isinstance(tags, list | str) and _IGNORED in tags) or settings.get("ignore"):
            continue
        if cell.kind == "code":
            yield cell.source
        if tests := _names(settings.get("tests")):
            yield "".join(f'{NOTEBOOK_CLASS}().check("{test}")\n' for test in tests)


def _names(value: Any) -> list[str]:
    names = value[:MAX_INSERTED] if isinstance(value, list) else []
    return [name for name in names if isinstance(name, str) and len(name) <= MAX_NAME]


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _assignment_name(document: dict[str, Any]) -> str | None:
    settings = _object(_object(document.get("metadata")).get("otter"))
    if ("tests" in settings) != ("OK_FORMAT" in settings):
        raise MalformedError("expected OK_FORMAT and tests together in the notebook's metadata, got one of them")
    name = settings.get("assignment_name")
    return name if isinstance(name, str) else None
