"""Lets plain `pytest solutions/` run the hidden checks against the author's own solution, in one process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import numpy as np

    from autograder.authoring.student import Student
from autograder.assignment.assignment import Assignment


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> pytest.Module | None:
    """Collect hidden_checks.py beside an assignment.toml, without regard to pytest's file patterns."""
    if file_path.name == "hidden_checks.py" and (file_path.parent / "assignment.toml").is_file():
        return pytest.Module.from_parent(parent, path=file_path)
    return None


def _assignment_of(request: pytest.FixtureRequest) -> Assignment:
    from autograder.assignment.assignment import load_assignment

    return load_assignment(request.path.parent)


@pytest.fixture(scope="module")
def assignment(request: pytest.FixtureRequest) -> Assignment:
    """The assignment whose folder the test file is in."""
    return _assignment_of(request)


@pytest.fixture(scope="module")
def _solution_names(assignment: Assignment) -> dict[str, Any]:
    from autograder.assignment.source import solution_names

    with assignment.in_folder():
        return solution_names(assignment.cells, assignment.handouts)


@pytest.fixture
def student(_solution_names: dict[str, Any], assignment: Assignment) -> Iterator[Student]:
    """The author's solution as a Student. It works in the assignment's folder if there is data."""
    from autograder.authoring.inprocess import PlainStudent

    with assignment.in_folder():
        yield PlainStudent(_solution_names)


@pytest.fixture
def reference(assignment: Assignment) -> Any:
    """The reference module of assignment.toml."""
    return assignment.reference


@pytest.fixture
def rng() -> np.random.Generator:
    """A fixed generator for the author's tests. The grader draws new inputs for each submission."""
    import numpy as np

    return np.random.default_rng(0)


@pytest.fixture
def memo() -> None:
    """Checks share nothing in the author's tests."""
