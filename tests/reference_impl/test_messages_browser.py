"""Scene S4 in a real Chromium: the player's numbers are the reference's, by knob, by key, and on a page of feedback."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest
import result_builders

from autograder.authoring.drawing_parts import Pair
from autograder.authoring.drawings import Messages, Picture
from autograder.records.result import Sandbox
from autograder.reports.pages import write_reports
from reference_impl import mlp
from reference_impl.figures.scenes.backward import backward
from tests.browser import IN_CHROMIUM, browser, picture
from tests.reference_impl.test_messages import INSTANCE, arrays, drawn
from tests.reference_impl.test_page_browser import OVERLAPS

pytestmark = IN_CHROMIUM
VALUES = "Object.fromEntries([...document.querySelectorAll('[data-k]')].map((e) => [e.dataset.k, e.dataset.v]))"
# Chooses one number that goes in, and moves the slider to a value.
TURN = """([key, value]) => {
  const [which, bar] = ["which", "turn"].map((knob) => document.querySelector(`[data-knob=${knob}]`));
  const send = (e) => e.dispatchEvent(new Event("input", { bubbles: true }));
  which.value = key; send(which);
  bar.value = value; send(bar);
}"""


@pytest.fixture(scope="module")
def chromium():
    with browser(1100, 900) as page:
        page.emulate_media(reduced_motion="reduce")
        yield page


@pytest.fixture
def tab(chromium):
    """A page on whose console nothing may appear."""
    faults = []

    def hear(message):
        faults.append(getattr(message, "text", str(message)))

    chromium.on("console", hear)
    chromium.on("pageerror", hear)
    yield chromium
    chromium.remove_listener("console", hear)
    chromium.remove_listener("pageerror", hear)
    assert faults == []


def show(tab, tmp_path, scene):
    path = tmp_path / "scene.html"
    path.write_text(scene.page(), encoding="utf-8")
    tab.goto(path.as_uri())


def test_after_each_turn_of_a_knob_the_numbers_are_the_reference_s(tab, tmp_path):
    """Fifty networks: ten drawn ones, and five knobs turned on each. The error of both sides is a few 1e-16."""
    rng = np.random.default_rng(4)
    for seed in range(10):
        params, X, y = drawn(seed, 1 + seed % 2, 1 + seed % 3, 3 - seed % 3, 2 + seed % 2)
        show(tab, tmp_path, backward(params, X, y))
        for _ in range(5):
            turned = turn_one(tab, rng, params, X)
            assert tab.locator("[data-knob=turn]").input_value() == f"{turned:g}"
            assert_as_the_reference(tab.evaluate(VALUES), params, X, y)


def turn_one(tab, rng, params, X):
    """Turn one number in the picture and in the arrays. Returns its value."""
    name = rng.choice(["x", *params])
    array = X if name == "x" else params[name]
    place = tuple(int(rng.integers(n)) for n in array.shape)
    array[place] = value = rng.integers(-16, 17) / 4
    tab.evaluate(TURN, ["-".join(map(str, [name, *([0] if array.ndim == 1 else []), *place])), str(value)])
    return value


def assert_as_the_reference(shown, params, X, y):
    right = arrays(params, X, y)
    sums = {"u": right.pop("sums"), "d1": right.pop("d1"), "d2": right.pop("dlogits"), "x": X, **right}
    assert len(shown) > len(sums)
    for name, values in sums.items():
        for (i, j), value in np.ndenumerate(np.atleast_2d(values)):
            assert float(shown[f"{name}-{i}-{j}"]) == pytest.approx(value, abs=1e-9)
    for n, h in np.ndindex(sums["u"].shape):
        sent = [float(v) for key, v in shown.items() if key.startswith(f"m2-{n}-{h}-")]
        assert sum(sent) == pytest.approx(float(shown[f"u-{n}-{h}"]), abs=1e-9)


def test_the_words_follow_a_turned_knob(tab, tmp_path):
    """x2 = 4 opens the second gate; with label 0 the second unit hears 3 (p − 1) + (1 − p): by hand −0.036 for p = 0.982."""
    show(tab, tmp_path, backward(INSTANCE, [[1, 2]], [0]))
    tab.evaluate(TURN, ["x-0-1", "4"])
    for _ in range(4):
        tab.get_by_role("button", name="Next →").click()
    p = mlp.cross_entropy_grad(np.array([[6.0, 2.0]]), np.array([0]))[0, 0]
    assert f"{2 * p:.3f}".replace("-", "−") in tab.locator(".live").inner_text()
    assert f"{2 * p:.3f}".replace("-", "−") in tab.locator("desc").text_content()


TWO = [[1, 2], [1, 4]], [0, 1]


def test_a_batch_of_two_halves_each_first_answer_and_adds_two_products_a_weight(tab, tmp_path):
    """Probabilities (e, 1)/(e + 1) and (e⁴, 1)/(e⁴ + 1). By hand W2[0, 0]: 2 (0.731 − 1) / 2 + 3 (0.982) / 2 = 1.204."""
    show(tab, tmp_path, backward(INSTANCE, *TWO, batch=True))
    params, (X, y) = {name: np.array(values) for name, values in INSTANCE.items()}, map(np.array, TWO)
    alone = tab.evaluate(VALUES)
    assert_as_the_reference(alone, params, X[:1], y[:1])
    second = {key for key in alone if key[0] not in "WbJ" and key.split("-")[1] == "1"}
    assert {key for key, value in alone.items() if value is None} == second
    tab.get_by_label("batch of 2").check()
    both = tab.evaluate(VALUES)
    assert_as_the_reference(both, params, X, y)
    assert [float(both[f"d2-{n}-0"]) for n in (0, 1)] == pytest.approx([-0.134471, 0.491007], abs=1e-6)
    assert float(both["W2-0-0"]) == pytest.approx(2 * -0.134471 + 3 * 0.491007, abs=5e-6)
    for _ in range(5):
        tab.get_by_role("button", name="Next →").click()
    assert tab.locator(".live").inner_text().endswith("Each example gives a product, and the weight adds them. 1/N is in δ already.")  # fmt: skip
    tab.get_by_label("batch of 2").uncheck()
    assert tab.evaluate(VALUES) == alone


def test_the_player_writes_what_python_drew(tab, tmp_path):
    """One example, two, and one that waits for another: products, gates, targets and sums as texts."""
    for X, y, batch in (([[1, 2]], [0], False), (*TWO, False), (*TWO, True)):
        scene = backward(INSTANCE, X, y, batch=batch)
        drawn_texts = [e.text for e in ET.fromstring(scene.svg).iter("text") if e.get("data-k") and e.text]
        show(tab, tmp_path, scene)
        texts = tab.locator("[data-k]").all_text_contents()
        assert [words for words in texts if words] == drawn_texts
        assert ("3 × −0.269 = −0.807" in texts) == (len(X) == 1 or batch)


MOVING = """(time) => [...document.querySelectorAll(".dot")].filter((e) => e.getAnimations().length).map((dot) => {
  dot.getAnimations({ subtree: true }).forEach((e) => { e.pause(); e.currentTime = time; });
  const seen = [...dot.querySelectorAll("text")].filter((e) => getComputedStyle(e).opacity === "1");
  return [seen.map((e) => e.textContent).join(), Math.round(new DOMMatrix(getComputedStyle(dot).transform).e)];
})"""


def test_a_dot_travels_each_line_that_carries_something_with_its_number(tab, tmp_path):
    """From x = 786 to 503; δ on the first half, then the message. 0 · 0.269 = 0 does not travel. None with less motion."""
    scene = backward(INSTANCE, [[1, 2]], [0])
    onward = tab.get_by_role("button", name="Next →")
    show(tab, tmp_path, scene)
    onward.click()
    onward.click()
    assert tab.evaluate(MOVING, 0) == []
    tab.emulate_media(reduced_motion="no-preference")
    try:
        show(tab, tmp_path, scene)
        onward.click()
        assert tab.evaluate(MOVING, 0) == []
        onward.click()
        assert tab.evaluate(MOVING, 300) == [["−0.269", 715], ["−0.269", 715], ["0.269", 715]]
        assert tab.evaluate(MOVING, 900) == [["−0.269", 574], ["−0.807", 574], ["0.269", 574]]
        onward.click()
        assert tab.evaluate(MOVING, 0) == []
        assert tab.locator(".dot").evaluate_all("all => all.map((e) => getComputedStyle(e).opacity)") == ["0"] * 4
    finally:
        tab.emulate_media(reduced_motion="reduce")


def test_the_second_example_has_knobs_and_rows_only_while_it_is_there(tab, tmp_path):
    scene = backward(INSTANCE, *TWO, batch=True)
    show(tab, tmp_path, scene)
    tab.locator("summary").click()
    rows, right = tab.locator("tr:visible"), tab.get_by_label("right class of example 2")
    alone = rows.count()
    assert not right.is_visible()
    tab.get_by_label("batch of 2").check()
    assert right.is_visible()
    assert rows.count() == len(scene.table.rows) + 1 > alone
    tab.evaluate(TURN, ["x-1-1", "2"])
    right.select_option("0")  # now both examples are the same
    shown = tab.evaluate(VALUES)
    assert [shown[f"u-{n}-1"] for n in (0, 1)] == [shown["u-0-1"]] * 2
    assert float(shown["W2-0-0"]) == pytest.approx(-2 * 0.268941, abs=1e-6)  # as of one example: 1/N is there


def test_the_way_back_is_walked_by_keyboard(tab, tmp_path):
    scene = backward(INSTANCE, [[1, 2]], [0])
    show(tab, tmp_path, scene)
    tab.locator(".scene").focus()
    for words in scene.steps:
        tab.keyboard.press("ArrowRight")
        assert tab.locator(".live").inner_text() == words
    tab.keyboard.press("ArrowLeft")
    assert tab.locator(".live").inner_text() == scene.steps[-2]


SPOTS = {  # what is asked, in which step, which lines and which numbers are lit, and the words; by hand
    "u-0": (3, {"m2-0-0", "m2-0-1"}, set(), "Hidden unit 1 adds −0.269 + 0 = −0.269."),
    "u-1": (3, {"m2-1-0", "m2-1-1"}, set(), "Hidden unit 2 adds −0.807 + 0.269 = −0.538."),
    "W2-0-1": (5, set(), {"a-0-0", "d2-0-1"}, "W2[0, 1]: 2 × 0.269 = 0.538."),
    "W1-1-0": (6, set(), {"x-0-1", "d1-0-0"}, "W1[1, 0]: 2 × −0.269 = −0.538."),
    "W1-1-1": (6, set(), {"x-0-1", "d1-0-1"}, "W1[1, 1]: 2 × 0 = 0."),
}


# A place on a spot, near its begin: lines cross in their middles.
NEAR = "(e) => { const { x, y } = e.getPointAtLength(25).matrixTransform(e.getScreenCTM()); return [x, y + 2]; }"


@pytest.mark.parametrize("way", ["pointer", "focus"])
@pytest.mark.parametrize("name", SPOTS)
def test_a_unit_lights_its_messages_and_a_weight_its_two_factors(tab, tmp_path, name, way):
    step, lines, numbers, words = SPOTS[name]
    show(tab, tmp_path, backward(INSTANCE, [[1, 2]], [0]))
    spot = tab.locator(f"[data-spot={name}]")
    for _ in range(step):
        assert not spot.is_visible()
        tab.get_by_role("button", name="Next →").click()
    tab.mouse.move(*spot.evaluate(NEAR)) if way == "pointer" else spot.focus()
    assert set(tab.eval_on_selector_all("line.lit", "all => all.map((e) => e.dataset.line)")) == lines
    assert set(tab.eval_on_selector_all("text.lit", "all => all.map((e) => e.dataset.k)")) == numbers
    assert tab.locator(".lit").count() == 2
    assert tab.locator(".live").inner_text() == words
    tab.locator("h3").hover()
    assert tab.locator(".lit").count() == 0


def test_a_weight_of_a_batch_says_both_products(tab, tmp_path):
    """2 (0.731 − 1) / 2 + 3 (0.982) / 2 = 1.204."""
    show(tab, tmp_path, backward(INSTANCE, *TWO))
    for _ in range(5):
        tab.get_by_role("button", name="Next →").click()
    tab.locator("[data-spot=W2-0-0]").focus()
    assert tab.locator(".live").inner_text() == "W2[0, 0]: 2 × −0.134 + 3 × 0.491 = 1.204."
    assert tab.locator(".lit").count() == 4


def test_back_from_a_weight_that_disappears_leaves_the_keys_at_work(tab, tmp_path):
    show(tab, tmp_path, backward(INSTANCE, [[1, 2]], [0]))
    for _ in range(6):
        tab.get_by_role("button", name="Next →").click()
    tab.locator("[data-spot=W1-0-0]").focus()
    tab.keyboard.press("ArrowLeft")
    tab.keyboard.press("ArrowLeft")
    assert tab.locator(".live").inner_text().startswith("Where z is above 0")


@pytest.mark.parametrize("width", [320, 1400])
def test_no_text_lies_on_another_in_any_step(tab, tmp_path, width):
    """Long numbers and a student's wrong ones; the plain test of widths looks at more networks."""
    tab.set_viewport_size({"width": width, "height": 900})
    for seed in (1, 2, 4, 8):
        params, X, y = drawn(seed, 2, 3, 3, 3)
        scale = (1.0, 12.345, 1e-7, 1e6, np.nan)[seed % 5]
        yours = {name: scale * values for name, values in arrays(params, X, y).items()}
        show(tab, tmp_path, backward(params, X, y, yours))
        touching = [tab.evaluate(OVERLAPS, "backward")]
        for key in ["ArrowLeft"] * 8 + ["ArrowRight"] * 8:
            tab.locator(".scene").focus()
            tab.keyboard.press(key)
            touching.append(tab.evaluate(OVERLAPS, "backward"))
        assert touching == [[]] * 17


