"""Reads and checks assignment.toml."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from autograder.course import ASSIGNMENT_FILE
from autograder.errors import CourseError
from autograder.files import read_toml


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


class Settings(_Strict):
    """assignment.toml.

    reference: the module that hidden checks get as `reference`; none: the author's own solution.
    stateless_solution: the author's word that no function of the solution remembers anything from an earlier call. The
    solution's process then stays from one submission to the next, which saves 20 ms for each wrong one.
    """

    title: str
    reference: str = Field("", pattern=r"^([A-Za-z_]\w*(\.[A-Za-z_]\w*)*)?$")
    handout: tuple[str, ...] = ()  # looked up by `locate_handouts`
    limits: LimitSettings = LimitSettings()
    stateless_solution: bool = False
    questions: tuple[Question, ...] = Field(min_length=1)


def read_settings(path: Path) -> Settings:
    """Read assignment.toml. Raises CourseError with the field that is wrong."""
    try:
        return Settings.model_validate(read_toml(path, ASSIGNMENT_FILE))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CourseError(f"{path}, {where}: {first['msg']}.") from None
