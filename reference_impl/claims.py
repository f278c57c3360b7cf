"""Costs whose gradient is known, and dicts that claim to be that gradient: right ones, and ones with a named fault.

For A2's bonus question that asks for a gradient checker. All costs are one NumPy expression, `COST`, of a dict `p` of
four arrays; only its constants differ. So nothing but the numbers tells a right claim from a wrong one.
Imports nothing of `autograder`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

Arrays = dict[str, np.ndarray]

COST = (
    "p: s * ((lambda r: r * r @ (0.5 + r))(p['A'] @ u + p['b'] - t) + w * np.sin(v * p['c']).sum()"
    " + np.abs(p['d']).sum() + q) - s * q"
)
# What makes a right claim hard to accept, and the fault of the wrong claim about such a cost.
CONDITIONS = {
    "a cost a billion times larger": "all of it is five times too large",
    "a cost a billion times smaller": "its sign is turned",
    "a kink near by": "the square array is transposed",
    "noise of 1e-12 of the cost": "all of it is 0.2 % too large",
    "200 numbers": "one entry of 160 is wrong",
    "arrays of zeros": "one entry of an array of zeros is wrong",
    "an ordinary cost": "two entries are exchanged",
    "one array with small entries": "the array with small entries is zero",
    "entries of very different sizes": "the small entries of an array are zero",
}


_SCALES = {"a cost a billion times larger": 1e9, "a cost a billion times smaller": 1e-9, "arrays of zeros": -1.0}


class Claim(NamedTuple):
    """constants: of `COST`.  params: where.  grads: what is claimed.  right: whether it is so.  words: about it."""

    constants: dict[str, Any]
    params: Arrays
    grads: Arrays
    right: bool
    words: str


def draw_claim(rng: np.random.Generator, condition: str, *, right: bool, size: int = 3) -> Claim:
    """A claim about a cost of this condition. size: the square array is (size, size), the others follow it.

    Of a wrong claim an entry is off by 0.002 of its array's largest entry, or more. `cost` is about 10, times s.
    """
    u, params = rng.choice([-1.0, 1.0], size) * rng.uniform(0.5, 1.5, size), _params(rng, condition, size)
    t = params["A"] @ u + params["b"]
    if condition != "arrays of zeros":
        t = t + rng.choice([-1.0, 1.0], size) * rng.uniform(0.3, 1.0, size)
    many = params["c"].size
    constants = {
        "s": _SCALES.get(condition, 1.0),
        "u": u,
        "t": t,
        "v": rng.permutation(np.geomspace(0.002, 1.0, many)) * rng.choice([-1.0, 1.0], many),
        "w": 1.0,
        "q": 1e4 if condition == "noise of 1e-12 of the cost" else 0.0,
    }
    if condition == "one array with small entries":
        constants |= {"w": 1e-4, "v": -np.abs(constants["v"])}  # all slopes below zero: a size is not a largest number
    grads = gradient_of(constants, params)
    if right:
        return Claim(constants, params, grads, right, condition)
    return Claim(constants, params, _with_fault(rng, condition, grads), right, CONDITIONS[condition])


def _params(rng: np.random.Generator, condition: str, size: int) -> Arrays:
    d = rng.choice([-1.0, 1.0], 2 * size) * rng.uniform(0.5, 1.5, 2 * size)
    if condition == "a kink near by":
        d[rng.integers(2 * size)] *= 2e-3  # |d| has its kink at 0, at least 1e-3 away
    many = 160 if condition == "200 numbers" else 4 * size
    return {
        "A": rng.standard_normal((size, size)),
        "b": rng.standard_normal(size),
        "c": rng.uniform(-0.5, 0.5, many),
        "d": d,
    }


def gradient_of(constants: dict[str, Any], params: Arrays) -> Arrays:
    """The gradient of `COST` in closed form."""
    s, u, v = constants["s"], constants["u"], constants["v"]
    rest = params["A"] @ u + params["b"] - constants["t"]
    slopes = rest + 3 * rest**2  # the cube keeps a finite difference from being exactly 0 where this is 0
    return {
        "A": s * np.outer(slopes, u),
        "b": s * slopes,
        "c": s * constants["w"] * v * np.cos(v * params["c"]),
        "d": s * np.sign(params["d"]),
    }


def _with_fault(rng: np.random.Generator, condition: str, grads: Arrays) -> Arrays:
    """The same gradient with the fault that goes with the condition."""
    c, largest = grads["c"].copy(), np.max(np.abs(grads["c"]))
    match condition:
        case "a cost a billion times larger":
            return {name: 5 * part for name, part in grads.items()}
        case "a cost a billion times smaller":
            return {name: -part for name, part in grads.items()}
        case "a kink near by":
            return {**grads, "A": grads["A"].T.copy()}
        case "noise of 1e-12 of the cost":
            return {name: 1.002 * part for name, part in grads.items()}
        case "200 numbers":
            c[rng.integers(c.size)] += 0.1 * largest
        case "arrays of zeros":
            A = np.zeros_like(grads["A"])
            A[tuple(rng.integers(len(A), size=2))] = -1.0
            return {**grads, "A": A}
        case "an ordinary cost":
            order = np.argsort(c)
            c[order[[0, -1]]] = c[order[[-1, 0]]]
        case "one array with small entries":
            c[:] = 0.0
        case _:
            c[np.abs(c) < 0.1 * largest] = 0.0
    return {**grads, "c": c}
