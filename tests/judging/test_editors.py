"""Right notebooks that went through an editor: full marks, no flag, and nobody is asked to look at them."""

import json
from pathlib import Path

import pytest
from bundled import bundled_samples, bundled_suite, some
from editors import EDITORS, saved_by
from interop.parity import filled_in

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import solved_cells, with_cell
from autograder.authoring.seeds import seeds_from
from autograder.intake.submissions import find_submissions
from autograder.judging.submission import grade_submission
from autograder.records.result import Result
from autograder.reports.pages import write_reports

ROOT = Path(__file__).resolve().parents[2]
WORDS = "A slope is measured, and a curvature is not."


def handed_in(name, folder):
    """Each editor's notebook of one assignment, each with another right sample; {editor: the folder of a student}."""
    assignment = bundled_suite(name)
    released = json.loads((ROOT / "assignments" / name / f"{name}.ipynb").read_text())
    samples = [s for s in bundled_samples(name) if s.kind == "right"]
    for i, editor in enumerate(EDITORS):
        cells = with_cell(solved_cells(assignment, samples[i % len(samples)]), "explain", WORDS)
        place = folder / editor.__name__ / name
        place.mkdir(parents=True)
        (place / f"Copy_of_{name} (1).ipynb").write_text(saved_by(editor, filled_in(released, cells)))


@pytest.mark.parametrize("name", some(["a1_gradient_ascent", "a2_mlp_backprop", "a3_forward_vs_reverse"]))
def test_a_class_of_right_notebooks_from_all_editors_has_full_marks_and_no_flag(
    patient_course, sandboxes, tmp_path, name
):
    handed_in(name, tmp_path / "submitted")
    suite = load_assignment(patient_course.solutions / name)
    zygote = sandboxes.open({suite.name: suite.handouts})
    results = [
        grade_submission(submission, suite, zygote, seeds_from(b"editors"))
        for submission in find_submissions(tmp_path / "submitted", [name])
    ]
    full = sum(q.points for q in suite.settings.questions)
    assert {r.student: (r.score, needs(r), failed(r)) for r in results} == {
        editor.__name__: (full, [], []) for editor in EDITORS
    }
    write_reports(patient_course, results, tmp_path / "out", submitted=tmp_path / "submitted")
    page = (tmp_path / "out" / f"assignment-{name}.html").read_text()
    assert "Something odd" not in page
    assert f"An answer in words waits for a person: {len(EDITORS)}." in page
    assert page.count(WORDS) == len(EDITORS)


def needs(result: Result):
    """The kinds of the flags that ask for a person."""
    return [flag.kind for flag in result.flags if flag.advice]


def failed(result: Result):
    return [(c.id, c.message) for c in result.checks if c.outcome != "pass"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("assert abs(", "assert True or abs("),
        ("mean_square(", "abs("),
        ("def test_example", "# def test_example"),
    ],
)
def test_a_public_check_that_says_something_else_is_flagged_in_any_layout(skeleton, sandboxes, hand_in, old, new):
    notebook = {"nbformat": 4, "metadata": {}, "cells": []}
    for kind, name, source in solved_cells(skeleton):
        changed = source.replace(old, new) if name == "q1-example" else source
        notebook["cells"].append({"cell_type": kind, "id": name, "metadata": {}, "source": changed})
    hand_in("ada", json.dumps(notebook))
    (submission,) = find_submissions(hand_in.root, [skeleton.name])
    zygote = sandboxes.open({skeleton.name: skeleton.handouts})
    result = grade_submission(submission, skeleton, zygote, seeds_from(b"editors"))
    assert needs(result) == ["checks_changed"]
