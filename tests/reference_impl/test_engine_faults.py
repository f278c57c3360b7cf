"""Each wrong engine of Question 11 differs from the right answer on a known program; no right engine ever does.

The programs are those of a test that a student could write. Their slopes are worked by hand.
"""

import numpy as np
import pytest

from reference_impl.engine_faults import DISGUISES, ENGINES, GROUPS, RIGHT
from reference_impl.engine_ops import OPS
from reference_impl.engine_requests import checked

E = np.e


def array(*numbers):
    return np.array(numbers, dtype=float)


LONG = [("mul", (0 if i == 0 else i + 1, 1)) for i in range(2000)]
# name: program, inputs, u, the right gradients
PROGRAMS = {
    "(a + b) a": ([("add", (0, 1)), ("mul", (2, 0))], [2.0, 3.0], 1.0, [7.0, 2.0]),
    "x x": ([("mul", (0, 0))], [3.0], 2.0, [12.0]),
    "x x x + x": ([("mul", (0, 0)), ("mul", (1, 0)), ("add", (2, 0))], [2.0], 1.0, [13.0]),
    # y = e^x and z = -y, used as y (1 + z): y is reached before z has spoken, and it also feeds exp
    "early": ([("exp", (0,)), ("neg", (1,)), ("mul", (1, 2))], [0.0], 1.0, [-2.0]),
    "shared arrays": (
        [("add", (0, 1)), ("add", (2, 0))], [array(1, 2), array(3, 4)], array(1, 1), [array(2, 2), array(1, 1)],
    ),
    "a zero u": ([("exp", (0,))], [1.0], 0.0, [0.0]),
    "unused": ([("exp", (0,))], [0.0, np.ones((2, 3))], 1.0, [1.0, np.zeros((2, 3))]),
    "long": (LONG, [1.0, 1.0], 1.0, [1.0, 2000.0]),
    "sub": ([("sub", (0, 1)), ("exp", (2,))], [1.0, 1.0], 1.0, [1.0, -1.0]),
    "relu": ([("relu", (0,))], [array(-1, 0, 2)], array(1, 1, 1), [array(0, 0, 1)]),
    "div": ([("div", (0, 1))], [1.0, 2.0], 4.0, [2.0, -1.0]),
    "exp": ([("exp", (0,))], [array(0, 1)], array(1, 3), [array(1, 3 * E)]),
    "bias": ([("add", (0, 1)), ("sum", (2,))], [np.ones((2, 3)), np.ones(3)], 1.0, [np.ones((2, 3)), 2 * np.ones(3)]),
}  # fmt: skip
# An engine, and the program that shows its fault.
SHOWN_BY = {
    "last use wins": "(a + b) a",
    "first use wins": "(a + b) a",
    "at most two uses": "x x x + x",
    "one place of two": "x x",
    "first line first": "(a + b) a",
    "passes on too early": "early",
    "ones for u": "x x",
    "ones for a zero u": "a zero u",
    "adds in place": "shared arrays",
    "fails beyond 300 lines": "long",
    "None for an unused input": "unused",
    "one zero for an unused input": "unused",
    "sign of sub": "sub",
    "relu open at 0": "relu",
    "div in its second input": "div",
    "div without u": "div",
    "exp at its output": "exp",
    "mean over the copies": "bias",
    "a row for a bias": "bias",
}
ONLY_IN_A_SECOND_CALL = {"keeps the first values", "adds up over calls"}
WRONG = [name for name, maker in ENGINES.items() if maker.group != RIGHT]


def is_right(engine, name):
    program, xs, u, expected = PROGRAMS[name]
    try:
        _, grads = engine(program, xs, u)
    except RecursionError:
        return False
    return len(grads) == len(expected) and all(map(agree, grads, expected))


def agree(got, expected):
    return got is not None and np.shape(got) == np.shape(expected) and np.allclose(got, expected, rtol=1e-6, atol=1e-9)


def disguised(name, disguise):
    """A new engine whose answers come back in a disguise."""
    engine = ENGINES[name].make()

    def ask(program, xs, u):
        request = checked(program, xs, u)
        return DISGUISES[disguise](engine(request.program, request.xs, request.u))

    return ask


