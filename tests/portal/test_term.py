"""A term in commands: invite, hand in, back up, lose the database, restore, sync, and forget a person."""

import shutil
import subprocess
import sys
from datetime import UTC, datetime

import httpx
import pytest
from patience import be_patient
from portal.portal_server import PortalServer

from autograder.course import open_course
from autograder.portal.credentials import give
from autograder.portal.schema import PersonRow
from autograder.scaffold import new

ROSTER = "id,name,email\nada,Ada L,ada@example.org\nbob,Bob B,bob@example.org\n"


@pytest.fixture
def own_course(tmp_path):
    root = tmp_path / "course"
    root.mkdir()
    (root / "course.toml").write_text('title = "Test course"\n')
    (root / "students.csv").write_text(ROSTER)
    made = open_course(root)
    be_patient(new(made, "a9_test"))
    return made


@pytest.fixture
def command(own_course):
    """command("serve sync"): what it printed. It must succeed."""

    def of(words):
        done = subprocess.run(
            [sys.executable, "-m", "autograder", *words.split()], cwd=own_course.root, capture_output=True, text=True, check=False
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return of


def page_of(server, cookie, id_):
    """Ada's page of a hand-in, without the line that names the server's address."""
    answer = httpx.get(f"{server.url}/a/a9_test/{id_}", cookies={"session": cookie})
    assert answer.status_code == 200, answer.text
    return answer.text.replace(server.url, "")


@pytest.mark.exhaustive
def test_a_term_from_the_first_invitation_to_the_last_erasure(own_course, command, solved, starter, tmp_path):
    server = PortalServer(own_course)
    try:
        assert "2 links" in command("serve invite")
        links = (server.places.root / "links.csv").read_text().splitlines()
        assert [line.split(",")[0] for line in links] == ["id", "ada", "bob"]
        assert "/join/" in command("serve link ada")
        assert "dana is instructor. Link: http" in command("serve staff dana --as instructor")
        first = server.hand_in(solved.encode(), "ada", datetime.now(UTC))
        server.wait_until_graded([first])
        with server.database() as database, database.write() as session:
            cookie = give(session, "ada", "session", datetime.now(UTC), by="test")
        before = page_of(server, cookie, first)
        assert ": whole" in command(f"serve backup {tmp_path / 'backups'}")
        later = server.hand_in(starter.encode(), "bob", datetime.now(UTC))  # no backup has it
        server.wait_until_graded([later])
    finally:
        server.stop()

    # The database is lost; the notebooks are not: as docs/serving.md says.
    handed_in = server.places.root / "handed_in"
    shutil.copytree(handed_in, tmp_path / "kept")
    shutil.rmtree(server.places.root)
    assert "1 hand-in restored and compared" in command(f"serve restore {tmp_path / 'backups'}")
    shutil.copytree(tmp_path / "kept", handed_in, dirs_exist_ok=True)
    server.start()
    try:
        server.wait_until_graded([first, later])
        assert page_of(server, cookie, first) == before
        assert "2 notebooks and 2 results written" in command("serve sync")
        said = command("grade")
        assert "2 up to date" in said
        assert "graded now" not in said
    finally:
        server.stop()

    assert "erased" in command("serve forget bob --yes")
    assert not (handed_in / "a9_test" / "bob").exists()
    with server.database() as database, database.read() as session:
        assert session.get(PersonRow, "bob") is None
        assert session.get(PersonRow, "ada") is not None


def test_the_files_for_the_machine_name_this_course(own_course, command):
    for kind, words in (
        ("systemd", str(own_course.root)),
        ("caddy", "marks.example.edu"),
        ("nginx", "marks.example.edu"),
    ):
        assert words in command(f"serve unit {kind} --host marks.example.edu")
