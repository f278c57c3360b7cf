"""Hidden checks of A4, build the engine: the contract of notebook.py, on programs drawn anew.

A program is data, so a check sees each line. Where the questions to ops are judged, ops are the grader's own functions,
which write each question down. Where values are judged, ops travel as text. Expected values come from `reference_impl`.
A message names the property and the diagnosis, never the input.
"""

import contextlib
import itertools
from collections import Counter
from dataclasses import replace

import numpy as np

from autograder.authoring import (
    Callback,
    CheckFailed,
    Expression,
    Faults,
    KillMatrix,
    KillRow,
    SafeText,
    Slip,
    Suspect,
    Trial,
    assert_array,
    assert_gradients,
    assert_number,
    assert_unchanged,
    blocked,
    check,
    describe,
    fail,
    no_picture,
    picture,
    slips,
)
from autograder.authoring.alike import alike
from autograder.errors import CrashError, NotDefinedError, RaisedError, TimeLimitError
from reference_impl import checkpoints, counterexamples, engine, engine_faults, engine_ops, mlp, normalising
from reference_impl.engine_requests import checked

# --- Numbers, ops and programs --------------------------------------------------------------------


def _signed(rng, *shape):
    """Numbers of size 0.5 to 1.5; of two or more, half are negative."""
    signs = rng.permutation(np.resize([1.0, -1.0], int(np.prod(shape)))) * rng.choice([-1.0, 1.0])
    return rng.uniform(0.5, 1.5, shape) * signs.reshape(shape)


# Ops that travel: nobody looks on.
_OPS = {
    "add": Expression("a, b: a + b", {"vjp": "k, u, y, a, b: u"}),
    "mul": Expression("a, b: a * b", {"vjp": "k, u, y, a, b: u * (a if k else b)"}),
    "div": Expression("a, b: a / b", {"vjp": "k, u, y, a, b: -u * y / b if k else u / b"}),
    "neg": Expression("a: -a", {"vjp": "k, u, y, a: -u"}),
    "exp": Expression("a: np.exp(a)", {"vjp": "k, u, y, a: u * y"}),
    "tanh": Expression("a: np.tanh(a)", {"vjp": "k, u, y, a: u * (1 - y * y)"}),
    "grow": Expression("a: 1.0001 * a", {"vjp": "k, u, y, a: 1.0001 * u"}),
}


class _Asked:
    """Ops of the grader that write down what they are asked, by the slot: values tell which line asks."""

    def __init__(self, program, xs):
        self.program, self.n = program, len(xs)
        self.values = engine.run(program, xs, engine_ops.OPS)
        self.evaluated, self.rules = Counter(), Counter()

    def ops(self):
        """The ops as student code gets them."""
        return {name: Callback(op, methods={"vjp": op.vjp}) for name, op in self.watched().items()}

    def watched(self):
        """The ops as the reference gets them."""
        return {name: _AskedOp(name, self) for name in {name for name, _ in self.program}}

    def require_one_value_a_line(self):
        """Each line's op is evaluated exactly once."""
        wanted = Counter(name for name, _ in self.program)
        if any(self.evaluated[name] > count for name, count in wanted.items()):
            fail("an op is evaluated more than once for one line. Hint: keep the values of all slots.", "twice")
        if self.evaluated != wanted:
            fail("a line's op is not evaluated. Hint: every line is, also if no line uses its value.", "missing")

    def require_rules(self, wanted, words):
        """Exactly these rules, a Counter of (name, k). words: for a rule that nobody needs."""
        more, less = self.rules - wanted, wanted - self.rules
        if more and not (set(more) - set(wanted)) and sum(more.values()) >= sum(wanted.values()):
            fail("a rule is asked again and again. Hint: ask when the line's adjoint is complete, and once.", "twice")
        if more:
            fail(words, "unneeded")
        if less:
            fail("a rule that is needed is not asked.", "missing")


class _AskedOp:
    """One op that writes down what it is asked."""

    def __init__(self, name, asked):
        self.name, self.asked = name, asked

    def __call__(self, *inputs):
        self.asked.evaluated[self.name] += 1
        return engine_ops.OPS[self.name](*inputs)

    def vjp(self, k, u, y, *inputs):
        self.asked.rules[self.name, int(k)] += 1
        return engine_ops.OPS[self.name].vjp(int(k), u, y, *inputs)


def _pair(got, names):
    if not isinstance(got, (tuple, list)) or len(got) != 2 or not isinstance(got[1], (tuple, list)):
        fail(names, "type", got=describe(got))
    return got


_EACH = "expected the pair (y, grads), grads a list with one gradient for each of xs"


def _require_gradients(got, right, suspects=()):
    """The value, and each gradient. suspects: pairs (gradients of a known mistake, words, diagnosis)."""
    y, grads = _pair(got, _EACH)
    if len(grads) != len(right[1]):
        fail(_EACH, "type", hint="an input that no line uses has a gradient, too: zeros")
    if any(grad is None for grad in grads):
        fail("a gradient is None. Hint: an input that no line uses gets zeros of its shape.", "type")
    assert_array(y, np.asarray(right[0]), name="y")
    for wrong, words, kind in suspects:
        if alike(list(grads), [np.asarray(g) for g in wrong]) and not alike(
            list(grads), list(map(np.asarray, right[1]))
        ):
            fail(words, kind, subject="grads")
    for i, (grad, expected) in enumerate(zip(grads, right[1], strict=True)):
        assert_array(grad, np.asarray(expected), name=SafeText(f"the gradient of xs[{i}]"))


# --- Q1 local_vjp ---------------------------------------------------------------------------------


def _require_rules(student, reference, rng, names, shapes=((), (4,), (2, 3))):
    for name, shape in itertools.product(names, shapes):
        inputs = [_signed(rng, *shape) for _ in range(len(engine_ops.OPS[name].pulls))]
        inputs = [abs(x) for x in inputs] if name == "log" else inputs
        u, y = 2 * _signed(rng, *shape), engine_ops.OPS[name](*inputs)
        cases = [(name, k, u, y, *inputs) for k in range(len(inputs))]
        for k, got in enumerate(student.each("local_vjp", cases)):
            assert_array(
                got,
                np.asarray(reference.local_vjp(name, k, u, y, *inputs)),
                name=SafeText(f"the rule of {name} for input {k}"),
                suspects=_rule_suspects(name, k, u, y, *inputs),
            )


def _rule_suspects(name, k, u, y, a, b=None):
    """What known mistakes say."""
    if name == "div" and k:
        yield Suspect(u / b, "that is the rule for the numerator.", "chain")
        yield Suspect(-y / b, "the slope is right, and u is missing.", "chain")
        yield Suspect(-u * a / b, "the denominator counts twice: its square divides.", "chain")
    if name in {"exp", "tanh", "log"}:
        slopes = {"exp": y, "tanh": 1 - y * y, "log": 1 / a}
        yield Suspect(slopes[name] + 0 * u, "the slope is right, and u is missing.", "chain")
    if name == "exp":
        yield Suspect(u * np.exp(y), "the slope of exp at a is its own value y, and not exp(y).", "stale")
    if name == "tanh":
        yield Suspect(u * (1 - a * a), "tanh's slope is 1 - y², where y is its value.", "chain")


@check("q1", points=1)
def test_linear(student, reference, rng):
    """sub and neg, for numbers and arrays"""
    _require_rules(student, reference, rng, ("sub", "neg"))


@check("q1", points=1)
def test_div(student, reference, rng):
    """div, for both of its inputs"""
    _require_rules(student, reference, rng, ("div",))


@check("q1", points=2)
def test_curves(student, reference, rng):
    """exp, log and tanh, for numbers and arrays"""
    _require_rules(student, reference, rng, ("exp", "log", "tanh"))


@check("q1", points=1)
def test_gate(student, reference, rng):
    """relu is closed at 0, and lets u of both signs through above it, infinite ones as well"""
    a = np.array([0.0, -0.0, 2.0, 3.0, -1.0, 1e200, -1e200])
    u = rng.uniform(1, 2, 7) * np.array([1, -1, 1, -1, 1, -1, 1])
    right = reference.local_vjp("relu", 0, u, np.maximum(a, 0), a)
    open_at_0 = Suspect(np.where(a >= 0, u, 0.0), "the gate is open at 0: relu'(0) = 0.", "edge")
    assert_array(student.local_vjp("relu", 0, u, np.maximum(a, 0), a), right, name="relu", suspects=[open_at_0])
    got = student.local_vjp("relu", 0, np.array([np.inf, 1.0]), np.array([0.0, 2.0]), np.array([-1.0, 2.0]))
    assert_array(got, np.array([0.0, 1.0]), name="relu, closed, with an infinite u")


# --- Q2 run ---------------------------------------------------------------------------------------

_WALK = [("add", (0, 1)), ("tanh", (2,)), ("mul", (3, 0)), ("neg", (1,)), ("div", (4, 3))]


def _by_relative_slots(xs):
    """_WALK, with slot 0 taken for the first line."""
    slots = list(xs)
    for name, sources in _WALK:
        slots.append(engine_ops.OPS[name](*(slots[s - len(xs)] for s in sources)))
    return slots


def _require_values(got, right):
    if not isinstance(got, (list, tuple)):
        fail("expected a list with the values of all slots", "type", got=describe(got))
    if len(got) != len(right):
        fail("expected one value for each slot: first the inputs, then the lines.", "missing")
    words = "slots are counted from the first line. Hint: slot 0 is the first input."
    for value, expected, relative in zip(got, right, _by_relative_slots(right[:2]), strict=True):
        suspects = [Suspect(np.asarray(relative), words, "off_by_one")]
        assert_array(value, np.asarray(expected), name="a value", suspects=suspects)


@check("q2", points=1)
def test_q2_value(student, reference, rng):
    """The values of all slots, for numbers and arrays"""
    for shape in ((), (3,), (2, 2)):
        xs = [_signed(rng, *shape), _signed(rng, *shape)]
        _require_values(student.run(_WALK, xs, _OPS), reference.run(_WALK, xs, engine_ops.OPS))


@check("q2", points=1)
def test_q2_once(student, reference, rng):
    """Each line's op is evaluated exactly once, also one that leads nowhere"""
    xs = [float(x) for x in _signed(rng, 2)]
    asked = _Asked(_WALK, xs)
    _require_values(student.run(_WALK, xs, asked.ops()), reference.run(_WALK, xs, engine_ops.OPS))
    asked.require_one_value_a_line()


