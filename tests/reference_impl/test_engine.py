"""The reference of Assignment 4, against numbers worked by hand, the other autodiff of this package, and differences."""

import itertools

import numpy as np
import pytest

from reference_impl import autodiff
from reference_impl.engine import backprop, gradients, must_keep, rule_calls, run, sort_graph
from reference_impl.engine_ops import OPS, unbroadcast

FAN_OUT = [("add", (0, 1)), ("mul", (2, 0))]  # (a + b) a
MLP = [("matmul", (0, 2)), ("add", (6, 3)), ("relu", (7,)), ("matmul", (8, 4)), ("add", (9, 5))]
TRAINED = [*MLP, ("cross_entropy", (10, 1))]


def instance():
    W1, W2 = np.array([[1.0, -1.0], [0.5, 1.0]]), np.array([[1.0, 0.0], [3.0, 1.0]])
    return [np.array([[1.0, 2.0]]), np.array([[1.0, 0.0]]), W1, np.array([0.0, -2.0]), W2, np.array([0.0, 1.0])]


def test_the_values_of_all_slots_come_inputs_first():
    assert run(FAN_OUT, [2.0, 3.0], OPS) == [2.0, 3.0, 5.0, 10.0]


def test_a_value_used_twice_adds_both_uses():
    y, grads = backprop(FAN_OUT, [2.0, 3.0], 1.0, OPS)  # 2a + b = 7, a = 2
    assert (y, [float(g) for g in grads]) == (10.0, [7.0, 2.0])


def test_both_places_of_one_line_count():
    assert backprop([("mul", (0, 0))], [3.0], 2.0, OPS)[1] == [12.0]  # u 2x


def test_an_input_that_nobody_uses_gets_zeros_of_its_shape():
    _, (_, unused) = backprop([("exp", (0,))], [0.0, np.ones((2, 3))], 1.0, OPS)
    assert unused.tolist() == [[0.0] * 3] * 2


def test_gradients_share_memory_with_nothing():
    xs, u = [np.array([1.0, 2.0]), np.array([3.0, 4.0])], np.array([1.0, 1.0])
    _, grads = backprop([("add", (0, 1)), ("add", (2, 0))], xs, u, OPS)
    assert [g.tolist() for g in grads] == [[2.0, 2.0], [1.0, 1.0]]
    assert not any(np.shares_memory(a, b) for a, b in itertools.combinations([*grads, *xs, u], 2))


def test_ten_thousand_lines_are_nothing_special():
    program = [("mul", (i + 1 if i else 0, 1)) for i in range(10_000)]
    y, grads = backprop(program, [1.0, 1.0001], 1.0, OPS)
    assert y == pytest.approx(1.0001**10_000)
    assert grads[1] == pytest.approx(10_000 * 1.0001**9_999)


def test_the_network_of_assignment_2_gets_the_gradients_worked_by_hand():
    cost, (dW1, db1, dW2, db2) = gradients(TRAINED, instance(), 1.0, OPS, [2, 3, 4, 5])
    d = 1 / (1 + np.e)  # softmax of (2, 1)
    assert cost == pytest.approx(np.log(1 + np.exp(-1)))
    for got, expected in (
        (dW1, [[-d, 0], [-2 * d, 0]]),
        (db1, [-d, 0]),
        (dW2, [[-2 * d, 2 * d], [0, 0]]),
        (db2, [-d, d]),
    ):
        np.testing.assert_allclose(got, expected, rtol=1e-12)


def test_what_is_not_wanted_is_not_asked():
    asked = []

    class Counted:
        def __init__(self, name):
            self.name = name

        def __call__(self, *inputs):
            asked.append(("value", self.name))
            return OPS[self.name](*inputs)

        def vjp(self, k, u, y, *inputs):
            asked.append(("vjp", self.name, k))
            return OPS[self.name].vjp(k, u, y, *inputs)

    gradients(TRAINED, instance(), 1.0, {name: Counted(name) for name in OPS}, [2, 3, 4, 5])
    assert sum(event[0] == "value" for event in asked) == 6
    last = [("cross_entropy", 0), ("add", 0), ("add", 1), ("matmul", 0), ("matmul", 1)]
    first = [("relu", 0), ("add", 0), ("add", 1), ("matmul", 1)]  # and not for the data, input 0
    assert [event[1:] for event in asked if event[0] == "vjp"] == last + first


