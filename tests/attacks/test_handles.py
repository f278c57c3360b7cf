"""Handles of arrays that nobody gave: the table of student code holds what it was given, and no made-up number helps."""

import numpy as np
import pytest
from devices import device_or_skip
from patience import opened

from autograder.authoring import Callback, assert_array
from autograder.authoring.checks import Check
from autograder.judging.device import DeviceJudge
from autograder.meter import Meter, computing_with, strict
from autograder.sandbox.sandboxed_student import SandboxedStudent

# Each looks for an array that fits, in the table of `x`, or in another one that a number could stand for.
SEARCHES = {
    "handles before": "for n in range(1, 40): yield x.perform, x.handle - n",
    "handles after": "for n in range(1, 40): yield x.perform, x.handle + n",
    "small handles": "for n in range(40): yield x.perform, n",
    "handles of results": "for n in range(1, 20): yield x.perform, (x + n).handle + 1",
    "other tables": (
        "for n in range(12):\n"
        "        for h in (x.handle, x.handle - 1, 0, 1): yield type(x.perform)(x.perform.channel, n), h"
    ),
}
HOSTILE = """
import numpy as np
seen = []

def found(x):
    {search}

def double(x):
    for perform, handle in found(x):
        a = type(x)(perform, handle, (), "<f4", observed=False)
        try:
            if x.perform("shape", [a], {{}}) == [4] or x.perform("shape", [a], {{}}) == (4,):
                seen.append(a)
        except Exception:
            pass
    return seen[0] if seen else np.zeros(4)

def blind(x):
    perform, handle = next(iter(found(x)))
    return type(x)(perform, handle, (), "<f4", observed=False)

def count():
    return len(seen)
"""


def answers(student, reference, rng):
    """A check that has computed the answer before it asks the student."""
    x = rng.uniform(1.0, 2.0, 4)
    expected = reference.double(x)
    assert_array(student.double(x), expected)


@pytest.fixture
def hostile(zygote):
    with opened(zygote) as process:

        def student(search):
            process.run_cell(HOSTILE.format(search=search))
            return SandboxedStudent(process)

        yield student


@pytest.fixture
def judged(skeleton):
    """judged(student): the device's verdict. The author's solution is the reference, and computes on the device."""
    device = device_or_skip("strict")
    device.solutions[skeleton.name] = {"np": np, "double": lambda x: x + x}
    check = Check("q1.made", "q1", "made", 1.0, "hidden", answers, ("student", "reference", "rng"), device=True)
    yield lambda student: DeviceJudge(device, skeleton, "seed").judge_on_device(check, student)[0]
    del device.solutions[skeleton.name]


def test_the_authors_solution_is_the_reference_of_these_tests(skeleton, judged, zygote):
    assert not skeleton.settings.reference
    with opened(zygote) as process:
        process.run_cell("def double(x): return 2 * x")
        assert judged(SandboxedStudent(process)).outcome == "pass"


@pytest.mark.parametrize("name", SEARCHES)
def test_k9_no_number_is_the_handle_of_the_answer(hostile, judged, name):
    student = hostile(SEARCHES[name])
    assert judged(student).outcome == "fail"
    assert student.count() == 0 or name == "other tables"  # its first table is x's, and x is its own


@pytest.mark.parametrize("name", SEARCHES)
def test_k9_a_made_up_handle_is_no_answer(hostile, name):
    """Where a check returns it unseen: the value of a handle that was not given is an error, not an array."""
    student, meter = hostile(SEARCHES[name]), Meter()
    meter.array(np.arange(4.0))
    with pytest.raises((LookupError, TypeError)):
        meter.value(student.blind(meter.array(np.ones(4))))


def test_an_array_in_one_meter_is_no_argument_of_another():
    one, other = Meter(), Meter()
    with pytest.raises(TypeError, match="another call"):
        one.array(np.ones(2)) + other.array(np.ones(2))


def test_a_function_of_a_check_is_no_owner_of_arrays(zygote):
    """A check that uses a returned array would call its own function with arguments that a student chose."""
    asked = []
    with opened(zygote) as process:
        process.run_cell(
            "def f(layer, x):\n"
            "    made = type(x)(x.perform, x.handle, (), '<f8', observed=False)\n"
            "    made.perform = type(x.perform)(x.perform.channel, layer.__dict__['__handed__'])\n"
            "    return made"
        )
        student = SandboxedStudent(process)
        got = student.f(Callback(lambda *args: asked.append(args)), Meter().array(np.ones(2)))
        with pytest.raises(ValueError, match="earlier call"):
            got + 1
        assert asked == []


def test_k9_after_a_check_its_handles_are_worthless(zygote, judged):
    """A handle that was kept does not reach the table of the next check, and its own table is empty."""
    with opened(zygote) as process:
        process.run_cell("kept = []\ndef double(x):\n    kept.append(x)\n    return kept[0] + kept[0]")
        student = SandboxedStudent(process)
        assert judged(student).outcome == "pass"
        assert judged(student).outcome == "error"


def test_k6_a_result_of_handles_without_end_is_refused(zygote):
    """100,000 times one handle would be 100,000 copies."""
    with opened(zygote) as process, computing_with(strict):
        process.run_cell("def f(x): return [[x] * 300] * 300")
        meter = Meter(makes=True)
        got = SandboxedStudent(process).f(meter.array(np.ones(1000)))
        with pytest.raises(ValueError, match="more than"):
            meter.value(got)


def test_on_a_device_such_a_result_is_the_students_error(zygote, judged):
    with opened(zygote) as process:
        process.run_cell("import numpy as np\ndef double(x): return [np.broadcast_to(x, (250_000, 4))] * 100")
        assert judged(SandboxedStudent(process)).outcome == "error"
