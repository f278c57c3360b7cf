"""The student's page says what was decided, what to do next, and draws what the student's code answered."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from importlib.resources import files

import numpy as np
import pytest
import result_builders
from result_builders import record

from autograder.authoring.drawing_parts import Pair
from autograder.authoring.drawings import Bars, Curves, Ground, HeatMap, Messages, Paths, Picture
from autograder.authoring.graph_drawings import Graph
from autograder.authoring.verdict_drawings import KillMatrix, KillRow
from autograder.hand.given import Given, HandWork
from autograder.records.flags import Flag
from autograder.records.result import CellError, Sandbox
from autograder.reports.pages import write_reports
from autograder.reports.picture_views import view_of
from autograder.reports.scales import Axis, around, count_text, number_text
from autograder.reports.student_page import About, ByHand, question_views
from reference_impl.figures.scenes.scene import player

HOSTILE = "</text><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}\x1b[31m\u202e"
GROUND = Ground(x=(0, 4), y=(0, 2), heights=((0.0, 1.0, 2.0), (1.0, 2.0, 3.0), (2.0, 3.0, 4.0)))


def check(identity, outcome="pass", message="", diagnosis="", points=2.0, **fields):
    texts = {"title": f"property {identity}", "message": message, "diagnosis": diagnosis}
    return result_builders.check(identity, points if outcome == "pass" else 0.0, points, outcome, **texts, **fields)


def question(identity, *checks, bonus=False):
    return result_builders.question(identity, *checks, title=f"f_{identity}", bonus=bonus)


def result(*questions, **fields):
    given = {"assignment": "a9_test", "max_score": 10.0, "sandbox": Sandbox(tier="A"), "questions": questions}
    return record(**{**given, **fields})


WAITS = "Your code is fine here: it passes with a correct `f` (q1)."
FAILED = question("q1", check("q1.a"), check("q1.b", "fail", "f: yours is half of the reference.", "scale"))
WAITING = question("q2", check("q2.a", "blocked", WAITS, "blocked", blocked_by="q1"))
DONE = question("q3", check("q3.a"))
EMPTY = question("q4", check("q4.a", "missing", "not written yet.", "not_implemented"))


def pictures():
    one, two = np.array([[0.0, 1.0, 2.0], [0.0, 0.5, 1.0]]), np.array([[0.0, 1.0, np.nan], [0.0, np.inf, 1e300]])
    drawings = (
        Paths(ground=GROUND, path=Pair.of("path", two, one), x_label="x", y_label="y"),
        Curves(curve=Pair.of("height", two[0], one[0]), x_label="step", y_label="height"),
        HeatMap(blocks=(Pair.of("dW", [[1.0, 2.0], [np.nan, 4.0]], [[1.0, 2.0], [3.0, 8.0]]),)),
        Messages.of(
            {"W1": [[1.0]], "b1": [0.0], "W2": [[2.0]], "b2": [0.0]},
            [[1.0]],
            [0],
            [Pair.of("sums", [[0.5]], [[0.0]]), Pair.of("W1", [[np.nan]], [[0.0]])],
        ),
        Bars(bars=(Pair.of("forward", 64, 90),), unit="multiply-adds"),
        graph([np.nan, None, 2.0, 1.0]),
        KillMatrix(
            judged="engine", columns=("once", "again"), rows=(KillRow(name="<r>", right=True, verdicts=(None, False)),)
        ),
        None,
    )
    return tuple(
        Picture(id=f"q1.p{i}", question="q1", title=f"Picture {i}", caption="C", drawing=d, why="" if d else "no dict")
        for i, d in enumerate(drawings)
    )


@pytest.fixture
def page(course, tmp_path):
    def write(made):
        write_reports(course, [made], tmp_path)
        (path,) = (tmp_path / "a9_test").iterdir()
        return path.read_text()

    return write


class Outline(HTMLParser):
    """Tags, ids, and what refers to an id; an end tag must close what was opened last."""

    VOID = ("meta", "link", "br", "img")

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.refers, self._open = [], [], [], []
        self.feed(text)
        assert not self._open

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append(tag)
        self.ids += [given["id"]] if "id" in given else []
        self.refers += given.get("aria-labelledby", "").split()
        self.refers += [given["href"][1:]] if given.get("href", "").startswith("#") else []
        self.refers += re.findall(r"url\(#([^)]+)\)", given.get("clip-path", ""))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self._open.pop()

    def handle_endtag(self, tag):
        assert self._open.pop() == tag


def test_every_question_is_in_the_overview_with_its_state(page):
    text = page(result(FAILED, WAITING, DONE, EMPTY))
    overview = text[text.index('class="overview"') : text.index("</nav>")]
    assert re.findall(r'href="#(q\d)"', overview) == ["q1", "q2", "q3", "q4"]
    assert re.findall(r"</span> ([a-z ]+)</span>", overview) == [
        *("in part", "waits", "complete", "not begun"),
        "by hand",  # the skeleton's
    ]
    assert re.findall(r"[\d.]+ / [\d.]+", overview) == ["2 / 4", "0 / 2", "2 / 2", "0 / 2"]


def test_what_waits_and_what_it_waits_for_link_to_each_other(page):
    text = page(result(FAILED, WAITING))
    first, second = text[text.index('id="q1"') : text.index('id="q2"')], text[text.index('id="q2"') :]
    assert 'Blocks <a href="#q2">Question 2</a>' in first
    assert 'Waits for <a href="#q1">Question 1</a>' in second
    assert 'with a correct `f` (q1). <a href="#q1">Go to q1</a>.' in second
    assert 'Begin with <a href="#q1">1 · f_q1</a>, as <a href="#q2">Question 2</a> waits for it' in text


def test_a_page_begins_with_a_bonus_if_nothing_else_is_open_and_the_bonus_was_begun(page):
    begun, empty = (question.model_copy(update={"bonus": True}) for question in (FAILED, EMPTY))
    assert 'Begin with <a href="#q1">1 · f_q1</a>' in page(result(DONE, begun))
    assert "Begin with" not in page(result(DONE, empty))
    assert 'Begin with <a href="#q4">' in page(result(begun, EMPTY))


def test_hints_come_one_inside_the_other_and_only_where_something_is_missing():
    about = About("T", dict.fromkeys(("q1", "q2", "q3", "q4"), ("one", "two", "three")))
    views = question_views(result(FAILED, WAITING, DONE, EMPTY), about)
    assert [len(v.hints) for v in views] == [3, 3, 0, 3]


def test_the_next_hint_is_inside_the_one_before(page):
    """The skeleton has three hints: a student opens one, and finds the next there."""
    text = page(result(FAILED))
    hints = text[text.index('class="hints"') : text.index("</div>", text.index('class="hints"'))]
    assert [hints.index(h) for h in ("Square first", "mean = sum / n", "(3, 4): (9 + 16) / 2")] == sorted(
        hints.index(h) for h in ("Square first", "mean = sum / n", "(3, 4): (9 + 16) / 2")
    )
    assert re.sub(r"<(?!/?details)[^>]*>|[^<>]+(?=<)", "", hints).count("</details></details></details>") == 1
    assert "<details open" not in hints
    assert "Hint 1" not in page(result(question("q1", check("q1.a"))))


def test_a_hidden_check_tells_its_property_and_the_diagnosis(page):
    text = page(result(FAILED))
    assert "property q1.b" in text
    assert "Yours is off by one constant factor." in text
    assert "f: yours is half of the reference." in text


def test_checks_that_fail_for_one_cause_are_shown_once_with_all_names_and_points_below(page):
    checks = [check(f"q1.{c}", "fail", "1/N is missing.", "scale", fault="0123456789ab") for c in "abc"]
    other = check("q1.d", "fail", "a list.", "type", fault="ba9876543210")
    text = page(result(question("q1", *checks, other, check("q1.e"))))
    assert text.count("1/N is missing.") == 1
    assert "3 checks, one cause:" in text
    (group,) = re.findall(r'<ul class="names">(.*?)</ul>', text, re.DOTALL)
    assert re.findall(r"property (q1\..)", group) == ["q1.a", "q1.b", "q1.c"]
    assert group.count("0 / 2") == 3
    assert "0 / 6" in text  # all three together
    assert "property q1.d" in text.replace(group, "")


def test_results_from_before_faults_were_recorded_show_each_check(page):
    lost = question("q1", *(check(f"q1.{c}", "missing", "not written yet.", "not_implemented") for c in "abc"))
    assert page(result(lost)).count('<p class="message">not written yet.') == 3


def test_cells_that_stopped_are_told_and_unwritten_ones_together(page):
    errors = [CellError(cell=i, error="NotImplementedError:  (line 3)", type="NotImplementedError") for i in (4, 8)]
    text = page(result(FAILED, cell_errors=(*errors, CellError(cell=9, error="NameError: x"))))
    assert "code cells 4, 8</b> not written yet" in text
    assert "code cell 9</b> <code>NameError: x</code>" in text


def test_a_notebook_of_another_release_is_named_as_one(page):
    of_another = Flag(kind="checks_changed", data=("q1.example", "q2.example"))
    assert "These public checks are not in your notebook as handed out: q1.example, q2.example. The notebook is" in (
        page(result(FAILED, flags=(of_another,)))
    )
    assert "another release" not in page(result(FAILED))


def test_a_question_graded_by_hand_waits_for_a_person(page, monkeypatch):
    told = About("T", {}, (ByHand("explain", "In your own words", 10.0),))
    monkeypatch.setattr("autograder.reports.student_page.about", lambda *_: told)
    text = page(result(FAILED))
    assert "waits for a person</span> up to 10 points, beyond the 10" in text
    assert 'href="#explain"' in text


def test_an_answer_that_a_person_graded_has_its_points_in_the_score(course, tmp_path):
    hand = HandWork({("a9_test", "ada"): {"explain": Given(3.5)}, ("a9_test", "bob"): {"explain": Given(1.0)}})
    write_reports(course, [result(FAILED)], tmp_path, hand=hand)
    text = (tmp_path / "a9_test" / "ada.html").read_text()
    assert "graded by a person</span> <b>3.5</b> of 5 points" in text
    assert "3.5 / 5" in text[text.index('class="overview"') : text.index("</nav>")]
    assert "waits for a person" not in text


def test_a_course_that_lost_its_assignment_still_has_a_page(page):
    text = page(result(FAILED, assignment="a9_test")).replace("a9_test", "")
    assert "property q1.a" in text


def test_pages_are_well_formed_and_every_reference_leads_somewhere(page):
    for made in (result(FAILED, WAITING, DONE, EMPTY, pictures=pictures()), result(status="missing", reason="none")):
        outline = Outline(page(made))
        assert len(outline.ids) == len(set(outline.ids))
        assert set(outline.refers) <= set(outline.ids)
        assert not {"img", "iframe", "object", "link"} & set(outline.tags)


def test_a_drawing_that_moves_brings_the_one_script_that_the_policy_allows(page):
    """The same script on every page, whatever the numbers; a page without such a drawing has none."""
    moving = [p for p in pictures() if p.drawing and p.drawing.kind == "messages"]
    text, still = page(result(FAILED, pictures=moving)), page(result(FAILED))
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert script == player(("backward",))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'; base-uri" in text
    assert "script" not in still.replace("description", "")
    assert len(text.encode()) - len(still.encode()) <= 30_000


def test_the_messages_open_where_they_go_wrong_and_say_it(page):
    moving = [p for p in pictures() if p.drawing and p.drawing.kind == "messages"]
    text = page(result(FAILED, pictures=moving))
    words = "Hidden unit 1, example 1: the arrows add up to 0, your linear_vjp says 0.5."
    assert text.count(words) >= 2  # above the drawing, and in it
    assert '"opens":3' in text


def test_every_picture_has_words_and_the_numbers_behind_it(page):
    text = page(result(FAILED, pictures=pictures()))
    figures = re.findall(r"<figure.*?</figure>", text, flags=re.DOTALL)
    assert len(figures) == 8
    for figure in figures[:7]:
        assert '<details class="numbers">' in figure
        assert "Not as the reference." in figure
        assert all(
            "<title" in svg and "<desc" in svg for svg in re.findall(r'<svg[^>]*role="img".*?</svg>', figure, re.DOTALL)
        )
    assert "No picture: no dict." in figures[7]
    assert "NaN" in figures[0]
    assert "∞" in figures[0]


def test_hostile_text_stays_text_wherever_it_stands(page):
    """Of a student: the name, messages, errors. Of an author a picture's words; escaped all the same."""
    wrong = question(
        "q1", check("q1.a", "fail", HOSTILE, "value"), check("q1.b", "blocked", WAITS + HOSTILE, "blocked")
    )
    pair = Pair(name=HOSTILE[:80], yours=((1.0,),), reference=((2.0,),))
    shown = [Picture(id="q1.p", question="q1", title=HOSTILE, caption=HOSTILE, drawing=Bars(bars=(pair,), unit="u"))]
    shown.append(Picture(id="q1.o", question="q1", title="t", why=HOSTILE))
    cells = (CellError(cell=1, error=HOSTILE),)
    text = page(result(wrong, student=HOSTILE, cell_errors=cells, pictures=tuple(shown)))
    outline = Outline(text)
    assert not {"script", "img"} & set(outline.tags)
    assert "{{7*7}}" in text
    assert not {"\x1b", "\u202e"} & set(text)
    assert "default-src 'none'" in text


