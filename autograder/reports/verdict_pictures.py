"""The kill matrix of a student's own test: what it said of each right and wrong thing, in signs and words."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.authoring.verdict_drawings import KillMatrix, KillRow
from autograder.reports.scales import Drawn, Table

_SAID = {True: "accepted", False: "condemned", None: "no clear verdict"}


@dataclass(frozen=True, slots=True)
class VerdictCell:
    """One verdict. words: what was said.  right: whether that is right."""

    words: str
    right: bool


def kills(drawing: KillMatrix) -> Drawn:
    """A table with the right ones first: the verdicts of each, and whether they are right."""
    rows = [
        (row.name, row.right, [VerdictCell(_SAID[verdict], verdict is row.right) for verdict in row.verdicts])
        for row in drawing.rows
    ]
    head = (drawing.judged, "it is", *drawing.columns)
    table = Table(head, tuple((row.name, _is(row), *(_SAID[v] for v in row.verdicts)) for row in drawing.rows))
    return _says(drawing), table, {"rows": rows, "head": head}


def _is(row: KillRow) -> str:
    return "right" if row.right else "wrong"


def _says(drawing: KillMatrix) -> str:
    """How many of each kind are judged as they must be, and the first ones that are not."""
    right = [row for row in drawing.rows if row.right]
    wrong = [row for row in drawing.rows if not row.right]
    accepted, caught = (sum(row.caught for row in rows) for rows in (right, wrong))
    missed = [f"{row.name}: {_complaint(row)}" for row in drawing.rows if not row.caught]
    more = [f"and {len(missed) - 3} more"] if len(missed) > 3 else []
    counts = f"{accepted} of {len(right)} right ones accepted, {caught} of {len(wrong)} wrong ones condemned"
    return f"{'; '.join([counts, *missed[:3], *more])}."


def _complaint(row: KillRow) -> str:
    """What is wrong with the verdicts of a row."""
    if None in row.verdicts:
        return "no clear verdict"
    if len(set(row.verdicts)) > 1:
        return "not the same verdict each time"
    return "condemned, and it is right" if row.right else "accepted, and it is wrong"
