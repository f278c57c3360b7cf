"""The largest possible size of an operation's result, and its number of multiply-adds.

Both follow from the operands, so an operation that is too large is refused before it begins. The functions of
sizes take the arguments of the operation itself, arrays of any library or numbers, and return entries; those of counts
take the list of arguments and that size.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def _shape(value: Any) -> tuple[int, ...]:
    shape = getattr(value, "shape", None)  # np.shape would ask an array of another library's to convert
    return np.shape(value) if shape is None else tuple(shape)


def entries(value: Any) -> int:
    """The number of entries of an operand."""
    return math.prod(_shape(value))


def as_first(a: Any, *_: Any, **__: Any) -> int:
    """At most as many as the first operand has."""
    return entries(a)


def broadcast(*arrays: Any, out: Any = 0, where: Any = 0, **_: Any) -> int:
    """As many as all operands stretched to one shape."""
    return math.prod(np.broadcast_shapes(*(_shape(a) for a in (*arrays, out, where))))


def made(shape: Any, *_: Any, **__: Any) -> int:
    """Of an array made from a shape."""
    lengths = shape if isinstance(shape, (list, tuple)) else [shape]
    if not all(isinstance(n, (int, np.integer)) and n >= 0 for n in lengths):
        raise TypeError("a shape is made of whole numbers here")
    return math.prod(int(n) for n in lengths)


def square(n: Any, m: Any = None, *_: Any, **__: Any) -> int:
    """Of an n × m matrix; without m, n × n."""
    return made([n, n if m is None else m])


def together(arrays: Any, *_: Any, **__: Any) -> int:
    """Joined or stacked; `arrays` is one array or lists of them, at any depth."""
    return sum(together(item) for item in arrays) if isinstance(arrays, (list, tuple)) else entries(arrays)


def indexed(a: Any, index: list[Any], *_: Any) -> int:
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


def written(a: Any, index: list[Any], *_: Any) -> int:
    """Index arrays may name a place again and again."""
    return max(entries(a), indexed(a, index))


def written_at(a: Any, index: Any, *_: Any) -> int:
    """Of `add.at`; its index is one part or a tuple of them."""
    return written(a, list(index) if isinstance(index, tuple) else [index])


def repeated(a: Any, times: Any, axis: Any = None, **_: Any) -> int:  # noqa: ARG001
    """Each entry so many times."""
    return entries(a) * max(1, int(np.max(np.asarray(times), initial=0)))


def tiled(a: Any, times: Any, **_: Any) -> int:
    """The whole so many times along each axis."""
    return entries(a) * math.prod(int(n) for n in np.atleast_1d(times))


def taken(a: Any, picked: Any, axis: Any = None, **_: Any) -> int:
    """Of `take`: rows may be picked again and again."""
    return entries(picked) * (1 if axis is None else entries(a))


def diagonal(a: Any, k: int = 0, **_: Any) -> int:
    """The diagonal of a matrix, or a matrix with that diagonal."""
    return entries(a) if len(_shape(a)) > 1 else (entries(a) + abs(int(k))) ** 2


def matmul(a: Any, b: Any, **_: Any) -> int:
    """(…, p, n) @ (…, n, r) has (…, p, r) entries; p or r is missing where an operand has one axis."""
    left, right = _shape(a), _shape(b)
    batch = math.prod(np.broadcast_shapes(left[:-2], right[:-2]))
    return int(batch * math.prod(left[-2:-1]) * math.prod(right[-1:] if len(right) > 1 else ()))


def outer(a: Any, b: Any, **_: Any) -> int:
    """Of every product of two entries."""
    return entries(a) * entries(b)


def dot(a: Any, b: Any, **_: Any) -> int:
    """(p, n) . (n, r) has pr entries: what goes is the last axis of the first. A number only scales."""
    return tensordot(a, b, 1 if _shape(a) and _shape(b) else 0)


def tensordot(a: Any, b: Any, axes: Any = 2) -> int:
    """What is left of an outer product when axes are summed over."""
    shape = _shape(a)
    gone = shape[len(shape) - axes :] if isinstance(axes, int) else [shape[i] for i in np.atleast_1d(axes[0])]
    return int(outer(a, b) // max(1, math.prod(gone)) ** 2)


def einsum(subscripts: str, *arrays: Any, **_: Any) -> int:
    """The lengths of the letters that are kept."""
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


def each_entry(args: list[Any], size: int) -> int:
    """One for each entry of the result; none for scaling by a number of the student's."""
    return 0 if _scaling(args) else size


def contraction(args: list[Any], size: int) -> int:
    """Without batch axes |a| |b| |c| = (pq)(qr)(pr) is the square of pqr, whatever the axes."""
    return 0 if _scaling(args) else math.isqrt(entries(args[0]) * entries(args[1]) * size)


def _scaling(args: list[Any]) -> bool:
    """Whether one factor is a number of the student's; a number of the grader's is an array without axes."""
    return any(isinstance(a, (int, float, np.generic)) for a in args[:2])


def last_axis(args: list[Any], size: int) -> int:
    """Each entry of a matrix product, in a batch or not, takes as many as the first factor's last axis is long."""
    return size * int(_shape(args[0])[-1])


def all_lengths(args: list[Any], _size: int) -> int:
    """The product of all lengths that are named; with one operand nothing is multiplied."""
    inputs = args[0].replace(" ", "").partition("->")[0]
    return math.prod(_lengths(inputs, args[1:]).values()) if len(args) > 2 else 0
