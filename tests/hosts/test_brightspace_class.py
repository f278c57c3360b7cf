"""Brightspace: the assignment's *Download*, our roster with groups, the exported grades, and feedback as mail.

A folder a submission, `NUMBER-NUMBER - FIRST LAST - Oct 12, 2026 800 PM`, in the time of the university. It has the name
only, so the work of two people of one name is listed for a person to decide.
"""

import contextlib
import unicodedata
from datetime import datetime

import pytest
from hosts.the_class import (
    EXCUSED,
    FIRST,
    IN_TIME,
    LATE,
    LEFT,
    MEMBERS,
    NAME,
    NOTHING,
    PDF,
    PEOPLE,
    SCORED,
    SCORES,
    SCRIPT,
    TEAM,
    TITLE,
    TWICE,
    TWO_DAYS_LATE,
    csv_bytes,
    expected_marks,
    listed,
    marks,
    our_roster,
    run,
    run_page,
    table,
    work_of,
    zipped,
)

COLUMN = f"{TITLE} Points Grade <Numeric MaxPoints:31>"
SAME_NAME = PEOPLE[:2]
PLACED = [student for student in SCORED if student not in SAME_NAME]


def folder(student, when):
    moment = datetime.fromisoformat(when)
    clock = f"{moment:%b} {moment.day}, {moment.year} {int(f'{moment:%I}')}{moment:%M} {moment:%p}"
    name = TEAM if student is MEMBERS[0] else student.name
    return unicodedata.normalize("NFD", f"{152700 + student.number}-351765 - {name} - {clock}")  # packed on a Mac


def archive(path, notebooks):
    files = {"index.html": b"<html>All submissions</html>"}
    for student in PEOPLE:
        times = [FIRST, IN_TIME] if student is TWICE else [TWO_DAYS_LATE] if student is LATE else [IN_TIME]
        for when in times:
            if (work := work_of(student, notebooks, when)) and student is not MEMBERS[1]:
                files[f"{folder(student, when)}/{work[0]}"] = work[1]
    return zipped(path, files)


def grades():
    rows = [["OrgDefinedId", "Username", "Last Name", "First Name", "Email"]]
    rows[0] += ["Quiz 1 Points Grade <Numeric MaxPoints:10>", COLUMN, "End-of-Line Indicator"]
    rows += [[f"#{s.sid}", f"#{s.login}", s.last, s.first, s.email, "7.5", "", "#"] for s in PEOPLE]
    return csv_bytes(rows, "utf-8-sig")


@pytest.fixture(scope="module")
def collected(class_folder, notebooks):
    """What the page's commands said. One download holds all submissions and their times."""
    with contextlib.chdir(class_folder):
        (class_folder / "students.csv").write_bytes(our_roster())
        (class_folder / "grades.csv").write_bytes(grades())
        archive(class_folder / "submissions.zip", notebooks)
        return run_page("brightspace", "students.csv")


def test_a_class_of_24_from_brightspace(root, collected):
    assert listed(
        collected[0],
        {
            PDF.name: "expected a notebook, got 'a6_bits.pdf'",
            SCRIPT.name: "expected a notebook, got 'a6_bits.py'",
            SAME_NAME[0].name: "2 students of the roster have the name 'Jane Doe'",
        },
    )
    same = {student.login: ("missing", "0", "0", "0") for student in SAME_NAME}
    assert marks("students.csv") == expected_marks(lambda s: s.login) | same

    (root / "grades.csv").write_bytes(grades())
    out, err = run("export", "brightspace", "--template", "grades.csv")
    assert f"({len(PLACED)} scores)" in out
    assert err == f"autograder: {LEFT.login}: in grades.csv, left the class: the row stays as it is\n"
    rows = table((root / "work/exports/brightspace.csv").read_bytes())
    assert list(rows[0]) == ["OrgDefinedId", "Username", COLUMN, "End-of-Line Indicator"]
    cells = {row["Username"]: row[COLUMN] for row in rows}
    assert {user: float(text) for user, text in cells.items() if text} == {
        f"#{s.login}": SCORES[s.login] for s in PLACED
    }
    assert {user for user, text in cells.items() if not text} == {
        f"#{s.login}" for s in (NOTHING, EXCUSED, LEFT, *SAME_NAME)
    }


def test_feedback_of_a_class_of_24_on_brightspace_goes_out_as_mail(root, collected):
    out, _ = run("return", "--to", "email", "--dry-run")
    assert f"would send {len(PLACED)} messages" in out
    assert all(student.email in out for student in PLACED)


def test_brightspaces_exported_grades_are_a_roster(new_root, notebooks):
    """Without groups, no other list is needed."""
    (new_root / "grades.csv").write_bytes(grades())
    out, _ = run("collect", archive(new_root / "d.zip", notebooks), "-a", NAME, "--roster", "grades.csv", code=1)
    assert "16 placed" in out


def test_the_commands_of_brightspaces_page_bring_everything_back(collected):
    *_, exported, returned = collected
    assert f"({len(PLACED)} scores)" in exported
    assert f"would send {len(PLACED)} messages" in returned
