"""The grader's end of otter's checks: hands out a test's code when the test runs, and judges what comes back.

The student's process asks (`sandbox/worker/otter_stub.py`). It gets the sources of one test case at a time, never an
expected output, points or a verdict. Each argument of a question is hostile: a wrong one raises in that process and
counts nothing.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from autograder.otter_courses.doctests import ExampleAnswer
from autograder.otter_courses.otter_test import BrokenTest, OtterTest, OtterTests

MAX_RUNS = 2000  # of test files, for one submission
_MAX_ANSWER = 2000  # characters of an answer that are kept, to show them to the teacher
_MAX_KEPT = 1 << 20  # characters of all answers that are kept for one submission


@dataclass(frozen=True, slots=True)
class CaseVerdict:
    """Whether a case passed. example: the place of the first wrong example, or None.  got: the answer to it."""

    passed: bool
    example: int | None = None
    got: str = ""


FAILED = CaseVerdict(passed=False)


@dataclass(slots=True)
class CheckRun:
    """One run of a test file. verdicts: by the number of the case; a case without an answer has not passed."""

    test: OtterTest
    verdicts: dict[int, CaseVerdict] = field(default_factory=dict)
    ended: bool = False

    @property
    def cases(self) -> tuple[CaseVerdict, ...]:
        """The verdict on each case of the test."""
        return tuple(self.verdicts.get(i, FAILED) for i in range(len(self.test.cases)))


class CheckDesk:
    """Serves the checks of one submission."""

    def __init__(self, tests: OtterTests) -> None:
        self.runs: list[CheckRun] = []
        self._tests = tests
        self._left = _MAX_KEPT
        self._questions: dict[str, Callable[..., Any]] = {
            "begin": self._begin,
            "case": self._case,
            "answers": self._answers,
            "verdicts": self._verdicts,
            "end": self._end,
        }

    def __call__(self, question: str, *arguments: Any) -> Any:
        """Answer one question of the student's process."""
        return self._questions[question](*arguments)

    def has_run(self, path: str) -> bool:
        """Whether a run of this file has ended: then otter does not run it again at the end."""
        return any(run.test.path == path for run in self.runs if run.ended)

    def fail(self, test: OtterTest) -> None:
        """Count a test as run and failed, because the student's process did not run it."""
        self.runs.append(CheckRun(test, ended=True))

    def end_open_runs(self, first: int) -> None:
        """End the runs that were interrupted, from this number on: their other cases have failed."""
        for run in self.runs[first:]:
            run.ended = True

    def results(self) -> dict[str, CheckRun]:
        """The runs that count, by the test's name: the last one, at the place of the first, as in otter."""
        return {run.test.name: run for run in self.runs if run.ended}

    def _begin(self, path: str) -> list[Any]:
        """Begin a run of a test file: its number, its form, and what is needed to run it."""
        test = self._tests.get(posixpath.normpath(path))
        if test is None:
            raise FileNotFoundError("this test does not exist")
        if isinstance(test, BrokenTest) or len(self.runs) >= MAX_RUNS:
            raise ValueError("this test cannot be run")
        self.runs.append(CheckRun(test))
        number = len(self.runs) - 1
        if test.form == "examples":
            return [number, "examples", len(test.cases)]
        return [number, "exceptions", test.source]

    def _case(self, number: int, case: int) -> list[str]:
        """The sources of one case."""
        return self._run(number, "examples").test.cases[case].examples.sources

    def _answers(self, number: int, case: int, answers: list[Any]) -> None:
        """Judge the answers to the examples of one case."""
        run = self._run(number, "examples")
        examples = run.test.cases[case].examples
        texts = [ExampleAnswer(raised, text) for raised, text in answers if type(raised) is bool and type(text) is str]
        wrong = examples.first_wrong(texts)
        got = "" if wrong is None or wrong >= len(texts) else self._kept(texts[wrong].text)
        run.verdicts[case] = CaseVerdict(wrong is None, wrong, got)

    def _verdicts(self, number: int, verdicts: list[Any]) -> None:
        """Take the verdicts of a test that runs inside the student's process."""
        run = self._run(number, "exceptions")
        if len(verdicts) != len(run.test.cases):
            raise ValueError("expected a verdict on each case")
        for case, (passed, text) in enumerate(verdicts):
            run.verdicts[case] = CaseVerdict(passed is True, None, self._kept(str(text)))

    def _end(self, number: int) -> None:
        self._run(number).ended = True

    def _run(self, number: int, form: str = "") -> CheckRun:
        run = self.runs[number]
        if run.ended or form not in {"", run.test.form}:
            raise ValueError("this run has ended, or has another form")
        return run

    def _kept(self, text: str) -> str:
        kept = text[: min(_MAX_ANSWER, self._left)]
        self._left -= len(kept)
        return kept
