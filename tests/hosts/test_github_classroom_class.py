"""GitHub Classroom and its successors: the folder of `gh classroom clone student-repos`, three times; its roster.

A repository is `PREFIX-USER`, or `PREFIX-TEAM` for a group; a folder `PREFIX-submissions` holds them.
"""

import contextlib
import shutil

import pytest
from hosts.the_class import (
    EXCUSED,
    FIRST,
    IN_TIME,
    LATE,
    LEFT,
    MEMBERS,
    NAME,
    PDF,
    PEOPLE,
    SCORED,
    SCORES,
    SCRIPT,
    STAYING,
    TWO_DAYS_LATE,
    csv_bytes,
    excuse,
    expected_marks,
    listed,
    marks,
    run,
    run_page,
    sent_and_linked,
    table,
    work_of,
)


def cloned(folder, notebooks, when):
    """Repositories with what a starter repository has beside the notebook. The folder of an earlier day is removed."""
    shutil.rmtree(folder, ignore_errors=True)
    for student in PEOPLE:
        work = work_of(student, notebooks, when)
        if work and student is not MEMBERS[1]:
            repository = folder / ("bits-team-7" if student is MEMBERS[0] else f"bits-{student.github}")
            for name, data in {"README.md": b"Hi", ".github/workflows/classroom.yml": b"on: push\n"}.items():
                (repository / name).parent.mkdir(parents=True, exist_ok=True)
                (repository / name).write_bytes(data)
            (repository / ".git").mkdir(exist_ok=True)
            (repository / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
            (repository / work[0]).write_bytes(work[1])
    return folder


def roster():
    """classroom_roster.csv. Names on GitHub are not the class's: most are empty."""
    rows = [["identifier", "github_username", "github_id", "name", "group_name"]]
    rows += [[s.email, s.github, 10 * s.number, "", "team-7" if s in MEMBERS else ""] for s in STAYING]
    return csv_bytes(rows, end="\n", quoting=1)


@pytest.fixture(scope="module")
def collected(class_folder, notebooks):
    """What the page's commands said. Each archive was downloaded right when it is said to have come in."""
    with contextlib.chdir(class_folder):
        (class_folder / "classroom_roster.csv").write_bytes(roster())
        excuse(class_folder, EXCUSED.email)
        for when in (FIRST, IN_TIME, TWO_DAYS_LATE):
            source = cloned(class_folder / "bits-submissions", notebooks, when)
            run("collect", source, "-a", NAME, "--roster", "classroom_roster.csv", "--received", when, code=1)
        return run_page("github-classroom", "classroom_roster.csv")


def test_a_class_of_24_from_github_classroom(root, collected):
    assert listed(
        collected[0],
        {
            PDF.github: "expected a notebook, got 'README.md', 'a6_bits.pdf'",
            SCRIPT.github: "expected a notebook, got 'README.md', 'a6_bits.py'",
            LEFT.github: "nobody in the roster has the github",
        },
    )
    assert marks("classroom_roster.csv") == expected_marks(lambda s: s.email)
    scores = {row["student"]: row for row in table((root / "work/exports/grades.csv").read_bytes())}
    assert {s.email: float(scores[s.email]["score"]) for s in SCORED} == {s.email: SCORES[s.login] for s in SCORED}
    assert float(scores[LATE.email]["score"]) == 12.8
    out, err = run("export", "github", "--roster", "classroom_roster.csv")
    assert (f"({len(STAYING)} submissions)" in out, err) == (True, "")


def test_feedback_of_a_class_of_24_on_github_goes_out_as_mail_and_as_links(root, collected):
    assert sent_and_linked(root, "classroom_roster.csv", lambda s: s.email)


def test_the_commands_of_githubs_page_bring_everything_back(collected):
    *_, spreadsheet, returned = collected
    assert f"({len(STAYING)} rows)" in spreadsheet
    assert f"would send {len(SCORED)} messages" in returned
