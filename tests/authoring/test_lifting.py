"""`lifted` runs a notebook's test in the grader, `inside` in the student's process: both decide as the notebook does."""

import builtins
import textwrap

import pytest
from authoring.students import PLACES, student_in
from patience import opened

from autograder.authoring import inside, lifted
from autograder.authoring.failing import PartOfThePoints
from autograder.errors import CrashError, NotDefinedError, RaisedError, like_python
from autograder.sandbox.sandboxed_student import SandboxedStudent

NOTEBOOK = """
import json

rate = 0.5
log = []

def mean(values):
    if not values:
        raise ValueError("no values")
    log.append(len(values))
    return sum(values) / len(values)

def sort(values):
    values.sort()

def greet(name):
    print("Hello,", name)

def apply(function, value):
    return function(value)

def parse(text):
    return json.loads(text)

def stop():
    raise StopIteration
"""
NAMES = {name: name for name in "rate log mean sort greet apply parse stop".split()}


@pytest.fixture(params=PLACES)
def student(request, zygote_of):
    with student_in(request.param, zygote_of) as made:
        yield made(NOTEBOOK)


RIGHT = {
    "a value": "assert rate == 0.5",
    "a result": "assert mean([1, 3]) == 2",
    "an exception": """
        try:
            mean([])
        except ValueError as error:
            assert str(error) == "no values"
        else:
            raise AssertionError
        """,
    "unittest": """
        import unittest
        with unittest.TestCase().assertRaisesRegex(ValueError, "no values"):
            mean([])
        """,
    "an exception of a package": """
        import json
        try:
            parse("{")
        except json.JSONDecodeError:
            pass
        """,
    "an argument that changes": "values = [3, 1]\nsort(values)\nassert values == [1, 3]",
    "printed text": """
        import contextlib, io
        heard = io.StringIO()
        with contextlib.redirect_stdout(heard):
            greet("Ada")
        assert heard.getvalue() == "Hello, Ada\\n"
        """,
    "a function as an argument": "assert apply(mean, [4]) == 4",
    "a function of the test": "assert apply(lambda x: x + 1, 1) == 2",
    "a value that a call changes": "n = len(log)\nmean([1])\nassert len(log) == n + 1",
    "functions of the test": "def half(x):\n    return mean([x, 0])\nassert [half(x) for x in (2, 4)] == [1, 2]",
    "doctest": ">>> mean([1, 3])\n2.0\n>>> greet('you')\nHello, you\n",
    "given lines": "assert two == mean([1, 3])",
}


@pytest.mark.parametrize("run", [lifted, inside])
@pytest.mark.parametrize("test", RIGHT.values(), ids=RIGHT)
def test_a_test_that_holds_in_the_notebook_passes(student, run, test):
    run(student, textwrap.dedent(test), names=NAMES, given="two = 2")


WRONG = {
    "a value": "assert rate == 0.6",
    "a result": "assert mean([1, 3]) == 3",
    "doctest": ">>> mean([1, 3])\n3.0\n",
    "its end": "import sys\nsys.exit()",
    "an argument": "values = [3, 1]\nsort(values)\nassert values == [3, 1]",
}


@pytest.mark.parametrize("run", [lifted, inside])
@pytest.mark.parametrize("test", WRONG.values(), ids=WRONG)
def test_a_test_that_does_not_hold_fails(student, run, test):
    with pytest.raises((AssertionError, SystemExit, RaisedError)):
        run(student, test, names=NAMES)


@pytest.mark.parametrize("run", [lifted, inside])
def test_a_number_at_the_end_is_part_of_the_points(student, run):
    with pytest.raises(PartOfThePoints) as part:
        run(student, "points = 0.25\npoints + rate", names=NAMES)
    assert part.value.points == 0.75


@pytest.mark.parametrize("run", [lifted, inside])
def test_a_name_can_have_another_name_in_the_notebook(student, run):
    run(student, "assert x == 0.5", names={"x": "rate"})


