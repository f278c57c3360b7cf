"""`autograder serve --demo`: a portal with a sample class that hands in over ten minutes. Nothing of it is kept."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.assignment.assignment import load_assignment
from autograder.course import Course, bundled_course
from autograder.demo import NAMES, sample_class
from autograder.errors import AutograderError
from autograder.portal.credentials import give
from autograder.portal.database import Database
from autograder.portal.folders import PortalFolders
from autograder.portal.handing_in import Delivery, hand_in, uploading
from autograder.portal.schema import PersonRow
from autograder.release.build import release
from autograder.scaffold import init

SECONDS = 600.0  # in which the class hands in
STAFF = {"dana": "instructor", "tom": "grader"}


@dataclass(frozen=True, slots=True)
class SampleHandIn:
    """A notebook of the sample class."""

    student: str
    assignment: str
    text: str


@contextlib.contextmanager
def demo_course() -> Iterator[Course]:
    """The bundled course in a folder that is removed afterwards, released as it comes."""
    with tempfile.TemporaryDirectory(prefix="autograder-serve-") as folder:
        root = Path(folder) / "course"
        course, released = init(root), bundled_course().assignments
        if released.is_dir():
            shutil.copytree(released, course.assignments, dirs_exist_ok=True)
        else:  # an installed package holds no releases
            for name in course.names():
                release(course, name)
        yield course


def people_of_demo(database: Database, now: datetime) -> dict[str, str]:
    """Add the class and its staff. Returns one invitation for each role, by what it is for."""
    with database.write() as session:
        session.add_all(PersonRow(id=name, name=name.capitalize(), role="student") for name in NAMES)
        session.add_all(PersonRow(id=name, name=name.capitalize(), role=role) for name, role in STAFF.items())
        session.flush()
        shown = {NAMES[0]: "a student", "tom": "a grader", "dana": "an instructor"}
        return {role: give(session, name, "invitation", now, by="serve --demo") for name, role in shown.items()}


def sample_hand_ins(course: Course) -> list[SampleHandIn]:
    """What the class hands in, the first assignment first."""
    return [
        SampleHandIn(student, name, text)
        for name in course.names()
        for student, text in sample_class(load_assignment(course.solutions / name)).items()
    ]


class SampleClass(threading.Thread):
    """Hands the notebooks in, one after the other, evenly in `seconds`."""

    def __init__(
        self,
        database: Database,
        places: PortalFolders,
        suites: Mapping[str, str],
        notebooks: list[SampleHandIn],
        seconds: float = SECONDS,
    ) -> None:
        super().__init__(daemon=True)
        self._database, self._places, self._suites = database, places, suites
        self._notebooks, self._pause = notebooks, seconds / max(1, len(notebooks))
        self._end = threading.Event()

    def run(self) -> None:
        """Hand in until all did, or the server ends."""
        for each in self._notebooks:
            with contextlib.suppress(AutograderError):
                self._hand_in(each)
            if self._end.wait(self._pause):
                return

    def stop(self) -> None:
        """Hand in nothing more."""
        self._end.set()

    def _hand_in(self, each: SampleHandIn) -> None:
        arrival = Delivery(each.assignment, each.student, datetime.now(UTC), secrets.token_hex(8))
        with uploading(self._places, arrival) as upload:
            upload.add(each.text.encode())
            hand_in(self._database, self._places, arrival, upload, self._suites[each.assignment])
