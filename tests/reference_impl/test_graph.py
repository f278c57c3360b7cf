"""Scene G: on the drawing messages add up to adjoints, and where a student's do not, the first wrong slot is named."""

import ast
import math
import re
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import numpy as np
import pytest

from autograder.course import bundled_course
from reference_impl.figures.scenes.graph import GraphWatch, graph
from reference_impl.figures.scenes.graph_numbers import graph_amount
from reference_impl.figures.scenes.posters import poster

FAN_OUT = [("add", (0, 1)), ("mul", (2, 0))]  # (a + b) a


class TwoInputs(SimpleNamespace):
    """An op with two inputs, as assignment 4 has them."""

    def __call__(self, a, b):
        return self.value(a, b)

    def vjp(self, k, u, y, a, b):
        return self.rules[k](u, a, b)


OPS = {
    "add": TwoInputs(value=lambda a, b: a + b, rules=(lambda u, a, b: u, lambda u, a, b: u)),
    "mul": TwoInputs(value=lambda a, b: a * b, rules=(lambda u, a, b: u * b, lambda u, a, b: u * a)),
}


def shown(adjoints, **more):
    """The fan-out example at (2, 3) with these adjoints."""
    return graph(FAN_OUT, [2.0, 3.0], [2.0, 3.0, 5.0, 10.0], adjoints, OPS, names=("a", "b"), **more)


def texts(scene, key):
    """The words of one text of a drawing."""
    (element,) = [e for e in ET.fromstring(scene.svg).iter("text") if e.get("data-k") == key]
    return "".join(element.itertext())


def test_the_example_of_the_text_adds_five_and_two():
    """By hand: the last line sends 5 to a and 2 to the sum; the sum sends 2 to a and 2 to b."""
    scene = shown([7.0, 2.0, 2.0, 1.0])
    assert texts(scene, "s-0") == "5 + 2 = 7"
    assert scene.steps[-1].endswith("sends 2 to slot 0, 2 to slot 1. All uses of slot 0 have spoken: 5 + 2 = 7.")
    assert len(scene.steps) == 3
    assert scene.facts["opens"] is None
    assert scene.table.rows[0] == ("slot 0: a", "2", "7", "5 + 2 = 7")


def test_the_first_wrong_slot_is_named_and_the_scene_opens_there():
    scene = shown([5.0, 2.0, 2.0, 1.0])
    assert "Slot 0: yours 5, the uses add up to 7." in scene.svg
    assert (texts(scene, "a-0"), texts(scene, "s-0")) == ("5", "✗ 5 + 2 = 7")
    assert scene.facts["opens"] == 3
    assert scene.steps[2].endswith("Slot 0: yours 5, the uses add up to 7.")


def test_later_messages_follow_from_the_students_own_adjoint():
    """The sum has 4 in place of 2, so it sends 4: slot 0 hears 5 + 4 = 9, and 9 is right there."""
    scene = shown([9.0, 4.0, 4.0, 1.0])
    assert texts(scene, "s-0") == "5 + 4 = 9"
    assert "✗" not in texts(scene, "s-0")
    assert "Slot 2: yours 4, the uses add up to 2." in scene.steps[1]
    assert scene.facts["opens"] == 2


def test_a_wrong_seed_is_named_first():
    scene = shown([7.0, 2.0, 2.0, 1.0], u=3.0)
    assert scene.steps[0].endswith("Slot 3: yours 1, the seed is 3.")
    assert scene.facts["opens"] == 1


@pytest.mark.parametrize(
    ("adjoint", "words"),
    [
        (None, "yours missing, the uses add up to 7."),
        (math.nan, "yours NaN, the uses add up to 7."),
        (-math.inf, "yours −∞, the uses add up to 7."),
        ("seven", "yours no number, the uses add up to 7."),
        ([7.0, 7.0], "yours array (2,), its value 2: both have one shape."),
        ([[1, 2], [3]], "yours no number, the uses add up to 7."),
        (7.001, "yours 7.001, the uses add up to 7."),
        (7.0004, "yours 7.0004, the uses add up to 7."),
        (10**400, "yours no number, the uses add up to 7."),
        (7j, "yours no number, the uses add up to 7."),
        (abs, "yours no number, the uses add up to 7."),
        ({}, "yours no number, the uses add up to 7."),
    ],
)
def test_any_answer_is_drawn_and_named(adjoint, words):
    scene = shown([adjoint, 2.0, 2.0, 1.0])
    assert f"Slot 0: {words}" in scene.svg.replace("&#x27;", "'")
    assert ET.fromstring(scene.block()) is not None


