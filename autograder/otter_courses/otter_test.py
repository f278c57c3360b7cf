"""A teacher's tests, as the grader keeps them: cases, points, and the outputs that are expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Literal

from autograder.errors import CourseError
from autograder.otter_courses.case_points import resolved_points
from autograder.otter_courses.doctests import Examples, examples_of
from autograder.text import one_line

MAX_CASES = 1000  # of one test
_NOTHING = Examples(())


@dataclass(frozen=True, slots=True)
class OtterCase:
    """One test case. says_right, says_wrong: the teacher's messages for a student, or "".

    examples: of a doctest; none for a case that is a function.
    """

    name: str
    hidden: bool
    points: float
    says_right: str
    says_wrong: str
    examples: Examples


@dataclass(frozen=True, slots=True)
class OtterTest:
    """One test file. path: tests/NAME.py.  source: of a test that runs inside the student's process, else "".

    form: "examples" are doctests, and the grader compares; "exceptions" are functions that raise, which run inside the
    student's process and give their own verdict.
    """

    path: str
    name: str
    form: Literal["examples", "exceptions"]
    all_or_nothing: bool
    cases: tuple[OtterCase, ...]
    source: str = ""

    @property
    def possible(self) -> float:
        """The points of its cases."""
        return sum(case.points for case in self.cases)

    @property
    def guessable(self) -> int:
        """How many of its cases with points pass if every answer is `True`."""
        return sum(bool(c.points) and c.examples.guessable for c in self.cases) if self.form == "examples" else 0


@dataclass(frozen=True, slots=True)
class BrokenTest:
    """A test file that cannot be used. problem: why, in one line."""

    path: str
    problem: str


OtterTests = Mapping[str, OtterTest | BrokenTest]


def test_of(path: str, source: str, description: Any) -> OtterTest | BrokenTest:
    """The test in a description, which the process of its author made. Each field must have its type."""
    try:
        return _test(path, source, description)
    except CourseError as error:
        return BrokenTest(path, f"{path}: {error}")


def _test(path: str, source: str, description: Any) -> OtterTest:
    match description:
        case ["broken", str(why)]:
            raise CourseError(f"expected a test file of otter, got {one_line(why, 300)}.")
        case ["examples", str(name), total, bool(whole), list(cases)]:
            return OtterTest(path, name, "examples", whole, _cases(name, total, cases))
        case ["exceptions", str(name), total, bool(whole), list(cases)]:
            return OtterTest(path, name, "exceptions", whole, _cases(name, total, cases), source)
    raise CourseError("expected a name and a list of test cases, got something else.")


def _cases(name: str, total: Any, described: list[Any]) -> tuple[OtterCase, ...]:
    if len(described) > MAX_CASES:
        raise CourseError(f"expected at most {MAX_CASES} test cases, got {len(described)}.")
    fields = [_fields(case) for case in described]
    points = resolved_points(total, [case[2] for case in fields])
    return tuple(
        OtterCase(title or f"{name} - {i}", hidden, worth, right, wrong, examples_of(code) if code else _NOTHING)
        for i, ((title, hidden, _, right, wrong, code), worth) in enumerate(zip(fields, points, strict=True), 1)
    )


def _fields(case: Any) -> tuple[str, bool, Any, str, str, str]:
    match case:
        case [str() | None as name, bool(hidden), points, right, wrong, str(code)]:
            return name or "", hidden, points, _text(right), _text(wrong), code
    raise CourseError("expected each test case to have a name, points and code, got something else.")


def _text(message: Any) -> str:
    return message if isinstance(message, str) else ""


def stem_of(path: str) -> str:
    """The name by which a notebook calls a test: `q1` of tests/q1.py."""
    return PurePosixPath(path).stem