@check("q2", points=1)
def test_pure(student, reference, rng):
    """program and xs stay as they are, and a second call says the same"""
    xs, program = [_signed(rng, 3), _signed(rng, 3)], list(_WALK)
    kept, kept_program = student.keep(xs), student.keep(program)
    for _ in range(2):
        _require_values(student.run(kept_program, kept, _OPS), reference.run(program, xs, engine_ops.OPS))
    now = student.fetch(kept)
    if len(now) != 2 or len(student.fetch(kept_program)) != len(program):
        fail("the caller's list was changed. Hint: begin with list(xs), a list of your own.", "mutated")
    for mine, before in zip(now, xs, strict=True):
        assert_unchanged(mine, before, name="xs")


# --- Q3 sort_graph --------------------------------------------------------------------------------


def _require_order(got, graph, out):
    """Each name that `out` needs, once, after all its sources."""
    if not isinstance(got, (list, tuple)):
        fail("expected a list of names", "type", got=describe(got))
    needed = set(engine.sort_graph(graph, out))
    if not all(isinstance(name, str) for name in got) or not set(got) <= set(graph):
        fail("expected names of the graph only.", "keys")
    if set(got) - needed:
        fail("has a name that out does not need.", "unneeded")
    if needed - set(got):
        fail("leaves out a name that out needs. Hint: leaves and out itself belong to it.", "missing")
    if len(got) > len(needed):
        fail("has a name twice. Hint: two paths may meet at one name.", "twice")
    place = {name: i for i, name in enumerate(got)}
    if any(place[source] > place[name] for name in got for source in graph[name]):
        fail("a name stands before one that it is computed from.", "order")


def _drawn_graph(rng, n, out_of_order=True):
    """A graph whose last name needs the first one by two paths at least."""
    names = [f"n{i}" for i in rng.permutation(n)]
    graph = {
        name: tuple(names[j] for j in rng.choice(i, size=min(i, int(rng.integers(1, 4))), replace=False))
        for i, name in enumerate(names)
    }
    graph[names[-1]] = (names[-2], names[0])
    return {name: graph[name] for name in (rng.permutation(names).tolist() if out_of_order else names)}, names[-1]


def _sorted(student, graph, out):
    """What a student's function says; a depth that Python's stack does not hold is told by name."""
    try:
        return student.sort_graph(graph, out)
    except RecursionError:
        fail("the chain is deeper than Python's stack. Hint: keep the open names in a list of your own.", "deep")
    except ValueError:
        fail("says cycle where there is none. Hint: two paths that meet make no cycle.", "value")


@check("q3", points=3)
def test_valid(student, rng):
    """Each name that is needed, once, after its sources: drawn graphs, keys in any order"""
    for n in (3, 8, 30, 30):
        graph, out = _drawn_graph(rng, n)
        _require_order(_sorted(student, graph, out), graph, out)


@check("q3", points=1)
def test_only_needed(student):
    """Nothing that out does not need; a leaf alone is a graph, too"""
    graph = {"z": ("y",), "c": ("b", "a"), "y": ("c", "x"), "b": ("a",), "x": (), "a": ()}
    for out in ("c", "a"):
        _require_order(_sorted(student, graph, out), graph, out)


@check("q3", points=2)
def test_ladder(student, rng):
    """A ladder of 60 rungs, each used twice: 2^60 paths, 61 names"""
    names = [f"r{i}" for i in rng.permutation(61)]
    graph = {name: (below, below) for below, name in itertools.pairwise(names)} | {names[0]: ()}
    try:
        got = _sorted(student, graph, names[-1])
    except TimeLimitError:
        fail("the work doubles with every rung. Hint: mark what has been seen, and do not visit it again.", "timeout")
    _require_order(got, graph, names[-1])


@check("q3", points=1)
def test_q3_deep(student):
    """A chain of 10,000 names"""
    graph = {f"c{i}": (f"c{i - 1}",) if i else () for i in range(10_000)}
    _require_order(_sorted(student, graph, "c9999"), graph, "c9999")


@check("q3", points=1)
def test_cycle(student):
    """ValueError for a cycle that out needs, and not for another one"""
    side = {"p": ("q",), "q": ("p",), "a": (), "b": ("a",)}
    _require_order(_sorted(student, side, "b"), side, "b")
    ring = {f"k{i}": (f"k{(i + 1) % 7}",) for i in range(7)}
    for graph, out in (({"a": ("a",)}, "a"), (ring | {"y": ("k3",)}, "y")):
        try:
            student.sort_graph(graph, out)
        except ValueError:  # graphlib's CycleError is one
            continue
        fail("out needs a name that is computed from itself (a cycle), and no ValueError was raised.", "edge")


# --- Q4 backprop ----------------------------------------------------------------------------------


def _right(reference, program, xs, u):
    return reference.backprop(program, xs, u, engine_ops.OPS)


def _wrong(name, program, xs, u):
    """The gradients of a wrong engine."""
    return engine_faults.ENGINES[name].make()(program, xs, u)[1]


_USES = (
    ("last use wins", "only the last use of a value counts. Hint: its uses add up (D1).", "fan_out"),
    ("first use wins", "only the first use of a value counts. Hint: its uses add up (D1).", "fan_out"),
    ("one place of two", "a line that uses a value twice counts one of the two places (D1).", "fan_out"),
    (
        "first line first",
        "a line asks its rules before its adjoint is complete. Hint: read the program from its end (D2).",
        "order",
    ),
    ("ones for u", "the walk back begins with ones. Hint: the last slot's adjoint begins with u (D3).", "scale"),
)


def _require_backprop(student, reference, program, xs, u):
    suspects = [(_wrong(name, program, xs, u), words, kind) for name, words, kind in _USES]
    _require_gradients(student.backprop(program, xs, u, _OPS), _right(reference, program, xs, u), suspects)


_CHAINS = (  # with the number of inputs, and the shape of all of them
    ([("exp", (0,))], 1, ()),
    ([("mul", (0, 1))], 2, (3,)),
    ([("tanh", (0,)), ("neg", (2,)), ("mul", (3, 1))], 2, (2, 2)),
    ([("div", (0, 1)), ("tanh", (2,)), ("exp", (3,)), ("neg", (4,)), ("tanh", (5,)), ("exp", (6,))], 2, (4,)),
)


def _ask_backprop(student, reference, rng):
    xs, u = [_signed(rng, 3), _signed(rng, 3)], 1 + abs(_signed(rng, 3))
    return [student.backprop(program, xs, u, _OPS)[1] for program in _FAN_OUTS]


def _walk_back(begin=lambda u: u, lines=reversed, add=lambda a, b: a + b, place=lambda k: k):
    """backprop, with one of its parts exchanged."""

    def backprop(program, xs, u, ops):
        values, n = engine.run(program, xs, ops), len(xs)
        adjoints = [None] * (len(values) - 1) + [begin(u)]
        for i in lines(range(len(program))):
            name, sources = program[i]
            for k, s in enumerate(sources if adjoints[n + i] is not None else ()):
                part = ops[name].vjp(place(k), adjoints[n + i], values[n + i], *(values[q] for q in sources))
                adjoints[s] = part if adjoints[s] is None else add(adjoints[s], part)
        return values[-1], [
            np.zeros(np.shape(x)) if g is None else np.array(g) for x, g in zip(xs, adjoints, strict=False)
        ]

    return backprop


@slips("q4", probe=_ask_backprop)
def backprop_slips(reference):
    """What goes wrong on the way back."""
    last, first, _, forwards, ones = _USES
    walks = {
        "last_use": (_walk_back(add=lambda a, b: b), *last[1:]),
        "first_use": (_walk_back(add=lambda a, b: a), *first[1:]),
        "forwards": (_walk_back(lines=list), *forwards[1:]),
        "ones_for_u": (_walk_back(begin=np.ones_like), *ones[1:]),
        "rule_of_input_0": (
            _walk_back(place=lambda k: 0),
            "every rule is asked for input 0. Hint: k is the place among the line's sources.",
            "chain",
        ),
    }
    for name, (variant, words, kind) in walks.items():
        yield Slip(name, "backprop", variant, kind, words)


@check("q4", points=2, needs="q2")
def test_chain(student, reference, rng):
    """One to six lines in which each value is used once"""
    for program, n, shape in _CHAINS:
        xs = [_signed(rng, *shape) for _ in range(n)]
        _require_backprop(student, reference, program, xs, 1 + abs(_signed(rng, *shape)))


_FAN_OUTS = (
    [("add", (0, 1)), ("mul", (2, 0))],
    [("tanh", (0,)), ("mul", (2, 1)), ("neg", (2,)), ("mul", (3, 4)), ("mul", (2, 5))],
    [("mul", (0, 1)), ("add", (2, 0)), ("mul", (3, 0)), ("add", (4, 0)), ("mul", (5, 1)), ("add", (6, 0))],
)


@check("q4", points=5, needs="q2", core=True)
def test_fan_out(student, reference, rng):
    """Values with two to five uses, near and far"""
    for program, shape in zip(_FAN_OUTS, ((), (3,), (2, 3)), strict=True):
        xs = [_signed(rng, *shape), _signed(rng, *shape)]
        _require_backprop(student, reference, program, xs, 1 + abs(_signed(rng, *shape)))


@check("q4", points=2, needs="q2")
def test_same_twice(student, reference, rng):
    """One line may use one value at both places"""
    for program in ([("mul", (0, 0))], [("tanh", (0,)), ("mul", (1, 1)), ("add", (2, 2))]):
        _require_backprop(student, reference, program, [_signed(rng, 3)], 1 + abs(_signed(rng, 3)))


@check("q4", points=2, needs="q2")
def test_seed(student, reference, rng):
    """The result's adjoint begins with u: any array of its shape, zeros as well"""
    program = [("tanh", (0,)), ("mul", (2, 1))]
    xs = [_signed(rng, 2, 3), _signed(rng, 2, 3)]
    _require_backprop(student, reference, program, xs, 3 * _signed(rng, 2, 3))
    _require_backprop(student, reference, program, xs, np.array([[0.0, 2.0, -1.0], [0.0, 0.0, 4.0]]))
    zeros = student.backprop(program, xs, np.zeros((2, 3)), _OPS)
    _require_gradients(zeros, _right(reference, program, xs, np.zeros((2, 3))))


