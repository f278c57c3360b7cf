"""The bytes of arrays of text in an extension; reads them from hostile bytes.

FIXED: arrays of NumPy's own text and bytes (dtypes U and S): a kind, the letters of an entry, the number of axes, the
shape, and the letters, 4 bytes each for text.
TEXTS: an array of one axis whose objects are str, None or NaN: their number, the length of each in letters, and all
letters in UTF-8. 100,000 texts take 20 ms to write and 20 ms to read.
"""

from __future__ import annotations

import math
import struct
from itertools import pairwise
from typing import Any, Final

import numpy as np

from .layouts import MAX_AXES, MAX_FRAME, SHAPES, WireError, extension, require_few
from .outline import FIXED, TEXTS

MAX_WIDTH: Final = 1 << 20  # letters of an entry
_KINDS: Final = {"U": 4, "S": 1}  # bytes of a letter
_FIXED: Final = struct.Struct("<BI")  # kind, width; axes and shape follow
_COUNT: Final = struct.Struct("<I")
_NONE, _NAN = -1, -2  # in place of a length


def fixed(value: np.ndarray) -> object:
    """A FIXED extension; None if it is no array of NumPy's text or bytes. Raises WireError if it is too large."""
    size = _KINDS.get(value.dtype.kind)
    if size is None or not value.dtype.isnative or not value.dtype.itemsize or value.ndim > MAX_AXES:
        return None
    width = value.dtype.itemsize // size
    require_few(value.shape)
    if value.nbytes > MAX_FRAME or width > MAX_WIDTH:
        raise WireError(f"an array of more than {MAX_FRAME} bytes of text")
    header = _FIXED.pack(ord(value.dtype.kind), width) + SHAPES[value.ndim].pack(0, value.ndim, *value.shape)
    return extension((FIXED, header + np.ndarray.tobytes(value)))


def read_fixed(data: bytes) -> np.ndarray:
    """A new array. Raises WireError."""
    kind, width = _FIXED.unpack_from(data)
    axes = data[_FIXED.size + 1]
    if chr(kind) not in _KINDS or axes > MAX_AXES or not 0 < width <= MAX_WIDTH:
        raise WireError("a malformed header of an array of text")
    shape = SHAPES[axes].unpack_from(data, _FIXED.size)[2:]
    require_few(shape)
    start = _FIXED.size + SHAPES[axes].size
    if math.prod(shape) * width * _KINDS[chr(kind)] != len(data) - start:
        raise WireError("an array of text whose size and shape disagree")
    if kind == ord("U"):
        _require_letters(np.frombuffer(data, "<u4", offset=start))
    return np.ndarray(shape, f"<{chr(kind)}{width}", data, start).copy()


def _require_letters(codes: np.ndarray) -> None:
    """Raise WireError unless all numbers are letters: a surrogate cannot be written, beyond 0x10FFFF is none."""
    if (codes > 0x10FFFF).any() or ((codes >= 0xD800) & (codes < 0xE000)).any():
        raise WireError("a number that is no letter")


def texts(value: np.ndarray) -> object:
    """A TEXTS extension; None unless it is an array of one axis whose objects are str, None and NaN only."""
    if value.dtype != object or value.ndim != 1 or not value.size:
        return None
    require_few(value.shape)
    objects = value.tolist()
    types = set(map(type, objects))
    if not types <= {str, type(None), float} or types == {float}:
        return None
    if types == {str}:
        letters, lengths = "".join(objects), np.fromiter(map(len, objects), "<i4", len(objects))
    elif any(type(x) is float and not math.isnan(x) for x in objects):
        return None
    else:
        letters = "".join(x for x in objects if type(x) is str)
        lengths = np.fromiter(map(_length, objects), "<i4", len(objects))
    data = letters.encode("utf-8", "replace")
    if len(data) > MAX_FRAME:
        raise WireError(f"an array of more than {MAX_FRAME} bytes of text")
    return extension((TEXTS, _COUNT.pack(len(objects)) + lengths.tobytes() + data))


def _length(text: Any) -> int:
    if text is None:
        return _NONE
    return len(text) if type(text) is str else _NAN


def read_texts(data: bytes) -> np.ndarray:
    """A new array. Raises WireError."""
    (count,) = _COUNT.unpack_from(data)
    require_few((count,))
    lengths = np.frombuffer(data, "<i4", count, _COUNT.size)
    letters = data[_COUNT.size + lengths.nbytes :].decode()
    ends = np.cumsum(np.maximum(lengths, 0), dtype=np.int64)
    if count == 0 or lengths.min() < _NAN or ends[-1] != len(letters):
        raise WireError("texts whose lengths and letters disagree")
    array = np.empty(count, object)
    array[:] = [letters[start:end] for start, end in pairwise([0, *ends.tolist()])]
    array[lengths == _NONE] = None
    array[lengths == _NAN] = np.nan
    return array
