"""Claims about gradients: the right ones are gradients, and each wrong one is off by more than it takes to see it."""

import numpy as np
import pytest

from reference_impl.claims import CONDITIONS, COST, draw_claim, gradient_of

DRAWS = 20


def cost_of(claim):
    constants = {"np": np, **claim.constants}
    return eval("lambda " + COST, constants)


def measured(claim, h=1e-5):
    """Central differences, entry by entry."""
    cost, slopes = cost_of(claim), {}
    for name, part in claim.params.items():
        slopes[name] = np.zeros_like(part)
        for place in np.ndindex(part.shape):
            ends = []
            for step in (h, -h):
                moved = part.copy()
                moved[place] += step
                ends.append(cost({**claim.params, name: moved}))
            slopes[name][place] = (ends[0] - ends[1]) / (2 * h)
    return slopes


def worst(claim, slopes):
    """The largest error over the largest entry of its array; where that is below 1e-7 of the cost, there is no error."""
    floor, off = 1e-7 * abs(cost_of(claim)(claim.params)), []
    for name, part in claim.grads.items():
        largest = max(np.max(np.abs(part)), np.max(np.abs(slopes[name])))
        off.append(np.max(np.abs(slopes[name] - part)) / largest if largest > floor else 0.0)
    return max(off)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_finite_difference_tells_a_right_claim_from_a_wrong_one(condition):
    """1e-5: ten times the round-off in the array with small entries, which is 1e-10 of 1e-4."""
    for draw in range(3):
        right = draw_claim(np.random.default_rng(draw), condition, right=True)
        wrong = draw_claim(np.random.default_rng(draw), condition, right=False)
        assert worst(right, measured(right)) < 1e-5
        assert worst(wrong, measured(wrong)) > 1.9e-3
        assert (right.words, wrong.words) == (condition, CONDITIONS[condition])


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_wrong_claim_is_off_by_a_thousandth_of_an_array(condition):
    for draw in range(DRAWS):
        wrong = draw_claim(np.random.default_rng(draw), condition, right=False)
        right = gradient_of(wrong.constants, wrong.params)
        off = [np.max(np.abs(wrong.grads[n] - right[n])) / max(np.max(np.abs(right[n])), 1e-300) for n in right]
        assert max(off) >= 1.99e-3


def test_the_smallest_claim_has_eight_numbers():
    claim = draw_claim(np.random.default_rng(0), "a kink near by", right=True, size=1)
    assert sum(part.size for part in claim.params.values()) == 1 + 1 + 4 + 2


def test_arrays_of_zeros_are_measured_as_something_else_than_zero():
    """Otherwise a relative error without a floor would pass."""
    claim = draw_claim(np.random.default_rng(1), "arrays of zeros", right=True)
    slopes = measured(claim)
    assert not claim.grads["A"].any()
    assert 0 < np.max(np.abs(slopes["A"])) < 1e-8