@pytest.mark.parametrize("adjoints", [None, 3, (), [7.0], {}, "abcd"])
def test_answers_of_another_length_are_missing(adjoints):
    assert "yours missing" in shown(adjoints).says or "yours no number" in shown(adjoints).says


def test_arrays_are_drawn_by_their_shape_and_compared_entry_by_entry():
    """add, add on (1, 2) and (3, 4): in-place addition gives (2, 2) for the 1 that the second input hears."""
    program, xs, u = [("add", (0, 1)), ("add", (2, 0))], [np.array([1.0, 2.0]), np.array([3.0, 4.0])], np.ones(2)
    values = [*xs, xs[0] + xs[1], 2 * xs[0] + xs[1]]
    scene = graph(program, xs, values, [2 * u, 2 * u, u, u], OPS, u=u)
    assert "Slot 1: entry [0], yours 2, the uses add up to 1." in scene.says
    assert (texts(scene, "v-0"), texts(scene, "s-0")) == ("(2,)", "2 uses")
    assert "(2,) stands for an array of this shape." in scene.svg
    assert scene.table.rows[1][1:3] == ("array (2,): 3, 4", "array (2,): 2, 2")


def test_messages_of_different_shapes_are_named():
    scene = graph(FAN_OUT, [2.0, 3.0], None, [7.0, 2.0, 2.0, 1.0], messages=[(2, 2), (2, [5.0, 5.0])])
    assert "Slot 0: yours 7, and the messages that arrive cannot be added: array (2,), 2." in scene.says


def test_a_line_that_leads_nowhere_need_not_be_asked_and_an_unused_input_has_zero():
    program = [("add", (0, 1)), ("mul", (0, 0))]
    right = graph(program, [2.0, 3.0], [2, 3, 5, 4], [4.0, 0.0, None, 1.0], OPS)
    assert (right.facts["opens"], texts(right, "s-2"), texts(right, "s-1")) == (
        None,
        "leads nowhere",
        "no message arrives",
    )
    wrong = graph(program, [2.0, 3.0], [2, 3, 5, 4], [4.0, None, None, 1.0], OPS)
    assert "Slot 1: yours missing, and no message arrives: 0 is due." in wrong.says


@pytest.mark.parametrize("value", [0.0, math.nan, math.inf, -1e308, 1e-12, 5e-324])
def test_any_number_has_a_width_that_can_be_drawn(value):
    svg = ET.fromstring(graph(FAN_OUT, [value] * 2, [value] * 4, [value] * 4, OPS, u=value).svg)
    widths = [float(e.get("stroke-width")) for e in svg.iter() if e.get("stroke-width")]
    assert len(widths) == 4
    assert all(1 <= width <= 7 for width in widths)


def test_in_every_slot_the_sum_is_that_of_its_messages():
    """On the drawing: data-v of the messages of a slot add up to its adjoint."""
    scene = shown([7.0, 2.0, 2.0, 1.0])
    v = {e.get("data-k"): float(e.get("data-v")) for e in ET.fromstring(scene.svg).iter() if e.get("data-v")}
    assert v["m-1-1"] + v["m-0-0"] == v["a-0"] == 7
    assert (v["m-1-0"], v["m-0-1"]) == (v["a-2"], v["a-1"])


def test_rules_that_fail_leave_the_road_empty():
    broken = {**OPS, "mul": TwoInputs(value=None, rules=())}
    scene = graph(FAN_OUT, [2.0, 3.0], [2.0, 3.0, 5.0, 10.0], [7.0, 2.0, 2.0, 1.0], broken)
    assert "Line 1, slot 3 = mul(slot 2, slot 0), sends nothing." in scene.says


def test_hostile_names_are_escaped_and_cut():
    scene = graph([("<script>" * 9, (0,))], [1.0], None, [1.0, 1.0], names=("</svg>" * 20,))
    assert "<script" not in scene.block()
    assert "</svg></svg>" not in scene.block()


