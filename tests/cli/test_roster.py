"""A class with a roster: everyone in it is in the results, the pages and the exports, and nobody else is lost."""

import csv
import json
import shutil

import commands
import pytest

from autograder.errors import AutograderError

ROSTER = (
    "id;name;email;section;withdrawn;excused\nada;Ada Lovelace;ada@uni.edu;A;;\n"
    "bob;Bob Noyce;bob@uni.edu;B;;a9_test\neve;Eve Ray;;A;yes;\nmia;=Mia Sol;;B;;\n"
)


@pytest.fixture
def root(course, hand_in, solved, tmp_path, monkeypatch):
    """A course with a roster of four. ada and a stranger handed in; bob, eve (who left) and mia did not."""
    root = tmp_path / "class"
    shutil.copytree(course.root, root, ignore=shutil.ignore_patterns("work"))
    (root / "students.csv").write_text(ROSTER)
    hand_in("ada", solved)
    hand_in("stranger", solved)
    hand_in("eve", solved)
    shutil.copytree(hand_in.root, root / "work" / "submitted")
    monkeypatch.chdir(root)
    return root


def run(*arguments, code=0):
    done = commands.run(*arguments, code=code)
    return done.stdout + done.stderr


def table(path):
    return list(csv.DictReader(path.read_text().splitlines()))


def test_everyone_in_the_roster_has_a_result_a_page_and_a_row(root):
    said = run("grade", "--tier", "B")
    assert "roster: students.csv, 3 students, 1 left the class" in said
    assert "in no line of the roster: stranger" in said
    rows = {row["student"]: row["status"] for row in table(root / "work/results/grades.csv")}
    assert rows == {"ada": "graded", "bob": "missing", "mia": "missing", "stranger": "graded"}
    run("report")
    pages = {path.stem for path in (root / "work/reports/a9_test").glob("*.html")}
    assert pages == {"ada", "bob", "mia", "stranger"}
    assert "Ada Lovelace" in (root / "work/reports/a9_test/ada.html").read_text()
    overview = (root / "work/reports/index.html").read_text()
    assert all(name in overview for name in ("Ada Lovelace", "Bob Noyce", "=Mia Sol", "stranger", "excused"))
    assert "Eve Ray" not in overview
    run("export", "csv")
    exported = [
        (row["student"], row["name"], row["section"], row["state"]) for row in table(root / "work/exports/grades.csv")
    ]
    assert exported == [
        ("ada", "Ada Lovelace", "A", "open"),
        ("bob", "Bob Noyce", "B", "excused"),
        ("mia", "'=Mia Sol", "B", "open"),
        ("stranger", "", "", "open"),
    ]
    run("export", "csv", "--totals")
    totals = {row["student"]: row["percent"] for row in table(root / "work/exports/totals.csv")}
    assert totals == {"ada": "100.00", "bob": "0.00", "mia": "0.00", "stranger": "100.00"}


def test_one_student_of_the_roster_without_a_folder_can_be_graded_alone(root):
    assert "0 submissions: 1 not handed in" in run("grade", "--tier", "B", "--student", "mia")
    assert json.loads((root / "work/results/a9_test/mia.json").read_text())["status"] == "missing"
    with pytest.raises(AutograderError, match=r"expected a folder of .* or a student of the roster, got 'noone'"):
        run("grade", "--student", "noone")


def test_a_draft_is_graded_only_if_it_is_named(root):
    (root / "course.toml").write_text("[assignments.a9_test]\nstate = 'draft'\n")
    said = run("grade", "--tier", "B")
    assert "not open yet, so not graded: a9_test" in said
    assert "0 submissions" in said
    assert "2 submissions: 2 graded; 2 not handed in" in run("grade", "--tier", "B", "a9_test")


def test_a_roster_that_is_wrong_stops_every_command_with_one_line(root):
    (root / "students.csv").write_text("id,emial\nada,x\n")
    for command in (["grade"], ["report"], ["export", "csv"], ["collect", "work/submitted"]):
        with pytest.raises(AutograderError, match=r"got 'emial'\. Hint: email\?$"):
            run(*command)


def test_assignments_are_named_without_an_option(root):
    assert "2 submissions" in run("grade", "a9_test", "work/submitted", "--tier", "B")
    assert "(4 rows)" in run("export", "csv", "a9_test")
    with pytest.raises(AutograderError, match=r"expected one of a9_test, got 'a9_tst'\. Hint: a9_test\?"):
        run("grade", "a9_tst")
    with pytest.raises(AutograderError, match="expected assignments and one folder, got the folders x, y"):
        run("grade", "x", "y")
