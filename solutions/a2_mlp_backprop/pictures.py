"""Pictures of A2, from the student's backward on the cache of the student's own forward.

Both cases stand in the notebook: the worked instance, with a second example, and the batch of Question 7's check
`finite_difference`.
"""

import numpy as np

from autograder.authoring import HeatMap, Messages, NoPicture, Pair, no_picture, numbers, picture

X = np.array([[1.0, 2.0], [1.0, 4.0]])  # two, because with one example a second 1/N changes nothing
PARAMS = {
    "W1": np.array([[1.0, -1.0], [0.5, 1.0]]),
    "b1": np.array([0.0, -2.0]),
    "W2": np.array([[1.0, 0.0], [3.0, 1.0]]),
    "b2": np.array([0.0, 1.0]),
}
Y = np.array([0, 1])


def _batch():
    """The five examples of `finite_difference`, drawn there as they are here."""
    rng = np.random.default_rng(2)
    params = {"W1": rng.normal(size=(3, 4)), "b1": rng.normal(size=4), "W2": rng.normal(size=(4, 2)), "b2": np.ones(2)}
    return rng.normal(size=(5, 3)), params, rng.normal(size=(5, 2))


def _forward(student, inputs, params):
    """The student's logits, and the student's cache, which stays in the student's process."""
    passed = student.keeping("forward", item=1)(inputs, params)
    if not isinstance(passed, (tuple, list)) or len(passed) != 2:
        no_picture("forward returned no pair (logits, cache) for backward to work on")
    return passed


def _backward(student, cache, params, dlogits):
    """What the student's backward returns."""
    grads = student.backward(dlogits, cache, params)
    if not isinstance(grads, dict):
        no_picture("backward returned no dict")
    return grads


def _gradient(grads, name, params):
    if name not in grads:
        no_picture(f"backward returned a dict without {name}")
    return numbers(grads[name], params[name].shape, f"d{name}: backward")


@picture("q7", title="Your messages back")
def messages(student, reference):
    """Two examples, x = (1, 2) with label 0 and x = (1, 4) with label 1; the number of the first stands above the
    other's. Each number is worked out from your own numbers before it, and a cross stands where yours is another."""
    sums = X @ PARAMS["W1"] + PARAMS["b1"]
    yours, right = (_way_back(of, sums) for of in (student, reference))
    logits, cache = _forward(student, X, PARAMS)
    right_logits, right_cache = reference.forward(X, PARAMS)
    answers = [Pair.of("logits", numbers(logits, right_logits.shape, "forward"), right_logits)]
    answers += [Pair.of(name, yours[name], right[name]) for name in right]
    grads = _backward(student, cache, PARAMS, yours["dlogits"])
    right = reference.backward(right["dlogits"], right_cache, PARAMS)
    undrawn = []
    for name in PARAMS:
        try:
            answers.append(Pair.of(name, _gradient(grads, name, PARAMS), right[name]))
        except NoPicture as why:
            undrawn.append(str(why))
    return Messages.of(PARAMS, X, Y, answers, undrawn)


@picture("q7", title="Your gradients, entry by entry")
def heat_map(student, reference):
    """The batch of five of the check finite_difference, from the cache of your own forward. A number is the error of
    one entry, in percent of the largest entry of that array."""
    inputs, params, dlogits = _batch()
    right = reference.backward(dlogits, reference.forward(inputs, params)[1], params)
    grads = _backward(student, _forward(student, inputs, params)[1], params, dlogits)
    blocks, undrawn = [], []
    for name in params:
        try:
            blocks.append(Pair.of(f"d{name}", _gradient(grads, name, params), right[name]))
        except NoPicture as why:
            undrawn.append(str(why))
    return HeatMap(blocks=tuple(blocks), undrawn=tuple(undrawn)) if blocks else no_picture("; ".join(undrawn))


def _way_back(of, sums):
    """The messages back of the student or of the reference, each from the ones before it."""
    hidden = np.maximum(sums, 0)
    scores = hidden @ PARAMS["W2"] + PARAMS["b2"]
    dlogits = numbers(of.cross_entropy_grad(scores, Y), scores.shape, "cross_entropy_grad")
    back = of.linear_vjp(hidden, PARAMS["W2"], dlogits)
    if not isinstance(back, (tuple, list)) or not back:
        no_picture("linear_vjp returned no three arrays")
    told = numbers(back[0], hidden.shape, "linear_vjp")
    return {"dlogits": dlogits, "sums": told, "d1": numbers(of.relu_vjp(sums, told), hidden.shape, "relu_vjp")}
