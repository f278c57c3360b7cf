"""The web process: what it can do after it shut itself in, tried from inside of a process that did so."""

import json
import subprocess
import sys

import pytest

from autograder.course import open_course
from autograder.errors import SandboxError
from autograder.portal import shut_in
from autograder.portal.folders import PortalFolders
from autograder.sandbox.worker import landlock

TRY = """
import json, os, socket, sys
from pathlib import Path
from autograder.course import open_course
from autograder.portal.folders import PortalFolders
from autograder.portal.shut_in import shut_in

course = open_course(Path(sys.argv[1]))
places = PortalFolders(course.work / "portal")
socket_before = socket.create_server(("127.0.0.1", 0))
port = socket_before.getsockname()[1]
shut_in(course, places, landlock=sys.argv[2] == "landlock", port=int(sys.argv[3]) or None)
allowed = int(sys.argv[3])

def tried(act):
    try:
        act()
        return "done"
    except PermissionError:
        return "refused"
    except OSError as error:
        return type(error).__name__

said = {
    "answers": tried((course.solutions / "a9_test" / "hidden_checks.py").read_bytes),
    "names of answers": tried(lambda: os.listdir(course.solutions)),
    "secret": tried((course.work / "secret.key").read_bytes),
    "results of grade": tried(lambda: os.listdir(course.work)),
    "a process's memory": tried(Path("/proc/1/maps").read_bytes),
    "write elsewhere": tried(lambda: (course.root / "new").write_bytes(b"")),
    "settings": tried((course.root / "course.toml").read_bytes),
    "hand-outs": tried((course.assignments / "notebook.ipynb").read_bytes),
    "write here": tried(lambda: (places.root / "handed_in" / "x").write_bytes(b"1")),
    "a program": tried(lambda: os.execv("/bin/true", ["true"])),
    "a signal": tried(lambda: os.kill(os.getppid(), 0)),
    "connect": tried(lambda: socket.create_connection(("127.0.0.1", port), timeout=5).close()),
    "connect to the database": tried(lambda: socket.create_connection(("127.0.0.1", allowed), timeout=5).close()),
    "a datagram": tried(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9))),
}
import threading
thread = threading.Thread(target=lambda: said.update(thread=tried((course.work / "secret.key").read_bytes)))
thread.start(); thread.join()
print(json.dumps(said))
"""
CLOSED = ["answers", "names of answers", "secret", "results of grade", "a process's memory", "write elsewhere"]
OPEN = ["settings", "hand-outs", "write here"]


@pytest.fixture
def folder(tmp_path):
    """A course of files that say nothing."""
    for name, text in {
        "course.toml": 'title = "Test course"\n',
        "students.csv": "id\nada\n",
        "solutions/a9_test/assignment.toml": "",
        "solutions/a9_test/hidden_checks.py": "ANSWER = 1\n",
        "assignments/notebook.ipynb": "{}",
        "work/secret.key": "00" * 32,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    PortalFolders(tmp_path / "work" / "portal").make()
    return tmp_path


def said_inside(folder, how="landlock", port=0):
    command = [sys.executable, "-c", TRY, str(folder), how, str(port)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"OPENBLAS_NUM_THREADS": "1"})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.skipif(landlock.landlock_abi() < 1, reason="this kernel has no Landlock")
def test_no_answer_opens_and_nobody_can_be_called(folder):
    said = said_inside(folder)
    refused = [*CLOSED, "a program", "a signal", "connect", "connect to the database", "a datagram", "thread"]
    assert said == dict.fromkeys(refused, "refused") | dict.fromkeys(OPEN, "done")


@pytest.mark.skipif(landlock.landlock_abi() < 4, reason="this kernel's Landlock knows no ports")
def test_a_database_on_a_server_is_the_only_port_that_may_be_called(folder):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as database:
        said = said_inside(folder, port=database.getsockname()[1])
    assert (said["connect to the database"], said["connect"]) == ("done", "refused")
    assert {said[name] for name in CLOSED} == {"refused"}


def test_without_landlock_it_still_can_call_nobody(folder):
    said = said_inside(folder, "files stay open")
    assert (said["connect"], said["a program"], said["answers"]) == ("refused", "refused", "done")


def test_a_kernel_without_landlock_is_refused_with_the_way_on(monkeypatch):
    monkeypatch.setattr(shut_in, "landlock_abi", lambda: 0)
    with pytest.raises(SandboxError, match=r"expected a kernel with Landlock, .*--without-landlock"):
        shut_in.require_landlock()


def test_a_folder_around_the_answers_is_never_granted(folder, monkeypatch):
    """A Python that is installed in the course's own folder, say."""
    course = open_course(folder)
    monkeypatch.setattr(sys, "prefix", str(folder))
    monkeypatch.setattr(sys, "base_prefix", str(folder / "solutions"))
    granted = shut_in.readable(course)
    assert str(folder) not in granted
    assert str(folder / "solutions") not in granted
    assert str(folder / "assignments") in granted


def test_an_answer_that_still_opens_stops_the_start(folder):
    with pytest.raises(SandboxError, match=r"expected .*secret\.key to be closed to it, got an open file"):
        shut_in._confirm([folder / "work" / "secret.key"])
