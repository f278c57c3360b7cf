"""Typed values as length-prefixed msgpack frames; arrays as raw bytes behind a dtype and a shape. No pickle.

Both ends use this module. The grader's end trusts nothing it decodes: every length is bounded before memory is
taken, and whatever is not exactly a value of the table below raises WireError. The process's end trusts the grader.

| Python                                   | on the wire                                   |
|------------------------------------------|-----------------------------------------------|
| None bool float str list dict            | themselves                                    |
| int                                      | itself up to 64 bits, Ext INT up to 256       |
| tuple                                    | Ext TUPLE                                     |
| ndarray (real, integer, bool), np.generic| Ext ARRAY, Ext SCALAR                         |
| anything else                            | the marker that `refer` makes of it           |

Three markers stand for what does not travel: Reference, Handed and Remote.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import msgpack
import numpy as np

from .outline import OutlineError, as_dict, require_outline

MAX_FRAME: Final = 16 << 20  # bytes
MAX_NODES: Final = 100_000  # entries of one list or dict; see outline.py for all of a frame
MAX_TEXT: Final = 1 << 20
MAX_AXES: Final = 8

ARRAY, SCALAR, TUPLE, INT, REFERENCE, HANDED, REMOTE = 1, 2, 3, 4, 5, 6, 7
_HOLDERS: Final = frozenset({TUPLE, REFERENCE, HANDED, REMOTE})  # what they carry is a value again
# No object, complex, void, text or dates, and one byte order. A dtype travels as its place in this table.
DTYPES: Final = tuple(
    np.dtype(name) for name in ("<f8", "<f4", "<f2", "<i8", "<i4", "<i2", "|i1", "<u8", "<u4", "<u2", "|u1", "|b1")
)
_CODES: Final = {dtype: code for code, dtype in enumerate(DTYPES)}
_BUILT_IN: Final = (int, str, float, list, dict)
_BUFFER: Final = 1024  # bytes; it grows. With the 256 KB of the default a pack inside a pack is memory from the kernel
_LENGTH = struct.Struct("<I")
_SHAPES: Final = tuple(struct.Struct(f"<BB{axes}Q") for axes in range(MAX_AXES + 1))  # dtype, axes, shape


class WireError(Exception):
    """Bytes that are no value, or a value that does not fit a frame."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An object that stays in the student's process.

    number: its key there.  callable: whether it can be called.  description: what it is, for messages.
    """

    number: int
    callable: bool
    description: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """A function of the grader's, in the student's hands.

    number: what to ask for.  reuse_buffer: fill and return one array, call after call.  methods: the numbers
    of functions it has as attributes.  formula: if not empty, a NumPy expression of x and the constants: the
    function is evaluated where it is called, and the grader is not asked.  parts: the same of any function, see
    travelling.py.
    """

    number: int
    reuse_buffer: bool = False
    methods: dict[str, int] = field(default_factory=dict)
    formula: str = ""
    constants: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Remote:
    """An array that stays with the grader, who executes every operation on it.

    number: of the function that executes.  handle: the array's key there.  observed: see remote.RemoteArray.
    """

    number: int
    handle: int
    shape: tuple[int, ...] = ()
    dtype: str = "<f8"
    observed: bool = True


Marker = Reference | Handed | Remote


class Codec:
    """One end's encoder and decoder.

    refer: makes a marker of what does not travel, or raises.  resolve: makes a marker into what stands for it
    on this side; whatever it raises becomes a WireError.
    grader: whether this is the grader's end, which checks the outline of what it reads. The other end checks that of
    what it writes: there it costs one answer, where it is read the whole process.
    """

    def __init__(
        self, refer: Callable[[object], Marker], resolve: Callable[[Marker], Any], *, grader: bool = True
    ) -> None:
        self._refer, self._resolve, self._grader = refer, resolve, grader
        self._pairs = as_dict if grader else None

    def encode(self, value: object) -> bytes:
        """One frame, header included. Raises WireError if it is larger or deeper than allowed, or holds itself."""
        body = self._pack(value)
        if len(body) > MAX_FRAME:
            raise WireError(f"value of {len(body)} bytes is over the limit of {MAX_FRAME}")
        if not self._grader:
            try:
                require_outline(body, _HOLDERS)
            except OutlineError as error:
                raise WireError(f"value does not fit the protocol: {error}") from None
        return _LENGTH.pack(len(body)) + body

    def decode(self, body: bytes | memoryview) -> Any:
        """The value of one frame's body. Raises WireError on anything that is not exactly one.

        Takes at most 300 bytes of memory for each of the body.
        """
        try:
            if self._grader:
                require_outline(body, _HOLDERS)
            return self._unpack(body)
        except WireError:
            raise
        except OutlineError as error:
            raise WireError(f"malformed frame: {error}") from None
        except Exception as error:  # noqa: BLE001 — msgpack raises a dozen types; each means the same: not a value
            raise WireError(f"malformed frame: {type(error).__name__}") from None

    def _unpack(self, body: bytes | memoryview) -> Any:
        return msgpack.unpackb(
            body,
            ext_hook=self._extension,
            object_pairs_hook=self._pairs,
            strict_map_key=False,
            max_str_len=MAX_TEXT,
            max_array_len=MAX_NODES,
            max_map_len=MAX_NODES,
            max_ext_len=MAX_FRAME,
        )

    def _pack(self, value: object) -> bytes:
        try:  # strict_types sends subclasses to _special, too: the built-in types msgpack does by itself
            packed: bytes = msgpack.packb(
                value,
                default=self._special,
                strict_types=True,
                use_bin_type=True,
                unicode_errors="replace",
                buf_size=_BUFFER,
            )
        except (ValueError, OverflowError, RecursionError) as error:
            raise WireError(f"value does not fit the protocol: {error}") from None
        return packed

    def _special(self, value: object) -> object:
        if isinstance(value, np.ndarray):
            return _array(value) or self._marker(value)
        if isinstance(value, np.generic):
            return _scalar(value) or self._marker(value)
        if isinstance(value, tuple):
            return msgpack.ExtType(TUPLE, self._pack(list(value)))
        if not isinstance(value, _BUILT_IN):
            return self._marker(value)
        if isinstance(value, int):
            return _large_integer(value)
        kinds: tuple[Callable[[Any], object], ...] = (str, float, list, dict)
        for kind in kinds:
            if isinstance(value, kind):  # type: ignore[arg-type]
                return kind(value)
        return self._marker(value)

    def _marker(self, value: object) -> object:
        match self._refer(value):
            case Reference() as made:
                return msgpack.ExtType(REFERENCE, self._pack([made.number, made.callable, made.description]))
            case Remote() as made:
                fields = [made.number, made.handle, list(made.shape), made.dtype, made.observed]
                return msgpack.ExtType(REMOTE, self._pack(fields))
            case made:
                fields = [made.number, made.reuse_buffer, made.methods, made.formula, made.constants, made.parts]
                return msgpack.ExtType(HANDED, self._pack(fields))

    def _extension(self, code: int, data: bytes) -> object:
        if code == ARRAY:
            return _read_array(data)
        if code == SCALAR:
            array = _read_array(data)
            if array.ndim:
                raise WireError("a scalar with axes")
            return array[()]
        if code == INT and len(data) == 32:
            return int.from_bytes(data, "little", signed=True)
        if code in _HOLDERS:
            items = self._unpack(data)
            if type(items) is list:
                return tuple(items) if code == TUPLE else self._resolve(_read_marker(code, items))
        raise WireError(f"extension {code} is not one of ours")


def frame_length(header: bytes | memoryview) -> int:
    """The body's length out of a 4-byte header. Raises WireError before anyone allocates that much."""
    (length,) = _LENGTH.unpack(header)
    if length > MAX_FRAME:
        raise WireError(f"frame of {length} bytes is over the limit of {MAX_FRAME}")
    return int(length)


