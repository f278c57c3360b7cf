"""`autograder export`: what each format writes, says and refuses."""

import json
from functools import partial

import pytest
from commands import run
from result_builders import nothing, record

from autograder.errors import AutograderError
from autograder.records.store import result_path

LATE = """title = "My course"
[marks]
late_percent_a_day = 50
drop_lowest = 1
[marks.due]
a1 = 2026-10-12T22:00:00Z
[marks.extensions.nobody]
a1 = 2026-10-13T22:00:00Z
"""


QUESTION = '[[questions]]\nid = "q1"\ntitle = "f"\npoints = 1\n'


@pytest.fixture
def root(tmp_path):
    for name in ("a1", "a2"):
        folder = tmp_path / "solutions" / name
        folder.mkdir(parents=True)
        folder.joinpath("assignment.toml").write_text(f'title = "Homework {name[1]}"\n{QUESTION}')
    (tmp_path / "course.toml").write_text('title = "My course"\n')
    results = [
        record("ada", "a1", 80.0, received="2026-10-13T12:00:00+00:00"),
        record("ada", "a1", 70.0, received="2026-10-12T12:00:00+00:00", attempt=1),
        record("ada", "a2", 60.0), nothing("bob", "a1"), nothing("bob", "a2", status="malformed"),
    ]  # fmt: skip
    for r in results:
        path = result_path(tmp_path / "work" / "results", r.assignment, r.student, r.attempt)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(r.to_json())
    return tmp_path


@pytest.fixture
def export(root, monkeypatch):
    monkeypatch.chdir(root)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)

    return partial(run, "export")


def test_csv_has_what_counts_and_totals_leave_out_what_is_dropped(export, root):
    assert "csv: work/exports/grades.csv (4 rows)" in export("csv").stdout
    assert "a1,ada,80,100,0,80,graded,2,,0,,,,open\n" in (root / "work/exports/grades.csv").read_text()
    (root / "course.toml").write_text(LATE)
    done = export("csv")
    assert done.stderr == "autograder: course.toml, marks.extensions: nobody has no result\n"
    assert "a1,ada,80,100,1,40,graded,2,yes,0,,,,open\n" in (root / "work/exports/grades.csv").read_text()
    assert "csv: work/exports/totals.csv (2 rows)" in export("csv", "--totals").stdout
    rows = (root / "work/exports/totals.csv").read_text().splitlines()[1:]
    assert rows == ["ada,60,100,60.00,,,,", "bob,0,100,0.00,,,,"]
    export("csv", "-a", "a1", "--student", "ada", "--out", "one.csv")
    assert (root / "one.csv").read_text().splitlines()[1:] == ["a1,ada,80,100,1,40,graded,2,yes,0,,,,open"]


def test_canvas_finds_columns_by_title_and_says_who_has_no_row(export, root):
    (root / "g.csv").write_text("Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (5),Lab\nAda,1,,ada,,,\n")
    done = export("canvas", "--template", "g.csv", "--column", "a2=Lab", code=1)
    assert done.stderr == (
        "autograder: bob: expected a row of their own in g.csv, got none: nothing was written for them. "
        "Hint: --roster, with the host's number, login or e-mail.\n"
    )
    assert "canvas: work/exports/canvas.csv (2 scores)" in done.stdout
    assert (root / "work/exports/canvas.csv").read_text().splitlines()[1] == "Ada,1,,ada,,80,60"
    assert "(4 scores)" in export("canvas", "--missing-as-zero", "--out", "new.csv").stdout
    assert (root / "new.csv").read_text().splitlines()[0].endswith(",Homework 1,Homework 2")


def test_a_column_that_canvas_does_not_have_yet_is_one_line_and_the_others_are_written(export, root):
    (root / "g.csv").write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (5)\nAda,1,,ada,,\nEve,2,,eve,,\n"
    )
    done = export("canvas", "--template", "g.csv", "--student", "ada", code=1)
    assert done.stderr == (
        "autograder: a2: expected one column 'Homework 2' in g.csv, got none: its scores were not written. "
        "Hint: make it in Canvas and download the file again, or --column a2=HEADER.\n"
    )
    assert "(1 scores)" in done.stdout
    done = export("canvas", "--template", "g.csv", "-a", "a1")
    assert done.stderr.splitlines() == [
        "autograder: bob: expected a row of their own in g.csv, got none: there was nothing to write for them.",
        "autograder: Eve: in g.csv, no result: the row stays as it is",
    ]


def test_a_draft_is_in_an_export_only_if_it_is_named_and_who_left_is_in_none(export, root):
    (root / "course.toml").write_text("[assignments.a2]\nstate = 'draft'\n")
    (root / "students.csv").write_text("id,name,withdrawn\nada,Ada,yes\nbob,Bob,\n")
    for kind in ("csv", "canvas", "junit", "gradescope", "github"):
        assert "not open yet, so left out: a2. Hint: -a NAME\n" in export(kind).stderr
    text = "".join(path.read_text() for path in (root / "work/exports").rglob("*.*") if path.is_file())
    assert not any(word in text.lower() for word in ("homework 2", "a2", "ada"))
    export("csv", "-a", "a2")
    assert [line[:6] for line in (root / "work/exports/grades.csv").read_text().splitlines()[1:]] == ["a2,bob"]
    (root / "g.csv").write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (5)\nAda,1,,ada,,\nBo,2,,bob,,\n"
    )
    assert (
        "autograder: Ada: in g.csv, left the class: the row stays as it is\n"
        in export("canvas", "--template", "g.csv").stderr
    )
    (root / "course.toml").write_text("[assignments]\na1.state = 'draft'\na2.state = 'draft'\n")
    with pytest.raises(AutograderError, match=r"expected an assignment that is open, got only drafts. Hint: -a NAME"):
        export("csv")


