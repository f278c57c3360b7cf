"""For tests that grade the skeleton's class again and again."""

import pytest

from autograder.grading import grader
from autograder.sandbox.tiers import open_sandbox


@pytest.fixture(scope="session")
def kept_open(skeleton):
    with open_sandbox({skeleton.name: skeleton.handouts}, "B") as opened:
        yield opened


@pytest.fixture
def one_sandbox(kept_open, monkeypatch):
    """Grading in tier B starts no sandbox of its own: that and its attack on itself take longer than ten submissions."""
    monkeypatch.setattr(kept_open, "close", lambda: None)
    monkeypatch.setattr(
        grader, "open_sandbox", lambda names, tier: kept_open if tier == "B" else open_sandbox(names, tier)
    )
