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


def test_a_kind_is_released_and_graded(course):
    def run(*words):
        done = CliRunner().invoke(app, list(words))
        assert done.exit_code == 0, f"{done.output}{done.exception}"
        return done.output

    assert "Next: edit notebook.py" in run("new", "a9_test", "--kind", "text")
    be_patient(course.solutions / "a9_test")
    run("release")
    assignment = load_assignment(course.solutions / "a9_test")
    for student, cells in (("ada", solved_cells(assignment)), ("bob", starter_cells(assignment))):
        folder = course.work / "submitted" / student / "a9_test"
        folder.mkdir(parents=True)
        (folder / "a9_test.ipynb").write_text(notebook_text(cells))
    run("grade", "--tier", "B", "--jobs", "1")
    scores = {
        s: json.loads((course.work / "results" / "a9_test" / f"{s}.json").read_text())["score"] for s in ("ada", "bob")
    }
    assert scores == {"ada": 10, "bob": 0}


def test_a_kind_that_is_none_is_one_line(course):
    with pytest.raises(
        AutograderError, match=r"--kind: expected one of numpy, pandas, plots, text, got 'panda'\. Hint: pandas\?"
    ):
        new(course, "a9_test", "panda")
