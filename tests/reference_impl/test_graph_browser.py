"""Scene G in a real Chromium: every step by keyboard, on every screen, on paper, in every colour, for any number."""

import math

import numpy as np
import pytest

from reference_impl.figures.scenes.backward import backward
from reference_impl.figures.scenes.forward import forward
from reference_impl.figures.scenes.graph import graph
from tests.browser import IN_CHROMIUM, browser, picture
from tests.reference_impl.test_graph import FAN_OUT, OPS, shown
from tests.reference_impl.test_messages import INSTANCE
from tests.reference_impl.test_page_browser import OVERLAPS, PALE

pytestmark = IN_CHROMIUM
WIDTHS = (320, 700, 1400)
HOSTILE = (math.nan, math.inf, -math.inf, 1e308, -1e308, 5e-324, 0.0)
VISIBLE = (
    "[...document.querySelectorAll('svg [data-step]')].filter((e) => e.checkVisibility()).map((e) => +e.dataset.step)"
)
# Of each message's line: the number beside it, its width and the classes of its colour.
LINES = """[...document.querySelectorAll('[data-line]')].map((e) => [
  +document.querySelector(`[data-k=${e.dataset.line}]`).dataset.v, +e.getAttribute("stroke-width"), [...e.classList]])"""
# How far a place of the drawing lies outside the box that shows it, in pixels.
ASIDE = """(key) => {
  const place = document.querySelector(`[data-k=${key}]`).getBoundingClientRect();
  const box = document.querySelector(".box").getBoundingClientRect();
  return Math.max(0, box.left - place.left, place.right - box.right);
}"""


def two_layers():
    """A2's network: twelve slots, the most that a graph has, and arrays in them."""
    program = [("matmul", (0, 2)), ("add", (6, 3)), ("relu", (7,)), ("matmul", (8, 4)), ("add", (9, 5))]
    values = [np.ones((3, 2))] * 11 + [0.5]
    names = ("X", "Y", "W1", "b1", "W2", "b2")
    sent = [[np.ones((3, 2))] * len(sources) for _, sources in program] + [[np.ones((3, 2)), None]]
    program = [*program, ("cross_entropy", (10, 1))]
    return graph(program, values[:6], values, [*values[:11], 1.0], messages=sent, names=names)


def often():
    """One value at all places of four lines: sums of many parts, and a road over the whole drawing."""
    program = [("mul", (0, 0)), ("add", (1, 0)), ("mul", (2, 1)), ("add", (3, 0))]
    return graph(program, [-1.234], [-1.234, 1.5228, 0.2888, 0.4398, -0.7942], [12.3456, -9.876, 1e-7, 1, 1], OPS)


SCENES = {
    "right": shown([7.0, 2.0, 2.0, 1.0]),
    "wrong": shown([5.0, math.nan, None, 3.0]),
    "long": shown([-1234.567, 1e-7, -9.87e12, -0.001234], u=-12.3456),
    "arrays": shown([np.ones((2, 3)), [1.0], 2.0, 1.0]),
    "names": graph(FAN_OUT, [2, 3], [2, 3, 5, 10], [7, 2, 2, 1], OPS, names=("a name that is long " * 3, "b")),
    "network": two_layers(),
    "often": often(),
}


@pytest.fixture(scope="module")
def chromium():
    with browser(1100, 900) as page:
        yield page


@pytest.fixture
def show(chromium, tmp_path):
    """show(scene): a page with it, on whose console nothing may appear."""
    faults = []

    def hear(message):
        faults.append(getattr(message, "text", str(message)))

    def opened(scene, width=1100, **media):
        path = tmp_path / "scene.html"
        path.write_text(scene.page(), encoding="utf-8")
        chromium.set_viewport_size({"width": width, "height": 900})
        usual = {"media": "screen", "color_scheme": "light", "reduced_motion": "reduce", "forced_colors": "none"}
        chromium.emulate_media(**{**usual, **media})
        chromium.goto(path.as_uri())
        return chromium

    chromium.on("console", hear)
    chromium.on("pageerror", hear)
    yield opened
    chromium.remove_listener("console", hear)
    chromium.remove_listener("pageerror", hear)
    assert faults == []


