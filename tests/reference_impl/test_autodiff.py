"""Both modes against differences, against HIPS autograd, against each other, and against sums done by hand."""

import array_api_strict as strict
import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from reference_impl import autodiff as ad
from reference_impl import gradcheck
from reference_impl.primitives import PRIMITIVES

RNG = np.random.default_rng(7)
A, B = RNG.uniform(0.5, 2.0, (2, 3)), RNG.uniform(0.5, 2.0, (2, 3))  # away from the poles of / and log
S = np.array([[-1.5, 0.5, -0.25], [2.0, -3.0, 1.0]])  # both signs, away from the kink of relu
M, ROW, COLUMN = RNG.uniform(0.5, 2.0, (3, 4)), B[:1], B[:, :1]

# name: ours, the same in autograd, the arguments. Each primitive of the table stands here at least once.
CASES = {
    "add": (lambda a, b: a + b, None, (A, B)),
    "add row": (lambda a, b: a + b, None, (A, B[0])),
    "subtract": (lambda a, b: a - b, None, (A, B)),
    "subtract column": (lambda a, b: a - b, None, (COLUMN, A)),
    "multiply": (lambda a, b: a * b, None, (A, B)),
    "multiply outer": (lambda a, b: a * b, None, (ROW, COLUMN)),
    "divide": (lambda a, b: a / b, None, (A, B)),
    "divide by a number": (lambda a, b: a / b, None, (A, np.array(3.0))),
    "divide a number": (lambda a: 2 / a, None, (A,)),
    "subtract from a number": (lambda a: 1 - a, None, (A,)),
    "negative": (lambda a: -a, None, (A,)),
    "exp": (ad.exp, anp.exp, (S,)),
    "log": (ad.log, anp.log, (A,)),
    "tanh": (ad.tanh, anp.tanh, (S,)),
    "relu": (ad.relu, lambda a: anp.maximum(a, 0), (S,)),
    "power": (lambda a: a**3, None, (S,)),
    "power half": (lambda a: a**0.5, None, (A,)),
    "power nothing": (lambda a: a**0, None, (S,)),
    "matmul": (lambda a, b: a @ b, None, (A, M)),
    "matmul stack": (lambda a, b: a @ b, None, (RNG.normal(size=(5, 2, 3)), M)),
    "matmul constant": (lambda b: A @ b, None, (M,)),
    "transpose": (lambda a: a.T, None, (A,)),
    "sum": (lambda a: a.sum(), anp.sum, (A,)),
    "sum axis": (lambda a: a.sum(axis=-1), lambda a: anp.sum(a, axis=-1), (A,)),
    "sum axes kept": (
        lambda a: a.sum(axis=(0, 2), keepdims=True),
        lambda a: anp.sum(a, axis=(0, 2), keepdims=True),
        (RNG.normal(size=(2, 3, 4)),),
    ),
    "reshape": (lambda a: a.reshape((3, 2)), None, (A,)),
    "broadcast_to": (lambda a: a.broadcast_to((4, 2, 3)), lambda a: a * np.ones((4, 2, 3)), (ROW,)),
}
EACH = pytest.mark.parametrize("name", CASES)


def oracle(name):
    ours, theirs, xs = CASES[name]
    return ours, theirs or ours, xs


def mlp(X, onehot, xp=ad):
    """The mean cross-entropy of a relu network, in operators that both libraries know."""

    def cost(W1, b1, W2, b2):
        hidden = ad.relu(X @ W1 + b1) if xp is ad else anp.maximum(X @ W1 + b1, 0)
        logits = hidden @ W2 + b2
        e = xp.exp(logits)
        total = e.sum(axis=1, keepdims=True) if xp is ad else anp.sum(e, axis=1, keepdims=True)
        gain = onehot * (logits - xp.log(total))
        return -(gain.sum() if xp is ad else anp.sum(gain)) / len(X)

    return cost


