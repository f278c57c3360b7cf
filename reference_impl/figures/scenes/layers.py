"""A network with one hidden layer, in lists: what both pictures of it compute with. Standard library only.

The player has the same functions.
"""

import math

PARAMETERS = ("W1", "b1", "W2", "b2")


def table_of(values):
    """Rows of floats, from an array or from nested lists; a vector is one row."""
    rows = values.tolist() if hasattr(values, "tolist") else values
    rows = rows if rows and isinstance(rows[0], (list, tuple)) else [rows]
    return [[float(v) for v in row] for row in rows]


def table_or_none(values):
    """Rows of floats; None if a student's answer is no table of numbers."""
    try:
        return table_of(values)
    except (TypeError, ValueError, LookupError, OverflowError):
        return None


def network_of(params):
    """{name: rows of floats} of the four parameters; a bias is one row."""
    return {name: table_of(params[name]) for name in PARAMETERS}


def flows_of(row, net, layer):
    """What each line of a layer carries: a row for each unit at the left, and one for the biases."""
    weights = [*net[f"W{layer}"], net[f"b{layer}"][0]]
    return [[w * v for w in line] for v, line in zip([*row, 1.0], weights, strict=True)]


def sums_of(flows):
    """What arrives at each unit at the right."""
    return [sum(column) for column in zip(*flows, strict=True)]


def gated(sums):
    """What leaves the gates: a sum above 0, else 0. NaN stays, so that it shows."""
    return [z if z > 0 or math.isnan(z) else 0.0 for z in sums]


def log_chances(scores):
    """The logarithms of the probabilities; NaN for all if a score is not finite enough."""
    most = max(scores)
    if not math.isfinite(most):
        return [math.nan for _ in scores]
    total = math.log(math.fsum(math.exp(s - most) for s in scores))
    return [s - most - total for s in scores]
