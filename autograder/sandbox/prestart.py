"""Starts a zygote ahead of time: it imports NumPy and matplotlib while the grader still reads assignments.

These imports are most of a zygote's start, and the grader's own imports take about as long.
"""

from __future__ import annotations

import contextlib
from typing import Self

from autograder.equipment import USUAL, Equipment
from autograder.errors import SandboxError
from autograder.sandbox.launcher import Tier, Zygote, best_tier
from autograder.sandbox.machine_limits import require_enough


class Prestart:
    """A zygote that starts, for the first sandbox that `open_sandbox` opens with it. Use it in a `with`.

    tier, equipment: as in `open_sandbox`, which raises the error if no sandbox is possible.
    """

    def __init__(self, tier: Tier | None, equipment: Equipment = USUAL) -> None:
        self._zygote: Zygote | None = None
        with contextlib.suppress(SandboxError):
            require_enough()
            self._zygote = Zygote(tier or best_tier(), None, equipment)

    def take(self, tier: Tier, equipment: Equipment = USUAL) -> Zygote | None:
        """The zygote, if it is of this tier and equipment and not taken before. The caller has to close it then."""
        zygote = self._zygote
        if zygote is None or (zygote.tier, zygote.equipment) != (tier, equipment):
            return None
        self._zygote = None
        return zygote

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._zygote is not None:
            self._zygote.close()
