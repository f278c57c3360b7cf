"""Grades on a Dask cluster: batches of notebooks go out, the texts of result files come back. The client's end.

A result is taken once, by assignment, student and attempt, and only if it is of the bytes that were sent. If a batch
kills its workers, its submissions go out again one by one; one that kills them again gets the status `error`. So one
bad submission never stops a class. If the scheduler is lost, the run ends; results that were written stay, and the same
command grades the rest. Few batches are under way at a time, so neither this process nor the scheduler holds a class.
"""

from __future__ import annotations

import contextlib
import math
import queue
import time
import uuid
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING

from autograder.assignment.assignment import Assignment
from autograder.errors import AutograderError, SandboxError
from autograder.grading.cluster.messages import (
    NO_DATA,
    CourseMessage,
    Reply,
    SubmissionMessage,
    pack_course,
    pack_data,
    take_batch,
)
from autograder.grading.cluster.replies import ReplyReader
from autograder.grading.cluster.scheduler import connected, running
from autograder.grading.plan import GradingPlan
from autograder.intake.submissions import Submission
from autograder.judging.not_judged import not_graded
from autograder.records.result import Result
from autograder.text import one_line

if TYPE_CHECKING:
    from distributed import Client, Future

MAX_BATCH = 50  # submissions: seconds of work, beside which Dask's milliseconds a task are nothing
BATCHES_A_WORKER = 2  # under way: one that the worker grades, and one that waits there
MIN_BATCHES = 4  # under way, where there are no workers yet: a cluster that adapts starts them when work waits
NO_WORKER_SECONDS = 600  # a batch system may let them wait that long
POLL_SECONDS = 1.0
_KILLED = (
    "worker: expected it to live through this notebook, but one after the other was killed. "
    "Hint: give the workers more memory."
)
_LOST = (OSError, TimeoutError, CancelledError)  # Dask raises one of these if a scheduler or a connection is gone


def graded_on_cluster(
    plan: GradingPlan,
    todo: Sequence[Submission],
    suites: dict[str, Assignment],
    secret: bytes,
    tell: Callable[[str], None] = lambda _: None,
) -> Generator[Result, None, None]:
    """The results as they come. Raises AutograderError if the cluster cannot be used, or is lost on the way."""
    address, course = plan.cluster or "", pack_course(plan, suites, secret)
    with connected(address) as client:
        yield from ClusterRun(client, address, course, suites, todo, tell, pack_data(suites)).results()


class ClusterRun:
    """One run on a cluster: what is to be sent, what is under way, and how much of that there may be."""

    def __init__(
        self,
        client: Client,
        address: str,
        course: CourseMessage,
        suites: dict[str, Assignment],
        todo: Sequence[Submission],
        tell: Callable[[str], None],
        data: Mapping[str, bytes] = NO_DATA,
    ) -> None:
        self._client, self._address, self._course, self._tell = client, address, course, tell
        self._reader, self._suites = ReplyReader(course), suites
        self._data = dict(data)
        self._sent: list[Future[dict[str, bytes]]] = []  # the data, if there is some, as a task's result
        self._todo = deque(todo)
        self._alone: deque[SubmissionMessage] = deque()  # of batches that killed their workers: one of them does
        self._under_way: dict[Future[Reply], list[SubmissionMessage]] = {}
        self._ended: queue.SimpleQueue[Future[Reply]] = queue.SimpleQueue()
        self._workers, self._counted = 0, -math.inf

    def results(self) -> Iterator[Result]:
        """Send all batches and read their results. Raises AutograderError."""
        try:
            self._send()
            while self._under_way:
                future = self._next()
                batch = self._under_way.pop(future)
                reply = self._reply(future, batch)
                self._send()  # before its results are written: no worker waits for our disk
                if isinstance(reply, Result):
                    yield reply
                elif reply is not None:
                    yield from self._reader.take(reply, batch)
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
            raise self._lost()
        if self._data and not self._sent:
            self._sent = [self._send_data()]
        key = f"autograder-{uuid.uuid4().hex}"  # new, so that the scheduler has no result of it from before
        future = self._client.submit(grade_batch, self._course, batch, *self._sent, key=key, pure=False)
        self._under_way[future] = batch
        future.add_done_callback(self._ended.put)

    def _send_data(self) -> Future[dict[str, bytes]]:
        """Send the data once. A worker takes it from another one, and it is made again if all that had it are gone."""
        from autograder.grading.cluster.worker import kept_data

        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Sending large graph")  # of a known size, and once
            return self._client.submit(kept_data, self._data, key=f"autograder-data-{self._course.data}", pure=False)

    def _next(self) -> Future[Reply]:
        """The batch that ends next. Raises AutograderError if there are no workers for too long."""
        idle_since, said = time.monotonic(), False
        while True:
            with contextlib.suppress(queue.Empty):
                return self._ended.get(timeout=POLL_SECONDS)
            if self._count_workers():
                idle_since = time.monotonic()
                continue
            if not said:
                self._tell(f"{self._address}: no worker there yet; waiting for one")
                said = True
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
            raise self._lost()
        try:
            threads = self._client.nthreads()
        except _LOST:
            raise self._lost() from None
        self._workers, self._counted = len(threads), time.monotonic()
        for worker, count in threads.items():
            if count != 1:
                raise AutograderError(
                    f"{worker}: expected a worker of one thread, since a process grades one submission at a time, "
                    f"got {count}. Hint: dask worker {self._address} --nthreads 1 --nworkers {count}."
                )
        return self._workers

    def _reply(self, future: Future[Reply], batch: list[SubmissionMessage]) -> Reply | Result | None:
        """A batch's reply; the result of a submission that kills workers; None if all go out again, one by one."""
        from distributed import KilledWorker

        try:
            return future.result()
        except KilledWorker:
            if len(batch) == 1:
                submission = batch[0].submission
                return not_graded(submission, self._suites[submission.assignment], SandboxError(_KILLED))
            self._alone.extend(batch)
            return None
        except _LOST:
            raise self._lost() from None
        except Exception as error:  # noqa: BLE001 — anything that was raised on the worker, or on the way
            raise AutograderError(
                f"{self._address}: expected results, got {type(error).__name__}: {one_line(str(error), 200)} "
                "Hint: scheduler and workers need this package and the same requirements.lock."
            ) from None

    def _leave(self) -> None:
        """Cancel what is under way, and have the workers forget the secret."""
        if running(self._client):
            with contextlib.suppress(*_LOST):
                self._client.cancel([*self._under_way, *self._sent], force=True)
                forget_course(self._client, self._course)
        self._under_way.clear()
        self._sent.clear()

    def _lost(self) -> AutograderError:
        return AutograderError(
            f"{self._address}: expected the scheduler to stay, got a lost connection. "
            "Hint: start the scheduler and its workers again; the same command goes on where this one stopped."
        )


def forget_course(client: Client, course: CourseMessage) -> None:
    """Have every worker end its grader of this course, and with it the secret."""
    from autograder.grading.cluster.worker import forget

    client.run(forget, course.identity, on_error="ignore")
