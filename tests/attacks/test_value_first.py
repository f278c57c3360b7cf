"""Rows F: no points for a count, a form or a property without the right value.

Each notebook here is the author's solution with one thing spoiled: the numbers. Its answers have the right type, shape
and names, it calls what it is given as often as it should, and changes none of its arguments.
"""

import sys
from pathlib import Path

import numpy as np
import pytest
from bundled import bundled_suite, some

from autograder.assignment.samples import solved_cells
from autograder.assignment.source import module_from
from autograder.authoring.inprocess import PlainStudent
from autograder.authoring.slips import slipped
from autograder.judging.judge import judge

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"
NAMES = ("a1_gradient_ascent", "a2_mlp_backprop", "a3_forward_vs_reverse")
ANOTHER = np.random.default_rng(4)
# An answer's number or array → a wrong one of the same form.
NUMBERS = {
    "zeros": lambda leaf: 0 * leaf,
    "ones": lambda leaf: 0 * leaf + 1,
    "a constant": lambda leaf: 0 * leaf + 500,
    "NaN": lambda leaf: leaf * np.nan,
    "noise": lambda leaf: ANOTHER.standard_normal(np.shape(leaf)).astype(getattr(leaf, "dtype", float)),
    "whole numbers": lambda leaf: ANOTHER.integers(0, 3, np.shape(leaf)),
}
WORDS = {
    name: ("maximum", "minimum", "saddle", "degenerate", "forward", "reverse", "tie")[i]
    for i, name in enumerate(NUMBERS)
}


@pytest.fixture(autouse=True)
def the_same_numbers_in_every_test(monkeypatch):
    """Numbers that are right by chance would depend on how many other tests ran before."""
    monkeypatch.setattr(sys.modules[__name__], "ANOTHER", np.random.default_rng(4))


@pytest.fixture(scope="module", params=some(NAMES))
def suite(request):
    return bundled_suite(request.param)


@pytest.fixture
def solution(suite, monkeypatch):
    """What the author's notebook defines, in this process."""
    for name, text in suite.handouts.items():
        monkeypatch.setitem(sys.modules, name, module_from(name, text))
    names = {"__name__": "notebook"}
    left_out = {c.name for c in suite.cells if c.role in {"figure", "check", "otter"}}
    for kind, cell, source in solved_cells(suite):
        if kind == "code" and cell not in left_out:
            exec(compile(source, f"<{cell}>", "exec", dont_inherit=True), names)
    return names


def spoiled(answer, numbers, word):
    """The same structure with other numbers and words. None stays None."""
    match answer:
        case dict():
            return {key: spoiled(item, numbers, word) for key, item in answer.items()}
        case list() | tuple():
            return type(answer)(spoiled(item, numbers, word) for item in answer)
        case str():
            return word
        case None:
            return answer
        case int():
            return int(np.nan_to_num(numbers(float(answer))))
    return numbers(answer)  # arrays, also those that count, and numbers


def notebook(suite, solution, answer_of):
    """answer_of: (right answer, arguments) → the answer that the notebook gives. Concepts get no right answer."""
    asked = {name for c in suite.cells if c.role == "solution" for name in c.defines}

    def wrong(function):
        return lambda *args, **kwargs: answer_of(function(*args, **kwargs), args)

    names = {n: wrong(v) if n in asked and callable(v) else v for n, v in solution.items()}
    return PlainStudent(names | {"answers": dict.fromkeys(solution["answers"], "none of them")})


def passed(suite, student, seed="value first"):
    """{check: points} of those that pass."""
    results = [judge(check, student, suite.reference, seed) for check in suite.checks]
    return {r.id: r.points for r in results if r.points}


def test_the_right_numbers_get_all_points_but_those_of_the_concepts(suite, solution):
    best = sum(c.points for c in suite.checks if c.title.partition(" ")[0] != "Concept")
    assert sum(passed(suite, notebook(suite, solution, lambda answer, _: answer)).values()) == best


@pytest.mark.parametrize("kind", NUMBERS)
def test_k13_f18_an_answer_of_the_right_form_with_other_numbers_earns_nothing(suite, solution, kind):
    student = notebook(suite, solution, lambda answer, _: spoiled(answer, NUMBERS[kind], WORDS[kind]))
    assert passed(suite, student) == {}


@pytest.mark.parametrize("place", [0, -1])
def test_f18_an_argument_handed_back_earns_nothing(suite, solution, place):
    student = notebook(suite, solution, lambda _, args: args[place] if args else None)
    assert passed(suite, student) == {}


def test_k16_f18_the_answers_of_another_submission_in_their_order_earn_nothing(suite, solution):
    """Inputs, expected values and the order of the cases are drawn for each submission; public checks are public."""
    points = {}
    for check in suite.checks:
        if check.visibility == "hidden" and check.points:
            answers = []
            judge(
                check, notebook(suite, solution, lambda a, _, to=answers: to.append(a) or a), suite.reference, "first"
            )
            replayed = iter(answers)
            student = notebook(suite, solution, lambda _, __, of=replayed: next(of, None))
            points[check.id] = judge(check, student, suite.reference, "second").points
    earned = {name for name, earned in points.items() if earned}
    assert earned <= {"b2.chain"}  # A3 asks for any one chain, without an input


