"""When a course is collected besides every night: soon after each assignment is due, and after it is closed.

A provider reads cron lines in UTC, so a time of course.toml is turned into UTC on its own day: two due times on both
sides of a change of clocks lie an hour apart in UTC. Cron knows no year; a year later the run finds nothing new.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from autograder.marking_rules import MarkingRules

MARGIN = timedelta(minutes=7)  # after the time: what was pushed in the last second is there


@dataclass(frozen=True, slots=True)
class DeadlineRun:
    """A run of one day. cron: in UTC, for a workflow.  why: what is due or closed, and the local time."""

    cron: str
    why: str


def deadline_runs(rules: MarkingRules, names: Sequence[str], zone: tzinfo | None) -> list[DeadlineRun]:
    """The runs for these assignments, in the order of time. Runs at the same minute become one."""
    by_minute: dict[datetime, list[str]] = {}
    for name in names:
        for what, time in _times(rules, name):
            by_minute.setdefault(_minute(time), []).append(f"{name} {what} {_local(time, zone)}")
    return [DeadlineRun(_cron(minute), "; ".join(by_minute[minute])) for minute in sorted(by_minute)]


def _times(rules: MarkingRules, name: str) -> Iterator[tuple[str, datetime]]:
    due, closes = rules.due_time(name), rules.of(name).closes
    if due:
        yield "is due", due + timedelta(minutes=rules.late_grace_minutes)
    if closes and closes != due:
        yield "closes", closes


def _minute(time: datetime) -> datetime:
    """The minute of the run, the next one after the margin."""
    return (time.astimezone(UTC) + MARGIN).replace(second=0, microsecond=0) + timedelta(minutes=1)


def _cron(minute: datetime) -> str:
    return f"{minute.minute} {minute.hour} {minute.day} {minute.month} *"


def _local(time: datetime, zone: tzinfo | None) -> str:
    local = time.astimezone(zone) if zone else time
    return f"{local:%Y-%m-%d %H:%M} {zone or local.tzname()}"
