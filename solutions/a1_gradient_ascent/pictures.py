"""Pictures of A1: the climb of the notebook's second figure, from the student's gradient_ascent and the reference's.

The landscape is `highlands` of the hand-out; its slope is written out, so that a climb asks the grader nothing.
"""

import functools

import numpy as np

from autograder.authoring import Curves, Formula, Ground, Pair, Paths, numbers, picture

START, RATE, STEPS = np.array([-1.9, -1.1]), 0.15, 60
_LEFT = "1.6 * np.exp(-((x[0] + 1.1) ** 2) / 0.9 - (x[1] - 0.5) ** 2 / 1.2)"
_RIGHT = "2.2 * np.exp(-((x[0] - 1.2) ** 2) / 1.1 - (x[1] + 0.1) ** 2 / 0.8)"
highlands = Formula(f"{_LEFT} + {_RIGHT} - 0.05 * (x[0] ** 2 + x[1] ** 2)")
slope = Formula(
    f"{_LEFT} * np.array([-2 / 0.9 * (x[0] + 1.1), -2 / 1.2 * (x[1] - 0.5)])"
    f" + {_RIGHT} * np.array([-2 / 1.1 * (x[0] - 1.2), -2 / 0.8 * (x[1] + 0.1)]) - 0.1 * x"
)


@functools.cache
def _ground():
    x, y = (-3.0, 3.0), (-2.0, 2.0)
    heights = highlands(np.array(np.meshgrid(np.linspace(*x, 25), np.linspace(*y, 17))))
    return Ground(x=x, y=y, heights=tuple(map(tuple, np.round(heights, 3).tolist())))


def _climb(student, reference):
    """The student's path and the reference's, (T + 1, 2) each."""
    got = student.gradient_ascent(slope, START.copy(), RATE, STEPS)
    yours = numbers(got, (None, 2), "gradient_ascent", at_most=4 * STEPS)
    return yours, reference.gradient_ascent(slope, START, RATE, STEPS)


@picture("q3", title="Your climb, seen from above")
def from_above(student, reference):
    """The notebook's two hills, from (−1.9, −1.1) with rate 0.15 and at most 60 steps. Lines join equal heights."""
    yours, right = _climb(student, reference)
    return Paths(ground=_ground(), path=Pair.of("gradient_ascent", yours.T, right.T), x_label="x₀", y_label="x₁")


@picture("q3", title="How high you are after each step")
def height_by_step(student, reference):
    """The same climb: height against the number of steps. An ascent with a small rate never goes down."""
    yours, right = (highlands(path.T) for path in _climb(student, reference))
    return Curves(curve=Pair.of("height", yours, right), x_label="step", y_label="height")
