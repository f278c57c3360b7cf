"""Whose hill is it: the range of assignment 1, and a strip that shows where a walk from each start ended.

For question 8: starts and labels come from the student's `basins`. Standard library only.
"""

import math
from itertools import groupby

from .climber import FLOOR, across, axis, range_line, up
from .scene import Scene, Table
from .svg import small, tag
from .terrain import SUMMITS, height, numbers

TOP, TALL_STRIP = FLOOR + 30, 34  # of the strip, in units of the drawing
NARROW = 15  # a block below this width has no room for its number


def basins(starts, labels, peaks=SUMMITS):
    """A strip of starts by the summit that each walk ended on.

    starts: places on the range, in rising order.  labels: for each start the row of its summit in peaks.
    """
    places, tops = numbers(starts), numbers(peaks)
    rows = [_row_of(value, len(tops)) for value in numbers(labels)]
    blocks = _blocks(places, rows)
    svg = tag(
        "svg",
        tag("path", class_="ground", d=range_line()),
        axis(FLOOR + 17),
        *(small(across(w), up(height(w)) - 10, f"summit {k + 1}") for k, w in enumerate(tops) if 0 <= w <= 10),
        small(0, TOP + 22, "ends on", text_anchor=None),
        *(_drawn(*block, len(places)) for block in blocks),
        viewBox="0 0 720 330",
    )
    shares = [(k, sum(row == k for row in rows)) for k in (*range(len(tops)), None)]
    said = tuple((_name(k), str(count)) for k, count in shares if count or k is not None)
    return Scene(
        name="basins",
        title="Where you start decides where you stop",
        svg=svg,
        says=_says_basins(blocks, len(places), len(rows)),
        table=Table(("ends on", "starts"), said),
    )


def _row_of(value, most):
    """A label as a row of the peaks; None for what is no row."""
    return int(value) if value in range(most) else None


def _name(row):
    return "no summit" if row is None else f"summit {row + 1}"


def _blocks(places, rows):
    """Neighbours with one label: (label, left end, right end, how many). Borders lie half-way between starts."""
    pairs = sorted((w, row) for w, row in zip(places, (-1 if row is None else row for row in rows), strict=False)
                   if not math.isnan(w))  # fmt: skip
    blocks, at = [], 0
    for row, group in groupby(pairs, key=lambda pair: pair[1]):
        count = len(list(group))
        left = pairs[0][0] if at == 0 else (pairs[at - 1][0] + pairs[at][0]) / 2
        at += count
        right = pairs[-1][0] if at == len(pairs) else (pairs[at - 1][0] + pairs[at][0]) / 2
        blocks.append((None if row < 0 else row, left, right, count))
    return blocks


def _drawn(row, left, right, count, total):
    """One block with the number of its summit, and its share of the starts below."""
    x, wide = across(left), across(right) - across(left)
    block = tag("rect", class_=f"basin b{'x' if row is None else row % 4}", x=x, y=TOP, width=wide, height=TALL_STRIP)
    number = small(x + wide / 2, TOP + 22, "?" if row is None else row + 1) if wide >= NARROW else ""
    share = f"{100 * count / total:.0f} %"
    return block + number + (small(x + wide / 2, TOP + 52, share) if wide >= 3 * NARROW else "")


def _says_basins(blocks, starts, labels):
    """The strip in words: which summit the starts from where to where reach."""
    if starts != labels:
        return f"The strip is not complete: expected one label for each of the {starts} starts, got {labels}."
    if not blocks:
        return "There is no start to draw."
    if len(blocks) > 12:
        return f"The strip changes its summit {len(blocks) - 1} times: the starts of one summit do not lie together."
    parts = (f"from {left:.1f} to {right:.1f} on {_name(row)}" for row, left, right, _ in blocks)
    return f"{starts} starts. Walks end, for starts " + "; ".join(parts) + "."
