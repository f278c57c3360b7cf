"""Numbers as a host's file has them: `90.50`, `90,50`, `1,234.00`. A score is written with the file's own sign."""

from __future__ import annotations

import re
from collections.abc import Iterable

from autograder.text import points_text

_NUMBER = re.compile(r"[-+]?[0-9][0-9.,'’ \u00a0\u202f]*")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")  # `1,500` can be a number with either sign


def decimal_sign(texts: Iterable[str]) -> str:
    """The sign that the numbers among these texts have before their decimals: a comma if most have one, else a point.

    `1,500` says nothing, because the comma can separate thousands.
    """
    votes = [_decimal(number) for number in map(_number, texts)]
    return "," if votes.count(",") > votes.count(".") else "."


def read_number(text: str, sign: str) -> float | None:
    """The number in a cell; None if there is none. sign: see decimal_sign."""
    number = _number(text)
    if not number:
        return None
    other = "." if sign == "," else ","
    try:
        return float(number.replace(other, "").replace(sign, "."))
    except ValueError:
        return None


def first_number(text: str) -> list[float]:
    """The first number in a text, in a list; an empty list if there is none."""
    match = re.search(r"[0-9]+(?:[.,][0-9]+)*", text)
    number = read_number(match[0], decimal_sign([match[0]])) if match else None
    return [] if number is None else [number]


def number_text(points: float, sign: str) -> str:
    """Points for a cell, with all their digits."""
    return points_text(points).replace(".", sign)


def _number(text: str) -> str:
    """The digits and signs of a cell that holds a number; else ""."""
    text = text.strip()
    return re.sub(r"[^-+0-9.,]", "", text) if _NUMBER.fullmatch(text) else ""


def _decimal(number: str) -> str:
    """The sign before the decimals; "" if there is none, or if nobody can tell, as in a date or in `1,500`."""
    signs = [c for c in number if c in ".,"]
    if not signs or _THOUSANDS.fullmatch(number) or signs.count(signs[-1]) > 1:
        return ""
    return signs[-1]