def _array(value: np.ndarray) -> object:
    if value.nbytes > MAX_FRAME or value.size > MAX_FRAME:  # size too: broadcast_to makes 8 TB of 8 bytes
        raise WireError(f"array of {value.size} numbers is over the limit of {MAX_FRAME} bytes")
    code = _CODES.get(value.dtype)
    if code is None or value.ndim > MAX_AXES:
        return None
    header = _SHAPES[value.ndim].pack(code, value.ndim, *value.shape)
    return msgpack.ExtType(ARRAY, header + np.ndarray.tobytes(value))  # the base class's: in C order, as shown


def _scalar(value: np.generic) -> object:
    if isinstance(value, np.str_):
        return str(value)
    code = _CODES.get(value.dtype)
    return None if code is None else msgpack.ExtType(SCALAR, _SHAPES[0].pack(code, 0) + value.tobytes())


def _large_integer(value: int) -> object:
    if value.bit_length() < 64:
        return int(value)  # a subclass, such as IntEnum
    if not -(1 << 255) <= value < 1 << 255:
        raise WireError(f"an integer of {value.bit_length()} bits")
    return msgpack.ExtType(INT, value.to_bytes(32, "little", signed=True))


def _read_array(data: bytes) -> np.ndarray:
    axes = data[1] if len(data) > 1 else MAX_AXES + 1
    if axes > MAX_AXES or data[0] >= len(DTYPES) or len(data) < _SHAPES[axes].size:
        raise WireError("an array header that is none")
    header = _SHAPES[axes]
    shape, dtype = header.unpack_from(data)[2:], DTYPES[data[0]]
    if math.prod(shape) * dtype.itemsize != len(data) - header.size:
        raise WireError("an array whose size and shape disagree")
    if dtype.kind == "b" and max(data[header.size :], default=0) > 1:  # NumPy's loops differ on what such a truth is
        raise WireError("a truth value that is neither")
    return np.ndarray(shape, dtype, data, header.size).copy()


def _read_marker(code: int, fields: list[Any]) -> Marker:
    match fields:
        case [int(number), bool(is_callable), str(description)] if code == REFERENCE:
            return Reference(number, is_callable, description[:200])
        case [int(number), bool(reuse), dict(methods), str(formula), dict(constants), dict() | None as parts] if (
            code == HANDED
        ):
            return Handed(number, reuse, methods, formula, constants, parts)
        case [int(number), int(handle), list(shape), str(dtype), bool(observed)] if code == REMOTE:
            return Remote(number, handle, tuple(shape), dtype, observed)
    raise WireError("a marker that is none")
