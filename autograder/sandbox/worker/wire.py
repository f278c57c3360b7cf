"""Typed values as length-prefixed msgpack frames; arrays as raw bytes behind a dtype and a shape. No pickle.

Both ends use this module. The grader's end trusts no byte: every length is bounded before memory is taken, and
everything that is not exactly a value of the table raises WireError. The process's end trusts the grader.

| Python                                   | on the wire                                   |
|------------------------------------------|-----------------------------------------------|
| None bool float str bytes list dict      | themselves                                    |
| int                                      | itself up to 64 bits, Ext INT up to 256       |
| tuple                                    | Ext TUPLE                                     |
| ndarray of numbers or dates, np.generic  | Ext ARRAY, Ext SCALAR                         |
| ndarray of text or bytes, of str objects | Ext FIXED, Ext TEXTS                          |
| what has a place in kinds.py             | Ext SMALL or LARGE: a list of its parts       |
| anything else                            | the marker that `refer` makes of it           |

Three markers stand for objects that do not travel. Reference and Remote have a fixed layout; Handed is a list of
values.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import msgpack
import numpy as np

from . import layouts, text_arrays
from .describing import FORMS
from .kinds import Stays, kind_named, kind_of
from .layouts import CODES, MAX_FRAME, SHAPES, WireError, extension
from .outline import (
    FIXED,
    LARGE,
    MAX_KNOWN,
    MAX_NODES,
    SMALL,
    TEXTS,
    TUPLE,
    OutlineError,
    as_dict,
    require_outline,
    values_of_a_plain_tuple,
)

MAX_TEXT: Final = 1 << 20

REFERENCE, HANDED, REMOTE = 5, 6, 7
_ITEMSIZES: Final = tuple(dtype.itemsize for dtype in layouts.DTYPES)
_HOLDERS: Final = frozenset({TUPLE, HANDED, SMALL, LARGE})  # their content is another value
_BUILT_IN: Final = (int, str, float, list, dict)
_BUFFER: Final = 1024  # bytes; it grows. With the default, 256 KB, each nested value would need memory from the kernel
_MOST_KNOWN: Final = 4096  # tuples that a codec remembers
_LENGTH = struct.Struct("<I")
_REFERENCE: Final = struct.Struct("<Q?B")  # number, callable, form; the description follows
_REMOTE: Final = struct.Struct("<QQ??")  # number, handle, observed, makes; dtype and shape follow


@dataclass(frozen=True, slots=True)
class Reference:
    """An object that stays in the student's process.

    number: its key in that process.  callable: whether it can be called.  description: for messages.
    form: a place in describing.FORMS.
    """

    number: int
    callable: bool
    description: str = ""
    form: int = 0


@dataclass(frozen=True, slots=True)
class Handed:
    """A function of the grader, for student code.

    number: of the function.  reuse_buffer: every call fills and returns one array.  methods: functions that become
    its attributes.  formula: None, or the code of a NumPy expression of arrays and the constants, see
    formulas.code_of: the student's process evaluates it, and the grader is not asked.  as_given: whether it works on
    its arguments themselves, see formulas.Expression.  parts: as formula, for any function, see sendable_functions.py.
    """

    number: int
    reuse_buffer: bool = False
    methods: dict[str, Any] = field(default_factory=dict)
    formula: np.ndarray | None = None
    constants: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, Any] | None = None
    as_given: bool = False


@dataclass(frozen=True, slots=True)
class Remote:
    """An array that stays in the grader, which executes every operation on it.

    number: of the function that executes.  handle: the array's key in the grader.
    observed, makes: see remote.RemoteArray.
    """

    number: int
    handle: int
    shape: tuple[int, ...] = ()
    dtype: str = "<f8"
    observed: bool = True
    makes: bool = True


Marker = Reference | Handed | Remote


class Codec:
    """One end's encoder and decoder.

    refer: makes a marker for an object that does not travel, or raises.  resolve: makes the object of this end
    from a marker; its exceptions become a WireError.
    grader: whether this is the grader's end, which checks the outline of what it reads. The other end checks the
    outline of its own frames: an error then costs one answer, and not the whole process.
    tables: whether frames are bounded as outline.MAX_TABLE says; not those with the outputs of a notebook.
    """

    def __init__(
        self, refer: Callable[[object], Marker], resolve: Callable[[Marker], Any], *, grader: bool = True
    ) -> None:
        self._refer, self._resolve, self._grader = refer, resolve, grader
        self.tables = True
        self._taking_apart = 0  # how many values around this one are sent as their parts
        self._putting_together = 0  # the same for those that are read
        self._pairs = as_dict if grader else None
        # Small plain tuples that came before, by their bytes. They cannot change, so they are not read a second time.
        self._known: dict[bytes, int] = {}  # see outline.Known; 0 for those that are not plain
        self._tuples: dict[bytes, tuple[Any, ...]] = {}
        self._packers = [self._new_packer()]  # one for each depth that was met: a packer packs one value at a time
        self._depth = 0

    def encode(self, value: object) -> bytes:
        """One frame, header included. Raises WireError if the value is too large, too deep, or holds itself."""
        body = self._pack(value)
        if len(body) > MAX_FRAME:
            raise WireError(f"value of {len(body)} bytes is over the limit of {MAX_FRAME}")
        if not self._grader:
            try:
                require_outline(body, _HOLDERS, _ITEMSIZES, tables=self.tables, known=self._known)
            except OutlineError as error:
                raise WireError(f"value does not fit the protocol: {error}") from None
        return _LENGTH.pack(len(body)) + body

    def decode(self, body: bytes | memoryview) -> Any:
        """The value of one frame's body. Raises WireError unless the body is exactly one value.

        Takes at most 300 bytes of memory for each byte of the body.
        """
        try:
            if self._grader:
                require_outline(bytes(body), _HOLDERS, _ITEMSIZES, tables=self.tables, known=self._known)
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
            max_bin_len=MAX_FRAME,
        )

    def _new_packer(self) -> msgpack.Packer:
        return msgpack.Packer(
            default=self._special,
            strict_types=True,  # msgpack packs the built-in types; subclasses go to _special
            use_bin_type=True,
            unicode_errors="replace",
            buf_size=_BUFFER,
        )

    def _pack(self, value: object) -> bytes:
        if self._depth == len(self._packers):
            self._packers.append(self._new_packer())
        self._depth += 1
        try:
            packed: bytes = self._packers[self._depth - 1].pack(value)
        except (ValueError, OverflowError, RecursionError, struct.error) as error:
            raise WireError(f"value does not fit the protocol: {error}") from None
        finally:
            self._depth -= 1
        return packed

    def _special(self, value: object) -> object:
        if isinstance(value, tuple):
            data = self._pack(list(value))
            if not self._grader:  # it will look at its own frame
                self._note(data, value)
            return extension((TUPLE, data))
        if isinstance(value, np.ndarray):
            made = layouts.array(value, few=not self._grader) or text_arrays.fixed(value) or text_arrays.texts(value)
        elif isinstance(value, np.generic):
            made = layouts.scalar(value)
        elif isinstance(value, _BUILT_IN) and kind_of(value) is None:  # SciPy's dok matrix is a dict
            return _as_built_in(value)
        else:
            made = None
        return made if made is not None else self._parts(value) or self._marker(value)

    def _note(self, data: bytes, items: tuple[Any, ...]) -> None:
        """Remember how many values these bytes of a tuple hold, if they are few."""
        if len(data) <= MAX_KNOWN and data not in self._known:
            if len(self._known) == _MOST_KNOWN:  # of a long program, perhaps: the next ones may come more often
                self._known.clear()
                self._tuples.clear()
            self._known[data] = values_of_a_plain_tuple(items)

    def _parts(self, value: object) -> object:
        """A SMALL or LARGE extension; None if the value has no kind, or a part of it does not travel."""
        kind = kind_of(value)
        if kind is None:
            return None
        self._taking_apart += 1
        try:
            return extension((LARGE if kind.large else SMALL, self._pack([kind.name, *kind.apart(value)])))
        except Stays:
            return None
        except WireError:
            raise
        except Exception as error:  # noqa: BLE001 — student code can change pandas
            raise WireError(f"a {type(value).__name__} that cannot be read: {type(error).__name__}") from None
        finally:
            self._taking_apart -= 1

    def _marker(self, value: object) -> object:
        if self._taking_apart:  # what stays behind is the whole, so that no check meets half a value
            raise Stays
        match self._refer(value):
            case Reference() as made:
                description = made.description.encode("utf-8", "replace")
                return extension((REFERENCE, _REFERENCE.pack(made.number, made.callable, made.form) + description))
            case Remote() as made:
                header = SHAPES[len(made.shape)].pack(CODES[np.dtype(made.dtype)], len(made.shape), *made.shape)
                fields = _REMOTE.pack(made.number, made.handle, made.observed, made.makes)
                return extension((REMOTE, fields + header))
            case made:
                computing = [made.formula, made.constants, made.parts, made.as_given]
                return extension((HANDED, self._pack([made.number, made.reuse_buffer, made.methods, *computing])))

    def _extension(self, code: int, data: bytes) -> object:
        if code in _READ:  # the most frequent kinds first
            if self._grader and code == layouts.ARRAY:
                layouts.require_few(layouts.read_header(data, 0)[1])
            return _READ[code](data)
        if code == TUPLE:
            known = self._tuples.get(data)
            return self._read_tuple(data) if known is None else known
        if code in {SMALL, LARGE}:
            return self._together(data, large=code == LARGE)
        if self._putting_together:
            raise WireError("a table or a set with something in it that does not travel")
        if code == REFERENCE:
            return self._resolve(_read_reference(data))
        if code == REMOTE:
            return self._resolve(_read_remote(data))
        if code == HANDED:
            return self._resolve(_read_handed(self._items(data)))
        raise WireError(f"extension {code} is not in the table")

    def _read_tuple(self, data: bytes) -> tuple[Any, ...]:
        items = tuple(self._items(data))
        self._note(data, items)
        if self._known.get(data):
            self._tuples[data] = items
        return items

    def _together(self, data: bytes, *, large: bool) -> object:
        self._putting_together += 1
        try:
            name, *parts = self._items(data)
        finally:
            self._putting_together -= 1
        kind = kind_named(name)
        if kind.large != large:
            raise WireError("a value that is not counted as its kind is")
        return kind.together(*parts)

    def _items(self, data: bytes) -> list[Any]:
        items = self._unpack(data)
        if type(items) is not list:
            raise WireError("a tuple or function that is not a list of values")
        return items


def frame_length(header: bytes | memoryview) -> int:
    """The body's length, from a 4-byte header. Raises WireError if it is too large, before memory is taken."""
    (length,) = _LENGTH.unpack(header)
    if length > MAX_FRAME:
        raise WireError(f"frame of {length} bytes is over the limit of {MAX_FRAME}")
    return int(length)


