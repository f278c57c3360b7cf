"""Rows F23 to F28: carried points without a right function.

A check that fails is put again with the author's earlier functions. Each payload tries to use that: the second time, the
author's answers, or the fact that a broken question is answered for.
"""

import itertools

import pytest
from patience import PATIENT, within

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import notebook_text
from autograder.authoring.seeds import seeds_from
from autograder.intake.submissions import Submission
from autograder.judging.notebook_run import limits_of
from autograder.judging.submission import grade_submission
from autograder.sandbox.clocks import Deadline
from autograder.sandbox.student_process import StudentProcess

STUBS = {
    "double": "def double(x):",
    "fourfold": "def fourfold(x):",
    "positive": "def positive(x):",
    "once": "def once(f, x):",
}
RIGHT = {
    "double": "def double(x):\n    return 2 * x",
    "fourfold": "def fourfold(x):\n    return double(double(x))",
    "positive": "def positive(x):\n    return double(x) > 0",
    "once": "def once(f, x):\n    return f(double(x))",
}
CHECKS = '''from autograder.authoring import assert_number, check, fail


@check("q1", points=2)
def test_six(student):
    """2 × 3"""
    assert_number(student.double(3.0), 6.0)


@check("q2", points=4)
def test_value(student, rng):
    """4 x"""
    x = float(rng.uniform(1, 2))
    assert_number(student.fourfold(x), 4 * x)


@check("q3", points=3)
def test_plus(student, rng):
    """x > 0"""
    if student.positive(float(rng.uniform(1, 2))) is not True:
        fail("x is positive")


@check("q3", points=3)
def test_minus(student, rng):
    """x < 0"""
    if student.positive(float(rng.uniform(-2, -1))) is not False:
        fail("x is negative")


@check("q4", points=2)
def test_right(student, rng):
    """f(2 x)"""
    x = float(rng.uniform(1, 2))
    assert_number(student.once(lambda z: z + 1, x), 2 * x + 1)


@check("q4", points=3)
def test_calls(student, rng):
    """One call"""
    calls, x = [], float(rng.uniform(1, 2))
    assert_number(student.once(lambda z: calls.append(z) or z + 1, x), 2 * x + 1)
    if len(calls) > 1:
        fail("too many calls", "calls")
'''
WRONG_DOUBLE = "def double(x):\n    return 3 * x"


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    folder = tmp_path_factory.mktemp("carried") / "solutions" / "a8_carried"
    folder.mkdir(parents=True)
    cells = [
        f'# %% q="q{i}" role="solution"\n{STUBS[name]}\n    # BEGIN SOLUTION\n{code.partition(chr(10))[2]}\n    # END SOLUTION'
        for i, (name, code) in enumerate(RIGHT.items(), 1)
    ]
    (folder / "notebook.py").write_text("\n\n".join(cells) + "\n")
    (folder / "hidden_checks.py").write_text(CHECKS)
    points = (2, 4, 6, 5)
    questions = (f'[[questions]]\nid = "q{i}"\ntitle = "q{i}"\npoints = {p}\n' for i, p in enumerate(points, 1))
    (folder / "assignment.toml").write_text('title = "Carried"\n' + "".join(questions))
    return within(load_assignment(folder), **PATIENT)


@pytest.fixture
def graded(assignment, sandboxes, tmp_path):
    """graded(name=code, …): the result of the solution with these cells in place of its own."""

    def of(**cells):
        path = tmp_path / "a8_carried.ipynb"
        path.write_text(notebook_text([("code", name, code) for name, code in (RIGHT | cells).items()]))
        zygote = sandboxes.open({assignment.name: assignment.handouts})
        return grade_submission(Submission("mallory", assignment.name, path), assignment, zygote, seeds_from(b"secret"))

    return of


def of(result, question):
    """(points, carried points) of a question."""
    return next((q.score, q.carried) for q in result.questions if q.id == question)


def whole(result):
    return result.score + result.carried


def test_honest_work_after_a_wrong_question_carries_all_its_points(graded):
    result = graded(double=WRONG_DOUBLE)
    assert (result.score, result.carried) == (6, 4 + 5)  # the sign of 3 x is that of 2 x


def test_f23_an_answer_that_was_stored_the_first_time_carries_nothing(graded):
    """The cost is paid the first time; the second time, the function looks the answer up and calls nothing."""
    stored = (
        "STORED = {}\ndef once(f, x):\n    double(1)\n    if x not in STORED:\n"
        "        STORED[x] = [f(2 * x) for _ in range(3)][0]\n    return STORED[x]"
    )
    assert of(graded(double=WRONG_DOUBLE, once=stored), "q4") == (2, 0)


