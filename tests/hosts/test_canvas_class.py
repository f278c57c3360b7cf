"""Canvas: three downloads of *Download Submissions*, the groups' file as the roster, the gradebook, the feedback.

Names as in lib/content_zipper.rb, columns as in lib/gradebook_exporter.rb of instructure/canvas-lms. In an assignment of
groups a group has the number of one member, and students without a group are in the same archive under their own names.
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
    TWO_DAYS_LATE,
    csv_bytes,
    expected_marks,
    listed,
    marks,
    pages,
    run,
    run_page,
    table,
    work_of,
    zipped,
)
from returning.as_hosts_read import as_canvas_reads

COLUMN = f"{TITLE} (9001)"
UPLOADER = MEMBERS[0]


def attachment(student, when):
    """Each upload has a new number."""
    return 50000 + 100 * [FIRST, IN_TIME, TWO_DAYS_LATE].index(when) + student.number


def as_canvas_writes(student, when):
    name = TEAM if student is UPLOADER else f"{student.last}, {student.first}"
    words = "".join(c for c in name.lower() if c.isalnum() or c == "_")
    return f"{words}{'_LATE' if student is LATE else ''}_{student.canvas_id}"


def archive(path, notebooks, when):
    """Canvas gives the newest submission of each. A second upload of one name is called `-1`."""
    files = {}
    for student in PEOPLE:
        work = work_of(student, notebooks, when)
        if work and student is not MEMBERS[1]:
            file = work[0].replace(".ipynb", "-1.ipynb") if when == IN_TIME and student.login == "abyron" else work[0]
            files[f"{as_canvas_writes(student, when)}_{attachment(student, when)}_{file}"] = work[1]
    return zipped(path, files)


def gradebook(*, german=False):
    """The export, with the row of hidden assignments, another assignment's scores, totals, and the test student."""
    number = (lambda text: text.replace(".", ",")) if german else str
    heads = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Quiz 1 (8000)", COLUMN]
    totals = ["Current Score", "Unposted Current Score", "Final Score", "Unposted Final Score"]
    rows = [[*heads, *totals], ["", "", "", "", "", "", "Manual Posting", "", "", "", ""]]
    rows.append(["    Points Possible", "", "", "", "", number("10.00"), number("31.00"), *["(read only)"] * 4])
    for student in STAYING:
        cell = "EX" if student is EXCUSED else ""
        person = [f"{student.last}, {student.first}", student.canvas_id, student.sid, student.email, "CS1 and Lab, 2"]
        rows.append([*person, number("7.50"), cell, *[number("75.00")] * 4])
    rows.append(["Student, Test", 99999, "", "0123456789abcdef0123456789abcdef", "CS1", "", "", "", "", "", ""])
    return csv_bytes(rows, "utf-8-sig" if german else "utf-8", ";" if german else ",", "\n")


def groups_file():
    """*Course Roster CSV* of the page of groups: the roster."""
    heads = "name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id,group_id"
    rows = [heads.split(",")]
    for student in STAYING:
        group = [TEAM, 55, ""] if student in MEMBERS else ["", "", ""]
        name = f"{student.last}, {student.first}"
        rows.append([name, student.canvas_id, student.sid, student.email, "CS1 and Lab, 2", *group])
    return csv_bytes(rows, end="\n")


@pytest.fixture(scope="module")
def collected(class_folder, notebooks):
    """What the page's commands said. Each archive was downloaded right when it is said to have come in."""
    with contextlib.chdir(class_folder):
        (class_folder / "groups.csv").write_bytes(groups_file())
        (class_folder / "gradebook.csv").write_bytes(gradebook())
        for when in (FIRST, IN_TIME, TWO_DAYS_LATE):
            source = archive(class_folder / "submissions.zip", notebooks, when)
            run("collect", source, "-a", NAME, "--roster", "groups.csv", "--received", when, code=1)
        return run_page("canvas", "groups.csv")


def test_a_class_of_24_from_canvas(root, collected):
    assert listed(
        collected[0],
        {
            f"Canvas user {PDF.canvas_id}": "expected a notebook, got 'a6_bits.pdf'",
            f"Canvas user {SCRIPT.canvas_id}": "expected a notebook, got 'a6_bits.py'",
            f"Canvas user {LEFT.canvas_id}": "nobody in the roster has the canvas_id",
        },
    )
    assert f"late: {LATE.email}\n" in collected[0]
    assert marks("groups.csv") == expected_marks(lambda s: s.email)

    for german in (False, True):
        (root / "filled.csv").write_bytes(gradebook(german=german))
        out, err = run("export", "canvas", "--roster", "groups.csv", "--template", "filled.csv")
        assert (f"({len(SCORED)} scores)" in out, err) == (True, "")
        rows = table((root / "work/exports/canvas.csv").read_bytes(), delimiter=";" if german else ",")
        assert list(rows[0]) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", COLUMN]
        cells = {row["ID"]: row[COLUMN] for row in rows}
        assert {i: float(cells[i].replace(",", ".")) for i in cells if i and cells[i] not in {"", "EX"}} == {
            str(student.canvas_id): SCORES[student.login] for student in SCORED
        }
        assert cells[str(LATE.canvas_id)] == ("12,8" if german else "12.8")
        assert (cells[str(EXCUSED.canvas_id)], cells[str(NOTHING.canvas_id)], cells["99999"]) == ("EX", "", "")


def test_feedback_of_a_class_of_24_goes_back_to_canvas(root, collected):
    """A group has one page. Canvas looks for the attachment among the student's newest submission."""
    out, _ = run("return", "--to", "canvas", "--roster", "groups.csv")
    assert "not returned: 2 handed in nothing" in out
    returned = pages(root / f"work/returned/canvas-{NAME}-1-of-1.zip")
    assert sorted(map(as_canvas_reads, returned)) == sorted(
        (str(student.canvas_id), str(attachment(student, TWO_DAYS_LATE)))
        for student in SCORED
        if student is not MEMBERS[1]
    )
    by_user = {as_canvas_reads(name)[0]: page for name, page in returned.items()}
    assert all(student.name in by_user[str(student.canvas_id)] for student in SCORED if student not in MEMBERS)


def test_the_commands_of_canvass_page_bring_everything_back(collected):
    *_, exported, returned = collected
    assert f"({len(SCORED)} scores)" in exported
    assert f"{len(SCORED) - 1} pages in 1 archive" in returned
