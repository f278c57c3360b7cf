"""Scene S4: messages travel back, are added, pass a gate, and gradients are read off. Numbers by hand from A2."""

import math
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from reference_impl import mlp
from reference_impl.figures.scenes.all_scenes import poster
from reference_impl.figures.scenes.backward import backward
from reference_impl.figures.scenes.forward import forward
from reference_impl.figures.scenes.messages import follow_messages

INSTANCE = {"W1": [[1, -1], [0.5, 1]], "b1": [0, -2], "W2": [[1, 0], [3, 1]], "b2": [0, 1]}
P = 0.268941  # 1 / (1 + e)


def test_the_worked_instance_is_as_by_hand():
    numbers = follow_messages(INSTANCE, [[1, 2]], [0]).numbers
    expected = {
        "d2-0-0": -P, "d2-0-1": P, "m2-0-0-0": -P, "m2-0-0-1": 0, "m2-0-1-0": -3 * P, "m2-0-1-1": P,
        "u-0-0": -P, "u-0-1": -2 * P, "d1-0-0": -P, "d1-0-1": 0, "W2-0-0": -2 * P, "W2-0-1": 2 * P, "W2-1-0": 0,
        "W2-1-1": 0, "b2-0-0": -P, "W1-0-0": -P, "W1-0-1": 0, "W1-1-0": -2 * P, "W1-1-1": 0, "dx-0-0": -P,
        "dx-0-1": -P / 2, "J": 0.313262, "J2": 0.2112,
    }  # fmt: skip
    for key, value in expected.items():
        assert numbers[key] == pytest.approx(value, abs=5e-5), key


def test_two_roads_lead_into_one_unit_when_both_gates_are_open():
    numbers = follow_messages(INSTANCE, [[1, 4]], [1]).numbers
    assert [round(numbers[key], 3) for key in ("d2-0-0", "m2-0-1-0", "m2-0-1-1", "u-0-1", "d1-0-1")] == [
        0.982, 2.946, -0.982, 1.964, 1.964,
    ]  # fmt: skip


def drawn(seed, N, D, H, K):
    rng = np.random.default_rng(seed)
    params = {"W1": rng.normal(size=(D, H)), "b1": rng.normal(size=H), "W2": rng.normal(size=(H, K)), "b2": rng.normal(size=K)}  # fmt: skip
    return params, rng.normal(size=(N, D)), rng.integers(0, K, N)


def arrays(params, X, y):
    """What right functions of A2 return, as the scene takes a student's."""
    logits, cache = mlp.forward(X, params)
    dlogits = mlp.cross_entropy_grad(logits, y)
    sums = dlogits @ params["W2"].T
    d1 = np.where(X @ params["W1"] + params["b1"] > 0, sums, 0)
    return {"dlogits": dlogits, "sums": sums, "d1": d1, **mlp.backward(dlogits, cache, params)}


@pytest.mark.parametrize("seed", range(20))
def test_the_numbers_are_those_of_the_reference(seed):
    case = drawn(seed, 1 + seed % 2, 1 + seed % 3, 3 - seed % 3, 2 + seed % 2)
    found = follow_messages(*case, arrays(*case))
    assert found.disagreements == ()
    own = follow_messages(*case).numbers
    for name, values in mlp.backward(arrays(*case)["dlogits"], mlp.forward(case[1], case[0])[1], case[0]).items():
        for (i, j), value in np.ndenumerate(np.atleast_2d(values)):
            assert own[f"{name}-{i}-{j}"] == pytest.approx(value, abs=1e-12)


CASE = drawn(13, 2, 2, 2, 2)  # one unit is closed for one example


@pytest.mark.parametrize(
    ("name", "change", "step", "words"),
    [
        ("dlogits", lambda d: 2 * d, 1, "your cross_entropy_grad says"),
        ("sums", lambda d: -d, 3, "the arrows add up to"),
        ("d1", lambda d: d + 1, 4, "your relu_vjp says"),
        ("W2", lambda d: d / 2, 5, "the ends of its line give"),
        ("b1", lambda d: d * np.nan, 6, "your backward says NaN"),
    ],
)
def test_a_mistake_is_named_where_it_is_made_and_the_scene_opens_there(name, change, step, words):
    yours = arrays(*CASE)
    found = follow_messages(*CASE, {name: change(yours[name])})
    assert min(d.step for d in found.disagreements) == step
    assert words in found.disagreements[0].words
    scene = backward(*CASE, {name: change(yours[name])})
    assert scene.facts["opens"] == step
    assert words in scene.steps[step - 1]
    assert words in scene.svg


