"""Reads otter's autograder.zip, and the notebook with solutions that `otter assign` writes beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from autograder.errors import CourseError
from autograder.importing.notebook_file import RawCell, read_raw
from autograder.importing.otter_answers import plain_answer
from autograder.importing.otter_tests import parts_of, tests_of_file
from autograder.importing.parts import LeftOut, SourceNotebook, SourcePart, separated
from autograder.importing.python_text import plain_python
from autograder.otter_courses.otter_archive import read_archive

_CHECK = re.compile(r"^\s*grader\.check\(\s*['\"]([^'\"]+)['\"]\s*\)\s*;?\s*$")
_OTTERS = re.compile(r"otter\.Notebook|grader\.(export|check_all)|^## Submission\b|<!-- (BEGIN|END) QUESTION -->")
_SOLUTION = "otter_assign_solution_cell"
_ANSWER = "otter_answer_cell"


def read_zip(path: Path) -> SourceNotebook:
    """The archive's tests and files, and the notebook with solutions that lies beside it. Raises CourseError."""
    archive = read_archive(path)
    notebook = _notebook_beside(path, archive.settings.assignment_name)
    raw = read_raw(notebook)
    tests = dict(_tests(archive.tests, str(path)))
    items = [i for n, cell in enumerate(raw.cells, 1) for i in _of_cell(cell, f"{notebook}, cell {n}", tests)]
    items += [item for of_question in tests.values() for item in of_question]  # no cell asks for these tests
    parts, left_out = separated(items)
    return SourceNotebook(notebook.stem, parts, {**archive.files, **raw.files}, left_out)


def _notebook_beside(path: Path, name: str | None) -> Path:
    """The notebook of this name, or the only one."""
    beside = sorted(path.parent.glob("*.ipynb"))
    chosen = [p for p in beside if p.stem == name] or (beside if len(beside) == 1 else [])
    if not chosen:
        raise CourseError(
            f"{path}: expected the notebook with solutions beside it, got none. "
            "Hint: otter assign writes both to dist/autograder; or import the master notebook."
        )
    return chosen[0]


def _tests(texts: Mapping[str, str], place: str) -> Iterator[tuple[str, list[SourcePart | LeftOut]]]:
    """Each question of the archive with its tests."""
    for name, text in sorted(texts.items()):
        if not name.endswith("__init__.py"):
            where = f"{place}, {name}"
            question, tests, given = tests_of_file(text, where)
            question = question or Path(name).stem
            yield question, list(parts_of(question, tests, given, where))


def _of_cell(cell: RawCell, where: str, tests: dict[str, list[SourcePart | LeftOut]]) -> Iterator[SourcePart | LeftOut]:
    tags = cell.metadata.get("tags") or []
    if check := _CHECK.match(cell.source):
        yield from tests.pop(check[1], [])
    elif cell.kind == "code" and cell.source.strip() and not _OTTERS.search(cell.source) and _ANSWER not in tags:
        source, dropped = plain_python(cell.source, where)
        yield from (LeftOut("magic", where, line) for line in dropped)
        text = plain_answer(source, [], where, whole=_SOLUTION in tags)
        yield SourcePart("answer" if "# BEGIN SOLUTION" in text else "given", text)
    elif cell.kind == "markdown":
        if _SOLUTION in tags:
            yield SourcePart("by_hand", cell.source, points=1.0)
            yield LeftOut("one_point", where)
        text = re.sub(r"<!-- (BEGIN|END) QUESTION -->", "", cell.source).strip()
        if text and not {_SOLUTION, _ANSWER} & set(tags) and not text.startswith("## Submission"):
            yield SourcePart("prose", text)
