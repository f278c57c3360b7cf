"""Each assignment's own samples get the verdicts they declare, in the sandbox."""

import pytest

from autograder.audit import audit
from autograder.authoring.assignment import load_assignment
from autograder.authoring.samples import load_samples
from autograder.course import bundled_course
from autograder.sandbox.tiers import open_sandbox

NAMES = bundled_course().names()


@pytest.mark.parametrize("name", NAMES)
def test_every_sample_gets_its_declared_verdict(name):
    assignment = load_assignment(bundled_course().solutions / name)
    with open_sandbox({name: assignment.handouts}) as zygote:
        problems = [f"{f.name}: {f.problem}" for f in audit(assignment, zygote, b"any secret") if f.problem]
    assert problems == []


@pytest.mark.parametrize("name", NAMES)
def test_there_are_at_least_15_wrong_and_6_right_samples(name):
    kinds = [s.kind for s in load_samples(load_assignment(bundled_course().solutions / name))]
    assert kinds.count("wrong") >= 15
    assert kinds.count("right") >= 6


def test_the_skeleton_assignment_passes_its_audit(zygote, skeleton):
    assert [f.problem for f in audit(skeleton, zygote, b"secret")] == [""] * 4


def test_a_check_that_catches_nothing_is_found_out(zygote, skeleton, monkeypatch):
    value = next(c for c in skeleton.checks if c.id == "q1.value")
    monkeypatch.setattr(value.function, "__code__", (lambda student, reference, rng: None).__code__)
    problems = {f.name: f.problem for f in audit(skeleton, zygote, b"secret") if f.problem}
    assert set(problems) == {"starter", "square_of_the_mean"}
