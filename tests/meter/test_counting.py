"""While an order is observed, nothing that counts nothing can multiply: rounding is hidden, and honest numbers are not.

Each trick computes with moves, sums, and scaling by its own numbers only. In NumPy it reads bits of a number, or
multiplies; with such a step every product would be free.
"""

import numpy as np
import pytest

from autograder.authoring.inprocess import PlainStudent
from autograder.meter import Meter

# Each gives t rounded to a whole number, by NumPy.
STEPS = {
    "beyond whole numbers": "(t + 1.5 * 2.0**52) - 1.5 * 2.0**52",
    "beyond whole numbers, from below": "(t - 1.5 * 2.0**52) + 1.5 * 2.0**52",
    "scaled first": "((t * 2.0**-40 + 1.5 * 2.0**12) - 1.5 * 2.0**12) * 2.0**40",
    "in place": "step(t.copy())",
    "terms of one sum": "np.stack([t, C, -C]).sum(axis=0)",
    "terms of one running sum": "np.cumsum(np.stack([t, C, -C]), axis=0)[2]",
    "terms of one trace": "np.array([[t, z, z], [z, C, z], [z, z, -C]]).trace()",
    "terms of one einsum": "np.einsum('ij->j', np.stack([t, C, -C]))",
    "terms of one reduction": "np.add.reduce(np.concatenate([t[None], C[None], -C[None]]))",
    "at the smallest floats": "(t * 2.0**-1000 * 2.0**-74) * 2.0**1000 * 2.0**74",
    "in half precision": "((t + 1536).astype(np.float16) - 1536).astype(np.float64)",
    "in single precision": "((t + 1.5 * 2**23).astype(np.float32) - 1.5 * 2**23).astype(np.float64)",
    "in an array of half precision": "halves(t + 1536) - 1536",
    "in a sum of single precision": "np.sum(np.stack([t, z + 1.5 * 2**23]), axis=0, dtype=np.float32) - 1.5 * 2.0**23",
    "a mean of many": "((np.broadcast_to(t, (4096, 64)) + 1.5 * 2.0**52) - 1.5 * 2.0**52).sum(axis=0) * 2.0**-12",
}
CODE = """
import numpy as np

def halves(t):
    made = np.zeros(t.shape, dtype=np.float16)
    made[...] = t
    return made

def step(t):
    t += 1.5 * 2.0**52
    t -= 1.5 * 2.0**52
    return t

def f(t):
    z = np.zeros(t.shape)
    C = z + 1.5 * 2.0**52
    return {expression}
"""


@pytest.mark.parametrize("expression", STEPS.values(), ids=STEPS.keys())
def test_no_free_operation_is_a_step(expression):
    t = np.random.default_rng(0).uniform(-20, 20, 64)
    names = {}
    exec(CODE.format(expression=expression), names)
    student = PlainStudent(names)
    np.testing.assert_array_equal(np.round(t), student.f(t))
    meter = Meter(observe=True)
    got = meter.value(student.f(meter.array(t)))
    assert meter.multiply_adds == 0
    error = np.mean(np.abs(got - np.round(t)))  # 0.25 if the result is t itself
    assert error > 0.2 or np.isnan(error)


def test_absorption_is_no_switch():
    """(x + D) - D is 0 if D is large, and x if it is 0. On observed arrays a large D leaves a large random number."""
    meter = Meter(observe=True)
    x, on = meter.array(np.full(8, 0.75)), meter.array(np.array([0.0, 1.0] * 4))
    large = on * 2.0**80
    got = meter.value((x + large) - large)
    np.testing.assert_allclose(got[::2], 0.75, rtol=1e-8)
    assert np.all(np.abs(got[1::2]) > 2.0**30)


