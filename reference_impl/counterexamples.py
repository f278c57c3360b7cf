"""Question 10 of assignment 4: does an example convict one of the backward passes of figures/broken.py?

An example is a tuple of arguments of the backward pass, g last. It comes from a hostile process, so `read` looks at
everything before anything is computed. `exact` holds the right gradients; no hand-out has them.
Imports nothing of `autograder`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from reference_impl.figures import broken

MOST_NUMBERS = 12  # in all arguments of one example
TOLERANCE = 1e-3  # of the largest entry
Arguments = tuple[Any, ...]

# For each letter the arguments of its backward pass, with a letter for each axis. `idx` holds whole numbers.
ARGUMENTS: Mapping[str, Mapping[str, str]] = {
    "A": {"E": "RC", "idx": "n", "g": "nC"},
    "B": {"x": "NH", "W": "HH", "g": "NH"},
    "C": {"x": "n", "g": "n"},
    "D": {"x": "n", "p": "", "g": "n"},
    "E": {"x": "NK", "g": "NK"},
}


@dataclass(frozen=True)
class Showing:
    """What an example shows: the gradients of the broken pass and the exact ones, an array for each argument."""

    claimed: tuple[Any, ...]
    exact: tuple[Any, ...]

    @property
    def convicts(self) -> bool:
        """Whether an entry is off by more than TOLERANCE of the largest one, or is no number where it should be one."""
        with np.errstate(invalid="ignore"):  # infinity minus infinity, where the exact slope is infinite, too
            return any(np.any(np.isfinite(e) & ~(abs(c - e) <= TOLERANCE * self._largest)) for c, e in self._pairs)

    @property
    def _pairs(self) -> list[tuple[Any, Any]]:
        return list(zip(self.claimed, self.exact, strict=True))

    @property
    def _largest(self) -> float:
        sizes = [np.abs(a[np.isfinite(a)]) for pair in self._pairs for a in pair]
        return max((float(np.max(size)) for size in sizes if size.size), default=0.0)


def counterexample(which: str) -> Arguments | None:
    """Return the smallest arguments on which a wrong pass shows; None for E, which is innocent."""
    one = np.ones((1, 1))
    return {
        "A": (one, np.array([0, 0]), np.ones((2, 1))),  # a row that is looked up twice
        "B": (one, one, one),
        "C": (np.array([1.0, 2.0]), np.array([1.0, 0.0])),  # a g that does not add up to 0
        "D": (np.array([0.0]), np.array(0.0), np.array([1.0])),  # 0 * 0**-1
        "E": None,
    }[which]


def read(which: str, answer: Any) -> Arguments:
    """The example as arrays. Raises ValueError, in one line, if it is none: its form, its shapes, its size."""
    axes = ARGUMENTS[which]
    if not isinstance(answer, (tuple, list)) or len(answer) != len(axes):
        raise ValueError(f"{which}: expected the arguments ({', '.join(axes)}).")
    arrays = [_array(name, value) for name, value in zip(axes, answer, strict=True)]
    count = sum(array.size for array in arrays)
    if count > MOST_NUMBERS:
        raise ValueError(f"{which}: expected at most {MOST_NUMBERS} numbers in all, got {count}.")
    sizes: dict[str, int] = {}
    for (name, letters), array in zip(axes.items(), arrays, strict=True):
        if len(letters) != array.ndim or any(sizes.setdefault(a, n) != n for a, n in zip(letters, array.shape)):  # noqa: B905
            raise ValueError(f"{which}: expected {name} of shape {_written(letters)}, got {array.shape}.")
    if which == "A":
        arrays[1] = _rows(arrays[1], len(arrays[0]))
    return tuple(arrays)


def put_on_trial(which: str, arguments: Arguments) -> Showing:
    """Run the broken pass and the exact one. arguments: as `read` returns them."""
    with np.errstate(all="ignore"):
        return Showing(_as_tuple(_claimed(which, *arguments)), _as_tuple(exact(which, *arguments)))


def exact(which: str, *arguments: Any) -> Any:
    """The right gradients: those of the pass, with what it forgets."""
    g, claimed = arguments[-1], _claimed(which, *arguments)
    if which == "A":
        dE = np.zeros(arguments[0].shape)
        np.add.at(dE, arguments[1], g)  # each use of a row counts
        return dE
    if which == "B":
        return claimed[0] + g, claimed[1]  # the road around the block
    if which == "C":
        return g - np.mean(g)  # every entry moves the mean
    if which == "D" and arguments[1] == 0:
        return np.zeros(g.shape)  # x**0 is 1 everywhere
    return claimed


def _claimed(which: str, *arguments: Any) -> Any:
    _, backward = cast("tuple[Any, Any]", broken.PASSES[which])
    return backward(*arguments)


def _array(name: str, value: Any) -> Any:
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name}: expected numbers, got rows of different lengths.") from None
    if array.dtype.kind not in "biuf" or not array.size or not np.all(np.isfinite(array)):
        raise ValueError(f"{name}: expected finite numbers, at least one.")
    return array.astype(float)


def _rows(idx: Any, n_rows: int) -> Any:
    if np.any(idx != np.round(idx)) or np.any(idx < 0) or np.any(idx >= n_rows):
        raise ValueError(f"idx: expected whole numbers from 0 to {n_rows - 1}.")
    return idx.astype(int)


def _written(letters: str) -> str:
    return f"({', '.join(letters)}{',' if len(letters) == 1 else ''})"


def _as_tuple(gradients: Any) -> tuple[Any, ...]:
    return gradients if isinstance(gradients, tuple) else (gradients,)
