"""The entries of the largest array that an operation needs, from its arguments alone.

So an operation that is too large is refused before it begins. Each function takes the arguments as the operation will
get them, and returns entries: of the result, or of an array that is needed on the way if that is larger.

An axis of length 0 counts as 1. The result has no entries then, but an array on the way to it may be without this axis:
`tile(x, [300_000_000, 0])` would make 300 million entries first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

MOST = 1 << 62


def shape_of(value: Any) -> tuple[int, ...]:
    """The shape of an array of any library, or of a number."""
    return tuple(getattr(value, "shape", ()))


def volume(shape: Iterable[int]) -> int:
    """The entries of this shape, if an axis of length 0 had length 1.

    It stops beyond MOST: a product of many large numbers would take hours.
    """
    entries = 1
    for n in shape:
        entries *= max(1, int(n))
        if entries > MOST:
            break
    return entries


def entries(value: Any) -> int:
    """The entries of an array or a number, counted as `volume` counts."""
    return volume(shape_of(value))


def as_first(a: Any, *_: Any, **__: Any) -> int:
    """The entries of the first operand; the result has no more."""
    return entries(a)


def broadcast(*arrays: Any, **more: Any) -> int:
    """The entries of the shape to which all operands are stretched. more: a mask, a target."""
    return volume(stretched(*arrays, *more.values()))


def stretched(*arrays: Any) -> tuple[int, ...]:
    """The shape to which all of them are stretched."""
    return np.broadcast_shapes(*map(shape_of, arrays))


def places(a: Any) -> int:
    """The numbers of all places of an array: one for each entry and axis."""
    return entries(a) * max(1, len(shape_of(a)))


def chosen(a: Any, b: Any = None, c: Any = None) -> int:
    """The entries of `where`, which gives the places of the True entries if there is nothing to choose from."""
    return places(a) if b is None and c is None else broadcast(a, b, c)


def made(shape: Any, *_: Any, **__: Any) -> int:
    """The entries of a new array of this shape. Raises TypeError."""
    lengths = shape if isinstance(shape, (list, tuple)) else [shape]
    if not all(isinstance(n, (int, np.integer)) and n >= 0 for n in lengths):
        raise TypeError("a shape must consist of whole numbers")
    return volume(lengths)


def spread(a: Any, shape: Any) -> int:
    """The entries of `broadcast_to`."""
    return max(entries(a), made(shape))


def square(n: Any, M: Any = None, **_: Any) -> int:
    """The entries of an n × M matrix; without M, of n × n."""
    return made([n, n if M is None else M])


def together(parts: Any, **_: Any) -> int:
    """The entries of all arrays that are joined or stacked. parts: one array, or lists of arrays at any depth."""
    return sum(together(part) for part in parts) if isinstance(parts, (list, tuple)) else entries(parts)


def larger(a: Any, b: Any) -> int:
    """The entries of the larger one of two arrays, whose shapes can be any."""
    return max(entries(a), entries(b))


def added(a: Any, b: Any, **_: Any) -> int:
    """The entries of both."""
    return entries(a) + entries(b)


def indexed(a: Any, index: list[Any]) -> int:
    """The entries of a[index].

    Numbers and slices only remove entries. Index arrays replace axes by their common shape; a mask is as an index array
    with one entry for each True.
    """
    left, axis, picked = list(shape_of(a)), 0, []
    for i, part in enumerate(index):
        if isinstance(part, dict) and "all" in part:
            axis = len(left) - sum(_axes(later) for later in index[i + 1 :])
            continue
        if hasattr(part, "dtype"):
            picked.append((int((part != 0).sum()),) if _is_mask(part) else shape_of(part))
            left[axis : axis + _axes(part)] = [1] * len(left[axis : axis + _axes(part)])
        axis += _axes(part)
    return volume(left) * volume(np.broadcast_shapes(*picked))


def _axes(part: Any) -> int:
    """The number of axes that one part of an index uses."""
    if part is None or isinstance(part, bool):
        return 0
    return len(shape_of(part)) if _is_mask(part) else 1


def _is_mask(part: Any) -> bool:
    return hasattr(part, "dtype") and bool(part.dtype.kind == "b")


def written(a: Any, index: list[Any], b: Any) -> int:
    """The entries that are written to a[index]; index arrays may name one entry many times."""
    return max(entries(a), indexed(a, index), entries(b))


def repeated(a: Any, repeats: Any, **_: Any) -> int:
    """The entries if each is repeated so many times."""
    return entries(a) * max(1, int(np.max(np.asarray(repeats), initial=0)))


def tiled(a: Any, reps: Any) -> int:
    """The entries if the whole array is repeated so many times along each axis."""
    return entries(a) * volume(np.asarray(reps).ravel())


def taken(a: Any, indices: Any, axis: Any = None, **_: Any) -> int:
    """The entries of `take`, which may pick a row many times."""
    shape = list(shape_of(a))
    if axis is None:
        return entries(indices)
    del shape[axis]
    return volume(shape) * entries(indices)


def taken_along(a: Any, indices: Any, axis: Any = None, **_: Any) -> int:
    """The entries of `take_along_axis`: along the axis those of the indices, along the others all."""
    if axis is None:
        return entries(indices)
    others, picked = list(shape_of(a)), list(shape_of(indices))
    del others[axis]
    length = picked.pop(axis)
    return volume(np.broadcast_shapes(tuple(others), tuple(picked))) * max(1, length)


def diagonal(a: Any, k: Any = 0, **_: Any) -> int:
    """At most the entries of a matrix; for a vector, those of the matrix with this diagonal."""
    return entries(a) if len(shape_of(a)) > 1 else (entries(a) + abs(int(k))) ** 2


def triangle(a: Any, **_: Any) -> int:
    """The entries of a matrix; a vector becomes each row of a square matrix."""
    return entries(a) if len(shape_of(a)) > 1 else entries(a) ** 2


def matmul(a: Any, b: Any, out: Any = 0) -> int:
    """(…, p, n) @ (…, n, r) has (…, p, r) entries; p or r is missing if an operand has one axis."""
    left, right = shape_of(a), shape_of(b)
    batch = np.broadcast_shapes(left[:-2], right[:-2])
    return max(entries(out), volume(batch) * volume(left[-2:-1]) * volume(right[-1:] if len(right) > 1 else ()))


def outer(a: Any, b: Any) -> int:
    """The number of products of two entries."""
    return entries(a) * entries(b)


def dot(a: Any, b: Any, **_: Any) -> int:
    """(p, n) . (n, r) has pr entries: the last axis of the first is summed over. A number only scales."""
    return tensordot(a, b, 1 if shape_of(a) and shape_of(b) else 0)


def tensordot(a: Any, b: Any, axes: Any = 2) -> int:
    """The entries of an outer product after axes are summed over. Raises ValueError for axes of an odd form."""
    shape = shape_of(a)
    if isinstance(axes, (int, np.integer)):
        if not 0 <= axes <= len(shape):  # NumPy would make a list of so many axes
            raise ValueError("tensordot: more axes than the first array has")
        summed = list(shape[len(shape) - axes :])
    else:
        first, _second = axes
        summed = [shape[axis] for axis in np.atleast_1d(first).tolist()]
    return outer(a, b) // volume(summed) ** 2


def einsum(subscripts: str, arrays: Any, out: Any = None) -> int:
    """The product of the lengths of the letters that are kept; of all, if a library may multiply two arrays first."""
    lengths, output = letters_of(subscripts, arrays, out)
    return volume(lengths.values() if len(arrays) > 2 else (lengths[letter] for letter in output))


def letters_of(subscripts: str, arrays: Any, out: Any) -> tuple[dict[str, int], str]:
    """The length of each letter's axis, and the letters of the result. An axis of length 1 is stretched."""
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    if not arrow:
        output = "".join(c for c in sorted(set(inputs) - {","}) if inputs.count(c) == 1)
    lengths: dict[str, int] = {}
    results = [] if out is None else [(output, out)]
    for letters, array in [*zip(inputs.split(","), arrays, strict=True), *results]:
        for letter, n in zip(letters, shape_of(array), strict=True):
            lengths[letter] = max(n, lengths.get(letter, 0))
    return lengths, output
