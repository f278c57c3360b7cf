"""A program with its inputs as it comes from somebody else's test: looked at before it is run.

Everything may be wrong: types, names, slots, shapes, sizes. `checked` walks over shapes first, so that no array is made
that is larger than allowed. Its errors are ValueErrors that name what was expected.
"""

from __future__ import annotations

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
        name, sources = _line(f"program[{i}]", line, len(shapes))
        read.append((name, sources))
        shapes.append(_shape(f"program[{i}]", name, [shapes[s] for s in sources]))
        if sum(map(_size, shapes[-2:])) > MOST_VALUES:
            raise ValueError(f"program[{i}]: expected small arrays, got one of shape {shapes[-1]}.")
    if sum(map(_size, shapes)) > MOST_VALUES:
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


def _line(what: str, line: Any, n_slots: int) -> Line:
    if not isinstance(line, (list, tuple)) or len(line) != 2:
        raise ValueError(f"{what}: expected a pair (name, sources), got {type(line).__name__}.")
    name, sources = line[0], _sequence(f"{what} sources", line[1])
    if not isinstance(name, str) or name not in OPS:
        raise ValueError(f"{what}: expected the name of an op. Hint: one of {', '.join(OPS)}.")
    if len(sources) != len(OPS[name].pulls):
        raise ValueError(f"{what}: expected {len(OPS[name].pulls)} sources for {name}, got {len(sources)}.")
    if not all(_is_slot(s, n_slots) for s in sources):
        raise ValueError(f"{what}: expected slots from 0 to {n_slots - 1}, each an int.")
    return name, tuple(int(s) for s in sources)


def _is_slot(value: Any, n_slots: int) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool) and 0 <= int(value) < n_slots


def _shape(what: str, name: str, shapes: list[Shape]) -> Shape:
    """The shape of an op's result, from its inputs' shapes."""
    if name == "sum":
        return ()
    matrices = all(len(shape) == 2 for shape in shapes)
    if name == "matmul":
        if not matrices or shapes[0][1] != shapes[1][0]:
            raise ValueError(f"{what}: expected (N, H) @ (H, K), got {shapes[0]} @ {shapes[1]}.")
        return shapes[0][0], shapes[1][1]
    if name == "cross_entropy":
        if not matrices or shapes[0] != shapes[1] or 0 in shapes[0]:
            raise ValueError(f"{what}: expected two arrays (N, K), got {shapes[0]} and {shapes[1]}.")
        return ()
    if len(set(shapes)) == 1:
        return shapes[0]
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        raise ValueError(f"{what}: expected shapes that stretch to one, got {shapes[0]} and {shapes[-1]}.") from None


def _size(shape: Shape) -> int:
    size = 1
    for n in shape:
        size *= n
    return size