@check("q4", points=2, needs="q2")
def test_unused(student, reference, rng):
    """An input that no line uses, or that does not lead to the result, gets zeros of its shape"""
    program = [("exp", (2,)), ("tanh", (1,))]
    xs = [_signed(rng, 3), _signed(rng, 2), _signed(rng, 2, 2)]
    _require_backprop(student, reference, program, xs, 1 + abs(_signed(rng, 2)))


@check("q4", points=3, needs="q2")
def test_once(student, reference, rng):
    """Each op is evaluated once, each rule is asked once, and none that does not lead to the result"""
    ladder = [("add", (i, i)) for i in range(8)]
    dead = [("exp", (0,)), ("tanh", (0,)), ("mul", (1, 0)), ("neg", (2,))]
    for program in (ladder, dead):
        xs, u = [float(rng.uniform(0.5, 1.5))], float(rng.uniform(1, 2))
        asked, wanted = _Asked(program, xs), _Asked(program, xs)
        right = reference.backprop(program, xs, u, wanted.watched())  # 8 times both rules of add; tanh once, neg once
        _require_gradients(student.backprop(program, xs, u, asked.ops()), right)
        asked.require_one_value_a_line()
        asked.require_rules(wanted.rules, "a rule is asked whose line does not lead to the result.")


@check("q4", points=1, needs="q2")
def test_q4_deep(student, reference):
    """Ten thousand lines"""
    program = [("grow", (i,)) for i in range(10_000)]
    try:
        got = student.backprop(program, [2.0], 3.0, _OPS)
    except Exception as error:
        if getattr(error, "type_name", type(error).__name__) != "RecursionError":
            raise
        fail("ten thousand lines are too deep. Hint: a loop over the lines needs no recursion (D7).", "deep")
    grow = engine_ops.Op(lambda a: 1.0001 * a, (lambda u, y, a: 1.0001 * u,), ())
    # By the reference, and not by 3 * 1.0001**10_000: with a slip in the reference, the check can be forgiven.
    _require_gradients(got, reference.backprop(program, [2.0], 3.0, {"grow": grow}))


def _require_own_memory(student, reference, rng, name, *more):
    """Arguments stay as they are, and no gradient shares memory with u (D6). more: the last arguments of `name`."""
    program = [("add", (0, 1)), ("add", (2, 1))]
    xs, u = [_signed(rng, 3), _signed(rng, 3)], 1 + abs(_signed(rng, 3))
    kept, seed = student.keep(xs), student.keep(u)
    got, right = student.keeping(name, item=1)(program, kept, seed, _OPS, *more), _right(reference, program, xs, u)
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        fail(_EACH, "type")
    before = student.fetch(got[1])
    if alike(before, [2 * u, 2 * u]):
        fail("adds in place into an array that a rule handed on: another slot holds it, too (D6).", "aliased")
    _require_gradients((got[0], before), right)
    for now, x in zip(student.fetch(kept), xs, strict=True):
        assert_unchanged(now, x, name="xs")
    assert_unchanged(student.fetch(seed), u, name="u")
    student.overwrite(seed, 0 * u)
    if not alike(student.fetch(got[1]), before):
        fail("a gradient shares its memory with u. Hint: copy what you return (D6).", "aliased")


@check("q4", points=1, needs="q2")
def test_own_memory(student, reference, rng):
    """Arguments stay as they are, and no gradient shares memory with u"""
    _require_own_memory(student, reference, rng, "backprop")


# --- Q5 gradients ---------------------------------------------------------------------------------

_SOME = [("mul", (0, 1)), ("tanh", (3,)), ("mul", (4, 2)), ("exp", (1,)), ("add", (5, 0))]


@check("q5", points=1, needs="q2")
def test_q5_value(student, reference, rng):
    """The gradients of the wanted inputs"""
    xs, u = [_signed(rng, 3) for _ in range(3)], 1 + abs(_signed(rng, 3))
    for wrt in ((0,), (1,), (2,), (0, 2)):
        right = reference.gradients(_SOME, xs, u, engine_ops.OPS, wrt)
        _require_gradients(student.gradients(_SOME, xs, u, _OPS, wrt), right)


@check("q5", points=2, needs="q2")
def test_count(student, reference, rng):
    """No rule is asked whose answer leads to no wanted input"""
    xs, u = [float(x) for x in _signed(rng, 3)], float(rng.uniform(1, 2))
    for wrt, rules in (
        ((2,), {("add", 0): 1, ("mul", 1): 1}),
        ((1,), {("add", 0): 1, ("mul", 0): 1, ("tanh", 0): 1, ("mul", 1): 1}),
        ((0,), {("add", 0): 1, ("add", 1): 1, ("mul", 0): 2, ("tanh", 0): 1}),
    ):
        asked, right = _Asked(_SOME, xs), reference.gradients(_SOME, xs, u, engine_ops.OPS, wrt)
        _require_gradients(student.gradients(_SOME, xs, u, asked.ops(), wrt), right)
        asked.require_one_value_a_line()
        asked.require_rules(Counter(rules), "right, and a rule is asked whose answer leads to no wanted input.")


@check("q5", points=1, needs="q2")
def test_order_of_wrt(student, reference, rng):
    """In the order of wrt, also repeated; for an empty wrt no gradient, and no rule is asked"""
    xs, u = [float(x) for x in _signed(rng, 3)], float(rng.uniform(1, 2))
    for wrt in ((2, 0), (1, 1, 0)):
        right = reference.gradients(_SOME, xs, u, engine_ops.OPS, wrt)
        _require_gradients(student.gradients(_SOME, xs, u, _OPS, wrt), right)
    unused = [*xs, _signed(rng, 2)]  # an input that nobody uses, and a program whose lines it shifts by one slot
    program = [("mul", (0, 1)), ("tanh", (4,))]
    right = reference.gradients(program, unused, u, engine_ops.OPS, (3, 0))
    _require_gradients(student.gradients(program, unused, u, _OPS, (3, 0)), right)
    asked = _Asked(_SOME, xs)
    _require_gradients(student.gradients(_SOME, xs, u, asked.ops(), ()), (asked.values[-1], []))
    asked.require_rules(Counter(), "a rule is asked although no gradient is wanted.")


@check("q5", points=1, needs="q2")
def test_q5_own_memory(student, reference, rng):
    """Arguments stay as they are, and no gradient shares memory with u"""
    _require_own_memory(student, reference, rng, "gradients", (0, 1))


# --- Q6 unbroadcast, matmul_vjp -------------------------------------------------------------------


def _require_copies(student, reference, rng, full, shape):
    g = _signed(rng, *full)
    right = np.asarray(reference.unbroadcast(g, shape))
    copies = g.size / max(right.size, 1)
    suspects = [Suspect(right / copies, "that is the mean of the copies. Hint: each copy counts, so add.", "scale")]
    got = student.unbroadcast(g, shape)
    if np.shape(got) != right.shape and np.size(got) == right.size:
        fail("an axis of length 1 is lost, or one too many is left: the result has exactly `shape`.", "shape")
    if np.shape(got) != right.shape:
        fail("an axis along which copies lie is not added up, or another one is.", "stretch")
    assert_array(got, right, name="unbroadcast", suspects=suspects)


@check("q6", points=1)
def test_leading(student, reference, rng):
    """Axes that shape lacks are added up; nothing is done if nothing was stretched"""
    for full, shape in (((4, 3), (3,)), ((2, 4, 3), (3,)), ((5, 2, 3), (2, 3)), ((2, 3), (2, 3))):
        _require_copies(student, reference, rng, full, shape)


@check("q6", points=2)
def test_ones(student, reference, rng):
    """Axes where shape has 1 are added up, and stay as axes of length 1"""
    for full, shape in (
        ((4, 3), (1, 3)),
        ((4, 3), (4, 1)),
        ((5, 4, 2, 3), (4, 1, 3)),
        ((4, 3), (1, 1)),
        ((1, 3), (1, 3)),
    ):
        _require_copies(student, reference, rng, full, shape)


@check("q6", points=1)
def test_scalar(student, reference, rng):
    """A number that was stretched to an array"""
    for full in ((4,), (2, 3)):
        _require_copies(student, reference, rng, full, ())


_AS_IT_STANDS = "a matrix is not transposed. Hint: take N, H and K different, and compare the shapes."


@check("q6", points=2)
def test_matmul(student, reference, rng):
    """matmul_vjp for both inputs: square, with N = 1, and with three different sizes"""
    for n, h, k in ((3, 3, 3), (1, 3, 2), (4, 2, 3)):
        A, B, u = _signed(rng, n, h), _signed(rng, h, k), _signed(rng, n, k)
        rules = [reference.matmul_vjp(i, u, A, B) for i in (0, 1)]
        both = student.each("matmul_vjp", [(i, u, A, B) for i in (0, 1)])
        for i, (name, got) in enumerate(zip(("the gradient of A", "the gradient of B"), both, strict=True)):
            suspects = [
                Suspect(rules[1 - i], "that is the rule of the other input.", "order"),
                *([Suspect((u @ B, A @ u)[i], _AS_IT_STANDS, "chain")] if n == h == k else []),
            ]
            assert_array(got, rules[i], name=SafeText(name), suspects=suspects)


# --- Q7 trace -------------------------------------------------------------------------------------

_OTHER_ERRORS = {"NotImplementedError", "NameError", "RecursionError", "UnboundLocalError"}


def _asked(ask, words, kind, hint):
    """What a student's function says; an exception that a missing operator makes is told in these words."""
    try:
        return ask()
    except (CrashError, TimeLimitError, NotDefinedError):
        raise
    except Exception as error:
        if getattr(error, "type_name", type(error).__name__) in _OTHER_ERRORS:
            raise
        fail(words, kind, hint=hint)


def _not_too_deep(ask):
    """What a student's function says of a long loop."""
    try:
        return ask()
    except Exception as error:
        if getattr(error, "type_name", type(error).__name__) != "RecursionError":
            raise
        fail("a loop of 1500 operations is too deep. Hint: Python's stack holds about 1000 calls; use a list.", "deep")


