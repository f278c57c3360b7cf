"""docs/explain.html in a real Chromium: without a script, on paper, by keyboard, in every size and colour.

Nothing here compares pixels. SCREENSHOTS=DIR keeps pictures for a person to look at.
"""

import itertools
import json
import re
from pathlib import Path

import numpy as np
import pytest
from browser import IN_CHROMIUM, browser, picture

from reference_impl import complexity
from reference_impl.figures.scenes.bills import BILL_CHAINS
from reference_impl.figures.scenes.files import FILES
from reference_impl.figures.scenes.forward import forward
from reference_impl.figures.scenes.page import PAGE, scenes

pytestmark = IN_CHROMIUM
SIZES = (320, 700, 1400)
ASKING = [scene for scene in scenes() if scene.asks]

# Pairs of texts of a drawing that touch, and texts that leave it.
OVERLAPS = """scene => [...document.querySelectorAll(`[data-scene=${scene}] svg`)].flatMap((svg) => {
  const frame = svg.getBoundingClientRect(), slack = 0.15;
  const texts = [...svg.querySelectorAll("text")].filter((e) => e.textContent.trim() && e.getClientRects().length && e.checkVisibility({visibilityProperty: true}))
    .map((e) => { const r = e.getBoundingClientRect(), h = r.height * slack;
      return { words: e.textContent, left: r.left, right: r.right, top: r.top + h, bottom: r.bottom - h }; });
  const outside = texts.filter((t) => t.left < frame.left - 1 || t.right > frame.right + 1 || t.top < frame.top - 1 || t.bottom > frame.bottom + 1);
  const pairs = texts.flatMap((a, i) => texts.slice(i + 1).filter((b) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).map((b) => `${a.words} | ${b.words}`));
  return [...outside.map((t) => `outside: ${t.words}`), ...pairs];
})"""
# Every text that is drawn, and every name and description in the page. (innerText holds hidden texts of drawings.)
SEEN = """() => {
  const words = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const parent = texts.currentNode.parentNode;
    if (parent.getClientRects().length || /^(title|desc)$/.test(parent.tagName)) words.push(texts.currentNode.data);
  }
  document.querySelectorAll("[aria-label], [aria-valuetext]").forEach((e) => words.push(e.ariaLabel, e.ariaValueText));
  return words.join(" ");
}"""
# Texts and drawn lines whose colour stands too little apart from the page's.
PALE = """() => {
  const part = (c) => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  const light = (colour) => { const [r, g, b] = colour.match(/[\\d.]+/g).map(Number); return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b); };
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
  const paper = getComputedStyle(document.querySelector(".scene")).backgroundColor, pale = [];
  for (const e of document.querySelectorAll(".scene svg *, .scene p, .scene h2, .scene label, .scene summary")) {
    if (e.closest("defs, :disabled") || !e.checkVisibility()) continue;
    const style = getComputedStyle(e), isText = e.tagName === "text" || !e.closest("svg");
    const colour = isText ? (e.closest("svg") ? style.fill : style.color) : style.stroke;
    if (!colour.startsWith("rgb") || e.classList.contains("on") && !isText) continue;
    if (ratio(colour, paper) < (isText ? 4.5 : 3)) pale.push(`${e.tagName}.${e.className.baseVal ?? e.className}: ${colour}`);
  }
  return pale;
}"""


@pytest.fixture(scope="module")
def chromium():
    with browser() as page:
        page.emulate_media(reduced_motion="reduce")
        page.console_messages_seen = []
        page.on("console", lambda message: page.console_messages_seen.append(message.text))
        page.on("pageerror", lambda error: page.console_messages_seen.append(str(error)))
        yield page


@pytest.fixture
def page(chromium):
    """The page as a reader opens it; at the end the console must be empty."""
    opened(chromium)
    yield chromium
    assert chromium.console_messages_seen == []


def opened(page, width=1100, **media):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(
        **{"color_scheme": "light", "media": "screen", "reduced_motion": "reduce", "forced_colors": "none", **media}
    )
    page.goto(PAGE.as_uri())


