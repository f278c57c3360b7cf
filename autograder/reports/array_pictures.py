"""Pictures of arrays and amounts: each number of the student's beside the reference's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.authoring.drawing_parts import Pair
from autograder.authoring.drawings import Bars, HeatMap
from autograder.reports.scales import WIDTH, Axis, Drawn, Table, count_text, number_text

_SHADES = ((0.01, 1), (0.1, 2), (0.5, 3), (math.inf, 4))  # of errors, relative to the largest entry


@dataclass(frozen=True, slots=True)
class MatrixEntry:
    """One number beside its reference. level: 0 right, 1 to 4 wrong by more and more, 5 not a number."""

    yours: str
    reference: str
    error: str
    level: int

    @property
    def right(self) -> bool:
        """Whether the number agrees with the reference."""
        return self.level == 0


Entries = tuple[tuple[MatrixEntry, ...], ...]


def entries_of(pair: Pair) -> Entries:
    """Each number of a pair beside the reference's."""
    largest = max((abs(v) for row in pair.reference for v in row), default=0.0) or 1.0
    return tuple(
        tuple(_entry(a, b, largest) for a, b in zip(yours, right, strict=True))
        for yours, right in zip(pair.yours, pair.reference, strict=True)
    )


def _entry(yours: float, reference: float, largest: float) -> MatrixEntry:
    words = (number_text(yours), number_text(reference))
    if not math.isfinite(yours):
        return MatrixEntry(*words, words[0], 5)
    error = abs(yours - reference) / largest
    if error <= 2e-6:  # the numbers are kept to six digits
        return MatrixEntry(*words, "", 0)
    level = next(shade for limit, shade in _SHADES if error < limit)
    percent = f"{100 * error:.0f}" if error >= 0.1 else number_text(100 * error, 2)
    return MatrixEntry(*words, f"{percent} %" if error < 10 else ">1000 %", level)


def heat_map(drawing: HeatMap) -> Drawn:
    blocks = [(pair.name, entries_of(pair)) for pair in drawing.blocks]
    return comparison(drawing.blocks, drawing.undrawn), entries_table(blocks), {"blocks": blocks}


def entries_table(blocks: Sequence[tuple[str, Entries]]) -> Table:
    """All numbers of named arrays."""
    rows = [
        (f"{name}[{i}, {j}]" if len(entries) > 1 else f"{name}[{j}]", e.yours, e.reference, e.error or "right")
        for name, entries in blocks
        for i, row in enumerate(entries)
        for j, e in enumerate(row)
    ]
    return Table(("entry", "yours", "reference", "error"), tuple(rows))


def comparison(blocks: Sequence[Pair], undrawn: Sequence[str] = ()) -> str:
    """How many numbers of each array are wrong."""
    if not undrawn and all(pair.agrees for pair in blocks):
        return "Every number is right."
    words = []
    for pair in blocks:
        entries = [e for row in entries_of(pair) for e in row]
        wrong = sum(not e.right for e in entries)
        words.append(f"{pair.name}: {f'{wrong} of {len(entries)} wrong' if wrong else 'right'}")
    return f"{'; '.join((*words, *undrawn))}."


def bars(drawing: Bars) -> Drawn:
    amounts = [(pair.name, pair.yours[0][0], pair.reference[0][0]) for pair in drawing.bars]
    longest = max((v for _, *pair in amounts for v in pair if math.isfinite(v)), default=0.0)
    along = Axis(0, max(longest, 1.0), 8, WIDTH - 170)  # the amount stands behind the bar
    groups = [
        (name, _bar(yours, along), count_text(yours), _bar(right, along), count_text(right), yours == right)
        for name, yours, right in amounts
    ]
    rows = tuple((name, count_text(yours), count_text(right)) for name, yours, right in amounts)
    table = Table(("", f"yours: {drawing.unit}", f"formula: {drawing.unit}"), rows)
    return _amounts(drawing), table, {"groups": groups, "unit": drawing.unit}


def _bar(amount: float, along: Axis) -> float:
    """The length of a bar: at least one unit, so that a zero can be seen."""
    return max(1.0, round(along(max(0.0, amount)) - along.start, 1)) if math.isfinite(amount) else 1.0


def _amounts(drawing: Bars) -> str:
    words = (
        f"{p.name}: {count_text(p.yours[0][0])} {drawing.unit}, "
        + ("as the formula says" if p.agrees else f"the formula says {count_text(p.reference[0][0])}")
        for p in drawing.bars
    )
    return f"{'; '.join(words)}."
