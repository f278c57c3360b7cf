"""The gradient check of A2: which of the four arrays is wrong, in a picture and in words."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from reference_impl.figures import gradient_check

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
    return gradient_check.draw_gradient_check(STEPS, measured(), grads)


def texts():
    figure = plt.gcf()
    legends = [text.get_text() for legend in figure.legends for text in legend.get_texts()]
    return legends + [text.get_text() for text in figure.axes[0].texts]


def test_right_gradients_are_four_vs_with_their_two_sides_named():
    words = checked(SLOPE).words
    assert all(f"{name}: a V, down to" in words for name in NAMES)
    assert "wrong" not in words
    assert {text.split(" $")[0] for text in texts()} >= {
        "truncation",
        "round-off",
        "off by a factor of N, as with a second 1/N",
    }


def test_a_second_1_over_n_lies_on_the_grey_line_and_no_v_is_named():
    drawn = checked({name: part / 5 for name, part in SLOPE.items()})
    assert all(f"{name}: wrong, about 0.8: N times too small." in drawn.words for name in NAMES)
    assert np.median(drawn["W1"]) == pytest.approx(1 - 1 / 5)  # |g - g/N| / |g|
    assert "no step helps: this gradient is wrong" in texts()
    assert not any("truncation" in text or "round-off" in text for text in texts())


def test_a_forgotten_1_over_n_lies_on_the_same_line_and_has_another_name():
    words = checked({name: 5 * part for name, part in SLOPE.items()}).words
    assert all(f"{name}: wrong, about 0.8: N times too large." in words for name in NAMES)


def test_a_curve_near_the_grey_line_is_no_factor_of_n_if_only_one_entry_is_off():
    """0.8 for 4 is off by 0.8 of the largest, as a second 1/N is, but the others are right."""
    words = checked({**SLOPE, "W1": np.array([[1.0, -2.0], [3.0, 0.8]])}).words
    assert "W1: wrong, about 0.8." in words  # (4 - 0.8) / 4


def test_four_equal_curves_show_the_marks_of_all_four():
    """The last one drawn would hide the three below it."""
    checked({name: -part for name, part in SLOPE.items()})
    curves = [line for line in plt.gcf().axes[0].lines if line.get_marker() not in ("None", None, "")]
    marked = [set(range(len(STEPS))[first::step]) for first, step in (curve.get_markevery() for curve in curves)]
    assert len(marked) == 4
    assert sum(map(len, marked)) == len(set.union(*marked)) == len(STEPS)


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
        ({name: 0 * part for name, part in SLOPE.items()}, "wrong, all zeros"),
        ({name: np.nan * part for name, part in SLOPE.items()}, "NaN, or another shape"),
        ({name: np.ones(3) for name in NAMES}, "NaN, or another shape"),
        ({}, "NaN, or another shape"),
        (tuple(SLOPE.values()), "NaN, or another shape"),
    ],
    ids=["zeros", "NaN", "another shape", "nothing", "no dict"],
)
def test_gradients_without_a_v_are_called_wrong(grads, says):
    words = checked(grads).words
    assert words.count(says) == 4
    assert " V," not in words
