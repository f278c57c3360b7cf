"""Reads and checks assignment.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from autograder.course import ASSIGNMENT_FILE
from autograder.errors import CourseError
from autograder.files import read_toml
from autograder.toml_errors import what_is_wrong

_ID = "small letters and digits, a letter first, such as q1"
_ITEM = "small letters, digits, _ and -, a letter first, such as names-the-rule"
_MODULE = "the name of a module, such as package.module"
Flag = Annotated[bool, Field(strict=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True)]

MAX_HANDOUT_MB = 50
Requirement = Annotated[str, Field(max_length=100)]


Answer = str | Number | dict[str, Any]  # a letter, a number, or { rule = "NAME" } or { example = "NAME" }


class _Strict(BaseModel):
    """A table. The descriptions of its keys make docs/reference/assignment-toml.md."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LimitSettings(_Strict):
    """`[limits]`: for each submission. Seconds of processor time, all threads together; memory is address space."""

    memory_mb: Whole = Field(1024, ge=256, le=64_000, description="memory of a process, in MiB", examples=[1024])
    cell_seconds: Number = Field(10, gt=0, le=600, description="for one cell", examples=[10])
    call_seconds: Number = Field(2, gt=0, le=600, description="for one call of a check", examples=[2])
    submission_seconds: Number = Field(
        30, gt=0, le=3600, description="for all that is done for a submission", examples=[30]
    )
    cpu_seconds: Whole | None = Field(
        None,
        ge=1,
        le=7200,
        description="for one process, from its start to its end; default: 5 more than a submission",
        examples=[35],
    )
    output_kb: Whole = Field(64, ge=1, le=16_384, description="output that is kept, in KiB", examples=[64])
    wall_factor: Number = Field(
        5, ge=2, le=100, description="wall clock, in times of each limit, for code that waits or sleeps", examples=[5]
    )


class Question(_Strict):
    """`[[questions]]`: a table for each question that checks decide about."""

    id: str = Field(
        pattern=r"^[a-z][a-z0-9]*$", title=_ID, description="its name in `@check` and in cells", examples=["q1"]
    )
    title: str = Field(description="for people", examples=["the mean"])
    points: Number = Field(gt=0, description="the sum of its checks", examples=[10])
    bonus: Flag = Field(False, description="its points come on top of the maximum", examples=[False])
    hints: tuple[str, ...] = Field(
        (),
        description="a student opens one after the other, in the notebook and on the page",
        examples=[["Add them up first.", "The mean of 1 and 3 is 2."]],
    )
    answers: dict[str, Answer] = Field(
        {},
        description="of a concept question: the right entries of the notebook's dict `answers`: letters, numbers, "
        '`{ rule = "NAME" }` or `{ example = "NAME" }`',
        examples=[{"c1": "b", "c2": 2.5, "c3": {"rule": "area"}}],
    )
    reveal: Literal["at_once", "after_due"] = Field(
        "at_once",
        description="when students see what the hidden checks of the question say: `at_once` or `after_due`",
        examples=["after_due"],
    )

    @model_validator(mode="after")
    def _each_table_names_a_function(self) -> Self:
        for key, answer in self.answers.items():
            if isinstance(answer, dict) and not _names_a_function(answer):
                raise ValueError(f'answers.{key}: expected {{ rule = "…" }} or {{ example = "…" }}, got another table')
        return self


def _names_a_function(table: dict[str, Any]) -> bool:
    return len(table) == 1 and isinstance(table.get("rule", table.get("example")), str)


class RubricItem(_Strict):
    """`items` of a rubric: a line of it."""

    id: str = Field(
        pattern=r"^[a-z][a-z0-9_-]*$",
        title=_ITEM,
        max_length=40,
        description="its name on the sheet",
        examples=["names-the-rule"],
    )
    points: Number = Field(description="points that an answer gets for it, or loses if they are negative", examples=[4])
    text: str = Field(description="for the person who grades", examples=["names the chain rule"])
    comment: str = Field("", max_length=2000, description="for the student", examples=["Say which rule you use."])


class Rubric(_Strict):
    """`[[rubrics]]`: by what a person grades an answer in words."""

    question: str = Field(description="the `q` of a cell with the role `manual`", examples=["explain"])
    items: tuple[RubricItem, ...] = Field(min_length=1, description="the lines, see below")

    @model_validator(mode="after")
    def _each_item_once(self) -> Self:
        _require_once("items", [item.id for item in self.items])
        return self


class Settings(_Strict):
    """The first lines of assignment.toml. Each key may be left out."""

    title: str = Field(
        "", max_length=500, description="for people; default: the notebook's first heading", examples=["Means and sums"]
    )
    reference: str = Field(
        "",
        pattern=r"^([A-Za-z_]\w*(\.[A-Za-z_]\w*)*)?$",
        title=_MODULE,
        description="the module that checks get as `reference`; default: your own solution",
        examples=["package.module"],
    )
    packages: tuple[Requirement, ...] = Field(
        (),
        max_length=50,
        description="to import besides NumPy and matplotlib: pandas, scikit-learn>=1.4",
        examples=[["pandas", "scikit-learn>=1.4"]],
    )  # see require_installed
    handout: tuple[str, ...] = Field(
        (),
        max_length=1000,
        description="files, folders and patterns for students, beside the notebook",
        examples=[["penguins.csv", "images/*.png"]],
    )  # see locate_handouts
    handout_mb: Whole = Field(
        MAX_HANDOUT_MB, ge=1, le=1000, description="size that all hand-outs may have together, in MiB", examples=[50]
    )
    limits: LimitSettings = Field(LimitSettings(), description="see below")
    stateless_solution: Flag = Field(
        False,
        description="your word that no function of the solution remembers an earlier call; saves 20 ms",
        examples=[True],
    )
    hints_in_notebook: Flag = Field(
        True,
        description="the notebook has the hints, folded, below each question; if false, only the page has them",
        examples=[True],
    )
    questions: tuple[Question, ...] = Field((), description="see below; may be left out if a person grades everything")
    rubrics: tuple[Rubric, ...] = Field((), description="see below")

    @property
    def shown_after_due(self) -> frozenset[str]:
        """The questions whose hidden checks say nothing before the due time."""
        return frozenset(q.id for q in self.questions if q.reveal == "after_due")

    @model_validator(mode="after")
    def _each_question_once(self) -> Self:
        _require_once("questions", [question.id for question in self.questions])
        return self


def _require_once(key: str, ids: list[str]) -> None:
    if twice := next((name for name in ids if ids.count(name) > 1), ""):
        raise ValueError(f"{key}: expected each id once, got {twice} {ids.count(twice)} times")


def read_settings(path: Path) -> Settings:
    """Read assignment.toml. Raises CourseError with the field that is wrong."""
    table = read_toml(path, ASSIGNMENT_FILE)
    try:
        return Settings.model_validate(table)
    except ValidationError as error:
        raise CourseError(f"{path}, {what_is_wrong(error, Settings, table)}") from None
