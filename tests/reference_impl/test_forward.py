"""The forward picture: its numbers, yours beside them, and its blank form."""

import math
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from reference_impl import mlp
from reference_impl.figures.scenes.forward import forward, forward_poster, forward_values
from reference_impl.figures.scenes.messages import follow_messages
from reference_impl.figures.scenes.places import PLACE_FLOW, line_place

NET = {"W1": [[1.0, -1.0], [0.5, 1.0]], "b1": [0.0, -2.0], "W2": [[1.0, 0.0], [3.0, 1.0]], "b2": [0.0, 1.0]}
ROWS = NET | {"b1": [NET["b1"]], "b2": [NET["b2"]]}


def numbers(svg):
    """{key: number} of all that a drawing holds."""
    elements = ET.fromstring(svg).iter()
    return {e.get("data-k"): float(e.get("data-v")) for e in elements if e.get("data-k")}


def test_the_worked_instance_by_hand():
    """Sums (2, -1), after the gates (2, 0), scores (2, 1), p = (e, 1)/(e + 1), J = ln(1 + 1/e)."""
    shown = numbers(forward(NET, [[1.0, 2.0]], [0]).svg)
    assert [shown[k] for k in ("z1_0", "z1_1", "a1_0", "a1_1", "logit_0", "logit_1")] == [2, -1, 2, 0, 2, 1]
    assert shown["f2_1_0"] == 0  # the largest weight, 3, carries nothing
    assert math.isclose(shown["p_0"], math.e / (math.e + 1))
    assert math.isclose(shown["J"], math.log(1 + 1 / math.e))


def test_the_numbers_are_those_of_the_reference():
    rng = np.random.default_rng(3)
    for _ in range(50):
        D, H, K = rng.integers(1, 4, 3)
        params = {
            "W1": rng.normal(size=(D, H)),
            "b1": rng.normal(size=H),
            "W2": rng.normal(size=(H, K)),
            "b2": rng.normal(size=K),
        }
        x, y = rng.normal(size=(1, D)), rng.integers(0, K, 1)
        logits, cache = mlp.forward(x, params)
        shown = numbers(forward(params, x, y).svg)
        assert np.allclose([shown[f"a1_{j}"] for j in range(H)], cache["a1"][0], rtol=0, atol=1e-12)
        assert np.allclose([shown[f"logit_{k}"] for k in range(K)], logits[0], rtol=0, atol=1e-12)
        assert math.isclose(shown["J"], mlp.cross_entropy(logits, y), rel_tol=1e-9, abs_tol=1e-12)


def test_each_sum_is_the_sum_of_what_arrives():
    shown = numbers(forward(NET, [[-1.5, 4.0]], [1]).svg)
    for layer, name in ((1, "z1"), (2, "logit")):
        for k in range(2):
            assert math.isclose(sum(shown[f"f{layer}_{i}_{k}"] for i in range(3)), shown[f"{name}_{k}"], abs_tol=1e-12)


def test_your_numbers_are_drawn_and_the_first_that_does_not_fit_is_named():
    scene = forward(NET, [[1.0, 2.0]], [0], a1=[[2.0, -1.0]], logits=[[-1.0, 0.0]])
    assert scene.says.startswith("Hidden unit 2: 0 leaves the gate, your forward says −1.")
    assert numbers(scene.svg)["a1_1"] == -1
    assert forward(NET, [[1.0, 2.0]], [0], a1=[[2.0, 0.0]], logits=[[2.0, 1.0]]).says.startswith("The inputs are 1, 2.")


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((1, 2)),
        np.full((1, 2), np.nan),
        np.full((1, 2), np.inf),
        np.zeros((1, 5)),
        [[1e308, -1e308]],
        "no",
        None,
        3,
        [[]],
    ],
)
def test_every_answer_can_be_drawn(wrong):
    scene = forward(NET, [[1.0, 2.0]], [0], a1=wrong, logits=wrong)
    assert not re.search(r'width="(-|nan|inf)', scene.svg)
    ET.fromstring(scene.svg)
    assert isinstance(scene.block(), str)


def test_numbers_of_any_size_are_drawn():
    for value in (math.nan, math.inf, -math.inf, 1e308, 1e-300):
        net = {name: [[value] * len(row) for row in rows] for name, rows in ROWS.items()}
        values, _ = forward_values(net, [1.0, 2.0], 0)
        assert set(values) == set(forward_values(ROWS, [1.0, 2.0], 0)[0])
        ET.fromstring(forward(net, [[1.0, 2.0]], [0]).svg)


@pytest.mark.parametrize("x", [[1.0, 2.0], [-3.0, 0.5], [0.0, 0.0]])
def test_both_pictures_of_a_network_have_the_same_numbers(x):
    values, _ = forward_values(ROWS, x, 1)
    numbers_back = follow_messages(ROWS, [x], [1]).numbers
    for name, other in {"z1": "z-0", "a1": "a-0", "logit": "s-0", "p": "p-0"}.items():
        assert [values[f"{name}_{k}"] for k in range(2)] == [numbers_back[f"{other}-{k}"] for k in range(2)]
    assert values["J"] == numbers_back["J"]


def test_the_poster_has_weights_and_inputs_and_no_result():
    scene = forward_poster()
    assert set(numbers(scene.svg)) == {"x_0", "x_1"}
    assert len(scene._repr_html_()) < 16_000


def test_two_numbers_that_travel_never_stand_closer_than_two_lines_of_text():
    """All lines stand beside each other there, behind their last crossing, so each number has one line under it."""
    heights = sorted(line_place(0, i, j, PLACE_FLOW)[1] for i in range(4) for j in range(3))  # the largest network
    assert min(np.diff(heights)) > 24
