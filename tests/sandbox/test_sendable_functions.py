"""Which functions of a public check are evaluated on the student's side: those that only compute, and no others."""

import numpy as np
import pytest
from patience import opened

from autograder.sandbox.sandboxed_student import SandboxedStudent
from autograder.sandbox.sendable_functions import travelling
from autograder.sandbox.student_process import StudentProcess
from autograder.sandbox.worker.sharing import rebuilt

CALLS = []
SLOPES = np.array([1.0, 2.0])


def summit(x):
    return float(-(x[0] ** 4) / 4 + x[0] ** 3 / 3 + x[0] ** 2)


def closing_over(a, b=2.0):
    return lambda x, c=3.0: a @ x + b * c


@pytest.mark.parametrize(
    ("function", "x", "expected"),
    [
        (lambda x: -2 * x, np.array([1.0, 3.0]), np.array([-2.0, -6.0])),
        (lambda x: np.array([x[0], -x[1]]), np.array([1.0, 3.0]), np.array([1.0, -3.0])),
        (summit, np.array([2.0]), -4 + 8 / 3 + 4),
        (closing_over(SLOPES), np.array([3.0, 4.0]), 3 + 8 + 6.0),
    ],
)
def test_a_function_that_only_computes_gives_the_same_on_the_other_side(function, x, expected):
    there = rebuilt(**travelling(function))
    np.testing.assert_array_equal(there(x), expected)
    np.testing.assert_array_equal(function(x), expected)


def constant(a):
    return lambda x: a


def counted(log):
    def f(x):
        log.append(x)
        return x

    return f


def counted_by_number():
    count = 0

    def f(x):
        nonlocal count
        count += 1
        return count * x

    return f


def counted_in_an_array(log):
    def f(x):
        log[0] += 1
        return x

    return f


def changed_in_place(a):
    def f(x):
        b = a
        b += x
        return x

    return f


def with_a_function_inside(x):
    return sum(y for y in x)


def written_into(x):
    return np.add(x, 1, out=SLOPES)


def of_a_generator(x):
    yield x


@pytest.mark.parametrize(
    "function",
    [
        counted([]),
        counted_by_number(),
        counted_in_an_array(np.zeros(1)),
        changed_in_place(np.zeros(1)),
        with_a_function_inside,
        written_into,
        of_a_generator,
        lambda x: CALLS.append(x) or x,
        lambda x: SLOPES @ x,
        lambda x: np.random.default_rng(0).random() + x,
        lambda x: print(x) or x,
        lambda x: x.fill(0),
        np.sin,
        len,
        [].append,
        3,
    ],
)
def test_a_function_that_remembers_or_may_is_asked_where_it_is(function):
    assert travelling(function) is None


def test_what_comes_back_is_never_the_closed_over_array_itself():
    there = rebuilt(**travelling(constant(SLOPES)))
    got = there(0)
    got += 9
    np.testing.assert_array_equal(there(0), [1.0, 2.0])


@pytest.mark.parametrize(("public", "asked"), [(True, 0), (False, 3)])
def test_only_a_public_checks_function_is_evaluated_by_the_students_process(zygote, monkeypatch, public, asked):
    served = []
    serve = StudentProcess._serve_callback
    monkeypatch.setattr(StudentProcess, "_serve_callback", lambda self, *a: (served.append(1), serve(self, *a))[1])
    with opened(zygote) as session:
        session.run_cell("def use(f): return [f(x) for x in (1.0, 2.0, 3.0)]")
        student = SandboxedStudent(session)
        use = student.shown("use") if public else student.use
        assert use(lambda x: -2 * x) == [-2.0, -4.0, -6.0]
    assert len(served) == asked
