"""`autograder new NAME --kind KIND`: each kind is an assignment that works at once."""

import json

import pytest
from patience import be_patient
from typer.testing import CliRunner

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import notebook_text, solved_cells, starter_cells
from autograder.audit.accuracy import accuracy
from autograder.audit.run import audit, corpus
from autograder.cli.main import app
from autograder.course import open_course
from autograder.errors import AutograderError
from autograder.scaffold import KINDS, new


@pytest.fixture
def course(tmp_path, monkeypatch):
    (tmp_path / "course.toml").write_text('title = "Test course"\n')
    monkeypatch.chdir(tmp_path)
    return open_course(tmp_path)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "numpy"])  # that one is every test's skeleton
def test_each_kind_passes_its_audit(course, kind):
    folder = new(course, "a9_test", kind)
    be_patient(folder)
    cases = corpus(load_assignment(folder))
    findings = audit(course, "a9_test", cases, tier="B")
    assert [(f.case.name, f.problem) for f in findings if f.problem] == []
    kinds = [case.kind for case in cases]
    assert kinds.count("right") >= 1
    assert kinds.count("wrong") >= 2
    numbers = accuracy("a9_test", findings)
    assert numbers.idle == ()
    assert numbers.nothing[0] == numbers.nothing[1] == 5


def test_kinds_are_released_and_graded(course):
    """plots has no public check, and text has a question for a person; docs/example-course has a table."""

    def run(*words):
        done = CliRunner().invoke(app, list(words))
        assert done.exit_code == 0, f"{done.output}{done.exception}"
        return done.output

    names = ("a8_plots", "a9_text")
    for name in names:
        assert "Next: edit notebook.py" in run("new", name, "--kind", name[3:])
        be_patient(course.solutions / name)
    run("release")
    for name in names:
        assignment = load_assignment(course.solutions / name)
        for student, cells in (("ada", solved_cells(assignment)), ("bob", starter_cells(assignment))):
            folder = course.work / "submitted" / student / name
            folder.mkdir(parents=True)
            (folder / f"{name}.ipynb").write_text(notebook_text(cells))
    run("grade", "--tier", "B", "--jobs", "1")
    results = [course.work / "results" / name / f"{student}.json" for name in names for student in ("ada", "bob")]
    assert [json.loads(result.read_text())["score"] for result in results] == [10, 0, 10, 0]


def test_the_help_names_every_kind():
    text = CliRunner().invoke(app, ["new", "--help"], env={"COLUMNS": "200"}).output
    assert "|".join(KINDS) in text


def test_a_kind_that_is_none_is_one_line(course):
    with pytest.raises(
        AutograderError,
        match=r"--kind: expected one of numpy, pandas, plots, text, tests, got 'panda'\. Hint: pandas\?",
    ):
        new(course, "a9_test", "panda")
