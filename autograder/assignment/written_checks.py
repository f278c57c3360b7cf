"""The public checks of notebook.py as functions that the grader can call.

In the student's notebook a check can use what the cells import, such as `pd`. So that the grader judges the same, it
runs these imports, too, from the author's text. An import that no check uses costs nothing: it does not run.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from autograder.assignment.author_code import author_code
from autograder.assignment.handouts import module_names, module_texts
from autograder.assignment.source import SourceCell, blank, check_function, importable
from autograder.authoring.checks import Check

_Import = ast.Import | ast.ImportFrom
_GIVEN = ("", "setup", "solution")  # roles of the cells whose imports students have
_AN_IMPORT = re.compile(r"^(?:import|from)\b", re.MULTILINE)  # cells without one are not parsed: parsing is slow


def public_checks(folder: Path, files: Mapping[str, Path], cells: Sequence[SourceCell]) -> list[Check]:
    """A check for each check cell, in order. Raises CourseError.

    folder: solutions/NAME.  files: the hand-outs by their path beside the notebook.
    """
    return [_public_check(cell, imports_used(cell, cells), folder, files) for cell in cells if cell.role == "check"]


def imports_used(check: SourceCell, cells: Sequence[SourceCell]) -> list[tuple[ast.Import | ast.ImportFrom, str]]:
    """The imports of the notebook that a check uses, one name each, with the name of the cell."""
    function = check_function(check.source)
    parameters = {a.arg for a in function.args.args}
    used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)} - parameters | {"*"}
    given = [c for c in cells if c.kind == "code" and c.role in _GIVEN and _AN_IMPORT.search(c.source)]
    imports = [(line, cell.name) for cell in given for line in _imports(blank(cell.source))]
    return [(line, where) for line, where in imports if name_of(line) in used]


def _public_check(
    cell: SourceCell, imports: Sequence[tuple[_Import, str]], folder: Path, files: Mapping[str, Path]
) -> Check:
    """One function of names that students define. It can use `np`, `math`, and what the notebook imports.

    imports: that it uses, each with the name of its cell.
    """
    function = check_function(cell.source)
    parameters = tuple(a.arg for a in function.args.args)
    names: dict[str, Any] = {"np": np, "math": math}
    with _handouts_for([line for line, _ in imports], folder, files):
        for line, where in imports:
            _run(ast.Module([line], []), names, f"cell {where}", f"<{where}>")
        _run(ast.parse(cell.source), names, function.name, f"<check {function.name}>")
    made = names[function.name]
    check_id = f"{cell.question}.{function.name.removeprefix('test_')}"
    title = (inspect.getdoc(made) or made.__name__).splitlines()[0]
    return Check(check_id, cell.question, title, cell.points, "public", made, parameters, cell.needs)


def _run(code: ast.Module, names: dict[str, Any], where: str, file: str) -> None:
    with author_code(f"notebook.py, {where}", file):
        exec(compile(code, file, "exec", dont_inherit=True), names)  # noqa: S102 — the author's


@lru_cache(maxsize=1024)
def _imports(source: str) -> tuple[_Import, ...]:
    """The imports at the top level of a cell, one name each. An import inside `try` may fail, and is left out."""
    lines: list[_Import] = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import):
            lines += [ast.copy_location(ast.Import([alias]), node) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            lines += [ast.copy_location(ast.ImportFrom(node.module, [a], node.level), node) for a in node.names]
    return tuple(lines)


def name_of(line: _Import) -> str:
    """The name that an import defines; `*` if it takes all names of a module."""
    alias = line.names[0]
    return alias.asname or (alias.name.partition(".")[0] if isinstance(line, ast.Import) else alias.name)


@contextlib.contextmanager
def _handouts_for(lines: Iterable[_Import], folder: Path, files: Mapping[str, Path]) -> Iterator[None]:
    """While this is open, these imports find the hand-outs, and the hand-outs find their files."""
    modules = {(line.names[0].name if isinstance(line, ast.Import) else line.module or "") for line in lines}
    if not modules & module_names(files):
        yield
        return
    with contextlib.chdir(folder), importable(module_texts(files)):
        yield