def press(page, scene, words):
    page.locator(f"[data-scene={scene}]").get_by_role("button", name=words, exact=True).click()


def protocol(page, *command):
    """The answer to a command of the browser's protocol. The session is closed: an open one undoes emulations."""
    session = page.context.new_cdp_session(page)
    try:
        return session.send(*command)
    finally:
        session.detach()


def tree(page):
    """All that a screen reader is given, as text."""
    return json.dumps(protocol(page, "Accessibility.getFullAXTree"), ensure_ascii=False)


def paper(page):
    """The colour behind the page."""
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def skip_all(page):
    """No prediction of a control is open any more."""
    for scene in ASKING:
        press(page, scene.name, "skip")


@pytest.mark.parametrize("scene", ASKING, ids=lambda scene: scene.name)
def test_no_answer_is_on_the_page_before_the_prediction(page, scene):
    """Neither in what can be seen nor in what a screen reader is given; both have it afterwards."""
    assert scene.spoilers
    assert [word for word in scene.spoilers if word in page.evaluate(SEEN) or word in tree(page)] == []
    assert page.locator(f"[data-scene={scene.name}] .controls button:enabled").count() == 0
    press(page, scene.name, "skip")
    page.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true; })")
    said = page.evaluate(SEEN)
    if scene.steps and page.locator(f"[data-scene={scene.name}] [data-do=next]").count():
        for _ in scene.steps:
            if (following := page.locator(f"[data-scene={scene.name}] [data-do=next]")).is_enabled():
                following.click()
            if page.locator(f"[data-scene={scene.name}] .ask button:visible").count():
                press(page, scene.name, "skip")
            said += page.evaluate(SEEN)
    assert [word for word in scene.spoilers if word not in said] == []
    assert page.locator(f"[data-scene={scene.name}] .controls button:enabled").count() > 0


def test_a_guess_is_shown_beside_what_happens(page):
    press(page, "bills", "10 times")
    for order in ("all from the input", "all from the output"):
        press(page, "bills", order)
    assert (
        page.locator("[data-scene=bills] .live").inner_text()
        == "From the input it costs 313 times as much. You said 10 times."
    )
    page.locator("[data-scene=forward] .ask input").fill("-1")
    press(page, "forward", "show me")
    assert page.locator("[data-scene=forward] .live").inner_text().startswith("You said −1; it is 0.")


# What is answered, what is pressed then, and what stands beside the answer. By hand: 209,542,816 / 668,672 = 313.4.
OUTCOMES = {
    "climber": ("8.2", ["Walk"], "You said 8.2. She is at 7.996 after 37 steps with rate 0.05."),
    "rope": ("yes", [], "You said yes."),
    "forward": ("-1", [], "You said −1. It is 0."),
    "backward": ("0.538", [], "Where it is not, the sum stops: −0.269, 0."),
    "bills": ("2 times", ["all from the input", "all from the output"], "You said 2 times. From the input it costs 313 times as much."),
}  # fmt: skip


@pytest.mark.parametrize("scene", OUTCOMES)
def test_an_answer_stands_in_the_place_of_its_buttons_beside_what_happened(page, scene):
    answer, presses, beside = OUTCOMES[scene]
    ask = page.locator(f"[data-scene={scene}] .ask").first
    if (field := ask.locator("input")).count():
        field.fill(answer)
    press(page, scene, "show me" if field.count() else answer)
    assert ask.locator("button, input").count() == 0
    assert page.evaluate("document.activeElement.dataset.scene") == scene
    for words in presses:
        press(page, scene, words)
    assert ask.inner_text().strip().endswith(beside)


def test_a_skipped_question_is_gone(page):
    press(page, "forward", "skip")
    assert not page.locator("[data-scene=forward] .ask").is_visible()


