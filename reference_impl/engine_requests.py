"""A program with its inputs as it comes from somebody else's test: looked at before it is run.

Everything may be wrong: types, names, slots, shapes, sizes. `checked` walks over shapes first, so that no array is made
that is larger than allowed. Its errors are ValueErrors that name what was expected.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reference_impl.engine import Line
from reference_impl.engine_ops import OPS

MOST_LINES, MOST_NUMBERS = 2000, 1000  # that the text of Question 11 allows
MOST_VALUES, MOST_AXES = 200_000, 8  # in all slots together, and in one array: bounds for memory
Shape = tuple[int, ...]


@dataclass(frozen=True)
class ProgramRequest:
    """A program that can be run, and float arrays of fitting shapes."""

    program: list[Line]
    xs: list[Any]
    u: Any


def checked(program: Any, xs: Any, u: Any) -> ProgramRequest:
    """The request with plain types. Raises ValueError if it is none, or if it is too large."""
    arrays = [_array(f"xs[{i}]", x) for i, x in enumerate(_sequence("xs", xs))]
    if sum(x.size for x in arrays) > MOST_NUMBERS:
        raise ValueError(f"xs: expected at most {MOST_NUMBERS} numbers, got {sum(x.size for x in arrays)}.")
    lines = _sequence("program", program)
    if not 1 <= len(lines) <= MOST_LINES:
        raise ValueError(f"program: expected 1 to {MOST_LINES} lines, got {len(lines)}.")
    shapes, read = [x.shape for x in arrays], []
    for i, line in enumerate(lines):
        name, sources = _line(i, line, len(shapes))
        read.append((name, sources))
        shapes.append(_shape(i, name, tuple([shapes[s] for s in sources])))
        if math.prod(shapes[-1]) > MOST_VALUES:
            raise ValueError(f"program[{i}]: expected small arrays, got one of shape {shapes[-1]}.")
    if sum(map(math.prod, shapes)) > MOST_VALUES:
        raise ValueError(f"program: expected at most {MOST_VALUES} numbers in all slots, got more.")
    seed = _array("u", u)
    if seed.shape != shapes[-1]:
        raise ValueError(f"u: expected the result's shape {shapes[-1]}, got {seed.shape}.")
    return ProgramRequest(read, arrays, seed)


def _sequence(what: str, value: Any) -> Sequence[Any]:
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"{what}: expected a list, got {type(value).__name__}.")
    return value


def _array(what: str, value: Any) -> Any:
    if not isinstance(value, (bool, int, float, np.generic, np.ndarray)):
        raise ValueError(f"{what}: expected an array or a number, got {type(value).__name__}.")
    array = np.array(value)
    if array.dtype.kind not in "biuf" or array.ndim > MOST_AXES:
        raise ValueError(f"{what}: expected real numbers on at most {MOST_AXES} axes, got {array.dtype} {array.shape}.")
    return array.astype(float)


def _line(i: int, line: Any, n_slots: int) -> Line:
    if not isinstance(line, (list, tuple)) or len(line) != 2:
        raise ValueError(f"program[{i}]: expected a pair (name, sources), got {type(line).__name__}.")
    name, sources = line
    if not isinstance(sources, (list, tuple)):
        raise ValueError(f"program[{i}] sources: expected a list, got {type(sources).__name__}.")
    if not isinstance(name, str) or name not in OPS:
        raise ValueError(f"program[{i}]: expected the name of an op. Hint: one of {', '.join(OPS)}.")
    if len(sources) != len(OPS[name].pulls):
        raise ValueError(f"program[{i}]: expected {len(OPS[name].pulls)} sources for {name}, got {len(sources)}.")
    for s in sources:
        if not isinstance(s, (int, np.integer)) or isinstance(s, bool) or not 0 <= s < n_slots:
            raise ValueError(f"program[{i}]: expected slots from 0 to {n_slots - 1}, each an int.")
    return name, tuple(map(int, sources))


def _shape(i: int, name: str, shapes: tuple[Shape, ...]) -> Shape:
    """The shape of an op's result, from its inputs' shapes."""
    shape = shapes[0]
    if name == "sum":
        return ()
    if name == "matmul":
        if len(shape) != 2 or len(shapes[1]) != 2 or shape[1] != shapes[1][0]:
            raise ValueError(f"program[{i}]: expected (N, H) @ (H, K), got {shape} @ {shapes[1]}.")
        return shape[0], shapes[1][1]
    if name == "cross_entropy":
        if len(shape) != 2 or shape != shapes[1] or 0 in shape:
            raise ValueError(f"program[{i}]: expected two arrays (N, K), got {shape} and {shapes[1]}.")
        return ()
    if shape == shapes[-1]:
        return shape
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        raise ValueError(f"program[{i}]: expected shapes that stretch to one, got {shape} and {shapes[-1]}.") from None
