"""Tokens: how often a student gets the feedback of hidden checks at once. Handing in itself is never limited.

A student has a number of tokens, and one more each so many minutes. A hand-in that finds a token spends it, and its
feedback is open. One that finds none waits for the next token; if the same student hands in again before that, the
newer one waits in its place. So nobody gets more feedback by handing in faster.

This module is pure. Tokens stand nowhere: they are computed from the hand-ins.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class CountedHandIn:
    """One hand-in of a student for one assignment. spends: False if it could give no feedback of hidden checks."""

    id: str
    received: datetime
    spends: bool = True


@dataclass(frozen=True, slots=True)
class TokenCount:
    """A student's tokens at one moment.

    opens: by hand-in, when its feedback is open; None: a newer one took its place.  left: tokens now.
    next: when there is one more, or None if there is none to come.
    """

    opens: dict[str, datetime | None]
    left: int
    next: datetime | None


def count_tokens(hand_ins: Iterable[CountedHandIn], most: int, every: timedelta, now: datetime) -> TokenCount:
    """The tokens of a student. hand_ins: of one assignment, the oldest first.  most: tokens in a row."""
    opens: dict[str, datetime | None] = {}
    bucket, waiting = _Bucket(most, every), ""
    for each in hand_ins:
        if not each.spends:
            opens[each.id] = each.received
            continue
        if waiting and (comes := bucket.next_token()) <= each.received:
            bucket.spend(comes)
            waiting = ""
        if bucket.left(each.received):
            bucket.spend(each.received)
            opens[each.id] = each.received
        else:
            if waiting:
                opens[waiting] = None
            waiting, opens[each.id] = each.id, bucket.next_token()
    if waiting and (comes := bucket.next_token()) <= now:
        bucket.spend(comes)
    return TokenCount(opens, bucket.left(now), bucket.comes_after(now))


class _Bucket:
    """Tokens that come back at equal steps. full: when all of them are back."""

    def __init__(self, most: int, every: timedelta) -> None:
        self._most, self._every = most, every
        self._full: datetime | None = None

    def left(self, when: datetime) -> int:
        if self._full is None or self._full <= when:
            return self._most
        away = -(-(self._full - when) // self._every)
        return max(0, self._most - away)

    def spend(self, when: datetime) -> None:
        self._full = (max(self._full, when) if self._full else when) + self._every

    def next_token(self) -> datetime:
        """When the first token is there, after all were spent."""
        assert self._full is not None
        return self._full - (self._most - 1) * self._every

    def comes_after(self, when: datetime) -> datetime | None:
        """When the number of tokens grows by one; None if all are there."""
        if self._full is None or self._full <= when:
            return None
        away = -(-(self._full - when) // self._every)
        return self._full - (away - 1) * self._every
