"""Inputs that are almost right, for properties.py: strategies that build them, and a mutator that spoils them."""

import json
import struct
from pathlib import Path

import msgpack
import typed_values
from fuzz.properties import ID
from hypothesis import strategies as st

from autograder.sandbox.worker import kinds, layouts, wire
from autograder.sandbox.worker.outline import LARGE, SMALL, TEXTS

REAL_NOTEBOOKS = st.sampled_from(sorted(Path(__file__).parents[2].glob("assignments/*/*.ipynb"))).map(Path.read_bytes)
COUNTS = (0, 1, 2, 15, 16, 31, 255, 65_535, 100_000, 2**31, 2**32 - 1)
FORMATS = bytes.fromhex("808f909fa0bfc0c1c2c4c5c6c7c8c9cacbcfd3d4d6d8d9dbdcdddedf000104ff7f")
TOKENS = [
    *rb'null [] {} [ ] { } : , NaN Infinity 1e999 -0 4.0 true \ud800 \u0000 \ " ""'.split(),
    *(b"\xef\xbb\xbf", b"\xff", b"\xf0\x9f\x98\x80", b"1" * 5000, b"[" * 2000, b'{"a":' * 2000),
    *(b'"cells":[],', b'"nbformat":3,', b'"id":"a",', b'"source":[1],', b'"cell_type":[],'),
]


def extension(code, body):
    return msgpack.packb(msgpack.ExtType(code, body)) if code < 128 else b"\xc7" + bytes([len(body) % 256, code]) + body


def holder(first, width, count, parts):
    """A list or dict (by its first byte) that claims `count` entries, or as many as it has."""
    return bytes([first]) + struct.pack(">I", count)[-width:] + b"".join(parts)


CODES = st.sampled_from([*range(layouts.ARRAY, TEXTS + 1), 0, 12, 127, 128, 255])
_CODEC = wire.Codec(lambda value: wire.Reference(1, True), lambda marker: marker)
TYPED = [_CODEC.encode(value)[4:] for value in typed_values.ALL]
KINDS = [kinds.kind_of(value) for value in typed_values.ALL]
KINDS = sorted({(kind.name, LARGE if kind.large else SMALL) for kind in KINDS if kind is not None})
NUMBERS = st.integers(-(2**63), 2**64 - 1) | st.sampled_from([0, 1, ID, 2**61 - 1])
LEAVES = st.one_of(
    st.one_of(st.none(), st.booleans(), NUMBERS, st.floats(), st.text(max_size=20)).map(msgpack.packb),
    st.floats(width=32).map(lambda x: msgpack.packb(x, use_single_float=True)),
    st.integers(-(2**255), 2**255 - 1).map(lambda n: extension(layouts.INT, n.to_bytes(32, "little", signed=True))),
    st.builds(
        lambda code, dtype, shape, data: extension(
            code, struct.pack(f"<BB{len(shape)}Q", dtype, len(shape), *shape) + data
        ),
        st.sampled_from([layouts.ARRAY, layouts.SCALAR]),
        st.integers(0, len(layouts.DTYPES)),
        st.lists(st.integers(0, 3) | st.just(2**62), max_size=3),
        st.sampled_from([1, 2, 4, 8, 16]).flatmap(lambda n: st.binary(min_size=n, max_size=n)) | st.binary(max_size=40),
    ),
    st.builds(extension, CODES, st.binary(max_size=24)),
    st.binary(max_size=8),
    st.sampled_from(TYPED),
)


def containers(inner):
    several = st.lists(inner, max_size=4)
    fitting = several.map(lambda parts: bytes([0x90 + len(parts)]) + b"".join(parts))
    pairs = st.lists(st.tuples(inner, inner), max_size=3)
    return st.one_of(
        fitting,
        pairs.map(lambda entries: bytes([0x80 + len(entries)]) + b"".join(k + v for k, v in entries)),
        st.builds(extension, CODES, fitting | inner),
        st.builds(marker, st.sampled_from([wire.REFERENCE, wire.HANDED, wire.REMOTE]), NUMBERS, inner),
        st.builds(holder, st.sampled_from([0xDD, 0xDF]), st.just(4), st.sampled_from(COUNTS), several),
        st.builds(holder, st.sampled_from([0xDC, 0xDE]), st.just(2), st.sampled_from(COUNTS), several),
        st.builds(of_a_kind, st.sampled_from(KINDS), several),
        st.builds(nested, inner, st.sampled_from([2, 20, 31, 40, 200, 600])),
    )


def of_a_kind(kind, parts):
    name, code = kind
    return extension(code, bytes([0x91 + len(parts)]) + msgpack.packb(name) + b"".join(parts))


