"""A student of a real server: hands in with a token, and opens pages with a session."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx
from patience import be_patient
from portal.portal_server import PortalServer

from autograder.course import open_course
from autograder.portal.credentials import give
from autograder.portal.schema import PersonRow
from autograder.scaffold import new


def small_course(root):
    """A course of one small assignment."""
    (root / "course.toml").write_text('title = "Test course"\n')
    course = open_course(root)
    be_patient(new(course, "a9_test"))
    return course


@contextmanager
def served_class(root, students, *staff):
    """A server of a small course, with these students and other people."""
    (root / "students.csv").write_text("id,name,email\n" + "".join(f"{s},{s},{s}@example.org\n" for s in students))
    running = PortalServer(small_course(root))
    try:
        with running.database() as database, database.write() as session:
            session.add_all([*(PersonRow(id=name, role="student") for name in students), *staff])
        yield running
    finally:
        running.stop()


class ServedStudent:
    """A signed-in student of a real server, with a token."""

    def __init__(self, server, name):
        self.server, self.name, now = server, name, datetime.now(UTC) - timedelta(hours=2)
        with server.database() as database, database.write() as session:
            session.merge(PersonRow(id=name, role="student"))
            session.flush()
            self.cookie = give(session, name, "session", now, by="test")
            self.token = give(session, name, "token", now, by="test")

    def hand_in(self, data):
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.put(f"{self.server.url}/api/v1/hand-in/a9_test", content=data, headers=headers, timeout=60)

    def page(self, path="/a/a9_test"):
        return httpx.get(self.server.url + path, cookies={"session": self.cookie}, timeout=60)
