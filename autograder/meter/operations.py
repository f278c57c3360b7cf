"""What can be asked of an array that stays with the grader: how large the answer is, how many multiply-adds it takes.

Both follow from the operands, so that nothing is begun that is too large or would take too long. The functions
of sizes take the arguments of the operation itself, arrays or numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np


@dataclass(frozen=True, slots=True)
class Operation:
    """What may be asked for, and how.

    arrays: the positions of the arguments that may be arrays. The others, and every option, are plain values:
    an array as a size, an index or an axis would tell its numbers by a shape or by an error's text.
    texts: the positions of those that may be any text.
    size: entries of the result, at most.  count: multiply-adds, from the arguments and that size.
    """

    arrays: tuple[int, ...]
    size: Callable[..., int]
    options: frozenset[str] = frozenset()
    count: Callable[[list[Any], int], int] = lambda _, __: 0
    texts: tuple[int, ...] = ()


def _entries(value: Any) -> int:
    return math.prod(np.shape(value))


def _as_first(a: Any, *_: Any, **__: Any) -> int:
    return _entries(a)


def _broadcast(*arrays: Any, out: Any = 0, **_: Any) -> int:
    return math.prod(np.broadcast_shapes(*(np.shape(a) for a in (*arrays, out))))


def _broadcast_to(_: Any, shape: Any) -> int:
    return _made(shape)


def _made(shape: Any, *_: Any, **__: Any) -> int:
    lengths = shape if isinstance(shape, list) else [shape]
    if not all(isinstance(n, (int, np.integer)) and n >= 0 for n in lengths):
        raise TypeError("a shape is made of whole numbers here")
    return math.prod(int(n) for n in lengths)


def _square(n: Any, m: Any = None, *_: Any, **__: Any) -> int:
    return _made([n, n if m is None else m])


def _together(arrays: Any, *_: Any, **__: Any) -> int:
    """Joined or stacked; `arrays` is one array or lists of them, at any depth."""
    return sum(_together(item) for item in arrays) if isinstance(arrays, list) else _entries(arrays)


def _indexed(a: Any, index: list[Any]) -> int:
    """Numbers, slices and masks never make more; an index array can repeat what it picks."""
    picked = [np.shape(part) for part in index if isinstance(part, (list, np.ndarray)) and not _is_mask(part)]
    return _entries(a) * math.prod(np.broadcast_shapes(*picked))


def _is_mask(part: Any) -> bool:
    return np.asarray(part).dtype == bool


def _matmul(a: Any, b: Any, **_: Any) -> int:
    """(…, p, n) @ (…, n, r) has (…, p, r) entries; p or r is missing where an operand has one axis."""
    left, right = np.shape(a), np.shape(b)
    batch = math.prod(np.broadcast_shapes(left[:-2], right[:-2]))
    return int(batch * math.prod(left[-2:-1]) * math.prod(right[-1:] if len(right) > 1 else ()))


def _outer(a: Any, b: Any, **_: Any) -> int:
    return _entries(a) * _entries(b)


def _dot(a: Any, b: Any, **_: Any) -> int:
    """(p, n) . (n, r) has pr entries: what goes is the last axis of the first. A number only scales."""
    return _tensordot(a, b, 1 if np.ndim(a) and np.ndim(b) else 0)


def _tensordot(a: Any, b: Any, axes: Any = 2) -> int:
    shape = np.shape(a)
    gone = shape[len(shape) - axes :] if isinstance(axes, int) else [shape[i] for i in np.atleast_1d(axes[0])]
    return int(_outer(a, b) // max(1, math.prod(gone)) ** 2)


def _vdot(*_: Any) -> int:
    return 1


def _einsum(subscripts: str, *arrays: Any, **_: Any) -> int:
    inputs, _arrow, output = subscripts.replace(" ", "").partition("->")
    lengths = _lengths(inputs, arrays)
    kept = output if "->" in subscripts else (c for c in lengths if inputs.count(c) == 1)
    return math.prod(lengths[letter] for letter in kept)


def _lengths(inputs: str, arrays: Any) -> dict[str, int]:
    """Of each letter's axis."""
    lengths: dict[str, int] = {}
    for letters, array in zip(inputs.split(","), arrays, strict=True):
        for letter, n in zip(letters, np.shape(array), strict=True):
            lengths[letter] = max(n, lengths.get(letter, 0))  # an axis of length 1 is stretched
    return lengths


