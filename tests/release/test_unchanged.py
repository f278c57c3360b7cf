"""A release is not made twice: only what changed is made again."""

import shutil

import pytest
from patience import be_patient
from typer.testing import CliRunner

from autograder.cli.main import app
from autograder.course import open_course
from autograder.release import build, unchanged
from autograder.release.unchanged import is_unchanged
from autograder.scaffold import new

NAME = "a9_test"
NOTHING = f"{NAME}: nothing changed since its release"


@pytest.fixture
def own(tmp_path_factory):
    """A course with a page to open first, in a folder of its own."""
    root = tmp_path_factory.mktemp("unchanged")
    (root / "course.toml").write_text('title = "Test course"\nopen_first = "first.html"\n')
    (root / "first.html").write_text("<p>Begin here.")
    made = open_course(root)
    be_patient(new(made, NAME))
    return made


@pytest.fixture
def release(own, monkeypatch):
    """release(*options): what it says. It must succeed, or exit with `code`."""
    monkeypatch.chdir(own.root)

    def of(*options, code=0):
        done = CliRunner().invoke(app, ["release", *options])
        assert done.exit_code == code, done.output
        return done.output

    return of


@pytest.fixture
def released(own, release):
    """The course, released once."""
    assert f"{NAME}: wrote" in release()
    return own


def test_a_second_release_says_that_nothing_changed_and_runs_no_tool(released, release, monkeypatch):
    monkeypatch.setattr("autograder.interop.otter.run_tool", None)
    monkeypatch.setattr("autograder.interop.nbgrader.run_tool", None)
    said = release()
    assert NOTHING in said
    assert "open first: nothing changed" in said
    assert f"{NAME}: fresh" in release("--check")


@pytest.mark.parametrize(
    "place",
    [
        "solutions/a9_test/notebook.py",
        "solutions/a9_test/hidden_checks.py",
        "solutions/a9_test/assignment.toml",
        "assignments/a9_test/a9_test.ipynb",
        "work/otter/a9_test/autograder.zip",
    ],
)
def test_a_byte_on_either_side_ends_it(released, place):
    assert is_unchanged(released, NAME)
    with (released.root / place).open("ab") as file:
        file.write(b"\n")
    assert not is_unchanged(released, NAME)


def test_a_new_file_a_lost_one_and_a_lost_folder_end_it(released):
    extra = released.solutions / NAME / "more.py"
    extra.write_text("")
    assert not is_unchanged(released, NAME)
    extra.unlink()
    assert is_unchanged(released, NAME)
    shutil.rmtree(released.assignments / NAME)
    assert not is_unchanged(released, NAME)


def test_another_version_of_anything_installed_ends_it(released, monkeypatch):
    monkeypatch.setattr(unchanged, "_versions", lambda: "numpy-99.0.dist-info")
    assert not is_unchanged(released, NAME)


def test_a_sample_and_what_opening_a_notebook_leaves_end_nothing(released):
    sample = next((released.solutions / NAME / "samples").rglob("*.py"))
    sample.write_text(sample.read_text() + "\n")
    (released.assignments / NAME / ".ipynb_checkpoints").mkdir()
    (released.assignments / NAME / ".ipynb_checkpoints" / "a9_test.ipynb").write_text("{}")
    assert is_unchanged(released, NAME)


@pytest.mark.parametrize("record", [b"", b"{}", b'{"folders": ["/"]}', b"\xff"])
def test_a_record_that_cannot_be_read_is_none(released, record):
    (released.work / "release" / f"{NAME}.json").write_bytes(record)
    assert not is_unchanged(released, NAME)


def test_what_changed_is_made_and_tried_again_and_then_known(released, release):
    file = released.solutions / NAME / "notebook.py"
    file.write_text(file.read_text() + "\n# %% [markdown]\n# The end.\n")
    assert f"{NAME}: stale" in release("--check", code=1)
    assert f"{NAME}: wrote" in release()
    assert "The end." in (released.assignments / NAME / f"{NAME}.ipynb").read_text()
    assert NOTHING in release()


@pytest.mark.parametrize("change", ["saves", "breaks", "removes"])
def test_a_text_that_changes_while_its_release_is_made_is_released_again(own, change):
    notebook, settings = (own.solutions / NAME / file for file in ("notebook.py", "assignment.toml"))
    changes = {
        "saves": lambda: notebook.write_text(notebook.read_text() + "\n# %% [markdown]\n# The end.\n"),
        "breaks": lambda: settings.write_text("[["),
        "removes": notebook.unlink,
    }

    def at_the_end(stage):
        if stage == build.WRITING:
            changes[change]()

    assert build.release(own, NAME, at_the_end, tried=True)
    assert not is_unchanged(own, NAME)


def test_a_text_that_stays_while_its_release_is_made_is_known(own):
    build.release(own, NAME, tried=True)
    assert is_unchanged(own, NAME)


def test_a_solution_that_no_sandbox_ran_is_not_remembered(own, release, monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    assert "NOT TRIED" in release()
    assert not is_unchanged(own, NAME)


def test_a_changed_first_page_is_written_again(released, release):
    (released.root / "first.html").write_text("<p>Begin there.")
    assert "open first: stale" in release("--check", code=1)
    assert "open first: wrote" in release()
    assert (released.assignments / "first.html").read_text() == "<p>Begin there."
