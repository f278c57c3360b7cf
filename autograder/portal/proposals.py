"""A regrade of a class is a proposal: gradings by today's checks that do not count until a person applies them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from autograder.portal.catalogue import CatalogueEntry
from autograder.portal.class_state import class_marks
from autograder.portal.events import note
from autograder.portal.portal import Portal
from autograder.portal.published import MarkChange, changes
from autograder.portal.schema import GradingRow, JobRow, StateRow, SubmissionRow


@dataclass(frozen=True, slots=True)
class Proposal:
    """What today's checks would change. gradings: that do not count yet.  waiting: submissions still to be graded."""

    entry: CatalogueEntry
    gradings: int
    waiting: int
    changes: tuple[MarkChange, ...]

    def __str__(self) -> str:
        up, down = (sum(sign * c.change > 0 for c in self.changes) for sign in (1, -1))
        many = len(self.changes)
        return f"{many} {'mark changes' if many == 1 else 'marks change'}: {up} up, {down} down"


def proposal_of(session: Session, portal: Portal, entry: CatalogueEntry, now: datetime) -> Proposal | None:
    """The proposal of an assignment; None if there is none, or a person discarded it."""
    if _remembered(session, "discarded", entry.name).get("suite") == entry.suite:
        return None
    gradings = len(_proposed(session, entry))
    if not gradings:
        return None
    waiting = select(func.count()).select_from(JobRow).join(SubmissionRow)
    still = session.scalar(waiting.where(SubmissionRow.assignment == entry.name, JobRow.suite == entry.suite)) or 0
    old, new = (class_marks(session, portal, entry, now, suite=suite).marks for suite in ("", entry.suite))
    both = ({student: mark.score for student, mark in marks.items()} for marks in (old, new))
    return Proposal(entry, gradings, still, tuple(changes(*both)))


def apply(session: Session, entry: CatalogueEntry, by: str, now: datetime) -> None:
    """Let today's gradings count."""
    proposed = set(_proposed(session, entry))
    if not proposed:
        return
    counting = select(GradingRow.submission_id, GradingRow.suite).join(SubmissionRow)
    here = session.execute(counting.where(SubmissionRow.assignment == entry.name, GradingRow.counts))
    before = {id_: suite for id_, suite in here if id_ in proposed}
    _let_count(session, dict.fromkeys(proposed, entry.suite))
    _remember(session, "before", entry.name, {"suite": entry.suite, "gradings": before})
    _remember(session, "discarded", entry.name, {})
    note(session, now, by, "regrade_applied", entry.name, suite=entry.suite, gradings=len(proposed))


def discard(session: Session, entry: CatalogueEntry, by: str, now: datetime) -> None:
    """Leave everything as it counts now. The proposal does not come back until the checks change again."""
    _remember(session, "discarded", entry.name, {"suite": entry.suite})
    note(session, now, by, "regrade_discarded", entry.name, suite=entry.suite)


def revert(session: Session, entry: CatalogueEntry, by: str, now: datetime) -> None:
    """Let those gradings count again that counted before the last `apply`."""
    before = _remembered(session, "before", entry.name)
    if not before:
        return
    _let_count(session, before["gradings"])
    _remember(session, "before", entry.name, {})
    note(session, now, by, "regrade_reverted", entry.name, gradings=len(before["gradings"]))


def can_revert(session: Session, assignment: str) -> bool:
    """Whether there is something to revert."""
    return bool(_remembered(session, "before", assignment))


def _proposed(session: Session, entry: CatalogueEntry) -> list[str]:
    """The submissions whose grading of today does not count."""
    rows = select(GradingRow.submission_id).join(SubmissionRow)
    of_today = rows.where(
        SubmissionRow.assignment == entry.name, GradingRow.suite == entry.suite, GradingRow.counts.is_(False)
    )
    return list(session.scalars(of_today))


def _let_count(session: Session, suites: Mapping[str, str]) -> None:
    """For each submission, let the grading of this suite count, and no other."""
    for id_, suite in suites.items():
        session.execute(
            update(GradingRow).where(GradingRow.submission_id == id_).values(counts=GradingRow.suite == suite)
        )


def _name(what: str, assignment: str) -> str:
    return f"{what} {hashlib.sha256(assignment.encode()).hexdigest()[:32]}"


def _remembered(session: Session, what: str, assignment: str) -> dict[str, Any]:
    row = session.get(StateRow, _name(what, assignment))
    return row.value if row else {}


def _remember(session: Session, what: str, assignment: str, value: dict[str, Any]) -> None:
    session.merge(StateRow(name=_name(what, assignment), value=value))
    session.flush()
