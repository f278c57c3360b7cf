"""Moodle: three downloads of *Download all submissions*, the grading worksheet in German, the archive of feedback.

Names as in mod/assign/classes/downloader.php, the worksheet as in mod/assign/gradingtable.php, of moodle/moodle.
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
    TWO_DAYS_LATE,
    csv_bytes,
    excuse,
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
from returning.as_hosts_read import as_moodle_reads

HEADS = (
    "ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,Bewertung kann geändert werden,"
    "Zuletzt geändert (Abgabe),Zuletzt geändert (Bewertung),Feedback als Kommentar"
).split(",")


def as_moodle_writes(student):
    """Moodle takes `_` out of names, and what no file may be called."""
    return f"{student.name}_{student.moodle_id}_assignsubmission_file"


def archive(path, notebooks, when, end=""):
    """end: `_` as Moodle wrote it before 4.1. The two who work together hand in the same file, each for themselves."""
    works = {student: work_of(student, notebooks, when) for student in PEOPLE}
    return zipped(path, {f"{as_moodle_writes(s)}{end}/{work[0]}": work[1] for s, work in works.items() if work})


def worksheet():
    """With decimal commas, a grade of an earlier day, and feedback of two lines."""
    rows = [HEADS]
    for student in STAYING:
        grade = "9,50" if student is EXCUSED else ""
        status = "Keine Abgabe" if student in {NOTHING, EXCUSED} else "Zur Bewertung abgegeben"
        comment = 'Zeile 1\n"Zeile 2", mit Komma' if student.number == 3 else ""
        row = [f"Teilnehmer/in {student.moodle_id}", student.name, student.email, status, grade, "31,00", "Ja"]
        rows.append([*row, "Montag, 12. Oktober 2026, 20:00", "-", comment])
    return csv_bytes(rows, "utf-8-sig", end="\n")


@pytest.fixture(scope="module")
def collected(class_folder, notebooks):
    """What the page's commands said. Each archive was downloaded right when it is said to have come in."""
    with contextlib.chdir(class_folder):
        (class_folder / "worksheet.csv").write_bytes(worksheet())
        excuse(class_folder, EXCUSED.email)
        for when, end in ((FIRST, ""), (IN_TIME, "_"), (TWO_DAYS_LATE, "")):
            source = archive(class_folder / "submissions.zip", notebooks, when, end)
            run("collect", source, "-a", NAME, "--roster", "worksheet.csv", "--received", when, code=1)
        return run_page("moodle", "worksheet.csv")


def test_a_class_of_24_from_moodle(root, collected):
    def called(student):
        return f"{student.name} ({student.moodle_id})"

    assert listed(
        collected[0],
        {
            called(PDF): "expected a notebook, got 'a6_bits.pdf'",
            called(SCRIPT): "expected a notebook, got 'a6_bits.py'",
            called(LEFT): "nobody in the roster has the moodle_id",
        },
    )
    assert marks("worksheet.csv") == expected_marks(lambda s: s.email)

    out, err = run("export", "moodle", "--roster", "worksheet.csv")
    assert f"({len(SCORED)} scores)" in out
    assert err == "autograder: worksheet: worksheet.csv, which is the roster\n"
    before, after = table(worksheet()), table((root / f"work/exports/moodle-{NAME}.csv").read_bytes())
    expected = {s.email: f"{SCORES[s.login]:g}".replace(".", ",") for s in SCORED} | {EXCUSED.email: "9,50"}
    for row in before:
        row["Bewertung"] = expected.get(row["E-Mail-Adresse"], "")
    assert after == before
    assert expected[LATE.email] == "12,8"


def test_feedback_of_a_class_of_24_goes_back_to_moodle(root, collected):
    out, _ = run("return", "--to", "moodle", "--roster", "worksheet.csv")
    assert "not returned: 1 excused, 1 handed in nothing" in out
    returned = pages(root / f"work/returned/moodle-{NAME}-1-of-1.zip")
    read = {as_moodle_reads(name): page for name, page in returned.items()}
    assert set(read) == {(str(s.moodle_id), "assignfeedback_file", "feedback.html") for s in SCORED}
    by_number = {number: page for (number, _, _), page in read.items()}
    assert all(student.name in by_number[str(student.moodle_id)] for student in SCORED)


def test_work_of_teams_from_moodle_is_each_members(new_root, notebooks):
    """One folder a team, with the number of the group, which can be another student's own number."""
    other = STAYING[0]
    roster = [["id", "name", "moodle_id", "groups"]]
    roster += [[s.login, s.name, s.moodle_id, TEAM if s in MEMBERS else f"Solo {s.number}"] for s in STAYING]
    (new_root / "students.csv").write_bytes(csv_bytes(roster))
    works = {f"{TEAM}_{other.moodle_id}_assignsubmission_file/a6_bits.ipynb": notebooks[17]}
    works |= {f"Solo {n}_{8000 + n}_assignsubmission_file/a6_bits.ipynb": notebooks[n] for n in (1, 2, 3)}
    out, _ = run("collect", zipped(new_root / "s.zip", works), "-a", NAME)
    assert "5 placed" in out
    run("grade", "--tier", "B")
    found = {student: score for student, (status, _, _, score) in marks("students.csv").items() if status == "graded"}
    assert found == {"cyoung": "17", "dprince": "17", "jdoe": "1", "jdoe2": "2", "zmueller": "3"}
    run("return", "--to", "moodle")
    returned = pages(new_root / f"work/returned/moodle-{NAME}-1-of-1.zip")
    assert {as_moodle_reads(name)[0] for name in returned} == {str(s.moodle_id) for s in (*STAYING[:3], *MEMBERS)}


def test_the_commands_of_moodles_page_bring_everything_back(collected):
    *_, exported, returned = collected
    assert f"({len(SCORED)} scores)" in exported
    assert f"{len(SCORED)} pages in 1 archive" in returned
