"""A zygote ahead of time: its process imports NumPy and matplotlib while the grader finds out what to serve in it.

That is most of a zygote's start, and the grader's own imports and reading of assignments take about as long.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

from autograder.errors import SandboxError
from autograder.sandbox.launcher import Tier, Zygote, best_tier

# Of this thread, and so is a context variable: a zygote dies with the thread that made it.
_begun: ContextVar[Zygote | None] = ContextVar("_begun", default=None)


@contextlib.contextmanager
def begun(tier: Tier | None) -> Iterator[None]:
    """Begin a zygote that the first sandbox opened in this block will be, and end it if none is.

    tier: as in `open_sandbox`, which also says it if none can be had.
    """
    try:
        zygote = Zygote(tier or best_tier())
    except SandboxError:
        yield
        return
    token = _begun.set(zygote)
    try:
        yield
    finally:
        if _begun.get() is zygote:
            zygote.close()
        _begun.reset(token)


def take(tier: Tier) -> Zygote | None:
    """The zygote that was begun, if there is one and it is of this tier. It is the caller's then."""
    zygote = _begun.get()
    if zygote is None or zygote.tier != tier:
        return None
    _begun.set(None)
    return zygote
