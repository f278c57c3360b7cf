"""Type annotations, keyword defaults and a helper for each formula."""

from collections.abc import Sequence

import numpy as np


def pairs(widths: Sequence[int]) -> list[int]:
    return [a * b for a, b in zip(widths[:-1], widths[1:])]


def forward_macs(dims: Sequence[int]) -> int:
    return sum(pairs(dims)[1:]) * dims[0]


def reverse_macs(dims: Sequence[int]) -> int:
    return sum(pairs(dims)[:-1]) * dims[-1]


def cheaper_mode(dims: Sequence[int]) -> str:
    sign = np.sign(forward_macs(dims) - reverse_macs(dims))
    return {0: "tie", -1: "forward", 1: "reverse"}[int(sign)]


def vjp(layers: list, x: np.ndarray, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    places = [x]
    for layer in layers:
        places += [layer(places[-1])]
    for i in range(len(layers))[::-1]:
        u = layers[i].vjp(places[i], u)
    return places[-1], u
