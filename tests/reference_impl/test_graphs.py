"""The figures of assignment 4 say what was drawn, for right answers, wrong ones, and answers that are none."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from reference_impl import engine, mlp
from reference_impl.engine_ops import OPS, local_vjp, matmul_vjp, unbroadcast
from reference_impl.figures import graphs, network


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.gcf().canvas.draw()  # some faults show only when a figure is drawn
    plt.close("all")


def rules():
    return graphs.table(local_vjp, matmul_vjp, unbroadcast, engine.backprop)


def test_the_toys_agree_with_the_ops_of_the_reference():
    a, b, u = np.array([1.0, -2.0]), np.array([3.0, 0.5]), np.array([2.0, -1.0])
    for name, inputs in (("add", (a, b)), ("mul", (a, b)), ("sin", (a,))):
        y = graphs.TOY[name](*inputs)
        for k in range(len(inputs)):
            np.testing.assert_array_equal(graphs.TOY[name].vjp(k, u, y, *inputs), OPS[name].vjp(k, u, y, *inputs))
            np.testing.assert_array_equal(graphs.TOY[name].jvp(k, u, y, *inputs), OPS[name].jvp(k, u, y, *inputs))


@pytest.mark.parametrize("name", [*graphs.VALUES, "cross_entropy"])
def test_a_table_of_right_rules_agrees_with_the_ops_of_the_reference(name):
    rng = np.random.default_rng(1)
    shapes = {"matmul": [(2, 3), (3, 4)], "cross_entropy": [(2, 3), (2, 3)]}.get(name, [(2, 3), (3,)])
    inputs = [rng.uniform(0.5, 2.0, shape) for shape in shapes[: len(OPS[name].pulls)]]
    if name == "cross_entropy":
        inputs[1] = np.eye(3)[[2, 0]]
    y = OPS[name](*inputs)
    u = rng.normal(size=np.shape(y))
    np.testing.assert_allclose(rules()[name](*inputs), y, rtol=1e-13)
    np.testing.assert_allclose(rules()[name].vjp(0, u, y, *inputs), OPS[name].vjp(0, u, y, *inputs), rtol=1e-12)


def test_counted_ops_note_values_and_rules():
    ops = graphs.counted(graphs.TOY)
    engine.backprop([("mul", (0, 0))], [3.0], 1.0, ops)
    assert ops.calls == [("mul", "value"), ("mul", 0), ("mul", 1)]
    assert ops.rules() == 2


def test_the_doubled_engine_is_wrong_in_its_first_gradient_only():
    right = graphs.as_engine(engine.backprop, graphs.TOY)
    assert right([("mul", (0, 1))], [2.0, 3.0], 1.0) == (6.0, [3.0, 2.0])
    assert graphs.first_doubled(right)([("mul", (0, 1))], [2.0, 3.0], 1.0) == (6.0, [6.0, 2.0])


def test_what_a_judge_asks_is_counted_and_its_verdict_handed_on():
    """A judge that asks two lines about three numbers, and then one line about two numbers."""

    def judge(engine):
        engine([("mul", (0, 1)), ("add", (2, 0))], [np.array([1.0, 2.0]), 3.0], np.ones(2))
        return engine([("mul", (0, 1))], [2.0, 3.0], 1.0) == (6.0, [3.0, 2.0])

    assert graphs.verdict_and_sizes(judge, graphs.as_engine(engine.backprop, graphs.TOY)) == (
        True,
        {"calls": 2, "lines of one program": 2, "lines in all": 3, "numbers in the inputs of one program": 3},
    )


class TestCopies:
    def test_each_row_stands_in_its_own_digit_of_the_sum(self):
        drawn = graphs.draw_copies(unbroadcast)
        np.testing.assert_array_equal(drawn["answer"], [111, 222, 333])
        assert "Each copy counts once." in drawn.words

    @pytest.mark.parametrize("answer", [np.array([37.0, 74.0, 111.0]), np.full(3, np.nan), None, "none", 0.0])
    def test_another_answer_is_shown_as_it_is(self, answer):
        assert "not what the three messages add up to" in graphs.draw_copies(lambda g, shape: answer).words


class TestTape:
    def test_the_network_keeps_two_fifths_of_its_numbers(self):
        """320 + 320 + 32 + 32 + 2560 + 320 of 9043."""
        drawn = graphs.draw_tape(engine.must_keep, guess=0.5)
        assert drawn["share"] == pytest.approx(3584 / 9043)
        assert "Kept: X, Y, W1, W2, a = relu, a W2 + b2." in drawn.words
        assert "Your guess was 50%." in drawn.words

    @pytest.mark.parametrize("answer", [None, {99, -1, "0"}, 3])
    def test_an_answer_without_slots_keeps_nothing(self, answer):
        assert "Kept: none." in graphs.draw_tape(lambda *_: answer).words


class TestRules:
    def test_the_modes_cross_where_there_are_as_many_inputs_as_outputs(self):
        words = graphs.draw_rules(engine.rule_calls, engine.backprop, guess=6).words
        assert "3: forward, 4: the same, 6: reverse" in words
        assert "exactly what your law says" in words
        assert "Your guess was 6." in words

    def test_exchanged_counts_are_not_what_was_counted(self):
        exchanged = graphs.draw_rules(lambda program, n, m: engine.rule_calls(program, m, n), engine.backprop)
        assert "another number than what your law says" in exchanged.words

    @pytest.mark.parametrize("answer", [None, {}, {"forward": 0, "reverse": np.nan}])
    def test_without_counts_the_words_say_so(self, answer):
        assert "4: no count" in graphs.draw_rules(lambda *_: answer, lambda *_: None).words


class TestTwoCosts:
    def test_the_costs_by_hand_are_those_of_assignment_2(self):
        X, y = network.moons()
        _, losses = mlp.train(X, y, network.fresh_parameters(D=2, H=16, K=2), 0.5, 1500)
        drawn = graphs.draw_two_costs(losses)
        assert drawn["gap"] < 1e-6  # six decimals are shipped
        assert "lie on each other" in drawn.words

    @pytest.mark.parametrize("losses", [[], [0.8, np.nan, -1.0], [0.5] * 1500, None])
    def test_other_costs_do_not_agree(self, losses):
        assert "do not agree" in graphs.draw_two_costs(losses).words
