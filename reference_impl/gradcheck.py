"""Three independent ways to test whether a gradient is right, each with the size of its own error.

Differences know nothing of the chain rule, so they cannot repeat a mistake made in it. They need 2 evaluations
of f an entry, and give about 10 good digits of 16. The complex step gives all 16, for functions that allow it.
No function decides: each returns a number or an array. The caller has the tolerance, and a reason for it.
Imports nothing of `autograder`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from reference_impl.gradient_ascent import Array, numerical_gradient

BEST_STEP = float(np.finfo(np.float64).eps) ** (1 / 3)  # 6.06e-6


def central_difference(f: Callable[[Array], Any], x: npt.ArrayLike, h: float = BEST_STEP) -> Array:
    """Approximate the gradient of a scalar function, two evaluations an entry.

    f: takes a float64 array of x's shape, returns one real number.  x: any shape, real.  h: in the units of x.
    Returns float64 of x's shape. x is not changed; f may keep or change its argument.
    Error h**2 |f'''| / 6 from the formula, about eps |f| / h from rounding f. The sum is least at
    h = (3 eps |f| / |f'''|)**(1/3), so eps**(1/3) = 6e-6 for f, f''' and x near 1, and is then near
    eps**(2/3) = 4e-11. One-sided differences are at their best at eps**(1/2), with an error near 1.5e-8.
    If f has a kink within h of x, the result is a mean of two slopes and means nothing.
    Source: Nocedal & Wright, Numerical Optimization, 2nd ed. (2006), section 8.1.
    """
    centre = np.array(x, dtype=np.float64)
    flat = numerical_gradient(lambda probe: float(f(probe.reshape(centre.shape))), centre.ravel(), h)
    return flat.reshape(centre.shape)


def central_difference_dict(
    f: Callable[[dict[str, Array]], Any], params: Mapping[str, npt.ArrayLike], h: float = BEST_STEP
) -> dict[str, Array]:
    """`central_difference` for a function of named arrays: every entry of every array in turn.

    f: takes a dict of float64 arrays, returns one number.  params: name -> array of any shape.
    Returns a dict with the same keys, in order, and a float64 array of each parameter's shape.
    f gets new copies at each call, so it may change them in place. Calls f 2 P times for P entries.
    """

    def along(name: str) -> Callable[[Array], Any]:
        return lambda probe: f({k: probe if k == name else np.array(v, dtype=np.float64) for k, v in params.items()})

    return {name: central_difference(along(name), value, h) for name, value in params.items()}


def complex_step(f: Callable[[npt.NDArray[np.complex128]], Any], x: npt.ArrayLike, h: float = 1e-20) -> Array:
    """The gradient of an analytic function to full precision: Im f(x + i h e_k) / h, one evaluation an entry.

    f: takes a complex128 array of x's shape, returns one number.  x: any shape, real.  Returns float64 of x's shape.
    f(x + ih) = f + ih f' - h**2 f''/2 - ...: the imaginary part is h f' with nothing subtracted, so h can be so
    small that its square vanishes. The error is a few eps.
    Only for f built of analytic functions: + - * / ** exp log tanh sin sqrt @. If f uses abs, relu or max,
    compares, takes a real part, conjugates or norms, the result is wrong, or zero, without a warning.
    Raises TypeError if f returns a real number, because the imaginary part is lost.
    Source: Squire & Trapp, Using complex variables to estimate derivatives of real functions, SIAM Review (1998).
    """
    centre = np.array(x, dtype=np.complex128)
    slopes = np.empty(centre.shape)
    for entry in np.ndindex(centre.shape):
        probe = centre.copy()
        probe[entry] += 1j * h
        value = f(probe)
        if not np.iscomplexobj(value):
            raise TypeError(f"f: expected a complex result, got {type(value).__name__}. Hint: use central_difference.")
        slopes[entry] = np.imag(value) / h
    return slopes


def check_jvp(
    f: Callable[[Array], Array],
    jvp: Callable[[Array], Array],
    x: npt.ArrayLike,
    rng: np.random.Generator,
    h: float = BEST_STEP,
) -> float:
    """How far jvp(v) is from (f(x + hv) - f(x - hv)) / 2h along one random direction v, relative to the larger.

    f: array -> array, both of any shape.  jvp: v of x's shape -> J v of f(x)'s shape.  v has standard normal entries.
    Returns ||difference|| / max(||one||, ||other||), 2-norms, 0 if both are zero; NaN stays NaN.
    For a right jvp about 1e-9 or less with f, x near 1 (see `central_difference`; v's length takes part); a wrong
    factor c gives |c - 1| / max(1, |c|). One random v misses a wrong J with probability zero.
    """
    centre = np.array(x, dtype=np.float64)
    v = rng.standard_normal(centre.shape)
    return _mismatch(np.asarray(jvp(v.copy())), _slope_along(f, centre, v, h))


def check_vjp(
    f: Callable[[Array], Array],
    vjp: Callable[[Array], Array],
    x: npt.ArrayLike,
    rng: np.random.Generator,
    h: float = BEST_STEP,
) -> float:
    """How far <vjp(u), v> is from <u, (f(x + hv) - f(x - hv)) / 2h> for random u and v, relative to their size.

    f: array -> array, both of any shape.  vjp: u of f(x)'s shape -> u J of x's shape.
    Returns |difference| / max(||u|| ||J v||, ||u J|| ||v||), 0 if all is zero; NaN stays NaN. The size is that of
    the vectors and not of the products, which may cancel by chance. For a right vjp about 1e-9 or less with f, x
    near 1. For a wrong vjp it is the part of the error along one random direction: about 1 / sqrt(x.size), not 1.
    Two evaluations of f, whatever the size of x: the test for large layers.
    Source: the dot-product test; Claerbout, Earth Soundings Analysis (1992), chapter 5.
    """
    centre = np.array(x, dtype=np.float64)
    v = rng.standard_normal(centre.shape)
    moved = _slope_along(f, centre, v, h)
    u = rng.standard_normal(moved.shape)
    back = np.asarray(vjp(u.copy()), dtype=np.float64)
    if back.shape != centre.shape:
        raise ValueError(f"vjp: expected the shape of x, {centre.shape}, got {back.shape}.")
    size = max(np.linalg.norm(u) * np.linalg.norm(moved), np.linalg.norm(back) * np.linalg.norm(v))
    difference = abs(float(np.vdot(back, v)) - float(np.vdot(u, moved)))
    return float(difference / size) if size != 0 else difference


def _slope_along(f: Callable[[Array], Array], x: Array, v: Array, h: float) -> Array:
    return (np.array(f(x + h * v), dtype=np.float64) - np.asarray(f(x - h * v), dtype=np.float64)) / (2 * h)


def _mismatch(one: Array, other: Array) -> float:
    if one.shape != other.shape:
        raise ValueError(f"jvp: expected the shape of f(x), {other.shape}, got {one.shape}.")
    size = max(np.linalg.norm(one), np.linalg.norm(other))
    return float(np.linalg.norm(one - other) / size) if size != 0 else 0.0
