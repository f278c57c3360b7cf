"""A real server: it grades what comes in, starts again what is killed, and leaves nothing behind."""

import hashlib
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from commands import run
from patience import be_patient
from portal.portal_helpers import at
from portal.portal_kills import require_nothing_lost
from portal.portal_server import PortalServer, is_running, wait_for

from autograder.cli.main import main
from autograder.course import open_course
from autograder.portal.catalogue import Catalogue
from autograder.portal.child_process import WebSettings
from autograder.portal.portal_clock import PortalClock
from autograder.portal.schema import EventRow
from autograder.portal.supervisor import Supervisor
from autograder.scaffold import new

ROSTER = "id,name,email\nada,Ada L,ada@example.org\nbob,Bob B,bob@example.org\n"


def autograder(course, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "autograder", *arguments], cwd=course.root, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    root = tmp_path_factory.mktemp("served")
    (root / "course.toml").write_text('title = "Test course"\n')
    (root / "students.csv").write_text(ROSTER)
    course = open_course(root)
    be_patient(new(course, "a9_test"))
    running = PortalServer(course)
    done = autograder(course, "serve", "invite")
    assert done.returncode == 0, done.stderr
    yield running
    running.stop()


def test_what_comes_in_is_graded_once_and_its_result_has_its_hash(server, solved):
    id_ = server.hand_in(solved.encode(), "ada", at(0))
    server.wait_until_graded([id_])
    row = server.gradings()[id_]
    assert (row.status, row.score) == ("graded", row.max_score)
    data = server.places.result_of(row.result).read_bytes()
    assert hashlib.sha256(data).hexdigest() == row.result


def test_the_first_start_prints_a_link_that_lets_the_administrator_in(server):
    (link,) = re.findall(r"http://\S+/join/\S+", server.said())
    with urllib.request.urlopen(link) as page:
        assert "Sign in" in page.read().decode()


def test_each_student_gets_a_link_in_a_file_that_others_cannot_read(server):
    file = server.places.root / "links.csv"
    assert file.stat().st_mode & 0o077 == 0
    assert server.places.root.stat().st_mode & 0o077 == 0
    lines = file.read_text().splitlines()
    assert lines[0] == "id,name,email,link"
    assert [line.partition(f",{server.url}/join/")[0] for line in lines[1:]] == [
        "ada,Ada L,ada@example.org",
        "bob,Bob B,bob@example.org",
    ]


def test_a_new_link_of_one_person_works_and_ends_the_earlier_one(server, monkeypatch):
    monkeypatch.chdir(server.course.root)
    links = [run("serve", "link", "bob").output.strip() for _ in range(2)]
    codes = []
    for link in links:
        try:
            with urllib.request.urlopen(link) as page:
                codes.append(page.status)
        except urllib.error.HTTPError as error:
            codes.append(error.code)
    assert codes == [410, 200]


