"""Sentences for a student about the points that count: lateness, points by hand, bonus, and work that is left out.

Every word is ours, and every number and time comes from the course or from `marks.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from autograder.exports.github import markdown_text
from autograder.marks import Mark
from autograder.records.result import Result
from autograder.text import points_text

_MINUTE = "%Y-%m-%d %H:%M %Z"


def mark_words(mark: Mark | None, result: Result, waits: Sequence[str] = ()) -> tuple[str, ...]:
    """The sentences, of Markdown; none if there is nothing to say beyond the score.

    result: the newest attempt, with what is carried.  waits: the questions that a person has yet to grade.
    """
    return tuple(_sentences(mark, result, waits)) if mark else ()


def _sentences(mark: Mark, result: Result, waits: Sequence[str]) -> Iterator[str]:
    if mark.excused:
        yield "You need not do this assignment: it does not count."
        return
    counts = mark.result.attempt == result.attempt
    if bonus := sum(question.score for question in result.questions if question.bonus):
        yield f"{points_text(bonus)} of these points are a bonus."
    if counts:
        yield from _by_hand(mark)
    if waits:
        named = ", ".join(markdown_text(question) for question in waits)
        yield f"A person has yet to grade {named}: these points are still missing."
    if counts:
        yield from _timing(mark)
    if not counts:
        yield f"**Counted: an earlier attempt, with {_points(mark.score)}.**"
    elif mark.score != result.score:
        part = f"{points_text(mark.score)} of " if mark.score != mark.full else ""
        yield f"**Counted: {part}{_points(mark.full)}.**"
    if mark.dropped:
        yield "This assignment is the lowest so far, and is left out of your total."


def _by_hand(mark: Mark) -> Iterator[str]:
    """What a person added to the checks' points, or took away."""
    added = round(mark.full - mark.result.score - mark.carried, 6)
    if added > 0:
        yield f"A person gave {_points(added)} more."
    elif added < 0:
        yield f"A person took {_points(-added)} away."


def _timing(mark: Mark) -> Iterator[str]:
    if mark.due is None or mark.received is None:
        return
    extension = " (your extension)" if mark.extended else ""
    times = f"received {_minute(mark.received, mark.due)}, due {_minute(mark.due, mark.due)}{extension}"
    if not mark.days_late:
        yield f"In time: {times}."
    else:
        yield f"{_days(mark.days_late)} late: {times}."
        if mark.free_days:
            yield f"{_days(mark.free_days)} of your late days {'is' if mark.free_days == 1 else 'are'} used for it."
    if mark.closed:
        yield "It came after the assignment was closed."


def _minute(time: datetime, other: datetime) -> str:
    """A time in the zone of another one."""
    return time.astimezone(other.tzinfo).strftime(_MINUTE)


def _points(points: float) -> str:
    return f"{points_text(points)} point{'s' * (points != 1)}"


def _days(days: int) -> str:
    return f"{days} day{'s' * (days != 1)}"