def test_every_group_has_two_engines_and_there_are_four_right_ones():
    counts = {group: sum(maker.group == group for maker in ENGINES.values()) for group in (RIGHT, *GROUPS)}
    assert counts.pop(RIGHT) == 4
    assert min(counts.values()) >= 2
    assert set(WRONG) == SHOWN_BY.keys() | ONLY_IN_A_SECOND_CALL


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("name", [name for name in ENGINES if name not in WRONG])
def test_a_right_engine_is_right_on_every_program_in_every_disguise(name, disguise):
    engine = disguised(name, disguise)
    assert [program for program in PROGRAMS if not is_right(engine, program)] == []


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("name", SHOWN_BY)
def test_a_wrong_engine_is_wrong_on_a_known_program_in_every_disguise(name, disguise):
    assert not is_right(disguised(name, disguise), SHOWN_BY[name])


@pytest.mark.parametrize("name", SHOWN_BY)
def test_a_wrong_engine_is_right_on_what_its_fault_does_not_touch(name):
    """A chain without fan-out, with u = 1, of an op with a right rule: only an order from the first line shows."""
    program = [("neg", (0,)), ("tanh", (1,))]
    _, (slope,) = ENGINES[name].make()(program, [0.0], 1.0)
    assert agree(slope, 0.0 if name == "first line first" else -1.0)


@pytest.mark.parametrize("name", sorted(ONLY_IN_A_SECOND_CALL))
def test_an_engine_with_a_memory_is_right_once_and_wrong_the_second_time(name):
    engine = ENGINES[name].make()
    assert engine([("mul", (0, 0))], [3.0], 1.0)[1] == [6.0]
    assert engine([("mul", (0, 0))], [4.0], 1.0)[1] != [8.0]
    assert ENGINES[name].make()([("mul", (0, 0))], [4.0], 1.0)[1] == [8.0]


ONE = [("neg", (0,))]


@pytest.mark.parametrize(
    ("program", "xs", "u", "message"),
    [
        (None, [1.0], 1.0, "program: expected a list"),
        ([], [1.0], 1.0, "1 to 2000 lines, got 0"),
        (ONE * 3001, [1.0], 1.0, "got 3001"),
        ([("neg",)], [1.0], 1.0, r"program\[0\]: expected a pair"),
        ([("eval", (0,))], [1.0], 1.0, "the name of an op"),
        ([(["neg"], (0,))], [1.0], 1.0, "the name of an op"),
        ([("neg", (0, 0))], [1.0], 1.0, "expected 1 sources for neg, got 2"),
        ([("neg", (1,))], [1.0], 1.0, "slots from 0 to 0"),
        ([("neg", (-1,))], [1.0], 1.0, "slots from 0 to 0"),
        ([("neg", (0.0,))], [1.0], 1.0, "slots from 0 to 0"),
        ([("neg", (True,))], [1.0, 1.0], 1.0, "slots from 0 to 1"),
        (ONE, 1.0, 1.0, "xs: expected a list"),
        (ONE, ["1"], 1.0, "expected an array or a number, got str"),
        (ONE, [np.array([None])], 1.0, "expected real numbers"),
        (ONE, [np.ones(1001)], np.ones(1001), "at most 1000 numbers"),
        (ONE, [np.ones(3)], 1.0, r"the result's shape \(3,\)"),
        ([("add", (0, 1))], [np.ones(2), np.ones(3)], 1.0, "shapes that stretch to one"),
        ([("matmul", (0, 0))], [np.ones((2, 3))], 1.0, r"\(N, H\) @ \(H, K\)"),
        ([("cross_entropy", (0, 0))], [np.ones(3)], 1.0, r"two arrays \(N, K\)"),
    ],
)
def test_a_request_that_cannot_be_run_is_refused_in_one_line(program, xs, u, message):
    with pytest.raises(ValueError, match=message):
        checked(program, xs, u)


def test_a_program_cannot_ask_for_more_memory_than_allowed():
    """33 vectors of 30 entries, each on an axis of its own, would stretch to 30**33 numbers."""
    column, row = np.ones((500, 1)), np.ones((1, 500))
    with pytest.raises(ValueError, match="small arrays"):
        checked([("add", (0, 1))], [column, row], 1.0)
    with pytest.raises(ValueError, match="in all slots"):
        checked([("add", (0, 1))] * 300, [np.ones((30, 1)), np.ones((1, 30))], 1.0)


def test_every_op_of_the_table_can_be_asked_for():
    two = np.full((2, 2), 0.5)
    for name, op in OPS.items():
        y = op(*[two] * len(op.pulls))
        checked([(name, (0,) * len(op.pulls))], [two], np.ones(np.shape(y)))
