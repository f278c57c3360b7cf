"""Reads the list of mutants that are no mistakes: equivalent_mutants.toml of an assignment."""

from __future__ import annotations

from collections.abc import Collection

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from autograder.assignment.assignment import Assignment
from autograder.errors import CourseError
from autograder.files import FileKind, read_toml
from autograder.text import nearest
from autograder.toml_errors import MAX_NAME, what_is_wrong

# Mutants that are no mistakes, each with the reason:
#     [[equivalent]]
#     because = "NumPy's numbers are as good as Python's: the contract asks for a real number"
#     mutants = ["max_stable_lr: float(bound) → bound"]
EQUIVALENT = "equivalent_mutants.toml"
_FILE = FileKind("the list of equivalent mutants", 1 << 20, "make the reasons shorter", links=True)


class EquivalentMutants(BaseModel):
    """`[[equivalent]]`: mutants that are no mistakes, so that the audit lets them pass."""

    model_config = ConfigDict(extra="forbid")
    because: str = Field(
        min_length=10, description="the reason, in at least ten characters", examples=["a NumPy number is as good"]
    )
    mutants: tuple[str, ...] = Field(
        min_length=1,
        description="names of mutants, as `autograder audit` prints them",
        examples=[["max_stable_lr: float(bound) → bound"]],
    )


class _List(BaseModel):
    model_config = ConfigDict(extra="forbid")
    equivalent: tuple[EquivalentMutants, ...] = ()


def read_equivalent(assignment: Assignment, known: Collection[str]) -> dict[str, str]:
    """The reason by a mutant's name; empty without the file.

    known: the names of all mutants. Raises CourseError for a name that is none of them: the solution has changed.
    """
    path = assignment.folder / EQUIVALENT
    if not path.exists():
        return {}
    table = read_toml(path, _FILE)
    try:
        groups = _List.model_validate(table).equivalent
    except ValidationError as error:
        raise CourseError(f"{path}, {what_is_wrong(error, _List, table)}") from None
    reasons = {name: group.because for group in groups for name in group.mutants}
    for name in reasons:
        if name not in known:
            near = nearest(name, known) or " Hint: the solution has changed."
            raise CourseError(f"{path}: expected the name of a mutant, got {name[:MAX_NAME]!r}.{near}")
    return reasons
