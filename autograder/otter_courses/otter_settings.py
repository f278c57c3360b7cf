"""otter_config.json: the settings that decide about results, and those that do not apply to this grader."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, ValidationError

from autograder.errors import CourseError
from autograder.text import one_line

FILE = "otter_config.json"
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
_IGNORED = {
    "plugins": "plugins are not run",
    "pdf": "no PDF is made",
    "token": "nothing is sent to Gradescope",
    "debug": "an error in a cell ends no run",
}


class OtterSettings(BaseModel):
    """The settings of an autograder.zip, under otter's names. Other names are otter's business or unknown to it, too.

    seed, seed_variable: set before every cell.  assignment_name: that a notebook must have in its metadata.
    points_possible, score_threshold: for the score of the whole submission.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    lang: Literal["python"] = "python"
    seed: StrictInt | None = None
    seed_variable: StrictStr | None = None
    assignment_name: StrictStr | None = None
    points_possible: StrictInt | Number | None = None
    score_threshold: StrictInt | Number | None = None
    show_stdout: StrictBool = False
    show_hidden: StrictBool = False
    show_all_public: StrictBool = False
    force_public_test_summary: StrictBool = True
    grade_from_log: Literal[False] = False
    ignored: tuple[str, ...] = ()


def settings_of(document: Any) -> OtterSettings:
    """The settings in the file's JSON. Raises CourseError with one line about the first that does not fit."""
    if not isinstance(document, dict):
        raise CourseError(f"{FILE}: expected a JSON object, got something else.")
    if document.get("lang") == "r":
        raise CourseError(f"{FILE}: lang: expected python, got r. Hint: `otter grade` grades R notebooks.")
    if document.get("grade_from_log"):
        raise CourseError(f"{FILE}: grade_from_log: expected false, got true. Hint: a log is a student's own pickle.")
    ignored = tuple(f"{name}: {words}" for name, words in _IGNORED.items() if document.get(name))
    try:
        return OtterSettings.model_validate({**document, "ignored": ignored})
    except ValidationError as error:
        first = error.errors()[0]
        name, value = first["loc"][0], one_line(repr(first["input"]), 60)
        raise CourseError(f"{FILE}: {name}: expected {_expected(str(name))}, got {value}.") from None


def _expected(name: str) -> str:
    kinds = {"lang": "python", "seed": "a whole number", "points_possible": "a number", "score_threshold": "a number"}
    texts = {"seed_variable", "assignment_name"}
    return kinds.get(name) or ("text" if name in texts else "true or false")
