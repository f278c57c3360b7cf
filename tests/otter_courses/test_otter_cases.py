"""Our engine gives the results of the real `otter run`, on every case that was recorded."""

import pytest
from otter_courses import course_cases, more_cases
from otter_courses.cases import CASES, EXPECTED, MORE, as_recorded, graded, recorded, rounded


@pytest.mark.parametrize("name", EXPECTED)
def test_a_submission_gets_what_otter_run_gives(name, warm):
    case = EXPECTED[name]
    result, written = graded(CASES / case["autograder"], CASES / case["submission"], warm)
    assert rounded(as_recorded(result, written)) == rounded(recorded(case)), result.reason


@pytest.mark.parametrize("name", more_cases.CASES)
def test_what_teachers_write_and_students_do_counts_as_in_otter_run(name, warm, tmp_path):
    case = more_cases.CASES[name]
    result, written = graded(*more_cases.write(case, tmp_path), warm)
    assert rounded(as_recorded(result, written)) == rounded(recorded(MORE[name])), result


@pytest.mark.parametrize("name", list(course_cases.CASES)[::4])
def test_what_courses_write_counts_as_in_otter_run(name, warm, tmp_path):
    """All of them: `make parity`."""
    result, written = graded(*more_cases.write(course_cases.CASES[name], tmp_path), warm)
    assert rounded(as_recorded(result, written)) == rounded(recorded(MORE[name])), result