def test_an_early_mistake_is_not_charged_to_what_follows_from_it():
    yours = arrays(*CASE)
    doubled = {name: 2 * values for name, values in yours.items()}  # 1/N is missing, all else is right
    assert {d.step for d in follow_messages(*CASE, doubled).disagreements} == {1}


def test_arrays_of_another_shape_are_left_out():
    assert follow_messages(*CASE, {"dlogits": [[1.0]], "W1": None, "sums": [[1.0, 2.0], [1.0]]}).disagreements == ()


@pytest.mark.parametrize("yours", [None, {"dlogits": [[1, -1], [2, 3]], "sums": [[5, 6], [7, 8]]}])
def test_on_the_drawing_arrows_add_up_to_their_unit_and_gradients_to_their_ends(yours):
    svg = ET.fromstring(backward(*CASE, yours).svg)
    v = {e.get("data-k"): float(e.get("data-v")) for e in svg.iter() if e.get("data-k")}
    for n in range(2):
        for h in range(2):
            arrows = sum(v[f"m2-{n}-{h}-{k}"] for k in range(2))
            assert v[f"u-{n}-{h}"] == pytest.approx(yours["sums"][n][h] if yours else arrows)
            for k in range(2):
                assert v[f"m2-{n}-{h}-{k}"] == pytest.approx(CASE[0]["W2"][h][k] * v[f"d2-{n}-{k}"])
    for i in range(2):
        for h in range(2):
            assert v[f"W1-{i}-{h}"] == pytest.approx(sum(v[f"x-{n}-{i}"] * v[f"d1-{n}-{h}"] for n in range(2)))
    assert all(e.get("data-step") for e in svg.iter() if (e.get("data-k") or "")[:2] in {"m2", "u-", "d1", "W1"})


@pytest.mark.parametrize("value", [0.0, math.nan, math.inf, -1e308, 1e-12])
def test_any_number_is_drawn(value):
    params = {name: np.full_like(values, value) for name, values in CASE[0].items()}
    scene = backward(params, CASE[1], CASE[2], {"dlogits": [[value] * 2] * 2})
    widths = [float(e.get("stroke-width")) for e in ET.fromstring(scene.svg).iter() if e.get("stroke-width")]
    assert all(1 <= width <= 7 for width in widths)


def test_a_poster_gives_the_way_forward_and_leaves_the_way_back_to_the_reader():
    scene = poster("messages")
    keys = {e.get("data-k") for e in ET.fromstring(scene.svg).iter() if e.get("data-k")}
    assert {key.split("-")[0] for key in keys} == {"x", "z", "a", "p", "J"}
    assert "0.807" not in scene._repr_html_()
    assert len(scene._repr_html_().encode()) < 16_000


def test_a_guess_stands_beside_the_weights_that_hear_nothing():
    svg = backward(INSTANCE, [[1, 2]], [0], guess=[(1, 1), [0, 1]]).svg
    assert "✓ You said: W1[0, 1], W1[1, 1]." in svg
    assert "The weights of W1 that hear nothing: W1[0, 1], W1[1, 1]." in svg
    assert "✗ You said: none." in backward(INSTANCE, [[1, 2]], [0], guess=[]).svg


@pytest.mark.parametrize("guess", [3, ("W1", 3), "W1", [(0,), (7, 7)], [[[0], 1]], {"a": 1}])
def test_a_guess_that_is_no_list_of_weights_says_none(guess):
    assert "✗ You said: none." in backward(INSTANCE, [[1, 2]], [0], guess=guess).svg


def test_a_sum_is_written_out():
    assert "1.964" in backward(INSTANCE, [[1, 4]], [1]).steps[2]
    assert "2.946 + −0.982 = 1.964" in backward(INSTANCE, [[1, 4]], [1]).steps[2]


# --- The layout: with widths of a wide font, no two texts touch ----------------------------------------------------

