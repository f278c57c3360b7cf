"""The engine of assignment 4: sums done by hand, differences, HIPS autograd, and the course's other engine."""

import itertools
from collections.abc import Callable
from typing import NamedTuple

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from reference_impl import autodiff, engine, gradcheck, mlp
from reference_impl.engine_ops import OPS, local_vjp, unbroadcast

RNG = np.random.default_rng(11)
A, B = RNG.uniform(0.5, 2.0, (2, 3)), RNG.uniform(0.5, 2.0, (2, 3))  # away from the poles of / and log
S = np.array([[-1.5, 0.5, -0.25], [2.0, -3.0, 1.0]])  # both signs, away from the kink of relu
ONE_HOT = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])


def autograd_cross_entropy(logits, onehot):
    return -anp.sum(onehot * (logits - anp.log(anp.sum(anp.exp(logits), axis=1, keepdims=True)))) / len(logits)


# name: the same function in autograd, the inputs. Each op of the table stands here at least once.
CASES = {
    "add": (lambda a, b: a + b, (A, B)),
    "add row": (lambda a, b: a + b, (A, B[0])),
    "add number": (lambda a, b: a + b, (np.array(2.0), A)),
    "sub": (lambda a, b: a - b, (A, B)),
    "sub column": (lambda a, b: a - b, (B[:, :1], A)),
    "mul": (lambda a, b: a * b, (A, B)),
    "mul outer": (lambda a, b: a * b, (A[:1], B[:, :1])),
    "div": (lambda a, b: a / b, (A, B)),
    "div row": (lambda a, b: a / b, (A, B[0])),
    "neg": (lambda a: -a, (A,)),
    "exp": (anp.exp, (S,)),
    "sin": (anp.sin, (S,)),
    "log": (anp.log, (A,)),
    "tanh": (anp.tanh, (S,)),
    "relu": (lambda a: anp.maximum(a, 0), (S,)),
    "matmul": (lambda a, b: a @ b, (A, RNG.normal(size=(3, 4)))),
    "sum": (anp.sum, (A,)),
    "cross_entropy": (autograd_cross_entropy, (S, ONE_HOT)),
}
EACH = pytest.mark.parametrize("name", CASES)

FAN_OUT = [("add", (0, 1)), ("mul", (2, 0))]  # (a + b) a
NETWORK = [
    ("matmul", (0, 2)),
    ("add", (6, 3)),
    ("relu", (7,)),
    ("matmul", (8, 4)),
    ("add", (9, 5)),
    ("cross_entropy", (10, 1)),
]
WORKED = [  # A2's worked instance: X, Y, W1, b1, W2, b2
    np.array([[1.0, 2.0]]),
    np.array([[1.0, 0.0]]),
    np.array([[1.0, -1.0], [0.5, 1.0]]),
    np.array([0.0, -2.0]),
    np.array([[1.0, 0.0], [3.0, 1.0]]),
    np.array([0.0, 1.0]),
]


READS = {"matmul": ("inputs",), "cross_entropy": ("inputs",), "mul": ("inputs",)}
READS |= {"add": (), "relu": ("output",), "exp": ("output",)}


class Watched(NamedTuple):
    value: Callable
    vjp: Callable

    def __call__(self, *inputs):
        return self.value(*inputs)


class Counting:
    """The ops of the table, and a list of what they were asked."""

    def __init__(self):
        self.events = []
        self.ops = {name: self._counted(name, op) for name, op in OPS.items()}

    def _counted(self, name, op):
        def value(*inputs):
            self.events.append((name, "value"))
            return op(*inputs)

        def vjp(k, *others):
            self.events.append((name, k))
            return op.vjp(k, *others)

        return Watched(value, vjp)


def test_no_op_of_the_table_is_left_out():
    assert {name.split()[0] for name in CASES} == set(OPS)


@EACH
def test_a_rule_pulls_back_what_autograd_says_and_what_differences_measure(name):
    theirs, xs = CASES[name]
    op = OPS[name.split()[0]]
    y = op(*xs)
    u = np.random.default_rng(2).normal(size=np.shape(y))
    for k, x in enumerate(xs):
        got = local_vjp(name.split()[0], k, u, y, *xs)
        back, _ = autograd.core.make_vjp(lambda x, k=k: theirs(*xs[:k], x, *xs[k + 1 :]), x)
        assert np.shape(got) == np.shape(x)
        if (name, k) != ("cross_entropy", 1):  # ours takes rows of Y that add up to 1, and so does this check
            slope = gradcheck.central_difference(lambda p, k=k: np.sum(u * op(*xs[:k], p, *xs[k + 1 :])), x)
            np.testing.assert_allclose(got, slope, atol=1e-7)  # eps / h times values up to 30, and h**2 f'''
        np.testing.assert_allclose(got, back(u), rtol=1e-12)  # a few roundings of the same formula


