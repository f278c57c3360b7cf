"""notebook.py, the author's text (jupytext percent), as cells with roles.

`cell_marks.py` lists the roles. The release, nbgrader's source, otter's tests and the public checks are all made from
these cells.

The author's cells can also run in this process, which trusts them: for pytest, and as the default reference.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import importlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Literal

from autograder.assignment.author_code import author_code, said
from autograder.assignment.cell_marks import PICTURES, Role, read_mark
from autograder.authoring.inprocess import keep_figures
from autograder.course import author_text
from autograder.errors import CourseError
from autograder.text import one_line

# A Jupyter server's way to files, kernels, MyST; durations in every language, 38 grammars (see interop/__init__.py).
_SPARED = ("tornado", "jupyter_client", "markdown_it", "isoduration", "rfc3987_syntax")
BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


@dataclass(frozen=True, slots=True)
class SourceCell:
    """One cell of the author's text. name: unique in the notebook, the same at every build.

    spoilers: of a prediction, see predictions.py.  needs: of a public check, see cell_marks.py.
    """

    name: str
    kind: Literal["code", "markdown"]
    role: Role
    source: str
    question: str = ""
    points: float = 0.0
    spoilers: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def defines(self) -> frozenset[str]:
        """Names a code cell defines at its top level."""
        return frozenset() if self.kind != "code" else top_level_names(self.source)


@functools.lru_cache(maxsize=1024)
def top_level_names(source: str) -> frozenset[str]:
    """Functions, classes and variables that an author's text defines at its top level."""
    names: set[str] = set()
    for node in ast.parse(source).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names.update(t.id for t in node.targets if isinstance(t, ast.Name))
    return frozenset(names)


@functools.lru_cache(maxsize=1024)
def functions_in(source: str) -> tuple[str, ...]:
    """Public functions and classes that an author's text defines at its top level, in their order."""
    nodes = (node for node in ast.parse(source).body if isinstance(node, (ast.FunctionDef, ast.ClassDef)))
    return tuple(node.name for node in nodes if not node.name.startswith("_"))


@functools.lru_cache(maxsize=1024)
def imported_names(source: str) -> frozenset[str]:
    """Names that the imports at the top level of an author's text define."""
    imports = (node for node in ast.parse(source).body if isinstance(node, (ast.Import, ast.ImportFrom)))
    return frozenset(alias.asname or alias.name.partition(".")[0] for node in imports for alias in node.names)


def read_source(path: Path) -> tuple[SourceCell, ...]:
    """Parse and check the author's text. Raises CourseError with the cell's name."""
    try:
        notebook = _jupytext().reads(author_text(path), fmt="py:percent")
    except ValueError as error:
        raise CourseError(f"{path}: expected jupytext percent text, got {error}.") from None
    counts: dict[str, int] = {}
    raw = [c for c in notebook.cells if c.cell_type != "raw"]
    cells = tuple(_cell(c.cell_type, c.source, dict(c.metadata), counts, path) for c in raw)
    for cell in cells:
        _require_python(cell, path)
    return cells


