"""The bytes of arrays, scalars and large integers in an extension; reads them from hostile bytes.

An array is a dtype, a number of axes, its shape, and its numbers in C order. wire.py has everything else.
"""

from __future__ import annotations

import math
import struct
from functools import partial
from typing import Any, Final

import msgpack
import numpy as np

MAX_FRAME: Final = 16 << 20  # bytes
MAX_AXES: Final = 8
MAX_ENTRIES: Final = MAX_FRAME // 8  # of an array from student code: checks compute in float64, whatever its dtype

ARRAY, SCALAR, INT = 1, 2, 4
# One byte order. A dtype travels as its place in DTYPES. No object, void or text: every pattern of bits is a value.
NUMBERS: Final = tuple(
    np.dtype(name) for name in ("<f8", "<f4", "<f2", "<i8", "<i4", "<i2", "|i1", "<u8", "<u4", "<u2", "|u1", "|b1")
)
_UNITS: Final = ("Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as")
_DATES: Final = tuple(np.dtype(f"<{kind}[{unit}]") for kind in ("M8", "m8") for unit in _UNITS)
_UNITLESS: Final = (np.dtype("<M8"), np.dtype("<m8"))
DTYPES: Final = (*NUMBERS, np.dtype("<c16"), np.dtype("<c8"), *_DATES, *_UNITLESS)
CODES: Final = {dtype: code for code, dtype in enumerate(DTYPES)}
extension: Final = partial(tuple.__new__, msgpack.ExtType)  # ExtType(*pair), without its tests of both
SHAPES: Final = tuple(struct.Struct(f"<BB{axes}Q") for axes in range(MAX_AXES + 1))  # dtype, axes, shape


class WireError(Exception):
    """The bytes are not a value, or the value is too large for a frame."""


def array(value: np.ndarray, *, few: bool = False) -> object:
    """An ARRAY extension, or None if the dtype cannot travel. Raises WireError if it is too large.

    few: see require_few.
    """
    if few:
        require_few(value.shape)
    if value.nbytes > MAX_FRAME or value.size > MAX_FRAME:  # size too: broadcast_to makes 8 TB of 8 bytes
        raise WireError(f"array of {value.size} numbers is over the limit of {MAX_FRAME} bytes")
    code = CODES.get(value.dtype)
    if code is None or value.ndim > MAX_AXES:
        return None
    header = SHAPES[value.ndim].pack(code, value.ndim, *value.shape)
    return extension((ARRAY, header + np.ndarray.tobytes(value)))  # not a subclass's method: C order


def scalar(value: np.generic) -> object:
    """A SCALAR extension, text or bytes; None if the dtype cannot travel."""
    if isinstance(value, (np.str_, np.bytes_)):
        return value.item()
    code = CODES.get(value.dtype)
    return None if code is None else extension((SCALAR, SHAPES[0].pack(code, 0) + value.tobytes()))


def large_integer(value: int) -> object:
    """The form of an integer that is not an int of 64 bits. Raises WireError if it has more than 256 bits."""
    if value.bit_length() < 64:
        return int(value)  # a subclass, such as IntEnum
    if not -(1 << 255) <= value < 1 << 255:
        raise WireError(f"an integer of {value.bit_length()} bits")
    return extension((INT, value.to_bytes(32, "little", signed=True)))


def read_header(data: bytes, start: int) -> tuple[np.dtype[Any], tuple[int, ...], int]:
    """Returns a dtype, a shape and the position after both. Raises WireError."""
    axes = data[start + 1] if len(data) > start + 1 else MAX_AXES + 1
    if axes > MAX_AXES or data[start] >= len(DTYPES) or len(data) < start + SHAPES[axes].size:
        raise WireError("a malformed array header")
    header = SHAPES[axes]
    return DTYPES[data[start]], header.unpack_from(data, start)[2:], start + header.size


def read_array(data: bytes) -> np.ndarray:
    """A new array with a copy of the numbers. Raises WireError."""
    dtype, shape, start = read_header(data, 0)
    if math.prod(shape) * dtype.itemsize != len(data) - start:
        raise WireError("an array whose size and shape disagree")
    if dtype.kind == "b" and max(data[start:], default=0) > 1:  # NumPy's loops disagree on what 2 means
        raise WireError("a truth value that is neither 0 nor 1")
    array = np.ndarray(shape, dtype, data, start).copy()
    if dtype in _UNITLESS[:1] and not np.isnat(array).all():  # no such date can be shown
        raise WireError("dates without a unit")
    return array


def require_few(shape: tuple[int, ...]) -> None:
    """Raise WireError if an array from student code has too many entries, or a vast axis beside one of length 0."""
    if (math.prod(shape) or math.prod(max(1, n) for n in shape)) > MAX_ENTRIES:
        raise WireError(f"an array of more than {MAX_ENTRIES} numbers")


def read_scalar(data: bytes) -> Any:
    """One NumPy number. Raises WireError."""
    value = read_array(data)
    if value.ndim:
        raise WireError("a scalar with axes")
    return value[()]


def read_integer(data: bytes) -> int:
    """A Python integer of up to 256 bits. Raises WireError."""
    if len(data) != 32:
        raise WireError("an integer that does not have 32 bytes")
    return int.from_bytes(data, "little", signed=True)
