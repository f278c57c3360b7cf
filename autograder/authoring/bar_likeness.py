"""Compares bars, pies and histograms with what a check expects; see plot_likeness.py.

Categories are matched by the texts of their ticks, in any order. Bars may stand or lie.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.authoring.plot_parts import BarChart, Histogram, Pie
from autograder.authoring.plot_words import are_texts, as_numbers, is_log, same_numbers, same_texts
from autograder.authoring.plots import PlotAxes


def bars_differ(wanted: BarChart, drawn: BarChart, axes: PlotAxes, rtol: float) -> str | None:  # noqa: ARG001
    """The same bars in any order, upright or lying."""
    names, heights = _named_values(wanted.names, wanted.heights)
    if names is None:
        return None if heights is None or same_numbers(heights, drawn.heights, rtol) else "values"
    if len(names) != len(drawn.heights):
        return "length"
    order = _order(names, drawn, rtol)
    if order is None:
        return "names"
    if heights is None or same_numbers(heights, drawn.heights[order], rtol):
        return None
    return "log" if is_log(as_numbers(heights), drawn.heights[order], rtol) else "values"


def _order(names: Sequence[Any], drawn: BarChart, rtol: float) -> list[int] | None:
    """For each name the place of its bar: by the text of its tick, or by the number at which it stands."""
    texts = [*drawn.names]
    places = [next((i for i, text in enumerate(texts) if same_texts([name], [text])), -1) for name in names]
    if -1 not in places and len(set(places)) == len(places):
        return places
    if are_texts(names):
        return None
    wanted = as_numbers(names)
    order = np.argsort(drawn.at)
    by_place = order[np.argsort(np.argsort(wanted))]
    return by_place.tolist() if same_numbers(wanted, drawn.at[by_place], rtol) else None


def _named_values(names: Any, values: Any) -> tuple[Any, Any]:
    """Names and values of an expectation; a dict or a pandas Series holds both."""
    if values is None and hasattr(names, "keys") and hasattr(names, "values"):
        pairs = list(names.items())
        return [name for name, _ in pairs], [value for _, value in pairs]
    return names, values


def pies_differ(wanted: Pie, drawn: Pie, axes: PlotAxes, rtol: float) -> str | None:  # noqa: ARG001
    names, shares = _named_values(wanted.names, wanted.shares)
    if shares is not None:
        shares = as_numbers(shares) / as_numbers(shares).sum()
        if len(shares) != len(drawn.shares):
            return "length"
    if names is None:
        return None if shares is None or same_numbers(shares, drawn.shares, max(rtol, 1e-5)) else "values"
    places = [next((i for i, text in enumerate(drawn.names) if same_texts([name], [text])), -1) for name in names]
    if -1 in places or len(set(places)) != len(places):
        return "names"
    return None if shares is None or same_numbers(shares, drawn.shares[places], max(rtol, 1e-5)) else "values"


def histograms_differ(wanted: Histogram, drawn: Histogram | BarChart, axes: PlotAxes, rtol: float) -> str | None:  # noqa: ARG001
    """A staircase, or bars whose middles lie between the edges and that fill at least half of the room."""
    edges, counts = as_numbers(wanted.edges), as_numbers(wanted.counts)
    if isinstance(drawn, Histogram):
        same_x, got = same_numbers(edges, drawn.edges, rtol), drawn.counts
    else:
        middles, room = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
        order = np.argsort(drawn.at)
        same_x = same_numbers(middles, drawn.at[order], rtol) and bool(
            ((drawn.widths[order] > room / 2) & (drawn.widths[order] < room * 1.001)).all()
        )
        got = drawn.heights[order]
    if len(got) != len(counts):
        return "length"
    if not same_x:
        return "x"
    return None if same_numbers(counts, got, rtol) else "values"
