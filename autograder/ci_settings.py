"""[ci] of course.toml: what students read while a class is graded in a CI."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from autograder.errors import CourseError
from autograder.marking_rules import MAX_NAME, nearest

HiddenFeedback = Literal["counts", "full"]
_EXPECTED = {"literal_error": "{expected}", "model_type": "a table [ci]", "dict_type": "a table [ci]"}


class CiSettings(BaseModel):
    """hidden_feedback: what feedback says of hidden checks before the due time; after it, feedback is `full`.

    `counts`: how many of a question's hidden checks pass.  `full`: each one's title, and why it does not pass.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    # Each submission is graded on inputs of its own, so a student gains nothing from a title but the way to a right
    # answer. A course whose titles give an answer away chooses `counts`.
    hidden_feedback: HiddenFeedback = "full"


def read_ci_settings(table: Any, where: str) -> CiSettings:
    """[ci] as CiSettings; the defaults if there is no such table. where: the file.  Raises CourseError."""
    try:
        return CiSettings.model_validate({} if table is None else table)
    except ValidationError as error:
        raise CourseError(f"{where}, {_said(error)}") from None


def _said(error: ValidationError) -> str:
    first = error.errors()[0]
    key = ".".join(str(part)[:MAX_NAME] for part in first["loc"])
    place = f"ci.{key}" if key else "ci"
    if first["type"] == "extra_forbidden":
        names = list(CiSettings.model_fields)
        return f"{place}: expected one of {', '.join(names)}, got {key!r}.{nearest(key, names)}"
    expected = _EXPECTED.get(first["type"])
    if expected is None:
        return f"{place}: {first['msg']}."
    return f"{place}: expected {expected.format_map(first.get('ctx', {}))}, got {str(first['input'])[:MAX_NAME]!r}."
