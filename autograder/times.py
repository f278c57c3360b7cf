"""Times as people, courses, nbgrader and Gradescope write them.

In a source that comes from outside, a zone is UTC or an offset, because other names stand for several. In the course's
own files a time without an offset is of the course's zone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, tzinfo

EXAMPLE = "2026-10-12 23:59"
YEARS = range(1990, 2200)  # far from where another zone would overflow
# 2015-02-02 15:58:23.948203 UTC.  re.ASCII: \d would take the digits of every script.
_WRITTEN = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))? ?(UTC|Z|[+-]\d\d:\d\d)", re.ASCII)
_END, _START = time(23, 59, 59), time(0, 0)


class YearError(ValueError):
    """A time of no year in which a course can be."""


def moment(text: str) -> datetime:
    """An ISO time with its zone. Raises ValueError: a time without a zone is another one on another machine."""
    when = datetime.fromisoformat(text)
    if when.tzinfo is None or when.year not in YEARS:
        raise ValueError("no time zone, or no year of a course")
    return when


def deadline(value: str | date, zone: tzinfo | None) -> datetime:
    """A time until which something may be done. A day means its end: 2026-10-12 is 23:59:59 of that day.

    zone: of a time without an offset. Of a time that comes twice, when clocks are set back, the later is meant.
    Raises ValueError or TypeError for what is no time, and for one without an offset if there is no zone.
    """
    return _in_zone(value, zone, _END, max)


def beginning(value: str | date, zone: tzinfo | None) -> datetime:
    """A time from which on something may be done. A day means its start; of a time that comes twice, the earlier."""
    return _in_zone(value, zone, _START, min)


def _in_zone(value: str | date, zone: tzinfo | None, of_day: time, which: Callable[..., datetime]) -> datetime:
    when = _parsed(value.strip()) if isinstance(value, str) else value
    if not isinstance(when, date):
        raise TypeError("no time")
    if not isinstance(when, datetime):
        when = datetime.combine(when, of_day)
    if when.tzinfo is None:
        if zone is None:
            raise ValueError("no time zone")
        # When clocks change, a time comes twice or not at all; `fold` gives both readings of it.
        when = which(when.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)).astimezone(zone)
    if when.year not in YEARS:
        raise YearError
    return when


def _parsed(text: str) -> date:
    return (
        date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else datetime.fromisoformat(text)
    )


def written_time(text: str) -> datetime | None:
    """A time as nbgrader writes it, in UTC; None for other text. Raises ValueError if it does not exist."""
    match = _WRITTEN.fullmatch(text)
    if not match:
        return None
    day, clock, fraction, zone = match.groups()
    return moment(f"{day}T{clock}.{fraction or 0:0<6}{'+00:00' if zone in {'UTC', 'Z'} else zone}").astimezone(UTC)


def timestamp_text(when: datetime) -> str:
    """As nbgrader writes it: `2015-02-02 15:58:23.948203 UTC`."""
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
