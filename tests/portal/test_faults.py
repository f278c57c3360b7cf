"""Faults of the machine that a real server meets: a clock that is set, cut uploads, a lost lease, a full disk."""

import os
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from portal.portal_server import PortalServer, wait_for
from portal.served_student import ServedStudent, small_course

from autograder.portal.schema import EventRow, JobRow

HOUR = 3600
SLACK = 600  # seconds between two looks at the clock on a very busy machine
# As if somebody set the clock to one hour later after the start: the first estimate of the start was an hour lower.
CLOCK_SET = f"""
import time
from autograder.__main__ import main
from autograder.portal import supervisor
from autograder.portal.portal_clock import PortalClock
supervisor.CLERK_SECONDS = 0.2
started = PortalClock.started()
earlier = PortalClock(day=started.day - {HOUR}, counted=started.counted)
PortalClock.started = classmethod(lambda cls: earlier)
main()
"""


# --- Clock, uploads, leases: one server whose clock was set to one hour later after its start ---


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    running = PortalServer(small_course(tmp_path_factory.mktemp("faults")), program=[sys.executable, "-c", CLOCK_SET])
    yield running
    running.stop()


def test_a_clock_that_is_set_to_later_makes_nobody_late(server, solved):
    before = time.time()
    answer = ServedStudent(server, "ada").hand_in(solved.encode())
    assert answer.status_code == 201, answer.text
    (row,) = [row for row in server.rows(EventRow) if row.what == "handed_in"]
    assert before - HOUR - SLACK < row.at.timestamp() < time.time() - HOUR + 1
    (event,) = wait_for(lambda: [row for row in server.rows(EventRow) if row.what == "clock_set"], "the event")
    assert round(event.data["seconds"]) == HOUR
    assert server.said().count("clerk: this machine's clock was set by +3600 s.") == 1


@pytest.mark.parametrize("cut", ["headers", "first byte", "half", "last byte"])
def test_an_upload_that_is_cut_off_anywhere_leaves_no_file_no_row_and_costs_no_token(server, solved, cut):
    eve, host = ServedStudent(server, "eve"), server.url.removeprefix("http://")
    data = solved.encode()
    body = (
        b'--x\r\nContent-Disposition: form-data; name="notebook"; filename="n.ipynb"\r\n\r\n' + data + b"\r\n--x--\r\n"
    )
    sent = {"headers": 0, "first byte": 1, "half": len(body) // 2, "last byte": len(body) - 3}[cut]
    head = (
        f"POST /a/a9_test HTTP/1.1\r\nHost: {host}\r\nCookie: session={eve.cookie}\r\nSec-Fetch-Site: same-origin\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(host.split(":"), timeout=60) as connection:
        connection.sendall(head.encode() + body[:sent])
        wait_for(lambda: list(server.places.folder_of("a9_test", "eve").glob("*")), "the beginning of the upload")
    folder = server.places.folder_of("a9_test", "eve")
    wait_for(lambda: not list(folder.glob("*")), "the end of what came in")
    assert [row for row in server.rows(EventRow) if row.who == "eve"] == []
    assert "5 of 5 left" in eve.page().text


def test_a_grader_that_lost_its_lease_writes_nothing_and_the_job_is_done_once(server, solved):
    """The grader is halted while it has the job, and its lease is over when it goes on."""
    wait_for(lambda: server.rows(JobRow) == [], "what came in before")
    for attempt in range(50):
        id_ = server.hand_in(solved.encode() + b" " * (attempt + 1), "ada", datetime.now(UTC))
        (grader,) = server.processes("grader_process")
        wait_for(lambda: any(job.owner for job in server.rows(JobRow)) or not server.rows(JobRow), "a claim")
        os.kill(grader, signal.SIGSTOP)
        try:
            with server.database() as database, database.write() as session:
                jobs = session.query(JobRow).all()
                for job in jobs:
                    job.owner = job.lease = None
        finally:
            os.kill(grader, signal.SIGCONT)
        server.wait_until_graded([id_])
        if jobs:
            break
    lost = [row.about for row in server.rows(EventRow) if row.what == "lease_lost"]
    graded = [row.about for row in server.rows(EventRow) if row.what == "graded"]
    assert lost == [id_]
    assert graded.count(id_) == 1


# --- A full disk ---


def test_on_a_full_disk_nothing_is_handed_in_and_pages_go_on_and_graders_wait(tmp_path, solved):
    """In a namespace of its own, so that the mounted disk ends with it."""
    if os.geteuid() or subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode:
        pytest.skip("only root mounts a small disk")
    (tmp_path / "notebook.ipynb").write_text(solved)
    command = ["unshare", "-m", sys.executable, "-m", "portal.full_disk", tmp_path]
    given = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(command, env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
