"""course.toml, above all tables. Each table has a module of its own, such as marking_rules.py for `[marks]`."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from autograder.errors import CourseError
from autograder.toml_errors import what_is_wrong

ROSTER = "students.csv"


class CourseSettings(BaseModel):
    """The first lines of course.toml. Each key may be left out."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    title: str | None = Field(
        None, description="the course's name, for people; default: the folder's name", examples=["Backpropagation"]
    )
    open_first: str = Field(
        "",
        description="a page of the course that students open before their first notebook; `release` gives it to them",
        examples=["docs/explain.html"],
    )
    gradebook: str = Field(
        "",
        description="the address of nbgrader's gradebook on a server; default: the file work/gradebook.db",
        examples=["postgresql://teacher@host/grades"],
    )
    trust_timestamps: bool = Field(
        False,
        description="whether a timestamp.txt counts that `collect` did not write; say true only if students cannot "
        "write it",
        examples=[False],
    )
    timezone: str = Field("", description="of all times without an offset", examples=["Europe/Berlin"])
    roster: str = Field(ROSTER, description="the list of the class; it need not exist", examples=["students.csv"])
    marks: Any = Field({}, description="see below")
    assignments: Any = Field({}, description="see below")
    email: Any = Field(None, description="see below")
    ci: Any = Field(None, description="see below")
    portal: Any = Field(None, description="see below")


def read_course_settings(table: dict[str, Any], where: str) -> CourseSettings:
    """The keys of course.toml; its tables are as they stand there. where: the file.  Raises CourseError."""
    try:
        return CourseSettings.model_validate(table)
    except ValidationError as error:
        raise CourseError(f"{where}, {what_is_wrong(error, CourseSettings, table)}") from None
