"""Notices names that a cell overwrites by mistake, and gives them back what they stood for.

`basins = basins(starts)` in a last scratch cell, or `np = 5`: in Jupyter the answer was right when its check ran, and
nobody looks again. Afterwards a function is no function any more, and every later call fails.
"""

from __future__ import annotations

import builtins
import types
from collections.abc import Sequence
from typing import Any, NamedTuple

_NOTHING = object()


class Overwritten(NamedTuple):
    """A name, the cell that defined it (0 for Python's own), and the cell that overwrote it."""

    name: str
    defined: int
    by: int


class NameWatch:
    """Watches the names of a notebook. Look after every cell."""

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names
        self._before = dict(names)
        self._changed: dict[str, int] = {}  # the last cell that changed a name
        self._code: dict[str, tuple[Any, int]] = {}  # functions, classes and modules, and the cell that gave them

    def look(self, cell: int) -> None:
        """Note what this cell has changed."""
        for name, value in self._names.items():
            if self._before.get(name, _NOTHING) is not value:
                self._changed[name] = cell
                if _is_code(value):
                    self._code[name] = value, cell
        for name in self._before.keys() - self._names.keys():
            self._changed[name] = cell
        self._before = dict(self._names)

    def restore(self, asked: Sequence[str]) -> list[Overwritten]:
        """Give these names, and Python's own, the functions and modules that they stood for.

        asked: names that the notebook asks for or begins with. A new function or module for a name stays: then it is
        meant. A name of Python's own is given back only if it was overwritten after the last answer, since an answer
        may use it as a variable.
        """
        last = max((self._code[name][1] for name in asked if name in self._code), default=0)
        restored = []
        for name in asked:
            if name in self._code and not _is_code(self._names.get(name)):
                value, defined = self._code[name]
                restored.append(Overwritten(name, defined, self._changed[name]))
                self._names[name] = value
        for name in vars(builtins):
            if name in self._names and not _is_code(self._names[name]) and self._changed.get(name, 0) > last:
                restored.append(Overwritten(name, 0, self._changed[name]))
                del self._names[name]
        return restored


def _is_code(value: object) -> bool:
    return callable(value) or isinstance(value, types.ModuleType)
