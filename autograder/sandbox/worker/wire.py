"""Typed values as length-prefixed msgpack frames; arrays as raw bytes behind a dtype and a shape. No pickle.

Both ends use this module. The grader's end trusts nothing it decodes: every length is bounded before
memory is taken, and whatever is not exactly a value of the table below raises WireError.

| Python                                   | on the wire                                   |
|------------------------------------------|-----------------------------------------------|
| None bool float str list dict[str, ...]  | themselves                                    |
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
MAX_NODES: Final = 100_000  # values in one frame
MAX_DEPTH: Final = 24
MAX_TEXT: Final = 1 << 20
MAX_AXES: Final = 8

ARRAY, SCALAR, TUPLE, INT, REFERENCE = 1, 2, 3, 4, 5
DTYPES: Final = frozenset(
    {"<f8", "<f4", "<f2", "<i8", "<i4", "<i2", "|i1", "<u8", "<u4", "<u2", "|u1", "|b1"}
)  # no object, complex, void, text or dates, and one byte order
_LENGTH = struct.Struct("<I")


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
    """One frame, header included. Raises WireError if it would be larger than MAX_FRAME."""
    encoder = _Encoder(refer)
    try:
        body: bytes = msgpack.packb(encoder.plain(value, 0), use_bin_type=True, unicode_errors="replace")
    except (ValueError, OverflowError) as error:
        raise WireError(f"value does not fit the protocol: {error}") from None
    if len(body) > MAX_FRAME:
        raise WireError(f"value of {len(body)} bytes is over the limit of {MAX_FRAME}")
    return _LENGTH.pack(len(body)) + body


def decode(body: bytes | memoryview) -> Any:
    """The value of one frame's body. Raises WireError on anything that is not exactly one."""
    try:
        return msgpack.unpackb(
            body,
            ext_hook=_extension,
            strict_map_key=True,
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


class _Encoder:
    """Turns a value into what msgpack packs, counting nodes so that no value can exhaust memory."""

    def __init__(self, refer: Refer) -> None:
        self.refer = refer
        self.nodes = 0

    def plain(self, value: object, depth: int) -> object:  # noqa: PLR0911 — the table above, a row a return
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise WireError(f"more than {MAX_NODES} values in one answer")
        kind = type(value)
        if value is None or kind is bool or kind is float or kind is str:
            return value
        if kind is int:
            return _integer(value)  # type: ignore[arg-type]
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, np.generic):
            return self._scalar(value)
        if depth < MAX_DEPTH and isinstance(value, (list, tuple, dict)):
            return self._container(value, depth + 1)
        if isinstance(value, str):  # np.str_ was a np.generic; this is a student's own subclass
            return str.__str__(value)
        return self._reference(value)

    def _container(self, value: list[Any] | tuple[Any, ...] | dict[Any, Any], depth: int) -> object:
        if isinstance(value, dict):
            if not all(type(key) is str for key in value):
                return self._reference(value)
            return {key: self.plain(item, depth) for key, item in value.items()}
        items = [self.plain(item, depth) for item in value]
        return items if isinstance(value, list) else _ext(TUPLE, items)

    def _array(self, value: np.ndarray) -> object:
        if value.nbytes > MAX_FRAME or value.size > MAX_FRAME:  # size too: broadcast_to makes 8 TB of 8 bytes
            raise WireError(f"array of {value.size} numbers is over the limit of {MAX_FRAME} bytes")
        if value.dtype.str not in DTYPES or value.ndim > MAX_AXES:
            return self._reference(value)
        copy = np.array(value, order="C", copy=True, subok=False)  # subclasses, views and strides stop here
        return msgpack.ExtType(ARRAY, msgpack.packb((copy.dtype.str, copy.shape)) + copy.tobytes())

    def _scalar(self, value: np.generic) -> object:
        if isinstance(value, np.str_):
            return str(value)
        if value.dtype.str not in DTYPES:
            return self._reference(value)
        return msgpack.ExtType(SCALAR, msgpack.packb((value.dtype.str, ())) + value.tobytes())

    def _reference(self, value: object) -> object:
        reference = self.refer(value)
        return _ext(REFERENCE, [reference.number, reference.callable, reference.description, reference.reuse_buffer])


def _integer(value: int) -> object:
    if -(1 << 63) <= value < (1 << 64):
        return value
    if value.bit_length() >= 256:
        raise WireError(f"an integer of {value.bit_length()} bits")
    return msgpack.ExtType(INT, value.to_bytes(32, "little", signed=True))


def _ext(code: int, items: list[Any]) -> object:
    return msgpack.ExtType(code, msgpack.packb(items, use_bin_type=True, unicode_errors="replace"))


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
    header = msgpack.Unpacker(
        max_buffer_size=128,
        max_array_len=MAX_AXES,
        max_str_len=3,
        max_map_len=0,
        max_ext_len=0,
        max_bin_len=0,
    )
    header.feed(data[:128])
    dtype, shape = header.unpack()
    if dtype not in DTYPES or type(shape) is not list or any(type(n) is not int or n < 0 for n in shape):
        raise WireError("an array header that is none")
    raw = memoryview(data)[header.tell() :]
    if math.prod(shape) * np.dtype(dtype).itemsize != len(raw):
        raise WireError("an array whose size and shape disagree")
    return np.frombuffer(raw, dtype=dtype).reshape(shape).copy()


def _read_reference(fields: object) -> Reference:
    match fields:
        case [int(number), bool(is_callable), str(description), bool(reuse)] if type(number) is int:
            return Reference(number, is_callable, description[:200], reuse)
    raise WireError("a reference that is none")
