"""Runs the cells of a notebook in one namespace, as Jupyter does."""

from __future__ import annotations

import contextlib
import inspect
import linecache
from types import CodeType
from typing import Any

from . import magics
from .describing import top_line
from .event_loop import CellLoop
from .names import NameWatch


class CellRunner:
    """Runs cells one after another. names: the notebook's namespace."""

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names
        self._shell = magics.MagicShell(names)
        self._loop = CellLoop()
        self._number = 0
        self.watch = NameWatch(names)

    def run(self, source: str) -> None:
        """Run one cell. Raises what it raises; the definitions below the error are made all the same.

        `input()` or an absent package above a right answer must not cost the answer.
        """
        self._number += 1
        filename = f"<cell {self._number}>"
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        magics.current = self._shell
        code = magics.compile_cell(source, filename)
        try:
            self._execute(code)
        except BaseException as error:
            for definition in magics.definitions_below(source, filename, top_line(error, filename)):
                with contextlib.suppress(Exception):
                    self._execute(definition)
            raise
        finally:
            self.watch.look(self._number)

    def _execute(self, code: CodeType) -> None:
        if code.co_flags & inspect.CO_COROUTINE:  # `await` at the top level
            self._loop.run(eval(code, self._names))  # noqa: S307 — what this process is for
        else:
            exec(code, self._names)  # noqa: S102
