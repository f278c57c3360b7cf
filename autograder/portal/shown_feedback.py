"""What a student sees of the hidden checks of one hand-in, and when: the course's levels, tokens and due times.

Before the class's last due time the level is `before_due`, and tokens say when it is open; after it, `after_due`.
Questions that come later (`shown_after_due` of an assignment) are closed until the marks are published, at every level.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder.course import Course
from autograder.marking_rules import MarkingRules
from autograder.portal.catalogue import CatalogueEntry
from autograder.portal.published import latest
from autograder.portal.schema import GradingRow, PublicationRow, SubmissionRow
from autograder.portal.student_exceptions import granted_in
from autograder.portal.tokens import CountedHandIn, TokenCount, count_tokens
from autograder.portal.visible import Level, visible
from autograder.portal_settings import PortalFeedback
from autograder.records.result import Result


@dataclass(frozen=True, slots=True)
class ShownFeedback:
    """What is shown of one hand-in now.

    level: of its hidden checks.  later: questions whose hidden checks are still closed.
    opens: when more is shown without a new hand-in; None if that is not known.
    """

    level: Level
    later: frozenset[str]
    opens: datetime | None

    def of(self, result: Result, share: float) -> Result:
        """The part of a result that is shown. share: of carried points that the course counts."""
        return visible(result, self.level, self.later, share)


@dataclass(frozen=True, slots=True)
class StudentWork:
    """One student's hand-ins for one assignment, the newest first, and the moments that decide what is shown.

    gradings: by hand-in, the one that counts.  due: of this student.  ends: when no work of the class counts any more;
    None if that is not known.  publication: the marks that students see now, or None.
    """

    entry: CatalogueEntry
    rules: PortalFeedback
    hand_ins: Sequence[SubmissionRow]
    gradings: Mapping[str, GradingRow]
    due: datetime | None
    ends: datetime | None
    publication: PublicationRow | None
    now: datetime

    @property
    def is_over(self) -> bool:
        """Whether the level is `after_due`."""
        return self.publication is not None or (self.ends is not None and self.now > self.ends)

    @property
    def uses_tokens(self) -> bool:
        """Whether a new hand-in needs a token for its hidden feedback."""
        return not self.is_over and self.rules.before_due != "public"

    @property
    def tokens(self) -> TokenCount:
        """The student's tokens."""
        every = timedelta(minutes=self.rules.token_minutes)
        counted = [CountedHandIn(row.id, row.received, self._spends(row)) for row in reversed(self.hand_ins)]
        return count_tokens(counted, self.rules.tokens, every, self.now)

    def _spends(self, row: SubmissionRow) -> bool:
        grading = self.gradings.get(row.id)
        return grading is None or grading.status == "graded"

    def shown(self, id_: str) -> ShownFeedback:
        """What is shown of a hand-in."""
        later = frozenset() if self.publication else self.entry.later
        if self.is_over:
            return ShownFeedback(self.rules.after_due, later, None)
        if not self.uses_tokens:
            return ShownFeedback("public", later, self.ends)
        opens = self.tokens.opens[id_]
        if opens is not None and opens <= self.now:
            return ShownFeedback(self.rules.before_due, later, None)
        return ShownFeedback("public", later, opens or self.ends)


def work_of(session: Session, course: Course, entry: CatalogueEntry, student: str, now: datetime) -> StudentWork:
    """A student's work for an assignment."""
    rules = granted_in(session).added_to(course.policy)
    rows = select(SubmissionRow).where(SubmissionRow.assignment == entry.name, SubmissionRow.student == student)
    hand_ins = session.scalars(rows.order_by(SubmissionRow.received.desc(), SubmissionRow.id)).all()
    graded = select(GradingRow).where(GradingRow.counts, GradingRow.submission_id.in_([row.id for row in hand_ins]))
    return StudentWork(
        entry=entry,
        rules=course.portal.feedback_of(entry.name),
        hand_ins=hand_ins,
        gradings={row.submission_id: row for row in session.scalars(graded)},
        due=rules.due_of(entry.name, student),
        ends=end_of(rules, entry.name),
        publication=latest(session, entry.name),
        now=now,
    )


def end_of(rules: MarkingRules, assignment: str) -> datetime | None:
    """When work of nobody in the class counts any more, by due times, extensions and the rules for late work.

    None if there is no such time. Then only publication opens what comes after it, so that no friend tells it early.
    """
    due, own = rules.due_time(assignment), rules.of(assignment)
    if own.closes:
        return max([own.closes, *_extensions(rules, assignment)])
    if due is None:
        return None
    last = max([due, *_extensions(rules, assignment)])
    days = [] if rules.late_days is None else [rules.late_days]
    if rules.late_percent_a_day:
        days.append(math.ceil(100 / rules.late_percent_a_day) - 1 + rules.late_day_budget)
    return last + timedelta(days=min(days), minutes=rules.late_grace_minutes) if days else None


def _extensions(rules: MarkingRules, assignment: str) -> list[datetime]:
    return [times[assignment] for times in rules.extensions.values() if assignment in times]
