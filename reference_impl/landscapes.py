"""Landscapes to climb: heights with exact gradients, for checks, figures and benchmarks.

Each function builds a frozen `Landscape`: two formulas and their constants, so that it can be sent to another
process as text and numbers. Gradients are written out by hand; they share no code with the central differences
that they test. Imports NumPy and nothing of `autograder`.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Landscape:
    """A height over (d,), its exact gradient, and the places of its local maxima.

    height, slope: NumPy expressions of x, (d,) float64, and the constants by name; the slope is the gradient.
    peaks: (P, d) float64, the strict local maxima, highest first; (0, d) if there are none.
    """

    name: str
    dim: int
    height: str
    slope: str
    constants: Mapping[str, Any]
    peaks: Array

    def value(self, x: Array) -> float:
        """The height at x (d,)."""
        return float(_function(self.height, tuple(self.constants))(x, **self.constants))

    def gradient(self, x: Array) -> Array:
        """The gradient at x (d,): (d,) float64, a new array at every call."""
        return np.array(_function(self.slope, tuple(self.constants))(x, **self.constants), dtype=np.float64)


@functools.cache
def _function(formula: str, constants: tuple[str, ...]) -> Callable[..., Any]:
    function: Callable[..., Any] = eval(f"lambda {', '.join(('x', *constants))}: {formula}", {"np": np})  # noqa: S307
    return function


def quadratic(H: npt.ArrayLike) -> Landscape:
    """Half of x'Hx over (d,), with gradient Hx; the eigenvalues of H make it a dome, a bowl or a saddle.

    H: (d, d) real symmetric. The origin is listed as a peak exactly if H is negative definite.
    """
    hessian = np.array(H, dtype=np.float64)
    dim = hessian.shape[0]
    is_dome = bool(np.all(np.linalg.eigvalsh(hessian) < 0))
    return Landscape(
        name="quadratic",
        dim=dim,
        height="x @ H @ x / 2",
        slope="H @ x",
        constants={"H": hessian},
        peaks=np.zeros((1 if is_dome else 0, dim)),
    )


def saddle() -> Landscape:
    """(x0**2 - x1**2) / 2: up along x0, down along x1, level at the origin, and no peak anywhere."""
    return quadratic(np.diag([1.0, -1.0]))


def double_peak(left: float, valley: float, right: float) -> Landscape:
    """A quartic over (1,) with peaks at `left` and `right` and its lowest point between them at `valley`.

    Requires left < valley < right. The slope is -(x - left)(x - valley)(x - right); the height is its
    integral from 0. Unless the valley is half-way, a climb does not always end on the nearer peak.
    """
    if not left < valley < right:
        raise ValueError(f"valley: expected between {left} and {right}, got {valley}. Hint: left < valley < right.")
    quartic = np.polyint(-np.poly([left, valley, right]))
    peaks = np.array(sorted([[left], [right]], key=lambda peak: -np.polyval(quartic, peak[0])))
    return Landscape(
        name="double_peak",
        dim=1,
        height="(((q[0] * x[0] + q[1]) * x[0] + q[2]) * x[0] + q[3]) * x[0]",
        slope="-(x - left) * (x - valley) * (x - right)",
        constants={"q": quartic, "left": left, "valley": valley, "right": right},
        peaks=peaks,
    )


def twin_hills(left: float, valley: float, right: float) -> Landscape:
    """`double_peak` along x0 and a dome -x1**2 / 2 across: two peaks on the line x1 = 0, a saddle between."""
    along = double_peak(left, valley, right)
    return Landscape(
        name="twin_hills",
        dim=2,
        height=f"{along.height} - x[1] ** 2 / 2",
        slope="np.array([-(x[0] - left) * (x[0] - valley) * (x[0] - right), -x[1]])",
        constants=along.constants,
        peaks=np.hstack([along.peaks, np.zeros((2, 1))]),
    )


def gaussian_hills(centres: npt.ArrayLike, heights: npt.ArrayLike) -> Landscape:
    """sum_k heights[k] exp(-|x - centres[k]|**2 / 2) over (d,): hills on an endless, almost level plain.

    centres: (P, d).  heights: (P,), positive. Far from every hill the gradient is tiny but not zero.
    `peaks` lists the centres, highest hill first: exact for one hill, and for hills at distance r moved by
    about r exp(-r**2 / 2) times the ratio of the heights (1e-5 at r = 5.2).
    """
    middles, tops = np.array(centres, dtype=np.float64), np.array(heights, dtype=np.float64)

    bumps = "tops * np.exp(-np.sum((x - middles) ** 2, axis=1) / 2)"
    return Landscape(
        name="gaussian_hills",
        dim=middles.shape[1],
        height=f"np.sum({bumps})",
        slope=f"({bumps}) @ (middles - x)",
        constants={"middles": middles, "tops": tops},
        peaks=middles[np.argsort(-tops, kind="stable")],
    )


def plateau(edge: float = 1.0) -> Landscape:
    """-(max(|x| - edge, 0))**2 / 2 over (1,): exactly level for |x| <= edge, falling outside.

    Every level point is a maximum and none is a strict one, so `peaks` is empty.
    """
    overhang = "np.maximum(np.abs(x) - edge, 0.0)"
    return Landscape(
        name="plateau",
        dim=1,
        height=f"-np.sum({overhang} ** 2) / 2",
        slope=f"-np.sign(x) * {overhang}",
        constants={"edge": edge},
        peaks=np.zeros((0, 1)),
    )


def log_ridge() -> Landscape:
    """log(x) - x over (1,), peak at 1. It is not defined for x <= 0: height and slope are NaN."""
    return Landscape(
        name="log_ridge",
        dim=1,
        height="np.log(x[0]) - x[0] if x[0] > 0 else np.nan",
        slope="1 / x - 1 if x[0] > 0 else np.full(1, np.nan)",
        constants={},
        peaks=np.ones((1, 1)),
    )


def log_sum_exp(dim: int) -> Landscape:
    """log(sum_i exp(x_i)) over (d,), convex; its gradient is the softmax.

    Shifted by max(x) before any exp, so it never overflows.
    """
    return Landscape(
        name="log_sum_exp",
        dim=dim,
        height="np.max(x) + np.log(np.sum(np.exp(x - np.max(x))))",
        slope="np.exp(x - np.max(x)) / np.sum(np.exp(x - np.max(x)))",
        constants={},
        peaks=np.zeros((0, dim)),
    )


def rational_dip() -> Landscape:
    """x**2 / (1 + x**2) over (1,): its one minimum, at 0, is global, but the function is not convex."""
    return Landscape(
        name="rational_dip",
        dim=1,
        height="x[0] ** 2 / (1 + x[0] ** 2)",
        slope="2 * x / (1 + x**2) ** 2",
        constants={},
        peaks=np.zeros((0, 1)),
    )
