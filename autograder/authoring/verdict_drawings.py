"""The data of a kill matrix: things that a student's test judged, and what it said of each."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from autograder.authoring.drawing_parts import Label, Record


class KillRow(Record):
    """One thing that was judged, and what the test said of it.

    name: words for students, such as the duty that it breaks.  right: whether it is right.
    verdicts: True accepts, False condemns, None is no verdict.

    Example: `KillRow(name="breaks D1: uses add up", right=False, verdicts=(False, True))`.
    """

    name: Label
    right: bool
    verdicts: Annotated[tuple[bool | None, ...], Field(min_length=1, max_length=8)]

    @property
    def caught(self) -> bool:
        """Whether every verdict is the right one."""
        return all(verdict is self.right for verdict in self.verdicts)


class KillMatrix(Record):
    """Verdicts of a student's test: a row for each thing that was judged, the right ones first.

    judged: what a row is, such as "engine".  columns: one name for each verdict of a row.

    Example: `KillMatrix(judged="engine", columns=("asked once", "asked again"), rows=(KillRow(name="right", right=True,
    verdicts=(True, True)),))`.
    """

    kind: Literal["kills"] = "kills"
    judged: Label
    columns: Annotated[tuple[Label, ...], Field(min_length=1, max_length=8)]
    rows: Annotated[tuple[KillRow, ...], Field(min_length=1, max_length=40)]

    @model_validator(mode="after")
    def _a_table(self) -> Self:
        if any(len(row.verdicts) != len(self.columns) for row in self.rows):
            raise ValueError(f"rows: expected {len(self.columns)} verdicts in each")
        if [row.right for row in self.rows] != sorted((row.right for row in self.rows), reverse=True):
            raise ValueError("rows: expected the right ones first")
        return self

    @property
    def agrees(self) -> bool:
        """Whether every verdict is the right one."""
        return all(row.caught for row in self.rows)
