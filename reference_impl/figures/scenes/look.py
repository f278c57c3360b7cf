"""The one rule from a number to its look: width, colour, dash and label. The player has the same rule.

Standard library only. A test in the browser compares the two on hundreds of numbers.
"""

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple


class Look(NamedTuple):
    """How a number is drawn: the width of its line, the class of its colour and dash, and its label."""

    width: float
    kind: str  # "plus", "minus" or "none"
    label: str


def look(value, largest=1.0):
    """The look of a number beside the largest of its picture: 1 to 7 units wide, and 1 if it is no number."""
    if math.isnan(value) or value == 0:
        return Look(1.0, "none", label(value))
    share = 1.0 if math.isinf(value) or not largest > 0 else min(abs(value) / largest, 1.0)
    return Look(round(1 + 6 * share, 2), "plus" if value > 0 else "minus", label(value))


def label(value):
    """A number as text: three decimals, three digits if it is small or large; −, ∞ and NaN as signs."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size = abs(value)
    if size == 0:
        return "0"
    exact, sign = Decimal(size), "−" if value < 0 else ""
    if 0.0005 <= size < 10000:
        return sign + _rounded(exact, "0.001" if size < 100 else "0.1")
    exponent = exact.adjusted()
    digits = _rounded(exact.scaleb(-exponent), "0.1")
    return f"{sign}1e{exponent + 1}" if digits == "10" else f"{sign}{digits}e{exponent}"


def _rounded(exact, unit):
    """A decimal number to the nearest multiple of unit, without zeros at its end; a half goes up, as in JavaScript."""
    return f"{exact.quantize(Decimal(unit), ROUND_HALF_UP):f}".rstrip("0").rstrip(".")
