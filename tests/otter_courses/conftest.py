"""A warm sandbox for otter's courses, with pandas."""

import pytest

from autograder.sandbox.launcher import Kernel
from autograder.sandbox.tiers import open_sandbox


@pytest.fixture(scope="session")
def warm():
    with open_sandbox({}, None, Kernel(("pandas",))) as zygote:
        yield zygote
