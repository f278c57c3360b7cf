"""The largest possible size of an operation's result, and its number of multiply-adds.

Both follow from the operands, so an operation that is too large is refused before it begins. A function of sizes
takes the arguments of the operation, arrays of any library or numbers, and returns entries. A function of counts takes
the list of arguments and that size, and returns multiply-adds.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def _shape(value: Any) -> tuple[int, ...]:
    shape = getattr(value, "shape", None)  # np.shape would convert an array of another library
    return np.shape(value) if shape is None else tuple(shape)


def entries(value: Any) -> int:
    """The number of entries of an operand."""
    return math.prod(_shape(value))


def as_first(a: Any, *_: Any, **__: Any) -> int:
    """The entries of the first operand; the result has no more."""
    return entries(a)


def broadcast(*arrays: Any, out: Any = 0, where: Any = 0, **_: Any) -> int:
    """The entries of the shape to which all operands are stretched."""
    return math.prod(np.broadcast_shapes(*(_shape(a) for a in (*arrays, out, where))))


def made(shape: Any, *_: Any, **__: Any) -> int:
    """The entries of a new array of this shape. Raises TypeError."""
    lengths = shape if isinstance(shape, (list, tuple)) else [shape]
    if not all(isinstance(n, (int, np.integer)) and n >= 0 for n in lengths):
        raise TypeError("a shape must consist of whole numbers")
    return math.prod(int(n) for n in lengths)


def square(n: Any, m: Any = None, *_: Any, **__: Any) -> int:
    """The entries of an n × m matrix; without m, of n × n."""
    return made([n, n if m is None else m])


def together(arrays: Any, *_: Any, **__: Any) -> int:
    """The entries of all arrays that are joined or stacked. arrays: one array, or lists of arrays at any depth."""
    return sum(together(item) for item in arrays) if isinstance(arrays, (list, tuple)) else entries(arrays)


def indexed(a: Any, index: list[Any], *_: Any) -> int:
    """The entries of a[index].

    Numbers, slices and masks only remove entries; index arrays replace axes by their shape.
    """
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
    """The number of axes that one part of an index uses."""
    if part is None:
        return 0
    return len(_shape(part)) if not isinstance(part, dict) and _is_mask(part) else 1


def _is_mask(part: Any) -> bool:
    dtype = getattr(part, "dtype", None)
    return bool((np.asarray(part).dtype if dtype is None else dtype).kind == "b")


def written(a: Any, index: list[Any], *_: Any) -> int:
    """The entries that are written to a[index]; index arrays may name one entry many times."""
    return max(entries(a), indexed(a, index))


def written_at(a: Any, index: Any, *_: Any) -> int:
    """The same for `add.at`. index: one part, or a tuple of parts."""
    return written(a, list(index) if isinstance(index, tuple) else [index])


def repeated(a: Any, times: Any, axis: Any = None, **_: Any) -> int:  # noqa: ARG001
    """The entries if each is repeated so many times."""
    return entries(a) * max(1, int(np.max(np.asarray(times), initial=0)))


def tiled(a: Any, times: Any, **_: Any) -> int:
    """The entries if the whole array is repeated so many times along each axis."""
    return entries(a) * math.prod(int(n) for n in np.atleast_1d(times))


def taken(a: Any, picked: Any, axis: Any = None, **_: Any) -> int:
    """The entries of `take`, which may pick a row many times."""
    return entries(picked) * (1 if axis is None else entries(a))


def diagonal(a: Any, k: int = 0, **_: Any) -> int:
    """At most the entries of a matrix; for a vector, those of the matrix with this diagonal."""
    return entries(a) if len(_shape(a)) > 1 else (entries(a) + abs(int(k))) ** 2


def matmul(a: Any, b: Any, **_: Any) -> int:
    """(…, p, n) @ (…, n, r) has (…, p, r) entries; p or r is missing if an operand has one axis."""
    left, right = _shape(a), _shape(b)
    batch = math.prod(np.broadcast_shapes(left[:-2], right[:-2]))
    return int(batch * math.prod(left[-2:-1]) * math.prod(right[-1:] if len(right) > 1 else ()))


def outer(a: Any, b: Any, **_: Any) -> int:
    """The number of products of two entries."""
    return entries(a) * entries(b)


def dot(a: Any, b: Any, **_: Any) -> int:
    """(p, n) . (n, r) has pr entries: the last axis of the first is summed over. A number only scales."""
    return tensordot(a, b, 1 if _shape(a) and _shape(b) else 0)


def tensordot(a: Any, b: Any, axes: Any = 2) -> int:
    """The entries of an outer product after axes are summed over."""
    shape = _shape(a)
    summed = shape[len(shape) - axes :] if isinstance(axes, int) else [shape[i] for i in np.atleast_1d(axes[0])]
    return int(outer(a, b) // max(1, math.prod(summed)) ** 2)


def einsum(subscripts: str, *arrays: Any, **_: Any) -> int:
    """The product of the lengths of the letters that are kept."""
    inputs, _arrow, output = subscripts.replace(" ", "").partition("->")
    lengths = _lengths(inputs, arrays)
    kept = output if "->" in subscripts else (c for c in lengths if inputs.count(c) == 1)
    return math.prod(lengths[letter] for letter in kept)


def _lengths(inputs: str, arrays: Any) -> dict[str, int]:
    """The length of each letter's axis."""
    lengths: dict[str, int] = {}
    for letters, array in zip(inputs.split(","), arrays, strict=True):
        for letter, n in zip(letters, _shape(array), strict=True):
            lengths[letter] = max(n, lengths.get(letter, 0))  # an axis of length 1 is stretched
    return lengths


def each_entry(args: list[Any], size: int) -> int:
    """One for each entry of the result; none if the student's number scales an array."""
    return 0 if _scaling(args) else size


def contraction(args: list[Any], size: int) -> int:
    """pqr: without batch axes, entries |a| |b| |c| = (pq)(qr)(pr) is the square of pqr for any axes."""
    return 0 if _scaling(args) else math.isqrt(entries(args[0]) * entries(args[1]) * size)


def _scaling(args: list[Any]) -> bool:
    """Whether one factor is the student's number; a number of the grader is an array without axes."""
    return any(isinstance(a, (int, float, np.generic)) for a in args[:2])


def last_axis(args: list[Any], size: int) -> int:
    """For each entry of a matrix product, in a batch or not, the length of the first factor's last axis."""
    return size * int(_shape(args[0])[-1])


def all_lengths(args: list[Any], _size: int) -> int:
    """The product of the lengths of all letters; 0 with one operand, because nothing is multiplied."""
    inputs = args[0].replace(" ", "").partition("->")[0]
    return math.prod(_lengths(inputs, args[1:]).values()) if len(args) > 2 else 0
