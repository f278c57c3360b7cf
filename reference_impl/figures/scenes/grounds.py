"""Four small grounds with their curvatures, for question 4 of assignment 1. Standard library only."""

import math
from itertools import chain, islice

from .look import label, look
from .scene import Scene, Table
from .svg import small, tag, text

# Hessians of four places where the slope is zero. The third bends up along both coordinates, and is a saddle.
GROUNDS = (((-1.0, 0.0), (0.0, -2.0)), ((1.0, 0.0), (0.0, 2.0)), ((1.0, 2.0), (2.0, 1.0)), ((-2.0, 0.0), (0.0, 0.0)))
# The right words. Students have this file, so it holds no rule that finds them.
KINDS = ("maximum", "minimum", "saddle", "degenerate")
CELL, ROW = 172, 74  # the width of one ground, and where its centre lies
LINES = (-1, -0.5, 0, 0.5, 1)


def grounds(words=None):
    """The four grounds with their curvatures as bars.

    words: the word that `classify_critical_point` gave for each of GROUNDS; without them a line to write on.
    """
    given = [_word(word) for word in islice(words, 4)] if isinstance(words, (list, tuple)) else []
    given += [None] * (4 - len(given))
    says = " ".join(_say_ground(k, given[k]) for k in range(4))
    rows = tuple((str(k + 1), *map(label, curvatures(h)), given[k] or "") for k, h in enumerate(GROUNDS))
    cells = (tag("g", *_ground(k, given[k]), transform=f"translate({CELL * k})") for k in range(4))
    svg = tag("svg", *cells, viewBox=f"0 0 {4 * CELL} 214")
    table = Table(("ground", "larger curvature", "smaller curvature", "your word"), rows)
    return Scene(name="grounds", title="Four places where the slope is zero", svg=svg, says=says, table=table)


def _word(value):
    """A student's word, cut to the width of a ground; None for no answer."""
    if value is None:
        return None
    return str(value)[:14] if isinstance(value, str) else f"({type(value).__name__})"[:14]


def curvatures(hessian):
    """The two eigenvalues of a symmetric 2 x 2 matrix, the larger one first."""
    (a, b), (_, d) = hessian
    middle, half = (a + d) / 2, math.hypot((a - d) / 2, b)
    return middle + half, middle - half


def _ground(k, word):
    """One ground: its surface as a net, its two bars, and the word."""
    hessian = GROUNDS[k]
    across, along = ([[(u, v) for u in _FINE] for v in LINES], [[(u, v) for v in _FINE] for u in LINES])
    net = "".join(_thread(hessian, points) for points in chain(across, along))
    yield tag("path", class_="net", d=net)
    yield tag("circle", class_="ball", cx=CELL / 2, cy=ROW, r=5)
    yield tag("path", class_="thin", d=f"M{CELL / 2} 138v48")
    for row, value in enumerate(curvatures(hessian)):
        yield from _bar(value, 148 + 28 * row)
    right = "" if word is None else " ✓" if word == KINDS[k] else " ✗"
    yield text(CELL / 2, 208, ("………………" if word is None else word) + right, text_anchor="middle")


_FINE = [k / 4 for k in range(-4, 5)]


def _thread(hessian, points):
    """One line of the net; the ground seen from the front and from above."""
    (a, b), (_, d) = hessian
    heights = ((u, v, (a * u * u + 2 * b * u * v + d * v * v) / 2) for u, v in points)
    return "M" + "L".join(f"{CELL / 2 + 46 * u + 22 * v:.0f} {ROW - 15 * v - 17 * z:.1f}" for u, v, z in heights)


def _bar(value, y):
    """A curvature as a bar from the middle: to the right if the ground bends up, to the left if down."""
    shown, reach = look(value, 3), 20 * value
    yield tag("path", class_=f"bar {shown.kind}", d=f"M{CELL / 2} {y}h{reach:.0f}")
    side = -1 if value > 0 else 1  # the label stands on the free side
    yield small(CELL / 2 + 6 * side, y + 5, shown.label, text_anchor="end" if side < 0 else "start")


def _say_ground(k, word):
    """One ground in words: its curvatures, and whether the student's word fits."""
    most, least = map(label, curvatures(GROUNDS[k]))
    bends = f"Ground {k + 1} bends by {most} and {least} along its own two axes."
    if word is None:
        return bends
    if word == KINDS[k]:
        return f"{bends} Your word is {word}: right."
    return f"{bends} Your word is {word}: not right."