def nested(body, depth):
    """A value in so many tuples."""
    for _ in range(depth):
        body = extension(wire.TUPLE, b"\x91" + body)
    return body


def marker(code, number, inner):
    """One whose fields are right, but for what `inner` is."""
    if code == wire.REFERENCE:
        return extension(code, struct.pack("<Q?", number % 2**64, number % 2 == 0) + inner)
    if code == wire.REMOTE:
        shape = struct.pack("<BBQ", 0, 1, number % 9) if number % 3 else inner
        return extension(code, struct.pack("<QQ??", number % 9, number % 2**64, True, number % 2 == 0) + shape)
    fields = [msgpack.packb(number % 9), b"\xc2", b"\x81\xa1f" + inner, b"\xa0", b"\x81\xa1H" + inner, b"\xc0"]
    return extension(code, bytes([0x90 + len(fields)]) + b"".join(fields))


BODIES = st.recursive(LEAVES, containers, max_leaves=12)


def message(fields):
    return bytes([0x80 + len(fields)]) + b"".join(msgpack.packb(key) + value for key, value in fields.items())


def either(*usual):
    """One of these, or anything."""
    return st.sampled_from([msgpack.packb(value) for value in usual]) | BODIES


ANSWERS = st.fixed_dictionaries(
    {"id": either(ID, ID, ID), "kind": either("value", "error", "refused")},
    optional={
        "value": BODIES,
        "type": either("KeyError", "two\nlines"),
        "text": either("", "two\nlines"),
        "line": either(3, None),
    },
).map(message)
CALLS = st.tuples(either(1, 2, 3, 4, 5, 6), BODIES.map(lambda body: b"\x91" + body) | BODIES, either({}, {}, {"k": 1}))
FRAMES = st.one_of(ANSWERS, CALLS.map(lambda parts: b"\x93" + b"".join(parts)), BODIES)
CONVERSATIONS = st.lists(
    FRAMES.map(lambda body: struct.pack("<I", len(body)) + body) | st.binary(max_size=6), max_size=6
).map(b"".join)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["\ud800", "\r\n", 10**400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
CELLS = st.fixed_dictionaries(
    {"cell_type": st.sampled_from(["code", "markdown", "raw"]) | JSON},
    optional={
        "source": st.text() | st.lists(st.text(st.characters(codec=None)), max_size=3) | JSON,
        "id": st.sampled_from(["a", "b\n", "\ud800"]) | JSON,
        "metadata": JSON,
        "outputs": JSON,
    },
)
LANGUAGES = st.fixed_dictionaries({}, optional={"language": st.just("R\n") | JSON, "name": st.just("python") | JSON})
NOTEBOOKS = st.builds(
    lambda notebook, plain, before, after: (
        before + json.dumps(notebook, ensure_ascii=plain).encode("utf-8", "surrogatepass") + after
    ),
    st.fixed_dictionaries(
        {
            "cells": st.lists(CELLS | JSON, max_size=4) | JSON,
            "nbformat": st.sampled_from([4, 4, 4, 3, 5.0, True]) | JSON,
        },
        optional={
            "metadata": st.fixed_dictionaries({}, optional={"kernelspec": LANGUAGES | JSON, "language_info": LANGUAGES})
        },
    ),
    st.booleans(),
    st.sampled_from([b"", b"", b"\xef\xbb\xbf", b"\n"]),
    st.sampled_from([b"", b"", b" ", b"}"]),
)


def mutate(data, other, rng):
    """Spoil `data` in one to four places; `other` gives what is spliced in."""
    out = bytearray(data)
    for _ in range(rng.integers(1, 5)):
        at, to, size, kind = (int(n) for n in rng.integers(0, [len(out) + 1, len(out) + 1, 9, 9]))
        piece = bytes(other[max(0, len(other) - to) :][: 1 << size])
        if kind == 0 and at < len(out):
            out[at] ^= 1 << size % 8
        elif kind == 1 and at < len(out):
            out[at] = FORMATS[to % len(FORMATS)]
        elif kind == 2:
            del out[at:]
        elif kind == 3:
            del out[at : at + size]
        elif kind == 4:
            out[at:at] = piece
        elif kind == 5:
            out[at : at + len(piece)] = piece
        elif kind == 6:
            out[at:at] = out[at : at + (1 << size)]
        elif kind == 7:
            out[at : at + 4] = struct.pack(">I", COUNTS[to % len(COUNTS)])
        else:
            out[at:at] = TOKENS[to % len(TOKENS)]
    return bytes(out)