def test_moodle_fills_in_a_worksheet(export, root):
    (root / "w.csv").write_bytes(b"Identifier,Grade\r\nParticipant ada,\r\nbob,\r\n")
    done = export("moodle", "-a", "a2", "--worksheet", "w.csv", code=1)
    assert "ada: expected a row" in done.stderr
    assert (root / "work/exports/moodle-a2.csv").read_bytes() == b"Identifier,Grade\r\nParticipant ada,\r\nbob,0\r\n"


def test_gradescope_writes_a_file_for_one_or_a_folder_for_all(export, root):
    export("gradescope")
    written = sorted(str(p.relative_to(root / "work/exports")) for p in (root / "work/exports").rglob("*.json"))
    assert written == ["gradescope/a1/ada.json", "gradescope/a2/ada.json", "gradescope/a2/bob.json"]
    export("gradescope", "-a", "a1", "--student", "ada", "--out", "results.json")
    assert json.loads((root / "results.json").read_text())["score"] == 80
    with pytest.raises(AutograderError, match="--out: expected a folder for 3 submissions, got a file"):
        export("gradescope", "--out", "results.json")


def test_junit_is_one_file(export, root):
    assert "junit: work/exports/junit.xml (4 suites)" in export("junit").stdout
    assert (root / "work/exports/junit.xml").read_text().startswith('<?xml version="1.0"')


def test_github_adds_to_the_steps_summary_and_prints_annotations_only_when_asked(export, root, monkeypatch):
    assert "::" not in export("github").stdout
    whole = (root / "work/exports/summary.md").read_text()
    assert whole.startswith("# My course\n")
    summary = root / "summary"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    lines = export("github", "--annotations").stdout.splitlines()
    assert "::error title=a2%2C bob::nothing was handed in" in lines
    assert summary.read_text() == "before\n" + whole
    summary.write_text("x" * (1 << 20))
    export("github")
    assert summary.stat().st_size == 1 << 20


def test_exporting_twice_gives_the_same_bytes_and_leaves_results_alone(export, root):
    def files():
        return {p: p.read_bytes() for p in root.rglob("*") if p.is_file()}

    for kind in ("csv", "canvas", "gradescope", "junit", "github"):
        export(kind)
    once = files()
    for kind in ("csv", "canvas", "gradescope", "junit", "github"):
        export(kind)
    assert files() == once


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["paper"], "export: expected one of csv, canvas, moodle, blackboard, brightspace, gradescope, junit, github, nbgrader, got 'paper'."),
        (["csv", "--template", "x"], "--template: expected with canvas, blackboard, brightspace, got with csv."),
        (["nbgrader", "--out", "x"], "--out: expected with csv, canvas, moodle, blackboard, brightspace, gradescope, junit, github, got with nbgrader."),
        (["moodle", "-a", "a1"], "--worksheet: expected a grading worksheet, got none. Hint: Moodle has it on the assignment's page; autograder collect --worksheet FILE keeps it."),
        (["blackboard"], "--template: expected the file of grades that the host gave, got none. Hint: Blackboard has it under Work Offline, Download."),
        (["brightspace"], "--template: expected the file of grades that the host gave, got none. Hint: Brightspace has it under Grades, Enter Grades, Export."),
        (["canvas", "--column", "a1"], "--column: expected NAME=HEADER, got 'a1'."),
        (["canvas", "--template", "none.csv"], "none.csv: expected a CSV file, got no file."),
        (["csv", "-a", "a3"], "--assignment: expected one that has results, got 'a3'."),
        (["csv", "--student", "eve"], "--student: expected one that has results, got 'eve'."),
        (["csv", "--results", "none"], "none: expected results, got none. Hint: autograder grade first."),
        (["csv", "--with-manual"], "gradebook: expected one, got none. Hint: autograder export nbgrader; or autograder hand sheet."),
    ],
)  # fmt: skip
def test_misuse_is_one_line(export, root, arguments, says):
    with pytest.raises(AutograderError) as error:
        export(*arguments)
    assert str(error.value) == says
    assert not (root / "work/gradebook.db").exists()


def test_a_stale_result_is_one_line_and_the_gradebook_has_the_others(export, root, monkeypatch):
    from autograder.interop import gradebook

    def written(course, results, submitted):
        return gradebook.Written(2, 0, "sqlite://", tuple(r for r in results if r.student == "ada")[:1])

    monkeypatch.setattr(gradebook, "export_results", written)
    done = export("nbgrader", code=1)
    assert done.stderr == (
        "autograder: a1, ada: expected the notebook and the checks of the result, got others; its entry stays as it was. "
        "Hint: autograder grade; --submitted FOLDER where they are elsewhere.\n"
    )
    assert "gradebook: 2 submissions" in done.stdout
