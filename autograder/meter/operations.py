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


def _shape(value: Any) -> tuple[int, ...]:
    shape = getattr(value, "shape", None)  # np.shape would ask an array of another library's to convert
    return np.shape(value) if shape is None else tuple(shape)


def _entries(value: Any) -> int:
    return math.prod(_shape(value))


def _as_first(a: Any, *_: Any, **__: Any) -> int:
    return _entries(a)


def _broadcast(*arrays: Any, out: Any = 0, **_: Any) -> int:
    return math.prod(np.broadcast_shapes(*(_shape(a) for a in (*arrays, out))))


def _broadcast_to(_: Any, shape: Any) -> int:
    return _made(shape)


def _made(shape: Any, *_: Any, **__: Any) -> int:
    lengths = shape if isinstance(shape, (list, tuple)) else [shape]
    if not all(isinstance(n, (int, np.integer)) and n >= 0 for n in lengths):
        raise TypeError("a shape is made of whole numbers here")
    return math.prod(int(n) for n in lengths)


def _square(n: Any, m: Any = None, *_: Any, **__: Any) -> int:
    return _made([n, n if m is None else m])


def _together(arrays: Any, *_: Any, **__: Any) -> int:
    """Joined or stacked; `arrays` is one array or lists of them, at any depth."""
    return sum(_together(item) for item in arrays) if isinstance(arrays, (list, tuple)) else _entries(arrays)


def _indexed(a: Any, index: list[Any], *_: Any) -> int:
    """Numbers, slices and masks never make more; index arrays put what they pick in place of the axes they go along."""
    left, axis, picked = list(_shape(a)), 0, []
    for i, part in enumerate(index):
        if isinstance(part, dict) and "all" in part:
            axis = len(left) - sum(_axes(later) for later in index[i + 1 :])
            continue
        if (isinstance(part, (list, tuple)) or hasattr(part, "dtype")) and not _is_mask(part):
            picked.append(_shape(part))
            left[axis : axis + 1] = [1] * len(left[axis : axis + 1])
        axis += _axes(part)
    return math.prod(left) * math.prod(np.broadcast_shapes(*picked))


def _axes(part: Any) -> int:
    """How many of the array's axes a part of an index goes along."""
    if part is None:
        return 0
    return len(_shape(part)) if not isinstance(part, dict) and _is_mask(part) else 1


def _is_mask(part: Any) -> bool:
    dtype = getattr(part, "dtype", None)
    return bool((np.asarray(part).dtype if dtype is None else dtype).kind == "b")


def _written(a: Any, index: list[Any], *_: Any) -> int:
    """Index arrays may name a place again and again."""
    return max(_entries(a), _indexed(a, index))


def _written_at(a: Any, index: Any, *_: Any) -> int:
    return _written(a, list(index) if isinstance(index, tuple) else [index])


def _repeated(a: Any, times: Any, axis: Any = None, **_: Any) -> int:  # noqa: ARG001
    return _entries(a) * max(1, int(np.max(np.asarray(times), initial=0)))


def _tiled(a: Any, times: Any, **_: Any) -> int:
    return _entries(a) * math.prod(int(n) for n in np.atleast_1d(times))


def _taken(a: Any, picked: Any, axis: Any = None, **_: Any) -> int:
    return _entries(picked) * (1 if axis is None else _entries(a))


def _diagonal(a: Any, k: int = 0, **_: Any) -> int:
    return _entries(a) if len(_shape(a)) > 1 else (_entries(a) + abs(int(k))) ** 2


def _matmul(a: Any, b: Any, **_: Any) -> int:
    """(…, p, n) @ (…, n, r) has (…, p, r) entries; p or r is missing where an operand has one axis."""
    left, right = _shape(a), _shape(b)
    batch = math.prod(np.broadcast_shapes(left[:-2], right[:-2]))
    return int(batch * math.prod(left[-2:-1]) * math.prod(right[-1:] if len(right) > 1 else ()))


def _outer(a: Any, b: Any, **_: Any) -> int:
    return _entries(a) * _entries(b)


def _dot(a: Any, b: Any, **_: Any) -> int:
    """(p, n) . (n, r) has pr entries: what goes is the last axis of the first. A number only scales."""
    return _tensordot(a, b, 1 if _shape(a) and _shape(b) else 0)


def _tensordot(a: Any, b: Any, axes: Any = 2) -> int:
    shape = _shape(a)
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
        for letter, n in zip(letters, _shape(array), strict=True):
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
    return size * int(_shape(args[0])[-1])


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
        "setitem": Operation((0, 2), _written),
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

# Elsewhere: all that a forward and a backward pass need, and indices that are the grader's, too.
ANYTHING: Final = OBSERVABLE | _table(
    {
        "abs absolute ceil cos cosh exp exp2 expm1 fabs floor log log10 log1p log2 reciprocal rint sign sin sinh sqrt "
        "square tan tanh": Operation((0,), _as_first, _INTO),
        "invert isfinite isinf isnan logical_not": Operation((0,), _as_first, _INTO),
        "bitwise_and bitwise_or bitwise_xor divide equal floor_divide fmax fmin greater greater_equal heaviside hypot "
        "less less_equal logaddexp logical_and logical_or logical_xor maximum minimum mod not_equal power remainder "
        "true_divide": Operation((0, 1), _broadcast, _INTO),
        "clip where": Operation((0, 1, 2), _broadcast),
        "all amax amin any argmax argmin count_nonzero max mean median min prod ptp std var logical_and.reduce "
        "logical_or.reduce maximum.reduce minimum.reduce multiply.reduce": Operation((0,), _as_first, _ALONG),
        "logaddexp.reduce": Operation((0,), _as_first, frozenset({"axis", "keepdims"})),
        "linalg.norm": Operation((0,), _as_first, frozenset({"axis", "keepdims", "ord"})),
        "argsort sort": Operation((0,), _as_first, frozenset({"axis"})),
        "argwhere fill flatnonzero full_like item nan_to_num nonzero": Operation((0,), _as_first, frozenset({"dtype"})),
        "diag": Operation((0,), _diagonal, frozenset({"k"})),
        "diagonal tril triu": Operation((0,), _as_first, frozenset({"k", "offset"})),
        "allclose array_equal isclose": Operation((0, 1), _broadcast, frozenset({"rtol", "atol"})),
        "getitem": Operation((0, 1), _indexed),
        "setitem": Operation((0, 1, 2), _written),
        "einsum": Operation(tuple(range(1, 9)), _einsum, _INTO, _all_lengths, texts=(0,)),
        "add.at subtract.at": Operation((0, 1, 2), _written_at),
        "repeat": Operation((0,), _repeated, frozenset({"axis"})),
        "tile": Operation((0,), _tiled),
        "take": Operation((0, 1), _taken, frozenset({"axis"})),
        "take_along_axis": Operation((0, 1), _broadcast, frozenset({"axis"})),
    }
)
