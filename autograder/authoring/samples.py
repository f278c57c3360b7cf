"""samples/right and samples/wrong: a few lines of Python that replace functions, with the verdict they must get."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograder.authoring.assignment import Assignment
from autograder.authoring.source import BEGIN, END, released_check, top_level_names
from autograder.errors import CourseError

STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample. fails: checks that must not pass; diagnosis: what the first of them must say."""

    name: str
    kind: Literal["right", "wrong"]
    misconception: str
    source: str
    fails: tuple[str, ...] = ()
    diagnosis: str = ""


def load_samples(assignment: Assignment) -> list[Sample]:
    """All samples of an assignment, right ones first. Raises CourseError for one that declares nothing."""
    return [_sample(path, kind) for kind in ("right", "wrong") for path in sorted((assignment.folder / "samples" / kind).glob("*.py"))]


def _sample(path: Path, kind: str) -> Sample:
    source = path.read_text(encoding="utf-8")
    text = ast.get_docstring(ast.parse(source)) or ""
    fields = dict(re.findall(r"^(fails|diagnosis): *(.+)$", text, flags=re.MULTILINE))
    fails = tuple(fields.get("fails", "").split())
    if (kind == "wrong") != bool(fails) or not text:
        raise CourseError(f"{path}: expected a docstring, and `fails: CHECK` in a wrong sample only, got {text[:60]!r}.")
    return Sample(path.stem, "right" if kind == "right" else "wrong", text.splitlines()[0], source, fails, fields.get("diagnosis", ""))


def solved_cells(assignment: Assignment, sample: Sample | None = None) -> list[tuple[str, str, str]]:
    """(kind, name, source) of the released notebook with every solution filled in, or with a sample's instead."""
    replaced = top_level_names(sample.source) if sample else frozenset[str]()
    left = sample.source if sample else None
    cells = []
    for cell in assignment.cells:
        source = cell.source
        if cell.role == "solution":
            source = "\n".join(line for line in source.splitlines() if line.strip() not in {BEGIN, END})
            if cell.defines & replaced:
                source, left = left or "# answered above", None
        elif cell.role == "check":
            source = released_check(source)
        cells.append((cell.kind, cell.name, source))
    if left is not None:
        cells.append(("code", "own-cell", left))
    return cells


def starter_cells(assignment: Assignment) -> list[tuple[str, str, str]]:
    """The notebook as students get it: nbgrader's stub where the solutions were."""
    cells = []
    for kind, name, source in solved_cells(assignment):
        original = next(c for c in assignment.cells if c.name == name)
        cells.append((kind, name, blank(original.source) if original.role == "solution" else source))
    return cells


def blank(source: str) -> str:
    """A solution cell with each solution replaced by the stub, at its indentation."""
    lines: list[str] = []
    inside = False
    for line in source.splitlines():
        if line.strip() == BEGIN:
            indent = line[: len(line) - len(line.lstrip())]
            lines += [indent + stub for stub in STUB.splitlines()]
        inside = line.strip() == BEGIN or (inside and line.strip() != END)
        if not inside and line.strip() != END:
            lines.append(line)
    return "\n".join(lines)


def notebook_text(cells: list[tuple[str, str, str]]) -> str:
    """A notebook file of these cells, as Jupyter would save it."""
    written = [
        {"cell_type": kind, "id": name, "metadata": {}, "source": source.splitlines(keepends=True),
         **({"outputs": [], "execution_count": None} if kind == "code" else {})}
        for kind, name, source in cells
    ]
    return json.dumps({"cells": written, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"
