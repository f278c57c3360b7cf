"""Every place that shows a total shows the same one: with what is carried, and the raw one beside it where both fit."""

import csv
import io
import json
import re
from xml.etree import ElementTree as ET

import pytest
from result_builders import check, grade, question, record
from typer.testing import CliRunner

from autograder.cli.grading_summary import print_counts
from autograder.cli.main import app
from autograder.course import open_course
from autograder.exports import canvas, moodle
from autograder.exports.csv import marks_csv, totals_csv
from autograder.exports.filling import Wanted
from autograder.exports.github import step_summary
from autograder.exports.gradescope import from_result, results_json
from autograder.exports.junit import junit_xml
from autograder.exports.sheet import parse_sheet
from autograder.marks import marks_of
from autograder.publishing import feedback
from autograder.records.compare import compare
from autograder.records.grades import grade_of
from autograder.records.store import read_attempts
from autograder.reports.pages import write_reports
from autograder.reports.summary import summarise

# 70 of its own and 20 that are carried; 0.8 of these count: 70 + 16 = 86.
SHARE, RAW, CARRIED, WHOLE = 0.8, 70, 16, 86
BLOCKED = check("q2.value", 0.0, 20.0, "blocked", blocked_by="q1", carried=20.0, message="Your code is fine here.")
RESULT = record(
    questions=(
        question("q1", check("q1.value", 70.0, 70.0), check("q1.edge", 0.0, 10.0, message="no")),
        question("q2", BLOCKED),
    )
)
WORKSHEET = b"Identifier,Grade,Maximum Grade\nada,,100\n"


@pytest.fixture
def course(tmp_path):
    (tmp_path / "course.toml").write_text(f'title = "Test course"\n[marks]\ncarried_forward = {SHARE}\n')
    return open_course(tmp_path)


@pytest.fixture
def marks(course):
    return marks_of([RESULT], course.policy)


def in_the_terminal(course, capsys, _):
    print_counts([grade_of(RESULT)], course.policy.carried_forward)
    row = capsys.readouterr().out.splitlines()[-1].split()
    assert float(row[4]) == RAW
    return row[2]


def on_the_students_page(course, _, marks):
    write_reports(course, [RESULT], course.root / "reports")
    page = (course.root / "reports" / "a1" / "ada.html").read_text()
    assert "16 of these points are carried" in page
    return re.search(r'class="score">([\d.]+)', page)[1]


def on_the_class_page(course, _, marks):
    write_reports(course, [RESULT], course.root / "reports")
    page = (course.root / "reports" / "assignment-a1.html").read_text()
    assert f'data-l="As graded">{RAW}<' in page
    (mean,) = re.findall(r"Mean <b>([\d.]+)", page)
    (score,) = re.findall(r'data-l="Counts" data-v="([\d.]+)"', page)
    assert float(mean) == float(score)
    return score


def in_gradescope(course, _, marks):
    written, container = json.loads(results_json(marks[0])), json.loads(from_result(RESULT, SHARE).to_json())
    assert written["output"].startswith("16 points are carried")
    assert {k: written[k] for k in ("score", "output", "tests")} == {
        k: container[k] for k in ("score", "output", "tests")
    }
    assert sum(test["score"] for test in written["tests"]) == written["score"]
    return written["score"]


def in_feedback(course, _, marks):
    counted = RESULT.carrying(course.policy.carried_forward)
    about = feedback.Feedback("A", counted)
    text, classroom = feedback.markdown(about), feedback.classroom("c", about)
    assert "16 of these points are carried" in text
    assert sum(test["score"] for test in classroom["tests"]) == classroom["score"] == WHOLE
    return re.search(r"A: ([\d.]+) of", text)[1]


def in_a_csv(course, _, marks):
    (row,) = csv.DictReader(io.StringIO(marks_csv(marks)))
    assert (float(row["raw"]), float(row["carried"])) == (RAW, CARRIED)
    return row["score"]


def in_grades_csv(course, _, marks):
    grade(course.work / "results", RESULT)
    (row,) = csv.DictReader(io.StringIO((course.work / "results" / "grades.csv").read_text()))
    return float(row["score"]) + SHARE * float(row["carried"])  # raw, and all that is carried


def in_a_diff(course, _, marks):
    (change,) = compare([record(score=0.0)], [RESULT], course.policy.carried_forward).changes
    assert change.raw_change == RAW
    return change.change


def in_github(course, _, marks):
    text = step_summary("T", marks)
    assert "16 of 20" in text
    return re.search(r"graded \| ([\d.]+)", text)[1]


PLACES = {
    "terminal": in_the_terminal,
    "student page": on_the_students_page,
    "class page": on_the_class_page,
    "gradescope": in_gradescope,
    "feedback of ci": in_feedback,
    "csv": in_a_csv,
    "grades.csv": in_grades_csv,
    "diff": in_a_diff,
    "github": in_github,
    "totals": lambda c, _o, marks: totals_csv(marks, c.policy).splitlines()[1].split(",")[1],
    "canvas": lambda _c, _o, marks: (
        canvas.new(Wanted(marks), {"a1": ("A1",)}).data.decode().splitlines()[2].split(",")[-1]
    ),
    "moodle": lambda _c, _o, marks: moodle.fill(parse_sheet(WORKSHEET, "w.csv"), Wanted(marks)).data.split(b",")[-2],
    "summary": lambda _c, _o, marks: summarise([m.counted for m in marks]).mean,
}


@pytest.mark.parametrize("place", PLACES)
def test_all_places_show_the_same_total(place, course, capsys, marks):
    assert float(PLACES[place](course, capsys, marks)) == WHOLE


def test_a_check_that_carries_its_points_did_not_pass(marks):
    (suite,) = ET.fromstring(junit_xml(marks))
    assert (suite.attrib["failures"], suite.attrib["skipped"]) == ("1", "1")


def test_no_place_changes_what_is_on_disk(course, marks):
    grade(course.work / "results", RESULT)
    write_reports(course, read_attempts(course.work / "results"), course.root / "reports")
    (after,) = read_attempts(course.work / "results")
    assert (after.score, after.carried, after.checks[2].points) == (RAW, 20, 0)


def test_diff_shows_the_raw_score_beside_the_mark(course):
    work = course.work / "results"
    before = record(questions=(RESULT.questions[0], question("q2", check("q2.value", 0.0, 20.0, message="no"))))
    grade(work, before)
    grade(work, RESULT)
    done = CliRunner().invoke(app, ["diff", "--course", str(course.root), "--json", str(course.root / "d.json")])
    assert done.exit_code == 1
    assert "1 of 1 scores changed, mean change +16.00 (raw +0.00)" in done.output
    assert "70 → 86, raw 70" in done.output
    assert "fail → blocked" in done.output
    assert "+16 (raw +0)" in done.output
    (change,) = json.loads((course.root / "d.json").read_text())["changes"]
    assert [change[f] for f in ("old_score", "new_score", "change", "old_raw", "new_raw", "raw_change")] == [
        70, 86, 16, 70, 70, 0,
    ]  # fmt: skip


def test_diff_of_two_folders_outside_of_a_course_counts_all_that_is_carried(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    grade(tmp_path / "old", record(questions=(question("q2", check("q2.value", 0.0, 20.0, message="no")),)))
    grade(tmp_path / "new", record(questions=(question("q2", BLOCKED),)))
    assert "0 → 20, raw 0" in CliRunner().invoke(app, ["diff", "old", "new"]).output
