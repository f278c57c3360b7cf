"""The charts of assignment 3: what they say of right, wrong and missing counts."""

from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest

from reference_impl import complexity
from reference_impl.figures import cost_charts

RIGHT = (complexity.forward_macs, complexity.reverse_macs)
COUNTS = {
    "right": RIGHT,
    "zero": (lambda _: 0, lambda _: 0),
    "nothing": (lambda _: None, lambda _: None),
    "nan": (lambda _: float("nan"), complexity.reverse_macs),
}


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


@pytest.mark.parametrize("name", COUNTS)
@pytest.mark.parametrize("draw", [cost_charts.draw_growth, lambda f, r: cost_charts.draw_map(f, r, (100, 100))])
def test_every_kind_of_count_can_be_drawn_and_shown(draw, name):
    assert draw(*COUNTS[name]).words
    plt.gcf().canvas.draw()


def test_the_words_of_growth_are_the_factors_of_the_drawn_numbers():
    """3 layers: 100 (100·100 + 1·100) against 100·100 + 100·100, 1,010,000 to 20,000, that is 50.5."""
    words = cost_charts.draw_growth(*RIGHT).words
    assert "at layers 3: a factor of 50.5" in words
    swapped = cost_charts.draw_growth(*RIGHT[::-1]).words
    assert "at layers 3: a factor of 0.0198" in swapped  # 20,000 to 1,010,000


def test_the_words_of_a_chart_without_numbers_say_so():
    words = cost_charts.draw_growth(*COUNTS["nothing"]).words
    assert "no factor, as a count is missing or 0" in words


def test_the_map_names_its_corners_by_the_counts_and_not_by_the_right_answer():
    assert "Upper left: reverse is cheaper." in cost_charts.draw_map(*RIGHT, (100, 100)).words
    swapped = cost_charts.draw_map(*RIGHT[::-1], (100, 100))
    assert "Upper left: forward is cheaper." in swapped.words
    assert "forward is\ncheaper" in [text.get_text() for text in plt.gca().texts]
    assert "Upper left: no ratio." in cost_charts.draw_map(*COUNTS["zero"], (100, 100)).words


# --- Times on a clock of our own ------------------------------------------------------------------


@pytest.fixture
def measured(monkeypatch):
    """Draws forward times. milliseconds: (width, number of the run of this width) -> ms of that run."""

    def draw(milliseconds, widths=(16, 32, 64)):
        clock, runs = [0.0], {}

        def multiply(Js):
            width = Js[0].shape[1]
            runs[width] = runs.get(width, 0) + 1
            clock[0] += milliseconds(width, runs[width]) / 1000

        monkeypatch.setattr(cost_charts, "time", SimpleNamespace(perf_counter=lambda: clock[0]))
        drawn = cost_charts.draw_times({"forward": (multiply, complexity.forward_macs)}, widths)
        return drawn["forward"], drawn.words

    return draw


def test_a_moment_in_which_the_computer_is_busy_spoils_no_point(measured):
    """The first run at width 32 stalls for 5 seconds. The later ones do not, and width 64 is measured, too."""
    points, words = measured(lambda width, run: 5000 if (width, run) == (32, 1) else width / 16)
    np.testing.assert_allclose(points[:, 1], [1, 2, 4], rtol=1e-6)  # differences of a clock in seconds
    assert "not measured" not in words


def test_a_slow_function_ends_in_a_gap_that_the_chart_and_the_words_name(measured):
    points, words = measured(lambda width, _: 1 if width == 16 else 400)
    np.testing.assert_allclose(points[:, 1], [1, 400], rtol=1e-6)
    assert "Widths from 64 on were not measured: a run took over 0.1 s." in words
    assert "from width 64 on\nnot measured:\nover 0.1 s a run" in [text.get_text() for text in plt.gca().texts]


def test_each_point_stands_at_its_own_count(measured):
    """(16, 16, 16, 16, 1) forward: 16 (256 + 256 + 16) = 8448."""
    points, _ = measured(lambda *_: 1, widths=(16,))
    assert points[0, 0] == 8448
