"""Four of the broken passes can be convicted and one cannot: their exact gradients are those that differences measure."""

import numpy as np
import pytest

from reference_impl import gradcheck
from reference_impl.counterexamples import ARGUMENTS, counterexample, exact, put_on_trial, read
from reference_impl.figures.broken import PASSES

WRONG = pytest.mark.parametrize("which", "ABCD")


def example(which, seed=0):
    """Arguments of ordinary size, which convict only B and C."""
    rng = np.random.default_rng(seed)
    return {
        "A": (rng.normal(size=(4, 2)), np.array([3, 0]), rng.normal(size=(2, 2))),
        "B": (rng.normal(size=(3, 2)), rng.normal(size=(2, 2)), rng.normal(size=(3, 2))),
        "C": (rng.normal(size=5), rng.normal(size=5)),
        "D": (rng.uniform(0.5, 2, 4), np.array(rng.uniform(-2, 3)), rng.normal(size=4)),
        "E": (rng.normal(size=(3, 4)), rng.normal(size=(3, 4))),
    }[which]


def differences(which, arguments):
    """The gradients of sum(g * function) by central differences, for each argument that has one."""
    function, *others, g = PASSES[which][0], *arguments
    moving = 2 if which == "B" else 1

    def cost(k, value):
        return np.sum(g * function(*others[:k], value, *others[k + 1 :]))

    return [gradcheck.central_difference(lambda v, k=k: cost(k, v), others[k]) for k in range(moving)]


@pytest.mark.parametrize("which", PASSES)
@pytest.mark.parametrize("seed", range(3))
def test_the_exact_gradients_are_those_that_differences_measure(which, seed):
    arguments = example(which, seed)
    got = exact(which, *arguments)
    for gradient, slope in zip(got if which == "B" else (got,), differences(which, arguments), strict=True):
        np.testing.assert_allclose(gradient, slope, atol=1e-7)  # eps / h times values up to 10, and h**2 f'''


@pytest.mark.parametrize("repeated", [[0, 0], [2, 1, 2, 2]])
def test_a_row_that_is_looked_up_twice_convicts_the_embedding(repeated):
    E, g = np.ones((3, 1)), np.arange(1.0, len(repeated) + 1)[:, None]
    trial = put_on_trial("A", (E, np.array(repeated), g))
    assert trial.convicts
    np.testing.assert_allclose(trial.exact[0], differences("A", (E, np.array(repeated), g))[0], atol=1e-8)


@WRONG
def test_the_smallest_example_convicts(which):
    assert put_on_trial(which, read(which, counterexample(which))).convicts


def test_the_innocent_one_is_never_convicted_even_where_two_entries_share_the_maximum():
    assert counterexample("E") is None
    for x in ([[2.0, 2.0, 1.0]], [[1e6, -1e6, 0.0]], [[0.0, 0.0, 0.0]]):
        assert not put_on_trial("E", (np.array(x), np.array([[1.0, -2.0, 0.5]]))).convicts


@pytest.mark.parametrize(
    ("which", "arguments"),
    [
        ("A", ([[1.0], [2.0]], [1, 0], [[1.0], [1.0]])),  # no row twice
        ("B", ([[1.0]], [[1.0]], [[0.0]])),  # no message
        ("C", ([1.0, 2.0], [1.0, -1.0])),  # g adds up to 0
        ("D", ([2.0], 0.0, [1.0])),  # 2**-1 is a number
        ("D", ([0.0], 2.0, [1.0])),
        ("D", ([0.0], 0.5, [1.0])),  # the slope is infinite, and that is what it says
        ("D", ([-1.0], 0.5, [1.0])),  # no number to begin with
        ("D", ([1e300], 3.0, [1e300])),  # both overflow
    ],
)
def test_an_example_on_which_both_agree_convicts_nobody(which, arguments):
    assert not put_on_trial(which, read(which, arguments)).convicts


@pytest.mark.parametrize(
    ("which", "answer", "message"),
    [
        ("C", None, r"expected the arguments \(x, g\)"),
        ("C", ([1.0],), r"expected the arguments \(x, g\)"),
        ("C", (np.ones(7), np.ones(7)), "at most 12 numbers in all, got 14"),
        ("C", (np.ones(2), np.ones(3)), r"expected g of shape \(n,\), got \(3,\)"),
        ("D", ([1.0], [2.0], [1.0]), r"expected p of shape \(\), got \(1,\)"),
        ("B", (np.ones((1, 2)), np.ones((2, 1)), np.ones((1, 2))), r"expected W of shape \(H, H\), got \(2, 1\)"),
        ("C", ([np.nan], [1.0]), "x: expected finite numbers"),
        ("C", ([], []), "x: expected finite numbers, at least one"),
        ("C", (["a"], [1.0]), "x: expected finite numbers"),
        ("C", ([[1.0], [1.0, 2.0]], [1.0]), "rows of different lengths"),
        ("A", ([[1.0]], [0.5], [[1.0]]), "whole numbers from 0 to 0"),
        ("A", ([[1.0]], [1], [[1.0]]), "whole numbers from 0 to 0"),
    ],
)
def test_an_answer_that_is_no_example_is_refused_in_one_line(which, answer, message):
    with pytest.raises(ValueError, match=message):
        read(which, answer)


def test_every_pass_has_its_arguments():
    assert ARGUMENTS.keys() == PASSES.keys()