def test_staff_has_the_role_that_was_given(server):
    done = autograder(server.course, "serve", "staff", "dana", "--as", "grader")
    assert done.stdout.startswith(f"dana is grader. Link: {server.url}/join/")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["staff", "dana", "--as", "graders"], "autograder: --as: expected one of grader, instructor, admin"),
        (["link", "adda"], "autograder: adda: expected a person of the portal, got none of this name. Hint: ada?"),
        (["--host", "0.0.0.0"], "autograder: --host: expected 127.0.0.1, got '0.0.0.0'."),
    ],
)
def test_a_mistake_is_told_in_one_line(server, arguments, said, capsys, monkeypatch):
    monkeypatch.chdir(server.course.root)
    monkeypatch.setattr(sys, "argv", ["autograder", "serve", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert told.startswith(said)
    assert told.count("\n") == 1


def test_a_second_server_of_the_same_course_is_refused_in_one_line(server):
    done = autograder(server.course, "serve", "--port", "0")
    assert done.returncode == 2
    assert "expected no other server, got one that runs here" in done.stderr
    assert done.stderr.count("\n") == 1
    assert server.answers()


def test_no_secret_is_in_the_environment_of_the_web_process(server):
    (web,) = server.processes("web_process")
    assert b"AUTOGRADER_SIGNING_KEY" in Path(f"/proc/{server.process.pid}/environ").read_bytes()
    assert b"AUTOGRADER" not in Path(f"/proc/{web}/environ").read_bytes()


def test_a_killed_web_process_comes_back_at_the_same_address(server):
    (web,) = server.processes("web_process")
    server.kill(web)
    wait_for(lambda: server.processes("web_process") not in ([], [web]), "a new web process")
    wait_for(server.answers, "an answer")
    assert "web: ended by signal 9; starts again in 1 s" in server.said()


def test_a_killed_grader_comes_back_and_grades_what_it_had(server, solved):
    (grader,) = server.processes("grader_process")
    id_ = server.hand_in(solved.encode() + b" ", "ada", at(10))
    server.kill(grader)
    server.wait_until_graded([id_])
    assert server.processes("grader_process") != [grader]


def test_a_killed_sandbox_costs_no_submission(server, solved):
    zygote = wait_for(server.zygotes, "a sandbox")[0]
    server.kill(zygote)
    id_ = server.hand_in(solved.encode() + b"  ", "ada", at(20))
    server.wait_until_graded([id_])
    assert server.gradings()[id_].status == "graded"


def test_a_file_without_a_row_is_taken_in_when_the_web_process_starts_again(server, solved):
    """So does a server that was killed between the file and its row; a part of a file is of nobody."""
    place = server.places.notebook_of("a9_test", "bob", at(30), "0123456789abcdef")
    place.parent.mkdir(parents=True)
    place.write_bytes(solved.encode())
    part = place.with_suffix(".part")
    part.write_bytes(b"{")
    (web,) = server.processes("web_process")
    server.kill(web)
    server.wait_until_graded(["0123456789abcdef"])
    assert not part.exists()
    assert "clerk: adopted 1 notebook that came in" in server.said()


def test_a_killed_server_leaves_no_process_and_the_next_one_grades_what_waits(server, solved):
    before = server.everybody()
    id_ = server.hand_in(solved.encode() + b"   ", "ada", at(40))
    os.kill(server.process.pid, 9)
    server.process.wait()
    wait_for(lambda: not any(map(is_running, before)), "the end of all")
    server.start()
    server.wait_until_graded([id_])


def test_after_a_kill_of_each_process_every_notebook_has_one_row_one_file_and_one_result(server, solved):
    ids = []
    for number, kind in enumerate(("web_process", "grader_process")):
        killed = wait_for(lambda kind=kind: server.processes(kind), kind)[0]
        ids.append(server.hand_in(solved.encode() + b" " * (4 + number), "ada", at(50 + number)))
        server.kill(killed)
        wait_for(lambda kind=kind, killed=killed: server.processes(kind) not in ([], [killed]), "a new process")
    server.wait_until_graded(ids)
    files = {file.id: hashlib.sha256(file.path.read_bytes()).hexdigest() for file in server.places.all_handed_in()}
    for number, id_ in enumerate(ids):
        assert files[id_] == hashlib.sha256(solved.encode() + b" " * (4 + number)).hexdigest()
    require_nothing_lost(server, files)


def pipes_of(pid):
    links = [os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir()]
    return {link for link in links if link.startswith("pipe:")}


def test_the_processes_share_bells_and_the_sandbox_of_a_notebook_has_none(server):
    zygotes = wait_for(server.zygotes, "a sandbox")
    (web,), (grader,) = server.processes("web_process"), server.processes("grader_process")
    bells = pipes_of(web) & pipes_of(grader) & pipes_of(server.process.pid)
    assert len(bells) == 2  # one of each
    assert not any(bells & pipes_of(zygote) for zygote in zygotes)


def test_ctrl_c_ends_all_processes_in_order(server):
    wait_for(server.zygotes, "a sandbox")
    before = server.everybody()
    assert len(before) >= 4
    assert server.stop() == 0
    assert not any(map(is_running, before))
    assert server.said().endswith("ended; nothing is lost\n")
    server.start()  # for a test that another process of tests hands over


def settings_in(places, root):
    given = {"socket": 0, "key": "", "catalogue": Catalogue(entries=()), "clock": PortalClock.started()}
    return WebSettings(parent=1, root=root, places=places.root, database="", **given)


def test_a_server_makes_a_backup_a_day(database, places, tmp_path):
    said = []
    supervisor = Supervisor(database, places, {}, settings_in(places, tmp_path), (), said.append, tmp_path / "backups")
    for _ in range(2):
        supervisor._back_up()
    (made,) = (tmp_path / "backups").iterdir()
    assert said == [f"clerk: backup {made.name}"]


def test_a_clock_that_was_set_is_one_event_and_one_line(database, places, tmp_path, monkeypatch):
    """Also when it is set right again: a person reads in the events from when to when times may be wrong."""
    said, now = [], time.time
    supervisor = Supervisor(database, places, {}, settings_in(places, tmp_path), (), said.append)
    for hours in (0, 1, 1, 0, 0, -1):
        monkeypatch.setattr(time, "time", lambda hours=hours: now() + 3600 * hours)
        supervisor._notice_clock()
    with database.read() as session:
        rows = session.query(EventRow).order_by(EventRow.id).all()
        assert [(row.what, round(row.data["seconds"] / 100)) for row in rows] == [
            ("clock_set", 36), ("clock_set", -36), ("clock_set", -36),
        ]  # fmt: skip
    assert [line.partition(" s. ")[0] for line in said] == [
        f"clerk: this machine's clock was set by {sign}3600" for sign in "+--"
    ]


def test_a_changed_course_is_said_once_for_each_change(database, places, tmp_path):
    said, file = [], tmp_path / "course.toml"
    settings = settings_in(places, tmp_path).model_copy(update={"watched": (file,)})
    supervisor = Supervisor(database, places, {}, settings, (), said.append)
    supervisor._notice_changes()
    assert said == []
    file.touch()
    early = settings.clock.model_copy(update={"day": 0.0})
    supervisor.web = settings.model_copy(update={"clock": early})
    for _ in range(2):
        supervisor._notice_changes()
    assert said == ["clerk: course.toml has changed since the start. Hint: start serve again, so that it counts."]
