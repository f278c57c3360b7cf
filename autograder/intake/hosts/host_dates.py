"""Reads a day and a time as Brightspace writes them: `Nov 27, 2026 1011 AM`, `05 March 2026 612 PM`.

The form depends on the language of the person who downloads. A form that could mean two times is not read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

_TOKEN = re.compile(r"\d+|[^\W\d_]+")
# How the names of months begin, without accents, in English, German, French, Spanish, Portuguese, Italian, Dutch and
# Scandinavian.
_MONTHS = (
    ("jan", "ene", "gen"),
    ("feb", "fev"),
    ("mar", "maa", "mrt"),
    ("apr", "abr", "avr"),
    ("may", "mai", "mei", "maj", "mag"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aou", "ago"),
    ("sep", "set"),
    ("oct", "okt", "out", "ott"),
    ("nov",),
    ("dec", "dez", "dic", "des"),
)
_FILLERS = frozenset({"de", "del", "at", "um", "uhr", "kl", "h", "den", "d", "le", "as", "om"})


def read_date(text: str) -> datetime | None:
    """The local time that a text says, without a zone; None for other text."""
    tokens = _TOKEN.findall(_plain(text))
    numbers = [token for token in tokens if token.isdecimal()]
    words = [token for token in tokens if not token.isdecimal() and token not in _FILLERS]
    half = "".join(words[1:])
    month = _month(words[0]) if words else 0
    if half not in {"", "am", "pm"} or (words and not month) or len(numbers) < 3:
        return None
    if not words:
        year, month, day, *clock = numbers[0], int(numbers[1]), *numbers[2:]
    elif len(numbers[0]) == len("2026"):
        year, day, *clock = numbers
    else:
        day, year, *clock = numbers
    return _moment(year, month, day, clock, half) if len(year) == len("2026") else None


def can_be_date(text: str) -> bool:
    """Whether a text holds a year and a time, in whatever language."""
    numbers = re.findall(r"\d+", text)
    return len(numbers) >= len(("day", "year", "time")) and any(re.fullmatch(r"(?:19|20)\d\d", n) for n in numbers)


def _plain(text: str) -> str:
    """Small letters without accents."""
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in letters if not unicodedata.combining(c))


def _month(word: str) -> int:
    """1 to 12; 0 for a word that is no month."""
    return next((i for i, begins in enumerate(_MONTHS, 1) if word.startswith(begins)), 0)


def _moment(year: str, month: int, day: str, clock: Sequence[str], half: str) -> datetime | None:
    """clock: `1011`, or hours and minutes, and seconds.  half: of the day."""
    digits = "".join([clock[0], *(part.rjust(2, "0") for part in clock[1:3])]) if clock else ""
    if len(clock) > 3 or not 3 <= len(digits) <= len("101112"):
        return None
    digits = digits.rjust(4 if len(digits) <= 4 else 6, "0").ljust(6, "0")
    hour, minute, second = (int(digits[i : i + 2]) for i in (0, 2, 4))
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + 12 * (half == "pm") if half else hour
    try:
        return datetime(int(year), month, int(day), hour, minute, second)  # noqa: DTZ001 — the caller knows the zone
    except (ValueError, OverflowError):
        return None