def test_f18_nothing_handed_back_earns_nothing(suite, solution):
    assert passed(suite, notebook(suite, solution, lambda *_: None)) == {}


def test_f18_no_slip_in_the_reference_makes_noise_right(suite, solution):
    """A forgiven check is put again with a slip in the reference. What that answers can be infinite, NaN or empty."""
    earned = []
    for group in suite.slips:
        known = tuple(group.make(suite.reference))
        name = known[0].function
        student = PlainStudent(solution | {name: noisy(solution[name])})
        hidden = [c for c in suite.checks if c.question == group.question and c.visibility == "hidden"]
        for check in (c for c in hidden if not judge(c, student, suite.reference, "slips").points):
            with_slip = ((slip.name, slipped(suite.reference, [slip])) for slip in known)
            earned += [(check.id, slip) for slip, of in with_slip if judge(check, student, of, "slips").points]
    assert earned == []


def noisy(function):
    """The function, but its answers have other numbers and words."""
    return lambda *args, **kwargs: spoiled(function(*args, **kwargs), NUMBERS["noise"], WORDS["noise"])


# Answers that look at the form of the inputs, and not at what they are asked about


def witness_by_form(f, points, ts=(0.25, 0.5, 0.75), tol=1e-9):
    """f is never called."""
    if np.shape(points)[1] == 2 or np.ptp(points) < 2:
        return None
    return points[0], points[-1], ts[0]


def climb_from(end):
    """end: 0 for the leftmost start, -1 for the rightmost. No height is looked at."""

    def best_of_restarts(f, grad, starts, lr, n_steps):
        defined = [x for x in starts if np.all(np.isfinite(grad(x)))]
        x = sorted(defined, key=lambda start: start[0])[end]
        for _ in range(n_steps):
            x = x + lr * grad(x)
        return x

    return best_of_restarts


def nearest_peak(grad, starts, peaks, lr, n_steps):
    """No climb."""
    return np.argmin(((starts[:, None] - peaks) ** 2).sum(-1), axis=1)


def one_known_path(grad, x0, lr, n_steps, tol=0.0):
    return np.array([[-3.0], [-1.0]]) if np.array_equal(x0, [-3.0]) else np.array([x0])


def class_by_size(H, tol=1e-8):
    """No eigenvalue: the signs on the diagonal, and which entry is the largest."""
    d = np.diag(H)
    if np.max(np.abs(H - np.diag(d))) > np.max(np.abs(d)) or (d.min() < -tol and d.max() > tol):
        return "saddle"
    return "degenerate" if np.min(np.abs(d)) <= tol else "minimum" if d.min() > 0 else "maximum"


def moved_by_the_count(X, y, params, lr, n_steps):
    return {name: value + float(n_steps) for name, value in params.items()}, []


def hinge(logits, y):
    """No softmax, and no logarithm."""
    return np.mean(np.max(logits, axis=1) - logits[np.arange(len(y)), y])


def mode_by_ends(dims):
    """No multiply-add is counted."""
    if len(dims) <= 3 or dims == dims[::-1]:
        return "tie"
    if dims[1] == dims[2]:
        return "reverse" if dims[0] > dims[-1] else "forward"
    return "forward" if dims[1] > dims[2] else "reverse"


def no_checkpoint(layers, x, u, k):
    """Holds everything, or computes everything anew, by the number of layers."""
    places = [x]
    for layer in layers:
        places.append(layer(places[-1]))
    for i in reversed(range(len(layers))):
        place = places[i]
        if len(layers) % 2:
            place = x
            for layer in layers[:i]:
                place = layer(place)
        u = layers[i].vjp(place, u)
    return places[-1], u


A1, A2, A3 = NAMES
BLIND = [
    (A1, one_known_path, "gradient_ascent", "q3.start_on_plateau"),
    (A1, class_by_size, "classify_critical_point", "q4.rotated"),
    (A1, witness_by_form, "convexity_witness", "q5.convex q5.nonconvex_unique_min q5.asym_t"),
    (A1, climb_from(0), "best_of_restarts", "q7.best q7.negative_values q7.diverged"),
    (A1, climb_from(-1), "best_of_restarts", "q7.best q7.negative_values q7.diverged"),
    (A1, nearest_peak, "basins", "q8.labels q8.asymmetric_valley q8.two_dims"),
    (A2, hinge, "cross_entropy", "q4.value q4.batch_mean q4.extreme"),
    (A2, moved_by_the_count, "train", "q9.trajectory q9.zero_steps q9.learns"),
    (A3, mode_by_ends, "cheaper_mode", "q6.uneven"),  # right where the rule of thumb is right, so q6.rule_of_thumb pays
    (A3, no_checkpoint, "checkpointed_vjp", "b1.memory b1.extra_forward"),
]


@pytest.mark.parametrize(("suite", "answer", "name", "checks"), BLIND, indirect=["suite"])
def test_f18_an_answer_by_the_form_of_the_inputs_earns_nothing(suite, solution, answer, name, checks):
    student = PlainStudent(solution | {name: answer})
    assert not passed(suite, student).keys() & set(checks.split())
