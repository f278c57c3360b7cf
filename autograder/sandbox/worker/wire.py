"""Typed values as length-prefixed msgpack frames; arrays as raw bytes behind a dtype and a shape. No pickle.

Both ends use this module. The grader's end trusts nothing it decodes: every length is bounded before
memory is taken, and whatever is not exactly a value of the table below raises WireError.

| Python                                   | on the wire                                   |
|------------------------------------------|-----------------------------------------------|
| None bool float str list dict            | themselves                                    |
| int                                      | itself up to 64 bits, Ext INT up to 256       |
| tuple                                    | Ext TUPLE                                     |
| ndarray (real, integer, bool), np.generic| Ext ARRAY, Ext SCALAR                         |
| anything else                            | what `refer` makes of it: Ext REFERENCE       |
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import msgpack
import numpy as np

MAX_FRAME: Final = 16 << 20  # bytes
MAX_NODES: Final = 100_000  # entries of one list or dict
MAX_TEXT: Final = 1 << 20
MAX_AXES: Final = 8

ARRAY, SCALAR, TUPLE, INT, REFERENCE = 1, 2, 3, 4, 5
# No object, complex, void, text or dates, and one byte order. A dtype travels as its place in this table.
DTYPES: Final = tuple(
    np.dtype(name) for name in ("<f8", "<f4", "<f2", "<i8", "<i4", "<i2", "|i1", "<u8", "<u4", "<u2", "|u1", "|b1")
)
_CODES: Final = {dtype: code for code, dtype in enumerate(DTYPES)}
_LENGTH = struct.Struct("<I")
_SHAPES: Final = tuple(struct.Struct(f"<BB{axes}Q") for axes in range(MAX_AXES + 1))  # dtype, axes, shape


class WireError(Exception):
    """Bytes that are no value, or a value that does not fit a frame."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Something that stays on its own side; the other side holds this.

    number: its owner's key.  callable: whether it can be called.  description: what it is, for messages.
    reuse_buffer: a callback that fills and returns one array, call after call.
    """

    number: int
    callable: bool
    description: str = ""
    reuse_buffer: bool = False


Refer = Callable[[object], Reference]


def encode(value: object, refer: Refer) -> bytes:
    """One frame, header included. Raises WireError if it would be larger than MAX_FRAME, or holds itself."""

    def special(item: object) -> object:  # msgpack does None, bool, int, float, str, list and dict by itself
        return _special(item, special, refer)

    body = _pack(value, special)
    if len(body) > MAX_FRAME:
        raise WireError(f"value of {len(body)} bytes is over the limit of {MAX_FRAME}")
    return _LENGTH.pack(len(body)) + body


def decode(body: bytes | memoryview) -> Any:
    """The value of one frame's body. Raises WireError on anything that is not exactly one."""
    try:
        return msgpack.unpackb(
            body,
            ext_hook=_extension,
            strict_map_key=False,
            max_str_len=MAX_TEXT,
            max_array_len=MAX_NODES,
            max_map_len=MAX_NODES,
            max_bin_len=0,
            max_ext_len=MAX_FRAME,
        )
    except WireError:
        raise
    except Exception as error:  # noqa: BLE001 — msgpack raises a dozen types; each means the same: not a value
        raise WireError(f"malformed frame: {type(error).__name__}") from None


def frame_length(header: bytes | memoryview) -> int:
    """The body's length out of a 4-byte header. Raises WireError before anyone allocates that much."""
    (length,) = _LENGTH.unpack(header)
    if length > MAX_FRAME:
        raise WireError(f"frame of {length} bytes is over the limit of {MAX_FRAME}")
    return int(length)


_Special = Callable[[object], object]


def _pack(value: object, special: _Special) -> bytes:
    try:
        packed: bytes = msgpack.packb(
            value, default=special, strict_types=True, use_bin_type=True, unicode_errors="replace"
        )
    except (ValueError, OverflowError, RecursionError) as error:
        raise WireError(f"value does not fit the protocol: {error}") from None
    return packed


def _special(value: object, special: _Special, refer: Refer) -> object:
    """What msgpack has no type for: strict_types sends every subclass here, too."""
    if isinstance(value, np.ndarray):
        return _array(value, refer, special)
    if isinstance(value, np.generic):
        return _scalar(value, refer, special)
    if isinstance(value, tuple):
        return msgpack.ExtType(TUPLE, _pack(list(value), special))
    if isinstance(value, int) and not isinstance(value, bool):
        return _large_integer(value)
    kinds: tuple[Callable[[Any], object], ...] = (str, float, list, dict)
    for kind in kinds:
        if isinstance(value, kind):  # type: ignore[arg-type]
            return kind(value)
    return _reference(value, refer, special)


def _array(value: np.ndarray, refer: Refer, special: _Special) -> object:
    if value.nbytes > MAX_FRAME or value.size > MAX_FRAME:  # size too: broadcast_to makes 8 TB of 8 bytes
        raise WireError(f"array of {value.size} numbers is over the limit of {MAX_FRAME} bytes")
    code = _CODES.get(value.dtype)
    if code is None or value.ndim > MAX_AXES:
        return _reference(value, refer, special)
    header = _SHAPES[value.ndim].pack(code, value.ndim, *value.shape)
    return msgpack.ExtType(ARRAY, header + np.ndarray.tobytes(value))  # the base class's: in C order, as shown


def _scalar(value: np.generic, refer: Refer, special: _Special) -> object:
    if isinstance(value, np.str_):
        return str(value)
    code = _CODES.get(value.dtype)
    if code is None:
        return _reference(value, refer, special)
    return msgpack.ExtType(SCALAR, _SHAPES[0].pack(code, 0) + value.tobytes())


def _reference(value: object, refer: Refer, special: _Special) -> object:
    made = refer(value)
    return msgpack.ExtType(REFERENCE, _pack([made.number, made.callable, made.description, made.reuse_buffer], special))


def _large_integer(value: int) -> object:
    if value.bit_length() < 64:
        return int(value)  # a subclass, such as IntEnum
    if value.bit_length() >= 256:
        raise WireError(f"an integer of {value.bit_length()} bits")
    return msgpack.ExtType(INT, value.to_bytes(32, "little", signed=True))


def _extension(code: int, data: bytes) -> object:
    if code == ARRAY:
        return _read_array(data)
    if code == SCALAR:
        array = _read_array(data)
        if array.ndim:
            raise WireError("a scalar with axes")
        return array[()]
    if code == TUPLE:
        items = decode(data)
        if type(items) is list:
            return tuple(items)
    if code == INT and len(data) == 32:
        return int.from_bytes(data, "little", signed=True)
    if code == REFERENCE:
        return _read_reference(decode(data))
    raise WireError(f"extension {code} is not one of ours")


def _read_array(data: bytes) -> np.ndarray:
    axes = data[1] if len(data) > 1 else MAX_AXES + 1
    if axes > MAX_AXES or data[0] >= len(DTYPES) or len(data) < _SHAPES[axes].size:
        raise WireError("an array header that is none")
    header = _SHAPES[axes]
    _, _, *shape = header.unpack_from(data)
    dtype = DTYPES[data[0]]
    if math.prod(shape) * dtype.itemsize != len(data) - header.size:
        raise WireError("an array whose size and shape disagree")
    return np.frombuffer(data, dtype, offset=header.size).reshape(shape).copy()


def _read_reference(fields: object) -> Reference:
    match fields:
        case [int(number), bool(is_callable), str(description), bool(reuse)] if type(number) is int:
            return Reference(number, is_callable, description[:200], reuse)
    raise WireError("a reference that is none")