def _require_python(cell: SourceCell, path: Path) -> None:
    """A figure may hold a magic, such as `%matplotlib inline`: it never runs here."""
    if cell.kind != "code" or cell.role == "figure":
        return
    try:
        ast.parse(cell.source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        before, cell_text, _ = author_text(path).partition(cell.source)
        line = getattr(error, "lineno", None)
        place = f", line {before.count(chr(10)) + line}" if cell_text and line else ""
        raise CourseError(f"{path}{place}: expected Python in the cell {cell.name}, got {said(error)}.") from None


def _jupytext() -> Any:
    """The package jupytext, imported without its optional packages, as if they were not installed.

    Reading a text needs none of them, and they take four fifths of the time in every process.
    """
    spared = [name for name in _SPARED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(spared))  # type: ignore[arg-type]  # None: not to be had
    try:
        return importlib.import_module("jupytext")
    finally:
        for name in spared:
            del sys.modules[name]


def _cell(kind: str, source: str, metadata: dict[str, Any], counts: dict[str, int], path: Path) -> SourceCell:
    mark = read_mark(kind, metadata, f"{path}, the cell that begins with {one_line(source, 40)!r}")
    role, question = mark.role, mark.question
    if role == "manual":
        name = question
    elif role == "check":
        name = f"{question}-{check_function(source, path).name.removeprefix('test_')}"
    else:
        stem = "-".join(part for part in (question, role or ("text" if kind == "markdown" else "code")) if part)
        counts[stem] = counts.get(stem, 0) + 1
        name = stem if counts[stem] == 1 else f"{stem}-{counts[stem]}"
    if role == "solution" and (source.count(BEGIN) != source.count(END) or BEGIN not in source):
        raise CourseError(
            f"{path}, {name}: expected {BEGIN!r}, {END!r} in pairs, got {source.count(BEGIN)} and {source.count(END)}."
        )
    return SourceCell(
        name.replace("_", "-"),
        "code" if kind == "code" else "markdown",
        role,
        source,
        question,
        mark.points,
        mark.spoilers,
        mark.needs,
    )


def check_function(source: str, path: Path | str = "notebook.py") -> ast.FunctionDef:
    """The one function of a public check cell."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise CourseError(f"{path}: expected Python in a check cell, got {error}.") from None
    if not body or not isinstance(body[0], ast.FunctionDef) or not body[0].name.startswith("test_"):
        raise CourseError(f"{path}: expected one function test_… in a check cell, got {source[:60]!r}.")
    return body[0]


def check_call(source: str) -> str:
    """The line that runs a public check in a notebook: `test_example(numerical_gradient)`."""
    function = check_function(source)
    return f"{function.name}({', '.join(a.arg for a in function.args.args)})"


@functools.cache  # it is needed for every submission, and parsing is slow
def released_check(source: str) -> str:
    """A public check cell as students get it: the function, and the line that runs it."""
    return f"{source.rstrip()}\n\n{check_call(source)}"


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


def solution_namespace(cells: Iterable[SourceCell], handouts: Mapping[str, str]) -> Any:
    """`reference.NAME` for what the solution defines. cells, handouts: of an Assignment."""
    return SimpleNamespace(**solution_names(cells, handouts))


def solution_names(cells: Iterable[SourceCell], handouts: Mapping[str, str]) -> dict[str, Any]:
    """Run the set-up and solution cells; pictures, checks and otter's cells are left out."""
    return run_cells([c for c in cells if c.kind == "code" and c.role not in {*PICTURES, "check", "otter"}], handouts)


def run_cells(cells: list[SourceCell], handouts: Mapping[str, str]) -> dict[str, Any]:
    """Execute trusted cells in order in one namespace, with the hand-outs importable meanwhile."""
    names: dict[str, Any] = {"__name__": "solution"}
    with importable(handouts):
        for number, cell in enumerate(cells, 1):
            file = f"<{cell.name}>"
            with author_code(f"notebook.py, cell {cell.name}", file):
                exec(compile(cell.source, file, "exec", dont_inherit=True), names)  # noqa: S102 — the author's
            keep_figures(names, number, cell.question)
    return names


@contextlib.contextmanager
def importable(handouts: Mapping[str, str]) -> Iterator[None]:
    """While this is open, the author's code can import the hand-outs. handouts: texts of modules by name."""
    before = {name: sys.modules.pop(name, None) for name in handouts}
    sys.meta_path.insert(0, finder := _HandOutFinder(handouts))
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name, module in before.items():
            sys.modules.pop(name, None)
            if module is not None:
                sys.modules[name] = module


class _HandOutFinder(MetaPathFinder, Loader):
    """Runs a hand-out when it is imported: a check needs one of five, and another one loads pyplot."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        return spec_from_loader(name, self) if name in self._texts else None

    def exec_module(self, module: ModuleType) -> None:
        _run_module(module, self._texts[module.__name__])


def module_from(name: str, text: str) -> ModuleType:
    """A hand-out module out of its text."""
    module = ModuleType(name)
    _run_module(module, text)
    return module


def _run_module(module: ModuleType, text: str) -> None:
    file = f"{module.__name__}.py"
    with author_code(f"the hand-out {file}", file, expected="it to import"):
        exec(compile(text, file, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 — the author's
