"""Results and the course's rules → marks: which attempt counts, how late it was, and which marks are left out.

This module is pure: no clock and no disk. Results are never changed. Marks are worked out when a page or an export
needs them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from autograder.marking_rules import MarkingRules
from autograder.records.result import Result

__all__ = ["ByHand", "Mark", "MarkingRules", "marks_of", "totals", "unknown_students"]

ByHand = Mapping[tuple[str, str], float]  # {(assignment, student): points that a person added or took away}
_DAY = timedelta(days=1)
_NOBODY: ByHand = {}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of one student in one assignment.

    result: of the attempt that counts, unchanged.  attempts: how many were handed in.  due: the extension included.
    days_late: days begun after due + grace; 0 if in time or unknown.  received: None if unknown.
    counts: the share of carried points that the rules count.
    score: result.score and `carried`, plus points by hand if the caller gave them, less the lateness.
    dropped: left out of the total by drop_lowest.
    """

    result: Result
    attempts: int
    due: datetime | None
    extended: bool
    days_late: int
    received: datetime | None
    score: float
    counts: float = 0.0
    dropped: bool = False

    @property
    def carried(self) -> float:
        """Points of checks that pass once earlier questions are answered rightly, as the rules count them."""
        return round(self.counts * self.result.carried, 6)

    @property
    def counted(self) -> Result:
        """The result with these points in its scores, as a page or an export shows it. Lateness is not in it."""
        return self.result.carrying(self.counts)

    @property
    def share(self) -> float:
        """The score as a share of the maximum; above 1 with bonus points."""
        return self.score / self.result.max_score if self.result.max_score else 0.0


def marks_of(results: Sequence[Result], policy: MarkingRules, by_hand: ByHand = _NOBODY) -> list[Mark]:
    """One mark a student and assignment, by assignment and student. results: of all attempts, in any order.

    by_hand: points that a person gave. They are added to the newest attempt, because a gradebook holds that one, before
    the lateness is taken off.
    """
    ordered = sorted(results, key=_place)
    counting = [_mark(list(group), policy, by_hand) for _, group in groupby(ordered, key=_place)]
    dropped = _dropped(counting, policy.drop_lowest)
    return [replace(mark, dropped=_place(mark.result) in dropped) for mark in counting]


def totals(marks: Iterable[Mark]) -> dict[str, tuple[float, float]]:
    """{student: (score, max_score)} over the marks that are not dropped."""
    sums: dict[str, tuple[float, float]] = {}
    for mark in marks:
        score, possible = sums.get(mark.result.student, (0.0, 0.0))
        if not mark.dropped:
            score, possible = score + mark.score, possible + mark.result.max_score
        sums[mark.result.student] = (round(score, 6), round(possible, 6))
    return sums


def unknown_students(results: Iterable[Result], policy: MarkingRules) -> list[str]:
    """Students with an extension and no result: the name in course.toml is wrong, or nobody was graded yet."""
    return sorted(set(policy.extensions) - {r.student for r in results})


def _place(result: Result) -> tuple[str, str]:
    return result.assignment, result.student


def _mark(results: list[Result], policy: MarkingRules, by_hand: ByHand) -> Mark:
    """The mark out of one student's attempts at one assignment; `results` holds at least one."""
    attempts = [_judged(r, policy, by_hand) for r in results if r.status != "missing"]
    if not attempts:
        return _judged(results[0], policy, _NOBODY)
    attempts = [replace(mark, attempts=len(attempts)) for mark in _in_order(attempts)]
    decided = [mark for mark in attempts if mark.result.has_verdict] or attempts
    # Of equal scores `max` takes the first, the earlier attempt. The scores compared are those after lateness.
    chosen = max(decided, key=lambda m: m.score) if policy.attempts == "best" else decided[-1]
    newest = attempts[-1].result
    return chosen if newest.has_verdict else replace(chosen, result=newest.over(chosen.result))


def _in_order(marks: list[Mark]) -> list[Mark]:
    """Oldest first: by the time of receipt, else by number. Attempt 0 is always the newest."""
    return sorted(marks, key=lambda m: (m.result.attempt == 0, m.received or _LONG_AGO, m.result.attempt))


def _judged(result: Result, policy: MarkingRules, by_hand: ByHand) -> Mark:
    added = by_hand.get(_place(result), 0.0) if result.attempt == 0 else 0.0
    due = policy.due_of(result.assignment, result.student)
    received = datetime.fromisoformat(result.received) if result.received else None
    late = _days_late(received, due, policy)
    carried = round(policy.carried_forward * result.carried, 6)
    return Mark(
        result=result,
        attempts=0,
        due=due,
        extended=policy.extended(result.assignment, result.student),
        days_late=late,
        received=received,
        score=_after_lateness(max(0.0, result.score + carried + added), late, policy),
        counts=policy.carried_forward,
    )


def _days_late(received: datetime | None, due: datetime | None, policy: MarkingRules) -> int:
    """Days begun after the grace: one more minute never costs more than one day."""
    if received is None or due is None:
        return 0
    late = received - due - timedelta(minutes=policy.late_grace_minutes)
    return max(0, -(-late // _DAY))


def _after_lateness(score: float, days: int, policy: MarkingRules) -> float:
    """The score less the late days' share. The share is of the whole score, bonus points too."""
    if policy.late_days is not None and days > policy.late_days:
        return 0.0
    return round(score * max(0.0, 1 - days * policy.late_percent_a_day / 100), 6)


def _dropped(marks: list[Mark], number: int) -> set[tuple[str, str]]:
    """(assignment, student) of each student's `number` lowest shares.

    Of equal shares the first goes; one mark always stays.
    """
    by_student: defaultdict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        by_student[mark.result.student].append(mark)
    lowest = (sorted(each, key=lambda m: m.share)[: min(number, len(each) - 1)] for each in by_student.values())
    return {_place(mark.result) for each in lowest for mark in each}