def test_a_message_is_bounded(page):
    long = question("q1", check("q1.a", "fail", "word " * 10_000, "value"), check("q1.b"))
    assert page(result(long)).count("word ") < 101


# --- Drawings -------------------------------------------------------------------------------------


def view(drawing):
    return view_of(Picture(id="q1.p", question="q1", title="T", drawing=drawing))


def test_a_heat_map_gives_each_entry_its_error_in_percent_of_the_largest():
    """Largest entry 8: |4 − 8| / 8 = 50 %, |3.06 − 3| / 8 = 0.75 %, |2.4 − 2| / 8 = 5 %."""
    made = view(HeatMap(blocks=(Pair.of("dW", [[1.0, 2.4], [3.06, 4.0]], [[1.0, 2.0], [3.0, 8.0]]),)))
    ((name, rows),) = made.data["blocks"]
    assert (name, [[e.error for e in row] for row in rows]) == ("dW", [["", "5 %"], ["0.75 %", "50 %"]])
    assert [[e.level for e in row] for row in rows] == [[0, 2], [1, 4]]
    assert made.says == "dW: 3 of 4 wrong."
    assert made.table.rows[3] == ("dW[1, 1]", "4", "8", "50 %")


def graph(adjoints):
    """(a + b) · a at (2, 3), where the adjoints are 7, 2, 2 and 1."""
    program, values = [("add", (0, 1)), ("mul", (2, 0))], [2, 3, 5, 10]
    return Graph.of(program, ("a", "b"), (values, adjoints), (values, [7, 2, 2, 1]), [(2, 2), (2, 5)])


