"""The portal's record of what was done, by whom, and about whom. Events are added, never changed.

Only `forgetting` puts a pseudonym in the place of an id.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from autograder.portal.schema import EventRow

What = Literal[
    "handed_in",
    "handed_in_again",
    "adopted",
    "graded",
    "graded_again",
    "lease_lost",
    "invited",
    "joined",
    "revoked",
    "marked",
    "rubric_changed",
    "asked",
    "answered",
    "granted",
    "taken_back",
    "settled",
    "added",
    "changed",
    "published",
    "withdrawn",
    "exported",
    "regrade_applied",
    "regrade_discarded",
    "regrade_reverted",
    "forgotten",
    "clock_set",
]


def note(session: Session, at: datetime, who: str, what: What, about: str, **data: Any) -> None:
    """Add an event to this transaction."""
    session.add(EventRow(at=at, who=who, what=what, about=about, data=data))