def test_step_6_of_the_way_back_waits_for_the_second_prediction(page):
    scene = page.locator("[data-scene=backward]")
    first, second = scene.locator(".ask").all()
    press(page, "backward", "0")
    assert not second.is_visible()
    press(page, "backward", "Next →")
    assert not second.is_visible()
    scene.focus()
    page.keyboard.press("ArrowRight")
    assert second.is_visible()
    assert scene.locator(".live").inner_text() == "Before step 6: which of the four weights of W1 hear nothing?"
    assert scene.locator("[data-do=next]").is_disabled()
    assert not scene.locator("[data-k=W1-0-1]").is_visible()
    assert scene.locator("details").count() == 0  # they have the answer
    page.keyboard.press("ArrowRight")
    assert not scene.locator("[data-k=W1-0-1]").is_visible()
    press(page, "backward", "W1[1, 0], W1[1, 1]")
    assert scene.locator("[data-k=W1-0-1]").is_visible()
    assert scene.locator("details").count() == 1
    assert first.inner_text().strip().endswith("the sum stops: −0.269, 0.")
    assert second.inner_text().endswith("You said W1[1, 0], W1[1, 1]. The weights of W1 that hear nothing: W1[0, 1], W1[1, 1].")  # fmt: skip
    press(page, "backward", "Next →")
    assert scene.locator(".live").inner_text() == "A layer before this one would hear these messages."


@pytest.mark.parametrize("dims", [*BILL_CHAINS, (784, 512, 512, 10, 10)])
def test_the_till_is_that_of_the_reference(page, dims):
    press(page, "bills", "skip")
    scene = page.locator("[data-scene=bills]")
    scene.locator("select").select_option(str(list(dims if dims in BILL_CHAINS else BILL_CHAINS[0])))
    if dims not in BILL_CHAINS:
        scene.get_by_role("checkbox").check()
    costs = {
        "all from the input": complexity.forward_macs(dims),
        "all from the output": complexity.reverse_macs(dims),
        "cheapest": complexity.optimal_bracketing(dims)[0],
    }
    for words, expected in costs.items():
        press(page, "bills", words)
        assert int(scene.locator("[data-part=own] .total").get_attribute("data-v")) == expected
        assert page.evaluate(OVERLAPS, "bills") == []


def test_widths_of_ones_own_have_the_till_of_the_reference(page):
    press(page, "bills", "skip")
    scene, dims = page.locator("[data-scene=bills]"), []
    for k, power in enumerate((3, 0, 2.5, 1.5, 2)):
        scene.locator(f"[data-knob=n{k}]").fill(str(power))
        dims.append(round(10**power))
    for words, macs in (
        ("all from the input", complexity.forward_macs),
        ("all from the output", complexity.reverse_macs),
    ):
        press(page, "bills", words)
        assert int(scene.locator("[data-part=own] .total").get_attribute("data-v")) == macs(dims)


def test_neighbours_are_multiplied_by_keyboard_and_undone(page):
    """J₃J₂ first: 10 · 512 · 512 = 2,621,440."""
    press(page, "bills", "skip")
    scene = page.locator("[data-scene=bills]")
    scene.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert scene.locator(".live").inner_text() == "10 × 512 times 512 × 512: 2,621,440 multiply-adds. Till: 2,621,440."
    page.keyboard.press("u")
    assert scene.locator(".live").inner_text() == "Till: 0."


def test_a_matrix_that_is_dragged_to_its_neighbour_is_multiplied_with_it(page):
    """J₂ to the left, onto J₃: 10 · 512 · 512 = 2,621,440."""
    press(page, "bills", "skip")
    scene = page.locator("[data-scene=bills]")
    scene.locator(".matrix").nth(2).scroll_into_view_if_needed()
    places = [scene.locator(".matrix rect").nth(k).bounding_box() for k in (2, 1)]
    (x, y), (to, _) = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in places]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move((x + to) / 2, y)
    page.mouse.move(to, y)
    page.mouse.up()
    assert scene.locator(".live").inner_text().endswith("Till: 2,621,440.")


