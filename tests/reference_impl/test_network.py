"""The figures of A2: for right answers, wrong ones, zeros and NaN, each says in words what it shows."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from reference_impl.figures import network

NAMES = ("W1", "b1", "W2", "b2")
STEPS = np.logspace(-1, -13, 25)
SLOPE = {"W1": np.array([[1.0, -2.0], [3.0, 4.0]]), "b1": np.array([1.0, -2.0]), "W2": np.eye(2), "b2": np.ones(2)}


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def measured():
    """Finite differences that are off by h² and by round-off."""
    return [{name: part * (1 + h**2 / 6 + 1e-16 / h) for name, part in SLOPE.items()} for h in STEPS]


def checked(grads):
    return network.draw_gradient_check(STEPS, measured(), grads)


def texts():
    figure = plt.gcf()
    legends = [text.get_text() for legend in figure.legends for text in legend.get_texts()]
    return legends + [text.get_text() for text in figure.axes[0].texts]


def test_right_gradients_are_four_vs_with_their_two_sides_named():
    words = checked(SLOPE).words
    assert all(f"{name}: a V, down to" in words for name in NAMES)
    assert "wrong" not in words
    assert {text.split(" $")[0] for text in texts()} >= {"truncation", "round-off", "what a second 1/N looks like"}


def test_a_second_1_over_n_lies_on_the_grey_line_and_no_v_is_named():
    drawn = checked({name: part / 5 for name, part in SLOPE.items()})
    assert all(f"{name}: wrong, about 0.8: off by a factor of N" in drawn.words for name in NAMES)
    assert np.median(drawn["W1"]) == pytest.approx(1 - 1 / 5)  # |g - g/N| / |g|
    assert "no step helps: this gradient is wrong" in texts()
    assert not any("truncation" in text or "round-off" in text for text in texts())


def test_a_turned_sign_is_named():
    words = checked({name: -part for name, part in SLOPE.items()}).words
    assert words.count("its sign is turned") == 4


def test_the_one_wrong_array_is_named_and_the_others_keep_their_v():
    words = checked({**SLOPE, "W2": 1.5 * SLOPE["W2"]}).words
    assert "W2: wrong, about 0.33" in words  # 0.5 of 1.5
    assert all(f"{name}: a V" in words for name in ("W1", "b1", "b2"))


@pytest.mark.parametrize(
    ("grads", "says"),
    [
        ({name: 0 * part for name, part in SLOPE.items()}, "wrong, about 1"),
        ({name: np.nan * part for name, part in SLOPE.items()}, "not numbers"),
        ({name: np.ones(3) for name in NAMES}, "not numbers or not of its shape"),
        ({}, "not numbers"),
    ],
    ids=["zeros", "NaN", "another shape", "nothing"],
)
def test_gradients_without_a_v_are_called_wrong(grads, says):
    words = checked(grads).words
    assert words.count(says) == 4
    assert " V," not in words


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
