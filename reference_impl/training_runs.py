"""Trainings of small networks that may be ill, in one of five ways. For A2's bonus question that asks for a diagnosis.

A run trains a network D-H-K from the same start each time: full batch, gradient descent, relu, cross-entropy.
Plain NumPy, since one diagnosis takes hundreds of steps. Imports nothing of `autograder`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

EXAMPLES, INPUTS, HIDDEN, MOST_STEPS = 120, 12, 8, 80
KINDS = ("fine", "starts too high", "cannot overfit ten", "rate too large", "labels shuffled", "never moves")
RATE = 0.6  # of a run that is well
Run = Callable[[int, int, float], np.ndarray]


class _Ill(NamedTuple):
    """What is ill about a run. factor: of its rate.  last: size of the last weights.  frozen: the first layer rests."""

    factor: float = 1.0
    last: float = 0.1
    frozen: bool = False
    shuffled: bool = False
    hidden: int = HIDDEN


_ILLNESSES = {
    "fine": _Ill(),
    "starts too high": _Ill(last=1.0, factor=0.1),
    "cannot overfit ten": _Ill(frozen=True, hidden=1, factor=0.3),
    "rate too large": _Ill(factor=25.0),
    "labels shuffled": _Ill(shuffled=True),
    "never moves": _Ill(factor=0.0),
}


def draw_run(rng: np.random.Generator, kind: str, n_classes: int) -> Run:
    """A training of this kind: run(n_examples, n_steps, lr) -> the losses before each step, (n_steps,).

    lr: times the rate that the run was set to, so 1 is that rate. n_examples: up to `EXAMPLES`; n_steps: up to
    `MOST_STEPS`; more is cut off.
    """
    ill = _ILLNESSES[kind]
    centres = np.linalg.qr(rng.standard_normal((INPUTS, INPUTS)))[0][:n_classes]
    y = np.concatenate([rng.permutation(n_classes), np.arange(EXAMPLES - n_classes) % n_classes])
    X = 3.0 * centres[y] + 0.7 * rng.standard_normal((EXAMPLES, INPUTS))
    if ill.shuffled:
        y = rng.permutation(y)
    while True:
        W1 = rng.standard_normal((INPUTS, ill.hidden)) * np.sqrt(2 / INPUTS) / 2
        W2 = ill.last * rng.standard_normal((ill.hidden, n_classes)) / np.sqrt(ill.hidden)
        run = _run(X, y, W1, W2, ill)
        while kind == "starts too high" and run(EXAMPLES, 1, 1.0)[0] < np.log(n_classes) + 0.65:
            W2 *= 1.1  # the run reads it
        ten = run(10, MOST_STEPS, 1.0) if kind == "labels shuffled" else np.array([1.0, 0.0])
        if ten[-1] < 0.06 * ten[0]:  # well off the border to "cannot overfit ten": one draw in fifty is not
            return run


def _run(X: np.ndarray, y: np.ndarray, W1: np.ndarray, W2: np.ndarray, ill: _Ill) -> Run:
    def run(n_examples: int, n_steps: int, lr: float) -> np.ndarray:
        some, steps = slice(0, max(1, n_examples)), min(max(0, n_steps), MOST_STEPS)
        return _losses(X[some], y[some], W1, W2, steps, lr * RATE * ill.factor, ill.frozen)

    return run


def _losses(
    X: np.ndarray, y: np.ndarray, W1: np.ndarray, W2: np.ndarray, n_steps: int, lr: float, frozen: bool
) -> np.ndarray:
    """The losses of a training.

    An example is a column, biases are a last column of weights, and all logarithms come last: so it takes the fewest
    calls of NumPy, and on so few numbers each call takes the same microsecond.
    """
    n = len(y)
    X = np.vstack([X.T, np.ones(n)])
    V1 = np.hstack([W1.T, np.full((W1.shape[1], 1), 2.0 if frozen else 0.0)])
    V2 = np.hstack([W2.T, np.zeros((W2.shape[1], 1))])
    a1, z1, s = np.ones((V2.shape[1], n)), np.empty((len(V1), n)), np.empty((len(V2), n))
    hidden, entries, right_ones = a1[:-1], s.reshape(-1), y * n + np.arange(n)
    sums, right, rate = np.empty((n_steps, n)), np.empty((n_steps, n)), lr / n
    with np.errstate(all="ignore"):  # a rate that is too large may end in NaN
        for step in range(n_steps):
            np.maximum(np.matmul(V1, X, out=z1), 0, out=hidden)
            np.matmul(V2, a1, out=s)
            s -= s.max(axis=0)
            right[step] = entries[right_ones]
            np.exp(s, out=s)
            s *= rate / s.sum(axis=0, out=sums[step])
            entries[right_ones] -= rate  # now s is the error term, times the rate
            d_z1 = (V2[:, :-1].T @ s) * (hidden > 0)
            V2 -= s @ a1.T
            if not frozen:
                V1 -= d_z1 @ X.T
        losses: np.ndarray = (np.log(sums).sum(axis=1) - right.sum(axis=1)) / n
    return losses
