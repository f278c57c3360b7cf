"""The numbers of the way back in a network with one hidden layer: messages, sums, gates and gradients.

Every number has a key: `d2-0-1` is δ of example 0 at score 1, `m2-0-1-0` is what score 0 sends to hidden unit 1 about
example 0. The player has the same keys. A student's own numbers can stand in the place of each; then each
later number is computed from the student's, so a mistake shows where it is made. Standard library only.
"""

import math
from typing import NamedTuple

from .layers import flows_of, gated, log_chances, network_of, sums_of, table_of, table_or_none
from .look import label

STEP_RATE = 0.1  # of the one step down at the end
AGREE = 1e-5  # of the largest number of an array: a smaller difference is none


class Disagreement(NamedTuple):
    """A student's number that does not follow from the numbers before it. step: of the scene, from 1 on."""

    step: int
    key: str
    words: str


class Messages(NamedTuple):
    """All numbers by key, and where a student's do not follow from those before them.

    sizes: N examples, D inputs, H hidden units, K scores.  classes: the right class of each example.
    """

    numbers: dict
    disagreements: tuple
    sizes: tuple
    classes: tuple


def follow_messages(params, X, y, yours=None):
    """The numbers of both ways. params: {"W1", "b1", "W2", "b2"}.  X: (N, D).  y: N classes.

    yours: a student's own arrays, each optional: "logits" and "dlogits" (N, K); "sums" (N, H), what arrives at a hidden
    unit; "d1" (N, H), what leaves it; and the gradients "W1", "b1", "W2", "b2". An array of another shape is left out,
    and so is what holds no numbers.
    """
    net = network_of(params)
    inputs, classes = table_of(X), [int(c) for c in y]
    given = {name: table for name, values in (yours or {}).items() if (table := table_or_none(values))}
    numbers, wrong = _message_forward_numbers(net, inputs, classes), []
    sizes = (len(inputs), len(net["W1"]), len(net["W2"]), len(net["b2"][0]))
    _message_first_answers(numbers, sizes, classes, given, wrong)
    _message_answers_of_hidden(numbers, net, sizes, given, wrong)
    _message_harvest(numbers, sizes, given, wrong)
    _message_on_to_the_inputs(numbers, net, sizes)
    numbers["J2"] = _message_cost_after(net, numbers, inputs, classes)
    return Messages(numbers, tuple(wrong), sizes, tuple(classes))


def _message_forward_numbers(net, inputs, classes):
    """x, z, a (hidden units), s (scores) and p (probabilities) of each example, and the cost J."""
    numbers, costs = {}, []
    for n, (row, right) in enumerate(zip(inputs, classes, strict=True)):
        hidden = sums_of(flows_of(row, net, 1))
        active = gated(hidden)
        scores = sums_of(flows_of(active, net, 2))
        log_p = log_chances(scores)
        costs.append(-log_p[right])
        for name, values in {"x": row, "z": hidden, "a": active, "s": scores, "p": map(math.exp, log_p)}.items():
            numbers |= {f"{name}-{n}-{i}": v for i, v in enumerate(values)}
    return {**numbers, "J": sum(costs) / len(costs)}


def _message_first_answers(numbers, sizes, classes, given, wrong):
    """The scores, and their δ: probability minus target, over N."""
    N, _, _, K = sizes
    for key, right, yours in _message_replaced(numbers, "s", given.get("logits"), (N, K)):
        wrong.append(_message_wrong(1, key, "score", f"the way forward gives {right}", f"forward says {yours}"))
    for n in range(N):
        for k in range(K):
            numbers[f"d2-{n}-{k}"] = (numbers[f"p-{n}-{k}"] - (k == classes[n])) / N
    for key, right, yours in _message_replaced(numbers, "d2", given.get("dlogits"), (N, K)):
        rule = f"(probability − target) / N is {right}"
        wrong.append(_message_wrong(1, key, "score", rule, f"cross_entropy_grad says {yours}"))


