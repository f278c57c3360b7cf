"""The rules for marks, as the instructor wrote them: `[marks]` of course.toml. marks.py applies them.

This module imports `errors` only, because every command opens a course.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from autograder.errors import CourseError

MAX_NAME = 60  # characters of a name in a message
_EXAMPLE = "2026-10-12T23:59:00+02:00"
_YEARS = range(1990, 2200)  # far from where a sum of times would overflow
# pydantic's kinds of error, in words for an instructor who edits course.toml. pydantic fills in each `{…}`.
_EXPECTED = {
    "timezone_aware": f"a time with an offset such as {_EXAMPLE}",
    "datetime_type": f"a time, without quotes, such as {_EXAMPLE}",
    "literal_error": "{expected}",
    "greater_than_equal": "a number of at least {ge:g}",
    "less_than_equal": "a number of at most {le:g}",
    "finite_number": "a finite number",
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "dict_type": "a table",
    "model_type": "a table",
}


class MarkingRules(BaseModel):
    """How results become marks. Every time carries its offset from UTC, so it means the same everywhere.

    attempts: which of several submissions counts.  carried_forward: the share of carried points that counts: those of
    checks that pass once earlier questions are answered rightly.  late_percent_a_day: of the score, for each day begun.
    late_grace_minutes: minutes after the due time in which nothing is late.  late_days: work that is more days late
    counts 0. drop_lowest: assignments left out of the total.  due: by assignment.  extensions: by student, then
    assignment.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    attempts: Literal["last", "best"] = "last"
    carried_forward: float = Field(1.0, ge=0, le=1, allow_inf_nan=False)
    late_percent_a_day: float = Field(0.0, ge=0, le=100, allow_inf_nan=False)
    late_grace_minutes: float = Field(0.0, ge=0, le=14_400, allow_inf_nan=False)
    late_days: int | None = Field(None, ge=0, le=10_000)
    drop_lowest: int = Field(0, ge=0)
    due: dict[str, AwareDatetime] = {}
    extensions: dict[str, dict[str, AwareDatetime]] = {}

    @model_validator(mode="after")
    def _extensions_extend(self) -> Self:
        for assignment, time in self.due.items():
            _require_year(f"due.{assignment}", time)
        for student, times in self.extensions.items():
            for assignment, time in times.items():
                name = f"extensions.{_short(student)}.{_short(assignment)}"
                _require_year(name, time)
                if assignment in self.due and time < self.due[assignment]:
                    due = self.due[assignment].isoformat()
                    raise ValueError(f"{name}: expected a time after due, {due}, got {time.isoformat()}")
        return self

    def due_of(self, assignment: str, student: str) -> datetime | None:
        """When this student's work is due, the extension included; None if there is no deadline."""
        return self.extensions.get(student, {}).get(assignment) or self.due.get(assignment)

    def extended(self, assignment: str, student: str) -> bool:
        """True if this student has an extension."""
        return assignment in self.extensions.get(student, {})


def read_marking_rules(table: Any, where: str, assignments: Collection[str]) -> MarkingRules:
    """`[marks]` as a MarkingRules. where: the file, for the message.  Raises CourseError with one line."""
    try:
        policy = MarkingRules.model_validate(table)
    except ValidationError as error:
        raise CourseError(f"{where}, {_said(error)}.") from None
    named = [("due", name) for name in policy.due]
    named += [(f"extensions.{_short(s)}", name) for s, times in policy.extensions.items() for name in times]
    for place, name in named:
        if name not in assignments:
            known = ", ".join(sorted(assignments)) or "none in this course"
            raise CourseError(f"{where}, marks.{place}: expected one of {known}, got {_short(name)!r}.")
    return policy


def _said(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(["marks", *(_short(str(part)) for part in first["loc"])])
    if first["type"] == "extra_forbidden":
        return f"{where}: expected one of {', '.join(MarkingRules.model_fields)}. Hint: a name was mistyped"
    if first["type"] == "value_error":  # our own text, which begins with the place
        return f"marks.{first['ctx']['error']}"
    expected = _EXPECTED.get(first["type"])
    if expected is None:
        return f"{where}: {first['msg']}"
    return f"{where}: expected {expected.format_map(first.get('ctx', {}))}, got {_short(str(first['input']))!r}"


def _require_year(name: str, time: datetime) -> None:
    if time.year not in _YEARS:
        raise ValueError(f"{name}: expected a year from {_YEARS[0]} to {_YEARS[-1]}, got {time.year}")


def _short(text: str) -> str:
    """A name of the file in a message: on one line, and no longer than that."""
    return "".join(c if c.isprintable() else "�" for c in text[:MAX_NAME])