def _read_program(got, n_xs, shape):
    """The program and its inputs, with plain types. It comes from student code: everything can be wrong."""
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        fail("expected the pair (program, inputs)", "type", got=describe(got))
    program, inputs = got
    if not isinstance(program, (tuple, list)) or not isinstance(inputs, (tuple, list, np.ndarray)):
        fail("expected a list of lines and a list of inputs", "type")
    if len(inputs) < n_xs:
        fail("an input is missing. Hint: inputs begins with all of xs, used or not.", "missing")
    for i, line in enumerate(program):
        if not isinstance(line, (tuple, list)) or len(line) != 2 or not isinstance(line[1], (tuple, list)):
            fail("a line of the program: expected a pair (name, sources)", "type")
        if not isinstance(line[0], str) or line[0] not in engine_ops.OPS:
            fail("a line of the program has a name that no operation has.", "keys")
        if not all(isinstance(s, (int, np.integer)) for s in line[1]):
            fail("a source: expected the number of a slot", "type")
        if not all(0 <= s < len(inputs) + i for s in line[1]):
            fail("a line reads a slot that is not filled before it. Hint: inputs come first, then lines.", "order")
    try:
        request = checked(list(program), list(inputs), np.zeros(shape))
    except ValueError:
        fail("your program cannot be run: an operation gets arrays that do not fit, or too few.", "shape")
    return request.program, request.xs


def _require_lines(program, wanted, n_inputs, by_name):
    """No line that the result does not need, none twice; by_name: and one for each operation of f."""
    needed = engine.must_keep(program, n_inputs, dict.fromkeys(engine_ops.OPS, ("output",)))
    if len(needed) < len(program):
        fail("has a line that the result does not need. Hint: begin at the result.", "unneeded", subject="the program")
    if _repeats(program, n_inputs):
        words = "has a line twice: a value that is used twice was computed twice. Hint: one node, one line."
        fail(words, "fan_out", subject="the program")
    if by_name and Counter(name for name, _ in program) != Counter(name for name, _ in wanted):
        words = (
            "expected one line for each operation of f, by its name. Hint: a - b is one line, sub; -a is one line, neg."
        )
        fail(words, "method", subject="the program")


def _repeats(program, n_inputs):
    """Whether two lines compute the same thing. No f of these checks does."""
    same = list(range(n_inputs))  # for each slot, the first slot that is computed alike
    first = {}
    for i, (name, sources) in enumerate(program):
        same.append(first.setdefault((name, tuple(same[s] for s in sources)), n_inputs + i))
    return len(first) < len(program)


@np.errstate(all="ignore")  # a student's program may divide by zero
def _result(program, inputs):
    return engine.run(program, inputs, engine_ops.OPS)[-1]


def _require_trace(got, f, xs, others, reference, suspects=(), *, by_name=False):
    """The lines of f, which compute what f computes: at xs, and at other inputs of the same road."""
    wanted, constants = reference.trace(f, xs)
    y = np.asarray(_result(wanted, constants))
    program, inputs = _read_program(got, len(xs), y.shape)
    for x, mine in zip(xs, inputs, strict=False):
        assert_array(mine, np.asarray(x), name="the first inputs, which are xs")
    assert_array(_result(program, inputs), y, name="your program's result", suspects=suspects)
    _require_lines(program, wanted, len(inputs), by_name)
    elsewhere = _result(program, [*others, *inputs[len(xs) :]])
    right = _result(wanted, [*others, *constants[len(xs) :]])
    if not alike(elsewhere, np.asarray(right)):
        words = "right for xs, and wrong for other inputs: a value went in as a constant that depends on xs."
        fail(words, "constant", subject="your program's result")


_OPERATORS = (
    "a, b: a + b",
    "a, b: (a - b) * a",
    "a, b: -a / b",
    "a, b: a.exp() - b.tanh()",
    "a, b: (a * a).log() + b.relu()",
    "a, b: (a @ b).sum()",
)


@check("q7", points=2, needs="q3")
def test_operators(student, reference, rng):
    """Each operator and each method is one line, for numbers and for arrays"""
    cases = [
        (Expression(text), *([_signed(rng, *shape), _signed(rng, *shape)] for _ in range(2)))
        for text in _OPERATORS
        for shape in (((), (3, 3)) if "@" not in text else ((3, 3),))
    ]
    answers = student.each("trace", [(f, xs) for f, xs, _ in cases])
    for (f, xs, others), got in zip(cases, answers, strict=True):
        _require_trace(got, f, xs, others, reference, by_name=True)


@check("q7", points=2, needs="q3")
def test_reflected(student, reference, rng):
    """A number may stand on the left side: 2 - a, 3 / a, 1 + a, 4 * a"""
    exchanged = "the two sides are exchanged. Hint: 2 - a calls a.__rsub__(2), and the 2 stands on the left."
    for sign in "+*-/":
        number, a, other = float(rng.uniform(2, 4)), rng.uniform(0.5, 1.5), rng.uniform(0.5, 1.5)
        f, turned = Expression(f"a: c {sign} a", c=number), Expression(f"a: a {sign} c", c=number)
        got = _asked(
            lambda f=f, a=a: student.trace(f, [a]),
            "raised where a number stands on the left side of a node",
            "constant",
            "2 - a calls a.__rsub__(2), and so on: __radd__, __rmul__, __rtruediv__",
        )
        suspects = [Suspect(np.asarray(turned(a)), exchanged, "order")] if sign in "-/" else []
        _require_trace(got, f, [a], [other], reference, suspects)


@check("q7", points=2, needs="q3")
def test_constants(student, reference, rng):
    """Arrays may stand on either side, also where one of the two is stretched"""
    M, row, column = _signed(rng, 2, 3), _signed(rng, 3), _signed(rng, 2, 1)
    for text, shape in (
        ("a: a * M", (2, 3)),
        ("a: M + a", (2, 3)),
        ("a: a - row", (2, 3)),
        ("a: a / column", (2, 3)),
        ("a: M * a", (3,)),
        ("a: M @ a", (3, 2)),
        ("a: a @ M", (4, 2)),
        ("a: np.float64(2.5) * a", (2,)),
    ):
        f, a, other = _with_arrays(text, M, row, column), _signed(rng, *shape), _signed(rng, *shape)
        got = _asked(
            lambda f=f, a=a: student.trace(f, [a]),
            "went wrong where an array meets a node",
            "constant",
            "NumPy asks first: __array_ufunc__ = None in your class leaves the operator to your class",
        )
        _require_trace(got, f, [a], [other], reference)


def _with_arrays(text, M, row, column):
    arrays = {"M": M, "row": row, "column": column}
    return Expression(text, **{name: array for name, array in arrays.items() if name in text})


@check("q7", points=1, needs="q3")
def test_shared(student, reference, rng):
    """A value that is used twice is one line"""
    for text, n in (
        ("a, b: (lambda t: t * t)(a + b)", 2),
        ("a: (lambda d: d(d(d(d(a)))))(lambda t: t + t)", 1),
        ("a, b: (lambda t: (t + a) * (t - b))(a / b)", 2),
    ):
        f, xs = Expression(text), [float(x) for x in _signed(rng, n)]
        _require_trace(student.trace(f, xs), f, xs, [float(x) for x in _signed(rng, n)], reference)
    ladder = Expression("a: [a := a + a for i in np.arange(40)][-1]")
    try:
        got = student.trace(ladder, [1.5])
    except TimeLimitError:
        fail("the work doubles with every line that uses a value twice. Hint: visit a node once.", "timeout")
    _require_trace(got, ladder, [1.5], [0.5], reference)


@check("q7", points=1, needs="q3")
def test_roads(student, reference, rng):
    """The program holds the road that f took, and nothing of the other; tanh(400) is 1"""
    f = Expression("x: x * x if x.value > 0 else -x")
    for sign in (1.0, -1.0):
        x, other = sign * rng.uniform(0.5, 1.5), sign * rng.uniform(0.5, 1.5)
        _require_trace(student.trace(f, [x]), f, [x], [other], reference)
    f = Expression("x: (lambda t: t * x if t.value > 0.5 else -x)(x.tanh())")
    for x in (400.0, -400.0):
        got = student.trace(f, [x])
        program, _ = _read_program(got, 1, ())
        if x > 0 and [name for name, _ in program] == ["neg"]:
            fail("takes the wrong road at tanh(400), which is 1. Hint: exp(800) is infinite; use np.tanh.", "precision")
        _require_trace(got, f, [x], [x / 2], reference)


@check("q7", points=1, needs="q3")
def test_deep(student, reference, rng):
    """A loop of 1500 operations is traced like a short one"""
    f, xs = Expression("a, b: [a := a * b for i in np.arange(1500)][-1]"), [float(rng.uniform(1, 2)), 0.9995]
    _require_trace(_not_too_deep(lambda: student.trace(f, xs)), f, xs, [1.5, 0.9993], reference)


@check("q7", points=1, needs="q3")
def test_two_at_once(student, reference, rng):
    """One trace begins within another, and one comes after the other: neither knows of the other"""
    f = Expression("a, b: (a + b) * trace(lambda t: t * t - t, [2.0])[1][0] / b", trace=student.trace)
    alone, after = Expression("a, b: (a + b) * 2.0 / b"), Expression("a, b: a / (a - b)")
    xs, others = [1.25, float(rng.uniform(2, 3))], [0.5, float(rng.uniform(2, 3))]
    for asked, same in ((f, alone), (after, after), (alone, alone)):
        try:
            _require_trace(student.trace(asked, xs), same, xs, others, reference)
        except CheckFailed as failure:
            if failure.diagnosis in {"unneeded", "fan_out", "order", "method"}:
                fail("one trace leaves its marks in another. Hint: keep nothing outside of the nodes.", "state")
            raise


# --- Q8 dual_derivative, rule_calls ---------------------------------------------------------------

_SMOOTH = (  # with the shapes of its inputs
    ("a, b: (a + b) * a", ((3,), (3,))),
    ("a, b: a / b - b", ((2,), (2,))),
    ("a: (-a).exp()", ((4,),)),
    ("a: (a * a).log()", ((5,),)),
    ("a: a.tanh() * a.relu()", ((6,),)),
    ("a, b: (a @ b).sum()", ((2, 4), (4, 3))),
    ("a, b: a * b", ((), ())),
)


def _moving(text, shapes, rng):
    """A function, its inputs, and the direction in which they move."""
    return Expression(text), [_signed(rng, *shape) for shape in shapes], [_signed(rng, *shape) for shape in shapes]


