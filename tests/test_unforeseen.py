"""An exception that nobody foresaw: one line, a report in a file of its own, and an exit code of its own."""

import errno
import re
import stat
import sys
import tempfile
from pathlib import Path

import pytest
import typer

from autograder import __main__ as start
from autograder.cli import main as command

MARKUP = "\x1b[31m::error::secret of a notebook"


@pytest.fixture
def fails(monkeypatch, tmp_path, capsys):
    """fails(error): the exit code and stderr of a command in which `error` is raised."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["autograder", "grade", "--student", "ada"])

    def of(error):
        def app(**_):
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


def test_where_there_is_no_folder_for_a_report_the_line_says_so(fails, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: ["/nowhere"])
    code, said = fails(ValueError("x"))
    assert code == 70
    assert "No report could be written: No usable temporary directory" in said


def test_a_report_holds_no_control_character(fails, tmp_path):
    """So nothing that a student wrote does anything to the terminal of the person who reads it."""
    fails(ValueError(MARKUP))
    (report,) = tmp_path.glob("autograder-report-*.txt")
    text = report.read_text()
    assert "\\x1b[31m::error::secret" in text
    assert text.replace("\n", "").isprintable()


def test_a_report_never_follows_a_link_and_two_reports_are_two_files(fails, tmp_path, monkeypatch):
    names = iter(["taken", "free", "other"])
    monkeypatch.setattr(tempfile, "_get_candidate_names", lambda: names)
    kept = tmp_path / "kept"
    kept.write_text("of somebody else")
    (tmp_path / "autograder-report-taken.txt").symlink_to(kept)
    assert all(fails(ValueError("x"))[0] == 70 for _ in range(2))
    assert kept.read_text() == "of somebody else"
    assert all((tmp_path / f"autograder-report-{name}.txt").is_file() for name in ("free", "other"))


@pytest.mark.parametrize("code", [errno.EACCES, errno.ENAMETOOLONG, errno.EISDIR, errno.ENOSPC])
def test_what_the_system_says_of_a_named_file_is_no_fault_of_ours(fails, code, tmp_path):
    ended, said = fails(OSError(code, "no", "work/\x1b[31mada"))
    assert ended == 2
    assert (
        said
        == "autograder: work/�[31mada: expected to use it, got no. Hint: look at its name, its place and its permissions.\n"
    )
    assert not list(tmp_path.iterdir())


def test_an_error_of_the_system_that_names_no_file_is_a_fault(fails):
    assert fails(OSError(errno.EBADF, "Bad file descriptor"))[0] == 70


def test_a_path_too_long_is_one_line(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["autograder", "report", "--course", "n" * 300])
    with pytest.raises(SystemExit) as ended:
        start.main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("autograder: nnn")
    assert ": expected " in said
    assert said.count("\n") == 1


def test_a_broken_installation_ends_with_70_and_not_with_pythons_1(monkeypatch, tmp_path, capsys):
    """A workflow takes 1 of `collect` for "some students are not placed"."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setitem(sys.modules, "autograder.cli.main", None)
    with pytest.raises(SystemExit) as ended:
        start.main()
    assert ended.value.code == 70
    assert "ModuleNotFoundError in __main__.py, line " in capsys.readouterr().err
    assert list(tmp_path.glob("autograder-report-*.txt"))


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (typer.Exit(1), 1), (typer.Abort(), 1)])
def test_an_interrupt_and_the_exits_of_a_command_stay_what_they_are(monkeypatch, error, code):
    app = typer.Typer()

    @app.command()
    def ends():
        raise error

    monkeypatch.setattr(command, "app", app)
    monkeypatch.setattr(sys, "argv", ["autograder"])
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == code
