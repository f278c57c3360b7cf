"""Says why a pair of axes is not the expected one, in words of fixed lists: no number and no text of the drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.authoring.plot_candidates import candidates
from autograder.authoring.plot_likeness import DIFFERENCES, difference, rank
from autograder.authoring.plot_words import Contains, same_numbers, same_text, same_texts
from autograder.authoring.plots import PlotAxes

NAMES = {  # of what is drawn: one, several
    "straight": ("straight line from edge to edge", "straight lines from edge to edge"), "lines": ("line", "lines"),
    "points": ("group of points", "groups of points"), "bars": ("group of bars", "groups of bars"),
    "histograms": ("histogram", "histograms"), "images": ("image", "images"), "areas": ("filled area", "filled areas"),
    "errors": ("group of error bars", "groups of error bars"), "pies": ("pie", "pies"), "boxes": ("box", "boxes"),
    "contours": ("group of contours", "groups of contours"), "segments": ("group of pieces", "groups of pieces"),
    "spans": ("band", "bands"), "arrows": ("field of arrows", "fields of arrows"), "texts": ("text", "texts"),
    "surfaces": ("surface", "surfaces"),
}  # fmt: skip
_TEXTS = {
    "title": "title", "xlabel": "label of the x axis", "ylabel": "label of the y axis", "zlabel": "label of the z axis",
    "kind": "kind of axes",
}  # fmt: skip
_TEXT_HINTS = {
    "title": "plt.title or ax.set_title",
    "xlabel": "plt.xlabel or ax.set_xlabel",
    "ylabel": "plt.ylabel or ax.set_ylabel",
}
_SCALES = ("linear", "log", "symlog", "logit")


@dataclass(frozen=True, slots=True)
class PlotFailure:
    """Why a pair of axes is not the expected one. step: how many expectations hold before this one."""

    message: str
    diagnosis: str = "drawing"
    got: str = ""
    hint: str = ""
    step: int = 0


def data_failure(
    name: str, wanted: Any, axes: PlotAxes, expected: Mapping[str, Any], *, extra: bool, rtol: float
) -> PlotFailure | None:
    failures = []
    for drawn in candidates(name, wanted, axes, expected.get("straight", ()), rtol):
        failure = _amount(name, wanted, len(drawn), extra=extra)
        if failure is None and not isinstance(wanted, int):
            failure = _unmatched(name, wanted, drawn, axes, rtol)
        if failure is None:
            return None
        failures.append(failure)
    return max(failures, key=lambda failure: failure.step)


def _amount(name: str, wanted: Any, drawn: int, *, extra: bool) -> PlotFailure | None:
    count = wanted if isinstance(wanted, int) else len(wanted)
    if drawn == count or (extra and drawn > count):
        return None
    got = "none" if not drawn else "fewer" if drawn < count else "more"
    words = f"no {NAMES[name][1]}" if not count else f"{count} {NAMES[name][count != 1]}"
    return PlotFailure(f"expected {words}", got=got)


def _unmatched(
    name: str, wanted: Sequence[Any], drawn: Sequence[Any], axes: PlotAxes, rtol: float
) -> PlotFailure | None:
    """Give each expectation something drawn of its own; the failure of the first that gets none."""
    table = [[difference(each, one, axes, rtol) for one in drawn] for each in wanted]
    owner: dict[int, int] = {}

    def place(row: int, tried: set[int]) -> bool:
        for column, differs in enumerate(table[row]):
            if differs is None and column not in tried:
                tried.add(column)
                if column not in owner or place(owner[column], tried):
                    owner[column] = row
                    return True
        return False

    for row in range(len(wanted)):
        if not place(row, set()):
            nearest = max((each for each in table[row] if each is not None), key=rank, default="values")
            words, hint = DIFFERENCES[nearest]
            one, several = NAMES[name]
            subject = f"the {one}" if len(drawn) == 1 else f"one of the {several}"
            diagnosis = "labels" if nearest == "label" else "drawing"
            return PlotFailure(f"{subject} {words}", diagnosis, hint=hint, step=1 + rank(nearest))
    return None


def word_failure(name: str, wanted: Any, axes: PlotAxes, bars: tuple[PlotAxes, ...], rtol: float) -> PlotFailure | None:
    if name in _TEXTS:
        return _text_failure(name, wanted, getattr(axes, name))
    if name == "legend":
        return _legend_failure(wanted, axes)
    return _colorbar_failure(wanted, bars) if name == "colorbar" else _setting_failure(name, wanted, axes, rtol)


def _setting_failure(name: str, wanted: Any, axes: PlotAxes, rtol: float) -> PlotFailure | None:
    match name:
        case "xscale" | "yscale":
            right = getattr(axes, name) == wanted
            scale = wanted if wanted in _SCALES else "special"
            return None if right else PlotFailure(f"expected a {scale} scale on the {name[0]} axis")
        case "xlim" | "ylim":
            right = same_numbers(sorted(wanted), np.sort(getattr(axes, name)), rtol)
            return None if right else PlotFailure(f"the {name[0]} axis covers another range")
        case "xticklabels" | "yticklabels":
            right = same_texts(wanted, getattr(axes, name))
            return None if right else PlotFailure(f"the {name[0]} axis has other texts at its ticks", "labels")
    words = {"grid": "a grid", "equal": "one scale for both axes (equal aspect)"}[name]
    return None if getattr(axes, name) == wanted else PlotFailure(f"expected {'' if wanted else 'not '}{words}")


def _text_failure(name: str, wanted: str | Contains, text: str) -> PlotFailure | None:
    if same_text(wanted, text):
        return None
    hint = _TEXT_HINTS.get(name, "") if not text else ""
    what = "is missing" if not text else "is not the expected one"
    return PlotFailure(f"the {_TEXTS[name]} {what}", "labels", hint=hint)


def _legend_failure(wanted: bool | Sequence[str], axes: PlotAxes) -> PlotFailure | None:
    texts = [entry.label for entry in axes.legend or ()]
    if isinstance(wanted, bool):
        if wanted == any(texts):
            return None
        return PlotFailure(
            "the legend is missing" if wanted else "expected no legend", "labels", hint=_LEGEND if wanted else ""
        )
    if not texts:
        return PlotFailure("the legend is missing", "labels", hint=_LEGEND)
    left = list(texts)
    for each in wanted:
        entry = next((text for text in left if same_text(each, text)), None)
        if entry is None:
            return PlotFailure("the legend lacks an entry, or has another text", "labels")
        left.remove(entry)
    return PlotFailure("the legend has more entries than expected", "labels") if left else None


_LEGEND = 'give each part a label="…", then call legend()'


def _colorbar_failure(wanted: bool | str | Contains, bars: tuple[PlotAxes, ...]) -> PlotFailure | None:
    if wanted is False:
        return PlotFailure("expected no colour bar") if bars else None
    if not bars:
        return PlotFailure("the colour bar is missing", hint="plt.colorbar or fig.colorbar")
    texts = [text for bar in bars for text in (bar.xlabel, bar.ylabel, bar.title) if text]
    if wanted is True or any(same_text(wanted, text) for text in texts):
        return None
    return PlotFailure("the colour bar has another text, or none", "labels")
