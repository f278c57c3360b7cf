"""course.toml and the author's files: whatever is there instead, the command says one line and ends with 2."""

import shutil
import sys

import pytest

from autograder.__main__ import main
from autograder.assignment.assignment import load_assignment
from autograder.assignment.released import load_released
from autograder.assignment.samples import load_samples
from autograder.course import open_course
from autograder.errors import CourseError
from autograder.interop.config import load_settings


@pytest.fixture
def own(course, tmp_path):
    """A course of this test alone, with the assignment a9_test."""
    shutil.copyfile(course.root / "course.toml", tmp_path / "course.toml")
    shutil.copytree(course.solutions, tmp_path / "solutions")
    return open_course(tmp_path)


def a_folder(path):
    path.unlink()
    path.mkdir()


def a_circle_of_links(path):
    path.unlink()
    path.symlink_to(path.name)


def nothing(path):
    path.unlink()


def no_utf_8(path):
    path.write_bytes(b"x = 1 \xff")


def too_large(path):
    path.write_bytes(b"#" * (21 << 20))


INSTEAD = [a_folder, a_circle_of_links, nothing, no_utf_8, too_large]


@pytest.mark.parametrize("instead", INSTEAD)
@pytest.mark.parametrize("file", ["course.toml", "solutions/a9_test/assignment.toml", "solutions/a9_test/notebook.py", "solutions/a9_test/hidden_checks.py"])  # fmt: skip
def test_a_file_of_the_course_that_is_none_is_one_line_and_exit_code_2(own, file, instead, capsys, monkeypatch):
    instead(own.root / file)
    monkeypatch.setattr(sys, "argv", ["autograder", "release", "--course", str(own.root)])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert ended.value.code == 2, said
    assert said.count("\n") == 1
    assert said.startswith(f"autograder: {own.root}")
    assert ": expected " in said


NO_NUL = "SyntaxError" if sys.version_info >= (3, 11, 4) else "ValueError"  # what Python says of a NUL character


@pytest.mark.parametrize(
    ("instead", "says"),
    [
        (b"\xff", ": expected UTF-8, got byte 0xff at 0. Hint: save it as UTF-8."),
        (b"def (", ", line 1: expected Python, got SyntaxError: "),
        (b"x = 1\0", f": expected Python, got {NO_NUL}: source code string cannot contain null bytes"),
    ],
)
def test_a_sample_that_is_no_python_is_one_line(own, instead, says):
    sample = own.solutions / "a9_test/samples/right/with_a_loop.py"
    sample.write_bytes(instead)
    with pytest.raises(CourseError) as refused:
        load_samples(load_assignment(own.solutions / "a9_test"))
    assert str(refused.value).startswith(f"{sample}{says}")


def test_hidden_checks_that_end_the_process_are_one_line_and_not_exit_code_1(own):
    (own.solutions / "a9_test/hidden_checks.py").write_text("raise SystemExit(1)")
    with pytest.raises(CourseError, match=r"hidden_checks\.py, line 1: expected it to import, got SystemExit: 1"):
        load_assignment(own.solutions / "a9_test")


@pytest.mark.parametrize("name", ["nonono", "os.nonono", "..x", ".", "a b"])
def test_a_reference_that_does_not_import_is_one_line(own, name):
    settings = own.solutions / "a9_test/assignment.toml"
    settings.write_text(f'reference = "{name}"\n{settings.read_text()}')
    with pytest.raises(
        CourseError, match=r"a9_test, the reference .*: expected it to import|toml, reference: expected"
    ):
        load_assignment(own.solutions / "a9_test").reference  # noqa: B018


def test_points_that_are_no_number_are_one_line(own):
    notebook = own.solutions / "a9_test/notebook.py"
    notebook.write_text(notebook.read_text().replace("points=", 'points="many" was=', 1))
    with pytest.raises(CourseError, match=r"notebook\.py, .*: expected a number of points, got 'many'"):
        load_assignment(own.solutions / "a9_test")


@pytest.mark.parametrize("text", ["def (", "raise ValueError(3)", "raise SystemExit(1)"])
def test_settings_of_nbgrader_that_do_not_run_are_one_line(own, text):
    (own.root / "nbgrader_config.py").write_text(text)
    with pytest.raises(CourseError, match=r"nbgrader_config\.py: expected settings that run, got "):
        load_settings(own.root)


def test_line_ends_of_windows_and_a_mark_of_utf_8_change_nothing(own):
    before = load_assignment(own.solutions / "a9_test")
    for file in ("notebook.py", "hidden_checks.py"):
        path = own.solutions / "a9_test" / file
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    after = load_assignment(own.solutions / "a9_test")
    assert after.cells == before.cells
    assert [c.id for c in after.checks] == [c.id for c in before.checks]


@pytest.mark.parametrize("instead", [b"\xff", b"[]", b'{"cells": 3}', b'{"cells": [{}]}', b"[" * 100_000])
def test_a_released_notebook_that_is_none_is_one_line(tmp_path, instead):
    (tmp_path / "a9_test").mkdir()
    (tmp_path / "a9_test" / "a9_test.ipynb").write_bytes(instead)
    with pytest.raises(
        CourseError, match=r"expected a released notebook, got something else. Hint: autograder release a9_test"
    ):
        load_released(tmp_path / "a9_test")
