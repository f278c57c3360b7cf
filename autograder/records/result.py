"""A result: everything that was decided about one submission. docs/results.md lists the fields of its file."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from autograder.authoring.checks import Visibility
from autograder.authoring.drawings import Picture
from autograder.records.flags import Flag
from autograder.records.provenance import Provenance

Outcome = Literal["pass", "fail", "error", "timeout", "crash", "blocked", "missing"]
Status = Literal["graded", "malformed", "missing", "error"]
# Points go to gradebooks: they are never negative, NaN or infinite, and always the sum of their parts.
Points = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_ROUNDING = 1e-5  # sums are rounded to six places


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CheckResult(_Record):
    """One check's verdict.

    message, diagnosis: shown to the student; neither quotes a hidden input.
    blocked_by: where the outcome is "blocked", the question to mend first.
    carried: points that it is worth, because it passes with right answers to earlier questions. A mark counts a share
    of them, `carried_forward` of course.toml; the score here does not.
    fault: of a check that did not pass, a key that other checks of the question share if they fail for the same cause.
    slip: the name of the slip that this check fails by, or that another check of its question names, while this one
    passes.
    """

    id: str
    title: str
    visibility: Visibility
    outcome: Outcome
    points: Points
    max_points: Points
    message: str = ""
    diagnosis: str = ""
    blocked_by: str = ""
    carried: Points = 0.0
    fault: Annotated[str, Field(pattern=r"^([0-9a-f]{12})?$")] = ""
    slip: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{0,60}$")] = ""

    @model_validator(mode="after")
    def _within_its_maximum(self) -> Self:
        if self.points + self.carried > self.max_points:
            got = self.points + self.carried
            raise ValueError(f"{self.id}: expected at most {self.max_points:g} points, got {got:g}")
        if self.carried and not (self.outcome == "blocked" and self.blocked_by):
            raise ValueError(f"{self.id}: expected carried points of a blocked check only, got {self.outcome}")
        return self

    def carrying(self, share: float) -> Self:
        """The same check with this share of its carried points among its points, as a page shows it."""
        return self.model_copy(update={"points": round(self.points + share * self.carried, 6)})


class QuestionResult(_Record):
    """A question's checks and their sum."""

    id: str
    title: str
    bonus: bool = False
    score: Points
    max_score: Points
    checks: tuple[CheckResult, ...]

    @model_validator(mode="after")
    def _the_sum_of_its_checks(self) -> Self:
        _require_sum(self.id, self.score, [c.points for c in self.checks])
        return self

    @property
    def carried(self) -> float:
        """The carried points of its checks."""
        return round(sum(c.carried for c in self.checks), 6)

    def carrying(self, share: float) -> Self:
        """The same question with this share of its carried points in its score."""
        checks = tuple(c.carrying(share) for c in self.checks)
        return self.model_copy(update={"checks": checks, "score": round(self.score + share * self.carried, 6)})

    def with_public_checks(self) -> Self:
        """The same question with its public checks only."""
        checks = tuple(c for c in self.checks if c.visibility == "public")
        score, possible = (round(sum(getattr(c, name) for c in checks), 6) for name in ("points", "max_points"))
        return self.model_copy(update={"checks": checks, "score": score, "max_score": possible})


class CellError(_Record):
    """A cell that did not run to its end.

    cell: its number among the code cells, from 1; 0 for the notebook as a whole.
    kind: it raised an exception; it was left out, because it ends every process; the process ended before it; or it
    ran, and overwrote a name that the notebook asks for or begins with.
    type: the exception's name, where it raised one.
    """

    cell: int
    error: str
    kind: Literal["raised", "left_out", "ended", "overwrote"] = "raised"
    type: str = ""


class Sandbox(_Record):
    """The sandbox that held the student's code.

    landlock: the kernel's version of it; 0 for none.  namespaces: whether each submission had its own.
    """

    tier: Literal["A", "B", "unsafe", "none"]
    landlock: int = 0
    namespaces: bool = False


