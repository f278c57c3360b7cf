"""The kill matrix as a picture: a row for each mistake, a column for each check, dark where it is caught.

Beside it stands what each wrong sample costs beyond the check that it declares.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from autograder.audit.accuracy import Accuracy
from autograder.audit.run import CaseResult

# Passed, not put (a question it builds on fails), caught by others too, caught by this check alone.
_SHARED, _ALONE = "#8ab6d6", "#0b3c5d"
_SHADES = ListedColormap(["#ffffff", "#e6e6e6", _SHARED, _ALONE])


def save(path: Path, findings: Sequence[CaseResult], numbers: Accuracy) -> None:
    """Write the picture as PNG. Rows are in the order of the questions they are about, samples before mutants."""
    checks = [row.id for row in numbers.checks if row.points]
    order = list(dict.fromkeys(c.partition(".")[0] for c in checks))
    tested = sorted(
        (f for f in findings if f.case.kind in {"mutant", "wrong"} and not f.case.equivalent),
        key=lambda f: order.index(_question(f)),
    )
    shades = np.array([[_shade(f, check) for check in checks] for f in tested]).reshape(len(tested), len(checks))
    with mpl.rc_context({"font.size": 8, "axes.linewidth": 0.5}):
        figure = Figure(figsize=(max(6.0, 0.22 * len(checks) + 1.5), 0.012 * len(tested) + 2.6), layout="constrained")
        FigureCanvasAgg(figure)
        axes, beside = figure.subplots(1, 2, sharey=True, width_ratios=(len(checks) + 4, 6))
        if shades.size:  # none where a person grades everything
            axes.imshow(shades, cmap=_SHADES, vmin=0, vmax=_SHADES.N - 1, aspect="auto", interpolation="nearest")
        _rule(axes, [c.partition(".")[0] for c in checks], [_question(f) for f in tested])
        axes.set_xticks(range(len(checks)), [c.partition(".")[2] for c in checks], rotation=90, fontsize=6)
        killed, mutants = numbers.mutants
        axes.set_title(
            f"{numbers.assignment}: {killed} of {mutants} mutants and {numbers.wrong[0]} of {numbers.wrong[1]} wrong "
            "samples caught\ndark: caught by this check alone; grey: not put, it builds on a question that fails",
            fontsize=8,
            loc="left",
        )
        _draw_costs(beside, tested, numbers)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, dpi=150)


def _draw_costs(axes: mpl.axes.Axes, tested: Sequence[CaseResult], numbers: Accuracy) -> None:
    """A bar for each wrong sample: raw, and over it the part that stays lost when carried points count."""
    cost_of = {cost.name: cost for cost in numbers.costs.samples}
    rows = [(i, cost_of[f.case.name]) for i, f in enumerate(tested) if f.case.kind == "wrong"]
    places = [i for i, _ in rows]
    axes.barh(places, [cost.raw for _, cost in rows], height=1.0, color=_SHARED, label="raw")
    axes.barh(places, [cost.marked for _, cost in rows], height=1.0, color=_ALONE, label="carried counts")
    axes.set_xlabel("points lost beyond\nthe declared check", fontsize=6)
    axes.tick_params(labelsize=6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(fontsize=5, frameon=False, loc="lower left", bbox_to_anchor=(0, 1))


def _question(finding: CaseResult) -> str:
    if finding.case.mutant is not None:
        return finding.case.mutant.question
    return finding.case.sample.fails[0].partition(".")[0] if finding.case.sample else ""


def _shade(finding: CaseResult, check: str) -> int:
    outcomes = {c.id: c.outcome for c in finding.failed}
    if check not in outcomes:
        return 0
    if outcomes[check] == "blocked":
        return 1
    return 3 if list(outcomes.values()).count("blocked") == len(outcomes) - 1 else 2


def _rule(axes: mpl.axes.Axes, columns: Sequence[str], rows: Sequence[str]) -> None:
    """Lines between questions, and their names beside the rows."""
    for i, (a, b) in enumerate(itertools.pairwise(columns)):
        if a != b:
            axes.axvline(i + 0.5, color="#999999", linewidth=0.5)
    starts = [i for i, q in enumerate(rows) if i == 0 or q != rows[i - 1]]
    for i in starts[1:]:
        axes.axhline(i - 0.5, color="#999999", linewidth=0.5)
    middles = [(a + b) / 2 - 0.5 for a, b in itertools.pairwise([*starts, len(rows)])]
    axes.set_yticks(middles, [rows[i] for i in starts])
    axes.set_ylabel("what the mistake is in")