def test_a_graph_names_the_first_slot_whose_uses_do_not_add_up():
    made = view(graph([5.0, 2.0, 2.0, 1.0]))
    assert made.says == "Slot 0: yours 5, the uses add up to 7."
    assert made.table.rows[0] == ("slot 0: a", "2", "2", "5", "7", "5 + 2 = 7")
    assert view(graph([7.0, 2.0, 2.0, 1.0])).says == "Every number is right."


@pytest.mark.parametrize("odd", [np.nan, None, "five", np.ones((2, 2)), {"a": 1}])
def test_a_graph_is_drawn_whatever_stands_in_a_slot(odd):
    made = view(graph([odd, 2.0, 2.0, 1.0]))
    assert "Slot 0" in made.says


def test_a_kill_matrix_counts_what_is_judged_rightly_and_names_what_is_not():
    rows = (
        KillRow(name="right (1)", right=True, verdicts=(True,)),
        KillRow(name="breaks D1 (1)", right=False, verdicts=(False,)),
        KillRow(name="breaks D1 (2)", right=False, verdicts=(True,)),
        KillRow(name="breaks D7 (1)", right=False, verdicts=(None,)),
    )
    made = view(KillMatrix(judged="engine", columns=("your judge",), rows=rows))
    assert made.says == (
        "1 of 1 right ones accepted, 1 of 3 wrong ones condemned; breaks D1 (2): accepted, and it is wrong; "
        "breaks D7 (1): no clear verdict."
    )
    assert [row[2] for row in made.table.rows] == ["accepted", "condemned", "accepted", "no clear verdict"]
    with pytest.raises(ValueError, match="the right ones first"):
        KillMatrix(judged="engine", columns=("your judge",), rows=rows[::-1])


