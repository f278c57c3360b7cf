"""An exception that nobody foresaw: one line, a report in a file of its own, and an exit code of its own."""

import re
import stat
import subprocess
from pathlib import Path

import pytest

from autograder.ci.setup import files
from autograder.cli import main as command

MARKUP = "\x1b[31m::error::secret of a notebook"


@pytest.fixture
def fails(monkeypatch, tmp_path, capsys):
    """fails(error): the exit code and stderr of a command in which `error` is raised."""
    monkeypatch.setattr(command.os, "environ", {**command.os.environ})
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["autograder", "grade", "--student", "ada"])

    def of(error):
        def app():
            raise error

        monkeypatch.setattr(command, "app", app)
        with pytest.raises(SystemExit) as ended:
            command.main()
        return ended.value.code, capsys.readouterr().err

    return of


def test_it_is_one_line_with_the_place_of_a_report_and_exit_code_70(fails, tmp_path):
    code, said = fails(ZeroDivisionError(MARKUP))
    assert code == 70
    assert said.count("\n") == 1
    assert said.startswith("autograder: this is a fault of autograder, not of your files: ZeroDivisionError ")
    place = Path(re.search(r"Report: (\S+\.txt)\.", said)[1])
    assert place.parent == tmp_path
    report = place.read_text()
    assert "'grade', '--student', 'ada'" in report
    assert "Traceback (most recent call last)" in report
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_the_line_holds_nothing_of_the_exceptions_text(fails):
    said = fails(ValueError(MARKUP))[1]
    assert "secret" not in said
    assert "\x1b" not in said


def test_where_no_report_can_be_written_the_line_says_so(fails, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkstemp", full)
    code, said = fails(ValueError("x"))
    assert code == 70
    assert "No report could be written: No space left on device." in said


@pytest.mark.parametrize("provider", ["github", "gitlab"])
def test_no_workflow_takes_a_fault_of_ours_for_something_judged_wanting(provider):
    """`collect` ends with 1 where a student is not placed; the workflow goes on after 0 and 1, and after nothing else."""
    workflow = next(t for n, t in files(provider).items() if n.endswith(".yml")).decode()
    lines = [line.split("#")[0] for line in workflow.splitlines() if "||" in line]
    (tolerant,) = [line for line in lines if "autograder" in line]
    guard = tolerant.partition("||")[2].strip()
    ended = [
        subprocess.run(["bash", "-ec", f"(exit {code}) || {guard}"], check=False).returncode == 0
        for code in (0, 1, 2, 70)
    ]
    assert ended == [True, True, False, False]
    assert "continue-on-error" not in workflow
    assert "allow_failure" not in workflow
