"""The example of docs/authoring.md works: the skeleton with the page's cells, checks, sample and list."""

import re
from pathlib import Path

import pytest
from patience import be_patient

from autograder.assignment.assignment import load_assignment
from autograder.audit.run import audit, corpus
from autograder.course import open_course
from autograder.scaffold import KINDS, new

PAGE = (Path(__file__).parents[1] / "docs" / "authoring.md").read_text()


def block(language, beginning):
    """The block of the page that holds this text."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return next(each for each in blocks if beginning in each)


@pytest.fixture
def course(tmp_path):
    (tmp_path / "course.toml").write_text('title = "Test course"\n')
    return open_course(tmp_path)


def test_the_example_of_the_guide_passes_its_audit(course):
    folder = new(course, "a9_test")
    be_patient(folder)
    head, _, rest = (folder / "notebook.py").read_text().partition('# %% q="q1" role="solution"')
    words = rest[rest.index('# %% [markdown] q="explain"') :]
    (folder / "notebook.py").write_text(head + block("python", 'role="solution"') + "\n\n" + words)
    (folder / "hidden_checks.py").write_text(block("python", "@check"))
    (folder / "samples/wrong/square_of_the_mean.py").write_text(block("python", "fails: q1.value"))
    findings = audit(course, "a9_test", corpus(load_assignment(folder)), tier="B")
    assert [(f.case.name, f.problem) for f in findings if f.problem] == []


def test_the_guide_names_every_kind():
    assert set(re.findall(r"--kind (\w+)", PAGE)) | {"numpy"} == set(KINDS)