def test_what_is_no_number_is_shown_as_such():
    made = view(HeatMap(blocks=(Pair.of("db", [np.nan, -np.inf, 1e300], [1.0, 2.0, 4.0]),)))
    ((_, (row,)),) = made.data["blocks"]
    assert [(e.error, e.level) for e in row] == [("NaN", 5), ("−∞", 5), (">1000 %", 4)]


def test_a_path_is_drawn_where_it_can_be_and_says_where_it_parts():
    """The box is 4 wide on 40 to 392 and 2 high; x = 1 is at 40 + 352 / 4 = 128."""
    wild = np.array([[0.0, 1.0, 1e300, np.nan, 2.0], [0.0, 0.5, 1.0, 1.0, 1.0]])
    right = np.array([[0.0, 1.0, 2.0], [0.0, 0.5, 1.0]])
    made = view(Paths(ground=GROUND, path=Pair.of("p", wild, right), x_label="x", y_label="y"))
    line = made.data["yours"]
    assert made.says.startswith("Yours has 5 places, the reference's 3. They part at step 2.")
    assert line.dots[1][0] == 128
    assert len(line.bits) == 1  # up to NaN; what comes after is a place of its own
    assert line.missing == 2
    assert all(abs(float(n)) < 4000 for n in re.findall(r"[-\d.]+", line.bits[0]))
    assert [row[0] for row in made.table.rows] == list("01234")
    assert made.table.rows[4][3:] == ("–", "–")


