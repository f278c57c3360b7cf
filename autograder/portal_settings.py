"""[portal] of course.toml: the portal's address, and what its feedback shows of hidden checks, and when."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from autograder.errors import CourseError
from autograder.text import nearest
from autograder.toml_errors import what_is_wrong

HiddenLevel = Literal["public", "counts", "full"]
_EXPECTED = {"string_pattern_mismatch": "an address such as https://grading.example.edu"}


class PortalFeedback(BaseModel):
    """`[portal.feedback]`, or `[portal.feedback.NAME]` of one assignment.

    Of hidden checks, `public` shows nothing, `counts` how many of a question pass, and `full` all.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    before_due: HiddenLevel = Field(
        "full", description="what the portal shows of hidden checks before the due time", examples=["counts"]
    )
    after_due: HiddenLevel = Field(
        "full", description="the same, once no student of the class can hand in work that counts", examples=["full"]
    )
    tokens: int = Field(
        5, ge=1, le=10_000, description="hand-ins in a row that get hidden feedback before the due time", examples=[5]
    )
    token_minutes: float = Field(
        20.0, gt=0, le=100_000, allow_inf_nan=False, description="minutes until there is one more", examples=[20]
    )
    regrade_days: int = Field(
        7,
        ge=0,
        le=1000,
        description="days after publication in which a student may ask about a mark",
        examples=[7],
    )


class PortalSettings(BaseModel):
    """`[portal]`: the page where students hand in (`autograder serve`)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    url: str = Field(
        "",
        pattern=r"^(https?://[A-Za-z0-9.:_/\[\]-]+)?$",
        max_length=300,
        description="where students reach the portal",
        examples=["https://grading.example.edu"],
    )
    feedback: PortalFeedback = Field(PortalFeedback(), description="of all assignments without rules of their own")
    assignments: dict[str, PortalFeedback] = {}  # in the file: [portal.feedback.NAME]

    def feedback_of(self, assignment: str) -> PortalFeedback:
        """The rules of one assignment."""
        return self.assignments.get(assignment, self.feedback)


def read_portal_settings(table: Any, where: str, known: Collection[str]) -> PortalSettings:
    """[portal] as PortalSettings; the defaults if there is no such table. Raises CourseError.

    known: the names of the course's assignments.  What [portal.feedback.NAME] does not say, [portal.feedback] says.
    """
    given = {} if table is None else table
    if not isinstance(given, dict) or not isinstance(given.get("feedback", {}), dict):
        raise CourseError(f"{where}, portal: expected a table [portal], with [portal.feedback] in it.")
    feedback = given.get("feedback", {})
    shared = {name: value for name, value in feedback.items() if not isinstance(value, dict)}
    own = {name: {**shared, **value} for name, value in feedback.items() if isinstance(value, dict)}
    for name in own:
        if name not in known:
            names = ", ".join(sorted(known)) or "none in this course"
            place, got = f"portal.feedback.{name[:60]}", f"{name[:60]!r}.{nearest(name, known)}"
            raise CourseError(f"{where}, {place}: expected one of {names}, got {got}")
    return _checked({**given, "feedback": shared}, own, where)


def _checked(given: dict[str, Any], own: dict[str, Any], where: str) -> PortalSettings:
    if "assignments" in given:
        raise CourseError(f"{where}, portal.assignments: expected [portal.feedback.NAME] for one assignment.")
    within, table, model = "portal", given, PortalSettings
    try:
        settings = PortalSettings.model_validate(given)
        feedback: dict[str, PortalFeedback] = {}
        for name, fields in own.items():
            within, table, model = f"portal.feedback.{name}", fields, PortalFeedback  # type: ignore[assignment]
            feedback[name] = PortalFeedback.model_validate(fields)
    except ValidationError as error:
        said = what_is_wrong(error, model, table, within=within, expected=_EXPECTED, spared=("assignments",))
        raise CourseError(f"{where}, {said}") from None
    return settings.model_copy(update={"assignments": feedback})
