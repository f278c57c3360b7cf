"""Gradescope: two exports of *Export Submissions*, its roster, results.json, and feedback as pages and mail.

`submission_metadata.yml` has a mapping of symbols, `submission_N` → `:submitters`, `:created_at`, as Ruby writes YAML.
An export has the active submission of each, so an attempt before it is in an earlier export. Time is Gradescope's own.
"""

import contextlib
import json

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
    TITLE,
    TWICE,
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
    zipped,
)

AT = {
    FIRST: "2026-10-10 16:00:00.123456789 Z",
    IN_TIME: "2026-10-12 18:00:00 Z",
    TWO_DAYS_LATE: "2026-10-14 10:00:00 Z",
}


def number(student, when):
    """Each submission has its own number."""
    return 300 + student.number + (100 if student is TWICE and when != FIRST else 0)


def listed_as(student, when):
    """A submission in the list. A group's has two submitters."""
    moment = AT[TWO_DAYS_LATE if student is LATE else IN_TIME if student is TWICE and when != FIRST else FIRST]
    text = f"submission_{number(student, when)}:\n  :submitters:\n"
    for person in MEMBERS if student is MEMBERS[0] else (student,):
        name = person.name.replace("'", "''")
        text += f"  - :name: '{name}'\n    :sid: '{person.sid}'\n    :email: {person.email}\n"
    return (
        text
        + f"  :created_at: {moment}\n  :score: 0.0\n  :status: processed\n  :results:\n    tests: []\n  :history: []\n"
    )


def export(path, notebooks, when):
    works = {s: work for s in PEOPLE if (work := work_of(s, notebooks, when)) and s is not MEMBERS[1]}
    top = "assignment_4711_export"
    files = {f"{top}/submission_metadata.yml": "---\n" + "".join(listed_as(s, when) for s in works)}
    for student, (file, data) in works.items():
        files[f"{top}/submission_{number(student, when)}/{file}"] = data
    return zipped(path, files)


def roster():
    """*Download Roster*, with a teacher in it."""
    rows = [["First Name", "Last Name", "SID", "Email", "Role", "Sections"]]
    rows += [[s.first, s.last, s.sid, s.email, "Student", "CS1"] for s in STAYING]
    return csv_bytes([*rows, ["Tim", "Teacher", "", "tim@uni.example", "Instructor", ""]], end="\n")


def canvas_gradebook():
    rows = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", TITLE],
        ["    Points Possible", *[""] * 4, "31.00"],
    ]
    rows += [
        [f"{s.last}, {s.first}", s.canvas_id, s.sid, s.email, "CS1", "EX" if s is EXCUSED else ""] for s in STAYING
    ]
    return csv_bytes(rows)


@pytest.fixture(scope="module")
def collected(class_folder, notebooks):
    """What the page's commands said. An export has times, so only an attempt before the newest needs one of its own."""
    with contextlib.chdir(class_folder):
        (class_folder / "roster.csv").write_bytes(roster())
        (class_folder / "gradebook.csv").write_bytes(canvas_gradebook())
        excuse(class_folder, EXCUSED.sid)
        source = export(class_folder / "assignment_4711_export.zip", notebooks, FIRST)
        run("collect", source, "-a", NAME, "--roster", "roster.csv", code=1)
        export(source, notebooks, TWO_DAYS_LATE)
        return run_page("gradescope", "roster.csv")


def test_a_class_of_24_from_gradescope(root, collected):
    assert listed(
        collected[0],
        {
            f"submission_{number(PDF, FIRST)}": "expected a notebook, got 'a6_bits.pdf'",
            f"submission_{number(SCRIPT, FIRST)}": "expected a notebook, got 'a6_bits.py'",
            f"submission_{number(LEFT, FIRST)}": "nobody in the roster has the id",
        },
    )
    assert marks("roster.csv") == expected_marks(lambda s: s.sid)

    out, err = run("export", "gradescope", "--roster", "roster.csv")
    assert (f"({len(SCORED)} submissions)" in out, err) == (True, "")
    results = {path.stem: json.loads(path.read_text()) for path in (root / "work/exports/gradescope" / NAME).iterdir()}
    assert {student: result["score"] for student, result in results.items()} == {s.sid: SCORES[s.login] for s in SCORED}
    assert results[LATE.sid]["output"].startswith("2 days late: 12.8 of 16 points count.")


def test_scores_of_gradescopes_class_go_into_canvas(root, collected):
    """Gradescope takes no scores from a file; a course that uses it has its gradebook somewhere else."""
    (root / "gradebook.csv").write_bytes(canvas_gradebook())
    out, err = run("export", "canvas", "--roster", "roster.csv", "--template", "gradebook.csv")
    assert (f"({len(SCORED)} scores)" in out, err) == (True, "")
    cells = {row["ID"]: row[TITLE] for row in table((root / "work/exports/canvas.csv").read_bytes()) if row["ID"]}
    assert {i: text for i, text in cells.items() if text} == {
        str(s.canvas_id): f"{SCORES[s.login]:g}" for s in SCORED
    } | {str(EXCUSED.canvas_id): "EX"}


def test_feedback_of_a_class_of_24_on_gradescope_goes_out_as_mail_and_as_links(root, collected):
    assert sent_and_linked(root, "roster.csv", lambda s: s.sid)


def test_the_commands_of_gradescopes_page_bring_everything_back(collected):
    *_, returned, spreadsheet, exported = collected
    assert f"would send {len(SCORED)} messages" in returned
    assert f"({len(STAYING)} rows)" in spreadsheet
    assert f"({len(SCORED)} scores)" in exported
