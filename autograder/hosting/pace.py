"""Keeps what we write within the limits that a server documents, so that it never has to stop us.

GitHub: at most 80 requests that make content in a minute, and 500 in an hour
(https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits).
GitLab.com: notes 60 a minute (https://docs.gitlab.com/administration/settings/rate_limit_on_notes_creation/).
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

GITHUB_WRITES = ((80, 60.0), (500, 3600.0))
GITLAB_WRITES = ((60, 60.0),)


@dataclass(slots=True)
class Pace:
    """windows: (how many, in how many seconds).  clock, sleep: in seconds."""

    windows: tuple[tuple[int, float], ...] = ()
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _sent: deque[float] = field(default_factory=deque)

    def wait(self) -> float:
        """The seconds until the next one may be sent."""
        now = self.clock()
        waits = (self._sent[-many] + seconds - now for many, seconds in self.windows if len(self._sent) >= many)
        return max(0.0, *waits, 0.0)

    def sent(self) -> None:
        """Count one that is sent now."""
        self._sent.append(self.clock())
        while len(self._sent) > max((many for many, _ in self.windows), default=0):
            self._sent.popleft()
