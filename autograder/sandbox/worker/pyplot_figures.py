"""Finds the figures that a cell, a call or a value stands for. matplotlib is imported by student code, or never.

A Jupyter kernel shows and closes all figures of pyplot at the end of a cell, and at each `plt.show()`. Here it is the
same, so a figure belongs to the cell that drew it. Closing a figure costs nothing, and fewer figures stay open.
"""

from __future__ import annotations

import contextlib
import sys
from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np

MAX_FIGURES = 100  # of a notebook, and of one call: the last ones
_MAX_PARTS = 1000  # of a list that a function returned
# Where objects of seaborn, scikit-learn and matplotlib hold the figure or the axes that they drew on.
_HOLDERS = ("figure", "figure_", "fig", "ax", "_figure", "_fig")

_shown: deque[Any] = deque(maxlen=MAX_FIGURES)  # figures that plt.show() closed, until somebody takes them


class CellFigures:
    """The figures that cells left: (number of the cell, figure)."""

    def __init__(self) -> None:
        self.left: deque[tuple[int, Any]] = deque(maxlen=MAX_FIGURES)
        self._cell = 0

    def end_cell(self) -> None:
        """Close the figures of the cell that has just run, and keep them with its number."""
        self._cell += 1
        self.left.extend((self._cell, figure) for figure in taken())


def follow_show() -> None:
    """Let plt.show() close the figures that it shows. Done once, in the zygote."""
    import matplotlib.pyplot as plt
    from matplotlib.backends import backend_agg

    backend: Any = backend_agg  # a module that makes this function at run time
    backend.show = _show
    plt.switch_backend("agg")


@contextlib.contextmanager
def headless() -> Iterator[None]:
    """Draw without a screen meanwhile: for the grader's own process, where an author may have a window."""
    import matplotlib.pyplot as plt
    from matplotlib.backends import backend_agg

    module: Any = backend_agg
    backend, show = plt.get_backend(), module.show
    follow_show()
    try:
        yield
    finally:
        module.show = show
        plt.switch_backend(backend)


def _show(*_: object, **__: object) -> None:
    _shown.extend(_closed())


def taken() -> list[Any]:
    """Close the figures of pyplot. Returns them, with those that plt.show() closed since the last time."""
    figures = [*_shown, *_closed()]
    _shown.clear()
    return figures


def _closed() -> list[Any]:
    helpers = sys.modules.get("matplotlib._pylab_helpers")
    if helpers is None:
        return []
    try:
        figures = [manager.canvas.figure for manager in helpers.Gcf.get_all_fig_managers()]
        if figures:
            helpers.Gcf.destroy_all()
    except Exception:  # noqa: BLE001 — student code can have changed all of matplotlib
        return []
    return figures


def of_a_call(result: object, given: object) -> list[Any]:
    """The figures of a call that has just ended: those that it returned, or all that it left, or those it was given.

    given: the arguments of the call, among them perhaps axes to draw on.
    """
    left = taken()
    return figures_of(result) or left or figures_of(given)


def figures_of(value: object) -> list[Any]:
    """The figures that a value is, holds or belongs to, each once, in order."""
    if "matplotlib.figure" not in sys.modules:
        return []
    figures = {id(figure): figure for part in _parts(value, 4) if (figure := _figure(part)) is not None}
    return list(figures.values())[:MAX_FIGURES]


def _parts(value: Any, depth: int) -> Iterator[Any]:
    """The value, or what a list, tuple, dict or array of objects holds."""
    if isinstance(value, dict):
        value = list(value.values())
    elif isinstance(value, np.ndarray) and value.dtype.kind == "O":
        value = value.ravel().tolist()
    if not isinstance(value, (list, tuple)):
        yield value
    elif depth:
        for item in value[:_MAX_PARTS]:
            yield from _parts(item, depth - 1)


def _figure(value: Any) -> Any:
    from matplotlib.artist import Artist

    if type(value).__module__ == "seaborn._core.plot" and hasattr(value, "plot"):
        value = value.plot()  # a plan, which Jupyter draws when it shows it
    if not isinstance(value, Artist):
        holders = (getattr(value, name, None) for name in _HOLDERS) if hasattr(value, "__dict__") else ()
        value = next((held for held in holders if isinstance(held, Artist)), None)
    with contextlib.suppress(AttributeError):
        return value.get_figure(root=True)
    return None
