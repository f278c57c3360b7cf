"""The two bills: receipts, totals that do not fit, and drawings of whatever a student computed."""

import math
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from reference_impl import complexity
from reference_impl.figures.scenes.bill_posters import bill_poster, tape_poster
from reference_impl.figures.scenes.bills import BILL_CHAINS, bills
from reference_impl.figures.scenes.files import FILES
from reference_impl.figures.scenes.receipts import bill_products, bill_receipt, bill_tree


@pytest.mark.parametrize("dims", BILL_CHAINS)
@pytest.mark.parametrize(
    ("order", "macs"), [("forward", complexity.forward_macs), ("reverse", complexity.reverse_macs)]
)
def test_the_lines_of_a_receipt_add_up_to_the_cost_of_its_order(dims, order, macs):
    lines, _, _ = bill_products(bill_tree(order, len(dims) - 1), dims)
    assert sum(p * q * r for (p, q, r), _ in lines) == macs(dims)


def test_the_receipts_of_the_course_chain_by_hand():
    """(3, 4, 5, 2): forward 5·4·3 + 2·5·3 = 90, reverse 2·5·4 + 2·4·3 = 64."""
    scene = bills((3, 4, 5, 2), 90, 64)
    assert "From the input: 5 × 4 × 3 = 60, then 2 × 5 × 3 = 30. Total: 90 multiply-adds." in scene.says
    assert "From the output: 2 × 5 × 4 = 40, then 2 × 4 × 3 = 24. Total: 64 multiply-adds." in scene.says
    assert scene.says.endswith("The dearer order costs 1.41 times as much as the other.")
    assert ("from the output", "total", "64") in scene.table.rows
    ET.fromstring(scene.svg)


def test_a_total_that_is_not_the_sum_of_its_lines_is_named():
    scene = bills((3, 4, 5, 2), forward=150, reverse=64)
    assert "Your forward_macs says 150, but the lines add up to 90." in scene.says
    assert "✗ 150" in scene.svg
    assert "✗ 64" not in scene.svg


@pytest.mark.parametrize("total", [0, -1, 1e308, math.nan, math.inf, "many", None, [1], 10**30])
def test_every_answer_can_be_drawn(total):
    scene = bills((3, 4, 5, 2), total, total, cheapest=total, guess=total)
    assert not re.search(r'(?:width|height|r)="-', scene.svg)
    ET.fromstring(scene.svg)
    assert isinstance(scene.block(), str)


@pytest.mark.parametrize("tree", [(0, 1, 2), ((0, 1), 2), (2, 1), 7, "tree", ((2, 1), (0, 0)), None])
def test_a_tree_that_is_no_order_of_the_chain_is_named(tree):
    assert "but this is no order of" in bills((3, 4, 5, 2), cheapest=(64, tree)).says


def test_the_cheapest_order_has_its_own_receipt():
    dims = (100, 100, 2, 100, 100)
    cost, tree = complexity.optimal_bracketing(dims)
    scene = bills(dims, cheapest=(cost, tree))
    assert f"Total: {cost:,} multiply-adds." in scene.says
    assert ">cheapest<" in scene.controls
    assert ">cheapest<" not in bills(dims).controls


def test_the_guess_stands_beside_the_ratio():
    scene = bills((784, 512, 512, 10, 1), 209_542_816, 668_672, guess=10)
    assert scene.says.endswith("You said 10 times; it is 313 times.")


@pytest.mark.parametrize("wrong", [150, math.nan, 0, None, "90"])
def test_a_wrong_total_is_compared_with_nothing(wrong):
    assert "times" not in bills((3, 4, 5, 2), wrong, 64, guess=10).says


def test_a_chain_that_does_not_fit_the_picture_is_refused():
    with pytest.raises(ValueError, match="dims: expected 3 to 6 widths"):
        bills((1, 2))


@pytest.mark.parametrize("poster", [bill_poster, tape_poster])
def test_a_poster_is_blank_and_small(poster):
    scene = poster()
    assert len(scene._repr_html_()) < 16_000
    assert not re.search(r">(60|90|64|25|144|64)<", scene.svg)
    ET.fromstring(scene.svg)


def test_the_guess_stands_beside_the_truth_in_the_picture():
    """209,542,816 / 668,672 = 313.4."""
    drawn = bills(forward=209_542_816, reverse=668_672, guess=10)
    assert "You said 10 times; it is 313 times." in drawn.svg
    assert drawn.facts["given"]  # so the player leaves the receipts in place
    assert not bills().facts["given"]


@pytest.mark.parametrize("poster", [bill_poster, tape_poster])
def test_every_class_of_a_poster_has_a_style(poster):
    """A rectangle without a style is black."""
    style = FILES["style.css"]
    for shape in ET.fromstring(poster().svg).iter():
        if shape.tag in {"rect", "path", "circle"}:
            assert any(f".{name}" in style for name in shape.get("class").split())


def test_an_array_is_no_total_and_is_drawn():
    for odd in (np.array([1.0, 2.0]), np.array([]), np.ones((3, 1))):
        assert bill_receipt(bill_tree("forward", 2), (3, 4, 2), odd).complaint
    assert not bill_receipt(bill_tree("forward", 2), (3, 4, 2), np.int64(24)).complaint
