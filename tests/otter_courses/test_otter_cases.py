"""Our engine gives the results of the real `otter run`, on every case that was recorded."""

import pytest
from otter_courses.cases import EXPECTED, as_recorded, graded, recorded

from autograder.sandbox.launcher import Kernel
from autograder.sandbox.tiers import open_sandbox


@pytest.fixture(scope="module")
def warm():
    with open_sandbox({}, None, Kernel(())) as zygote:
        yield zygote


@pytest.mark.parametrize("name", EXPECTED)
def test_a_submission_gets_what_otter_run_gives(name, warm):
    result, written = graded(name, warm)
    assert rounded(as_recorded(result, written)) == rounded(recorded(name)), result.reason


def rounded(value):
    """The value with its floats at nine places: otter's sums and ours may differ in the last bit."""
    match value:
        case dict():
            return {key: rounded(part) for key, part in value.items()}
        case list():
            return [rounded(part) for part in value]
        case float():
            return round(value, 9)
    return value
