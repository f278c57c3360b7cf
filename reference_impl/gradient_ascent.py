"""Gradient ascent and its landscape: the reference solution of assignment 1.

Every method climbs: `grad` points uphill, and a step adds. To minimise a cost J, climb -J.
A height is a function f: (d,) -> float, its gradient a function grad: (d,) -> (d,). Every function
is pure: arguments keep their contents, results own their memory. Imports nothing of `autograder`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import permutations
from typing import Any

import numpy as np
import numpy.typing as npt

from reference_impl.backend import namespace_of

Array = npt.NDArray[np.float64]
Height = Callable[[Array], float]
Gradient = Callable[[Array], Array]


def numerical_gradient(f: Height, x: npt.ArrayLike, h: float = 1e-5) -> Array:
    """Approximate the gradient of a height by central differences, two probes a coordinate.

    f: (d,) -> float.  x: (d,), any real dtype.  h: half the distance between two probes, in the units of x.
    Returns (d,) float64. Calls f exactly 2d times.
    Error about h**2 |f'''| / 6 from the formula and eps |f| / h from rounding; both are near 1e-11 at the
    default for f and x near 1.
    Source: Nocedal & Wright, Numerical Optimization, 2nd ed. (2006), section 8.1.
    """
    centre = np.array(x, dtype=np.float64)  # a copy, and floats: 2 + 1e-5 stored among integers is 2
    probes = h * np.eye(centre.size)
    return np.array([(f(centre + probe) - f(centre - probe)) / (2 * h) for probe in probes], dtype=np.float64)


def steepest_direction(g: Any) -> Any:
    """The unit vector along a gradient; zeros if the ground is level.

    g: (d,) real and finite.  Returns (d,) float64 of 2-norm 1 to rounding, or exactly zeros for g = 0. An array of
    another library stays one, in its precision.
    Dividing by the largest entry first keeps the squares of 1e-200 from underflowing to a norm of zero,
    and those of 1e200 from overflowing. A small constant in the denominator instead would shorten every
    direction on gentle ground.
    """
    elsewhere = hasattr(g, "__array_namespace__") and not isinstance(g, np.ndarray)
    gradient: Any = g if elsewhere else np.array(g, dtype=np.float64)
    xp = namespace_of(gradient)
    if not xp.any(gradient != 0):
        return xp.zeros_like(gradient)
    scaled = gradient / xp.max(xp.abs(gradient))
    return scaled / xp.sqrt(xp.sum(scaled * scaled))


def gradient_ascent(grad: Gradient, x0: npt.ArrayLike, lr: float, n_steps: int, tol: float = 0.0) -> Array:
    """Climb: x_{t+1} = x_t + lr grad(x_t), at most n_steps times.

    grad: (d,) -> (d,); it may refill and return one array.  x0: (d,), any real dtype.  lr > 0.
    Stops before a step when the 2-norm of the gradient is <= tol; with tol = 0, only at an exact zero.
    Returns (T + 1, d) float64: row t is the place after t steps, row 0 is x0, and T <= n_steps.
    Source: Cauchy (1847); Nocedal & Wright (2006), section 2.2, with the sign turned.
    """
    path = [np.array(x0, dtype=np.float64)]
    for _ in range(n_steps):
        gradient = grad(path[-1].copy())
        if np.linalg.norm(gradient) <= tol:
            break
        path.append(path[-1] + lr * gradient)  # a new array: `+=` would move the rows already stored
    return np.array(path)


def classify_critical_point(H: npt.ArrayLike, tol: float = 1e-8) -> str:
    """Name a point of zero gradient by the curvatures around it.

    H: (d, d) real symmetric Hessian.  tol: in the units of H; eigenvalues within [-tol, tol] count as flat.
    Returns "saddle" if some curvature exceeds tol and some lies below -tol, whatever the others are; else
    "degenerate" if any is flat (second derivatives do not decide); else "maximum" or "minimum".
    Source: the second-derivative test; Nocedal & Wright (2006), theorems 2.3 and 2.4.
    """
    curvatures = np.linalg.eigvalsh(np.asarray(H, dtype=np.float64))
    up, down = bool(np.any(curvatures > tol)), bool(np.any(curvatures < -tol))
    if up and down:
        return "saddle"
    if np.any(np.abs(curvatures) <= tol):
        return "degenerate"
    return "minimum" if up else "maximum"


def convexity_witness(
    f: Height, points: npt.ArrayLike, ts: Sequence[float] = (0.25, 0.5, 0.75), tol: float = 1e-9
) -> tuple[Array, Array, float] | None:
    """Look for a chord that dips below the graph, the proof that f is not convex.

    f: (d,) -> float.  points: (M, d).  ts: numbers in (0, 1).  tol: in the units of f; allows for rounding.
    Returns (a, b, t), two rows of `points` (in either order) and one of `ts`, such that
    f((1 - t) a + t b) > (1 - t) f(a) + t f(b) + tol, or None if no such triple exists. None proves nothing
    beyond these points. Calls f at most M + M (M - 1) len(ts) times.
    Source: Boyd & Vandenberghe, Convex Optimization (2004), definition (3.1).
    """
    places = np.array(points, dtype=np.float64)
    heights = [float(f(place.copy())) for place in places]
    for i, j in permutations(range(len(places)), 2):
        for t in ts:
            chord = (1 - t) * heights[i] + t * heights[j]
            if f((1 - t) * places[i] + t * places[j]) > chord + tol:
                return places[i].copy(), places[j].copy(), float(t)
    return None


def max_stable_lr(H: npt.ArrayLike) -> float:
    """The supremum of learning rates for which ascent on x'Hx / 2 does not diverge.

    H: (d, d) real symmetric, negative definite.  Returns 2 / max |eigenvalue of H|, in units of 1 / H.
    Along an eigenvector of eigenvalue -c a step multiplies x by 1 - lr c, which stays within [-1, 1] for
    lr <= 2 / c; the sharpest curvature decides.
    Source: Goodfellow, Bengio & Courville, Deep Learning (2016), section 4.3.
    """
    return float(2.0 / np.max(np.abs(np.linalg.eigvalsh(np.asarray(H, dtype=np.float64)))))


def best_of_restarts(f: Height, grad: Gradient, starts: npt.ArrayLike, lr: float, n_steps: int) -> Array:
    """Climb from every start and keep the highest end point.

    f: (d,) -> float, grad: (d,) -> (d,).  starts: (M, d), M >= 1.
    Returns (d,) float64, the last row of the winning climb. A climb whose end has a height of NaN loses
    against any other; of equal heights the first start wins. Calls grad at most M n_steps times, f M times.
    """
    places = np.asarray(starts, dtype=np.float64)
    ends: list[Array] = [gradient_ascent(grad, start, lr, n_steps)[-1] for start in places]
    heights = np.array([f(end.copy()) for end in ends], dtype=np.float64)
    # argmax would crown a NaN: every comparison with it is false, so NumPy treats it as the largest.
    return ends[int(np.argmax(np.where(np.isnan(heights), -np.inf, heights)))]


def basins(
    grad: Gradient, starts: npt.ArrayLike, peaks: npt.ArrayLike, lr: float, n_steps: int
) -> npt.NDArray[np.int64]:
    """Label every start with the peak that is nearest to the end of its climb.

    grad: (d,) -> (d,).  starts: (M, d).  peaks: (P, d).
    Returns (M,) int64: the row of `peaks` at the smallest 2-norm distance from the end of the climb.
    """
    tops = np.asarray(peaks, dtype=np.float64)
    ends = [gradient_ascent(grad, start, lr, n_steps)[-1] for start in np.asarray(starts, dtype=np.float64)]
    return np.array([np.argmin(np.linalg.norm(tops - end, axis=1)) for end in ends], dtype=np.int64)


def backtracking_ascent(f: Height, grad: Gradient, x0: npt.ArrayLike, lr0: float, n_steps: int) -> Array:
    """Climb with Armijo backtracking: halve the rate until the step gains enough, so the height never falls.

    f, grad, x0, n_steps: as in `gradient_ascent`, with f(x0) finite.  lr0 > 0: the first rate tried at every
    step. The trial x + r g is taken when f(x + r g) >= f(x) + 1e-4 r |g|**2; a height of NaN is refused.
    Stops at an exactly zero gradient, or if 60 halvings do not help (rounding hides the rise).
    Returns (T + 1, d) float64, row 0 is x0.
    Source: Armijo (1966); Nocedal & Wright (2006), algorithm 3.1.
    """
    path: list[Array] = [np.array(x0, dtype=np.float64)]
    for _ in range(n_steps):
        x = path[-1]
        gradient = np.array(grad(x.copy()), dtype=np.float64)
        trial = _armijo_trial(f, x, gradient, lr0)
        if trial is None:
            break
        path.append(trial)
    return np.array(path)


def _armijo_trial(f: Height, x: Array, gradient: Array, lr0: float) -> Array | None:
    steepness = float(gradient @ gradient)
    if steepness == 0.0:
        return None
    height, rate = f(x.copy()), lr0
    for _ in range(61):
        trial = x + rate * gradient
        if f(trial.copy()) >= height + 1e-4 * rate * steepness:  # false for NaN, as it should be
            return trial
        rate /= 2
    return None


def leave_saddle(
    grad: Gradient,
    x0: npt.ArrayLike,
    lr: float,
    n_steps: int,
    *,
    tol: float = 1e-8,
    radius: float = 1e-3,
    seed: int = 0,
) -> Array:
    """Climb, but add one random kick if the start is level ground.

    As `gradient_ascent(grad, x0, lr, n_steps)` when the 2-norm of grad(x0) is above tol. Otherwise row 0 is
    x0, row 1 is x0 + kick with a kick of 2-norm `radius` in a random direction drawn from
    `np.random.default_rng(seed)`, and n_steps ordinary steps follow: (T + 2, d) float64.
    Equal seeds give equal paths, and NumPy's global random state is not touched.
    Source: Ge, Huang, Jin & Yuan, Escaping from saddle points (COLT 2015), with a single kick.
    """
    start = np.array(x0, dtype=np.float64)
    if np.linalg.norm(grad(start.copy())) > tol:
        return gradient_ascent(grad, start, lr, n_steps)
    kick = radius * steepest_direction(np.random.default_rng(seed).standard_normal(start.shape))
    return np.vstack([start, gradient_ascent(grad, start + kick, lr, n_steps)])


def heavy_ball(grad: Gradient, x0: npt.ArrayLike, lr: float, beta: float, n_steps: int) -> Array:
    """Climb with momentum: v becomes beta v + grad(x), then x becomes x + lr v. v is zero at the start.

    grad: (d,) -> (d,); it may refill and return one array.  x0: (d,), any real dtype.  0 <= beta < 1.
    Returns (n_steps + 1, d) float64: row 0 is x0. It never stops early. With beta = 0 it is `gradient_ascent`.
    Source: Polyak, Some methods of speeding up the convergence of iteration methods (1964), with the sign turned.
    """
    path = [np.array(x0, dtype=np.float64)]
    velocity = np.zeros_like(path[0])
    for _ in range(n_steps):
        velocity = beta * velocity + grad(path[-1].copy())
        path.append(path[-1] + lr * velocity)
    return np.array(path)
