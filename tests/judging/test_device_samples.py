"""Every sample whose verdict is known gets it on the device itself: nothing is left to the CPU, no diagnosis is lost."""

import sys
from pathlib import Path

import pytest
from bundled import bundled_samples, bundled_suite, some
from devices import device_or_skip

from autograder.assignment.samples import solved_cells
from autograder.assignment.source import module_from, top_level_names
from autograder.authoring.inprocess import PlainStudent
from autograder.judging.device import DeviceJudge
from autograder.judging.judge import judge

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("a1_gradient_ascent", "a2_mlp_backprop", "a3_forward_vs_reverse")
SEED = "device"


@pytest.fixture(scope="module", params=NAMES)
def suite(request):
    return bundled_suite(request.param)


def concerns(suite, sample):
    """Whether a check for a device must catch it, or it answers a question that has one."""
    asked = {c.question for c in suite.checks if c.device}
    if sample.fails:
        return any(c.device and c.id in sample.fails for c in suite.checks)
    written = top_level_names(sample.source)
    return any(c.defines & written for c in suite.cells if c.role == "solution" and c.question in asked)


def concerned(suite, kind):
    """The samples of this kind that have to do with a device."""
    return [s for s in bundled_samples(suite.name) if s.kind == kind and concerns(suite, s)]


@pytest.fixture(scope="module", params=["strict", "cuda"])
def device(request):
    return device_or_skip(request.param)


def notebook(suite, *samples, monkeypatch):
    """What a notebook with these samples in it defines, in this process. Figures and public checks are left out."""
    for name, text in suite.handouts.items():
        monkeypatch.setitem(sys.modules, name, module_from(name, text))
    left_out = {c.name for c in suite.cells if c.role in {"figure", "check", "otter"}}
    names = {"__name__": "notebook"}
    for kind, cell, source in solved_cells(suite, *samples):
        if kind == "code" and cell not in left_out:
            exec(compile(source, f"<{cell}>", "exec", dont_inherit=True), names)
    return PlainStudent(names)


def there(suite, student, device):
    """{check: (its verdict on the device, what was refused)}."""
    given = DeviceJudge(device, suite, SEED)
    return {c.id: given.judge_on_device(c, student) for c in suite.checks if c.device}


def test_the_solution_gets_full_marks_there(suite, device, monkeypatch):
    verdicts = there(suite, notebook(suite, monkeypatch=monkeypatch), device)
    assert {i: (v.message, refused) for i, (v, refused) in verdicts.items() if v.outcome != "pass" or refused} == {}


@pytest.mark.parametrize("one_in", some([5, 1]))
def test_a_right_sample_gets_full_marks_there(suite, device, monkeypatch, one_in):
    for sample in concerned(suite, "right")[::one_in]:
        verdicts = there(suite, notebook(suite, sample, monkeypatch=monkeypatch), device)
        lost = {i: (v.message, refused) for i, (v, refused) in verdicts.items() if v.outcome != "pass"}
        assert lost == {}, sample.name


@pytest.mark.parametrize("one_in", some([5, 1]))
def test_a_wrong_sample_fails_there_where_it_must_and_for_the_same_reason_as_here(suite, device, monkeypatch, one_in):
    for sample in concerned(suite, "wrong")[::one_in]:
        student = notebook(suite, sample, monkeypatch=monkeypatch)
        for check in (c for c in suite.checks if c.device and c.id in sample.fails):
            here = judge(check, student, suite.reference, SEED)
            on_device, _ = DeviceJudge(device, suite, SEED).judge_on_device(check, student)
            assert here.outcome != "pass", sample.name
            assert (on_device.outcome, on_device.diagnosis) == (here.outcome, here.diagnosis), sample.name


def test_each_assignment_has_samples_of_both_kinds_for_a_device(suite):
    assert concerned(suite, "right")
    assert concerned(suite, "wrong")
