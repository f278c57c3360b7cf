"""Bells between the processes of a portal. Whoever wrote to the database rings them all, and the others look at once.

A bell is a pipe, and what goes through it means nothing. A lost ring harms nobody: each process also looks now and then
without one. The supervisor makes the bells, so they outlive a process that is killed.
"""

from __future__ import annotations

import contextlib
import os
import select
from collections.abc import Iterable


def made_bell() -> tuple[int, int]:
    """A new bell: the descriptor by which one process hears it, and the one by which all others ring it."""
    return os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)


def ring(bells: Iterable[int]) -> None:
    """Ring these bells. One that rang often enough, and that nobody heard yet, is left alone."""
    for bell in bells:
        with contextlib.suppress(BlockingIOError):
            os.write(bell, b"!")


def quieten(bell: int) -> None:
    """Forget the rings so far."""
    with contextlib.suppress(BlockingIOError):
        os.read(bell, 1 << 16)


def wait_for_ring(bell: int, seconds: float) -> None:
    """Wait until it rings, or so long."""
    if select.select([bell], [], [], seconds)[0]:
        quieten(bell)