def test_no_primitive_is_left_out():
    assert {name.split()[0] for name in CASES} == set(PRIMITIVES)


@EACH
def test_a_primitives_jvp_is_what_autograd_says_and_what_differences_measure(name):
    ours, theirs, xs = oracle(name)
    vs = tuple(np.random.default_rng(1).normal(size=x.shape) for x in xs)
    y, dy = ad.jvp(ours, xs, vs)
    np.testing.assert_allclose(y, theirs(*xs) if name != "power nothing" else np.ones_like(S), rtol=1e-15)
    if name != "power nothing":  # autograd warns: 0 * x**-1
        moves = [autograd.make_jvp(theirs, k)(*xs)(v)[1] for k, v in enumerate(vs)]
        np.testing.assert_allclose(dy, sum(moves), rtol=1e-13)  # a few roundings of the same formula
    h = gradcheck.BEST_STEP
    up, down = (ad.jvp(ours, [x + s * v for x, v in zip(xs, vs, strict=True)], vs)[0] for s in (h, -h))
    np.testing.assert_allclose(dy, (up - down) / (2 * h), atol=1e-8)  # eps / h times values up to 30, and h**2 f'''
    assert dy.shape == y.shape


@EACH
def test_a_primitives_vjp_is_what_autograd_says_and_what_differences_measure(name):
    ours, theirs, xs = oracle(name)
    y, pullback = ad.vjp(ours, xs)
    u = np.random.default_rng(2).normal(size=y.shape)
    for k, (x, got) in enumerate(zip(xs, pullback(u), strict=True)):
        if name != "power nothing":  # autograd warns: 0 * x**-1
            back, _ = autograd.core.make_vjp(lambda x, k=k: theirs(*xs[:k], x, *xs[k + 1 :]), x)
            np.testing.assert_allclose(got, back(u), rtol=1e-13)  # a few roundings of the same formula
        slope = gradcheck.central_difference(lambda p, k=k: np.sum(u * ad.vjp(ours, (*xs[:k], p, *xs[k + 1 :]))[0]), x)
        np.testing.assert_allclose(got, slope, atol=1e-7)  # as above, for sums of up to 40 values
        assert got.shape == x.shape


@EACH
def test_the_two_modes_are_transposes(name):
    """<u, J v> = <u J, v> for any u and v."""
    ours, _, xs = CASES[name]
    rng = np.random.default_rng(3)
    vs = tuple(rng.normal(size=x.shape) for x in xs)
    y, dy = ad.jvp(ours, xs, vs)
    u = rng.normal(size=y.shape)
    back = ad.vjp(ours, xs)[1](u)
    np.testing.assert_allclose(np.sum(u * dy), sum(np.sum(b * v) for b, v in zip(back, vs, strict=True)), rtol=1e-11)