def test_contours_of_a_plane_are_where_its_levels_are():
    """Heights x / 2 + y on the grid 0 to 4, 0 to 2: from 0 to 4, so the middle one of 11 levels is x / 2 + y = 2."""
    made = view(Paths(ground=GROUND, path=Pair.of("p", [[0.0], [0.0]], [[1.0], [1.0]]), x_label="x", y_label="y"))
    middle = re.findall(r"([\d.]+),([\d.]+)", made.data["contours"][5])
    across, up = made.data["across"], made.data["up"]
    places = [((float(a) - across.start) / 352 * 4, (float(b) - up.start) / (up.end - up.start) * 2) for a, b in middle]
    # The cubic meets the grid's values in the middle, but bends at the rim, where it has no neighbour.
    assert min(x / 2 + y for x, y in places) == pytest.approx(2.0, abs=0.15)


def test_amounts_are_written_out_and_compared():
    made = view(Bars(bars=(Pair.of("forward", 64, 90), Pair.of("reverse", 64, 64)), unit="multiply-adds"))
    assert (
        made.says == "forward: 64 multiply-adds, the formula says 90; reverse: 64 multiply-adds, as the formula says."
    )
    (name, own, text, right, _, agrees), _ = made.data["groups"]
    assert (name, text, agrees) == ("forward", "64", False)
    assert own / right == pytest.approx(64 / 90, abs=0.01)


