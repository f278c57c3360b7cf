"""A grader process: takes one job after the other, with a warm sandbox. The supervisor starts one a core."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from functools import partial

from autograder.course import open_course
from autograder.errors import AutograderError
from autograder.grading.grader import Grader, load_suites, on_one_core
from autograder.portal.bells import ring, wait_for_ring
from autograder.portal.child_process import CHECKS_CHANGED, GraderSettings
from autograder.portal.database import Database
from autograder.portal.folders import PortalFolders
from autograder.portal.queue_grader import QueueGrader
from autograder.portal.suites import suites_of
from autograder.secret import course_secret

NICENESS = 10  # pages go before grading
PAUSE_SECONDS = 0.5  # between two looks at an empty queue, if no bell rings


def grade_jobs() -> None:
    """Grade until the supervisor ends this process."""
    settings = GraderSettings.received()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the sandbox's folder is removed
    os.nice(NICENESS)
    course = open_course(settings.root)
    if suites_of(course) != settings.suites:
        sys.exit(CHECKS_CHANGED)  # its results would carry the name of the checks that were
    suites = load_suites(course, tuple(settings.suites), pictures=True)
    with (
        on_one_core(settings.core),
        contextlib.closing(Grader(suites, course_secret(course, make=False), None, in_pool=True)) as grader,
    ):
        desk = QueueGrader(
            Database(settings.database, partial(ring, settings.bells)),
            PortalFolders(settings.places),
            grader,
            settings.owner,
            timedelta(seconds=settings.lease),
            settings.slow,
            lambda: datetime.now(UTC),
        )
        while True:
            if not desk.grade_next():
                wait_for_ring(settings.bell, PAUSE_SECONDS)


if __name__ == "__main__":
    try:
        grade_jobs()
    except AutograderError as error:
        sys.exit(str(error))
    finally:
        gc.freeze()  # at its end Python would look through all that is loaded once more, which took 2 of 2.4 s
