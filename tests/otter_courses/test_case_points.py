"""Points of test cases, worked by hand from otter's documented rules."""

import pytest

from autograder.errors import CourseError
from autograder.otter_courses.case_points import resolved_points

CASES = {
    "nothing stated is one point, shared": (None, [None, None, None, None], [0.25] * 4),
    "a total is shared": (6, [None, None, None], [2, 2, 2]),
    "a total leaves what is not stated": (6, [5, None, None], [5, 0.5, 0.5]),
    "stated points without a total leave nothing": (None, [2, None], [2, 0]),
    "zeros are as if nothing were stated": (None, [0, None, None], [0, 0.5, 0.5]),
    "only zeros stay zeros": (None, [0, 0], [0, 0]),
    "a total of zero": (0, [None, None], [0, 0]),
    "a total that nobody can use is ignored": (9, [1, 2], [1, 2]),
    "a list counts for the cases": ([1, 2, 3], [9, 9, 9], [1, 2, 3]),
    "points may be negative": (3, [-1, None], [-1, 4]),
    "a negative and a positive that cancel": (None, [2, -2, None], [2, -2, 0]),
    "no cases": (2, [], []),
}


@pytest.mark.parametrize("name", CASES)
def test_points_are_shared_as_in_otter(name):
    total, cases, expected = CASES[name]
    assert list(resolved_points(total, cases)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("total", "cases", "words"),
    [
        ([1], [None, None], "expected 2 numbers, one a test case, got 1"),
        (2, [3, None], "expected at most 2 in the test cases, got 3"),
        ("2", [None], "expected a number, got str"),
        (None, ["1"], "expected a number in a test case, got str"),
        (None, [True], "expected a number in a test case, got bool"),
        (float("inf"), [None], "expected a number, got float"),
        (None, [float("nan")], "expected a number, got float"),
    ],
)
def test_points_that_make_no_sense_are_one_line(total, cases, words):
    with pytest.raises(CourseError, match=words):
        resolved_points(total, cases)