def test_two_numbers_in_one_float_cannot_be_taken_apart_again():
    """One product of a + 2**-36 c and b is ab + 2**-36 bc: two products for one, if rounding could take them apart."""
    rng = np.random.default_rng(1)
    a, b, c = np.round(rng.uniform(0.5, 1.5, (3, 16)) * 2**16) / 2**16  # with a product of whole multiples of 2**-32
    grid = 1.5 * 2.0**20  # added to a number, it leaves multiples of 2**-32

    def apart(a, b, c):
        both = (a + c * 2.0**-36) * b
        first = (both + grid) - grid
        return first, (both - first) * 2.0**36

    np.testing.assert_allclose(apart(a, b, c)[0], a * b, rtol=1e-9)
    np.testing.assert_allclose(apart(a, b, c)[1], b * c, rtol=1e-4)
    meter = Meter(observe=True)
    _, second = meter.value(apart(*(meter.array(v) for v in (a, b, c))))
    assert np.min(np.abs(second - b * c)) > 1


def test_the_same_arrays_give_the_same_blurred_numbers_and_others_do_not():
    """A result can be repeated, and student code, which does not know the arrays, cannot know the random part."""

    def errors(number):
        meter = Meter(observe=True)
        x, secret = meter.array(np.ones(5)), meter.array(np.full(3, number))
        del secret
        return meter.value(x + x) - 2.0

    np.testing.assert_array_equal(errors(0.5), errors(0.5))
    assert np.all(errors(0.5) != errors(0.25))
    assert 0 < np.max(np.abs(errors(0.5))) <= 2 * 2.0**-30


def test_a_zero_stays_a_zero_in_what_the_check_sees():
    meter = Meter(observe=True)
    x = meter.array(np.array([0.0, 1.0]))
    np.testing.assert_array_equal(meter.value(x * x + x)[0], 0.0)


def test_without_observing_numbers_are_exact():
    meter = Meter()
    x = np.random.default_rng(2).standard_normal((3, 3))
    np.testing.assert_array_equal(meter.value(meter.array(x) @ x), x @ x)


@pytest.mark.parametrize("name", ["exp", "sqrt", "maximum", "sort", "sign", "where", "divide", "power", "clip", "rint"])
def test_an_operation_that_could_multiply_or_choose_is_refused_while_observing(name):
    meter = Meter(observe=True)
    x = meter.array(np.ones(3))
    with pytest.raises(TypeError, match="where multiply-adds are being counted"):
        x.perform(name, [x, x, x], {})


@pytest.mark.parametrize(
    ("expression", "multiply_adds"),
    [  # A is 2 × 3, v has 3 entries, E has no rows; products that honest code seldom writes
        ("np.dot(E.T, E)", 0),
        ("E @ A.T", 0),
        ("np.multiply(A, A, out=A.copy())", 6),
        ("np.multiply(v, v, out=np.zeros((2, 3)))", 6),  # each product is done as often as it is written
        ("np.matmul(A, A.T, out=np.zeros((5, 2, 2)))", 5 * 12),
        ("np.tensordot(A, A.T, axes=(-1, 0))", 12),
        ("np.tensordot(A, v, axes=[1, 0])", 6),
        ("np.einsum('ij,j->i', A, v)", 6),
        ("np.multiply([v, v], v)", 6),
        ("np.inner(A, v)", 6),
        ("A.dot(v)", 6),
        ("np.vdot(v, 2.0 * v)", 3),
    ],
)
def test_a_product_costs_the_same_in_odd_forms(expression, multiply_adds):
    arrays = {"A": np.arange(6.0).reshape(2, 3), "v": np.arange(3.0), "E": np.zeros((0, 3))}
    names = {}
    exec(f"import numpy as np\ndef f(A, v, E): return {expression}", names)
    meter = Meter(observe=True)
    got = PlainStudent(names).f(*(meter.array(a) for a in arrays.values()))
    np.testing.assert_allclose(meter.value(got), eval(expression, {"np": np, **arrays}), rtol=1e-6)
    assert meter.multiply_adds == multiply_adds
