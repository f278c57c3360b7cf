"""The code that runs in a Dask worker: one grader in each process, which stays from batch to batch.

The grader has a thread of its own, for two reasons: a zygote ends with the thread that made it, and Dask may end its
threads; and a grader and its submission stay on one core (see `on_one_core`), while Dask's event loop is free. An error
comes back as a line of text, not as an exception, for which Dask would print a traceback on both sides.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from distributed import get_worker

from autograder.errors import AutograderError
from autograder.grading.cluster.messages import NO_DATA, CourseMessage, Reply, SubmissionMessage, unpack, unpack_course
from autograder.grading.grader import Grader, cores


def kept_data(data: dict[str, bytes]) -> dict[str, bytes]:
    """A course's data. As the result of a task, it stays with the workers that grade, and goes to each once."""
    return data


def grade_batch(
    course: CourseMessage, batch: Sequence[SubmissionMessage], data: Mapping[str, bytes] = NO_DATA
) -> Reply:
    """Grade a batch in this process's grader, which is started first, or again for another course."""
    worker = get_worker()
    results: list[str] = []
    error = _grading_thread.submit(_grade, course, batch, data, worker.local_directory, results).result()
    return Reply(results=results, error=error, worker=str(worker.address))


def forget(identity: str) -> None:
    """End the grader of a course whose run is over, and its secret with it. Does not wait for the end."""
    _grading_thread.submit(_close, identity)


def _grade(
    course: CourseMessage,
    batch: Sequence[SubmissionMessage],
    data: Mapping[str, bytes],
    scratch: str,
    results: list[str],
) -> str:
    try:
        grader = _grader_for(course, data, scratch)
        with tempfile.TemporaryDirectory(dir=scratch) as folder:  # Dask removes the folder of a killed worker
            for number, message in enumerate(batch):
                results.append(grader.grade(unpack(message, Path(folder, str(number)))).to_json())
    except AutograderError as error:
        return str(error)
    except OSError as error:
        return f"{scratch}: expected a folder to work in, got {error.strerror or error}. Hint: --local-directory."
    return ""


@dataclass(frozen=True, slots=True)
class OpenGrader:
    """The grader of a course, and the folder of its data. identity: of the course's message."""

    identity: str
    grader: Grader
    folder: Path

    def close(self) -> None:
        """End it, and remove the data."""
        self.grader.close()
        shutil.rmtree(self.folder, ignore_errors=True)


_open: OpenGrader | None = None  # of this thread alone
_core: socket.socket | None = None


def _grader_for(course: CourseMessage, data: Mapping[str, bytes], scratch: str) -> Grader:
    global _open  # noqa: PLW0603 — it outlives the task, as a worker's state has to
    if _open is None or _open.identity != course.identity:
        folder = Path(tempfile.mkdtemp(dir=scratch))
        try:
            suites = unpack_course(course, folder, data)  # if this raises, the worker keeps the grader that it has
            _close()
            grader = Grader(suites, course.secret, course.tier, course.device)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        _open = OpenGrader(course.identity, grader, folder)
    return _open.grader


def _close(identity: str | None = None) -> None:
    global _open  # noqa: PLW0603 — see above
    if _open is not None and identity in {None, _open.identity}:
        _open.close()
        _open = None


def _take_a_core() -> None:
    """Keep this thread, and the zygotes it starts, on a core that no other grader of this machine has.

    A process that has bound a core's name has the core; the kernel takes the name back however the process ends.
    If there are more workers than cores, the kernel moves the others.
    """
    global _core  # noqa: PLW0603 — held for as long as the process lives
    for core in cores():
        name = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            name.bind(f"\0autograder-core-{core}")
        except OSError:
            name.close()
            continue
        _core = name
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, {core})
        return


_grading_thread = ThreadPoolExecutor(1, "autograder", _take_a_core)
