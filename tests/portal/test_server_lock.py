"""One server has a database of PostgreSQL's, also when PostgreSQL is started again while the server runs."""

import os
import subprocess
import sys

import psycopg
import pytest
from interop import postgres
from portal.portal_server import PortalServer, is_running, wait_for
from portal.served_student import ServedStudent, small_course

from autograder.errors import AutograderError
from autograder.portal import server_lock, supervisor
from autograder.portal.catalogue import Catalogue
from autograder.portal.child_process import WebSettings
from autograder.portal.portal_clock import PortalClock
from autograder.portal.server_lock import SETTLE_SECONDS, held_database
from autograder.portal.supervisor import Child, Supervisor
from autograder.portal.web.application import NO_DATABASE


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Nobody else waits here for a server that lost its lock."""
    monkeypatch.setattr(server_lock, "SETTLE_SECONDS", 0.0)


@pytest.fixture(scope="module")
def running():
    """A server of PostgreSQL's that a test ends and starts."""
    if reason := postgres.why_not():
        pytest.skip(reason)
    with postgres.restartable() as server:
        yield server


@pytest.fixture
def held(running):
    """The URL of a new database: no test sees what another wrote."""
    return postgres.new_database(running.address)


def refused(held):
    with pytest.raises(AutograderError, match="expected no other server, got one that uses this database"):
        held_database(held).__enter__()


@pytest.mark.real_tools
def test_a_database_serves_one_server_whatever_its_folder(held, tmp_path):
    (tmp_path / "course.toml").touch()
    command = [sys.executable, "-m", "autograder", "serve", "--port", "0", "--database", held]
    with held_database(held):
        second = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert second.returncode == 2
    assert "expected no other server, got one that uses this database. Hint: end it first.\n" in second.stderr
    assert second.stderr.count("\n") == 1
    assert postgres.PASSWORD not in second.stderr
    with held_database(held):
        pass  # whoever held it has ended


@pytest.mark.real_tools
def test_after_a_restart_of_postgresql_the_server_has_its_lock_again(running, held):
    with held_database(held) as keep:
        running.stop()
        keep()  # nobody can have the database now
        running.start()
        keep()
        refused(held)
        keep()
        refused(held)
    with held_database(held):
        pass


@pytest.mark.real_tools
def test_a_connection_that_postgresql_ended_is_replaced_by_one_with_the_lock(running, held):
    with held_database(held) as keep:
        with psycopg.connect(**postgres.login(running.address), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(pid, 60000) FROM pg_locks WHERE locktype = 'advisory'")
        keep()
        refused(held)


@pytest.mark.real_tools
def test_a_server_whose_lock_another_has_after_a_restart_says_so(running, held):
    with held_database(held) as keep:
        running.stop()
        running.start()
        with held_database(held):
            with pytest.raises(AutograderError, match="got one that uses this database") as lost:
                keep()
            assert postgres.PASSWORD not in str(lost.value)


@pytest.mark.real_tools
def test_while_postgresql_is_away_a_server_says_so_and_then_goes_on_by_itself(running, held, tmp_path, solved):
    """What came in just before is graded after it, and the server is still the only one."""
    server = PortalServer(small_course(tmp_path), url=held)
    try:
        ada, eve = ServedStudent(server, "ada"), ServedStudent(server, "eve")
        first = ada.hand_in(solved.encode()).json()["id"]
        running.stop()
        refused_one, page = eve.hand_in(solved.encode()), eve.page()
        assert (refused_one.status_code, page.status_code) == (503, 503)
        assert refused_one.json() == {"error": NO_DATABASE}
        assert (NO_DATABASE in page.text, refused_one.headers["Retry-After"]) == (True, "10")
        running.start()
        answer = wait_for(lambda: (given := eve.hand_in(solved.encode())).is_success and given, "a hand-in")
        server.wait_until_graded([first, answer.json()["id"]])
        wait_for(lambda: number_of_locks(running) == 1, "the server's lock")
        assert server.process.poll() is None
    finally:
        assert server.stop() == 0


def number_of_locks(running):
    """How many servers hold the database. It only looks: to try it would take the lock for a moment."""
    with psycopg.connect(**postgres.login(running.address)) as connection:
        return connection.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted").fetchone()[0]


def test_a_file_is_held_with_its_folder_and_needs_no_lock_here():
    for url in ("", "sqlite:///portal.db"):
        with held_database(url) as keep:
            keep()


def test_who_gets_the_lock_waits_longer_than_another_needs_to_notice_that_it_lost_it():
    look = max(server_lock._TIMES["connect_timeout"], server_lock._TIMES["tcp_user_timeout"] / 1000)
    assert server_lock.KEEP_SECONDS + look < SETTLE_SECONDS


class StubbornChild(Child):
    """A process that does not end when it is asked to."""

    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(3600)"

    def __init__(self):
        super().__init__("web", self.begin_it, lambda: None)

    def begin_it(self):
        process = subprocess.Popen([sys.executable, "-c", self.code], stdout=subprocess.PIPE)
        with process.stdout as pipe:
            pipe.readline()  # now it ignores the signal
        self.pid = process.pid
        return process


def test_a_server_that_lost_its_database_to_another_ends_all_processes_at_once(database, places, tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "KEEP_SECONDS", 0.01)
    given = {"socket": 0, "key": "", "catalogue": Catalogue(entries=()), "clock": PortalClock.started()}
    settings = WebSettings(parent=os.getpid(), root=tmp_path, places=places.root, database="", **given)
    child = StubbornChild()

    def keep():
        if child.process:
            raise AutograderError("another has it")

    server = Supervisor(database, places, {}, settings, (), print, None, keep)
    monkeypatch.setattr(server, "_web", lambda _: child)
    with pytest.raises(AutograderError, match="another has it"):
        server.run()
    assert not is_running(child.pid)
