"""Grades on a Dask cluster: batches of notebooks go out, result files' texts come back. The client's end.

Nothing is lost: a batch is open until its results were read here, and what is open goes out again after a worker, the
scheduler or the connection was lost. Nothing is doubled: a result is taken once, by assignment, student and attempt,
and only if it is of the bytes that were sent. Few batches are under way at a time, so neither this process nor the
scheduler holds a class.
"""

from __future__ import annotations

import contextlib
import math
import queue
import time
import uuid
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING

from autograder.assignment.assignment import Assignment
from autograder.errors import AutograderError, SandboxError
from autograder.grading.cluster.messages import (
    CourseMessage,
    Reply,
    SubmissionMessage,
    pack_course,
    students,
    take_batch,
)
from autograder.grading.cluster.replies import ReplyReader
from autograder.grading.cluster.scheduler import connected, running
from autograder.grading.plan import GradingPlan
from autograder.intake.submissions import Submission
from autograder.records.grades import key_of
from autograder.records.result import Result
from autograder.text import one_line

if TYPE_CHECKING:
    from distributed import Client, Future

MAX_BATCH = 50  # submissions: seconds of work, beside which Dask's milliseconds a task are nothing
BATCHES_A_WORKER = 2  # under way: one in its hands and one at its door
MIN_BATCHES = 4  # under way, where there are no workers yet: a cluster that adapts starts them when work waits
RECONNECT_SECONDS = 60
NO_WORKER_SECONDS = 600  # a batch system may let them wait that long
MAX_LOSSES = 5  # of all that is under way, without a result in between
POLL_SECONDS = 1.0
_LOST = (OSError, TimeoutError, CancelledError)  # how Dask says that somebody is gone


class LostError(Exception):
    """The scheduler, or what it knew of us, is gone: what is open has to go out again."""


def graded_on_cluster(
    plan: GradingPlan,
    todo: Sequence[Submission],
    suites: dict[str, Assignment],
    secret: bytes,
    tell: Callable[[str], None] = lambda _: None,
) -> Generator[Result, None, None]:
    """The results as they come. Raises AutograderError if the cluster is of no use, or goes and does not come back."""
    address = plan.cluster or ""
    setup, left = pack_course(plan, suites, secret), {key_of(s): s for s in todo}
    losses, arrivals = 0, ReplyReader(setup)
    while left:
        before = len(left)
        try:
            with connected(address, RECONNECT_SECONDS if losses else None) as client:
                for result in Round(client, address, setup, left.values(), arrivals, tell).results():
                    del left[key_of(result)]
                    yield result
        except LostError:
            losses = 1 if len(left) < before else losses + 1
            if losses > MAX_LOSSES:
                raise AutograderError(
                    f"{address}: expected it to keep what is under way, got it lost {losses} times. "
                    "Hint: look into the scheduler's log; the same command goes on where this one stopped."
                ) from None
            tell(f"{address}: what was under way is lost; connecting again, {len(left)} submissions left")