@pytest.mark.parametrize("width", [320, 1400])
def test_no_text_of_a_batch_lies_on_another(tab, tmp_path, width):
    tab.set_viewport_size({"width": width, "height": 900})
    show(tab, tmp_path, backward(INSTANCE, *TWO, batch=True))
    touching = []
    for _ in range(2):
        tab.locator("[data-knob=batch]").click()
        for key in ["ArrowLeft"] * 8 + ["ArrowRight"] * 8:
            tab.locator(".scene").focus()
            tab.keyboard.press(key)
            touching += tab.evaluate(OVERLAPS, "backward")
    assert touching == []


# --- The page of feedback ------------------------------------------------------------------------------------------


@pytest.fixture
def feedback(course, tmp_path):
    """The page of a student whose linear_vjp does not add the messages."""
    sums = [[-0.807, 0.538]]
    answers = [Pair.of("sums", sums, [[-0.269, -0.538]])]
    drawing = Messages.of(INSTANCE, [[1, 2]], [0], answers)
    shown = Picture(id="q1.messages", question="q1", title="Your messages back", drawing=drawing)
    failed = result_builders.question("q1", result_builders.check("q1.a", 0.0, 2.0, "fail"), title="f")
    made = result_builders.record(
        assignment="a9_test", max_score=2.0, sandbox=Sandbox(tier="A"), questions=(failed,), pictures=(shown,)
    )
    write_reports(course, [made], tmp_path)
    (path,) = (tmp_path / "a9_test").iterdir()
    return path.as_uri()