def _require_dual(got, right):
    """The pair (y, dy), and the value before the derivative."""
    y, dy = (np.asarray(part) for part in right)
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        fail("expected the pair (y, dy)", "type", got=describe(got))
    if alike(got[0], dy) and alike(got[1], y):
        fail("the pair is the wrong way round: expected (y, dy).", "order")
    assert_array(got[0], y, name="y")
    assert_array(got[1], dy, name="dy")


def _pushing(name, *pushes):
    """dual_derivative with other rules for one op."""
    ops = {**engine_ops.OPS, name: replace(engine_ops.OPS[name], pushes=pushes)}

    def derivative(f, xs, vs):
        program, inputs = engine.trace(f, xs)
        values = engine.run(program, inputs, ops)
        moves = [*vs, *(np.zeros(np.shape(x)) for x in inputs[len(vs) :])]
        for (op, sources), y in zip(program, values[len(inputs) :], strict=True):
            before = [values[s] for s in sources]
            moves.append(sum(ops[op].jvp(k, moves[s], y, *before) for k, s in enumerate(sources)))
        return values[-1], moves[-1]

    return derivative


def _ask_dual(student, reference, rng):
    return list(student.each("dual_derivative", [_moving(text, shapes, rng) for text, shapes in _SMOOTH]))


@slips("q8", probe=_ask_dual)
def dual_slips(reference):
    """What goes wrong with the derivative along a direction."""

    def slip(name, op, words, kind, *pushes):
        return Slip(name, "dual_derivative", _pushing(op, *pushes), kind, words)

    first = "the product has two terms: each factor moves, and the other stands still."
    yield slip("first_factor_only", "mul", first, "chain", lambda v, y, a, b: v * b, lambda v, y, a, b: 0 * v)
    yield slip("second_factor_only", "mul", first, "chain", lambda v, y, a, b: 0 * v, lambda v, y, a, b: v * a)
    sign = "of a / b: if b grows, the quotient shrinks. Its term has a minus."
    yield slip("quotient_adds", "div", sign, "sign", lambda v, y, a, b: v / b, lambda v, y, a, b: v * y / b)
    top = "of a / b: the denominator moves the quotient, too."
    yield slip("numerator_only", "div", top, "chain", lambda v, y, a, b: v / b, lambda v, y, a, b: 0 * v)
    square = "of a / b: the denominator's term is divided by the square of b."
    yield slip("divided_once", "div", square, "chain", lambda v, y, a, b: v / b, lambda v, y, a, b: -v * a / b)
    yield slip(
        "exp_alone", "exp", "exp loses the direction: its slope is one factor of two.", "chain", lambda v, y, a: y
    )
    at_y = "the slope of exp at a is exp(a), its own value, and not exp of that."
    yield slip("exp_of_exp", "exp", at_y, "stale", lambda v, y, a: v * np.exp(y))
    yield slip("log_times", "log", "the slope of log at a is 1/a.", "chain", lambda v, y, a: v * a)
    tanh = "the slope of tanh is 1 - y², where y is its value, not its input."
    yield slip("tanh_at_input", "tanh", tanh, "chain", lambda v, y, a: v * (1 - a * a))
    yield slip("relu_ungated", "relu", "relu lets the derivative pass everywhere.", "chain", lambda v, y, a: v)
    minus = "of a - b: if b grows, the difference shrinks."
    yield slip("difference_adds", "sub", minus, "sign", lambda v, y, a, b: v, lambda v, y, a, b: v)
    yield slip("minus_lost", "neg", "the minus of -a belongs to its derivative, too.", "sign", lambda v, y, a: v)


@check("q8", points=2, core=True)
def test_value(student, reference, rng):
    """The value and the derivative along a drawn direction, for every operator and method"""
    cases = [_moving(text, shapes, rng) for text, shapes in _SMOOTH]
    for asked, got in zip(cases, student.each("dual_derivative", cases), strict=True):
        _require_dual(got, reference.dual_derivative(*asked))


@check("q8", points=1)
def test_q8_constants(student, reference, rng):
    """Numbers and arrays on either side do not move, and dy has the shape of y"""
    M, row, column = _signed(rng, 2, 3), _signed(rng, 3), _signed(rng, 2, 1)
    for text, shape in (
        ("a: 2.0 - a", (3,)),
        ("a: 3.0 / a", (3,)),
        ("a: 1 + a * 4", (3,)),
        ("a: 5 * a", (3,)),
        ("a: a / 4", (3,)),
        ("a: M * a", (2, 3)),
        ("a: M @ a", (3, 2)),
        ("a: a @ M", (4, 2)),
        ("a: M + a", (3,)),
        ("a: a - row", (2, 1)),
        ("a: column + a", (3,)),
    ):
        f, a, v = _with_arrays(text, M, row, column), _signed(rng, *shape), _signed(rng, *shape)
        got = _asked(
            lambda f=f, a=a, v=v: student.dual_derivative(f, [a], [v]),
            "went wrong where a number or an array meets a dual number",
            "constant",
            "a constant has the derivative 0; __radd__ and the like for the left side; __array_ufunc__ = None",
        )
        right = reference.dual_derivative(f, [a], [v])
        if isinstance(got, (tuple, list)) and len(got) == 2 and np.shape(got[1]) != np.shape(right[1]):
            fail("dy has another shape than y. Hint: a stretched value has a stretched derivative.", "stretch")
        _require_dual(got, right)


@check("q8", points=1)
def test_q8_roads(student, reference, rng):
    """The derivative of the road that f takes, and of a loop of 1500 operations"""
    f = Expression("x: x * x if x.value > 0 else x + x")
    for sign in (1.0, -1.0):
        x, v = sign * rng.uniform(1.5, 2.5), rng.uniform(0.5, 1.5)
        _require_dual(student.dual_derivative(f, [x], [v]), reference.dual_derivative(f, [x], [v]))
    long = Expression("a, b: [a := a * b for i in np.arange(1500)][-1]")
    asked = [long, [float(rng.uniform(1, 2)), 0.9995], [0.5, float(rng.uniform(0.001, 0.002))]]
    _require_dual(_not_too_deep(lambda: student.dual_derivative(*asked)), reference.dual_derivative(*asked))


@check("q8", points=1)
def test_large(student, reference, rng):
    """tanh and relu far out: tanh(400) is 1, and flat; relu is closed at 0"""
    for text, x in (("x: x.tanh()", [400.0, -400.0, 0.3]), ("x: x.relu()", [0.0, -0.0, 3.0, -1e150, 1e150])):
        asked = [Expression(text), [np.array(x)], [_signed(rng, len(x))]]
        _require_dual(student.dual_derivative(*asked), reference.dual_derivative(*asked))


@check("q8", points=1)
def test_two_directions(student, reference, rng):
    """Two directions one after the other: nothing is remembered, and the arguments stay as they are"""
    f, xs, _ = _moving("a, b: a * b + a", ((3,), (3,)), rng)
    kept = student.keep(xs)
    for i in range(2):
        vs = [_signed(rng, 3), _signed(rng, 3)]
        direction = student.keep(vs)
        try:
            _require_dual(student.dual_derivative(f, kept, direction), reference.dual_derivative(f, xs, vs))
        except CheckFailed:
            if i:
                fail("right for the first direction, and wrong for the second one.", "state")
            raise
        for now, before in zip(student.fetch(kept), xs, strict=True):
            assert_unchanged(now, before, name="xs")
        for now, before in zip(student.fetch(direction), vs, strict=True):
            assert_unchanged(now, before, name="vs")


def _joined_program(rng, n_inputs, n_lines, names):
    """A program whose lines all lead to the result: each reads the line before. names: op to number of sources."""
    program = []
    for i in range(n_lines):
        slot = n_inputs + i
        name = str(rng.choice(list(names)))
        sources = [slot - 1, *(int(s) for s in rng.integers(0, slot, names[name] - 1))]
        program.append((name, tuple(sources)))
    return program


_NUMBERS_OF_SOURCES = {"add": 2, "mul": 2, "matmul": 2, "neg": 1, "exp": 1, "tanh": 1}


@check("q8", points=1)
def test_rule_calls(student, reference, rng):
    """What a whole Jacobian asks in each mode, for drawn programs and sizes"""
    for n_lines in (1, 4, 9):
        program = _joined_program(rng, 3, n_lines, _NUMBERS_OF_SOURCES)
        last = 3 + n_lines - 1
        program += [("mul", (last, 0)), ("mul", (last + 1, last + 1))]  # a slot that one line reads twice
        n, m = (int(size) for size in rng.choice(np.arange(2, 12), 2, replace=False))
        got, right = student.rule_calls(program, n, m), reference.rule_calls(program, n, m)
        if not isinstance(got, dict) or set(got) != {"forward", "reverse"}:
            fail('expected a dict with "forward" and "reverse"', "keys", got=describe(got))
        for mode, other in (("forward", "reverse"), ("reverse", "forward")):
            each_line = n * len(program) if mode == "forward" else m * len(program)
            suspects = [
                Suspect(np.asarray(right[other]), "that is the bill of the other mode.", "order"),
                Suspect(
                    np.asarray(each_line), "that counts lines. Hint: a line asks one rule for each source.", "count"
                ),
            ]
            assert_number(got[mode], right[mode], name=SafeText(mode), suspects=suspects, rtol=1e-12)


# --- Q9 must_keep ---------------------------------------------------------------------------------

# What the rules of each kind of op read. Two letters: it has two sources.
_READS = {"n": (), "nn": (), "i": ("inputs",), "ii": ("inputs",), "o": ("output",), "b": ("inputs", "output")}
_READS |= {"bb": ("output", "inputs")}
_NAMES = ("add", "mul", "neg", "exp", "tanh", "log", "div")


def _kept_example(rng, kinds):
    """A program whose lines all lead to the result, of ops with drawn names. kinds: of _READS, one a line."""
    names = dict(zip(_READS, rng.permutation(_NAMES).tolist(), strict=True))
    before = int(rng.integers(0, 30))
    program = []
    for i, kind in enumerate(("n",) * before + kinds):
        both = (3 + i, i % 4)  # the line before, and an input of the program: in either order
        program.append((names[kind], both[::-1] if len(kind) == 2 and (i - before) % 2 else both[: len(kind)]))
    return program, 4, {names[kind]: words for kind, words in _READS.items()}


