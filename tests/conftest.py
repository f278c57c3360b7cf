"""Shared by all tests: a small course of one skeleton assignment, and the sandbox tiers this machine has."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
from pathlib import Path

import hypothesis
import pytest
import spared
import typer.main
import typer.testing
from patience import be_patient
from sharing import Releases, Sandboxes, Templates

from autograder import html_pages
from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import notebook_text, solved_cells, starter_cells
from autograder.course import bundled_course, open_course
from autograder.grading import grader
from autograder.interop import gradescope_container, nbgrader, otter
from autograder.publishing import replaying
from autograder.release import trial
from autograder.sandbox import launcher, prestart, tiers
from autograder.sandbox.tiers import open_sandbox
from autograder.scaffold import new

ROOT = Path(__file__).resolve().parents[1]


SLOW = [hypothesis.HealthCheck.too_slow]  # it measures time, as a deadline does


def pytest_configure(config):
    """Hypothesis draws the same examples each time, and gives each the time it needs; `make flaky` has other seeds."""
    same = config.getoption("--hypothesis-seed") is None
    hypothesis.settings.register_profile("suite", derandomize=same, deadline=None, suppress_health_check=SLOW)
    hypothesis.settings.load_profile("suite")
    config.addinivalue_line("filterwarnings", "ignore:Jupyter is migrating:DeprecationWarning")


def available_tiers():
    return ["A", "B"] if shutil.which("bwrap") else ["B"]


@pytest.fixture(scope="session")
def zygote_of(skeleton):
    """zygote_of(tier): a warm sandbox, opened once; not one of `sandboxes`, which a test of grading may kill."""
    with contextlib.ExitStack() as stack:

        @functools.cache
        def of(tier):
            if tier not in available_tiers():
                pytest.skip("bubblewrap is not installed: tier A cannot be tested here")
            return stack.enter_context(open_sandbox({skeleton.name: skeleton.handouts}, tier))

        yield of


@pytest.fixture(scope="session", params=["A", "B"])
def zygote(request, zygote_of):
    """A warm sandbox, once in each tier."""
    return zygote_of(request.param)


@pytest.fixture
def worker_copy(monkeypatch, tmp_path):
    """The folder of the worker that is started from now on: a copy, to be changed."""
    copy = tmp_path / "worker"
    shutil.copytree(launcher._WORKER, copy)  # with its compiled files, which are valid here
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_mode & 0o055 != 0o055 and folder.owner() == tmp_path.owner():
            folder.chmod(folder.stat().st_mode | 0o055)  # pytest's are private, and root's student code is another user
    monkeypatch.setattr(launcher, "_WORKER", copy)
    return copy


@pytest.fixture
def without_matplotlib(worker_copy):
    """The worker that is started from now on leaves matplotlib to notebooks: its import is half of a start.

    It imports all else: after it gave up root, a worker may find no file any more.
    """
    for file, lines in {
        "warm_start.py": '_WARM = [name for name in _WARM if name[:3] not in {"mat", "mpl"}]\n_draw_once = int\n',
        "pyplot_figures.py": "follow_show = int\n",
    }.items():
        with (worker_copy / file).open("a") as module:
            module.write(lines)


@pytest.fixture
def altered(worker_copy):
    """altered(file, old, new): the worker that is started from now on is a copy with that change."""

    def alter(file, old, new):
        text = (worker_copy / file).read_text()
        assert text.count(old) == 1, f"{file} has changed: the layer is not where this test looks for it"
        (worker_copy / file).write_text(text.replace(old, new))

    return alter


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """A course with the skeleton assignment a9_test."""
    root = tmp_path_factory.mktemp("course")
    (root / "course.toml").write_text('title = "Test course"\n')
    made = open_course(root)
    be_patient(new(made, "a9_test"))
    return made


@pytest.fixture(scope="session")
def patient_course(tmp_path_factory):
    """The assignments of this repository, with limits that a busy machine keeps."""
    root, bundled = tmp_path_factory.mktemp("patient"), bundled_course()
    shutil.copy(bundled.root / "course.toml", root)
    (root / bundled.open_first).parent.mkdir()
    shutil.copy(bundled.root / bundled.open_first, root / bundled.open_first)
    shutil.copytree(bundled.solutions, root / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    made = open_course(root)
    for name in made.names():
        be_patient(made.solutions / name)
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
        path = folder / (name or f"{assignment.partition('/')[0]}.ipynb")
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


@pytest.fixture(scope="session")
def sandboxes():
    """Warm ones, each started and attacked by itself once: that takes longer than to grade ten notebooks."""
    opened = Sandboxes()
    yield opened
    opened.close()


@pytest.fixture(scope="session", autouse=True)
def each_sandbox_once(sandboxes, worker):
    """What this process grades or verifies starts no sandbox of its own. Each worker has a core it begins with.

    Tests of the start itself take `a_new_sandbox`; processes that a test starts, or forks, have their own.
    """
    found = grader.cores()
    first = worker % len(found)
    with pytest.MonkeyPatch.context() as patch:
        for module in (grader, gradescope_container, trial, replaying):
            patch.setattr(module, "open_sandbox", sandboxes.open)
        patch.setattr(grader, "cores", lambda: [*found[first:], *found[:first]])  # else all of them grade on one core
        yield


@pytest.fixture
def a_new_sandbox(monkeypatch):
    """Grading starts one, as it does outside of tests."""
    monkeypatch.setattr(grader, "open_sandbox", open_sandbox)


@pytest.fixture
def warm_commands(sandboxes, monkeypatch):
    """A command of this process opens one of `sandboxes`, and begins none ahead of time."""
    monkeypatch.setattr(tiers, "open_sandbox", sandboxes.open)
    monkeypatch.setattr(prestart, "Prestart", lambda *_: contextlib.nullcontext())


@pytest.fixture(scope="session")
def worker():
    """The number of this process among those that pytest-xdist started."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@pytest.fixture(scope="session", autouse=True)
def each_release_once(tmp_path_factory):
    """`otter assign` and `nbgrader generate_assignment` take seconds, and are asked for the same again and again."""
    base = tmp_path_factory.getbasetemp()
    releases = Releases((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "releases")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(otter, "assign", releases.kept(otter.assign))
        patch.setattr(nbgrader, "generate_release", releases.kept(nbgrader.generate_release))
        yield


@pytest.fixture(scope="session", autouse=True)
def each_template_once():
    """A page of a template is the same with and without what is kept; its filters are looked up while it is made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html_pages, "Environment", functools.partial(html_pages.Environment, bytecode_cache=Templates()))
        yield


@pytest.fixture(scope="session", autouse=True)
def each_command_line_once():
    """Typer makes all commands with their options anew for each call: longer than most of them run. None changes."""
    made = functools.cache(typer.main.get_command)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.main, "get_command", made)
        patch.setattr(typer.testing, "_get_command", made)
        yield


@pytest.fixture(scope="session", autouse=True)
def kernels_of_nobody(tmp_path_factory):
    """Jupyter kernels that tests start have no settings of whoever runs the tests; spared.py holds for them, too."""
    folder = tmp_path_factory.mktemp("ipython")
    startup = folder / "profile_default" / "startup"
    startup.mkdir(parents=True)
    shutil.copy(spared.__file__, startup)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(folder))
        yield
