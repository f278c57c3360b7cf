"""[ci] of course.toml: what students read while a class is graded in a CI."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from autograder.errors import CourseError
from autograder.toml_errors import what_is_wrong

HiddenFeedback = Literal["counts", "full"]


class CiSettings(BaseModel):
    """`[ci]`: what students read while a class is graded in a CI."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    # Each submission is graded on inputs of its own, so a student gains nothing from a title but the way to a right
    # answer. A course whose titles give an answer away chooses `counts`.
    hidden_feedback: HiddenFeedback = Field(
        "full",
        description="what feedback says of hidden checks before the due time; after it, feedback is `full`. `counts`: "
        "how many of a question's hidden checks pass. `full`: the title of each, and why it does not pass",
        examples=["counts"],
    )


def read_ci_settings(table: Any, where: str) -> CiSettings:
    """[ci] as CiSettings; the defaults if there is no such table. where: the file.  Raises CourseError."""
    given = {} if table is None else table
    try:
        return CiSettings.model_validate(given)
    except ValidationError as error:
        raise CourseError(f"{where}, {what_is_wrong(error, CiSettings, given, within='ci')}") from None