# Around each op whose rule reads something stand ops whose rules read nothing: so each slot that stays has one reason.
_KINDS = (("o",), ("n", "b", "n", "ii"), ("nn", "i", "n", "o", "nn", "n", "bb", "n"), ("ii", "nn", "o", "n", "i", "nn"))


def _require_slots(got, right):
    if not isinstance(got, (set, frozenset)):
        fail("expected a set of slots", "type", got=describe(got))
    if got == right:
        return
    if got > right:
        fail("keeps a value that no rule reads. Hint: what does reads say of the op that has it?", "unneeded")
    if got < right:
        fail(
            "forgets a value that a rule reads. Hint: look at inputs, outputs, and the program's own inputs.", "missing"
        )
    fail("keeps a value that no rule reads, and forgets one that a rule reads.", "value")


def _ask_kept(student, reference, rng):
    return list(student.each("must_keep", [_kept_example(rng, kinds) for kinds in _KINDS]))


def _reading(**change):
    """must_keep, where something else is read than `reads` says."""

    def kept(program, n_inputs, reads):
        return engine.must_keep(
            program,
            n_inputs,
            {
                name: change.get("always") or tuple(word for word in words if word != change.get("without"))
                for name, words in reads.items()
            },
        )

    return kept


@slips("q9", probe=_ask_kept)
def keeping_slips(reference):
    """What goes wrong with the values that the way back reads."""
    words = "that is every value. Hint: a value that no rule reads need not stay."
    yield Slip("everything", "must_keep", _reading(always=("inputs", "output")), "unneeded", words)
    words = 'reads an op\'s inputs only. Hint: "output" is the slot that the line fills.'
    yield Slip("no_outputs", "must_keep", _reading(without="output"), "missing", words)
    words = 'reads an op\'s output only. Hint: "inputs" are all sources of the line.'
    yield Slip("no_inputs", "must_keep", _reading(without="inputs"), "missing", words)

    def lines_only(program, n_inputs, reads):
        return {slot for slot in engine.must_keep(program, n_inputs, reads) if slot >= n_inputs}

    words = "leaves the program's inputs out. Hint: they are slots, too, and rules read them."
    yield Slip("lines_only", "must_keep", lines_only, "missing", words)


@check("q9", points=2, core=True)
def test_kept(student, reference, rng):
    """Exactly the slots that a rule reads, for drawn programs and ops"""
    examples = [_kept_example(rng, kinds) for kinds in _KINDS]
    for example, got in zip(examples, student.each("must_keep", examples), strict=True):
        _require_slots(got, reference.must_keep(*example))


@check("q9", points=1)
def test_dead_lines(student, reference, rng):
    """A line that does not lead to the result keeps nothing"""
    reads = {"add": (), "mul": ("inputs",), "exp": ("output",), "tanh": ("output",)}
    program = [("exp", (0,)), ("mul", (1, 2)), ("tanh", (4,)), ("add", (0, 3)), ("mul", (6, 0)), ("exp", (1,))]
    program.append(("add", (7, 0)))
    got, right = student.must_keep(program, 3, reads), reference.must_keep(program, 3, reads)
    without_care = {
        s
        for i, (name, sources) in enumerate(program)
        for s in (*(sources if "inputs" in reads[name] else ()), *((3 + i,) if "output" in reads[name] else ()))
    }
    if got == without_care:
        fail("a line that does not lead to the result keeps a value. Hint: begin at the result.", "unneeded")
    _require_slots(got, right)


# --- Q10 counterexample ---------------------------------------------------------------------------


def _convicts(student, which):
    """Whether what a student sends convicts this pass. Says what is wrong with it if it is no set of arguments."""
    got = student.counterexample(which)
    if got is None:
        return False
    if not isinstance(got, (tuple, list)):
        fail("expected a tuple of arguments, or None", "type", got=describe(got))
    try:
        arguments = counterexamples.read(which, got)
    except ValueError:
        if (
            sum(np.size(part) for part in got if isinstance(part, (np.ndarray, int, float)))
            > counterexamples.MOST_NUMBERS
        ):
            fail("more than 12 numbers in all arguments together.", "count")
        words = "expected the arguments of this backward pass, of fitting shapes, all of them finite numbers."
        fail(words, "shape", hint="at most 12 numbers in all; idx holds whole numbers, each the number of a row")
    return counterexamples.put_on_trial(which, arguments).convicts


def _require_conviction(student, which):
    if not _convicts(student, which):
        fail("your arguments convict nobody: on them the backward pass says what is right.", "search")


@check("q10", points=1)
def test_embedding(student):
    """A is convicted"""
    _require_conviction(student, "A")


@check("q10", points=1)
def test_residual(student):
    """B is convicted"""
    _require_conviction(student, "B")


@check("q10", points=1)
def test_centred(student):
    """C is convicted"""
    _require_conviction(student, "C")


@check("q10", points=1)
def test_power(student):
    """D is convicted"""
    _require_conviction(student, "D")


def _is_convicted(student, which):
    try:
        return _convicts(student, which)
    except CheckFailed:
        return False


@check("q10", points=2)
def test_innocent(student):
    """E is acquitted, and at least two of the others are convicted"""
    if student.counterexample("E") is not None:
        words = "you accuse the innocent: its gradient and the exact one agree on what you sent, and on everything."
        fail(words, "search", hint="what does the sum over a row of the derivative say if a whole row is shifted?")
    if sum(_is_convicted(student, which) for which in "ABCD") < 2:
        fail("counts only if you convict at least two of the other four.", "search")


# --- Q11 judge ------------------------------------------------------------------------------------


def _accepted(program, xs, u):
    try:
        request = checked(program, xs, u)
    except ValueError:
        words = "expected a program of at most 2000 lines, inputs of at most 1000 numbers, and u of the result's shape"
        raise ValueError(words) from None
    return request.program, request.xs, request.u


def _deciding(program, xs, u):
    """A question as a key. All engines but those that remember answer the same to the same."""
    return tuple(program), tuple((x.shape, x.tobytes()) for x in (*xs, u))


def _engines(group):
    return {name: maker.make for name, maker in engine_faults.ENGINES.items() if maker.group == group}


ENGINES_TRIAL = Trial(
    "judge",
    right=_engines("right"),
    faults={
        "uses": Faults(
            "an engine that breaks D1 passed: does a program use a value three times, or twice in a line?",
            _engines("uses"),
        ),
        "order_and_seed": Faults(
            "an engine that breaks D2 or D3 passed: has a value a near and a far user? Is u ever 2, or 0?",
            _engines("order_and_seed"),
        ),
        "memory": Faults(
            "an engine that breaks D6 or D8 passed: do you ask a program twice, with other numbers? An add of adds?",
            _engines("memory"),
        ),
        "size": Faults(
            "an engine that breaks D4 or D7 passed: is any program long? Has one an input that no line uses?",
            _engines("size"),
        ),
        "rules": Faults(
            "an engine with a wrong rule passed: do you ask each op for each input, relu at 0, stretched arrays?",
            _engines("rules"),
        ),
    },
    accept=_accepted,
    disguises=list(engine_faults.DISGUISES.values()),
    most=60,
    size=lambda program, xs, u: len(program),
    most_size=5_000,
    key=_deciding,
    remembering=engine_faults.REMEMBERING,
)


@check("q11", points=2, needs=("q1", "q4", "q6"))
def test_q11_innocent(student, rng, memo):
    """Every right engine is accepted, and not every engine"""
    ENGINES_TRIAL.innocents(student, rng, memo)


@check("q11", points=1, needs=("q1", "q4", "q6"))
def test_uses(student, rng, memo):
    """Condemns engines that lose a use of a value (D1)"""
    ENGINES_TRIAL.caught("uses", student, rng, memo)


@check("q11", points=1, needs=("q1", "q4", "q6"))
def test_order_and_seed(student, rng, memo):
    """Condemns engines that pass on too early, or begin with another u (D2, D3)"""
    ENGINES_TRIAL.caught("order_and_seed", student, rng, memo)


@check("q11", points=1, needs=("q1", "q4", "q6"))
def test_memory(student, rng, memo):
    """Condemns engines that add in place, or remember earlier calls (D6, D8)"""
    ENGINES_TRIAL.caught("memory", student, rng, memo)


@check("q11", points=1, needs=("q1", "q4", "q6"))
def test_size(student, rng, memo):
    """Condemns engines that fail on long programs, or on inputs that no line uses (D4, D7)"""
    ENGINES_TRIAL.caught("size", student, rng, memo)


@check("q11", points=1, needs=("q1", "q4", "q6"))
def test_rules(student, rng, memo):
    """Condemns engines with a wrong rule (Questions 1 and 6)"""
    ENGINES_TRIAL.caught("rules", student, rng, memo)


# What a student reads of a wrong engine: the duty, and not its fault.
_DUTIES = {
    "": "right",
    "uses": "breaks D1: uses add up",
    "order_and_seed": "breaks D2 or D3: order and u",
    "memory": "breaks D6 or D8: memory",
    "size": "breaks D4 or D7: unused inputs, length",
    "rules": "breaks a rule of Question 1 or 6",
}


@picture("q11", title="What your test says of each engine")
def verdicts(student, memo):
    """Each engine was shown at least twice, new each time, in a drawn order. Your test must accept the right ones and
    condemn the others, each time."""
    said = ENGINES_TRIAL.verdicts(student, np.random.default_rng(0), memo)
    if len(said) == 1:
        no_picture("your test asks an engine what it may not ask")
    numbers, rows = Counter(), []
    for verdict in said.values():
        numbers[verdict.group] += 1
        name = f"{_DUTIES[verdict.group]} ({numbers[verdict.group]})"
        rows.append(KillRow(name=name, right=not verdict.group, verdicts=(verdict.settled,)))
    return KillMatrix(judged="engine", columns=("your judge",), rows=tuple(rows))


# --- Q12 engine_gradients -------------------------------------------------------------------------


def _network(rng, n, d, h, k):
    """X, labels, one-hot labels, and the parameters of a network like A2's."""
    labels = rng.integers(0, k, n)
    params = {"W1": _signed(rng, d, h), "b1": _signed(rng, h), "W2": _signed(rng, h, k), "b2": _signed(rng, k)}
    return _signed(rng, n, d), labels, np.eye(k)[labels], params


