"""Results and the course's rules → marks: which attempt counts, how late it was, and which marks are left out.

This module is pure: no clock and no disk. Results are never changed. Marks are worked out when a page or an export
needs them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from autograder.marking_rules import MarkingRules, State
from autograder.records.result import Result
from autograder.roster.roster import Person, Roster

__all__ = ["ByHand", "Mark", "MarkingRules", "due_time", "is_excused", "marks_of", "unknown_students"]

ByHand = Mapping[tuple[str, str], float]  # {(assignment, student): points that a person added or took away}
_DAY = timedelta(days=1)
_NOBODY: ByHand = {}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of one student in one assignment.

    result: of the attempt that counts, unchanged.  attempts: how many were handed in.  due: the extension included.
    days_late: days begun after due + grace; 0 if in time or unknown.  received: None if unknown.
    counts: the share of carried points that the rules count.
    full: result.score and `carried`, plus points by hand if the caller gave them.  score: `full` less the lateness.
    free_days: late days that cost nothing, of the student's budget.  closed: it came after the assignment was closed.
    student: of the roster, or None.  state: of the assignment.  excused: this student need not do it.
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
    full: float = 0.0
    free_days: int = 0
    closed: bool = False
    student: Person | None = None
    state: State = "open"
    excused: bool = False

    def is_over(self, now: datetime) -> bool:
        """Whether its student can hand in nothing more that counts in full: the due time is over, or all is closed."""
        return self.state == "closed" or (self.due is not None and now > self.due)

    def without_outcomes(self, questions: Collection[str]) -> Mark:
        """The same mark without the hidden checks of these questions. For a mark before its due time, so not late."""
        shown = self.result.without_outcomes(questions)
        hidden = self.result.score - shown.score + self.counts * (self.result.carried - shown.carried)
        full = round(max(0.0, self.full - hidden), 6)
        return replace(self, result=shown, full=full, score=min(self.score, full))

    @property
    def in_total(self) -> bool:
        """Whether the total has it: a draft and an assignment that a student need not do count for nothing."""
        return self.state != "draft" and not self.excused and not self.dropped

    @property
    def name(self) -> str:
        """The student's name; the id if the roster has none."""
        return (self.student.name if self.student else "") or self.result.student

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


def marks_of(
    results: Sequence[Result],
    policy: MarkingRules,
    by_hand: ByHand = _NOBODY,
    *,
    roster: Roster | None = None,
    now: datetime = _FOREVER,
) -> list[Mark]:
    """One mark a student and assignment, by assignment and student. results: of all attempts, in any order.

    by_hand: points that a person gave. They are added to the newest attempt, because a gradebook holds that one, before
    the lateness is taken off.  roster: gives names, deadlines, and who is excused; students who left get no mark.
    now: says which assignments are open.
    """
    class_ = _Class(policy, roster, now)
    present = [r for r in results if not class_.has_left(r.student)]
    ordered = sorted(present, key=_place)
    counting = [_mark(list(group), class_, by_hand) for _, group in groupby(ordered, key=_place)]
    if policy.late_day_budget:
        counting = _with_free_days(counting, policy)
    dropped = _dropped(counting, policy.drop_lowest)
    return [replace(mark, dropped=True) if _place(mark.result) in dropped else mark for mark in counting]


@dataclass(frozen=True, slots=True)
class _Class:
    """What decides over marks and is not in a result."""

    policy: MarkingRules
    roster: Roster | None
    now: datetime

    def student(self, student: str) -> Person | None:
        return self.roster.by_id.get(student) if self.roster else None

    def has_left(self, student: str) -> bool:
        listed = self.student(student)
        return listed is not None and listed.withdrawn

    def due(self, assignment: str, student: str) -> datetime | None:
        return due_time(self.policy, self.roster, assignment, student)

    def is_excused(self, assignment: str, student: str) -> bool:
        return is_excused(self.policy, self.student(student), assignment, student)


def due_time(policy: MarkingRules, roster: Roster | None, assignment: str, student: str) -> datetime | None:
    """The latest of what the rules and the roster say; None if the assignment has no due time."""
    due, listed = policy.due_of(assignment, student), roster.by_id.get(student) if roster else None
    return max(due, listed.extension) if due and listed and listed.extension else due


def is_excused(policy: MarkingRules, listed: Person | None, assignment: str, student: str) -> bool:
    """Whether the rules or the student's line of the roster say so. listed: that line, or None."""
    return assignment in (*policy.excused.get(student, ()), *(listed.excused if listed else ()))


