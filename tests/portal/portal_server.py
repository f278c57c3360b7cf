"""A real `autograder serve` of a small course: its processes, what it prints, and what is in its database."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from portal.portal_helpers import send

from autograder.portal.catalogue import catalogue_of
from autograder.portal.database import Database
from autograder.portal.opening import folders_of
from autograder.portal.schema import GradingRow, JobRow, SubmissionRow

PATIENCE = 300  # seconds; a busy machine needs many of them, an idle one needs 3


def wait_for(what, told="it"):
    """The first value of what() that is true."""
    last = time.monotonic() + PATIENCE
    while time.monotonic() < last:
        if value := what():
            return value
        time.sleep(0.05)
    raise AssertionError(f"waited {PATIENCE} s for {told}")


def is_running(pid):
    """Whether the process is there, and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def children_of(pid):
    """{pid: command line} of the processes that this one started."""
    found = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        try:
            found[int(child)] = Path(f"/proc/{child}/cmdline").read_bytes().decode().replace("\0", " ")
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


class PortalServer:
    """A server of a course. It starts at once; `ready` waits until it answers.

    program: what runs in the place of `python -m autograder`, with the same arguments.  url: of its database; without
    it, the course's own file.
    """

    def __init__(self, course, *, graders=1, program=(sys.executable, "-m", "autograder"), url=""):
        self.course, self.places, self.graders, self.program = course, folders_of(course), graders, program
        self.database_url = url or f"sqlite:///{self.places.database}"
        self.options = ("--database", url) if url else ()
        self.suite = catalogue_of(course).suites.get("a9_test", "")
        self.log = course.root / "serve.log"
        self.start()

    def start(self):
        command = [*self.program, "serve", "--port", "0", "--jobs", str(self.graders), *self.options]
        given = {**os.environ, "AUTOGRADER_SIGNING_KEY": "of another"}  # a secret that the web process must not get
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, cwd=self.course.root, stdout=log, stderr=log, env=given)
        self.ready()

    def ready(self):
        self.url = wait_for(self._url, f"an address in {self.said()}")
        wait_for(self.answers, "an answer")

    def _url(self):
        assert self.process.poll() is None, self.said()
        found = re.search(r"serving (http://\S+)\. ", self.said())
        return found and found[1]

    def said(self):
        return self.log.read_text()

    def answers(self):
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=10) as answer:
                return answer.read() == b"ok\n"
        except (urllib.error.URLError, OSError):
            return False

    # --- Processes ---

    def processes(self, module):
        return [pid for pid, command in children_of(self.process.pid).items() if f"portal.{module}" in command]

    def zygotes(self):
        return [pid for grader in self.processes("grader_process") for pid in children_of(grader)]

    def everybody(self):
        below = [*self.processes("web_process"), *self.processes("grader_process")]
        return [self.process.pid, *below, *self.zygotes()]

    def kill(self, pid):
        os.kill(pid, signal.SIGKILL)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)

    # --- Submissions ---

    @contextlib.contextmanager
    def database(self):
        """The server's database, beside the server."""
        opened = Database(self.database_url)
        try:
            yield opened
        finally:
            opened.close()

    def hand_in(self, data, student, received):
        given = {"student": student, "assignment": "a9_test", "received": received, "suite": self.suite}
        with self.database() as database:
            return send(database, self.places, data, **given).submission.id

    def rows(self, table):
        with self.database() as database, database.read() as session:
            return session.query(table).all()

    def gradings(self):
        return {row.submission_id: row for row in self.rows(GradingRow)}

    def submissions(self):
        return {row.id for row in self.rows(SubmissionRow)}

    def wait_until_graded(self, ids):
        wait_for(lambda: set(ids) <= set(self.gradings()), f"gradings; {self.said()}")
        assert self.rows(JobRow) == []