def test_a_poster_gives_the_inputs_and_leaves_the_rest_to_the_reader():
    scene = poster("graph")
    keys = {e.get("data-k") for e in ET.fromstring(scene.svg).iter() if e.get("data-k")}
    assert keys == {"v-0", "v-1"}
    assert scene.svg.count("____ + ____") == 1  # a is used twice, b once
    assert "yours" not in scene._repr_html_()
    assert len(scene._repr_html_().encode()) < 16_000


# --- Looking on ---------------------------------------------------------------------------------------------------


def last_use_wins(program, xs, u, ops):
    """A wrong backward pass: each use replaces the one before it."""
    values = list(xs)
    for name, sources in program:
        values.append(ops[name](*(values[s] for s in sources)))
    adjoints = {len(values) - 1: u}
    for i in reversed(range(len(program))):
        name, sources = program[i]
        for k, s in enumerate(sources):
            adjoints[s] = ops[name].vjp(k, adjoints[len(xs) + i], values[len(xs) + i], *(values[q] for q in sources))
    return values[-1], [adjoints[s] for s in range(len(xs))]


def test_the_watch_sees_each_lines_own_value_and_adjoint():
    watch, xs = GraphWatch(FAN_OUT, OPS), [2.0, 3.0]
    y, grads = last_use_wins(watch.program, xs, 1.0, watch.ops)
    assert (y, watch.values(xs), watch.adjoints(grads)) == (10.0, [2.0, 3.0, 5.0, 10.0], [2.0, 2.0, 2.0, 1.0])


@pytest.mark.parametrize("keeps", ["last", "first"])
def test_a_lost_use_gets_a_cross_at_the_numbers_of_the_live_scene(keeps):
    """By hand at a = 2, b = −3: a hears −1 as a factor and 2 from the sum, so 1 is right, and no one use is."""
    source = (bundled_course().solutions / "a4_autodiff_engine" / "notebook.py").read_text()
    program, xs = ast.literal_eval(re.search(r"^FAN_OUT, at = (.*)$", source, re.MULTILINE)[1])
    watch = GraphWatch(program, OPS)
    _, grads = last_use_wins(watch.program, xs, 1.0, watch.ops)
    adjoints = watch.adjoints(grads if keeps == "last" else [-1.0, 2.0])
    scene = graph(program, xs, watch.values(xs), adjoints, OPS)
    assert texts(scene, "s-0") == "✗ −1 + 2 = 1"
    assert texts(scene, "a-0") == {"last": "2", "first": "−1"}[keeps]


def test_two_lines_of_one_op_are_told_apart():
    program = [
        ("mul", (0, 0)),
        ("mul", (1, 1)),
    ]  # (x x)(x x) at 3: the second line's rule gets 1, the first one's 2 · 9
    watch = GraphWatch(program, OPS)
    for u, line in ((1.0, 1), (18.0, 0)):
        for k in (0, 1):
            watch.ops[f"line {line}"].vjp(k, u, None, 3.0, 3.0)
    assert watch.adjoints([108.0]) == [108.0, 18.0, 1.0]
    assert watch.values([3.0]) == [3.0, None, None]


def test_a_pass_that_walks_paths_is_shown_with_the_sum_of_its_walks():
    """A line that is asked with 2 and then with 5, for both of its sources, passes on 7."""
    watch = GraphWatch([("add", (0, 1))], OPS)
    for u in (2.0, 5.0):
        for k in (0, 1):
            watch.ops["line 0"].vjp(k, u, None, 1.0, 1.0)
    assert watch.adjoints([7.0, 7.0])[-1] == 7.0


def test_the_watch_keeps_what_a_later_addition_in_place_changes():
    watch, u = GraphWatch([("add", (0, 1))], OPS), np.ones(2)
    watch.ops["line 0"].vjp(0, u, None, u, u)
    u += 1
    np.testing.assert_array_equal(watch.adjoints([0, 0])[-1], [1.0, 1.0])


def test_an_amount_is_a_number_an_array_or_neither():
    assert graph_amount(np.float32(2)).flat == (2.0,)
    assert graph_amount(np.ones((2, 3))).words == "array (2, 3)"
    assert [graph_amount(odd).shape for odd in ("2", [], np.ones((2,) * 7), np.ones(5000), object())] == [None] * 5
    assert graph_amount(None) is None
