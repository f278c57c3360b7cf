"""The small course of docs/: audited, released and graded, as its page says."""

import json
import re
import shutil
from pathlib import Path

import pytest
from patience import be_patient
from typer.testing import CliRunner

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import load_samples, notebook_text, solved_cells, starter_cells
from autograder.audit.run import audit, corpus
from autograder.cli.main import app
from autograder.course import open_course

EXAMPLE = Path(__file__).parents[1] / "docs" / "example-course"
NAME = "e1_bikes"


@pytest.fixture
def course(tmp_path, monkeypatch):
    shutil.copytree(EXAMPLE, tmp_path / "bikes", ignore=shutil.ignore_patterns("work", "__pycache__"))
    monkeypatch.chdir(tmp_path / "bikes")
    be_patient(tmp_path / "bikes" / "solutions" / NAME)
    return open_course(tmp_path / "bikes")


def test_it_passes_its_audit(course):
    findings = audit(course, NAME, corpus(load_assignment(course.solutions / NAME)), tier="B")
    assert [(f.case.name, f.problem) for f in findings if f.problem] == []


def test_it_is_released_and_graded(course):
    def run(*words):
        done = CliRunner().invoke(app, list(words))
        assert done.exit_code == 0, f"{done.output}{done.exception}"

    run("release", NAME)
    assert sorted(p.name for p in (course.assignments / NAME).iterdir()) == ["bikes.csv", f"{NAME}.ipynb"]
    assignment = load_assignment(course.solutions / NAME)
    samples = {sample.name: sample for sample in load_samples(assignment)}
    handed_in = {
        "ada": solved_cells(assignment, samples["with_pandas_alone"]),
        "bob": solved_cells(assignment, samples["draws_a_line"]),
        "eve": starter_cells(assignment),
    }
    for student, cells in handed_in.items():
        folder = course.work / "submitted" / student / NAME
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_text(notebook_text(cells))
    run("grade", NAME, "--tier", "B", "--jobs", "1")
    results = {
        student: json.loads((course.work / "results" / NAME / f"{student}.json").read_text()) for student in handed_in
    }
    assert {student: result["score"] for student, result in results.items()} == {"ada": 10, "bob": 6, "eve": 0}


def test_the_page_shows_the_files_as_they_are():
    files = [p.read_text() for p in EXAMPLE.rglob("*") if p.suffix in {".py", ".toml"}]
    blocks = re.findall(
        r"^```(?:python|toml)\n(.*?)^```", (EXAMPLE / "README.md").read_text(), re.MULTILINE | re.DOTALL
    )
    assert len(blocks) == 3
    assert [block for block in blocks if not any(block in text for text in files)] == []
