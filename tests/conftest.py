"""Shared by all tests: a small course of one skeleton assignment, and the sandbox tiers this machine has."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.authoring.assignment import load_assignment
from autograder.authoring.samples import notebook_text, solved_cells, starter_cells
from autograder.course import open_course
from autograder.interop import nbgrader, otter
from autograder.sandbox.tiers import open_sandbox
from autograder.scaffold import new

ROOT = Path(__file__).resolve().parents[1]


def pytest_configure(config):
    config.addinivalue_line("filterwarnings", "ignore:Jupyter is migrating:DeprecationWarning")


# Half a minute and more each. They come first, so that at the end no core waits for one of them.
LONG = (
    "test_parity.py test_audit.py test_stability.py test_formgrader.py test_executor.py test_jupyterlab.py test_fuzz.py "
    "test_kills.py test_public_checks.py test_release.py test_cli.py test_nbgrader_commands.py test_wheel.py test_class.py"
).split()


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


def available_tiers():
    return ["A", "B"] if shutil.which("bwrap") else ["B"]


@pytest.fixture(scope="session", params=["A", "B"])
def zygote(request, skeleton):
    """A warm sandbox, once in each tier."""
    if request.param not in available_tiers():
        pytest.skip("bubblewrap is not installed: tier A cannot be tested here")
    with open_sandbox({skeleton.name: skeleton.handouts}, request.param) as opened:
        yield opened


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """A course with the skeleton assignment a9_test."""
    root = tmp_path_factory.mktemp("course")
    (root / "course.toml").write_text('title = "Test course"\n')
    made = open_course(root)
    new(made, "a9_test")
    return made


@pytest.fixture(scope="session")
def skeleton(course):
    return load_assignment(course.solutions / "a9_test")


@pytest.fixture
def hand_in(tmp_path):
    """hand_in(student, text) writes a notebook where `autograder grade` looks for it."""
    root = tmp_path / "submitted"
    root.mkdir()

    def write(student, data, assignment="a9_test", name=None):
        folder = root / student / assignment
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / (name or f"{assignment}.ipynb")
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    write.root = root
    return write


@pytest.fixture(scope="session")
def solved(skeleton):
    return notebook_text(solved_cells(skeleton))


@pytest.fixture(scope="session")
def starter(skeleton):
    return notebook_text(starter_cells(skeleton))


@pytest.fixture(scope="session", autouse=True)
def each_release_once():
    """`otter assign` and `nbgrader generate_assignment` take seconds, and are asked for the same again and again."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((otter, "assign"), (nbgrader, "generate_release")):
            patch.setattr(module, name, _once(getattr(module, name)))
        yield


def _once(real):
    """The same, run once for each text. `anew`: the real one."""
    made = {}

    def run(assignment, *metadata):
        parts = (assignment.name, assignment.suite_sha256, assignment.cells, assignment.handouts, metadata)
        if repr(parts) not in made:
            made[repr(parts)] = real(assignment, *metadata)
        return made[repr(parts)]

    run.anew = real
    return run
