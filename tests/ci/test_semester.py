"""A class with odd students over a change of clocks: each has a row, is told why, and nobody is late wrongly."""

import shutil

import pytest
from ci.odd_students import AFTER, ODD
from ci.semester import JOBS, Semester
from conftest import available_tiers

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.skipif("A" not in available_tiers(), reason="the workflow insists on sandbox tier A: needs bubblewrap"),
    pytest.mark.skipif(not shutil.which("git"), reason="git is not installed"),
]


@pytest.fixture(scope="module")
def semester(tmp_path_factory):
    made = Semester(tmp_path_factory.mktemp("semester"), (ODD, AFTER), 42)
    with made.host():
        made.run(*JOBS)
        yield made


def test_each_student_has_a_row_an_assignment_and_is_told_what_is_odd(semester):
    differences = semester.differences()
    assert not differences, "\n".join(differences)


def test_jobs_that_are_run_again_change_neither_the_record_nor_an_issue(semester):
    """On machines that are new, as every night: nothing is left of the first run but its artifacts."""
    before = semester.tip, semester.school.issues(), len(semester.school.hosts.created)
    semester.run(*JOBS)
    assert (semester.tip, semester.school.issues(), len(semester.school.hosts.created)) == before
    assert not list(semester.root.rglob("owned"))
