"""Tests that were written for a notebook's own process: `autograder import` writes checks of them.

`lifted` keeps a test's text out of the student's process, unchanged: it runs in a process of the author's, where the
notebook's functions stand for calls (sandbox/worker/bench.py). `inside` runs the text in the student's process, where
student code can read and change it: it is for tests that `lifted` cannot run.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from typing import Any

from autograder.authoring.failing import PartOfThePoints
from autograder.authoring.student import Student
from autograder.errors import RaisedError
from autograder.sandbox.worker.bench import POINTS, ending_with_points, is_doctest


def lifted(student: Student, test: str, *, names: Mapping[str, str], given: str = "") -> None:
    """Run a test of a notebook, and keep its text away from the notebook's process.

    test: its lines; or examples of doctest, if it begins with `>>>`.  given: lines of the author's that come first,
    such as imports.
    names: the names that the test takes from the notebook, each with the name that the notebook has for it.
    Raises AssertionError if the test does not hold, PartOfThePoints if it ends with a number.

    Example: `lifted(student, "assert mean([1, 3]) == 2", names={"mean": "mean"})`.
    """
    _settle(student.run_outside(test, given, names))


def inside(student: Student, test: str, *, names: Mapping[str, str], given: str = "") -> None:
    """Run a test in the student's process, at the end: for a check with `inside=True`.

    The arguments are those of `lifted`. After the test, each of `names` has its value again. Nothing that the test says
    is sure to be true, because student code can change what it finds. Raises AssertionError if the test does,
    PartOfThePoints if it ends with a number.

    Example: `inside(student, "assert isinstance(tree, Tree)", names={"tree": "tree"})` in a check with
    `inside=True`.
    """
    lines = _examples_as_code(test) if is_doctest(test) else ast.unparse(ending_with_points(test))
    try:
        student.run_inside(_with_names(names, f"{given}\n{POINTS} = None\n{lines}"))
    except RaisedError as error:
        if error.type_name == "AssertionError":
            raise AssertionError from None
        raise
    _settle(student.shown(POINTS))


def _with_names(names: Mapping[str, str], lines: str) -> str:
    """The lines, for whose time names stand for others of the notebook. Afterwards each name has its value again."""
    if not names:
        return lines
    begin = "".join(f"{name} = {other}\n" for name, other in names.items() if name != other)
    body = ast.unparse(ast.Try(ast.parse(begin + lines).body, [], [], ast.parse("globals().update(_before)").body))
    return f"_before = {{name: globals()[name] for name in {list(names)!r} if name in globals()}}\n{body}"


def _examples_as_code(test: str) -> str:
    """Lines that run examples of doctest, and raise AssertionError if one fails."""
    return (
        "import doctest\n"
        f"_examples = doctest.DocTestParser().get_doctest({test!r}, globals(), 'test', None, 0)\n"
        "assert not doctest.DocTestRunner(verbose=False).run(_examples, out=lambda _: None).failed"
    )


def _settle(points: Any) -> None:
    """A test that ends with a number gives so many points, as in nbgrader. The number can come from student code."""
    if type(points) in {int, float} and math.isfinite(points):
        raise PartOfThePoints(float(points))
