"""Reads and checks assignment.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from autograder.course import ASSIGNMENT_FILE
from autograder.errors import CourseError
from autograder.files import read_toml
from autograder.marking_rules import nearest


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LimitSettings(_Strict):
    """[limits] of assignment.toml. Seconds of processor time, all threads together; memory is address space.

    submission_seconds: of all that is done for it.  cpu_seconds: of one process, from its start to its end; by default
    submission_seconds and 5 more.  wall_factor: wall clock, in times of each limit, for code that waits or sleeps.
    """

    memory_mb: int = Field(1024, ge=256, le=64_000)
    cell_seconds: float = Field(10, gt=0, le=600)
    call_seconds: float = Field(2, gt=0, le=600)
    submission_seconds: float = Field(30, gt=0, le=3600)
    cpu_seconds: int | None = Field(None, ge=1, le=7200)
    output_kb: int = Field(64, ge=1, le=16_384)
    wall_factor: float = Field(5, ge=2, le=100)


class Question(_Strict):
    """[[questions]] of assignment.toml. answers: right answers of a concept question, letters or numbers."""

    id: str = Field(pattern=r"^[a-z][a-z0-9]*$")
    title: str
    points: float = Field(gt=0)
    bonus: bool = False
    hints: tuple[str, ...] = ()
    answers: dict[str, str | float] = {}


class RubricItem(_Strict):
    """A line of a rubric. points: what an answer gets for it, or loses.  comment: what its student then reads."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=40)
    points: Annotated[float, Field(strict=True, allow_inf_nan=False)]
    text: str
    comment: str = Field("", max_length=2000)


class Rubric(_Strict):
    """[[rubrics]] of assignment.toml: by what a person grades an answer in words. question: of a manual cell."""

    question: str
    items: tuple[RubricItem, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_item_once(self) -> Self:
        ids = [item.id for item in self.items]
        if twice := next((name for name in ids if ids.count(name) > 1), ""):
            raise ValueError(f"{self.question[:60]}: expected each item once, got {twice} twice")
        return self


class Settings(_Strict):
    """assignment.toml.

    title: for people; "": the notebook's first heading, see `headings.py`.
    reference: the module that hidden checks get as `reference`; none: the author's own solution.
    stateless_solution: the author's word that no function of the solution remembers anything from an earlier call. The
    solution's process then stays from one submission to the next, which saves 20 ms for each wrong one.
    """

    title: str = Field("", max_length=500)
    reference: str = Field("", pattern=r"^([A-Za-z_]\w*(\.[A-Za-z_]\w*)*)?$")
    handout: tuple[str, ...] = ()  # looked up by `locate_handouts`
    limits: LimitSettings = LimitSettings()
    stateless_solution: bool = False
    questions: tuple[Question, ...] = Field(min_length=1)
    rubrics: tuple[Rubric, ...] = ()


def read_settings(path: Path) -> Settings:
    """Read assignment.toml. Raises CourseError with the field that is wrong."""
    try:
        return Settings.model_validate(read_toml(path, ASSIGNMENT_FILE))
    except ValidationError as error:
        # A key that nobody knows explains the one that is missing.
        first = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
        where = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            known = _keys_beside(first["loc"])
            text = f"expected one of {', '.join(known)}.{nearest(str(first['loc'][-1]), known)}"
            raise CourseError(f"{path}, {where[:200]}: {text}") from None
        raise CourseError(f"{path}, {where}: {first['msg']}.") from None


def _keys_beside(place: tuple[int | str, ...]) -> list[str]:
    """The keys that the table may have in which an unknown key stands. place: of the key, as pydantic gives it."""
    tables: dict[int | str, type[BaseModel]] = {
        "limits": LimitSettings,
        "questions": Question,
        "rubrics": Rubric,
        "items": RubricItem,
    }
    table = next((tables[part] for part in reversed(place[:-1]) if part in tables), Settings)
    return list(table.model_fields)