def _as_built_in(value: Any) -> object:
    """The form of a subclass's value (IntEnum, OrderedDict), or of an integer that is too large for msgpack."""
    if isinstance(value, int):
        return layouts.large_integer(value)
    kinds: tuple[Callable[[Any], object], ...] = (str, float, list, dict)
    return next(kind(value) for kind in kinds if isinstance(value, kind))  # type: ignore[arg-type]


_READ: Final[dict[int, Callable[[bytes], Any]]] = {
    layouts.ARRAY: layouts.read_array,
    layouts.SCALAR: layouts.read_scalar,
    layouts.INT: layouts.read_integer,
    FIXED: text_arrays.read_fixed,
    TEXTS: text_arrays.read_texts,
}


def _read_reference(data: bytes) -> Reference:
    number, is_callable, form = _REFERENCE.unpack_from(data)
    if form >= len(FORMS):
        raise WireError("a form that is not in the table")
    return Reference(number, is_callable, str(data[_REFERENCE.size :][:800], "utf-8", "replace")[:200], form)


def _read_remote(data: bytes) -> Remote:
    number, handle, observed, makes = _REMOTE.unpack_from(data)
    dtype, shape, end = layouts.read_header(data, _REMOTE.size)
    if end != len(data):
        raise WireError("extra bytes after an array's handle")
    return Remote(number, handle, shape, dtype.str, observed, makes)


def _read_handed(fields: list[Any]) -> Handed:
    match fields:
        case [int(), bool(), dict(), np.ndarray() | None, dict(), dict() | None, bool()]:
            return Handed(*fields)
    raise WireError("a malformed function")