def walked(tab, scene):
    """Each step of a scene, from before the first to the last, by keyboard."""
    tab.locator(".scene").focus()
    for _ in scene.steps:
        tab.keyboard.press("ArrowLeft")
    yield 0
    for step in range(1, len(scene.steps) + 1):
        tab.keyboard.press("ArrowRight")
        yield step


@pytest.mark.parametrize("name", ["right", "network"])
def test_the_way_back_is_walked_by_keyboard_and_each_step_says_its_sentence(show, name):
    tab = show(SCENES[name])
    for step in walked(tab, SCENES[name]):
        assert max(tab.evaluate(VISIBLE), default=0) == step
        if step:
            assert tab.locator(".live").inner_text() == SCENES[name].steps[step - 1]
    tab.keyboard.press("ArrowLeft")
    assert tab.locator(".live").inner_text() == SCENES[name].steps[-2]


def test_tab_reaches_every_control_and_shows_where_it_is(show):
    """The scene, Next, the drawing, the fold: Back cannot be pressed before the first step."""
    tab, reached = show(SCENES["right"]), []
    for _ in range(4):
        tab.keyboard.press("Tab")
        what, outline = tab.evaluate(
            "(([e]) => [e.className || e.textContent, getComputedStyle(e).outlineStyle])([document.activeElement])"
        )
        reached.append(what)
        assert outline != "none"
    assert reached == ["scene live-scene", "Next →", "box", "The drawing in words"]
    tab.keyboard.press("Enter")
    assert tab.locator("details[open] table").is_visible()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", SCENES)
def test_no_text_lies_on_another_in_any_step(show, name, width):
    tab = show(SCENES[name], width)
    assert {step: tab.evaluate(OVERLAPS, "graph") for step in walked(tab, SCENES[name])} == {
        step: [] for step in range(len(SCENES[name].steps) + 1)
    }
    picture(tab, f"graph-{name}-{width}")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", ["right", "network"])
def test_on_a_phone_the_line_that_is_read_and_what_it_sends_are_on_the_screen(show, name):
    scene = SCENES[name]
    last, steps = len(scene.table.rows) - 1, range(2, len(scene.steps) + 1)
    tab, aside = show(scene, 320), {}
    for step in walked(tab, scene):
        line = len(scene.steps) - step
        keys = [f"a-{last + 2 - step}", f"m-{line}-0"]
        aside[step] = [tab.evaluate(ASIDE, key) for key in keys] if step in steps else []
    assert aside == {0: [], 1: [], **{step: [0, 0] for step in steps}}


@pytest.mark.parametrize("name", SCENES)
def test_paper_shows_the_whole_drawing_in_its_last_step_with_all_numbers(show, name):
    tab = show(SCENES[name], 700, media="print")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(tab.evaluate(VISIBLE)) == tab.locator("svg [data-step]").count()
    assert not any(each.is_visible() for each in tab.locator("button").all())
    assert tab.locator("details[open] table").is_visible()
    drawing, box = tab.locator(".box").evaluate("e => [e.scrollWidth, e.clientWidth]")
    assert drawing <= box


def test_in_a_very_narrow_window_the_sum_at_the_source_is_whole(show):
    """As in the box on a page of feedback, on a phone."""
    tab = show(SCENES["right"], 240)
    assert {step: tab.evaluate(ASIDE, "s-0") for step in walked(tab, SCENES["right"]) if step == 3} == {3: 0}


def test_paper_takes_one_page(show, tmp_path):
    tab = show(SCENES["network"], media="print")
    tab.pdf(path=tmp_path / "graph.pdf", format="A4")
    assert (tmp_path / "graph.pdf").read_bytes().count(b"/Type /Page\n") == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["right", "wrong", "network"])
def test_colours_stand_apart_from_the_paper_in_each_step(show, name, scheme):
    tab = show(SCENES[name], color_scheme=scheme)
    pale = {step: sorted(set(tab.evaluate(PALE))) for step in walked(tab, SCENES[name])}
    picture(tab, f"graph-{name}-{scheme}")
    assert set(map(tuple, pale.values())) == {()}


