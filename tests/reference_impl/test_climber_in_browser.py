"""Scenes S1 and S2 in a browser: the player's numbers are those of Python, the tour works by keyboard, nothing spoils."""

import json
import math

import numpy as np
import pytest

from reference_impl.figures.scenes import climber, look, rope, terrain
from tests.browser import IN_CHROMIUM, browser, picture

pytestmark = IN_CHROMIUM
WIDTHS = (320, 700, 1400)


@pytest.fixture(scope="module")
def tab():
    with browser(900, 1200) as page:
        yield page


@pytest.fixture
def show(tab, tmp_path):
    """Opens a scene from a file; every message on the console and every error is a fault."""
    faults = []

    def listener(message):
        faults.append(getattr(message, "text", str(message)))

    def opened(scene, answer=None, media="screen", width=900):
        path = tmp_path / "scene.html"
        path.write_text(scene.page(), encoding="utf-8")
        tab.set_viewport_size({"width": width, "height": 1200})
        tab.emulate_media(media=media, reduced_motion="reduce")
        tab.goto(path.as_uri())
        if answer is not None:
            tab.click(answer)
        return tab

    tab.on("console", listener)
    tab.on("pageerror", listener)
    yield opened
    tab.remove_listener("console", listener)
    tab.remove_listener("pageerror", listener)
    assert faults == []


def numbers_of(tab, part):
    return [float(w) for w in tab.get_attribute(f'[data-part="{part}"]', "data-v").split()]


def slide(tab, knob, value):
    """Moves a slider as a hand would: its value, and the event."""
    tab.evaluate(
        """([knob, value]) => { const k = document.querySelector(`[data-knob="${knob}"]`); k.value = value;
           k.dispatchEvent(new Event("input", {bubbles: true})); }""",
        [knob, str(value)],
    )


SKIP = '[data-answer=""]'


def test_the_player_walks_as_gradient_ascent_does(show):
    tab = show(climber.climber(), SKIP)
    for row, rate in list(enumerate(climber.RATES))[
        :9:2
    ]:  # beyond, a walk is chaotic: the last digit decides where it goes
        for start in (2.4, 8.7, 10.0):
            slide(tab, "rate", row)
            slide(tab, "start", start)
            tab.click('[data-do="walk"]')
            assert numbers_of(tab, "prints") == pytest.approx(terrain.walk(start, rate), abs=1e-9)
            end = terrain.walk(start, rate)[-1]
            assert numbers_of(tab, "slope")[0] == pytest.approx(terrain.slope(end), abs=1e-8)


@pytest.mark.parametrize("curve", terrain.CURVES)
def test_the_players_ball_and_rope_are_those_of_python(show, curve):
    tab = show(rope.rope("bowl"))
    tab.select_option('[data-knob="curve"]', curve)
    ground = terrain.CURVES[curve]
    places = ((1.0, 3.0, 2.5), (0.5, 0.7, 0.1)) if curve == "range" else ((1.0, 3.0, 2.5), (-2.0, 2.0, -1.5))
    for a, b, start in places:
        slide(tab, "rate", 1)
        slide(tab, "ball", start)
        tab.click('[data-do="roll"]')
        rolled = terrain.walk(start, rope.BALL_RATES[1], climb=lambda w: -ground.slope(w))
        assert numbers_of(tab, "trail") == pytest.approx(rolled, abs=1e-9)
        slide(tab, "a", a)
        slide(tab, "b", b)
        assert tab.inner_text(".live") == rope.say_rope(ground, a, b)


def numbers_to_look_at():
    """400 numbers: the odd ones, ties between two labels, and many sizes; drawn with a fixed seed."""
    odd = [0.0, -0.0, math.nan, math.inf, -math.inf, 1e-12, 1e12, 5e-324, 1e308, 0.0005, 0.00049999, 99.9996, 9999.96]
    ties = (
        [k / 16 for k in range(1, 40, 2)] + [100 + k / 4 for k in range(1, 20, 2)] + [1e4 + 500 * k for k in range(9)]
    )
    rng = np.random.default_rng(5)
    sizes = rng.choice([-1, 1], 400) * 10.0 ** rng.uniform(-9, 9, 400)
    return [*odd, *ties, *sizes.tolist()][:400]


def test_the_player_gives_a_number_the_look_that_python_gives_it(show):
    tab = show(climber.climber())
    values = numbers_to_look_at()
    as_text = ["NaN" if math.isnan(v) else str(v).replace("inf", "Infinity") for v in values]
    seen = tab.evaluate(
        "all => all.map((v) => { const s = scenes.look(+v, 3); return [s.width, s.kind, s.label]; })", as_text
    )
    for value, (width, kind, words) in zip(values, seen, strict=True):
        expected = look.look(value, 3)
        assert (kind, words) == (expected.kind, expected.label), value
        assert width == pytest.approx(expected.width, abs=0.011)  # two decimals, which may differ by a tie


def test_each_step_is_said_in_the_words_of_python(show):
    scene = climber.climber()
    tab = show(scene, SKIP)
    for words in scene.steps[1:6]:
        tab.keyboard.press("Tab")
        tab.locator(".scene").focus()
        tab.keyboard.press("ArrowRight")
        assert tab.inner_text(".live") == words


def test_a_students_path_is_walked_as_it_is(show):
    path = [8.7, 8.2, float("nan"), 12.0, float("inf"), 7.9]
    scene = climber.climber(path)
    tab = show(scene)
    for words in scene.steps[1:]:
        tab.click('[data-do="next"]')
        assert tab.inner_text(".live") == words
    assert numbers_of(tab, "prints")[-1] == 7.9


