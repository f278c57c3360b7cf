"""Reads a figure of matplotlib as plain values: its axes with texts, scales, limits, ticks and legend.

Nothing is rendered. seaborn and pandas draw with the same artists. Student code can have changed all of matplotlib; it
then gives other values, which is a wrong answer. One artist that cannot be read does not hide the others.
"""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np

from . import artists
from .drawn_values import MAX_ITEMS, Room, color, first_color, text

MAX_AXES = 64  # of one figure


def read(figures: list[Any]) -> list[dict[str, Any]]:
    """Each figure as plain values."""
    room = Room()
    return [_figure(figure, room) for figure in figures]


def _figure(figure: Any, room: Room) -> dict[str, Any]:
    axes = [one for one in figure.axes if one.get_visible()][:MAX_AXES]
    legend = figure.legends[0] if figure.legends else None
    places = [tuple(np.round(one.get_position(original=True).bounds, 6)) for one in axes]
    return {
        "title": text(figure.get_suptitle()),
        "xlabel": text(figure.get_supxlabel()),
        "ylabel": text(figure.get_supylabel()),
        "axes": [
            {**_axes(one, legend, room), "twin_of": first if (first := places.index(places[i])) < i else None}
            for i, one in enumerate(axes)
        ],
    }


def _axes(axes: Any, legend: Any, room: Room) -> dict[str, Any]:
    entries = _legend(axes.get_legend() or legend)
    return {
        "kind": text(axes.name),
        "title": next(filter(None, (text(axes.get_title(side)) for side in ("center", "left", "right"))), ""),
        "xlabel": text(axes.get_xlabel()),
        "ylabel": text(axes.get_ylabel()),
        "zlabel": text(axes.get_zlabel()) if hasattr(axes, "get_zlabel") else "",
        "xscale": text(axes.get_xscale()),
        "yscale": text(axes.get_yscale()),
        "xlim": np.array(axes.get_xlim(), dtype=np.float64),
        "ylim": np.array(axes.get_ylim(), dtype=np.float64),
        "equal": axes.get_aspect() in {"equal", 1.0},
        "grid": bool(axes.xaxis.get_tick_params().get("gridOn") or axes.yaxis.get_tick_params().get("gridOn")),
        "colorbar": hasattr(axes, "_colorbar"),
        "place": _place(axes),
        **_ticks(axes.xaxis, "x"),
        **_ticks(axes.yaxis, "y"),
        "legend": entries,
        "artists": _artists(axes, entries or [], room),
    }


def _place(axes: Any) -> list[int] | None:
    """[row, column, rows, columns] in the figure's grid, from 0; None for axes outside of one."""
    spec = axes.get_subplotspec()
    if spec is None:
        return None
    spec = spec.get_topmost_subplotspec()
    grid = spec.get_gridspec()
    return [int(spec.rowspan.start), int(spec.colspan.start), int(grid.nrows), int(grid.ncols)]


def _ticks(axis: Any, name: str) -> dict[str, Any]:
    """The places of the ticks, and their texts where somebody chose them."""
    from matplotlib import ticker

    labels: list[str] = []
    if not isinstance(axis.get_major_formatter(), (ticker.ScalarFormatter, ticker.LogFormatter)):
        labels = [text(each.get_text()) for each in axis.get_ticklabels()[:MAX_ITEMS]]
    return {f"{name}ticks": np.array(axis.get_ticklocs()[:MAX_ITEMS], dtype=np.float64), f"{name}ticklabels": labels}


def _legend(legend: Any) -> list[dict[str, Any]] | None:
    """The entries in order, each with the look of what it stands for; None without a legend."""
    if legend is None or not legend.get_visible():
        return None
    pairs = zip(legend.get_texts()[:MAX_ITEMS], legend.legend_handles, strict=False)
    return [{"label": text(words.get_text()), **_look(handle)} for words, handle in pairs]


def _look(handle: Any) -> dict[str, Any]:
    if hasattr(handle, "get_linestyle") and hasattr(handle, "get_marker"):
        line = handle.get_linestyle() not in {"None", "", " "}
        shown = handle.get_color() if line else handle.get_markerfacecolor()
        return {"color": color(shown, handle.get_alpha()), "style": text(handle.get_linestyle())}
    faces = [handle.get_facecolor()] if hasattr(handle, "get_facecolor") else []
    faces += [handle.get_edgecolor()] if hasattr(handle, "get_edgecolor") else []
    return {"color": next((c for c in map(first_color, faces) if c[3]), [0.0] * 4), "style": ""}


def _artists(axes: Any, legend: list[dict[str, Any]], room: Room) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    parts = [] if hasattr(axes, "_colorbar") else artists.parts_of(axes)  # a colour bar holds no data of its own
    for read_one, artist in parts[:MAX_ITEMS]:
        with contextlib.suppress(Exception):  # an artist of a kind that nobody foresaw
            one = read_one(axes, artist, room)
            if one is not None:
                made.append(one)
    for one in made:
        if one.get("label") == "":
            one["label"] = _name_in_legend(one, legend)
    return made


def _name_in_legend(one: dict[str, Any], legend: list[dict[str, Any]]) -> str:
    """The text of the legend's entry that looks like an artist without a label of its own."""
    shades = one.get("color"), one.get("style", "")
    alike = [e for e in legend if e["color"][:3] == shades[0][:3]] if isinstance(shades[0], list) else []
    same = [e for e in alike if e["style"] == shades[1]] or alike
    return str(same[0]["label"]) if same else ""
