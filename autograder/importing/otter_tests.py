"""Otter's tests: examples of doctest, or functions that raise; from a master's test cells, or from files of a zip."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from autograder.errors import CourseError
from autograder.importing.notebook_file import RawCell
from autograder.importing.parts import LeftOut, SourcePart
from autograder.otter_courses.case_points import resolved_points

_BEGIN_CONFIG = re.compile(r'^(?:\w+\s*=\s*)?"""\s*#\s*BEGIN\s*TEST\s*CONFIG', re.IGNORECASE)
_END_CONFIG = re.compile(r'^"""\s*;?\s*#\s*END\s*TEST\s*CONFIG', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ImportedCase:
    """A test case. source: examples of doctest, or a function and its call.  public: for students, or "".

    points: its own, or None.
    """

    name: str
    source: str
    public: str
    points: float | None

    def part(self, question: str, points: float) -> SourcePart:
        """The test as a part of the notebook."""
        return SourcePart("test", self.source, self.name, question, points, self.public)


def test_of_cell(cell: RawCell, question: str, number: int, where: str) -> ImportedCase:
    """The test of a cell of a master notebook. Its outputs are what is expected. Raises CourseError."""
    lines = cell.source.strip("\n").splitlines()
    config: dict[str, Any] = {}
    hidden = bool(re.match(r"\s*#.*\bhidden\b", lines[0], re.IGNORECASE))
    if _BEGIN_CONFIG.match(lines[0]):
        end = next((i for i, line in enumerate(lines) if _END_CONFIG.match(line)), None)
        if end is None:
            raise CourseError(f"{where}: expected END TEST CONFIG after BEGIN TEST CONFIG, got the end of the cell.")
        config = yaml.safe_load("\n".join(lines[1:end])) or {}
        lines = lines[end + 1 :]
    elif hidden:
        lines = lines[1:]
    hidden = bool(config.get("hidden", hidden))
    name = f"{question}_{number}"
    return made_test(name, "\n".join(lines), cell.output, where, hidden=hidden, points=config.get("points"))


test_of_cell.__test__ = False  # type: ignore[attr-defined]  # for pytest


def made_test(
    name: str, code: str, output: str, where: str, *, hidden: bool, points: float | None = None
) -> ImportedCase:
    """A test from its code and the output that is expected. Raises CourseError if it is no Python."""
    try:
        tree = ast.parse(code)
    except SyntaxError as error:
        raise CourseError(f"{where}: expected Python in a test, got {error}.") from None
    match tree.body:
        case [ast.FunctionDef() as function, *_] if len(tree.body) <= 2:
            source = f"{ast.unparse(_undecorated(function))}\n\n{_call(function)}"
            return ImportedCase(name, source, "" if hidden else source, points)
    return ImportedCase(name, _examples(tree, output), "" if hidden else _assertion(tree, output), points)


def _undecorated(function: ast.FunctionDef) -> ast.FunctionDef:
    function.decorator_list = []
    return function


def _call(function: ast.FunctionDef) -> str:
    """The line that runs a function of names of the notebook; `env` is all of them."""
    arguments = ", ".join("globals()" if a.arg == "env" else a.arg for a in function.args.args)
    return f"_ = {function.name}({arguments})"


def _examples(tree: ast.Module, output: str) -> str:
    """Examples of doctest: a statement each, and the output below the last, as otter writes them."""
    lines: list[str] = []
    for node in tree.body:
        first, *rest = ast.unparse(node).splitlines()
        lines += [f">>> {first}", *(f"... {line}" for line in rest)]
    expected = output.rstrip("\n").splitlines() if output.strip() else []
    return "\n".join([*lines, *(line if line.strip() else "<BLANKLINE>" for line in expected)]) + "\n"


def _assertion(tree: ast.Module, output: str) -> str:
    """The same test with `assert`, for students. "" if it prints: then only doctest can compare."""
    expected = output.strip("\n")
    match tree.body:
        case [*before, ast.Expr(value)] if expected and "\n" not in expected:
            head = "".join(f"{ast.unparse(node)}\n" for node in before)
            return f"{head}assert repr({ast.unparse(value)}) == {expected!r}"
    return "" if expected else ast.unparse(tree)


def points_of(tests: Sequence[ImportedCase], given: Any, where: str) -> Sequence[float]:
    """The points of each test of a question, as otter shares them out. given: `points` of the question.

    Raises CourseError if they do not fit.
    """
    if isinstance(given, dict):
        each = given.get("each")
        given = each * len(tests) if isinstance(each, int | float) else each or given.get("total")
    try:
        return resolved_points(given, [test.points for test in tests])
    except CourseError as error:
        raise CourseError(f"{where}: {error}") from None


def parts_of(question: str, tests: Sequence[ImportedCase], given: Any, where: str) -> Iterator[SourcePart | LeftOut]:
    """The tests of a question as parts; a test without points is left out. Raises as `points_of` does."""
    for test, points in zip(tests, points_of(tests, given, where), strict=True):
        if points > 0:
            yield test.part(question, points)
        else:
            yield LeftOut("test_without_points", f"{where} ({question}, {test.name})")


def tests_of_file(text: str, place: str) -> tuple[str, list[ImportedCase], Any]:
    """(question, tests, points of the question) of a file in tests/ of autograder.zip.

    The file is read and not run. Raises CourseError.
    """
    try:
        tree = ast.parse(text)
        values = {
            node.targets[0].id: ast.literal_eval(node.value)
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
    except (SyntaxError, ValueError) as error:
        raise CourseError(f"{place}: expected a test file of otter, got {error}.") from None
    if "test" in values:
        test = values["test"]
        cases = [case for suite in test.get("suites", []) for case in suite.get("cases", [])]
        return str(test.get("name", "")), list(_of_cases(test, cases, place)), test.get("points")
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    name = str(values.get("name", ""))
    return name, [_of_function(f, name, i, place) for i, f in enumerate(functions, 1)], values.get("points")


tests_of_file.__test__ = False  # type: ignore[attr-defined]  # for pytest


def _of_cases(test: dict[str, Any], cases: Sequence[dict[str, Any]], place: str) -> Iterator[ImportedCase]:
    import doctest

    for i, case in enumerate(cases, 1):
        code = str(case.get("code", ""))
        try:
            examples = doctest.DocTestParser().get_examples(code)
        except ValueError as error:
            raise CourseError(f"{place}: expected examples of doctest, got {error}.") from None
        hidden = bool(case.get("hidden", True))
        tree = ast.parse("".join(e.source for e in examples))
        quiet = all(not e.want for e in examples[:-1])
        public = _assertion(tree, examples[-1].want) if examples and quiet and not hidden else ""
        yield ImportedCase(f"{test.get('name', '')}_{i}", code, public, case.get("points"))


def _of_function(function: ast.FunctionDef, question: str, number: int, place: str) -> ImportedCase:
    settings: dict[str, Any] = {}
    for mark in function.decorator_list:
        if isinstance(mark, ast.Call):
            settings |= {k.arg: ast.literal_eval(k.value) for k in mark.keywords if k.arg}
    code = ast.unparse(_undecorated(function))
    hidden = bool(settings.get("hidden", False))
    return made_test(f"{question}_{number}", code, "", place, hidden=hidden, points=settings.get("points"))