def test_the_tour_of_the_climber_works_by_keyboard(show):
    tab = show(climber.climber())
    tab.focus(".ask input")
    tab.keyboard.type("5.7")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    assert tab.text_content('[data-part="said"]') == "you said 5.7"
    tab.locator(".scene").focus()
    tab.keyboard.press("Space")
    assert "slope" in tab.inner_text(".live")
    tab.keyboard.press("Shift+ArrowRight")
    assert numbers_of(tab, "feet")[0] == pytest.approx(7.996, abs=5e-4)
    assert "She cannot know whether it is the highest." in tab.inner_text('[data-goal="top"]')
    tab.keyboard.press("b")
    assert tab.get_attribute('[data-do="fog"]', "aria-pressed") == "false"
    assert tab.is_visible(".unseen")
    picture(tab, "climber")


def test_a_click_on_the_covered_axis_is_a_prediction_and_on_a_curve_drops_the_ball(show):
    tab = show(climber.climber())
    box = tab.locator(".scene svg").bounding_box()
    unit = box["width"] / 720  # the width of the drawing
    tab.mouse.click(box["x"] + unit * climber.across(3.6), box["y"] + 40)
    assert tab.input_value(".ask input") == "3.6"
    assert tab.text_content('[data-part="said"]') == "you said 3.6"
    tab = show(rope.rope("vee"))
    box = tab.locator(".scene svg").first.bounding_box()
    across, _ = rope.places_of(terrain.CURVES["vee"])
    tab.mouse.click(box["x"] + box["width"] / 700 * across(2.0), box["y"] + 100)
    assert numbers_of(tab, "ball")[0] == pytest.approx(2.0, abs=0.051)  # the slider's step is 0.1


def test_the_five_goals_tick_themselves(show):
    tab = show(climber.climber(), SKIP)

    def walk(start, row):
        slide(tab, "rate", row)
        slide(tab, "start", start)
        tab.click('[data-do="walk"]')

    for start in (8.7, *climber.STARTS):
        walk(start, 2)
    walk(7.3, 2)
    walk(8.7, climber.RATES.index(0.3))
    done = tab.eval_on_selector_all(".done", "items => items.map(i => i.dataset.goal)")
    assert sorted(done) == sorted(key for key, _, _ in climber.GOALS)


@pytest.mark.parametrize("make", [climber.climber, rope.rope], ids=["climber", "rope"])
def test_nothing_tells_the_answer_before_it_is_given(show, make):
    scene = make()
    tab = show(scene)
    tree = tab.evaluate("document.body.innerText") + tab.locator("body").aria_snapshot()
    assert not [word for word in scene.spoilers if word in tree]
    assert tab.eval_on_selector_all(".controls button, .controls input", "all => all.every(c => c.disabled)")
    tab.click(SKIP)
    assert scene.says in tab.evaluate("document.body.textContent")


def overlaps(tab):
    """Pairs of visible texts of the drawing whose boxes share more than a pixel, and texts outside the drawing."""
    return json.loads(
        tab.evaluate("""() => {
      const svg = document.querySelector(".scene svg"), frame = svg.getBoundingClientRect();
      const shown = (e) => e.textContent.trim() && e.checkVisibility({visibilityProperty: true});
      const all = [...svg.querySelectorAll("text")].filter(shown);
      const boxes = all.map((e) => [e.textContent, e.getBoundingClientRect()]), faults = [];
      boxes.forEach(([s, a], i) => {
        if (a.left < frame.left - 1 || a.right > frame.right + 1 || a.top < frame.top - 1) faults.push([s, "outside"]);
        boxes.slice(i + 1).forEach(([t, b]) => {
          const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
          const tall = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
          if (wide > 1 && tall > 1) faults.push([s, t]);
        });
      });
      return JSON.stringify(faults);
    }""")
    )


PATHS = [[8.7, 8.2], [0.0], [10.0], [5.7, 5.699], [-1e-7, 1e300], [float("nan")], [4.6, 7.1]]


@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_of_the_climber_lies_on_another(show, width):
    for path in PATHS:
        tab = show(climber.climber(path, guess=path[0]), width=width)
        while True:
            assert overlaps(tab) == [], path
            before = tab.inner_text(".live")
            tab.click('[data-do="next"]')
            if tab.inner_text(".live") == before:
                break


@pytest.mark.parametrize("make", [climber.climber, rope.rope], ids=["climber", "rope"])
def test_paper_shows_the_last_state_without_controls(show, make):
    scene = make()
    tab = show(scene, media="print")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    moved = tab.locator('[data-part="prints"], [data-part="trail"]')
    assert f'd="{moved.get_attribute("d")}"'.count("M") == len(scene.table.rows)
    assert not tab.is_visible(".controls")
    assert tab.is_visible("table")
    tab.emulate_media(media="screen")


@pytest.mark.parametrize("make", [climber.climber, rope.rope], ids=["climber", "rope"])
def test_without_a_script_the_last_state_stands_there_without_controls(tab, tmp_path, make):
    scene = make()
    path = tmp_path / "still.html"
    path.write_text(scene.page().replace("<script>", "<template>").replace("</script>", "</template>"), "utf-8")
    tab.goto(path.as_uri())
    assert not tab.is_visible(".controls")
    assert not tab.is_visible(".ask")
    assert tab.is_visible("svg")
    assert not [e for e in tab.locator(".fog, .later").all() if e.is_visible()]
    picture(tab, f"still-{scene.name}")


def test_in_a_notebook_the_frame_grows_to_its_page(tab, tmp_path):
    path = tmp_path / "notebook.html"
    path.write_text(f'<meta charset="utf-8">{climber.climber()._repr_html_()}', "utf-8")
    tab.goto(path.as_uri())
    tab.wait_for_function("document.querySelector('iframe').clientHeight > 850")
    frame = tab.frames[1]
    assert frame.evaluate("document.documentElement.scrollHeight <= innerHeight")
