"""Reads the list of mutants that are no mistakes: equivalent_mutants.toml of an assignment."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from autograder.assignment.assignment import Assignment
from autograder.errors import CourseError
from autograder.files import FileKind, read_toml

# Mutants that are no mistakes, each with the reason:
#     [[equivalent]]
#     because = "NumPy's numbers are as good as Python's: the contract asks for a real number"
#     mutants = ["max_stable_lr: float(bound) → bound"]
EQUIVALENT = "equivalent_mutants.toml"
_FILE = FileKind("the list of equivalent mutants", 1 << 20, "make the reasons shorter", links=True)


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid")
    because: Annotated[str, Field(min_length=10)]
    mutants: Annotated[tuple[str, ...], Field(min_length=1)]


class _List(BaseModel):
    model_config = ConfigDict(extra="forbid")
    equivalent: tuple[_Group, ...] = ()


def read_equivalent(assignment: Assignment, known: Collection[str]) -> dict[str, str]:
    """The reason by a mutant's name; empty without the file.

    known: the names of all mutants. Raises CourseError for a name that is none of them: the solution has changed.
    """
    path = assignment.folder / EQUIVALENT
    if not path.exists():
        return {}
    try:
        groups = _List.model_validate(read_toml(path, _FILE)).equivalent
    except ValidationError as error:
        got = error.errors()[0]["msg"]
        raise CourseError(f"{path}: expected tables [[equivalent]] with because and mutants, got {got}.") from None
    reasons = {name: group.because for group in groups for name in group.mutants}
    for name in reasons:
        if name not in known:
            raise CourseError(f"{path}: expected names of mutants, got {name!r}. Hint: the solution has changed.")
    return reasons