def test_the_whole_page_can_be_toured_by_keyboard(page):
    """Tab reaches every control that works, in the order of the page, and shows where it is."""
    skip_all(page)
    controls = page.locator("a, button:enabled, input:enabled, select, summary, section[tabindex]").evaluate_all(
        "all => all.filter((e) => e.checkVisibility()).map((e, k) => { e.dataset.tour = k; return `${k} ${e.outerHTML.slice(0, 90)}`; })"
    )
    reached = []
    for _ in range(2 * len(controls)):  # the first steps may lead to the end of the page, and then to its begin
        page.keyboard.press("Tab")
        html, outline = page.evaluate(
            "(([e]) => [`${e.dataset.tour} ${e.outerHTML.slice(0, 90)}`, getComputedStyle(e).outlineStyle])([document.activeElement])"
        )
        assert outline != "none" or "<body" in html, html
        reached.append(html)
    missed = [html for html in controls if html not in reached]
    assert missed == []
    assert [html for html in dict.fromkeys(reached[reached.index(controls[0]) :]) if html in controls] == controls
    assert page.locator("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").count() == 0


def test_the_arrow_keys_walk_the_forward_picture(page):
    press(page, "forward", "skip")
    page.locator("[data-scene=forward]").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("[data-scene=forward] .live").inner_text().endswith("The scores are 2, 1.")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    assert (
        page.locator("[data-scene=forward] .live").inner_text()
        == "Each line multiplies the number at its left end by its weight."
    )


@pytest.mark.parametrize("width", SIZES)
def test_no_size_scrolls_the_page_sideways_or_lays_a_text_on_another(page, width):
    opened(page, width)
    for answered in (False, True):
        if answered:
            skip_all(page)
        picture(page, f"explain-{width}-{answered}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert {scene.name: page.evaluate(OVERLAPS, scene.name) for scene in scenes()} == {
            scene.name: [] for scene in scenes()
        }


def test_no_number_of_any_forward_picture_lies_on_another(chromium, tmp_path):
    """Thirty networks in one page, in their last state: long numbers, tiny ones, none at all."""
    rng = np.random.default_rng(8)
    values = np.array([-12.35, 1e-7, np.nan, -1234.56, -9.87e12, 0.0, 3.0, -0.269, np.inf])
    blocks = []
    for k in range(30):
        D, H, K = rng.integers(1, 4, 3) if k % 2 else (2, 2, 2)
        shapes = {"W1": (D, H), "b1": (H,), "W2": (H, K), "b2": (K,)}
        blocks.append(
            forward(
                {n: rng.choice(values, shape) for n, shape in shapes.items()}, rng.choice(values, (1, D)), [0]
            ).block()
        )
    (tmp_path / "forward.html").write_text(
        f"<!doctype html><meta charset=utf-8><style>{FILES['style.css']}</style>{''.join(blocks)}"
    )
    chromium.set_viewport_size({"width": 700, "height": 900})
    chromium.goto((tmp_path / "forward.html").as_uri())
    assert chromium.evaluate(OVERLAPS, "forward") == []
    picture(chromium, "forward-thirty")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_stand_apart_from_the_paper(page, scheme):
    opened(page, color_scheme=scheme)
    skip_all(page)
    picture(page, f"explain-{scheme}")
    assert sorted(set(page.evaluate(PALE))) == []


def test_the_switch_chooses_the_colours(page):
    light = paper(page)
    page.get_by_label("Colours").select_option("dark")
    assert paper(page) != light
    opened(page, color_scheme="dark")
    page.get_by_label("Colours").select_option("light")
    assert paper(page) == light


def test_forced_colours_leave_every_line(page):
    opened(page, forced_colors="active")
    skip_all(page)
    picture(page, "explain-forced")
    strokes = page.evaluate(
        "[...document.querySelectorAll('[data-scene=forward] [data-line]')].map((e) => getComputedStyle(e).stroke)"
    )
    assert "none" not in strokes
    dashes = page.evaluate(
        "[...document.querySelectorAll('[data-scene=forward] .minus')].map((e) => getComputedStyle(e).strokeDasharray)"
    )
    assert set(dashes).isdisjoint({"none"})  # a sign is more than a colour


