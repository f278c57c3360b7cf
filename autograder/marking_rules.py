"""The rules for marks, as the instructor wrote them: `[marks]` and `[assignments]` of course.toml.

marks.py applies them. This module imports little, because every command opens a course.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime, tzinfo
from functools import partial
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from autograder.errors import CourseError
from autograder.text import nearest, one_line
from autograder.times import EXAMPLE, YearError, beginning, deadline
from autograder.toml_errors import MAX_NAME, what_is_wrong

State = Literal["draft", "open", "closed"]


def _time(read: Callable[[str | date, tzinfo | None], datetime], value: Any, info: ValidationInfo) -> datetime:
    """A time of course.toml; without an offset it is of the course's zone, which the context holds."""
    zone = (info.context or {}).get("zone")
    try:
        return read(value, zone)
    except YearError:
        raise PydanticCustomError("no_year", "a year of a course") from None
    except (ValueError, TypeError):
        example = EXAMPLE if zone else f"{EXAMPLE}+02:00, or timezone = 'Europe/Berlin' above all tables"
        raise PydanticCustomError("no_time", "a time such as {example}", {"example": example}) from None


Deadline = Annotated[datetime, BeforeValidator(partial(_time, deadline))]
Beginning = Annotated[datetime, BeforeValidator(partial(_time, beginning))]


class AssignmentRules(BaseModel):
    """`[assignments.NAME]`: the times and the weight of one assignment. Every time is one moment everywhere."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    state: State | None = Field(
        None,
        description="given by hand: a `draft` is not graded and in no total; default: the times say it",
        examples=["open"],
    )
    opens: Beginning | None = Field(
        None,
        description="before it, the assignment is a draft; a date alone begins at 00:00",
        examples=[date(2026, 10, 1)],
    )
    due: Deadline | None = Field(
        None,
        description="what comes later is late; a date alone means the end of that day, 23:59:59",
        examples=[date(2026, 10, 12)],
    )
    closes: Deadline | None = Field(None, description="what comes later counts 0", examples=[date(2026, 10, 19)])
    weight: float | None = Field(
        None, gt=0, le=1e6, allow_inf_nan=False, description="its part of the total; default: its points", examples=[30]
    )
    category: str = Field("", description="one of `[marks.categories]`", examples=["homework"])

    @model_validator(mode="after")
    def _times_follow(self) -> Self:
        times = [(name, time) for name in ("opens", "due", "closes") if (time := getattr(self, name))]
        for (first, earlier), (second, later) in pairwise(times):
            if later < earlier:
                raise ValueError(f"{second}: expected a time after {first}, {earlier}, got {later}")
        return self

    def state_at(self, now: datetime) -> State:
        """Draft before it opens, closed after it closes."""
        if self.state:
            return self.state
        if self.opens and now < self.opens:
            return "draft"
        return "closed" if self.closes and now > self.closes else "open"


_NO_RULES = AssignmentRules()


class MarkingRules(BaseModel):
    """`[marks]`: how results become marks. A result's file stays as it is; reports and exports apply these rules."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    attempts: Literal["last", "best"] = Field(
        "last", description="which of several submissions counts; `best`: after lateness", examples=["best"]
    )
    carried_forward: float = Field(
        1.0,
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="the share that counts of carried points: of checks that pass with right earlier answers",
        examples=[0.5],
    )
    late_percent_a_day: float = Field(
        0.0, ge=0, le=100, allow_inf_nan=False, description="taken off the score for each day begun", examples=[10]
    )
    late_grace_minutes: float = Field(
        0.0,
        ge=0,
        le=14_400,
        allow_inf_nan=False,
        description="minutes after the due time in which nothing is late",
        examples=[10],
    )
    late_days: int | None = Field(
        None, ge=0, le=10_000, description="work that is more days late counts 0; default: no limit", examples=[5]
    )
    late_day_budget: int = Field(
        0,
        ge=0,
        le=10_000,
        description="late days of each student that cost nothing, over all assignments",
        examples=[3],
    )
    drop_lowest: int = Field(0, ge=0, description="assignments of each student left out of the total", examples=[1])
    due: dict[str, Deadline] = Field(
        {},
        description="due times by assignment; or `due` of `[assignments.NAME]`, not both",
        examples=[{"a2_mlp_backprop": datetime(2026, 10, 26, 18)}],  # noqa: DTZ001 — as it stands in the file
    )
    extensions: dict[str, dict[str, Deadline]] = Field(
        {},
        description="later due times, by student, then assignment",
        examples=[{"ada": {"a2_mlp_backprop": date(2026, 10, 30)}}],
    )
    excused: dict[str, list[str]] = Field(
        {}, description="assignments that a student need not do, by student", examples=[{"bob": ["a2_mlp_backprop"]}]
    )
    categories: dict[str, Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)]] = Field(
        {},
        description="the weight of each category in the total; each assignment with a table then names one",
        examples=[{"homework": 60, "project": 40}],
    )
    letters: dict[str, Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]] = Field(
        {}, description="the least percentage of the total for each grade", examples=[{"A": 90, "B": 80}]
    )
    assignments: dict[str, AssignmentRules] = {}  # in the file: [assignments.NAME]

    @model_validator(mode="after")
    def _extensions_extend(self) -> Self:
        for name in self.due:
            if self.of(name).due:
                raise ValueError(
                    f"due.{_short(name)}: expected one due time, got another in assignments.{_short(name)}"
                )
        for student, times in self.extensions.items():
            for assignment, time in times.items():
                due = self.due_time(assignment)
                if due and time < due:
                    name = f"extensions.{_short(student)}.{_short(assignment)}"
                    raise ValueError(f"{name}: expected a time after due, {due.isoformat()}, got {time.isoformat()}")
        return self

    @model_validator(mode="after")
    def _categories_exist(self) -> Self:
        for name, rules in self.assignments.items():
            if rules.category and rules.category not in self.categories:
                known = ", ".join(self.categories) or "a line in [marks.categories]"
                raise ValueError(
                    f"assignments.{_short(name)}.category: expected {known}, got {_short(rules.category)!r}"
                )
            if self.categories and not rules.category:
                raise ValueError(f"assignments.{_short(name)}: expected a category, got none")
        return self

    def of(self, assignment: str) -> AssignmentRules:
        """An assignment's own rules; the defaults if it has none."""
        return self.assignments.get(assignment, _NO_RULES)

    def due_time(self, assignment: str) -> datetime | None:
        """When an assignment is due for the class."""
        return self.of(assignment).due or self.due.get(assignment)

    def due_of(self, assignment: str, student: str) -> datetime | None:
        """When this student's work is due, the extension included; None if there is no deadline."""
        return self.extensions.get(student, {}).get(assignment) or self.due_time(assignment)

    def extended(self, assignment: str, student: str) -> bool:
        """True if this student has an extension."""
        return assignment in self.extensions.get(student, {})