class TestByHand:
    def test_a_value_used_twice_gets_both_parts(self):
        """(x*x + x)' = 2 x + 1 = 7 at 3."""
        x = np.array(3.0)
        assert ad.grad(lambda x: x * x + x)(x) == 7.0
        assert ad.jvp(lambda x: x * x + x, (x,), (np.array(1.0),)) == (12.0, 7.0)

    def test_a_diamond_is_walked_in_an_order_that_waits_for_both_sides(self):
        """a = 2x, b = a*a, y = a*b = 8 x**3: y' = 24 x**2 = 96 at 2. Walking on from a too soon would lose b's part."""

        def f(x):
            a = 2 * x
            return a * (a * a)

        assert ad.grad(f)(np.array(2.0)) == 96.0

    def test_a_stretched_input_receives_the_sum_of_its_copies_gradients(self):
        """Broadcasting copies b down two rows, so d_b adds the rows of u."""
        u = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
        np.testing.assert_array_equal(ad.unbroadcast(u, (3,)), [11.0, 22.0, 33.0])
        np.testing.assert_array_equal(ad.unbroadcast(u, (2, 1)), [[6.0], [60.0]])
        np.testing.assert_array_equal(ad.unbroadcast(u, ()), 66.0)

    def test_relu_has_slope_zero_at_zero_and_keeps_infinity_out(self):
        x = np.array([-1.0, 0.0, -0.0, 2.0])
        np.testing.assert_array_equal(ad.vjp(ad.relu, (x,))[1](np.full(4, np.inf))[0], [0, 0, 0, np.inf])

    def test_the_worked_instance_of_the_course(self):
        """The 2-2-2 picture: dlogits = (-p, p) with p = 1 / (1 + e) = 0.268941; dW and db by hand."""
        W1, b1 = np.array([[1.0, -1.0], [0.5, 1.0]]), np.array([0.0, -2.0])
        W2, b2 = np.array([[1.0, 0.0], [3.0, 1.0]]), np.array([0.0, 1.0])
        dW1, db1, dW2, db2 = ad.grad(mlp(np.array([[1.0, 2.0]]), np.array([[1, 0]])))(W1, b1, W2, b2)
        p = 1 / (1 + np.e)
        np.testing.assert_allclose(dW2, [[-2 * p, 2 * p], [0, 0]], rtol=1e-14)
        np.testing.assert_allclose(dW1, [[-p, 0], [-2 * p, 0]], rtol=1e-14)
        np.testing.assert_allclose(db1, [-p, 0], rtol=1e-14)
        np.testing.assert_allclose(db2, [-p, p], rtol=1e-14)


def test_an_mlps_gradient_is_autograds():
    rng = np.random.default_rng(5)
    X, onehot = rng.normal(size=(5, 4)), np.eye(6)[[0, 1, 5, 1, 2]]
    params = tuple(rng.normal(size=s) for s in ((4, 3), (3,), (3, 6), (6,)))
    ours = ad.grad(mlp(X, onehot))(*params)
    theirs = autograd.grad(mlp(X, onehot, anp), (0, 1, 2, 3))(*params)
    for got, expected in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-15)  # the same sums in another order


def test_one_hundred_thousand_operations_need_no_stack():
    """(1 + 1e-5) to the power 100,000, by hand: d = that number. Rounding: 1e5 eps = 2e-11."""

    def chain(x):
        for _ in range(100_000):
            x = x * 1.00001
        return x

    assert ad.grad(chain)(np.array(1.0)) == pytest.approx(1.00001**100_000, rel=1e-10)
    assert ad.jvp(chain, (np.array(1.0),), (np.array(2.0),))[1] == pytest.approx(2 * 1.00001**100_000, rel=1e-10)


def test_the_tape_goes_with_the_pullback_and_waits_for_no_garbage_collector():
    import gc
    import weakref

    class Watched(np.ndarray):
        """An array that can be watched."""

    gc.disable()
    try:
        x = np.ones(3).view(Watched)
        y, pullback = ad.vjp(lambda x: x * x * 2.0, (x,))
        pullback(np.ones(3))
        watch = weakref.ref(x)
        del x, y, pullback
        assert watch() is None
    finally:
        gc.enable()


