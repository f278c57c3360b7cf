"""How many requests a program may send in a minute. Pages of a browser have no such limit."""

from __future__ import annotations

import math
from collections import Counter

from autograder.portal.handing_in import NotTakenError

A_MINUTE = 60  # requests with one token


class RequestPace:
    """Counts the requests of each token in this minute. It knows only tokens that work, so it stays small."""

    def __init__(self) -> None:
        self._minute = 0.0
        self._sent: Counter[str] = Counter()

    def require(self, token: str, now: float) -> None:
        """Count a request. now: seconds of a clock that only goes forward. Raises NotTakenError if it is too many."""
        minute, second = divmod(now, 60.0)
        if minute != self._minute:
            self._minute, self._sent = minute, Counter()
        self._sent[token] += 1
        if self._sent[token] > A_MINUTE:
            raise NotTakenError(
                f"token: expected at most {A_MINUTE} requests a minute, got more. Hint: wait until the next minute.",
                429,
                math.ceil(60.0 - second),
            )