class Round:
    """One connection's worth of work: what is open, what is under way, and how much of that there may be."""

    def __init__(
        self,
        client: Client,
        address: str,
        setup: CourseMessage,
        left: Iterable[Submission],
        arrivals: ReplyReader,
        tell: Callable[[str], None],
    ) -> None:
        self._client, self._address, self._setup, self._arrivals, self._tell = client, address, setup, arrivals, tell
        self._todo = deque(left)
        self._alone: deque[SubmissionMessage] = deque()  # of batches that took workers along: one of them does
        self._under_way: dict[Future[Reply], list[SubmissionMessage]] = {}
        self._ended: queue.SimpleQueue[Future[Reply]] = queue.SimpleQueue()
        self._workers, self._counted = 0, -math.inf

    def results(self) -> Iterator[Result]:
        """Until nothing is open. Raises LostError with results that may be missing."""
        try:
            self._send()
            while self._under_way:
                future = self._next()
                batch = self._under_way.pop(future)
                reply = self._reply(future, batch)
                self._send()  # before its results are written: no worker waits for our disk
                if reply is not None:
                    yield from self._arrivals.take(reply, batch)
        finally:
            self._leave()

    def _send(self) -> None:
        workers = self._count_workers()
        while len(self._under_way) < max(MIN_BATCHES, BATCHES_A_WORKER * workers) and (batch := self._batch(workers)):
            self._submit(batch)

    def _batch(self, workers: int) -> list[SubmissionMessage]:
        """Smaller ones towards the end, so that all workers end at about the same time."""
        if self._todo:
            share = len(self._todo) / (2 * BATCHES_A_WORKER * max(1, workers))
            return take_batch(self._todo, min(MAX_BATCH, math.ceil(share)))
        return [self._alone.popleft()] if self._alone else []

    def _submit(self, batch: list[SubmissionMessage]) -> None:
        from autograder.grading.cluster.worker import grade_batch

        if not running(self._client):
            raise LostError
        key = f"autograder-{uuid.uuid4().hex}"  # never a result that the scheduler has from before
        future = self._client.submit(grade_batch, self._setup, batch, key=key, pure=False)
        self._under_way[future] = batch
        future.add_done_callback(self._ended.put)

    def _next(self) -> Future[Reply]:
        """Whatever ends next. Raises AutograderError if there are no workers for too long."""
        idle_since, told = time.monotonic(), False
        while True:
            with contextlib.suppress(queue.Empty):
                return self._ended.get(timeout=POLL_SECONDS)
            if self._count_workers():
                idle_since = time.monotonic()
                continue
            if not told:
                self._tell(f"{self._address}: no worker there yet; waiting for one")
                told = True
            if time.monotonic() - idle_since > NO_WORKER_SECONDS:
                raise AutograderError(
                    f"{self._address}: expected workers, got none for {NO_WORKER_SECONDS} s. "
                    f"Hint: dask worker {self._address} --nthreads 1; the same command goes on where this one stopped."
                )

    def _count_workers(self) -> int:
        """How many there are now, asked at most once a second. Raises AutograderError if one has several threads."""
        if time.monotonic() - self._counted < POLL_SECONDS:
            return self._workers
        if not running(self._client):
            raise LostError
        try:
            threads = self._client.nthreads()
        except _LOST:
            raise LostError from None
        self._workers, self._counted = len(threads), time.monotonic()
        for worker, count in threads.items():
            if count != 1:
                raise AutograderError(
                    f"{worker}: expected a worker of one thread, since a process grades one submission at a time, "
                    f"got {count}. Hint: dask worker {self._address} --nthreads 1 --nworkers {count}."
                )
        return self._workers

    def _reply(self, future: Future[Reply], batch: list[SubmissionMessage]) -> Reply | None:
        """A batch's reply; None if it is to go out again, one by one."""
        from distributed import KilledWorker

        try:
            return future.result()
        except KilledWorker:
            if len(batch) == 1:
                raise SandboxError(
                    f"{students(batch)}: expected a worker to live through it, but one after the other was killed. "
                    "Hint: give the workers more memory."
                ) from None
            self._alone.extend(batch)
            return None
        except _LOST:
            raise LostError from None
        except Exception as error:  # noqa: BLE001 — whatever it raised over there, or while it travelled
            raise AutograderError(
                f"{self._address}: expected results, got {type(error).__name__}: {one_line(str(error), 200)} "
                "Hint: scheduler and workers need this package and the same requirements.lock."
            ) from None

    def _leave(self) -> None:
        """Call back what is under way, and have the workers forget the secret. Whoever is gone already has."""
        if running(self._client):
            with contextlib.suppress(*_LOST):
                self._client.cancel(list(self._under_way), force=True)
                forget_course(self._client, self._setup)
        self._under_way.clear()


def forget_course(client: Client, setup: CourseMessage) -> None:
    """Have every worker end its grader of this course, and with it the secret."""
    from autograder.grading.cluster.worker import forget

    client.run(forget, setup.identity, on_error="ignore")
