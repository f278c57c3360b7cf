"""The figures of A2, for right answers, wrong ones, zeros and NaN, each says in words what it shows."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from reference_impl.figures import network


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def texts():
    return [text.get_text() for text in plt.gcf().axes[0].texts]


@pytest.mark.parametrize("losses", [[], [0.0, 0.0], [np.nan, np.nan], [-1.0, -2.0], [3e5, np.inf]])
def test_losses_that_are_no_costs_are_drawn_and_said(losses):
    words = network.draw_losses(losses, n_classes=2, guess="no idea").words
    assert "ln 2 = 0.69" in words
    assert ("no cost to draw" in words) == (not losses)
    assert "guess" not in words


def test_a_guess_stands_beside_the_last_cost():
    words = network.draw_losses([0.8, 0.3, 0.1], n_classes=2, guess=0.25).words
    assert (
        "The first cost is 0.8, the last of 3 is 0.1. It is below half of the first for the first time at step 2."
        in words
    )
    assert "Your guess for the last was 0.25." in words
    assert "you said 0.25" in texts()


@pytest.mark.parametrize("cost", [2.3, 230.0, -2.3, 0.0, np.nan, np.inf])
def test_first_costs_are_drawn_whatever_they_are(cost):
    words = network.draw_first_costs({1: cost}, n_classes=10, guess=1).words
    assert f"× 1 the cost is {cost:.2f}." in words
    assert words.endswith("Your guess was 1.")


def test_rows_that_differ_by_a_constant_have_one_softmax():
    shifted = network.draw_shifts(
        lambda s: s - s.max(1, keepdims=True) - np.log(np.exp(s - s.max(1, keepdims=True)).sum(1, keepdims=True))
    )
    assert shifted.words.endswith("All three are equal.")
    # e / (e + e² + √e), e² / …, √e / …: 1 / (1 + e + e^-0.5) = 0.231, and so on
    np.testing.assert_allclose(shifted["chances"][0], [0.2312, 0.6285, 0.1402], atol=1e-4)


@pytest.mark.parametrize(
    "wrong", [lambda s: s, lambda s: s - np.log(np.exp(s).sum(1, keepdims=True)), lambda s: np.nan * s]
)
def test_a_log_softmax_that_overflows_is_said_to_differ(wrong):
    assert "They differ" in network.draw_shifts(wrong).words


@pytest.mark.parametrize("logits", [np.nan, 0.0, np.inf])
def test_regions_of_a_network_that_says_nothing_are_drawn(logits):
    X, y = network.moons(20)
    words = network.draw_regions(lambda points: np.full((len(points), 2), logits), X, y).words
    assert "10 of 20 points are on the wrong side" in words
    assert ("not finite" in words) == (logits != 0)
