"""The arena, once in each tier that this machine has."""

import shutil

import pytest
from attacks.arena import FOLDER, Arena
from attacks.catalogue import EVERY_TEST

from autograder.assignment.assignment import load_assignment
from autograder.course import open_course
from autograder.sandbox.tiers import open_sandbox


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Note them before pytest leaves any out: test_catalogue.py would have to collect them again."""
    config.stash[EVERY_TEST] = [item.nodeid for item in items]


@pytest.fixture(scope="session")
def suite(tmp_path_factory):
    """Two questions: `mean_square`, the one attacked, and `double`, which must keep its points."""
    root = tmp_path_factory.mktemp("arena")
    (root / "course.toml").write_text('title = "Arena"\n')
    folder = root / "solutions" / "arena"
    folder.mkdir(parents=True)
    for file in FOLDER.iterdir():
        if file.is_file():
            (folder / file.name).write_text(file.read_text())
    return load_assignment(open_course(root).solutions / "arena")


@pytest.fixture(scope="session", params=["A", "B"])
def arena(request, suite, tmp_path_factory):
    """The arena, once in each tier."""
    if request.param == "A" and shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed: tier A cannot be tested here")
    with open_sandbox({"arena": suite.handouts}, request.param) as zygote:
        yield Arena(suite, zygote, tmp_path_factory.mktemp("submitted"))