_NETWORK_OPS = {
    "matmul": Expression("a, b: a @ b", {"vjp": "k, u, y, a, b: a.T @ u if k else u @ b.T"}),
    "add": Expression("a, b: a + b", {"vjp": "k, u, y, a, b: u.sum(axis=0) if k else u"}),
    "relu": Expression("a: np.maximum(a, 0)", {"vjp": "k, u, y, a: np.where(a > 0, u, 0)"}),
    "cross_entropy": Expression(
        "a, Y: -(Y * (a - a.max(1, keepdims=True) - np.log(np.exp(a - a.max(1, keepdims=True)).sum(1, keepdims=True))))"
        ".sum() / a.shape[0]",
        {
            "vjp": "k, u, y, a, Y: u * (np.exp(a - a.max(1, keepdims=True)) / "
            "np.exp(a - a.max(1, keepdims=True)).sum(1, keepdims=True) - Y) / a.shape[0]"
        },
    ),
}


def _by_hand(X, labels, params):
    """A2's gradients, by the reference of A2."""
    return mlp.loss_and_gradient(X, labels, params)


def _without_biases(X, labels, params):
    """The costs of networks that lack b1, b2, or both."""
    lacks = (("b1",), ("b2",), ("b1", "b2"))
    return [_by_hand(X, labels, params | {name: 0 * params[name] for name in names})[0] for names in lacks]


def _require_network(got, cost, grads, without_biases):
    if not isinstance(got, (tuple, list)) or len(got) != 2 or not isinstance(got[1], dict):
        fail("expected the pair (cost, dict of four gradients)", "type", got=describe(got))
    words = "a bias is left out. Hint: the network has six lines, two of them add."
    suspects = [Suspect(np.array(other), words, "missing") for other in without_biases]
    assert_number(got[0], cost, name="cost", suspects=suspects)
    assert_gradients(got[1], grads)


@check("q12", points=3, needs="q5")
def test_as_by_hand(student, rng):
    """The cost and the four gradients are those of A2, for several sizes and for a batch of one"""
    for sizes in ((4, 3, 5, 2), (3, 3, 3, 3), (1, 2, 4, 3)):
        X, labels, Y, params = _network(rng, *sizes)
        cost, grads = _by_hand(X, labels, params)
        got = student.engine_gradients(X, Y, params, _NETWORK_OPS)
        _require_network(got, cost, grads, _without_biases(X, labels, params))


@check("q12", points=2, needs="q5")
def test_q12_count(student, rng):
    """Six evaluations and nine rules: none for X, none for the labels"""
    X, labels, Y, params = _network(rng, 3, 2, 4, 3)
    cost, grads = _by_hand(X, labels, params)
    program = [("matmul", ()), ("add", ()), ("relu", ()), ("matmul", ()), ("add", ()), ("cross_entropy", ())]
    asked = _Asked([], [0.0])
    asked.program = program
    got = student.engine_gradients(X, Y, params, asked.ops())
    _require_network(got, cost, grads, _without_biases(X, labels, params))
    asked.require_one_value_a_line()
    wanted = {("matmul", 0): 1, ("matmul", 1): 2, ("add", 0): 2, ("add", 1): 2, ("relu", 0): 1, ("cross_entropy", 0): 1}
    asked.require_rules(Counter(wanted), "right, and a rule is asked for X or for the labels, which nobody wants.")


# --- B1 layernorm_vjp, batchnorm_vjp --------------------------------------------------------------


def _norm_case(rng, N, D, dtype=float):
    """Numbers of both signs, off zero, so that no mean is close to 0."""
    return (
        (2.0 + 3.0 * rng.permuted(np.linspace(-1, 1, N * D)).reshape(N, D) ** 3 + _signed(rng, N, D)).astype(dtype),
        _signed(rng, D).astype(dtype),
        (_signed(rng, N, D) + 0.3).astype(dtype),
    )


def _require_norm(got, right, dtype=None):
    """dx, dgamma and dbeta."""
    if not isinstance(got, (tuple, list)) or len(got) != 3:
        fail("expected (dx, dgamma, dbeta)", "type", got=describe(got))
    for name, mine, expected in zip(("dx", "dgamma", "dbeta"), got, right, strict=True):
        assert_array(mine, expected, name=SafeText(name), dtype=dtype)


def _norm_inputs(rng, sizes, axis):
    """A case with a row or a column of equal entries, where eps decides, and cases of several sizes."""
    level = _norm_case(rng, 3, 4)
    level[0][(1,) if axis else (slice(None), 1)] = 2.0  # whole, so that its mean is exact and the variance is 0
    return [level, *(_norm_case(rng, N, D) for N, D in sizes)]


def _root(c, eps, axis, ddof):
    """The root of the variance plus eps."""
    variance = np.sum(c * c, axis=axis, keepdims=True) / (c.shape[axis] - ddof)
    return np.sqrt(variance + eps)


def _normalising(
    axis, mean=1, variance=1, root=_root, ddof=0, slope_ddof=0, gain=True, scale=True, sums=False, raw=False
):
    """The rule of the normalisation along `axis`, with one of its parts exchanged.

    mean, variance: factors of the two roads.  root: of the distances from the mean.  ddof: in the forward pass;
    slope_ddof: on the way back.  gain: whether dx passes gamma.  scale: and the root.  sums: in place of means.
    raw: x in the place of the normalised x in dgamma.
    """

    def rule(x, gamma, u):
        c = x - np.mean(x, axis=axis, keepdims=True)
        s = 1 / root(c, np.asarray(normalising.EPS, dtype=x.dtype), axis, ddof)
        n, g, count = c * s, u * gamma if gain else u, x.shape[axis]
        over = (1, 1) if sums else (count, count - slope_ddof)
        of_mean, of_variance = (np.sum(a, axis=axis, keepdims=True) for a in (g, g * n))
        dx = (s if scale else 1) * (g - mean * of_mean / over[0] - variance * n * of_variance / over[1])
        return dx, np.sum(u * (x if raw else n), axis=0), np.sum(u, axis=0)

    return rule


def _norm_slips(function, axis):
    """What goes wrong on the way back through a normalisation."""

    def slip(name, kind, words, **change):
        return Slip(name, function, _normalising(**{"axis": axis} | change), kind, words)

    words = "mean and variance are taken for constants: x moves its own mean and its own variance."
    yield slip("both_constant", "chain", words, mean=0, variance=0)
    words = "the variance is taken for a constant: x moves its own variance, too."
    yield slip("variance_constant", "chain", words, variance=0)
    words = "the mean is taken for a constant: x moves its own mean, too."
    yield slip("mean_constant", "chain", words, mean=0)
    words = "dx: the road over the variance has a minus: a larger variance makes n smaller."
    yield slip("variance_adds", "sign", words, variance=-1)
    words = "eps belongs under the root, added to the variance; here it is added to the root."
    yield slip("eps_outside", "order", words, root=lambda c, eps, axis, ddof: _root(c, 0, axis, ddof) + eps)
    words = "the variance is the mean of the squared distances, as np.var has it: ddof is 0, not 1."
    yield slip("sample_variance", "scale", words, ddof=1, slope_ddof=1)
    yield slip("sample_variance_forward", "scale", words, ddof=1)
    words = (
        "takes the statistics of the other axis: layer normalisation of each row, batch normalisation of each column."
    )
    yield slip("other_axis", "axis", words, axis=1 - axis)
    words = "dx: the message passes gamma first: g = u · gamma."
    yield slip("gamma_left_out", "missing", words, gain=False)
    words = "dx: the message passes the division by the root, too."
    yield slip("root_left_out", "missing", words, scale=False)
    words = "dx: the roads over mean and variance bring means back, not sums."
    yield slip("sums", "scale", words, sums=True)
    words = "dgamma: gamma multiplies the normalised x, so u is multiplied by that, and not by x."
    yield slip("dgamma_of_x", "quantity", words, raw=True)


def _ask_layernorm(student, reference, rng):
    return list(student.each("layernorm_vjp", list(_norm_inputs(rng, ((4, 5), (3, 2), (5, 6)), axis=1))))


@slips("b1", probe=_ask_layernorm)
def layernorm_slips(reference):
    """What goes wrong where each row is normalised."""
    return _norm_slips("layernorm_vjp", 1)


def _ask_batchnorm(student, reference, rng):
    return list(student.each("batchnorm_vjp", list(_norm_inputs(rng, ((4, 5), (3, 2), (5, 6)), axis=0))))


@slips("b1", probe=_ask_batchnorm)
def batchnorm_slips(reference):
    """What goes wrong where each column is normalised."""
    return _norm_slips("batchnorm_vjp", 0)


@check("b1", points=2, core="layernorm_vjp")
def test_layernorm(student, reference, rng):
    """Layer normalisation: several rows, one row, a row of equal entries"""
    cases = list(_norm_inputs(rng, ((4, 5), (1, 3), (6, 2)), axis=1))
    for case, got in zip(cases, student.each("layernorm_vjp", cases), strict=True):
        _require_norm(got, reference.layernorm_vjp(*case))


@check("b1", points=1, core="batchnorm_vjp")
def test_batchnorm(student, reference, rng):
    """Batch normalisation: mean and variance of each column, also of equal entries"""
    cases = list(_norm_inputs(rng, ((5, 3), (4, 4)), axis=0))
    for case, got in zip(cases, student.each("batchnorm_vjp", cases), strict=True):
        _require_norm(got, reference.batchnorm_vjp(*case))


@check("b1", points=1)
def test_norm_float32(student, reference, rng):
    """float32 in, float32 out, in both"""
    case = _norm_case(rng, 4, 5, dtype=np.float32)
    _require_norm(student.layernorm_vjp(*case), reference.layernorm_vjp(*case), dtype=np.float32)
    _require_norm(student.batchnorm_vjp(*case), reference.batchnorm_vjp(*case), dtype=np.float32)


# --- B2 hvp ---------------------------------------------------------------------------------------

# Texts, and the numbers of their arguments. Each is curved in more than one direction.
_CURVED = (("x: x * x * x", 1), ("x, y: (2 - x) * y * y + 3 * x * x", 2), ("x, y, z: -(x * z) * x * 0.5 + z * z", 3))


def _require_second(got, gradient, product):
    """Both lists of hvp. Known mistakes in the second one have messages of their own."""
    got = _pair(got, "expected the pair (grads, products) of two lists of numbers")
    assert_array(got[0], gradient, name="the gradient")
    suspects = [
        Suspect(gradient, "this is the gradient itself. Hint: its derivative along v is wanted.", "quantity"),
        Suspect(product + gradient, "the gradient is added to it. Hint: u stands still, so its tangent is 0.", "extra"),
        Suspect(0 * product, "zeros: the rules use values that stand still. Hint: they must use the Duals.", "chain"),
    ]
    assert_array(got[1], product, name="the second derivative times v", suspects=suspects)