@pytest.mark.parametrize("name", [name for name in OPS if name not in ("cross_entropy", "sin")])
def test_each_operation_agrees_with_the_other_table_of_rules(name):
    rng = np.random.default_rng(7)
    other = {"sub": "subtract", "mul": "multiply", "div": "divide", "neg": "negative"}.get(name, name)
    options = {"axis": None, "keepdims": False} if name == "sum" else {}
    shapes = [(2, 3), (3, 2)] if name == "matmul" else [(2, 3), (3,)]
    xs = [rng.uniform(0.5, 2.0, shape) for shape in shapes[: len(OPS[name].pulls)]]
    y, pullback = autodiff.vjp(lambda *variables: autodiff.apply(other, *variables, **options), xs)
    u = rng.standard_normal(np.shape(y))
    np.testing.assert_allclose(OPS[name](*xs), y)
    for k, expected in enumerate(pullback(u)):
        np.testing.assert_allclose(OPS[name].vjp(k, u, y, *xs), expected)


@pytest.mark.parametrize("name", OPS)
def test_the_two_directions_of_a_rule_are_transposes_and_agree_with_differences(name):
    rng = np.random.default_rng(3)
    shapes = [(2, 3), (3, 4)] if name == "matmul" else [(2, 3), (2, 3)]
    xs = [rng.uniform(0.5, 2.0, shape) for shape in shapes[: len(OPS[name].pulls)]]
    y = OPS[name](*xs)
    u = rng.standard_normal(np.shape(y))
    for k, x in enumerate(xs):
        v, h = rng.standard_normal(x.shape), 1e-6
        plus, minus = ([a + s * h * v if i == k else a for i, a in enumerate(xs)] for s in (1, -1))
        differences = (OPS[name](*plus) - OPS[name](*minus)) / (2 * h)
        np.testing.assert_allclose(OPS[name].jvp(k, v, y, *xs), differences, rtol=1e-6, atol=1e-8)
        np.testing.assert_allclose(np.sum(OPS[name].vjp(k, u, y, *xs) * v), np.sum(u * differences), rtol=1e-6)


def test_the_copies_that_stretching_made_are_added_up():
    g = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
    assert unbroadcast(g, (3,)).tolist() == [11.0, 22.0, 33.0]
    assert unbroadcast(g, (2, 1)).tolist() == [[6.0], [60.0]]
    assert unbroadcast(np.ones((5, 4, 2, 3)), (4, 1, 3)).tolist() == [[[10.0] * 3]] * 4
    assert unbroadcast(g, ()) == 66.0


def test_a_name_stands_after_all_that_it_is_computed_from():
    graph = {"y": ("p", "a"), "p": ("a", "b"), "a": (), "b": (), "q": ("y",)}
    assert sort_graph(graph, "y") == ["a", "b", "p", "y"]


def test_a_ladder_of_2_to_the_60_paths_and_a_chain_of_10000_are_sorted():
    ladder = {"n0": ()} | {f"n{i}": (f"n{i - 1}", f"n{i - 1}") for i in range(1, 61)}
    chain = {"n0": ()} | {f"n{i}": (f"n{i - 1}",) for i in range(1, 10_001)}
    assert sort_graph(ladder, "n60") == [f"n{i}" for i in range(61)]
    assert sort_graph(chain, "n10000") == [f"n{i}" for i in range(10_001)]


def test_only_a_cycle_that_the_result_needs_is_an_error():
    graph = {"y": ("a",), "a": (), "p": ("q",), "q": ("p",), "s": ("s",)}
    assert sort_graph(graph, "y") == ["a", "y"]
    for start in ("p", "s"):
        with pytest.raises(ValueError, match="no cycle"):
            sort_graph(graph, start)


def test_the_tape_keeps_what_the_rules_read():
    reads = {"matmul": ("inputs",), "add": (), "relu": ("output",), "cross_entropy": ("inputs",), "exp": ("output",)}
    assert must_keep(TRAINED, 6, reads) == {0, 1, 2, 4, 8, 10}
    assert must_keep([("exp", (0,)), ("add", (0, 0))], 1, reads) == set()  # the first line leads nowhere


def test_a_full_jacobian_asks_every_edge_once_a_pass():
    assert rule_calls(FAN_OUT, 2, 1) == {"forward": 8, "reverse": 4}