@pytest.mark.parametrize(("motion", "name"), [("reduce", "none"), ("no-preference", "send")])
def test_messages_travel_unless_a_reader_wants_no_motion(show, motion, name):
    tab = show(SCENES["right"], reduced_motion=motion)
    names = tab.eval_on_selector_all(".wire", "lines => lines.map((e) => getComputedStyle(e).animationName)")
    assert set(names) == {name}


def test_forced_colours_leave_every_line_and_tell_the_signs_apart(show):
    tab = show(shown([-7.0, -2.0, -2.0, -1.0], u=-1.0), forced_colors="active")
    style = "(lines) => lines.map((e) => getComputedStyle(e))"
    assert "none" not in tab.eval_on_selector_all(
        "[data-line], .unit", f"lines => ({style})(lines).map((s) => s.stroke)"
    )
    dashes = tab.eval_on_selector_all(".minus", f"lines => ({style})(lines).map((s) => s.strokeDasharray)")
    assert len(dashes) == 4
    assert "none" not in dashes
    picture(tab, "graph-forced")


def test_without_a_script_the_last_step_is_there_and_nothing_to_press(chromium, tmp_path):
    path = tmp_path / "scene.html"
    path.write_text(SCENES["wrong"].page(), encoding="utf-8")
    context = chromium.context.browser.new_context(java_script_enabled=False)
    try:
        still = context.new_page()
        still.goto(path.as_uri())
        assert len(still.evaluate(VISIBLE)) == still.locator("svg [data-step]").count() > 10
        assert not any(each.is_visible() for each in still.locator("button").all())
        assert still.locator("desc").text_content() == SCENES["wrong"].says
    finally:
        context.close()


@pytest.mark.parametrize("values", [(7.0, 2.0, 2.0, 1.0), (-3.0, 1e-3, -0.25, 12.0), (math.nan, math.inf, -1e308, 5.0)])
def test_each_line_looks_as_the_players_rule_says(show, values):
    """Python draws the lines of scene G, and the player has the rule for all other scenes."""
    tab = show(shown(list(values)))
    lines = tab.evaluate(LINES)
    largest = max((abs(value) for value, _, _ in lines if math.isfinite(value)), default=0.0) or 1.0
    assert len(lines) == 4
    for value, width, classes in lines:
        look = tab.evaluate("([v, largest]) => window.scenes.look(v, largest)", [value, largest])
        assert width == pytest.approx(look["width"], abs=0.051)  # a drawing has one decimal
        assert look["kind"] in classes


# --- Numbers that are none ----------------------------------------------------------------------------------------


def free_scenes(value):
    """Every scene that shows numbers of a reader's own, with this number in it."""
    params = {name: [[value, 1.0]] * 2 if name[0] == "W" else [value, 1.0] for name in INSTANCE}
    yield graph(FAN_OUT, [value] * 2, [value] * 4, [value] * 4, OPS, u=value)
    yield backward(params, [[value, 2.0]], [0])
    yield forward(params, [[value, 2.0]], [0])


@pytest.mark.parametrize("value", HOSTILE)
def test_any_number_is_shown_with_a_width_and_all_buttons_work(show, value):
    for scene in free_scenes(value):
        tab = show(scene)
        for _ in range(3):
            tab.locator(".scene").focus()
            tab.keyboard.press("ArrowLeft")
        turn = "e => { e.value = 1; e.dispatchEvent(new Event('input', {bubbles: true})); }"
        tab.eval_on_selector_all("[data-knob]:not(select)", f"bars => bars.forEach({turn})")
        widths = tab.eval_on_selector_all("[stroke-width]", "all => all.map((e) => +e.getAttribute('stroke-width'))")
        assert widths, scene.name
        assert all(1 <= width <= 12 for width in widths), scene.name
        assert tab.locator("[width^='-'], [r^='-'], [height^='-']").count() == 0
        assert tab.evaluate(OVERLAPS, scene.name) == []
