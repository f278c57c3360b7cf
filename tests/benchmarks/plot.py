"""One picture of a run: what a submission costs with each tool, and where ours spends it."""

from __future__ import annotations

from pathlib import Path

from benchmarks.phases import ORDER

BARS = (
    ("the floor", ("wall_ms", "floor"), "#9a9a9a"),
    ("ours", ("wall_ms", "ours"), "#0b6e4f"),
    ("otter, one more", ("tools", "otter", "marginal_ms"), "#e8b04a"),
    ("otter, cold", ("tools", "otter", "cold_ms"), "#b97f10"),
    ("nbgrader, one more", ("tools", "nbgrader", "marginal_ms"), "#7fa8d6"),
    ("nbgrader, cold", ("tools", "nbgrader", "cold_ms"), "#2f5f9e"),
)
COLOURS = (
    *("#bbbbbb", "#7b3f00", "#d98032", "#2f5f9e", "#7fa8d6", "#4db6ac"),
    *("#0b6e4f", "#8e44ad", "#d7a9e3", "#c9a27c", "#666666"),
)


def draw(found: dict, file: Path) -> None:
    """Write the picture; its kind is the file name's ending."""
    import matplotlib.pyplot as plt

    with plt.rc_context({"svg.hashsalt": "bench"}):  # the same numbers give the same bytes
        figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4.8), width_ratios=(1.35, 1), layout="constrained")
        _costs(left, found["assignments"])
        _phases(right, found["assignments"])
        figure.savefig(file, metadata={"Date": None} if file.suffix == ".svg" else None)
        plt.close(figure)


def _costs(axes, assignments: dict) -> None:
    """A group of bars an assignment, quartiles as whiskers, on a logarithmic axis."""
    bars = [
        (label, path, colour) for label, path, colour in BARS if all(_at(own, path) for own in assignments.values())
    ]
    for i, (label, path, colour) in enumerate(bars):
        for j, own in enumerate(assignments.values()):
            one = _at(own, path)
            where = j + 0.9 * (i + 0.5) / len(bars) - 0.45
            away = [[one["median"] - one["q1"]], [one["q3"] - one["median"]]]
            axes.bar(where, one["median"], 0.86 / len(bars), color=colour, label=label if j == 0 else None)
            axes.errorbar(where, one["median"], away, color="#222222", linewidth=1, capsize=2)
            axes.annotate(
                _short(one["median"]), (where, one["q3"]), (0, 3), textcoords="offset points", ha="center", fontsize=7
            )
    axes.set_yscale("log")
    axes.set_xticks(range(len(assignments)), [_name(n) for n in assignments])
    axes.set_ylabel("ms a submission (logarithmic)")
    axes.set_title("One submission, median and quartiles", fontsize=11)
    axes.legend(fontsize=8, ncols=3, loc="upper center", bbox_to_anchor=(0.5, -0.1), frameon=False)
    axes.spines[["top", "right"]].set_visible(False)


def _phases(axes, assignments: dict) -> None:
    """A stack an assignment, in the order of the phases."""
    for j, own in enumerate(assignments.values()):
        below = 0.0
        for phase, colour in zip(ORDER, COLOURS, strict=True):
            ms = own["where"]["phases_ms"][phase]
            axes.barh(j, ms, left=below, height=0.6, color=colour, label=phase if j == 0 else None)
            below += ms
        axes.annotate(f"{_short(below)} ms", (below, j), (4, 0), textcoords="offset points", va="center", fontsize=8)
    axes.set_yticks(range(len(assignments)), [_name(n) for n in assignments])
    axes.invert_yaxis()
    axes.set_xlim(right=axes.get_xlim()[1] * 1.1)
    axes.set_xlabel("ms a submission")
    axes.set_title("Where ours spends it", fontsize=11)
    axes.legend(fontsize=8, ncols=2, loc="upper center", bbox_to_anchor=(0.45, -0.16), frameon=False)
    axes.spines[["top", "right"]].set_visible(False)


def _at(own: dict, path: tuple[str, ...]) -> dict | None:
    for key in path:
        own = own.get(key, {})
    return own or None


def _name(assignment: str) -> str:
    return assignment.partition("_")[0].upper()


def _short(ms: float) -> str:
    return f"{ms:.0f}" if ms < 1000 else f"{ms / 1000:.1f} s" if ms < 10_000 else f"{ms / 1000:.0f} s"