def test_axes_have_round_ticks_and_numbers_a_real_minus():
    assert [word for _, word in Axis(-3, 3, 0, 60).ticks] == ["−2", "0", "2"] or [
        word for _, word in Axis(-3, 3, 0, 60).ticks
    ] == ["−3", "−2", "−1", "0", "1", "2", "3"]
    assert [number_text(v) for v in (-0.268941, 1e-12, -0.0, 123456.0, np.inf)] == [
        "−0.269",
        "1e−12",
        "0",
        "123456",
        "∞",
    ]
    assert count_text(209542816) == "209 542 816"
    flat = around([1.0, 1.0], [1e308, -1e308, np.nan], 100, 0)
    assert flat.low < 1 < flat.high
    assert flat.ticks


# --- Colours --------------------------------------------------------------------------------------

TEXT = [
    *((ink, on) for ink in ("ink", "soft", "good", "bad", "wait", "link") for on in ("page", "card")),
    *((f"l{i}-ink", f"l{i}") for i in range(6)),
]
SHAPES = [("yours", "page"), ("same", "page"), ("reference", "page"), ("bar", "card")]  # 3 : 1 is due for these


def colours(scheme):
    """The variables of all three style sheets, as the last of them sets them in this scheme."""
    found = {}
    for name in ("style.css", "pictures.css", "student.css"):
        text = (files("autograder.reports") / "templates" / name).read_text()
        dark = re.findall(r"@media \(prefers-color-scheme: dark\) \{ :root \{(.*?)\} \}", text, flags=re.DOTALL)
        light = re.sub(r"@media \(prefers-color-scheme: dark\) \{ :root \{.*?\} \}", "", text, flags=re.DOTALL)
        for part in (light, *(dark if scheme == "dark" else ())):
            found |= dict(re.findall(r"--([\w-]+): *(#[0-9a-f]{3,6});", part))
    return found


def contrast(one, two):
    """WCAG 2.2, 1.4.3: (lighter + 0.05) / (darker + 0.05) of the relative luminances."""
    low, high = sorted(map(luminance, (one, two)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour):
    text = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    parts = np.array([int(text[i : i + 2], 16) / 255 for i in (0, 2, 4)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_contrast_is_computed_as_the_standard_says():
    assert contrast("#000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "on", "least"), [*((*t, 4.5) for t in TEXT), *((*s, 3.0) for s in SHAPES)])
def test_text_and_shapes_stand_out_in_both_schemes(scheme, ink, on, least):
    known = colours(scheme)
    assert contrast(known[ink], known[on]) >= least, (ink, on, scheme)


def test_a_check_that_passes_with_a_slip_says_so(page):
    slip = "Right apart from the mistake that q1.value names."
    text = page(result(question("q1", check("q1.value", "fail", "1/N is missing.", "scale", slip="no_mean"),
                                check("q1.pure", message=slip, slip="no_mean"), check("q1.example"),
                                check("q1.large", message=slip, slip="no_mean"))))  # fmt: skip
    assert text.count(slip) == 1 == text.count("1/N is missing.")  # above the checks that it is about
    assert text.index("q1.example") < text.index(slip) < text.index("q1.pure") < text.index("q1.large")


def test_checks_of_one_cause_say_its_message_once(page):
    same = [check(f"q1.{c}", "fail", "1/N is missing.", "scale", slip="no_mean", fault=12 * "f") for c in "ab"]
    text = page(result(question("q1", *same)))
    assert text.count("1/N is missing.") == 1 and "2 checks, one cause" in text


def test_a_question_that_is_shown_after_the_due_time_is_not_on_the_page(course, tmp_path):
    (course.solutions / "a9_test").mkdir(parents=True, exist_ok=True)
    made = About("A9", later=frozenset({"q1"}))
    (view,) = question_views(result(FAILED, DONE).without_outcomes(made.later), made)
    assert view.result.id == "q3"
