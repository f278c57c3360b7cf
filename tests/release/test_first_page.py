"""The page that students open first: where a release puts it, and what it refuses."""

import shutil

import pytest
from typer.testing import CliRunner

from autograder.assignment.assignment import load_assignment
from autograder.assignment.student_side import Manifest
from autograder.cli.main import app
from autograder.course import bundled_course, open_course
from autograder.errors import CourseError, LeakError
from autograder.release.first_page import first_page, is_first_page_fresh, release_first_page
from autograder.release.repository import starter_files

PAGE = "<!doctype html><title>Pictures</title><p>Look at this first."


@pytest.fixture
def own(course, tmp_path):
    """A course of this test alone, whose students open docs/pictures.html first."""
    root = tmp_path / "course"
    shutil.copytree(course.root, root, ignore=shutil.ignore_patterns("work"))
    naming(root, "docs/pictures.html")
    (root / "docs").mkdir()
    (root / "docs" / "pictures.html").write_text(PAGE)
    return open_course(root)


def naming(root, file):
    """course.toml with this line first, and what it held."""
    settings = root / "course.toml"
    settings.write_text(f'open_first = "{file}"\n{settings.read_text()}')


def test_a_release_puts_the_page_beside_the_assignments(own):
    assert not is_first_page_fresh(own)
    (path,) = release_first_page(own)
    assert path == own.assignments / "pictures.html"
    assert path.read_text() == PAGE
    assert is_first_page_fresh(own)


def test_the_page_of_this_repository_is_as_released():
    assert is_first_page_fresh(bundled_course()), "assignments/explain.html is stale: run `make explain`"


def test_a_page_is_searched_for_the_answers_of_what_changed_since_it_was_written(own, monkeypatch):
    shutil.copytree(own.solutions / "a9_test", own.solutions / "a8_other")
    searched = []
    monkeypatch.setattr("autograder.release.first_page.require_no_secret_line", lambda a, _: searched.append(a.name))
    release_first_page(own)
    release_first_page(own)
    assert searched == ["a8_other", "a9_test"]
    with (own.solutions / "a8_other" / "notebook.py").open("a") as source:
        source.write("# Changed.\n")
    release_first_page(own)
    assert searched[2:] == ["a8_other"]
    (own.root / "docs" / "pictures.html").write_text(PAGE + "More.")
    release_first_page(own)
    assert searched[3:] == ["a8_other", "a9_test"]


def test_a_page_is_searched_again_for_an_assignment_that_was_saved_after_it_was_read(own, monkeypatch):
    loaded = {"a9_test": load_assignment(own.solutions / "a9_test")}
    with (own.solutions / "a9_test" / "notebook.py").open("a") as source:
        source.write("# Changed.\n")
    searched = []
    monkeypatch.setattr("autograder.release.first_page.require_no_secret_line", lambda a, _: searched.append(a))
    release_first_page(own, loaded)
    release_first_page(own)
    assert searched[0] is loaded["a9_test"]
    assert len(searched) == 2


def test_a_page_that_was_changed_since_is_stale(own):
    release_first_page(own)
    (own.root / "docs" / "pictures.html").write_text(PAGE + "More.")
    assert not is_first_page_fresh(own)


def test_the_command_writes_the_page_and_says_later_that_it_is_stale(own, monkeypatch):
    # Other tests run solutions and release notebooks; here it is about the page.
    monkeypatch.setattr("autograder.cli.author._try_out", lambda *_: None)
    monkeypatch.setattr("autograder.release.build.release", lambda *_, **__: [])
    monkeypatch.setattr("autograder.release.build.is_fresh", lambda *_: True)
    command = ["release", "--course", str(own.root), "a9_test"]
    written = CliRunner().invoke(app, command)
    assert written.exit_code == 0, written.output
    assert "open first: wrote" in written.output
    assert CliRunner().invoke(app, [*command, "--check"]).exit_code == 0
    (own.assignments / "pictures.html").unlink()
    stale = CliRunner().invoke(app, [*command, "--check"])
    assert stale.exit_code == 1
    assert "open first: stale" in stale.output


def test_the_students_repository_holds_the_page_and_its_readme_names_it(own):
    files = starter_files(own, [], Manifest())
    assert files["pictures.html"].decode() == PAGE
    assert "**Open `pictures.html` first**" in files["README.md"].decode()


def test_a_course_without_a_page_has_none(course):
    assert first_page(course) == {}
    assert is_first_page_fresh(course)
    files = starter_files(course, [], Manifest())
    assert "first**" not in files["README.md"].decode()


@pytest.mark.parametrize("file", ["docs/gone.html", "../outside.html", "solutions/a9_test/notebook.py", "docs"])
def test_a_file_that_students_cannot_get_is_one_line(own, file):
    naming(own.root, file)
    settings = own.root / "course.toml"
    settings.write_text(settings.read_text().replace('open_first = "docs/pictures.html"\n', ""))
    with pytest.raises(CourseError, match=r"open_first: .*expected .*, got "):
        first_page(open_course(own.root))


def test_a_page_called_as_a_file_of_the_repository_is_refused(own):
    naming(own.root, "docs/README.md")
    settings = own.root / "course.toml"
    settings.write_text(settings.read_text().replace('open_first = "docs/pictures.html"\n', ""))
    (own.root / "docs" / "README.md").write_text("Look at this first.")
    with pytest.raises(CourseError, match="no other file of the repository has"):
        starter_files(open_course(own.root), [], Manifest())


def test_a_page_with_a_line_of_an_answer_is_refused(own):
    source = (own.solutions / "a9_test" / "notebook.py").read_text()
    answer = source.partition("BEGIN SOLUTION")[2].splitlines()[1]
    (own.root / "docs" / "pictures.html").write_text(f"{PAGE}\n{answer}\n")
    with pytest.raises(LeakError):
        release_first_page(own)
    assert not (own.assignments / "pictures.html").exists()