class TestContract:
    def test_float32_stays_float32_beside_numbers_and_float64_constants(self):
        x = np.ones((2, 3), dtype=np.float32)

        def f(x):
            return ad.tanh(np.full((2, 3), 0.5) * x / 3 + 1) @ np.ones((3, 1)) ** 2

        y, dy = ad.jvp(f, (x,), (np.ones((2, 3)),))
        z, pullback = ad.vjp(f, (x,))
        assert {a.dtype for a in (y, dy, z, pullback(np.ones((2, 1)))[0])} == {np.dtype(np.float32)}

    def test_each_gradient_has_the_dtype_of_its_own_argument(self):
        grads = ad.grad(lambda a, b: (a * b).sum())(np.ones(2, np.float32), np.ones(2, np.float64))
        assert [g.dtype for g in grads] == [np.float32, np.float64]

    def test_the_pullback_can_be_called_again_and_shares_no_memory(self):
        x, u = np.array([1.0, 2.0]), np.array([1.0, 10.0])
        pullback = ad.vjp(lambda x: x + 0, (x,))[1]
        first = pullback(u)[0]
        first += 100
        np.testing.assert_array_equal(pullback(u)[0], [1.0, 10.0])
        np.testing.assert_array_equal(u, [1.0, 10.0])

    def test_a_result_that_does_not_depend_on_an_argument_has_gradient_zero(self):
        da, db = ad.grad(lambda a, b: (a * 2).sum())(np.ones(2), np.ones(3))
        np.testing.assert_array_equal(da, [2, 2])
        np.testing.assert_array_equal(db, [0, 0, 0])
        np.testing.assert_array_equal(ad.grad(lambda a: 3.0)(np.ones(2)), [0, 0])
        assert ad.jvp(lambda a: 3.0, (np.ones(2),), (np.ones(2),)) == (3.0, 0.0)

    def test_the_identity_returns_u(self):
        np.testing.assert_array_equal(ad.vjp(lambda x: x, (np.ones(2),))[1](np.array([3.0, 4.0]))[0], [3.0, 4.0])

    def test_an_array_on_the_left_is_no_obstacle(self):
        for f in (lambda x: np.ones(3) * x, lambda x: np.ones(3) - x, lambda x: np.float64(2) / x):
            assert ad.vjp(f, (np.ones(3),))[0].shape == (3,)

    @pytest.mark.parametrize(
        ("call", "error", "says"),
        [
            (lambda: ad.vjp(ad.exp, np.ones(3)), TypeError, r"xs: expected a tuple .* Hint: \(x,\)"),
            (lambda: ad.grad(ad.exp)(np.array(3)), TypeError, "real floating"),
            (lambda: ad.grad(ad.exp)(2.0), TypeError, "real floating arrays, got float"),
            (lambda: ad.grad(ad.exp)(np.ones(3)), ValueError, r"expected one number, got shape \(3,\)"),
            (lambda: ad.jvp(ad.exp, (np.ones(3),), (np.ones(2),)), ValueError, "vs: expected the shapes of xs"),
            (lambda: ad.vjp(ad.exp, (np.ones(3),))[1](np.ones(2)), ValueError, "u: expected the shape"),
            (lambda: ad.grad(lambda x: (x @ x).sum())(np.ones(3)), ValueError, "two matrices"),
            (lambda: ad.grad(lambda x: x or -x)(np.array(1.0)), TypeError, "branch on .value"),
            (lambda: ad.grad(ad.grad(lambda x: x * x))(np.array(1.0)), TypeError, "first derivatives"),
            (lambda: ad.grad(lambda x: ad.grad(lambda y: x * y)(np.array(1.0)))(np.array(1.0)), TypeError, "this call"),
        ],
    )
    def test_a_mistake_is_told_in_one_line(self, call, error, says):
        with pytest.raises(error, match=says) as caught:
            call()
        assert "\n" not in str(caught.value)


@EACH
def test_the_array_api_standard_is_all_it_uses(name):
    ours, _, xs = CASES[name]
    foreign = tuple(strict.asarray(x) for x in xs)
    y, pullback = ad.vjp(ours, foreign)
    vs = tuple(strict.ones_like(x) for x in foreign)
    back, dy = pullback(strict.ones_like(y)), ad.jvp(ours, foreign, vs)[1]
    here_y, here = ad.vjp(CASES[name][0], xs)
    for got, expected in zip(back, here(np.ones_like(here_y)), strict=True):
        np.testing.assert_allclose(np.asarray(got), expected, rtol=1e-15)
    np.testing.assert_allclose(np.asarray(dy), ad.jvp(CASES[name][0], xs, tuple(map(np.ones_like, xs)))[1], rtol=1e-15)
