"""Numbers with their spread: what every table of the benchmark is made of."""

from __future__ import annotations

import statistics
from collections.abc import Iterable

Spread = dict[str, float]  # median, q1, q3 (quartiles), n (how many were measured)


def spread(values: Iterable[float]) -> Spread:
    """Median and quartiles; of one value all three are that value."""
    found = list(values)
    q1, median, q3 = statistics.quantiles(found, method="inclusive") if len(found) > 1 else found * 3
    return {"median": median, "q1": q1, "q3": q3, "n": len(found)}


def ratios(above: Iterable[float], below: Iterable[float]) -> Spread:
    """Of pairs that were measured one right after the other, so that what disturbs hits both."""
    return spread(a / b for a, b in zip(above, below, strict=True))


def digits(value: float) -> str:
    """Three significant digits, without an exponent."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def shown(found: Spread) -> str:
    """`12.3 (11.9–13.0)`: the median, and the quartiles."""
    return f"{digits(found['median'])} ({digits(found['q1'])}–{digits(found['q3'])})"
