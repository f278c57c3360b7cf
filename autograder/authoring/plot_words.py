"""Compares the parts of a drawing: texts without case and spaces, colours by any name, numbers within a tolerance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

_SHADE = 1 / 255  # of a colour's 0 to 1: two colours this close look alike
_STYLES = {"solid": "-", "dashed": "--", "dashdot": "-.", "dotted": ":"}


@dataclass(frozen=True, slots=True)
class Contains:
    """A text that holds one of these words."""

    words: tuple[str, ...]


def contains(*words: str) -> Contains:
    """A text that holds at least one of the words: `xlabel=contains("epoch", "iteration")`.

    Example: `assert_plot(plot, xlabel=contains("epoch", "step"))`.
    """
    return Contains(words)


nonempty = Contains(("",))  # any text but an empty one


def same_text(wanted: str | Contains, text: str) -> bool:
    """Whether a text is the wanted one. Case, spaces and the $ of formulas do not count."""
    flat = _flat(text)
    if isinstance(wanted, Contains):
        return bool(flat) and any(_flat(word) in flat for word in wanted.words)
    return _flat(str(wanted)) == flat


def same_style(wanted: str, style: str) -> bool:
    """Whether two line styles or markers are one: "dashed" is "--"."""
    return _STYLES.get(wanted, wanted) == _STYLES.get(style, style)


def same_color(wanted: Any, color: np.ndarray) -> bool:
    """Whether a colour is the wanted one, however it is written: "r", "#ff0000", (1, 0, 0). Opacity counts if given."""
    from matplotlib.colors import to_rgba

    rgba = np.array(to_rgba(wanted))
    count = 4 if not isinstance(wanted, str) and len(wanted) == 4 else 3
    return bool(np.abs(rgba - color)[:count].max() <= _SHADE)


def as_numbers(values: Any) -> np.ndarray:
    """An author's numbers as float64: dates as days since 1970-01-01, as in a Plot."""
    array = np.asarray(values)
    if array.dtype.kind == "O" and array.size and hasattr(array.flat[0], "year"):
        array = array.astype("datetime64[us]")
    if array.dtype.kind == "M":
        array = array.astype("datetime64[us]").astype(np.int64) / 86_400e6
    return np.array(np.ma.filled(np.ma.asarray(array, dtype=np.float64), np.nan))


def are_texts(values: Any) -> bool:
    """Whether an author gives categories instead of numbers."""
    return any(isinstance(value, str) for value in np.asarray(values, dtype=object).ravel()[:1])


def same_texts(wanted: Iterable[Any], texts: Sequence[str]) -> bool:
    """Whether two lists of texts are equal, in this order. A number counts as its text: 2024, 2024.0 and "2024"."""
    given = list(wanted)
    return len(given) == len(texts) and all(map(_same_name, given, texts))


def _same_name(wanted: Any, text: str) -> bool:
    if isinstance(wanted, (int, float, np.number)):
        try:
            return float(text) == float(wanted)
        except ValueError:
            return False
    return same_text(wanted, text)


def same_numbers(wanted: Any, numbers: np.ndarray, rtol: float) -> bool:
    """Whether two arrays have one shape and agree within rtol of the span of the wanted numbers. NaN equals NaN."""
    right = as_numbers(wanted)
    if right.shape != numbers.shape:
        return False
    finite = right[np.isfinite(right)]
    size = float(np.max(np.abs(finite), initial=0.0))
    span = float(np.ptp(finite)) if finite.size else 0.0  # dates of one day are all near 20,000
    return bool(np.allclose(numbers, right, rtol=0, atol=rtol * (span or size) + 1e-12 * size, equal_nan=True))


def is_log(right: np.ndarray, values: np.ndarray, rtol: float) -> bool:
    """Whether values are the logarithm of the right numbers."""
    with np.errstate(all="ignore"):
        logs = (np.log(right), np.log10(right), np.log2(right))
    return bool((right[~np.isnan(right)] > 0).all()) and any(same_numbers(log, values, rtol) for log in logs)


def _flat(text: str) -> str:
    return "".join(text.casefold().replace("$", "").split())
