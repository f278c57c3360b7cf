"""The result of one submission of an otter course."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from autograder.otter_courses.check_desk import CaseVerdict, CheckRun
from autograder.otter_courses.otter_test import OtterCase
from autograder.records.result import CellError, Sandbox

# refused: otter would not grade it.  broken: otter's last cell would raise, and no point counts.  stopped: the process
# ended, or the time was used up, and the tests that ran before count.
OtterStatus = Literal["graded", "refused", "broken", "stopped", "error"]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OtterCaseResult(_Record):
    """One test case. message: the teacher's, for a student.

    source, expected, got: of the first example that failed; for the teacher only.
    """

    name: str
    hidden: bool
    points: float
    passed: bool
    message: str = ""
    source: str = ""
    expected: str = ""
    got: str = ""


class OtterQuestion(_Record):
    """One test. inside: whether its verdicts come from the student's process, which can forge them."""

    name: str
    all_or_nothing: bool
    inside: bool
    guessable: int
    cases: tuple[OtterCaseResult, ...]

    @property
    def possible(self) -> float:
        """The points of all its cases."""
        return sum(case.points for case in self.cases)

    @property
    def score(self) -> float:
        """The points of the cases that passed; of an all-or-nothing test all or none."""
        if self.all_or_nothing:
            return self.possible if all(case.passed for case in self.cases) else 0
        return sum(case.points for case in self.cases if case.passed)

    @property
    def passes_public(self) -> bool:
        """Whether all its public cases passed."""
        return all(case.passed for case in self.cases if not case.hidden)


class OtterResult(_Record):
    """The result of one submission. name: of the submission.  reason: why it is not graded, broken or stopped.

    broken_test: the teacher's test file that cannot be used, if this is the cause.
    """

    name: str
    status: OtterStatus
    reason: str = ""
    broken_test: str = ""
    questions: tuple[OtterQuestion, ...] = ()
    cell_errors: tuple[CellError, ...] = ()
    remarks: tuple[str, ...] = ()
    sandbox: Sandbox = Sandbox(tier="none")
    seconds: float = 0.0

    @property
    def total(self) -> float:
        """The points of all questions."""
        return sum(question.score for question in self.questions)

    @property
    def possible(self) -> float:
        """The points that can be reached."""
        return sum(question.possible for question in self.questions)

    @property
    def scores(self) -> dict[str, float]:
        """The points of each question."""
        return {question.name: question.score for question in self.questions}

    @property
    def failed(self) -> tuple[OtterCaseResult, ...]:
        """The cases that did not pass."""
        return tuple(case for question in self.questions for case in question.cases if not case.passed)

    @property
    def percent(self) -> float:
        """The share of the points, as otter rounds it."""
        return round(self.total / self.possible, 4) if self.possible else 0.0

    def to_json(self) -> str:
        """The text of result.json."""
        return self.model_dump_json(indent=2) + "\n"


def question_of(run: CheckRun) -> OtterQuestion:
    """The question that a run of its test gives."""
    test = run.test
    cases = tuple(_case(case, verdict) for case, verdict in zip(test.cases, run.cases, strict=True))
    inside = test.form == "exceptions"
    return OtterQuestion(
        name=test.name, all_or_nothing=test.all_or_nothing, inside=inside, guessable=test.guessable, cases=cases
    )


def _case(case: OtterCase, verdict: CaseVerdict) -> OtterCaseResult:
    message = case.says_right if verdict.passed else case.says_wrong
    plain = OtterCaseResult(
        name=case.name, hidden=case.hidden, points=case.points, passed=verdict.passed, message=message, got=verdict.got
    )
    if verdict.example is None:
        return plain
    example = case.examples.examples[verdict.example]
    return plain.model_copy(update={"source": example.source, "expected": example.exc_msg or example.want})
