"""The one rule from a number to its look: width, colour, dash and label. The player has the same rule.

Standard library only. A test in the browser compares the two on hundreds of numbers.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
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
    if not 0.0005 <= size < 10000:
        digits, exponent = f"{size:.1e}".split("e")
        shown = f"{digits.removesuffix('.0')}e{int(exponent)}"
    else:
        shown = f"{size:.3f}" if size < 100 else f"{size:.1f}"
        shown = shown.rstrip("0").rstrip(".")
    return ("−" if value < 0 else "") + shown