def _each_entry(args: list[Any], size: int) -> int:
    """One for each entry of the result; none for scaling by a number of the student's."""
    return 0 if _scaling(args) else size


def _contraction(args: list[Any], size: int) -> int:
    """Without batch axes |a| |b| |c| = (pq)(qr)(pr) is the square of pqr, whatever the axes."""
    return 0 if _scaling(args) else math.isqrt(_entries(args[0]) * _entries(args[1]) * size)


def _scaling(args: list[Any]) -> bool:
    """Whether one factor is a number of the student's; a number of the grader's is an array without axes."""
    return any(isinstance(a, (int, float, np.generic)) for a in args[:2])


def _last_axis(args: list[Any], size: int) -> int:
    """Each entry of a matrix product, in a batch or not, takes as many as the first factor's last axis is long."""
    return size * int(np.shape(args[0])[-1])


def _all_lengths(args: list[Any], _size: int) -> int:
    """The product of all lengths that are named; with one operand nothing is multiplied."""
    inputs = args[0].replace(" ", "").partition("->")[0]
    return math.prod(_lengths(inputs, args[1:]).values()) if len(args) > 2 else 0


_INTO: Final = frozenset({"out"})
_ALONG: Final = frozenset({"axis", "keepdims", "dtype", "out"})
_MOVED: Final = frozenset({"axis", "axes", "dtype", "order"})


def _table(kinds: dict[str, Operation]) -> dict[str, Operation]:
    return {name: operation for names, operation in kinds.items() for name in names.split()}


# Where an order is being observed: moves, sums and counted products. What is none of these could multiply
# unseen, as exp(log a + log b) does.
OBSERVABLE: Final = _table(
    {
        "asarray astype atleast_1d atleast_2d copy empty_like flatten ones_like ravel squeeze zeros_like": Operation(
            (0,), _as_first, _MOVED
        ),
        "expand_dims flip moveaxis permute_dims reshape swapaxes transpose": Operation(
            (0,), _as_first, _MOVED | {"shape"}
        ),
        "ndim shape size": Operation((0,), _as_first),
        "getitem": Operation((0,), _indexed),
        "setitem": Operation((0, 2), _as_first),
        "broadcast_to": Operation((0,), _broadcast_to),
        "empty full ones zeros": Operation((), _made, frozenset({"dtype"})),
        "eye identity": Operation((), _square, frozenset({"dtype", "k"})),
        "array column_stack concatenate hstack stack vstack": Operation((0,), _together, frozenset({"axis"})),
        "sum add.reduce cumsum": Operation((0,), _as_first, _ALONG),
        "trace negative positive": Operation((0,), _as_first, _INTO),
        "add subtract": Operation((0, 1), _broadcast, _INTO),
        "multiply": Operation((0, 1), _broadcast, _INTO, _each_entry),
        "matmul": Operation((0, 1), _matmul, _INTO, _last_axis),
        "dot inner": Operation((0, 1), _dot, _INTO, _contraction),
        "multiply.outer outer": Operation((0, 1), _outer, frozenset(), _contraction),
        "tensordot": Operation((0, 1), _tensordot, frozenset({"axes"}), _contraction),
        "vdot": Operation((0, 1), _vdot, frozenset(), _contraction),
        "einsum": Operation((1, 2), _einsum, _INTO, _all_lengths, texts=(0,)),
    }
)

# Elsewhere: all that a forward and a backward pass need.
ANYTHING: Final = OBSERVABLE | _table(
    {
        "abs absolute cos exp expm1 log log1p reciprocal sign sin sqrt square tanh": Operation((0,), _as_first, _INTO),
        "isfinite isnan logical_not": Operation((0,), _as_first, _INTO),
        "divide logaddexp maximum minimum power true_divide": Operation((0, 1), _broadcast, _INTO),
        "equal greater greater_equal less less_equal logical_and logical_or not_equal": Operation(
            (0, 1), _broadcast, _INTO
        ),
        "clip where": Operation((0, 1, 2), _broadcast),
        "all amax amin any argmax argmin max maximum.reduce mean min minimum.reduce prod std var": Operation(
            (0,), _as_first, _ALONG
        ),
        "item": Operation((0,), _as_first),
        "take_along_axis": Operation((0, 1), _broadcast, frozenset({"axis"})),
    }
)