def test_paper_shows_the_last_state_of_all_scenes_with_their_numbers(page):
    """Even if no prediction was given; and nothing that must be pressed."""
    opened(page, 700, media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert (
        page.evaluate(
            "[...document.querySelectorAll('[data-step]')].filter((e) => !e.closest('.messages') && !e.checkVisibility()).length"
        )
        == 0
    )
    assert page.locator(".controls, .ask").evaluate_all("all => all.filter((e) => e.checkVisibility()).length") == 0
    tables = [scene for scene in scenes() if scene.table.rows]
    assert page.locator("details[open] table").evaluate_all(
        "all => all.filter((e) => e.checkVisibility()).length"
    ) == len(tables)


def test_paper_shows_whole_arrows_a_whole_drawing_and_the_rope_that_the_words_are_about(page):
    opened(page, 700, media="print", reduced_motion="no-preference")
    page.locator("[data-scene=rope] [data-answer=no]").dispatch_event("click")
    page.locator("[data-scene=rope] [data-knob=a]").evaluate(
        "e => { e.value = 2; e.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    names = page.eval_on_selector_all(".wire", "lines => lines.map((e) => getComputedStyle(e).animationName)")
    assert set(names) == {"none"}
    widths = page.eval_on_selector_all(".scene .box", "boxes => boxes.map((e) => [e.scrollWidth, e.clientWidth])")
    assert all(drawing <= box for drawing, box in widths)
    ends = [page.locator(f"[data-part=end-{end}]").get_attribute("data-v") for end in "ab"]
    assert ends == ["1", "3"]


# What each copy of the strip shows, by its steps: a copy has no document, so the original is shown with its variables.
STRIP = """() => {
  const strip = document.querySelector(".strip"), drawing = strip.previousElementSibling, copied = document.querySelector("#way-back");
  const seen = () => Math.max(...[...copied.querySelectorAll("[data-step]")].filter((e) => e.checkVisibility()).map((e) => +e.dataset.step));
  const before = [strip, drawing].map((e) => e.checkVisibility());
  drawing.style.display = "block";
  return [before, [...strip.querySelectorAll("use")].map((e) => {
    copied.setAttribute("style", e.getAttribute("style"));
    return [e.getAttribute("href"), seen()];
  }), [...strip.querySelectorAll("text")].map((e) => e.textContent)];
}"""


@pytest.mark.parametrize("script", [True, False])
def test_paper_shows_the_messages_back_as_a_strip_of_four_steps(chromium, script):
    """Also before a prediction is given, and without the player."""
    opened(chromium)
    if not script:
        chromium.set_content(re.sub("<script>.*</script>", "", PAGE.read_text(), flags=re.DOTALL))
    assert not chromium.locator(".strip").is_visible()
    chromium.emulate_media(media="print")
    if script:
        chromium.evaluate("dispatchEvent(new Event('beforeprint'))")
    picture(chromium, f"explain-strip-{script}")
    visible, copies, names = chromium.evaluate(STRIP)
    assert visible == [True, False]
    assert copies == [["#way-back", step] for step in (1, 2, 4, 6)]
    assert names == ["Step 1", "Step 2", "Step 4", "Step 6"]


def test_paper_is_at_most_a_page_a_scene(page, tmp_path):
    opened(page)
    page.emulate_media(media="print")
    page.pdf(path=tmp_path / "explain.pdf", format="A4")
    assert (tmp_path / "explain.pdf").read_bytes().count(b"/Type /Page\n") <= len(scenes())


def test_without_a_script_everything_is_there(chromium):
    context = chromium.context.browser.new_context(java_script_enabled=False, viewport={"width": 700, "height": 900})
    still = context.new_page()
    still.goto(PAGE.as_uri())
    assert still.locator("noscript strong").bounding_box()
    picture(still, "explain-no-script")
    for scene in scenes():
        root = still.locator(f"[data-scene={scene.name}]")
        assert root.locator("desc").text_content() == scene.says
        steps = root.locator("text[data-step]:not(.two)")  # a second example needs a switch
        assert all(steps.nth(k).is_visible() for k in range(steps.count()))
        assert not any(each.is_visible() for each in root.locator("button").all())
    context.close()


def test_axe_finds_nothing(page):
    axe = pytest.importorskip(
        "axe_playwright_python", reason="axe-core is not installed: pip install axe-playwright-python"
    )
    skip_all(page)
    page.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true; })")
    script = Path(axe.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    protocol(
        page, "Runtime.evaluate", {"expression": script}
    )  # not by a script element, which the page's policy refuses
    violations = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in violations] == []


