"""Each module has one class, graded once. Its fixture `collected` runs the host's page, and is what the commands said."""

import shutil

import pytest
from hosts.the_class import make_course


@pytest.fixture(scope="session")
def made_course(tmp_path_factory):
    root = tmp_path_factory.mktemp("class_of_24") / "course"
    return root, make_course(root)


@pytest.fixture(scope="session")
def notebooks(made_course):
    """{number of points: a notebook that earns them}."""
    return made_course[1]


@pytest.fixture(scope="module")
def class_folder(made_course, tmp_path_factory):
    """The course in which a module's class is collected and graded."""
    return shutil.copytree(made_course[0], tmp_path_factory.mktemp("a_class") / "course")


@pytest.fixture
def root(class_folder, collected, monkeypatch):
    """The course's folder, in which the commands run."""
    monkeypatch.chdir(class_folder)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    return class_folder


@pytest.fixture
def new_root(made_course, tmp_path, monkeypatch):
    """A course of which nothing is collected."""
    root = shutil.copytree(made_course[0], tmp_path / "course")
    monkeypatch.chdir(root)
    return root