def test_only_the_names_of_the_test_come_from_the_notebook(zygote):
    with opened(zygote) as process:
        process.run_cell("def sum(values): return 7\nlen = None\ndef f(x): return x")
        student = SandboxedStudent(process)
        lifted(student, "assert sum([1, 2]) == 3 and len([1]) == 1", names={"f": "f"})
        with pytest.raises(NotDefinedError):
            lifted(student, "g(1)", names={"g": "g"})


def test_a_lifted_test_never_enters_the_students_process(zygote):
    spy = "import gc\ndef f(x): return any(isinstance(o, str) and 'SECRET' in o and o != 'SECRET' for o in gc.get_objects())"
    with opened(zygote) as process:
        process.run_cell(spy)
        lifted(SandboxedStudent(process), "code = 'SECRET 42'\nassert not f(1)", names={"f": "f"})


def test_a_function_of_the_test_runs_in_the_process_of_the_test(zygote):
    with opened(zygote) as process:
        process.run_cell(NOTEBOOK)
        test = "seen = []\ndef note(x):\n    seen.append(x)\n    return mean([x])\nassert apply(note, 3) == 3 and seen == [3]"
        with pytest.raises(RuntimeError):  # the student's process waits, so `mean` cannot be called meanwhile
            lifted(SandboxedStudent(process), test, names=NAMES)
        lifted(SandboxedStudent(process), test.replace("mean([x])", "x"), names=NAMES)


def test_a_value_that_takes_over_the_test_reaches_nothing_else(zygote):
    with opened(zygote) as process:
        process.run_cell("def f(): return '__import__(\"os\")._exit(0)'\ndef g(): return 1")
        student = SandboxedStudent(process)
        with pytest.raises(AssertionError):
            lifted(student, "assert eval(f()) == 3", names={"f": "f"})
        lifted(student, "assert g() == 1", names={"g": "g"})


def test_a_value_that_lets_the_test_run_forever_fails_it(zygote):
    with opened(zygote, call=0.2, cell=0.3) as process:
        process.run_cell("def f(): return 10**30")
        with pytest.raises(AssertionError):
            lifted(SandboxedStudent(process), "n = f()\nwhile n: n -= 1", names={"f": "f"})


def test_a_test_that_catches_everything_still_sees_that_the_process_ended(zygote):
    with opened(zygote) as process:
        process.run_cell("import os\ndef f(): os._exit(0)")
        test = "try:\n    f()\nexcept BaseException:\n    pass"
        with pytest.raises(CrashError):
            lifted(SandboxedStudent(process), test, names={"f": "f"})


def test_a_test_that_cannot_use_a_value_is_no_exception_of_the_students(zygote):
    with opened(zygote) as process:
        process.run_cell("def f(): return None")
        with pytest.raises(TypeError) as caught:
            lifted(SandboxedStudent(process), "f() + 1", names={"f": "f"})
        assert not isinstance(caught.value, RaisedError)


def test_a_loop_of_the_test_does_not_end_because_the_student_says_so(zygote):
    with opened(zygote) as process:
        process.run_cell(NOTEBOOK)
        with pytest.raises(RuntimeError):
            lifted(SandboxedStudent(process), "assert list(map(lambda _: stop(), [1])) == []", names=NAMES)


@pytest.mark.parametrize(
    "kind",
    [
        k
        for k in vars(builtins).values()
        if isinstance(k, type) and issubclass(k, Exception) and k not in (Exception, ExceptionGroup)
    ],
)
def test_an_exception_of_python_keeps_its_type_and_text(kind):
    made = like_python(RaisedError(kind.__name__, "why", line=3))
    assert isinstance(made, RaisedError)
    if not issubclass(kind, (StopIteration, StopAsyncIteration)):
        assert isinstance(made, kind)
        assert str(made) == "why"
    assert (made.type_name, made.line) == (kind.__name__, 3)


def test_an_exception_that_is_none_of_an_authors_stays_as_it_is():
    for name in ("SystemExit", "KeyboardInterrupt", "print", "Hostile", "__import__"):
        error = RaisedError(name, base=name)
        assert like_python(error) is error