def test_every_control_and_every_picture_has_a_name(page):
    nodes = protocol(page, "Accessibility.getFullAXTree")["nodes"]
    roles = {"button", "slider", "combobox", "checkbox", "spinbutton", "image", "img", "link"}
    nameless = [
        n["role"]["value"]
        for n in nodes
        if n.get("role", {}).get("value") in roles and not n.get("name", {}).get("value")
    ]
    assert nameless == []
    assert page.locator("[aria-live=polite]").count() == sum(bool(scene.controls) for scene in scenes())


def test_order_in_the_page_is_the_order_of_reading(page):
    for scene in ASKING:
        kinds = page.locator(f"[data-scene={scene.name}] > *").evaluate_all(
            "all => all.map((e) => e.className || e.tagName)"
        )
        order = [kinds.index(kind) for kind in ("H2", "P", "ask", "controls", "box", "live")]
        assert all(a < b for a, b in itertools.pairwise(order)), kinds


def test_on_a_phone_the_climber_and_the_first_answers_stand_in_their_boxes(page):
    opened(page, 390)
    for part in ("[data-scene=climber] [data-part=feet]", "[data-scene=backward] [data-k='d2-0-0']"):
        middle, left, right = page.locator(part).first.evaluate(
            "(e) => { const a = e.getBoundingClientRect(), b = e.closest('.box').getBoundingClientRect();"
            " return [(a.left + a.right) / 2, b.left, b.right]; }"
        )
        assert left < middle < right, part


# How far the middle of a part is from the left edge of its box, as a share of the box's width.
PLACE_IN_BOX = """(e) => {
  const [box, part] = [e.closest(".box"), e].map((each) => each.getBoundingClientRect());
  return (part.left + part.width / 2 - box.left) / box.width;
}"""


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
@pytest.mark.parametrize("part", ["ball", "feet"])
def test_on_a_phone_a_drawing_begins_where_its_walk_is(chromium, script, part):
    """Without a script the walk has ended: the ball lies at w = 0, in the middle of a drawing twice as wide."""
    context = chromium.context.browser.new_context(
        viewport={"width": 320, "height": 700}, java_script_enabled=script, reduced_motion="reduce"
    )
    try:
        page = context.new_page()
        page.goto(PAGE.as_uri())
        assert 0.1 < page.locator(f"[data-part={part}]").evaluate(PLACE_IN_BOX) < 0.9
    finally:
        context.close()


def test_on_a_phone_the_drawing_follows_the_ball(chromium):
    context = chromium.context.browser.new_context(viewport={"width": 320, "height": 700}, reduced_motion="reduce")
    try:
        page = context.new_page()
        page.goto(PAGE.as_uri())
        scene = page.locator("[data-scene=rope]")
        scene.get_by_role("button", name="yes", exact=True).click()
        for _ in range(2):
            scene.get_by_role("button", name="Roll").click()
            assert 0.1 < scene.locator("[data-part=ball]").evaluate(PLACE_IN_BOX) < 0.9
            scene.locator("[data-knob=ball]").fill("3.5")
    finally:
        context.close()
