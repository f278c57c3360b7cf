"""The climber's walk in words and as a table: one sentence a step, and what kind of place she ended on.

Standard library only; nothing here draws.
"""

import math
from itertools import pairwise

from .look import label
from .terrain import SUMMITS, arrived, height, slope

FEELS = ("rises to the left", "is level", "rises to the right")
GENTLE = 5e-4  # a slope that feet call level


SAYS = (
    "Step {t}. You stand at {w}, height {h}. The ground {feel}, slope {g}.",
    "Step {t}. You stand at {w}, outside the picture.",
    "Step {t} is not a number (NaN): it is no place.",
)


def feel(g):
    """What feet say about a slope."""
    return FEELS[1 + (g > GENTLE) - (g < -GENTLE)]


def say_slope(w):
    """What stands above her head: the slope, or the place if it lies outside the picture."""
    return f"slope {label(slope(w))}" if 0 <= w <= 10 else f"at w = {label(w)}"


def say_step(t, w):
    """One step in words."""
    kind = 2 if math.isnan(w) else 0 if 0 <= w <= 10 else 1
    g = slope(w)
    return SAYS[kind].format(t=t, w=label(w), h=label(height(w)), feel=feel(g), g=label(g))


def rows_of_walk(places):
    """The table: each step with its place, its height and its slope. A long walk is cut, and its end kept."""
    rows = [(str(t), label(w), label(height(w)), label(slope(w))) for t, w in enumerate(places)]
    return tuple(rows if len(rows) <= 62 else [*rows[:60], ("…",) * 4, rows[-1]])


def say_walk(places, guess, longest):
    """The walk in words, from its numbers."""
    if not places:
        return "There is no path to draw: expected a list of places, one a step. The range is empty."
    parts = [_says_end(places), _says_longest(places, longest)]
    if not math.isnan(guess):
        parts.insert(1, f"You said that she stops at {label(guess)}.")
    return " ".join(part for part in parts if part)


def _says_end(places):
    """Where the walk begins, and what kind of place it ends on."""
    first, last, steps = places[0], places[-1], len(places) - 1
    walked = f"She starts at {label(first)} and stands at {label(last)} after {steps} step{'s' * (steps != 1)}"
    broken = next((t for t, w in enumerate(places) if math.isnan(w)), None)
    if broken is not None:
        return f"{walked}. Step {broken} is not a number (NaN)."
    if not 0 <= last <= 10:
        return f"{walked}, outside the range of 0 to 10."
    top = arrived(last)
    if top is None:
        level = "level ground that is no summit" if abs(slope(last)) < 0.01 else f"a slope of {label(slope(last))}"
        return f"{walked}, on {level}."
    high = "the highest of the four" if height(SUMMITS[top]) == max(map(height, SUMMITS)) else "not the highest"
    return f"{walked}, on summit {top + 1} of 4, {high}."


def _says_longest(places, longest):
    """Which step is the longest, and the reader's guess beside it."""
    lengths = [0.0 if math.isnan(b - a) else abs(b - a) for a, b in pairwise(places)]
    if not lengths or max(lengths) == 0:
        return ""
    step = lengths.index(max(lengths)) + 1
    said = "" if math.isnan(longest) else f" You said step {label(longest)}."
    return f"The longest step is step {step}, {label(max(lengths))}.{said}"
