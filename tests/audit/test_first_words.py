"""What a student reads first of a mistake: it names the mistake, and no neighbour of it."""

import numpy as np
import pytest
from bundled import bundled_samples, bundled_suite

from autograder.authoring.inprocess import PlainStudent
from autograder.judging.judge import judge

PER_SEGMENT = """
def checkpointed_vjp(layers, x, u, k):
    kept = {}
    for i, layer in enumerate(layers):
        if i % k == 0:
            kept[i] = x
        x = layer(x)
    for i in range(len(layers) - 1, -1, -1):
        z = kept[i // k * k]
        for layer in layers[i // k * k : i]:
            z = layer(z)
        u = layers[i].vjp(z, u)
    return x, u
"""
PROBE = """
def jacobian_reverse(layers, x):
    y = x
    for layer in layers:
        y = layer(y)
    vjp(layers, x, 0 * y)
    return np.stack([vjp(layers, x, e)[1] for e in np.eye(y.size)])
"""
RIGHT = ("jvp", "vjp", "jacobian_forward", "jacobian_reverse", "checkpointed_vjp")
WORDS = [
    ("b1.memory", "recomputes_from_the_start", "", "walks forward from the start of the whole chain again and again"),
    ("b1.memory", "", PER_SEGMENT, "computes the inputs of one segment more than once"),
    ("q5.cost", "probes_for_the_output_size", "", "one pass of jvps more than there are inputs"),
    ("q5.cost", "", PROBE, "one pass of vjps more than there are outputs"),
]


def said(assignment, check_id, source):
    """The message of a check for right functions but those of `source`."""
    names = {"np": np, **{name: getattr(assignment.reference, name) for name in RIGHT}}
    exec(source, names)
    check = next(c for c in assignment.checks if c.id == check_id)
    return judge(check, PlainStudent(names), assignment.reference_of(check), "seed").message


@pytest.mark.parametrize(("check_id", "sample", "source", "words"), WORDS)
def test_the_first_words_of_a_mistake_name_it(check_id, sample, source, words):
    assignment = bundled_suite("a3_forward_vs_reverse")
    sources = {s.name: s.source for s in bundled_samples(assignment.name)}
    assert words in said(assignment, check_id, sources.get(sample, source))
