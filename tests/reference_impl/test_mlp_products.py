"""The picture of the network's products: what is drawn, and what it says of the student's counts."""

import matplotlib.pyplot as plt
import pytest

from reference_impl.figures.mlp_products import draw_products

SIZES = (2, 3, 5, 7)  # N, D, H, K: X W1 is 2·3·5 = 30, every product with W2 is 2·5·7 = 70


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def titles():
    return [axis.get_title(loc="left") for axis in plt.gcf().axes]


def test_the_three_products_of_the_way_back_are_drawn_and_the_fourth_is_crossed_out():
    drawn = draw_products(*SIZES, {"forward": 100, "backward": 170})
    assert drawn["forward"].tolist() == [30, 70]
    assert drawn["backward"].tolist() == [70, 70, 30]
    assert len(plt.gcf().axes[1].lines) == 2  # the cross
    assert titles() == ["Forward: your count is 100", "Backward: your count is 170"]
    assert "do not agree" not in drawn.words


@pytest.mark.parametrize(
    ("counts", "title"),
    [
        ({"forward": 100, "backward": 200}, "Backward: your count is 200, and the products below add up to 170"),
        ({"forward": 100}, "Backward: your count is no number, and the products below add up to 170"),
        ({"backward": "170"}, "Backward: your count is no number, and the products below add up to 170"),
        (None, "Backward: your count is no number, and the products below add up to 170"),
        ({"backward": float("nan")}, "Backward: your count is nan, and the products below add up to 170"),
        ({"backward": 0}, "Backward: your count is 0, and the products below add up to 170"),
    ],
)
def test_another_count_stands_beside_what_is_drawn(counts, title):
    words = draw_products(*SIZES, counts).words
    assert titles()[1] == title
    assert "The two do not agree." in words
    plt.gcf().canvas.draw()
