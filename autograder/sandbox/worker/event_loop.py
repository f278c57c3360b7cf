"""asyncio without sockets: the sandbox refuses the pair of sockets with which another thread wakes its loop up.

An event descriptor does the same. asyncio has no setting for it, so this module replaces one method of its loop.
"""

from __future__ import annotations

import asyncio
import os
from asyncio import selector_events
from collections.abc import Coroutine
from typing import Any


class _Event:
    """An event descriptor, with the methods of a socket that asyncio's loop calls."""

    def __init__(self) -> None:
        self._fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)

    def fileno(self) -> int:
        return self._fd

    def recv(self, _size: int) -> bytes:
        """The loop reads until there is nothing more."""
        return os.read(self._fd, 8)

    def send(self, _data: bytes) -> None:
        os.eventfd_write(self._fd, 1)

    def close(self) -> None:
        """Close it. The loop closes both of its ends, which are one here."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


class _Loop(selector_events.BaseSelectorEventLoop):
    _add_reader: Any
    _read_from_self: Any
    _internal_fds: int

    def _make_self_pipe(self) -> None:
        self._ssock = self._csock = _Event()
        self._internal_fds += 1
        self._add_reader(self._ssock.fileno(), self._read_from_self)


def use_events() -> None:
    """Let every loop of this process and its children use an event descriptor."""
    method = "_make_self_pipe"
    setattr(selector_events.BaseSelectorEventLoop, method, getattr(_Loop, method))


class CellLoop:
    """The loop of all cells of a notebook: a task that one cell starts goes on while a later cell awaits."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, cell: Coroutine[Any, Any, None]) -> None:
        """Run a cell with `await` at its top level. Raises its exceptions."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        self._loop.run_until_complete(cell)