def test_f24_a_function_that_behaves_in_two_ways_gets_the_points_of_one(graded):
    either = "def positive(x):\n    return double(1) != 2"
    assert of(graded(double=WRONG_DOUBLE, positive=either), "q3") == (3, 0)


def test_f24_another_answer_the_second_time_carries_nothing_if_no_author_was_asked(graded):
    later = "SEEN = []\ndef positive(x):\n    SEEN.append(x)\n    return x > 0 if len(SEEN) > 2 else None"
    assert of(graded(double=WRONG_DOUBLE, positive=later), "q3") == (0, 0)


@pytest.mark.parametrize("body", ["double(x)", "x", "{}", "0 * double(x)", "None", "0", "True"])
def test_f25_an_earlier_answer_or_nothing_in_place_of_the_own_one_carries_nothing(graded, body):
    cells = {
        "fourfold": f"def fourfold(x):\n    double(1)\n    return {body}",
        "once": f"def once(f, x):\n    double(1)\n    return {body}",
    }
    result = graded(double=WRONG_DOUBLE, **cells)
    assert of(result, "q2") == of(result, "q4") == (0, 0)


def test_f26_a_function_of_the_author_cannot_be_called_after_its_exchange(zygote, assignment):
    limits = limits_of(assignment.settings.limits)
    with StudentProcess(zygote, limits, assignment.name, Deadline(300.0), forgives=False) as session:
        session.run_cell("def double(x):\n    return 0\nSTOLEN = []\ndef steal(x):\n    STOLEN.append(double)")
        session.run_cell("def use(x):\n    return STOLEN[0](x)")
        session.exchange({"double": lambda x: 2 * x})
        session.get("steal")(1.0)
        assert session.get("use")(3.0) == 6.0
        session.exchange({})
        with pytest.raises(ValueError, match="handed over for an earlier call"):
            session.get("use")(3.0)
        session.exchange({"double": lambda x: 2 * x})
        with pytest.raises(ValueError, match="handed over for an earlier call"):
            session.get("use")(3.0)


def test_f26_a_stolen_function_earns_nothing_in_its_own_question(graded):
    """q3 keeps the author's fourfold and its answers; no check of q2 is put after that."""
    thief = "STOLEN = []\ndef positive(x):\n    STOLEN.append(fourfold)\n    return double(x) > 0"
    user = "def fourfold(x):\n    return STOLEN[-1](x) if STOLEN and STOLEN[-1] is not fourfold else 0.0"
    result = graded(double=WRONG_DOUBLE, fourfold=user, positive=thief)
    assert of(result, "q2") == (0, 0)
    assert of(result, "q3") == (6, 0)


PROGRAMS = {
    "right": {},
    "its check does not see it": {"double": "def double(x):\n    return 2 * x if x == 3 else 0.0"},
    "wrong in the middle": {"fourfold": "def fourfold(x):\n    return 5 * x"},
    "a guess at the end": {"positive": "def positive(x):\n    return True"},
    "dear": {"once": "def once(f, x):\n    f(x)\n    return f(double(x))"},
    "an earlier question decides": {"positive": "def positive(x):\n    return fourfold(1) == 4"},
}
BROKEN = {
    "q1": {"double": "def double(x):\n    return 0.0"},
    "q1, raises": {"double": "def double(x):\n    raise ValueError"},
    "q2": {"fourfold": "def fourfold(x):\n    return 0.0"},
    "q1 and q2": {"double": WRONG_DOUBLE, "fourfold": "def fourfold(x):\n    return None"},
}


@pytest.mark.parametrize(("program", "broken"), list(itertools.product(PROGRAMS, BROKEN)))
def test_f27_breaking_an_earlier_question_on_purpose_never_raises_the_mark(graded, program, broken):
    as_it_is, with_a_break = graded(**PROGRAMS[program]), graded(**PROGRAMS[program] | BROKEN[broken])
    assert whole(with_a_break) <= whole(as_it_is)


def test_f28_a_question_never_gets_more_than_with_right_earlier_functions(graded):
    """The mark of q2 to q4 with a broken q1 is at most that of the same functions with a right one."""
    for cells in PROGRAMS.values():
        later = {name: code for name, code in cells.items() if name != "double"}
        honest = graded(**later)
        for broken in BROKEN.values():
            result = graded(**broken | later)
            assert all(
                q.score + q.carried <= o.score + o.carried
                for q, o in zip(result.questions, honest.questions, strict=True)
            )
