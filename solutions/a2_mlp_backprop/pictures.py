"""Pictures of A2, from the student's backward on the cache of the student's own forward.

Both cases stand in the notebook: the worked instance, and the batch of Question 7's check `finite_difference`.
"""

import numpy as np

from autograder.authoring import HeatMap, Network, NoPicture, Pair, no_picture, numbers, picture

X = np.array([[1.0, 2.0]])
PARAMS = {
    "W1": np.array([[1.0, -1.0], [0.5, 1.0]]),
    "b1": np.array([0.0, -2.0]),
    "W2": np.array([[1.0, 0.0], [3.0, 1.0]]),
    "b2": np.array([0.0, 1.0]),
}
Y = np.array([0])


def _batch():
    """The five examples of `finite_difference`, drawn there as they are here."""
    rng = np.random.default_rng(2)
    params = {"W1": rng.normal(size=(3, 4)), "b1": rng.normal(size=4), "W2": rng.normal(size=(4, 2)), "b2": np.ones(2)}
    return rng.normal(size=(5, 3)), params, rng.normal(size=(5, 2))


def _backward(student, inputs, params, dlogits):
    """What the student's backward returns on the cache of the student's forward."""
    passed = student.keeping("forward", item=1)(inputs, params)
    if not isinstance(passed, (tuple, list)) or len(passed) != 2:
        no_picture("forward returned no pair (logits, cache) for backward to work on")
    grads = student.backward(dlogits, passed[1], params)
    if not isinstance(grads, dict):
        no_picture("backward returned no dict")
    return grads


def _gradient(grads, name, params):
    if name not in grads:
        no_picture(f"backward returned a dict without {name}")
    return numbers(grads[name], params[name].shape, f"d{name}: backward")


@picture("q7", title="Your gradients, entry by entry")
def heat_map(student, reference):
    """The batch of five of the check finite_difference, from the cache of your own forward. A number is the error of
    one entry, in percent of the largest entry of that array."""
    inputs, params, dlogits = _batch()
    right = reference.backward(dlogits, reference.forward(inputs, params)[1], params)
    grads = _backward(student, inputs, params, dlogits)
    blocks, undrawn = [], []
    for name in params:
        try:
            blocks.append(Pair.of(f"d{name}", _gradient(grads, name, params), right[name]))
        except NoPicture as why:
            undrawn.append(str(why))
    return HeatMap(blocks=tuple(blocks), undrawn=tuple(undrawn)) if blocks else no_picture("; ".join(undrawn))


@picture("q7", title="Your error terms on the network")
def error_terms(student, reference):
    """The worked instance, x = (1, 2) with label 0, read from right to left. In a circle stands the error term of its
    unit, on a line the gradient of its weight; the inputs hold x."""
    logits, cache = reference.forward(X, PARAMS)
    dlogits = reference.cross_entropy_grad(logits, Y)
    right = reference.backward(dlogits, cache, PARAMS)
    grads = _backward(student, X, PARAMS, dlogits)
    yours = {name: _gradient(grads, name, PARAMS) for name in PARAMS}
    hidden, output = (Pair.of(words, yours[b], right[b]) for b, words in (("b1", "hidden units"), ("b2", "logits")))
    weights = tuple(Pair.of(f"d{name}", yours[name], right[name]) for name in ("W1", "W2"))
    return Network(columns=(Pair.of("inputs", X, X), hidden, output), weights=weights)
