"""The portal's clock: times of receipt stay fair when somebody sets the machine's clock while the server runs.

The machine has two clocks. One tells the time of day, and can be set. The other only counts seconds, and cannot. What
the second one says since the start of the server is a second estimate of the time of day. Of both, the earlier one
counts: so a wrong clock makes no student late. All processes of a server share the moment of its start.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

JUMP_SECONDS = 2.0  # a time service moves a running clock by less at once


class PortalClock(BaseModel):
    """Gives the time. day, counted: what both clocks said when the server started, in seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    day: float
    counted: float

    @classmethod
    def started(cls) -> PortalClock:
        """The clock of a server that starts now."""
        return cls(day=time.time(), counted=_counted())

    def __call__(self) -> datetime:
        """The earlier of both estimates."""
        return datetime.fromtimestamp(min(time.time(), self._estimate()), UTC)

    @property
    def ahead(self) -> float:
        """By how many seconds the time of day is ahead of the other estimate: by so many it was set since the start."""
        return time.time() - self._estimate()

    def changed_since(self, files: Iterable[Path]) -> list[str]:
        """The names of those files that were changed or replaced since the start: the server does not know it yet."""
        return [file.name for file in files if file.is_file() and file.stat().st_ctime > self.day]

    def _estimate(self) -> float:
        return self.day + _counted() - self.counted


def _counted() -> float:
    """Seconds that nobody can set; those in which the machine slept are among them."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
