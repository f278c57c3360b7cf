"""kill -9 at random points of a real `autograder serve` while students hand in: nothing lost, nothing twice.

    make portal-kills                                               300 kills; prints its seed and counts
    make portal-kills SEED=S KILLS=20

The seed decides who is killed and when; the machine decides what that hits.
"""

import argparse
import collections
import hashlib
import itertools
import random
import secrets
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from patience import be_patient
from portal.portal_server import PortalServer, wait_for

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import notebook_text, solved_cells
from autograder.course import open_course
from autograder.portal.handing_in import NotTakenError
from autograder.portal.jobs import MOST_TRIES
from autograder.portal.schema import GradingRow, JobRow, PersonRow
from autograder.scaffold import new

STUDENTS = 40
WHO = ("web", "grader", "sandbox", "server")
ODDS = (4, 8, 6, 1)  # a new server takes seconds to start
MOST_TRIES_A_KILL = 20
LONGEST_PAUSE = 0.8  # seconds from one kill to the next


def main():
    """Kill, look, and say what was seen. Exit 1 if a promise was broken."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--kills", type=int, default=300)
    options.add_argument("--seed", default=secrets.token_hex(4))
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        hit, receipts = kill_again_and_again(Path(folder), given.kills, given.seed)
    kinds = ", ".join(f"{n} {who}" for who, n in hit.items())
    print(f"seed {given.seed}: {hit.total()} kills ({kinds}), {receipts} receipts kept")


def course_in(folder):
    """A course of one small assignment."""
    (folder / "course.toml").write_text('title = "Test course"\n')
    course = open_course(folder)
    be_patient(new(course, "a9_test"))
    return course


def kill_again_and_again(folder, kills, seed):
    """The kills by kind, and the number of receipts.

    Raises AssertionError if a receipt's notebook is lost, or is graded twice or not at all.
    """
    rng, course = random.Random(seed), course_in(folder)
    notebook = notebook_text(solved_cells(load_assignment(course.solutions / "a9_test"))).encode()
    server = PortalServer(course, graders=2)
    receipts, hit = {}, collections.Counter()
    try:
        with server.database() as database, database.write() as session:
            session.add_all(PersonRow(id=f"s{i}", role="student") for i in range(STUDENTS))
        for i in itertools.count():  # a try that finds nobody to kill is none
            if hit.total() == kills:
                break
            assert i < MOST_TRIES_A_KILL * kills, hit
            data = notebook + b" " * (i + 1)
            id_ = _handed_in(server, data, f"s{rng.randrange(STUDENTS)}", timedelta(microseconds=i))
            receipts[id_] = hashlib.sha256(data).hexdigest()
            time.sleep(rng.uniform(0, LONGEST_PAUSE))
            who = rng.choices(WHO, ODDS)[0]
            hit[who] += _kill(server, who, rng)
        wait_for(server.answers, "an answer")
        _wait_for_all(server, receipts)
        require_nothing_lost(server, receipts)
    finally:
        server.stop()
    return hit, len(receipts)


def _handed_in(server, data, student, after):
    """Hand in, once more if a server that starts swept the half of a file away: it said NOT handed in.

    This process stands for the web process, which dies with its server; so for a student there is no such half.
    """
    try:
        return server.hand_in(data, student, datetime.now(UTC) + after)
    except NotTakenError:
        return server.hand_in(data, student, datetime.now(UTC) + after)


def _kill(server, who, rng):
    """Kill a process of this kind. Whether there was one."""
    if who == "server":
        server.process.kill()
        server.process.wait()
        server.start()
        return True
    found = {
        "web": lambda: server.processes("web_process"),
        "grader": lambda: server.processes("grader_process"),
        "sandbox": server.zygotes,
    }[who]()
    if not found:
        return False
    try:
        server.kill(rng.choice(found))
    except ProcessLookupError:
        return False
    return True


def _wait_for_all(server, receipts):
    """Wait until each is graded. A job that met three killed graders by chance is given back, as a person would."""

    def graded():
        with server.database() as database, database.write() as session:
            tired = session.query(JobRow).where(JobRow.tries >= MOST_TRIES, JobRow.owner.is_(None))
            tired.update({JobRow.tries: 0})
        return set(receipts) <= set(server.gradings())

    wait_for(graded, "all gradings")


def require_nothing_lost(server, receipts):
    """Hold receipts, files, rows and results against each other. receipts: {id: the notebook's SHA-256}, all right."""
    files = {file.id: file.path for file in server.places.all_handed_in()}
    assert set(files) == set(receipts) == server.submissions()
    for id_, sha256 in receipts.items():
        assert hashlib.sha256(files[id_].read_bytes()).hexdigest() == sha256
    gradings = server.rows(GradingRow)
    assert len(gradings) == len(receipts)
    for row in gradings:
        assert (row.status, row.score, row.counts) == ("graded", row.max_score, True), vars(row)
        assert hashlib.sha256(server.places.result_of(row.result).read_bytes()).hexdigest() == row.result
    assert server.rows(JobRow) == []


if __name__ == "__main__":
    main()
