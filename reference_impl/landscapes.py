"""Ground to climb on: heights with exact gradients, for checks, figures and benchmarks.

Each function builds a frozen `Landscape`. Gradients are written out by hand, so that they share no code
with the central differences they are used to judge. Imports NumPy and nothing of `autograder`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Landscape:
    """A height over (d,), its exact gradient, and where its local maxima are.

    value: (d,) -> float.  gradient: (d,) -> (d,) float64, a fresh array at every call.
    peaks: (P, d) float64, the strict local maxima, highest first; (0, d) where there are none.
    """

    name: str
    dim: int
    value: Callable[[Array], float]
    gradient: Callable[[Array], Array]
    peaks: Array


def quadratic(H: npt.ArrayLike) -> Landscape:
    """Half of x'Hx over (d,), with gradient Hx; a dome, a bowl or a saddle, as the eigenvalues of H decide.

    H: (d, d) real symmetric. The origin is listed as a peak exactly if H is negative definite.
    """
    hessian = np.array(H, dtype=np.float64)
    dim = hessian.shape[0]
    is_dome = bool(np.all(np.linalg.eigvalsh(hessian) < 0))
    return Landscape(
        name="quadratic",
        dim=dim,
        value=lambda x: float(x @ hessian @ x / 2),
        gradient=lambda x: hessian @ x,
        peaks=np.zeros((1 if is_dome else 0, dim)),
    )


def saddle() -> Landscape:
    """(x0**2 - x1**2) / 2: up along x0, down along x1, level at the origin, and no peak anywhere."""
    return quadratic(np.diag([1.0, -1.0]))


def double_peak(left: float, valley: float, right: float) -> Landscape:
    """A quartic over (1,) with peaks at `left` and `right` and its lowest point between them at `valley`.

    Requires left < valley < right. The slope is -(x - left)(x - valley)(x - right); the height is its
    integral from 0. Unless the valley is half-way, the nearer peak is not always the one a climb ends on.
    """
    if not left < valley < right:
        raise ValueError(f"valley: expected between {left} and {right}, got {valley}. Hint: left < valley < right.")
    slope = -np.polynomial.Polynomial.fromroots([left, valley, right])
    height = slope.integ()
    peaks = np.array(sorted([[left], [right]], key=lambda peak: -height(peak[0])))
    return Landscape(
        name="double_peak",
        dim=1,
        value=lambda x: float(height(x[0])),
        gradient=lambda x: np.array([slope(x[0])]),
        peaks=peaks,
    )


def twin_hills(left: float, valley: float, right: float) -> Landscape:
    """`double_peak` along x0 and a dome -x1**2 / 2 across: two peaks on the line x1 = 0, a saddle between."""
    along = double_peak(left, valley, right)
    return Landscape(
        name="twin_hills",
        dim=2,
        value=lambda x: along.value(x[:1]) - float(x[1] ** 2) / 2,
        gradient=lambda x: np.array([along.gradient(x[:1])[0], -x[1]]),
        peaks=np.hstack([along.peaks, np.zeros((2, 1))]),
    )


def gaussian_hills(centres: npt.ArrayLike, heights: npt.ArrayLike) -> Landscape:
    """sum_k heights[k] exp(-|x - centres[k]|**2 / 2) over (d,): hills on an endless, almost level plain.

    centres: (P, d).  heights: (P,), positive. Far from every hill the gradient is tiny but not zero.
    `peaks` lists the centres, highest hill first: exact for one hill, and for hills at distance r moved by
    about r exp(-r**2 / 2) times the ratio of the heights (1e-5 at r = 5.2).
    """
    middles, tops = np.array(centres, dtype=np.float64), np.array(heights, dtype=np.float64)

    def bumps(x: Array) -> Array:
        return np.asarray(tops * np.exp(-np.sum((x - middles) ** 2, axis=1) / 2), dtype=np.float64)

    return Landscape(
        name="gaussian_hills",
        dim=middles.shape[1],
        value=lambda x: float(np.sum(bumps(x))),
        gradient=lambda x: bumps(x) @ (middles - x),
        peaks=middles[np.argsort(-tops, kind="stable")],
    )


def plateau(edge: float = 1.0) -> Landscape:
    """-(max(|x| - edge, 0))**2 / 2 over (1,): exactly level for |x| <= edge, falling away outside.

    Every level point is a maximum and none is a strict one, so `peaks` is empty.
    """

    def overhang(x: Array) -> Array:
        return np.asarray(np.sign(x) * np.maximum(np.abs(x) - edge, 0.0), dtype=np.float64)

    return Landscape(
        name="plateau",
        dim=1,
        value=lambda x: float(-(overhang(x)[0] ** 2) / 2),
        gradient=lambda x: -overhang(x),
        peaks=np.zeros((0, 1)),
    )


def log_ridge() -> Landscape:
    """log(x) - x over (1,), peak at 1; NaN, height and slope alike, for x <= 0, where it is not defined."""

    def value(x: Array) -> float:
        return float(np.log(x[0]) - x[0]) if x[0] > 0 else float("nan")

    def gradient(x: Array) -> Array:
        return np.array([1 / x[0] - 1 if x[0] > 0 else np.nan])

    return Landscape(name="log_ridge", dim=1, value=value, gradient=gradient, peaks=np.ones((1, 1)))


def log_sum_exp(dim: int) -> Landscape:
    """log(sum_i exp(x_i)) over (d,), convex; its gradient is the softmax.

    Shifted by max(x) before any exp, so it never overflows.
    """

    def value(x: Array) -> float:
        top = np.max(x)
        return float(top + np.log(np.sum(np.exp(x - top))))

    def gradient(x: Array) -> Array:
        weights = np.exp(x - np.max(x))
        return np.asarray(weights / np.sum(weights), dtype=np.float64)

    return Landscape(name="log_sum_exp", dim=dim, value=value, gradient=gradient, peaks=np.zeros((0, dim)))


def rational_dip() -> Landscape:
    """x**2 / (1 + x**2) over (1,): one minimum, at 0, and it is global, yet the function is not convex."""
    return Landscape(
        name="rational_dip",
        dim=1,
        value=lambda x: float(x[0] ** 2 / (1 + x[0] ** 2)),
        gradient=lambda x: 2 * x / (1 + x**2) ** 2,
        peaks=np.zeros((0, 1)),
    )
