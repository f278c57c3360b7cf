"""Folders around a host's download are looked through where no student can have named them."""

import pytest
from intake.counter import notebook, zipped

CANVAS = "doejane_1001_50001_a1.ipynb"
MOODLE = "Bob Ray_7_assignsubmission_file_/a1.ipynb"
FORGED = "HW_jane_attempt_2020-01-01-00-00-00_a1.ipynb"
ROSTER = "id,canvas_id,login,name\njane,1001,jane,Jane Doe\nbob,1002,bob,Bob Ray\n"


def collected(counter, *names, **options):
    source = zipped(counter.folder / "s.zip", {name: notebook(name) for name in names})
    return counter.collect(source, **options)


@pytest.mark.parametrize(
    "top",
    [
        "submissions",
        "Submissions (1)",
        "download",
        "gradebook_cs_hw1",
        "Homework-3",
        "A1",
        "Übung 3",
        "Lab 2",
    ],
)
def test_a_name_that_no_student_has_is_looked_through(counter, top):
    assert collected(counter, f"{top}/{CANVAS}", f"__MACOSX/{top}/._{CANVAS}") == ([("1001", "a1", "new")], [])


@pytest.mark.parametrize(
    "top", ["jane", "doej", "s1234567", "Jane.Doe", "jane@uni.edu", "hw12", "lab3", "weeks-a", "sakai"]
)
@pytest.mark.parametrize("name", [CANVAS, MOODLE, FORGED])
def test_a_name_that_can_be_a_students_is_one_line(counter, top, name):
    """The student in it would choose whose work it is, and the time."""
    others = [name.replace("50001", "50002").replace("a1.i", "b.i"), name.replace("1001_50001", "1003_7")]
    taken, ((_, reason),) = collected(counter, *{f"{top}/{each}" for each in (name, *others)})
    assert (taken, counter.files()) == ([], {})
    assert f"one folder at the top, '{top}' (of a student)" in reason
    assert "Hint: give --roster, or collect the folder inside" in reason


@pytest.mark.parametrize("name, student", [(CANVAS, "jane"), (MOODLE, "bob"), (FORGED, "jane")])
def test_with_a_roster_any_other_name_is_looked_through(counter, name, student):
    assert collected(counter, f"nov29/x/{name}", roster=ROSTER) == ([(student, "a1", "new")], [])


@pytest.mark.parametrize("tops", ["bob", "bob/x", "submissions/bob"])
@pytest.mark.parametrize("name", [CANVAS, FORGED])
def test_a_student_of_the_roster_stays_the_student_at_every_depth(counter, tops, name):
    collected(counter, f"{tops}/{name}", roster=ROSTER)
    assert "jane" not in {path.partition("/")[0] for path in counter.files()}


def test_at_most_three_folders_are_looked_through(counter):
    assert collected(counter, f"submissions/homework1/download/{CANVAS}")[0] == [("1001", "a1", "new")]
    assert collected(counter, f"Week 1/submissions/homework1/download/{CANVAS}")[0] == []
