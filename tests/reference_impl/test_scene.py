"""What all scenes share: numbers as looks, SVG as text, and the page around a drawing."""

import json
import math
import xml.etree.ElementTree as ET

import pytest

from reference_impl.figures.scenes.look import label, look
from reference_impl.figures.scenes.scene import Prediction, Scene, Table, button, player
from reference_impl.figures.scenes.svg import tag, text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, "0"), (-0.0, "0"), (1.0, "1"), (-0.2689, "−0.269"), (0.5, "0.5"), (120.0, "120"), (1234.56, "1234.6"),
        (-12.35, "−12.35"), (1e-7, "1e-7"), (-2.5e12, "−2.5e12"), (math.nan, "NaN"), (math.inf, "∞"), (-math.inf, "−∞"),
        (0.0625, "0.063"), (100.25, "100.3"), (12500.0, "1.3e4"), (99999.0, "1e5"), (9999.96, "10000"), (5e-324, "4.9e-324"),
    ],
)  # fmt: skip
def test_a_number_has_a_short_label(value, expected):
    assert label(value) == expected


def test_width_is_size_and_kind_is_sign():
    assert (look(2, 4).width, look(2, 4).kind) == (4.0, "plus")
    assert (look(-4, 4).width, look(-4, 4).kind) == (7.0, "minus")
    assert (look(0, 4).width, look(0, 4).kind, look(0, 4).label) == (1.0, "none", "0")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e308, 5e-324, 0.0])
@pytest.mark.parametrize("largest", [0.0, 1.0, math.nan, math.inf, 1e308])
def test_no_number_has_a_width_that_cannot_be_drawn(value, largest):
    assert 1 <= look(value, largest).width <= 7


def test_elements_escape_what_they_show():
    element = ET.fromstring(tag("svg", text(1.26, 2, "<b> & "), class_="a", data_step=3, title='"<'))
    assert element.attrib == {"class": "a", "data-step": "3", "title": '"<'}
    assert (element[0].text, element[0].get("x")) == ("<b> & ", "1.3")


SCENE = Scene(
    name="none",
    title="A <title>",
    svg=tag("svg", text(1, 1, "7"), viewBox="0 0 9 9"),
    says="It shows 7.",
    table=Table(("number",), (("7",),)),
    controls=button("Step", do="next", keys="ArrowRight"),
    asks=(Prediction("Which number?"),),
)


def test_a_page_asks_first_and_describes_its_drawing_and_lists_its_numbers():
    section = ET.fromstring(SCENE.block())
    order = [part.get("class", part.tag) for part in section]
    assert order == ["h3", "ask", "controls", "box", "live", "details"]
    drawing = section.find("div/svg")
    assert (drawing.get("role"), drawing.find("desc").text) == ("img", "It shows 7.")
    assert [cell.text for cell in section.iter("td")] == ["7"]


def test_a_poster_has_no_script_and_a_scene_with_controls_brings_the_player():
    poster = Scene("none", "A poster", SCENE.svg, "It shows 7.")
    assert "<script" not in poster._repr_html_()
    assert "<iframe" in SCENE._repr_html_()
    assert player(("none",)) in SCENE.page()
    assert repr(SCENE) == "It shows 7."


def test_the_player_fits_its_budget_and_creates_nothing():
    assert len(player().encode()) <= 30_000  # five scenes; the whole page has 110 kB
    assert all(len(player((name,)).encode()) <= 12_100 for name in ("climber", "rope", "forward", "backward", "bills"))
    assert "createElement" not in player()
    assert "innerHTML" not in player()


def test_facts_are_json_whatever_numbers_they_hold():
    """JSON has no NaN: the player reads these names as numbers."""
    facts = {"inputs": {"X": [[math.nan, 1.5], (math.inf, -math.inf)]}, "opens": None, "ask": True}
    block = Scene(name="graph", title="t", svg="<svg></svg>", says="s", controls="c", facts=facts).block()
    assert facts_of(block) == {
        "steps": [],
        "inputs": {"X": [["NaN", 1.5], ["Infinity", "-Infinity"]]},
        "opens": None,
        "ask": True,
    }


def facts_of(block):
    """The facts in a scene's HTML. Raises ValueError for what JSON.parse refuses."""

    def refuse(name):
        raise ValueError(name)

    return json.loads(ET.fromstring(block).get("data-facts"), parse_constant=refuse)
