"""A command works wherever its output goes, and never ends in a traceback."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

AUTOGRADER = f"{shlex.quote(sys.executable)} -m autograder"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def shell(tmp_path):
    """shell(line): exit code and what it said, stdout and stderr together. `autograder` stands for the command."""

    def run(line, folder=tmp_path, **environment):
        line = line.replace("autograder", AUTOGRADER)
        ended = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            cwd=folder,
            capture_output=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        )
        assert b"Traceback" not in ended.stderr
        return ended.returncode, (ended.stdout + ended.stderr).decode("latin-1")

    return run


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_like_one_that_nobody_reads(shell, closed):
    assert shell(f"autograder --version {closed}")[0] == 0
    assert shell(f"autograder grade {closed}")[0] == 2


def test_a_closed_stdout_is_no_file_that_is_written(shell, tmp_path):
    """Otherwise the first file that a command opens would get number 1, and the lines of the command."""
    assert shell("autograder init course >&-")[0] == 0
    made = [p for p in (tmp_path / "course").rglob("*") if p.is_file()]
    assert made
    assert not [p for p in made if b"Next: cd" in p.read_bytes()]


@pytest.mark.parametrize("reader", ["head -1", "true"])
@pytest.mark.parametrize("command", ["--help", "--version"])
def test_a_reader_that_leaves_is_no_error(shell, command, reader):
    code, said = shell(f"autograder {command} | {reader}")
    assert code == 0
    assert said.count("\n") <= 1


@pytest.mark.parametrize("command", ["--help", "--version", "init course"])
def test_output_onto_a_full_disk_is_one_line_and_exit_code_2(shell, command):
    code, said = shell(f"autograder {command} > /dev/full")
    assert (code, said.count("\n")) == (2, 1)
    assert "No space left on device" in said


@pytest.mark.parametrize("command", ["grade", "--nosuch"])
def test_an_error_that_cannot_be_said_keeps_its_exit_code(shell, command):
    assert shell(f"autograder {command} 2> /dev/full") == (2, "")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_a_character_that_the_terminal_lacks_is_escaped(shell, tmp_path, encoding):
    program = "from autograder.cli.streams import open_streams\nopen_streams()\nprint('Zoë → 5')"
    (tmp_path / "say.py").write_text(program, encoding="utf-8")
    code, said = shell(f"{shlex.quote(sys.executable)} say.py", PYTHONIOENCODING=encoding)
    assert code == 0
    assert said.encode("latin-1").decode(encoding).rstrip() in {"Zoë → 5", "Zoë \\u2192 5", "Zo\\xeb \\u2192 5"}


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "HOME": "/nonexistent"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TZ": "Nowhere/Nothing"},
        {"LANG": "de_DE.ISO-8859-1", "PYTHONUTF8": "0", "TMPDIR": "/nonexistent", "TERM": ""},
    ],
)
def test_an_odd_environment_changes_nothing(shell, environment):
    code, said = shell("autograder init course && cd course && autograder release a1_gradient_ascent", **environment)
    assert code == 0, said


def test_a_working_folder_that_is_gone_is_named(shell, tmp_path):
    (tmp_path / "gone").mkdir()
    for command in ("grade", "report", "export csv"):
        code, said = shell(f"cd gone && rmdir ../gone && autograder {command}; code=$?; mkdir ../gone; exit $code")
        assert (code, said.count("\n")) == (2, 1)
        assert "working folder: expected one, got No such file or directory" in said


def test_the_end_of_the_processor_time_is_said(shell):
    """A demo takes more than four seconds."""
    code, said = shell("ulimit -t 4; autograder demo --jobs 1 --out demo")
    assert code == 2
    assert said.splitlines()[-1].startswith("autograder: ulimit -t: 4 s of processor time are used up. Hint: raise it")
