"""A frame's outline: how many values it claims and how deep they are nested, read from headers only.

The outline is read before any value is made. msgpack trusts a count before it has seen the entries, copies an
extension's body for each extension around it, and takes 40 KB of C stack for each level: 200 nested tuples, 1 KB of
hostile bytes, ended the grader with SIGSEGV. This module imports nothing of this package.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

MAX_VALUES: Final = 1_000_000  # in one frame, at any depth; each takes some 90 bytes of memory, a dict 250
TUPLE, SMALL, LARGE, FIXED, TEXTS = 3, 8, 9, 10, 11  # extensions, see wire.py
_WEIGHTS: Final = {SMALL: 5, LARGE: 100}  # values that one counts for: a Period takes 15 µs to make, a table 200 µs
MAX_NODES: Final = 100_000  # entries of one list or dict
MAX_DEPTH: Final = 64  # lists, dicts and extensions around a value; a tuple is an extension and a list
MAX_ODD_KEYS: Final = 1000  # of one dict or set, if any key is neither text nor a small whole number
SMALL_KEY: Final = 1 << 20
MAX_COPIED: Final = 64 << 20  # bytes of extensions inside extensions
# Bytes of the table that NumPy would make of a list with numbers and text: each entry gets room for the longest text, 4
# bytes a letter, and each number room for 32 letters. 501 entries and one text of a million letters are 2 GB.
MAX_TABLE: Final = 512 << 20
_OF_A_NUMBER: Final = 32
MAX_KNOWN: Final = 64  # bytes of a tuple that need not be looked at twice; too few for a long text
_KNOWN_LEVELS: Final = 4  # of such a tuple and a tuple in it: each is an extension and a list
Known = Mapping[bytes, int]  # the values in a tuple, by its bytes; see values_of_a_plain_tuple

_FLAT, _LIST, _DICT, _EXTENSION, _NONE = range(5)
_SCALARS: Final = frozenset({str, bytes, int, float, bool, type(None)})
_ARRAY: Final = 1  # of layouts.py
_COUNTED: Final = frozenset({_ARRAY, SMALL, LARGE, FIXED, TEXTS})
_DATE: Final = 255  # msgpack makes a Timestamp of this extension, without a call of our hook


class OutlineError(ValueError):
    """The bytes are not one value, or the value is too large."""


def _forms() -> tuple[tuple[int, int, int], ...]:
    """For each first byte: the value's kind, how many bytes of length follow, and the length if none follow.

    Source: https://github.com/msgpack/msgpack/blob/master/spec.md, table "Formats".
    """
    forms = [(_FLAT, 0, 0)] * 128 + [(_DICT, 0, n) for n in range(16)] + [(_LIST, 0, n) for n in range(16)]
    forms += [(_FLAT, 0, n) for n in range(32)]  # text
    forms += [(_FLAT, 0, 0), (_NONE, 0, 0), (_FLAT, 0, 0), (_FLAT, 0, 0)]  # None, unused, False, True
    forms += [(_FLAT, width, 0) for width in (1, 2, 4)] + [(_EXTENSION, width, 0) for width in (1, 2, 4)]  # bytes
    forms += [(_FLAT, 0, size) for size in (4, 8, 1, 2, 4, 8, 1, 2, 4, 8)]  # floats, integers
    forms += [(_EXTENSION, 0, size) for size in (1, 2, 4, 8, 16)] + [(_FLAT, width, 0) for width in (1, 2, 4)]
    forms += [(_LIST, 2, 0), (_LIST, 4, 0), (_DICT, 2, 0), (_DICT, 4, 0)]
    return tuple(forms + [(_FLAT, 0, 0)] * 32)


_FORMS: Final = _forms()


def require_outline(  # noqa: C901, PLR0912, PLR0915 — one loop: with a call for each value it takes twice as long
    body: bytes,
    holders: frozenset[int],
    itemsizes: tuple[int, ...],
    *,
    tables: bool = True,
    known: Known = MappingProxyType({}),
) -> None:
    """Raise OutlineError, or IndexError if bytes are missing, unless body is one value within the limits.

    holders: the extensions whose body is a value again.  itemsizes: bytes of an array's entry, by the array's first
    byte.  tables: whether MAX_TABLE holds.  known: tuples that were within the limits before.
    Takes some 0.2 µs a value, and no memory.
    """
    longest, entries, weight = _OF_A_NUMBER, 0, 0
    at, values, copied, owed = 0, 0, 0, 1  # owed: values that were claimed and are still to come
    left, end = 1, len(body)  # of the innermost holder: values to come; where it must end, or -1 for a list or dict
    around: list[tuple[int, int]] = []
    forms, total = _FORMS, end
    while left or around:
        if not left:
            if end not in (-1, at):
                raise OutlineError("an extension whose length is not that of its value")
            left, end = around.pop()
            continue
        kind, width, size = forms[body[at]]
        at, left, values, owed = at + 1 + width, left - 1, values + 1, owed - 1
        if width:
            size = int.from_bytes(body[at - width : at], "big")
        if kind == _FLAT:  # most values
            at += size
            if owed > total - at:  # a value takes at least one byte
                raise OutlineError("more values claimed than there are bytes")
            longest = max(longest, size)
            continue
        if kind == _EXTENSION:
            code, at = body[at], at + 1
            if code == _DATE:
                raise OutlineError("a date of msgpack")
            if code in _COUNTED:
                letters, count, heavy = _counted(body, at, size, itemsizes)
                longest, entries, weight = max(longest, letters), entries + count, weight + heavy
            inside = known.get(body[at : at + size], 0) if code == TUPLE and size <= MAX_KNOWN else 0
            if inside and len(around) + _KNOWN_LEVELS <= MAX_DEPTH:
                at, values, copied = at + size, values + inside, copied + size
            elif code in holders:
                around.append((left, end))
                left, end, owed, copied = 1, at + size, owed + 1, copied + size
            else:
                at += size
        elif kind == _NONE:
            raise OutlineError("an unused format")
        elif size:
            if size > MAX_NODES:
                raise OutlineError(f"a list or dict of more than {MAX_NODES} entries")
            around.append((left, end))
            left, end = size * kind, -1  # a dict's entry is two values
            owed += left
        if owed > total - at:
            raise OutlineError("more values claimed than there are bytes")
        if values + owed + weight > MAX_VALUES or len(around) > MAX_DEPTH or copied > MAX_COPIED:
            raise OutlineError(f"more than {MAX_VALUES} values, or more than {MAX_DEPTH} levels")
    if end not in (-1, at):
        raise OutlineError("an extension whose length is not that of its value")
    if tables and 4 * longest * (values + entries) > MAX_TABLE:
        raise OutlineError("more text or numbers than a table of them may have")


def values_of_a_plain_tuple(items: tuple[Any, ...]) -> int:
    """How many values an outline counts inside a tuple; 0 if it holds more than numbers, text and tuples of these.

    A program is a list of such tuples, ("add", (0, 1)), and it is sent again and again.
    """
    count = 1 + len(items)
    for item in items:
        if type(item) is tuple:
            if not _SCALARS.issuperset(map(type, item)):
                return 0
            count += 1 + len(item)
        elif type(item) not in _SCALARS:
            return 0
    return count


def _counted(body: bytes, at: int, size: int, itemsizes: tuple[int, ...]) -> tuple[int, int, int]:
    """Of an extension: the letters of its longest text, the entries of its array, its weight; 0 where it has none."""
    code = body[at - 1]
    if code == _ARRAY:
        return 0, size // itemsizes[body[at]] if size and body[at] < len(itemsizes) else 0, 0
    if code == FIXED and size:  # a kind and a width, see text_arrays.py
        width = int.from_bytes(body[at + 1 : at + 5], "little")
        return width, size // max(1, width), 0
    count = int.from_bytes(body[at : at + 4], "little") if code == TEXTS else 0
    return 0, count, _WEIGHTS.get(code, 0)


def as_dict(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    """The dict of these entries. Raises OutlineError if a key is repeated, or see require_fast_keys."""
    if len(pairs) > MAX_ODD_KEYS:
        require_fast_keys([key for key, _ in pairs])
    entries = dict(pairs)
    if len(entries) < len(pairs):
        raise OutlineError("a repeated key")
    return entries


def require_fast_keys(keys: list[Any]) -> None:
    """Raise OutlineError if a dict or set of these keys could take quadratic time.

    Only the hash of text and bytes is salted: 100 000 multiples of 2**61 - 1 all have the hash 0, and take minutes.
    Small whole numbers are their own hashes, and too few to meet in one place of a large table.
    """
    if len(keys) > MAX_ODD_KEYS and not all(map(_is_fast, keys)):
        raise OutlineError(f"more than {MAX_ODD_KEYS} keys that are neither text nor small whole numbers")


def _is_fast(key: object) -> bool:
    return type(key) in {str, bytes} or (type(key) is int and 0 <= key < SMALL_KEY)