@EACH
def test_a_rule_pushed_forward_is_the_transpose_of_the_rule_pulled_back(name):
    _, xs = CASES[name]
    op, rng = OPS[name.split()[0]], np.random.default_rng(3)
    y = op(*xs)
    u = rng.normal(size=np.shape(y))
    for k, x in enumerate(xs):
        v = rng.normal(size=np.shape(x))
        moved = op.jvp(k, v, y, *xs)
        assert np.shape(moved) == np.shape(y)
        np.testing.assert_allclose(np.sum(u * moved), np.sum(op.vjp(k, u, y, *xs) * v), rtol=1e-11)


def test_relu_is_closed_at_zero_and_an_infinite_message_does_not_become_nan():
    a = np.array([-np.inf, -0.0, 0.0, np.inf])
    u = np.array([np.inf, 3.0, -np.inf, 2.0])
    np.testing.assert_array_equal(local_vjp("relu", 0, u, np.maximum(a, 0), a), [0.0, 0.0, 0.0, 2.0])


def test_a_stretched_input_receives_the_sum_of_its_copies():
    g = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
    np.testing.assert_array_equal(unbroadcast(g, (3,)), [11.0, 22.0, 33.0])
    np.testing.assert_array_equal(unbroadcast(g, (2, 1)), [[6.0], [60.0]])
    assert unbroadcast(g, ()) == 66.0
    assert unbroadcast(np.ones((5, 4, 2, 3)), (4, 1, 3)).tolist() == [[[10.0] * 3]] * 4
    assert unbroadcast(g, (2, 3)) is g


class TestByHand:
    def test_run_returns_all_slots_inputs_first(self):
        assert engine.run(FAN_OUT, [2.0, 3.0], OPS) == [2.0, 3.0, 5.0, 10.0]

    def test_a_value_used_twice_receives_both_parts(self):
        """(a + b) a has the slopes 2 a + b and a."""
        assert engine.backprop(FAN_OUT, [2.0, 3.0], 1.0, OPS) == (10.0, [7.0, 2.0])

    def test_a_value_used_twice_in_one_line_receives_both_parts(self):
        assert engine.backprop([("mul", (0, 0))], [3.0], 2.0, OPS) == (9.0, [12.0])

    def test_four_uses_add_up(self):
        """x³ + x at 2: 3 x² + 1."""
        program = [("mul", (0, 0)), ("mul", (1, 0)), ("add", (2, 0))]
        assert engine.backprop(program, [2.0], 1.0, OPS) == (10.0, [13.0])

    def test_an_unused_input_receives_zeros_of_its_shape(self):
        _, (used, unused) = engine.backprop([("exp", (0,))], [np.zeros(2), np.ones((2, 3))], np.ones(2), OPS)
        np.testing.assert_array_equal(used, [1.0, 1.0])
        np.testing.assert_array_equal(unused, np.zeros((2, 3)))

    def test_the_worked_network_of_assignment_2(self):
        cost, grads = engine.gradients(NETWORK, WORKED, 1.0, OPS, [2, 3, 4, 5])
        assert cost == pytest.approx(0.313262, abs=5e-7)
        np.testing.assert_allclose(grads[0], [[-0.268941, 0.0], [-0.537883, 0.0]], atol=5e-7)


def test_an_array_that_a_rule_hands_on_is_not_written_to():
    """`add` hands u on to both of its inputs; added to in place, one array would stand for two slots."""
    xs, u = [np.array([1.0, 2.0]), np.array([3.0, 4.0])], np.ones(2)
    _, (first, second) = engine.backprop([("add", (0, 1)), ("add", (2, 0))], xs, u, OPS)
    np.testing.assert_array_equal(first, [2.0, 2.0])
    np.testing.assert_array_equal(second, [1.0, 1.0])
    np.testing.assert_array_equal(u, [1.0, 1.0])
    assert not any(np.shares_memory(a, b) for a, b in itertools.combinations([first, second, *xs, u], 2))


