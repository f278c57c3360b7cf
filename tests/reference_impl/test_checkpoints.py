"""Reverse mode with checkpoints, against the engine and numbers worked by hand."""

from collections import Counter

import numpy as np
import pytest

from reference_impl import engine
from reference_impl.checkpoints import checkpointed, crossing_slots, most_values, segments
from reference_impl.engine_ops import OPS

# Slots 0 and 1 are x and w. Two blocks x + tanh(w x) fill slots 2 to 4 and 5 to 7.
BLOCKS = [("mul", (1, 0)), ("tanh", (2,)), ("add", (0, 3)), ("mul", (1, 4)), ("tanh", (5,)), ("add", (4, 6))]


class AskedOp:
    """An op that counts."""

    def __init__(self, name, calls):
        self.name, self.calls = name, calls

    def __call__(self, *inputs):
        self.calls[self.name] += 1
        return OPS[self.name](*inputs)

    def vjp(self, k, u, y, *inputs):
        self.calls[self.name, k] += 1
        return OPS[self.name].vjp(k, u, y, *inputs)


def test_two_blocks_worked_by_hand():
    """Blocks x + w x at x = 3, w = 1: y = x (1 + w)² = 12, d_x = (1 + w)² = 4, d_w = 2 x (1 + w) = 12."""
    program = [("mul", (1, 0)), ("add", (0, 2)), ("mul", (1, 3)), ("add", (3, 4))]
    y, grads = checkpointed(program, [3.0, 1.0], 1.0, OPS, (2,))
    assert (y, *map(float, grads)) == (12.0, 4.0, 12.0)


@pytest.mark.parametrize("cuts", [(), (3,), (1, 2), (2, 5), (1, 2, 3, 4, 5)])
def test_the_gradients_are_those_of_the_engine_wherever_the_cuts_are(cuts):
    rng = np.random.default_rng(4)
    xs, u = [*rng.normal(size=(2, 3)), np.ones((2, 2))], rng.normal(size=3)
    program = [(name, tuple(s + (s > 1) for s in sources)) for name, sources in BLOCKS]  # slot 2 is an unused input
    y, grads = checkpointed(program, xs, u, OPS, cuts)
    right_y, right = engine.backprop(program, xs, u, OPS)
    np.testing.assert_array_equal(y, right_y)
    for grad, expected in zip(grads, right, strict=True):
        np.testing.assert_allclose(grad, expected, rtol=1e-12)  # sums in another order


def test_each_line_is_evaluated_at_most_twice_and_each_rule_asked_once():
    calls = Counter()
    checkpointed(BLOCKS, [0.5, 0.7], 1.0, {name: AskedOp(name, calls) for name in ("mul", "tanh", "add")}, (2, 3))
    assert calls == Counter(mul=4, tanh=4, add=4) + Counter(dict.fromkeys(
        [("mul", 0), ("mul", 1), ("tanh", 0), ("add", 0), ("add", 1)], 2))  # fmt: skip


def test_the_values_that_cross_a_cut_are_those_that_a_later_segment_reads():
    """Cuts before lines 2 and 5: slot 3 (tanh) is read by line 2; slots 4 and 6 by line 5. Slots 0 and 1 are inputs."""
    assert segments(BLOCKS, (2, 5)) == [range(2), range(2, 5), range(5, 6)]
    assert crossing_slots(BLOCKS, 2, (2, 5)) == {3, 4, 6}
    assert most_values(BLOCKS, 2, (2, 5)) == 3 + 3