def unknown_students(results: Iterable[Result], policy: MarkingRules) -> list[str]:
    """Students with an extension and no result: the name in course.toml is wrong, or nobody was graded yet."""
    return sorted({*policy.extensions, *policy.excused} - {r.student for r in results})


def _place(result: Result) -> tuple[str, str]:
    return result.assignment, result.student


def _mark(results: list[Result], class_: _Class, by_hand: ByHand) -> Mark:
    """The mark out of one student's attempts at one assignment; `results` holds at least one."""
    handed_in = [r for r in results if r.status != "missing"]
    if not handed_in:
        return _judged(results[0], 0, class_, _NOBODY)
    attempts = _in_order([_judged(r, len(handed_in), class_, by_hand) for r in handed_in])
    decided = [mark for mark in attempts if mark.result.has_verdict] or attempts
    # Of equal scores `max` takes the first, the earlier attempt. The scores compared are those after lateness.
    chosen = max(decided, key=lambda m: m.score) if class_.policy.attempts == "best" else decided[-1]
    newest = attempts[-1].result
    return chosen if newest.has_verdict else replace(chosen, result=newest.over(chosen.result))


def _in_order(marks: list[Mark]) -> list[Mark]:
    """Oldest first: by the time of receipt, else by number. Attempt 0 is always the newest."""
    return sorted(marks, key=lambda m: (m.result.attempt == 0, m.received or _LONG_AGO, m.result.attempt))


def _judged(result: Result, attempts: int, class_: _Class, by_hand: ByHand) -> Mark:
    """The mark of one attempt. Made in one piece: a class page makes a thousand of them."""
    policy, place = class_.policy, _place(result)
    rules = policy.of(result.assignment)
    due = class_.due(*place)
    received = datetime.fromisoformat(result.received) if result.received else None
    closes = rules.closes and max(filter(None, (rules.closes, due)))
    carried = round(policy.carried_forward * result.carried, 6)
    added = by_hand.get(place, 0.0) if result.attempt == 0 else 0.0
    full = max(0.0, result.score + carried + added)
    days, closed = _days_late(received, due, policy), bool(closes and received and received > closes)
    return Mark(
        result=result,
        attempts=attempts,
        due=due,
        extended=policy.extended(*place) or due != policy.due_time(result.assignment),
        days_late=days,
        received=received,
        score=0.0 if closed else _after_lateness(full, days, 0, policy),
        counts=policy.carried_forward,
        full=full,
        closed=closed,
        student=class_.student(result.student),
        state=rules.state_at(class_.now),
        excused=class_.is_excused(*place),
    )


def _days_late(received: datetime | None, due: datetime | None, policy: MarkingRules) -> int:
    """Days begun after the grace: one more minute never costs more than one day."""
    if received is None or due is None:
        return 0
    late = received - due - timedelta(minutes=policy.late_grace_minutes)
    return max(0, -(-late // _DAY))


def _after_lateness(full: float, days: int, free: int, policy: MarkingRules) -> float:
    """The score less the late days' share. The share is of the whole score, bonus points too."""
    if policy.late_days is not None and days > policy.late_days:
        return 0.0
    return round(full * max(0.0, 1 - (days - free) * policy.late_percent_a_day / 100), 6)


def _with_free_days(marks: Sequence[Mark], policy: MarkingRules) -> list[Mark]:
    """The marks after each student's free late days: those of what was due first are taken first."""
    left: defaultdict[str, int] = defaultdict(lambda: policy.late_day_budget)
    after = {}
    for mark in sorted(marks, key=lambda m: (m.due or _FOREVER, _place(m.result))):
        free = 0 if mark.excused else min(mark.days_late, left[mark.result.student])
        score = 0.0 if mark.closed else _after_lateness(mark.full, mark.days_late, free, policy)
        helps = score > mark.score  # days that help nothing are kept
        left[mark.result.student] -= free * helps
        after[_place(mark.result)] = replace(mark, free_days=free, score=score) if helps else mark
    return [after[_place(mark.result)] for mark in marks]


def _dropped(marks: list[Mark], number: int) -> set[tuple[str, str]]:
    """(assignment, student) of each student's `number` lowest shares among what counts.

    Of equal shares the first goes; one mark always stays.
    """
    by_student: defaultdict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.in_total:
            by_student[mark.result.student].append(mark)
    lowest = (sorted(each, key=lambda m: m.share)[: min(number, len(each) - 1)] for each in by_student.values())
    return {_place(mark.result) for each in lowest for mark in each}