def test_the_network_has_the_gradients_made_by_hand_in_assignment_2():
    rng = np.random.default_rng(5)
    X, y = rng.normal(size=(7, 4)), rng.integers(0, 3, 7)
    params = {"W1": rng.normal(size=(4, 5)), "b1": rng.normal(size=5)}
    params |= {"W2": rng.normal(size=(5, 3)), "b2": rng.normal(size=3)}
    expected_cost, by_hand = mlp.loss_and_gradient(X, y, params)
    cost, grads = engine.gradients(NETWORK, [X, np.eye(3)[y], *params.values()], 1.0, OPS, [2, 3, 4, 5])
    assert cost == pytest.approx(expected_cost, rel=1e-14)
    for name, gradient in zip(params, grads, strict=True):
        np.testing.assert_allclose(gradient, by_hand[name], rtol=1e-12, atol=1e-15)  # the same sums in another order


class TestBill:
    def test_each_op_is_evaluated_once_and_each_rule_asked_once(self):
        """A ladder of 8 rungs has 256 ways down; an engine that walked them would ask 510 rules."""
        counting = Counting()
        _, grads = engine.backprop([("add", (i, i)) for i in range(8)], [np.array(1.0)], np.array(1.0), counting.ops)
        assert grads == [256.0]
        assert counting.events.count(("add", "value")) == 8
        assert len(counting.events) == 8 + 16

    def test_a_line_that_leads_nowhere_is_asked_for_no_rule(self):
        counting = Counting()
        engine.backprop([("exp", (0,)), ("neg", (0,))], [np.array(1.0)], np.array(1.0), counting.ops)
        assert counting.events == [("exp", "value"), ("neg", "value"), ("neg", 0)]

    def test_the_network_asks_no_rule_for_its_data(self):
        counting = Counting()
        engine.gradients(NETWORK, WORKED, 1.0, counting.ops, [2, 3, 4, 5])
        rules = [event for event in counting.events if event[1] != "value"]
        assert len(counting.events) == 6 + 9
        assert rules.count(("matmul", 1)) == 2
        assert rules.count(("matmul", 0)) == 1
        assert ("cross_entropy", 1) not in rules

    def test_without_a_wanted_input_no_rule_is_asked(self):
        counting = Counting()
        assert engine.gradients(FAN_OUT, [2.0, 3.0], 1.0, counting.ops, []) == (10.0, [])
        assert len(counting.events) == 2

    def test_wanted_inputs_may_be_in_any_order_and_repeated(self):
        assert engine.gradients(FAN_OUT, [2.0, 3.0], 1.0, OPS, (1, 0, 1))[1] == [2.0, 7.0, 2.0]

    def test_both_modes_ask_for_each_edge_as_often_as_there_are_inputs_or_outputs(self):
        assert engine.rule_calls(FAN_OUT, 2, 1) == {"forward": 8, "reverse": 4}


def test_ten_thousand_lines_are_nothing_special():
    program = [("mul", (0 if i == 0 else i + 1, 1)) for i in range(10_000)]
    y, grads = engine.backprop(program, [np.array(1.0), np.array(1.0001)], np.array(1.0), OPS)
    assert y == pytest.approx(1.0001**10_000, rel=1e-11)
    assert y == pytest.approx(2.71815, abs=5e-6)
    assert grads[1] == pytest.approx(27178.74, abs=5e-3)


class TestMemory:
    def test_the_network_keeps_neither_pre_activations_nor_biases(self):
        assert engine.must_keep(NETWORK, 6, READS) == {0, 1, 2, 4, 8, 10}

    def test_a_line_that_leads_nowhere_keeps_nothing(self):
        program = [("mul", (0, 0)), ("exp", (0,))]
        assert engine.must_keep(program, 1, READS) == {2}


class TestSortGraph:
    def test_each_name_stands_once_and_after_all_that_it_needs(self):
        graph = {"y": ("p", "a"), "p": ("a", "b"), "a": (), "b": (), "z": ("y",)}
        order = engine.sort_graph(graph, "y")
        assert sorted(order) == ["a", "b", "p", "y"]
        assert all(order.index(s) < order.index(name) for name in order for s in graph[name])

    def test_a_ladder_has_sixty_one_names_and_not_two_to_the_sixty(self):
        graph = {0: ()} | {i: (i - 1, i - 1) for i in range(1, 61)}
        assert engine.sort_graph(graph, 60) == list(range(61))

    def test_a_long_chain_needs_no_deep_stack(self):
        graph = {0: ()} | {i: (i - 1,) for i in range(1, 10_001)}
        assert engine.sort_graph(graph, 10_000) == list(range(10_001))

    @pytest.mark.parametrize("graph", [{"a": ("a",)}, {"a": ("b",), "b": ("c",), "c": ("a",)}])
    def test_a_cycle_below_the_result_is_an_error(self, graph):
        with pytest.raises(ValueError, match="no cycle"):
            engine.sort_graph(graph, "a")

    def test_a_cycle_that_the_result_does_not_need_is_no_error(self):
        assert engine.sort_graph({"a": (), "b": ("c", "a"), "c": ("b",)}, "a") == ["a"]