class Result(_Record):
    """One submission's result.

    schema: 2; `from_json` also reads results of schema 1.
    device: where those checks ran that can run on a device; the file has it only if it is not the CPU.
    received: the server's time of receipt, ISO 8601 with offset, or "".  attempt: 0 for the newest, else its number.
    """

    schema_: Literal[2] = Field(2, alias="schema")
    assignment: str
    student: str
    status: Status
    score: Points
    max_score: Points
    reason: str = ""
    submission_sha256: str = ""
    suite_sha256: str = ""
    seed: str = ""
    sandbox: Sandbox = Sandbox(tier="none")
    questions: tuple[QuestionResult, ...] = ()
    cell_errors: tuple[CellError, ...] = ()
    pictures: tuple[Picture, ...] = ()
    flags: tuple[Flag, ...] = ()
    received: str = ""
    attempt: Annotated[int, Field(ge=0)] = 0
    provenance: Provenance | None = None
    device: Literal["cpu", "cuda", "strict"] = "cpu"

    @field_validator("received")
    @classmethod
    def _a_time_with_offset(cls, text: str) -> str:
        if text and datetime.fromisoformat(text).tzinfo is None:
            raise ValueError(f"expected a time with an offset, got {text}")
        return text

    @model_validator(mode="after")
    def _the_sum_of_its_questions(self) -> Self:
        _require_sum(self.assignment, self.score, [q.score for q in self.questions])
        return self

    @property
    def has_verdict(self) -> bool:
        """Whether points were decided. An `error` has the verdict of the result before it, if there was one."""
        return self.status != "error" or bool(self.questions)

    def over(self, earlier: Self | None) -> Self:
        """What is written in place of `earlier`. An `error` keeps its points and everything else of its verdict."""
        if earlier is None or not earlier.questions or self.has_verdict:
            return self
        flags = (*(f for f in earlier.flags if f.kind != "not_graded"), *self.flags)
        return earlier.model_copy(update={"status": self.status, "reason": self.reason, "flags": flags})

    @property
    def carried(self) -> float:
        """The carried points of all questions."""
        return round(sum(q.carried for q in self.questions), 6)

    def carrying(self, share: float) -> Self:
        """The same result with this share of its carried points in its score, for a page or an export."""
        questions = tuple(q.carrying(share) for q in self.questions)
        return self.model_copy(update={"questions": questions, "score": round(self.score + share * self.carried, 6)})

    def without_outcomes(self, questions: Collection[str]) -> Self:
        """The same result without the hidden checks of these questions, and without their points."""
        if not questions:
            return self
        both = [(q, q.with_public_checks() if q.id in questions else q) for q in self.questions]
        shown = tuple(q for _, q in both if q.checks)
        hidden = sum(q.max_score - seen.max_score for q, seen in both if not q.bonus)
        return self.model_copy(
            update={
                "questions": shown,
                "score": round(sum(q.score for q in shown), 6),
                "max_score": round(self.max_score - hidden, 6),
                "pictures": tuple(p for p in self.pictures if p.question not in questions),
            }
        )

    @property
    def checks(self) -> tuple[CheckResult, ...]:
        """The checks of all questions, in order."""
        return tuple(check for question in self.questions for check in question.checks)

    @classmethod
    def from_json(cls, data: str | bytes) -> Self:
        """A result file's text, also of schema 1. Raises ValidationError."""
        try:
            return cls.model_validate_json(data)
        except ValidationError:
            if (upgraded := _from_schema_1(data)) is None:
                raise
            return cls.model_validate(upgraded)

    def to_json(self) -> str:
        """The result file's text: the same result always gives the same bytes."""
        usual = {"device"} if self.device == "cpu" else None
        return self.model_dump_json(by_alias=True, indent=2, exclude=usual) + "\n"


def _from_schema_1(data: str | bytes) -> dict[str, Any] | None:
    """The fields of a result of schema 1 as schema 2 has them; None for everything else.

    Schema 1 had flags as sentences, a fingerprint of each check, and no fields `blocked_by`, `kind` and `type`.
    """
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict) or fields.get("schema") != 1:
        return None
    sentences = fields.get("flags", [])
    flags = [{"kind": "note", "data": (s,)} for s in sentences] if isinstance(sentences, list) else sentences
    return {k: v for k, v in fields.items() if k != "fingerprints"} | {"schema": 2, "flags": flags}


def _require_sum(name: str, score: float, parts: list[float]) -> None:
    if abs(score - sum(parts)) > _ROUNDING:
        raise ValueError(f"{name}: expected the sum of its parts, {sum(parts):g}, got {score:g}")
