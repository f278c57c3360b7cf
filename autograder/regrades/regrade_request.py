"""A regrade request: the student's reason, where it came from, and whether it is settled.

The reason is hostile text: bounded, kept as it is, and escaped wherever it is shown. Nothing in it is acted upon.
This module reads no file and no clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from autograder.text import one_line, several_lines

LONGEST_REASON = 5000  # characters
LONGEST_NOTE = 1000
Origin = Literal["file", "list", "issue"]
_Name = Annotated[str, Field(min_length=1, max_length=300)]
_Points = Annotated[float, Field(allow_inf_nan=False)] | None


@dataclass(frozen=True, slots=True)
class Asking:
    """What a source says: a file beside a notebook, a line of a list, or an issue. question: "" for no one question.

    source: the file's name, or the issue's address.
    """

    student: str
    assignment: str
    question: str
    reason: str
    origin: Origin
    source: str

    @property
    def id(self) -> str:
        """The same for the same source. Each issue is a request of its own, and each question of a list."""
        place = (self.source,) if self.origin == "issue" else (self.assignment, self.question)
        text = "\0".join((self.origin, self.student, *place))
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:10]


class RegradeRequest(BaseModel):
    """One request. grading: the last one of the history when the student asked, or "".

    note: of the person who settled it, for the student.  before, after: points when the student asked and when it was
    settled, or None if there was no result.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern="^[0-9a-f]{10}$")
    student: _Name
    assignment: _Name
    question: str = Field("", max_length=100)
    reason: str = Field(max_length=LONGEST_REASON)
    origin: Origin
    source: str = Field("", max_length=500)
    asked_at: AwareDatetime
    grading: str = Field("", pattern="^(?:[0-9a-f]{64})?$")
    state: Literal["open", "settled"] = "open"
    note: str = Field("", max_length=LONGEST_NOTE)
    settled_at: AwareDatetime | None = None
    before: _Points = None
    after: _Points = None

    def settled(self, note: str, now: datetime, points: tuple[float | None, float | None]) -> RegradeRequest:
        """The same request, settled. points: before and after."""
        changes = {
            "state": "settled",
            "note": several_lines(note).strip()[:LONGEST_NOTE],
            "settled_at": now,
            "before": points[0],
            "after": points[1],
        }
        return self.model_copy(update=changes)


class RegradeList(BaseModel):
    """work/regrades.json."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: Literal[1] = Field(1, alias="schema")
    requests: tuple[RegradeRequest, ...] = ()


def plain_reason(text: str) -> str:
    """A reason as it is kept: its lines, without control characters, and bounded."""
    return several_lines(text[: 4 * LONGEST_REASON]).strip()[:LONGEST_REASON]


def with_askings(
    requests: Iterable[RegradeRequest], askings: Iterable[Asking], now: datetime, grading: str
) -> tuple[RegradeRequest, ...]:
    """The requests with what was asked since. A request whose reason changed is open anew; no other one changes.

    grading: the last one of the history, or "".
    """
    by_id = {request.id: request for request in requests}
    for asking in askings:
        known, reason = by_id.get(asking.id), plain_reason(asking.reason)
        asked = asking.assignment, one_line(asking.question, 100), reason
        if reason and (known is None or (known.assignment, known.question, known.reason) != asked):
            by_id[asking.id] = RegradeRequest(
                id=asking.id,
                student=asking.student,
                assignment=asking.assignment,
                question=asked[1],
                reason=reason,
                origin=asking.origin,
                source=one_line(asking.source, 500),
                asked_at=now,
                grading=grading,
            )
    return in_order(by_id.values())


def in_order(requests: Iterable[RegradeRequest]) -> tuple[RegradeRequest, ...]:
    """By assignment, student and question."""
    return tuple(sorted(requests, key=lambda r: (r.assignment, r.student, r.question, r.origin, r.id)))