def read_marking_rules(
    marks: Any, assignments: Any, where: str, known: Collection[str], zone: tzinfo | None
) -> MarkingRules:
    """[marks] and [assignments] as MarkingRules. where: the file, for the message.  Raises CourseError, in one line.

    known: the names of the course's assignments.  zone: of times without an offset.
    """
    if isinstance(marks, dict) and "assignments" in marks:
        raise CourseError(f"{where}, marks.assignments: expected [assignments.NAME], got it below marks.")
    table = {**marks, "assignments": assignments} if isinstance(marks, dict) else marks
    try:
        rules = MarkingRules.model_validate(table, context={"zone": zone})
    except ValidationError as error:
        raise CourseError(f"{where}, {_said(error, table)}") from None
    for place, name in _assignments_named(rules):
        if name not in known:
            raise CourseError(
                f"{where}, {place}: expected one of {', '.join(sorted(known)) or 'none in this course'}, "
                f"got {_short(name)!r}.{nearest(name, known)}"
            )
    return rules


def _assignments_named(rules: MarkingRules) -> list[tuple[str, str]]:
    """(the place in the file, the name) of every assignment that the rules name."""
    named = [("assignments", name) for name in rules.assignments] + [("marks.due", name) for name in rules.due]
    for student, names in [*rules.extensions.items()]:
        named += [(f"marks.extensions.{_short(student)}", name) for name in names]
    for student, excused in rules.excused.items():
        named += [(f"marks.excused.{_short(student)}", name) for name in excused]
    return named


def _said(error: ValidationError, table: Any) -> str:
    text = what_is_wrong(error, MarkingRules, table, within="marks", spared=("assignments",))
    return text.removeprefix("marks.") if text.startswith("marks.assignments") else text  # a table of its own


def _short(text: str) -> str:
    return one_line(text, MAX_NAME)
