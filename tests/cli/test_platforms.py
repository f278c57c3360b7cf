"""Each command on a system without the sandbox: it works, or it says in one line where it works."""

import subprocess
import sys

import pytest

from autograder.cli import platforms
from autograder.cli.app import app
from autograder.cli.main import main

COMMANDS = sorted(command.name or command.callback.__name__ for command in app.registered_commands)
GROUPS = {group.name for group in app.registered_groups}  # `autograder serve` is a command of its own, too
# The start of a Python on another system, as far as a Linux machine can play it: what is not there cannot be imported.
ELSEWHERE = """
import importlib.abc, os, sys
# These read other files of Python's on Windows and macOS, which this Python does not have.
import ctypes, multiprocessing, subprocess, sysconfig, typer, typer.rich_utils, zoneinfo
sysconfig.get_config_vars()

class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, *_):
        if name in {absent}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

for name in {absent}:
    sys.modules.pop(name, None)
for name in {attributes}:
    if hasattr(os, name):
        delattr(os, name)
sys.meta_path.insert(0, Absent())
sys.platform = {platform!r}
sys.argv = ["autograder", *sys.argv[1:]]
from autograder.__main__ import main
main()
"""
LINUX_ONLY = "sched_getaffinity sched_setaffinity pidfd_open memfd_create eventfd posix_fadvise".split()
POSIX_ONLY = "fork getuid geteuid uname fchmod killpg O_NONBLOCK O_NOFOLLOW O_DIRECTORY O_CLOEXEC setsid".split()
SYSTEMS = {
    "win32": {"absent": "fcntl resource pwd grp termios tty pty syslog".split(), "attributes": LINUX_ONLY + POSIX_ONLY},
    "darwin": {"absent": [], "attributes": LINUX_ONLY},
}


@pytest.fixture
def on(tmp_path):
    """on(system, *arguments): exit code, stdout, stderr of the command in an empty folder."""

    def run(system, *arguments):
        code = ELSEWHERE.format(platform=system, **SYSTEMS[system])
        ended = subprocess.run(
            [sys.executable, "-c", code, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        return ended.returncode, ended.stdout, ended.stderr

    return run


@pytest.mark.parametrize("command", [*COMMANDS, "ci"])
def test_every_command_says_in_one_line_that_windows_needs_linux_inside(monkeypatch, capsys, command):
    monkeypatch.setattr(platforms.sys, "platform", "win32")
    arguments = {"ci": ["keygen", "k"], "init": ["x"], "new": ["a1_x"], "check": ["x.ipynb"], "verify": ["x.json"]}
    arguments |= {"collect": ["x.zip"], "export": ["csv"], "revert": ["last"], "adopt": ["x"]}
    monkeypatch.setattr("sys.argv", ["autograder", command, *arguments.get(command, [])])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "")
    assert said.err.startswith(f"autograder: {command}: expected Linux, got Windows. Hint: work in WSL")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("command", sorted(platforms.RUNS_STUDENT_CODE))
def test_a_command_that_runs_student_code_says_on_macos_where_it_works(monkeypatch, capsys, command):
    monkeypatch.setattr(platforms.sys, "platform", "darwin")
    arguments = {"check": ["x.ipynb"], "verify": ["x.json"]}
    monkeypatch.setattr("sys.argv", ["autograder", command, *arguments.get(command, [])])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "")
    assert "got macOS" in said.err
    assert "container" in said.err
    assert said.err.count("\n") == 1


def test_every_command_is_known_to_need_linux_or_not():
    assert {*COMMANDS, *GROUPS} >= platforms.RUNS_STUDENT_CODE


def test_the_commands_are_imported_where_modules_of_posix_are_absent(on):
    assert on("win32", "--version")[0] == 0
    code, out, err = on("win32", "report")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "got Windows" in err


def test_on_macos_all_that_runs_no_student_code_works(on, tmp_path):
    """From a new course to its release; there are no results yet, which the other commands say."""
    assert on("darwin", "init", "course")[0] == 0
    course = tmp_path / "course"
    assert on("darwin", "release", "--course", str(course), "a1_gradient_ascent")[0] == 0
    (tmp_path / "roster.csv").write_text("student,account\nada,ada\n")
    (tmp_path / "ada").mkdir()
    notebook = course / "assignments" / "a1_gradient_ascent" / "a1_gradient_ascent.ipynb"
    (tmp_path / "handed" / "ada").mkdir(parents=True)
    (tmp_path / "handed" / "ada" / notebook.name).write_bytes(notebook.read_bytes())
    code, out, err = on("darwin", "collect", str(tmp_path / "handed"), "--course", str(course))
    assert (code, err) == (0, "")
    for command in (("report",), ("export", "csv"), ("diff",)):
        code, out, err = on("darwin", *command, "--course", str(course))
        assert code in {0, 2}, (command, out, err)
        assert "fault of autograder" not in err
        assert err.count("\n") <= 1


def test_help_is_there_on_every_system(monkeypatch, capsys):
    monkeypatch.setattr(platforms.sys, "platform", "win32")
    monkeypatch.setattr("sys.argv", ["autograder", "grade", "--help"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert "Grade what was handed in" in capsys.readouterr().out