def everything(W, b, x):
    """One function with all operators, constants on both sides, and a value used twice."""
    z = (2.0 - x @ W) * np.array([1.0, 2.0]) + b
    t = z.tanh() / (1.5 + z.exp())
    return ((t * t + 0.5).log() - (-z).relu() / 4.0).sum()


ARGUMENTS = [RNG.normal(size=(3, 2)), RNG.normal(size=2), RNG.normal(size=(4, 3))]


def in_autodiff(W, b, x):
    z = (2.0 - x @ W) * np.array([1.0, 2.0]) + b
    t = autodiff.tanh(z) / (1.5 + autodiff.exp(z))
    return (autodiff.log(t * t + 0.5) - autodiff.relu(-z) / 4.0).sum()


class TestTrace:
    def test_a_function_becomes_the_lines_that_its_result_needs(self):
        program, inputs = engine.trace(lambda a, b: (a + b) * a, [2.0, 3.0])
        assert program == FAN_OUT
        assert inputs == [2.0, 3.0]

    def test_constants_follow_the_inputs_and_keep_their_side(self):
        program, inputs = engine.trace(lambda x: 2.0 - np.array([1.0, 5.0]) * x, [3.0])
        y, (slope, *_) = engine.backprop(program, inputs, np.ones(2), OPS)
        np.testing.assert_array_equal(y, [-1.0, -13.0])
        assert slope == -6.0

    def test_a_shared_value_is_one_line_and_a_dead_one_is_none(self):
        def f(a, b):
            total = a + b
            a.exp()
            return total * total

        assert engine.trace(f, [1.0, 2.0])[0] == [("add", (0, 1)), ("mul", (2, 2))]

    def test_the_tape_records_the_road_that_was_taken(self):
        f = lambda x: x * x if x.value > 0 else -x  # noqa: E731
        assert engine.trace(f, [2.0])[0] == [("mul", (0, 0))]
        assert engine.trace(f, [-2.0])[0] == [("neg", (0,))]

    def test_a_trace_inside_a_trace_leaves_the_outer_one_as_it_is(self):
        def f(x):
            slopes = engine.trace(lambda a: a * a, [3.0])
            return x * engine.backprop(*slopes, 1.0, OPS)[1][0]

        program, inputs = engine.trace(f, [2.0])
        assert program == [("mul", (0, 1))]
        assert inputs == [2.0, 6.0]

    def test_a_loop_of_ten_thousand_steps_is_traced(self):
        def f(x):
            y = x
            for _ in range(10_000):
                y = y * x
            return y

        program, inputs = engine.trace(f, [1.0])
        assert engine.backprop(program, inputs, 1.0, OPS)[1] == [10_001.0]

    def test_its_gradients_are_those_of_the_other_engine(self):
        program, inputs = engine.trace(everything, ARGUMENTS)
        y, grads = engine.gradients(program, inputs, np.array(1.0), OPS, range(3))
        expected_y, pullback = autodiff.vjp(in_autodiff, ARGUMENTS)
        assert y == pytest.approx(expected_y, rel=1e-13)
        for ours, theirs in zip(grads, pullback(1.0), strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-14)  # the same sums in another order


class TestDual:
    def test_the_product_rule(self):
        """(a + b) a at (2, 3) along (1, 0): 2 a + b."""
        assert engine.dual_derivative(lambda a, b: (a + b) * a, [2.0, 3.0], [1.0, 0.0]) == (10.0, 7.0)

    def test_its_derivative_is_that_of_the_other_engine(self):
        vs = [np.random.default_rng(4).normal(size=x.shape) for x in ARGUMENTS]
        y, dy = engine.dual_derivative(everything, ARGUMENTS, vs)
        expected_y, expected_dy = autodiff.jvp(in_autodiff, ARGUMENTS, vs)
        assert y == pytest.approx(expected_y, rel=1e-13)
        assert dy == pytest.approx(expected_dy, rel=1e-11)

    def test_a_stretched_constant_gives_a_tangent_of_the_results_shape(self):
        y, dy = engine.dual_derivative(lambda x: x + np.zeros((2, 3)), [np.ones(3)], [np.array([1.0, 2.0, 3.0])])
        assert y.shape == (2, 3)
        np.testing.assert_array_equal(dy, [[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]])
