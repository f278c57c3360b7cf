"""samples/right and samples/wrong: a few lines of Python that replace functions, with the verdict they must get."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograder.assignment.assignment import Assignment
from autograder.assignment.author_code import said
from autograder.assignment.source import BEGIN, END, SourceCell, blank, released_check, top_level_names
from autograder.authoring.failing import DIAGNOSES
from autograder.course import author_text
from autograder.errors import CourseError
from autograder.text import nearest, one_line

Cells = list[tuple[str, str, str]]  # (kind, name, source)
TEXT_STUB = "YOUR ANSWER HERE"


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample. fails: checks that must not pass; diagnosis: what the first of them must say.

    slip: the name of the slip that the first of them must name.
    """

    name: str
    kind: Literal["right", "wrong"]
    misconception: str
    source: str
    fails: tuple[str, ...] = ()
    diagnosis: str = ""
    slip: str = ""


def load_samples(assignment: Assignment) -> list[Sample]:
    """All samples of an assignment, right ones first. Raises CourseError for a wrong one that declares no check."""
    return [
        _sample(path, kind, assignment)
        for kind in ("right", "wrong")
        for path in sorted((assignment.folder / "samples" / kind).glob("*.py"))
    ]


def _sample(path: Path, kind: str, assignment: Assignment) -> Sample:
    source = author_text(path)
    try:
        text = ast.get_docstring(ast.parse(source)) or ""
    except (SyntaxError, ValueError, RecursionError) as error:  # ValueError: a NUL character
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        raise CourseError(f"{path}{line}: expected Python, got {said(error)}.") from None
    fields = dict(re.findall(r"^(\w+): *(.+)$", text, flags=re.MULTILINE))
    fails, diagnosis = tuple(fields.get("fails", "").split()), fields.get("diagnosis", "")
    _require_fields(path, kind, text, fields)
    for what, names, known in (
        ("check", fails, [c.id for c in assignment.checks]),
        ("diagnosis", [diagnosis] if diagnosis else [], list(DIAGNOSES)),
    ):
        for name in names:
            if name not in known:
                raise CourseError(f"{path}: expected a {what}, got {one_line(name, 60)}.{nearest(name, known)}")
    _require_replacement(path, source, assignment)
    slip = fields.get("slip", "").strip()
    kind_word: Literal["right", "wrong"] = "right" if kind == "right" else "wrong"
    return Sample(path.stem, kind_word, text.splitlines()[0], source, fails, diagnosis, slip)


def _require_fields(path: Path, kind: str, text: str, fields: Mapping[str, str]) -> None:
    """A docstring, and `fails:` in a wrong sample only."""
    if not text:
        raise CourseError(f"{path}: expected a docstring that says what is {kind}, got none.")
    if kind == "right" and "fails" in fields:
        raise CourseError(f"{path}: expected no `fails:` in a right sample, got {one_line(fields['fails'], 60)}.")
    if kind == "wrong" and "fails" not in fields:
        near = next((name for name in fields if nearest(name, ["fails"])), "")
        hint = f"fails: in the place of {near}:" if near else "fails: q1.value"
        raise CourseError(
            f"{path}: expected `fails: CHECK` in the docstring of a wrong sample, got none. Hint: {hint}."
        )


def _require_replacement(path: Path, source: str, assignment: Assignment) -> None:
    """A sample whose functions replace none of the solution's, and one of them almost does, was misspelt."""
    asked = {name for cell in assignment.cells if cell.role == "solution" for name in cell.defines}
    names = sorted(top_level_names(source))
    if asked.intersection(names):
        return
    if near := next((hint for name in names if (hint := nearest(name, sorted(asked)))), ""):
        raise CourseError(f"{path}: expected functions that it replaces, got {', '.join(names)[:100]}.{near}")


def solved_cells(assignment: Assignment, *samples: Sample, unanswered: frozenset[str] = frozenset()) -> Cells:
    """The released notebook with the solutions, or with a sample's code in the place of the functions that it replaces.

    A sample goes into the first cell in which it replaces a function. The replaced functions are removed from that cell
    and from all later ones.
    unanswered: questions that stay as they were released. If two samples replace one function, the first counts.
    """
    placed: list[Sample] = []
    cells: Cells = []
    for cell in assignment.cells:
        source = cell.source
        if cell.role == "check":
            source = released_check(source)
        elif cell.role == "manual":
            source = TEXT_STUB
        elif cell.role == "solution":
            source = _answer(cell, samples, placed, blank_it=cell.question in unanswered)
        cells.append((cell.kind, cell.name, source))
    return [
        *cells,
        *(
            ("code", f"own-{i}", sample.source)
            for i, sample in enumerate(s for s in samples if s not in placed)
            if not _taken(assignment, sample, samples)
        ),
    ]


def with_cell(cells: Cells, name: str, source: str) -> Cells:
    """The notebook with another source in the cell `name`."""
    return [(kind, n, source if n == name else old) for kind, n, old in cells]


def starter_cells(assignment: Assignment) -> Cells:
    """The notebook as students get it: nbgrader's stub in the place of each solution."""
    return solved_cells(assignment, unanswered=frozenset(q.id for q in assignment.settings.questions))


def _answer(cell: SourceCell, samples: tuple[Sample, ...], placed: list[Sample], *, blank_it: bool) -> str:
    """The source of a solution cell. A sample that goes there is added to `placed`."""
    if blank_it:
        return blank(cell.source)
    solution = "\n".join(line for line in cell.source.splitlines() if line.strip() not in {BEGIN, END})
    mine = next((s for s in samples if cell.defines & top_level_names(s.source)), None)
    if mine is None:
        return solution
    kept = _without(solution, top_level_names(mine.source))
    if mine in placed:
        return kept
    placed.append(mine)
    return f"{kept}\n\n\n{mine.source}" if kept else mine.source


def _without(source: str, names: frozenset[str]) -> str:
    """Source without its top-level definitions of `names`."""
    lines = source.splitlines()
    for node in reversed(ast.parse(source).body):
        if top_level_names(ast.unparse(node)) & names:
            lines[node.lineno - 1 : node.end_lineno] = []
    return "\n".join(lines).strip()


def _taken(assignment: Assignment, sample: Sample, samples: tuple[Sample, ...]) -> bool:
    """Whether another sample has the place of this one; then this one is left out."""
    slots = [c.defines for c in assignment.cells if c.role == "solution" and c.defines & top_level_names(sample.source)]
    return any(other is not sample and any(slot & top_level_names(other.source) for slot in slots) for other in samples)


def notebook_text(cells: Cells) -> str:
    """A notebook file of these cells, as Jupyter would save it."""
    written: list[dict[str, object]] = [
        {
            "cell_type": kind,
            "id": name,
            "metadata": {},
            "source": source.splitlines(keepends=True),
            **({"outputs": [], "execution_count": None} if kind == "code" else {}),
        }
        for kind, name, source in cells
    ]
    return (
        json.dumps(
            {
                "cells": written,
                "metadata": {"language_info": {"name": "python"}},
                "nbformat": 4,
                "nbformat_minor": 5,
            },
            indent=1,
        )
        + "\n"
    )