def _second(reference, text, xs, vs):
    """What hvp must return, as two arrays."""
    gradient, product = reference.hvp(Expression(text), xs, vs)
    return np.array(gradient, dtype=float), np.array(product, dtype=float)


_SMALL, _AT = [("mul", (0, 1)), ("add", (2, 0)), ("mul", (3, 3))], [2.0, 3.0]  # (a b + a)²


def _is_small_trace(student, reference):
    f = Expression("a, b: a * b + a")
    _require_trace(student.trace(f, _AT), f, _AT, [5.0, 7.0], reference)
    return True


_WITH_UNUSED = [("mul", (0, 1)), ("add", (3, 0)), ("mul", (4, 4))]  # the same with a third input that no line uses

# hvp runs the student's own engine on the student's own numbers, so no author's function can stand in for a part of it.
_PARTS = (
    ("q2", lambda student, _: alike(student.run(_SMALL, _AT, _OPS), [2.0, 3.0, 6.0, 8.0, 64.0])),
    ("q4", lambda student, _: alike(student.backprop(_WITH_UNUSED, [*_AT, 1.0], 1.0, _OPS)[1], [64.0, 32.0, 0.0])),
    ("q7", _is_small_trace),
    (
        "q8",
        lambda student, _: alike(student.dual_derivative(Expression("a, b: a * b + a"), _AT, [1.0, 0.0]), [8.0, 4.0]),
    ),
)


@contextlib.contextmanager
def _on_a_right_engine(student, reference):
    """A check of hvp that fails waits for the first part of the engine that is wrong on a small program."""
    try:
        yield
    except (CheckFailed, RaisedError):
        for question, is_right in _PARTS:
            try:
                right = is_right(student, reference)
            except (CheckFailed, RaisedError, TypeError, IndexError, KeyError):  # of an answer of another form
                right = False
            if not right:
                blocked(question, "`hvp` runs this part of your engine, and it is wrong")
        raise


@check("b2", points=2)
def test_b2_value(student, reference, rng):
    """Gradient and second derivative, also with constants and with an input that nobody uses"""
    for text, n in _CURVED:
        xs, vs = _signed(rng, n).tolist(), _signed(rng, n).tolist()
        with _on_a_right_engine(student, reference):
            _require_second(student.hvp(Expression(text), xs, vs), *_second(reference, text, xs, vs))


@check("b2", points=1)
def test_symmetric(student, reference, rng):
    """Two directions, one after the other: one symmetric matrix, and nothing is remembered"""
    text = "x, y, z: x * y * z + x * x * y - z * z * z"
    xs, directions = _signed(rng, 3).tolist(), (_signed(rng, 3).tolist(), _signed(rng, 3).tolist())
    for vs in directions:
        with _on_a_right_engine(student, reference):
            _require_second(student.hvp(Expression(text), xs, vs), *_second(reference, text, xs, vs))


# --- B3 error_norms, steady_gain ------------------------------------------------------------------


@check("b3", points=1)
def test_norms(student, reference, rng):
    """The length of every layer's error term, for several widths and slopes"""
    for widths, slope in (((3, 5, 4, 2), 0.25), ((4, 4, 4, 4, 4), 0.0), ((2, 3), 0.5)):
        Ws = [_signed(rng, n, m) for m, n in itertools.pairwise(widths)]
        Ws[0][0] = 0  # so one z is exactly 0
        x, u = _signed(rng, widths[0]), _signed(rng, widths[-1])
        right = np.array(reference.error_norms(Ws, x, u, slope))
        ungated = np.array(reference.error_norms(Ws, x, u, 1.0))
        suspects = [
            Suspect(right[::-1], "the lengths stand in reverse. Hint: the first layer first.", "order"),
            Suspect(ungated, "the activation is left out. Hint: an error term passes the gate.", "chain"),
            Suspect(right**2, "these are squares of lengths.", "quantity"),
        ]
        assert_array(student.error_norms(Ws, x, u, slope), right, name="the lengths", suspects=suspects)


@check("b3", points=2)
def test_gain(student, reference, rng):
    """The gain at which the error term keeps its length, up to 3 %, for relu and for drawn slopes"""
    for slope in (*rng.uniform(0.2, 0.7, 3).tolist(), 0.0):
        right = np.array(reference.steady_gain(slope))
        suspects = [
            Suspect(right**2, "this is the square of the gain. Hint: the length, not its square.", "quantity"),
            Suspect(np.array(1.0), "right without an activation. Hint: the gates take a part of it away.", "ignored"),
            Suspect(1 / right, "this is what a layer does to the length; the gain must undo it.", "quantity"),
            Suspect(np.array(2 / (1 + slope)), "a message's mean square decides: slopes are squared.", "quantity"),
        ]
        assert_number(student.steady_gain(slope), float(right), rtol=0.03, name="the gain", suspects=suspects)


# --- B4 checkpointed ------------------------------------------------------------------------------


def _blocks(rng, n_blocks):
    """Blocks x + tanh(w x), each on the block before: 3 n_blocks lines over the inputs x, w and an unused one."""
    program, x = [], 0
    for slot in range(3, 3 + 3 * n_blocks, 3):
        places = [rng.permutation([1, x]), [slot], rng.permutation([x, slot + 1])]
        for name, sources in zip(("mul", "tanh", "add"), places, strict=True):
            program.append((name, tuple(int(s) for s in sources)))
        x = slot + 2
    return program


def _way_back(student, program, xs, u, ops, cuts):
    """What a student's function says. A value that was forgotten too early is mostly met as a missing key."""
    try:
        return student.checkpointed(program, xs, u, ops, cuts)
    except KeyError:
        words = "KeyError: perhaps a value is forgotten that is read later."
        fail(words, "missing", hint="a value stays if any later segment reads it")


class _Segments:
    """A program whose lines each have an op of a name of their own, and what these ops are asked, in order."""

    def __init__(self, rng, n_blocks, cuts):
        self.plain, self.cuts = _blocks(rng, n_blocks), cuts
        self.program = [(f"{name} {i}", sources) for i, (name, sources) in enumerate(self.plain)]
        self.xs, self.u = [float(x) for x in _signed(rng, 3)], float(rng.uniform(1, 2))
        self.events, self.evaluated, self.rules = [], Counter(), Counter()

    def require_gradients(self, student, reference):
        """The gradients of backprop, from ops that write down what they are asked."""
        ops = {name: self._op(i) for i, (name, _) in enumerate(self.program)}
        got = _way_back(student, self.program, self.xs, self.u, ops, self.cuts)
        _require_gradients(got, _right(reference, self.plain, self.xs, self.u))
        if len(self.evaluated) < len(self.program) or len(self.rules) < sum(len(s) for _, s in self.program):
            fail("an op or a rule is not asked that is needed.", "missing")

    def _op(self, i):
        name, sources = self.plain[i]
        op = engine_ops.OPS[name]

        def value(*inputs):
            self.evaluated[i] += 1
            self.events.append((3 + i, sources))
            return op(*inputs)

        def vjp(k, u, y, *inputs):
            self.rules[i, int(k)] += 1
            self.events.append((None, (3 + i, *sources)))
            return op.vjp(int(k), u, y, *inputs)

        return Callback(value, methods={"vjp": vjp})

    def require_memory(self):
        """The questions can be asked while holding no more values of lines than promised."""
        if self._peak() > checkpoints.most_values(self.program, 3, self.cuts):
            words = "the order of questions needs more values at once than cross a cut, plus the longest segment's."
            fail(words, "method", hint="run one segment again, walk back through it, and only then the next one")

    def _peak(self):
        """How many values of lines must have been held at once, at least.

        A value is there from its making until its last use before it is made again, or before the end.
        """
        lives, current = [], {}
        for moment, (made, used) in enumerate(self.events):
            for slot in used:
                if slot in current:
                    current[slot][1] = moment
            if made is not None:
                current[made] = [moment, moment]
                lives.append(current[made])
        return max(sum(made <= t < used for made, used in lives) for t in range(len(self.events)))

    def require_work(self):
        """Each line is evaluated at most twice, and each rule is asked once."""
        if max(self.evaluated.values()) > 2:
            words = "a line's op is evaluated more than twice. Hint: a segment begins with the values that were kept."
            fail(words, "twice")
        if max(self.rules.values()) > 1:
            fail("a rule is asked again. Hint: ask when the line's adjoint is complete, and once.", "twice")


_WITH_A_DEAD_LINE = [("mul", (0, 1)), ("tanh", (1,)), ("add", (3, 0))]


@check("b4", points=1, needs=("q2", "q4"))
def test_b4_value(student, reference, rng):
    """Result and gradients, whatever the cuts are: none, one before each line, several within a block; and D4 to D6"""
    programs = [_blocks(rng, n_blocks) for n_blocks in (2, 2, 4, 3)] + [_WITH_A_DEAD_LINE]
    for program, cuts in zip(programs, ((), (1, 2, 3, 4, 5), (4, 5, 9), (6, 8), (1,)), strict=True):
        xs, u = [_signed(rng, 3), _signed(rng, 3), _signed(rng, 2, 2)], 1 + abs(_signed(rng, 3))
        _require_gradients(_way_back(student, program, xs, u, _OPS, cuts), _right(reference, program, xs, u))
    _require_own_memory(student, reference, rng, "checkpointed", (1,))


# Segments of 4, 1, 4, 4 and 5 lines of 18. Cuts lie within blocks, so that up to two values cross each of them.
_CUTS = (4, 5, 9, 13)


@check("b4", points=2, needs=("q2", "q4"))
def test_b4_memory(student, reference, rng):
    """The questions can be asked while at most the promised number of values is held"""
    asked = _Segments(rng, 6, _CUTS)
    asked.require_gradients(student, reference)
    asked.require_memory()


@check("b4", points=1, needs=("q2", "q4"))
def test_extra(student, reference, rng):
    """At most one evaluation more for each line, each rule once, and no more memory than promised"""
    asked = _Segments(rng, 6, _CUTS)
    asked.require_gradients(student, reference)
    asked.require_memory()
    asked.require_work()
