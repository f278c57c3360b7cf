"""Second derivatives along a direction: forward mode over reverse mode, a bonus of assignment 4.

The engine converts no value, so its way back also runs on dual numbers. Each gradient then carries its own derivative.
Imports nothing of `autograder`.
Source: Pearlmutter, Fast exact multiplication by the Hessian, Neural Computation 6 (1994).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from reference_impl.engine import DualNumber, gradients, trace
from reference_impl.engine_ops import OPS


def hvp(f: Callable[..., Any], xs: Sequence[float], vs: Sequence[float]) -> tuple[list[Any], list[Any]]:
    """The gradient of f at xs, and the second derivative (the Hessian matrix) times vs: two lists of numbers.

    f: made of + - * alone, as `trace` takes it.  xs, vs: one number for each argument of f.
    """
    program, inputs = trace(f, xs)
    tangents = [*vs, *(0.0 for _ in inputs[len(xs) :])]
    duals = [DualNumber(x, v) for x, v in zip(inputs, tangents, strict=True)]
    _, grads = gradients(program, duals, DualNumber(1.0), OPS, range(len(xs)))
    numbers = [g if isinstance(g, DualNumber) else DualNumber(g) for g in grads]
    return [g.value for g in numbers], [np.array(g.tangent) for g in numbers]