WIDE, NARROW = set("−×=←‖✗+"), set(" .,:;|()/")


def boxes_of(svg, step):
    """(words, left, right, top, bottom) of each text that is seen in a step."""
    root = ET.fromstring(svg)
    for e in root.iter("text"):
        if int(e.get("data-step") or 0) <= step and e.text:
            kinds = (e.get("class") or "").split()
            size = 14 if {"small", "harvest"} & set(kinds) else 15
            em = sum(0.84 if c in WIDE else 0.36 if c in NARROW else 0.62 for c in e.text)
            width = size * em * (1.08 if {"strong", "harvest", "wrong"} & set(kinds) else 1)
            x, y = float(e.get("x")), float(e.get("y"))
            left = x - width * {"middle": 0.5, "end": 1}.get(e.get("text-anchor", root.get("text-anchor")), 0)
            yield e.text, left, left + width, y - 0.76 * size, y + 0.2 * size


def touching(svg, step):
    shown = list(boxes_of(svg, step))
    wide, tall = (float(v) for v in ET.fromstring(svg).get("viewBox").split()[2:])
    out = [a[0] for a in shown if a[1] < 0 or a[2] > wide or a[3] < 0 or a[4] > tall]
    return out + [
        (a[0], b[0]) for i, a in enumerate(shown) for b in shown[i + 1 :]
        if a[1] < b[2] and b[1] < a[2] and a[3] < b[4] and b[3] < a[4]
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(30))
def test_no_two_texts_touch(seed):
    """Also with long numbers, and where a student's are wrong. Step 0 to 8."""
    sizes = 1 + seed % 2, 1 + seed % 3, 3 - seed % 3, 1 + (seed // 3) % 3
    params, X, y = drawn(seed, *sizes)
    scale = (1.0, 12.345, 1e-7, 1e6, np.nan)[seed % 5]
    yours = {name: scale * np.abs(values) for name, values in arrays(params, X, y).items()} if seed % 3 else None
    svg = backward({name: scale * values for name, values in params.items()}, X, y, yours, guess=[(0, 0)]).svg
    assert [touching(svg, step) for step in range(9)] == [[]] * 9


def test_no_two_texts_of_the_poster_touch():
    assert touching(poster("messages").svg, 8) == []


@pytest.mark.parametrize("odd", [3, math.nan, 1e308, "b", ["a"], [None], [[[0]]], {1: 2}, True, 1j, 10**400, abs])
def test_an_answer_that_is_no_table_of_numbers_is_left_out(odd):
    yours = dict.fromkeys(("dlogits", "sums", "W1", "b1"), odd)
    assert follow_messages(INSTANCE, [[1, 2]], [0], yours) == follow_messages(INSTANCE, [[1, 2]], [0])


def test_both_pictures_of_a_network_call_its_inputs_and_classes_by_the_same_names():
    ahead, back = forward(INSTANCE, [[1, 2]], [0]).controls, backward(INSTANCE, [[1, 2]], [0]).controls
    for name in ("x₁", "x₂"):
        assert (name in ahead, f">{name}, example 1<" in back) == (True, True)
    for controls in (ahead, back):
        classes = ET.fromstring(f"<p>{controls}</p>".replace("<br>", "")).findall(".//select")[-1]
        assert [option.text for option in classes] == ["0", "1"]  # as y counts them


def test_tables_call_numbers_as_the_text_does():
    def names(scene):
        return dict(zip(scene.table.keys, (row[0] for row in scene.table.rows), strict=True))

    back, forth = names(backward(INSTANCE, [[1, 2]], [0])), names(forward(INSTANCE, [[1, 2]], [0]))
    assert (back["m2-0-1-0"], back["W1-1-0"]) == ("message from score 1 to hidden unit 2", "gradient of W1[1, 0]")
    assert (back["d1-0-1"], back["b2-0-1"], back["J2"]) == (
        "δ of hidden unit 2",
        "gradient of b2[1]",
        "cost after one step down",
    )
    assert (forth["f1_0_1"], forth["f1_2_1"]) == ("what the line of W1[0, 1] carries", "what the line of b1[1] carries")
    assert names(backward(INSTANCE, [[1, 2], [1, 4]], [0, 1]))["x-1-0"] == "input x₁, example 2"
