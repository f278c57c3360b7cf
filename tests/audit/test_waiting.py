"""One mistake in an early question of the course: its later questions wait for it, and none of them fails."""

import pytest
from bundled import bundled_samples, some
from patience import be_patient

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import Sample, solved_cells
from autograder.audit.run import Case, audit
from autograder.course import bundled_course

# A mistake that never ends costs this much: as in test_audit.py.
LIMITS = {"cell_seconds": 10, "call_seconds": 3, "submission_seconds": 20}
SOLUTIONS = bundled_course().solutions
LOGITS = """
import numpy as np

def forward(X, params):
    a1 = np.maximum(X @ params["W1"] + params["b1"], 0)
    return {}
"""
OWN_CACHE = """
def backward(dlogits, cache, params):
    d_a1, d_W2, d_b2 = linear_vjp(cache["a1"], params["W2"], dlogits)
    _, d_W1, d_b1 = linear_vjp(cache["X"], params["W1"], relu_vjp(cache["z1"], d_a1))
    return {"W1": d_W1, "b1": d_b1, "W2": d_W2, "b2": d_b2}
"""
RIGHT_LOGITS = 'a1 @ params["W2"] + params["b2"]'
WITHOUT_A_CACHE = {
    "alone": RIGHT_LOGITS,
    "three things": f"{RIGHT_LOGITS}, X, a1",
    "nothing": "None",
    "None": f"{RIGHT_LOGITS}, None",
    "an exception": 'params["W3"]',
}


@pytest.fixture
def graded(patient_course):
    """graded(name, source): the checks of the solution with the functions of `source`, by id."""

    def of(name, source):
        be_patient(patient_course.solutions / name, LIMITS)
        assignment = load_assignment(patient_course.solutions / name)
        sample = Sample("changed", "wrong", "", source)
        case = Case("changed", "mutant", solved_cells(assignment, sample))
        (finding,) = audit(patient_course, name, [case], seeds=1)
        return {c.id: c for c in finding.result.checks}

    yield of
    for name in ("a2_mlp_backprop", "a3_forward_vs_reverse", "a4_autodiff_engine"):
        be_patient(patient_course.solutions / name)


def samples_of(name, question):
    """Names of the samples that declare a check of this question first, from their texts: to load them takes seconds."""
    files = sorted((SOLUTIONS / name / "samples" / "wrong").glob("*.py"))
    return [file.stem for file in files if f"\nfails: {question}." in file.read_text()]


def source_of(name, sample):
    return next(s.source for s in bundled_samples(name) if s.name == sample)


def outcomes(checks, question):
    return {c.outcome for c in checks.values() if c.id.startswith(question)}


@pytest.mark.parametrize("returned", some(WITHOUT_A_CACHE.values(), one_in=3), ids=WITHOUT_A_CACHE)
def test_backward_waits_for_a_forward_that_returns_no_cache(graded, returned):
    checks = graded("a2_mlp_backprop", LOGITS.replace("{}", returned) + OWN_CACHE)
    assert checks["q2.example"].outcome in {"fail", "error"}
    assert outcomes(checks, "q7.") == {"blocked"}
    assert outcomes(checks, "q9.") == {"blocked"}


@pytest.mark.parametrize("sample", some(samples_of("a4_autodiff_engine", "q3"), one_in=4))
def test_tracing_is_worth_its_points_with_a_right_sort_of_the_graph(graded, sample):
    """Its nodes are objects of the student's own class, which no other process can read."""
    source = source_of("a4_autodiff_engine", sample)
    q7 = [c for c in graded("a4_autodiff_engine", source).values() if c.id.startswith("q7.")]
    assert sum(c.points + c.carried for c in q7) == 12


@pytest.mark.parametrize("sample", some(samples_of("a3_forward_vs_reverse", "q4"), one_in=4))
def test_the_example_of_both_jacobians_waits_for_vjp(graded, sample):
    checks = graded("a3_forward_vs_reverse", source_of("a3_forward_vs_reverse", sample))
    assert "q5.example" in checks
    assert outcomes(checks, "q5.") <= {"pass", "blocked"}
