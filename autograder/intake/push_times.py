"""When a notebook came to the host of a student's repository, and what the repository was at a deadline.

A commit's own dates are its author's, and the time of a fetch is ours: neither says when work was handed in. The host's
list of pushes does. Where it cannot be read, the time stays unknown, nobody is late, and a remark says why.

A repository holds all of a student's work: a push for the next assignment, after this one was due, makes nobody late.
So the first push counts that is known to hold the same notebook and the same modules.

A student can hide a push: among more than MAX_PUSHES, or in one of many branches, which GitLab does not name. Then the
latest time counts at which it can have come, so that hiding gains nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from autograder.errors import HostError
from autograder.hosting.pushes import Push, pushes

if TYPE_CHECKING:
    from autograder.hosting.api import Api

MAX_PUSHES = 3000  # of one repository that are looked at: a list without end must not keep the class waiting
PushLog = Callable[[str], Sequence[Push] | None]  # remote → its pushes, newest first; None for another server's


@dataclass(frozen=True, slots=True)
class History:
    """The pushes to one repository, oldest first; empty if they are not known. head: the commit that was fetched.

    remark: why they are not known, or why a time may be too late; or "".
    """

    head: str
    pushed: tuple[Push, ...] = ()
    remark: str = ""

    @property
    def received(self) -> datetime | None:
        """When the head came first: a student who goes back to a commit handed it in at that time."""
        return min((push.received for push in self.pushed if push.commit == self.head), default=None)

    def at(self, deadline: datetime) -> str:
        """The commit that the head's branch pointed to at a deadline; "" if the branch was not there yet."""
        before = [push for push in self._branch() if push.received <= deadline]
        return before[-1].commit if before else ""

    def first(self, due: datetime | None, holds: Callable[[str], bool]) -> datetime | None:
        """When the work came that the head holds. holds: whether a commit holds the same.

        Few commits are looked at: the one at the due time, then halves of what came later. Of work that was changed and
        changed back, a later time may be given; it lies after the due time only if the work was another at that time.
        """
        received = self.received
        if received is None or due is None or received <= due:
            return received
        earlier = [push for push in self._branch() if push.received < received]
        late = [push for push in earlier if push.received > due]
        in_time = earlier[: len(earlier) - len(late)]
        if in_time and holds(in_time[-1].commit):
            return in_time[-1].received
        at = bisect_left(late, True, key=lambda push: holds(push.commit))
        return late[at].received if at < len(late) else received

    def _branch(self) -> list[Push]:
        """The pushes to the head's branch; all that are named, if nobody knows the branch."""
        branches = [push.branch for push in self.pushed if push.commit == self.head and push.branch]
        return [push for push in self.pushed if push.commit and push.branch in (branches[-1:] or (push.branch,))]


def push_log(api: Api) -> PushLog:
    """The log of one host. A call raises HostError if the host does not answer."""

    def pushes_of(remote: str) -> Sequence[Push] | None:
        repository = api.server.repository(remote)
        if repository is None:
            return None
        known = list(islice(pushes(api, repository), MAX_PUSHES))
        cut = [Push("", "", known[-1].received)] if len(known) == MAX_PUSHES else []
        return [*known, *cut]

    return pushes_of


def history(log: PushLog | None, remote: str, head: str) -> History:
    """The pushes to a repository, as its host tells them; or why they are not known."""
    try:
        known = log(remote) if log else None
    except HostError as error:
        return History(head, remark=f"its host does not tell when it was pushed: {error.reason}")
    if known is None:
        return History(head)
    in_order = tuple(sorted(known, key=lambda push: push.received))
    if any(push.commit == head for push in in_order):
        return History(head, in_order)
    unnamed = [push for push in in_order if not push.commit]
    if not unnamed:
        return History(head, remark="its host lists no push of this commit")
    remark = "its host does not name the push of this commit: the latest time at which it can have come counts"
    return History(head, (*in_order, Push(head, "", unnamed[-1].received)), remark)
