"""Blackboard: *Assignment File Download* with all attempts, our roster with groups, the file of *Work Offline*, mail.

Names are `ASSIGNMENT_USER_attempt_YYYY-MM-DD-HH-MM-SS_FILE`, in the time of the university, with a text file beside.
"""

import contextlib

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
    STAYING,
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
    sent_and_linked,
    table,
    work_of,
    zipped,
)

COLUMN = f"{TITLE} [Total Pts: 31 Score] |77"
ABOUT = """Name: {name} ({user})
Assignment: {title}
Date Submitted: Monday, October 12, 2026 8:00:00 PM CEST
Current Grade: Not Yet Graded

Submission Field:
There is no student submission text data for this assignment.

Comments:
There are no student comments for this assignment.

Files:
\tOriginal filename: {file}
\tFilename: {start}_{file}
"""


def attempt(student, notebooks, when):
    """{name: bytes} of one attempt."""
    work = work_of(student, notebooks, when)
    if not work or student is MEMBERS[1]:
        return {}
    user = TEAM if student is MEMBERS[0] else student.login
    start = f"{TITLE}_{user}_attempt_{when[:16].replace('T', '-').replace(':', '-')}-00"
    about = ABOUT.format(name=student.name, user=user, title=TITLE, file=work[0], start=start)
    return {f"{start}_{work[0]}": work[1], f"{start}.txt": about.encode()}


def archive(path, notebooks):
    files = {}
    for student in PEOPLE:
        times = [FIRST, IN_TIME] if student is TWICE else [TWO_DAYS_LATE] if student is LATE else [IN_TIME]
        for when in times:
            files |= attempt(student, notebooks, when)
    return zipped(path, files)


def grades():
    """Tabs and UTF-16, with the ending .xls; another assignment and a total; the student who left is still in it."""
    rows = [["Last Name", "First Name", "Username", "Student ID", "Last Access", "Availability"]]
    rows[0] += ["Quiz 1 [Total Pts: 10 Score] |70", COLUMN, "Total [Total Pts: up to 41 Score] |60"]
    for s in PEOPLE:
        person = [s.last, s.first, s.login, s.sid, "2026-10-12 20:00:00", "No" if s is LEFT else "Yes"]
        rows.append([*person, "7.5", "", "7.5"])
    return b"\xff\xfe" + csv_bytes(rows, "utf-16-le", "\t", quoting=1)


@pytest.fixture(scope="module")
def collected(class_folder, notebooks):
    """What the page's commands said. One download holds all attempts and their times."""
    with contextlib.chdir(class_folder):
        (class_folder / "students.csv").write_bytes(our_roster())
        (class_folder / "gc.xls").write_bytes(grades())
        archive(class_folder / "gradebook.zip", notebooks)
        return run_page("blackboard", "students.csv")


def test_a_class_of_24_from_blackboard(root, collected):
    assert listed(
        collected[0],
        {PDF.login: "expected a notebook, got 'a6_bits.pdf'", SCRIPT.login: "expected a notebook, got 'a6_bits.py'"},
    )
    assert marks("students.csv") == expected_marks(lambda s: s.login)

    (root / "gc.xls").write_bytes(grades())
    out, err = run("export", "blackboard", "--template", "gc.xls")
    assert f"({len(SCORED)} scores)" in out
    assert err == f"autograder: {LEFT.login}: in gc.xls, left the class: the row stays as it is\n"
    rows = table((root / "work/exports/blackboard.xls").read_bytes(), "utf-16", "\t")
    assert list(rows[0]) == ["Last Name", "First Name", "Username", "Student ID", "Last Access", "Availability", COLUMN]
    cells = {row["Username"]: row[COLUMN] for row in rows}
    assert {user: float(text) for user, text in cells.items() if text} == SCORES
    assert {user for user, text in cells.items() if not text} == {s.login for s in (NOTHING, EXCUSED, LEFT)}
    assert {row["Student ID"] for row in rows} == {s.sid for s in PEOPLE}


def test_feedback_of_a_class_of_24_on_blackboard_goes_out_as_mail_and_as_links(root, collected):
    assert sent_and_linked(root, "students.csv", lambda s: s.login)


def test_blackboards_file_of_grades_is_a_roster(new_root, notebooks):
    """Without groups, no other list is needed."""
    (new_root / "gc.xls").write_bytes(grades())
    out, _ = run("collect", archive(new_root / "gradebook.zip", notebooks), "-a", NAME, "--roster", "gc.xls", code=1)
    assert "18 placed" in out


def test_the_commands_of_blackboards_page_bring_everything_back(collected):
    *_, exported, returned = collected
    assert f"({len(SCORED)} scores)" in exported
    assert f"would send {len(SCORED)} messages" in returned


def test_a_roster_of_user_names_addresses_and_groups_is_enough(new_root, notebooks):
    rows = [["id", "name", "email", "groups"]]
    rows += [[s.login, s.name, s.email, TEAM if s in MEMBERS else ""] for s in STAYING]
    (new_root / "students.csv").write_bytes(csv_bytes(rows))
    out, _ = run("collect", archive(new_root / "gradebook.zip", notebooks), "-a", NAME, code=1)
    assert "19 placed, 1 new attempt," in out