def seen(tab):
    return tab.evaluate(
        "[...document.querySelectorAll('[data-step]')].filter((e) => e.checkVisibility()).map((e) => +e.dataset.step)"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_opens_where_the_students_numbers_go_wrong(tab, feedback, scheme):
    tab.set_viewport_size({"width": 1100, "height": 900})
    tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    tab.goto(feedback)
    assert max(seen(tab)) == 3
    assert tab.locator("body").inner_text().count("the arrows add up to −0.269, your linear_vjp says −0.807.") == 1
    assert tab.locator("text.wrong:visible").all_text_contents() == ["✗ −0.807", "✗ 0.538"]
    assert tab.evaluate(OVERLAPS, "backward") == []
    picture(tab, f"feedback_messages_{scheme}")
    tab.get_by_role("button", name="Next →").click()
    assert max(seen(tab)) == 4


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_a_scene_says_a_disagreement_once_in_words_beside_the_cross(chromium, tmp_path, script):
    """In the live words where a script runs, else in the note below the drawing; the folded description has it, too."""
    path = tmp_path / "scene.html"
    path.write_text(backward(INSTANCE, [[1, 2]], [0], {"sums": [[-0.807, -2 / (1 + np.e)]]}).page(), encoding="utf-8")
    context = chromium.context.browser.new_context(java_script_enabled=script)
    try:
        page = context.new_page()
        page.goto(path.as_uri())
        said = page.get_by_text("the arrows add up to −0.269, your linear_vjp says −0.807.").all()
        kinds = [each.evaluate("(e) => e.classList.value") for each in said if each.is_visible()]
        assert kinds == (["live"] if script else ["small note"])
        assert page.locator("text.wrong:visible").all_text_contents() == ["✗ −0.807"]
    finally:
        context.close()


def test_without_a_script_the_page_is_complete(chromium, feedback):
    context = chromium.context.browser.new_context(java_script_enabled=False)
    try:
        still = context.new_page()
        still.goto(feedback)
        assert len(seen(still)) == still.locator("[data-step]").count() > 20
        assert still.locator(".scene button:visible").count() == 0
    finally:
        context.close()


def test_another_script_does_not_run_on_the_page(chromium, feedback):
    """If markup ever came through, the policy would stop it: its hash names our script alone."""
    chromium.goto(feedback)  # its console says that the policy held
    said = chromium.evaluate(
        """() => new Promise((done) => {
          addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective));
          const script = document.createElement("script");
          script.textContent = "document.title = 'owned'";
          document.body.append(script);
          setTimeout(() => done("nothing"), 2000);
        })"""
    )
    assert said == "script-src-elem"
    assert chromium.title() != "owned"


def test_next_and_back_are_disabled_at_their_ends_and_keys_still_work(tab, tmp_path):
    """A disabled button cannot hear a key, so the scene has the focus then, and the left arrow leads back."""
    show(tab, tmp_path, backward(INSTANCE, [[1, 2]], [0]))
    back, onward = (tab.locator(f"[data-do={what}]") for what in ("back", "next"))
    assert (back.is_enabled(), onward.is_enabled()) == (False, True)
    for _ in range(8):
        onward.click()
    assert (back.is_enabled(), onward.is_enabled()) == (True, False)
    tab.keyboard.press("ArrowLeft")
    assert (back.is_enabled(), onward.is_enabled()) == (True, True)
