"""Times as people, nbgrader and Gradescope write them. A zone is UTC or an offset: other names stand for several."""

from __future__ import annotations

import re
from datetime import UTC, datetime

# 2015-02-02 15:58:23.948203 UTC.  re.ASCII: \d would take the digits of every script.
_WRITTEN = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))? ?(UTC|Z|[+-]\d\d:\d\d)", re.ASCII)


def moment(text: str) -> datetime:
    """An ISO time with its zone. Raises ValueError: a time without a zone is another one on another machine."""
    when = datetime.fromisoformat(text)
    if when.tzinfo is None or not 1990 <= when.year < 2200:  # far from where another zone would overflow
        raise ValueError("no time zone, or no year of a course")
    return when


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