def _message_answers_of_hidden(numbers, net, sizes, given, wrong):
    """Messages on W2, their sums, and what the gates let through."""
    N, _, H, K = sizes
    for n in range(N):
        for h in range(H):
            sent = [net["W2"][h][k] * numbers[f"d2-{n}-{k}"] for k in range(K)]
            numbers |= {f"m2-{n}-{h}-{k}": m for k, m in enumerate(sent)}
            numbers[f"u-{n}-{h}"] = sum(sent)
    for key, right, yours in _message_replaced(numbers, "u", given.get("sums"), (N, H)):
        rule = f"the arrows add up to {right}"
        wrong.append(_message_wrong(3, key, "hidden unit", rule, f"linear_vjp says {yours}"))
    for n in range(N):
        for h in range(H):
            numbers[f"d1-{n}-{h}"] = numbers[f"u-{n}-{h}"] if numbers[f"z-{n}-{h}"] > 0 else 0.0
    for key, right, yours in _message_replaced(numbers, "d1", given.get("d1"), (N, H)):
        gate = "open" if numbers["z" + key[2:]] > 0 else "closed"
        rule = f"its gate is {gate}, so {right} leaves it"
        wrong.append(_message_wrong(4, key, "hidden unit", rule, f"relu_vjp says {yours}"))


def _message_harvest(numbers, sizes, given, wrong):
    """The gradients: the number at a line's left end times δ at its right end, added over the examples."""
    N, D, H, K = sizes
    for step, layer, left, rows, columns in ((5, 2, "a", H, K), (6, 1, "x", D, H)):
        for j in range(columns):
            answers = [numbers[f"d{layer}-{n}-{j}"] for n in range(N)]
            numbers[f"b{layer}-0-{j}"] = sum(answers)
            for i in range(rows):
                lefts = [numbers[f"{left}-{n}-{i}"] for n in range(N)]
                numbers[f"W{layer}-{i}-{j}"] = sum(v * d for v, d in zip(lefts, answers, strict=True))
        for name, shape in ((f"W{layer}", (rows, columns)), (f"b{layer}", (1, columns))):
            for key, right, yours in _message_replaced(numbers, name, given.get(name), shape):
                ends = "the ends of its line give" if name[0] == "W" else "the sum of δ at its unit is"
                rule = f"{ends} {right}"
                wrong.append(_message_wrong(step, key, "gradient", rule, f"backward says {yours}"))


def _message_on_to_the_inputs(numbers, net, sizes):
    """The messages that a layer before this one would hear."""
    N, D, H, _ = sizes
    for n in range(N):
        for i in range(D):
            sent = [net["W1"][i][h] * numbers[f"d1-{n}-{h}"] for h in range(H)]
            numbers |= {f"m1-{n}-{i}-{h}": m for h, m in enumerate(sent)}
            numbers[f"dx-{n}-{i}"] = sum(sent)


def _message_cost_after(net, numbers, inputs, classes):
    """The cost after one step down along these gradients."""
    moved = {
        name: [[w - STEP_RATE * numbers[f"{name}-{i}-{j}"] for j, w in enumerate(row)] for i, row in enumerate(rows)]
        for name, rows in net.items()
    }
    return _message_forward_numbers(moved, inputs, classes)["J"]


def _message_replaced(numbers, name, given, shape):
    """Put a student's array in the place of ours. Yields (key, ours, the student's) as labels where they differ."""
    if given is None or (len(given), *{len(row) for row in given}) != shape:
        return
    rights = [numbers[f"{name}-{i}-{j}"] for i in range(shape[0]) for j in range(shape[1])]
    largest = max((abs(v) for row in (*given, rights) for v in row if math.isfinite(v)), default=0.0)
    for i, row in enumerate(given):
        for j, yours in enumerate(row):
            key = f"{name}-{i}-{j}"
            right, numbers[key] = numbers[key], yours
            if not _message_agree(right, yours, largest):
                yield key, *_message_labels(right, yours)


def _message_labels(right, yours):
    """Both numbers as text, with more digits where a few show no difference."""
    short = label(right), label(yours)
    return short if short[0] != short[1] else tuple(f"{v:.9g}".replace("-", "−") for v in (right, yours))


def _message_agree(right, yours, largest):
    if right == yours or (math.isnan(right) and math.isnan(yours)):
        return True
    return abs(yours - right) <= AGREE * max(largest, 1e-9)


def _message_wrong(step, key, unit, rule, yours):
    """What is wrong, in words. A unit counts from 1, as people do; an entry of an array from 0, as code does."""
    name, n, i = key.split("-")
    entry = f"d{name}[{i}]" if name[0] == "b" else f"d{name}[{n}, {i}]"
    place = entry if unit == "gradient" else f"{unit.capitalize()} {int(i) + 1}, example {int(n) + 1}"
    return Disagreement(step, key, f"{place}: {rule}, your {yours}.")
