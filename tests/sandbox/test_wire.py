"""The codec: what goes in comes out with its type; what is no value raises WireError, whatever the bytes."""

import contextlib
import random
import struct
import tracemalloc

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.sandbox.worker import layouts, outline, wire
from autograder.sandbox.worker.outline import FIXED, LARGE, SMALL, TEXTS


def refuse(value):
    return wire.Reference(7, callable(value), f"a {type(value).__name__}")


CODEC = wire.Codec(refuse, lambda marker: marker)
THEIRS = wire.Codec(refuse, lambda marker: marker, grader=False)


def there_and_back(value, to=THEIRS, back=CODEC):
    """Out of one end and into the other: what a process answers arrives here."""
    data = to.encode(value)
    assert wire.frame_length(data[:4]) == len(data) - 4
    return back.decode(data[4:])


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**200), 2**200)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary()
    | st.complex_numbers(allow_nan=False)
    | st.dates()
    | st.datetimes()
    | st.timedeltas()
    | st.decimals(allow_nan=False),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
        | st.tuples(inner, inner)
    ),
    max_leaves=20,
)


@given(PLAIN)
@settings(max_examples=100)
def test_plain_values_arrive_with_their_types_in_both_directions(value):
    assert repr(there_and_back(value)) == repr(value)
    assert repr(there_and_back(value, CODEC, THEIRS)) == repr(value)


@given(
    hnp.arrays(
        st.sampled_from(
            [np.float64, np.float32, np.int64, np.uint8, np.bool_, np.complex128, "M8[s]", "m8[D]", "U3", "S2"]
        ),
        hnp.array_shapes(max_dims=4, min_side=0),
    )
)
@settings(max_examples=60)
def test_arrays_arrive_with_dtype_shape_and_bits(array):
    got = there_and_back(array)
    assert got.dtype == array.dtype
    assert got.shape == array.shape
    assert got.tobytes() == array.tobytes()


def any_bytes(count, most, seed):
    """Random bytes. Hypothesis would take fifty times as long for as many; tests/fuzz spoils real frames."""
    rng = random.Random(seed)
    return [rng.randbytes(rng.randint(0, most)) for _ in range(count)]


def decode_or_refuse(data):
    with contextlib.suppress(layouts.WireError):
        CODEC.decode(data)


def test_any_bytes_give_a_value_or_a_wire_error():
    for data in any_bytes(3000, most=300, seed=0):
        decode_or_refuse(data)


@pytest.mark.parametrize(
    "code",
    [layouts.ARRAY, layouts.SCALAR, layouts.INT, FIXED, TEXTS, wire.TUPLE, SMALL, LARGE, wire.HANDED, wire.REMOTE],
)
def test_any_bytes_in_an_extension_give_a_value_or_a_wire_error(code):
    for data in any_bytes(200, most=60, seed=code):
        decode_or_refuse(msgpack.packb(msgpack.ExtType(code, data)))


def test_numpy_numbers_keep_their_type():
    assert type(there_and_back(np.float32(0.1))) is np.float32
    assert there_and_back(np.int8(-3)) == -3


def test_a_strided_view_arrives_as_the_numbers_it_shows():
    view = np.arange(12.0).reshape(3, 4)[::-1, ::2]
    np.testing.assert_array_equal(there_and_back(view), [[8.0, 10.0], [4.0, 6.0], [0.0, 2.0]])


def test_a_subclass_cannot_travel_as_itself():
    class Liar(np.ndarray):
        def __eq__(self, other):
            return True

    assert type(there_and_back(np.zeros(2).view(Liar))) is np.ndarray


@pytest.mark.parametrize(
    "value",
    [np.zeros(1, np.longdouble), np.array([object()], dtype=object), np.zeros(1, "f8,i4"), {object()}, object()],
)
def test_what_has_no_place_in_the_table_becomes_a_reference(value):
    assert type(there_and_back(value)) is wire.Reference


def test_a_logical_giant_is_refused_before_it_is_copied():
    with pytest.raises(layouts.WireError, match="over the limit"):
        CODEC.encode(np.broadcast_to(np.float64(0), (10**6, 10**6)))


def test_a_list_that_holds_itself_is_refused():
    loop = []
    loop.append(loop)
    with pytest.raises(layouts.WireError, match="fit the protocol"):
        CODEC.encode(loop)


def test_a_list_of_too_many_entries_is_refused_by_the_reader():
    """The other end says so where it is written: an honest student reads that the value is too large."""
    many = [0] * (wire.MAX_NODES + 1)
    with pytest.raises(layouts.WireError, match="malformed"):
        CODEC.decode(CODEC.encode(many)[4:])
    with pytest.raises(layouts.WireError, match="more than 100000 entries"):
        THEIRS.encode(many)


def test_a_length_of_four_gigabytes_is_refused_before_memory_is_taken():
    with pytest.raises(layouts.WireError, match="over the limit"):
        wire.frame_length(struct.pack("<I", 0xFFFF_FFFF))


def test_an_array_whose_header_claims_more_than_it_carries_is_refused():
    lie = msgpack.packb(msgpack.ExtType(layouts.ARRAY, b"\0\1" + (1000).to_bytes(8, "little") + b"\0" * 8))
    with pytest.raises(layouts.WireError, match="disagree"):
        CODEC.decode(lie)


def test_object_arrays_are_refused_by_dtype():
    lie = msgpack.packb(msgpack.ExtType(layouts.ARRAY, b"\x0c\1" + (1).to_bytes(8, "little") + b"\0" * 8))
    with pytest.raises(layouts.WireError):
        CODEC.decode(lie)


def extension(code, body):
    return msgpack.packb(msgpack.ExtType(code, body))


def test_two_hundred_nested_tuples_are_refused_instead_of_overflowing_the_c_stack():
    body = msgpack.packb(None)
    for _ in range(200):
        body = extension(wire.TUPLE, b"\x91" + body)
    with pytest.raises(layouts.WireError, match="64 levels"):
        CODEC.decode(body)


LINE = ("add", (0, True, 1.0, None, b"x"))


def fresh(**grader):
    return wire.Codec(refuse, lambda marker: marker, **grader)


def test_a_tuple_that_came_before_arrives_with_its_types_and_a_list_in_one_is_new_each_time():
    """1, True and 1.0 are equal, and their bytes are not."""
    reader, writer = fresh(), fresh(grader=False)
    for value in [(1,), (True,), (1.0,), LINE] * 3:
        assert repr(there_and_back(value, writer, reader)) == repr(value)
    first, second = (there_and_back(([1],), writer, reader) for _ in range(2))
    first[0].append(2)
    assert second == ([1],)


def test_more_tuples_than_are_remembered_all_arrive():
    program = [("add", (i, i + 1)) for i in range(10_000)]
    reader, writer = fresh(), fresh(grader=False)
    for _ in range(2):
        assert there_and_back(program, writer, reader) == program


@pytest.mark.parametrize("levels", range(55, 66))
def test_a_frame_with_tuples_that_came_before_meets_the_same_limit_of_levels(levels):
    body = msgpack.packb(extension_of(LINE))
    for _ in range(levels):
        body = b"\x91" + body
    outcomes = []
    for reader in (fresh(), fresh()):
        if outcomes:
            reader.decode(msgpack.packb(extension_of(LINE)))
        try:
            outcomes.append(repr(reader.decode(body)))
        except layouts.WireError as error:
            outcomes.append(str(error))
    assert outcomes[0] == outcomes[1]
    assert ("64 levels" in outcomes[0]) == (levels > 60)  # each of the two tuples is an extension and a list


def test_a_frame_with_tuples_that_came_before_meets_the_same_limit_of_values(monkeypatch):
    """A list of 100 lines is 1 value, and each line 10: extension, list, text; extension, list, and five more."""
    one, frame = (msgpack.packb([extension_of(LINE)] * n) for n in (1, 100))
    for most, accepted in ((1001, True), (1000, False)):
        monkeypatch.setattr(outline, "MAX_VALUES", most)
        for reader in (fresh(), fresh()):
            reader.decode(one)
            with contextlib.nullcontext() if accepted else pytest.raises(layouts.WireError, match=f"{most} values"):
                reader.decode(frame)
            with contextlib.nullcontext() if accepted else pytest.raises(layouts.WireError, match=f"{most} values"):
                fresh().decode(frame)


def extension_of(value):
    """A tuple as it travels, made by hand."""
    inner = [extension_of(v) if isinstance(v, tuple) else v for v in value]
    return msgpack.ExtType(wire.TUPLE, msgpack.packb(inner))


def test_a_value_too_deep_to_be_read_is_refused_where_it_is_written():
    deep = ()
    for _ in range(40):
        deep = (deep,)
    with pytest.raises(layouts.WireError, match="64 levels"):
        THEIRS.encode(deep)
    assert there_and_back(((((1,),),),)) == ((((1,),),),)


def test_an_array_within_tuples_is_not_copied_out_of_all_proportion():
    body = CODEC.encode(np.zeros(1 << 20))[4:]  # 8 MiB: each tuple around it would copy it once more
    for _ in range(9):
        body = extension(wire.TUPLE, b"\x91" + body)
    with pytest.raises(layouts.WireError, match="malformed"):
        CODEC.decode(body)


def test_a_few_bytes_cannot_claim_lists_of_a_hundred_thousand_entries():
    """[[[… each claims 100 000 entries in 5 bytes; msgpack took 800 KB for each before it missed them."""
    body = b"\xdd\x00\x01\x86\xa0" * 60
    tracemalloc.start()
    try:
        with pytest.raises(layouts.WireError, match="more values claimed than there are bytes"):
            CODEC.decode(body)
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


def test_sixteen_megabytes_of_empty_dicts_are_refused():
    body = b"\xdc\x00\x0b" + (b"\xdd\x00\x01\x86\xa0" + b"\x80" * 100_000) * 11  # 1.1 million, 90 bytes each in memory
    with pytest.raises(layouts.WireError, match="more than 1000000 values"):
        CODEC.decode(body)


def test_keys_made_to_collide_are_refused_before_they_are_hashed():
    """Multiples of 2**61 - 1 all hash to 0, so that a dict of them takes quadratic time; text is salted."""
    many = {(2**61 - 1) * (k + 2**70): None for k in range(1001)}
    with pytest.raises(layouts.WireError, match="neither text nor small whole numbers"):
        CODEC.decode(CODEC.encode(many)[4:])
    for many in ({str(k): k for k in range(5000)}, {k: k for k in range(5000)}):
        assert there_and_back(many) == many


@pytest.mark.parametrize(
    "body",
    [b"\xd6\xff\0\0\0\0", b"\xc1", b"\x82\x01\xc0\x01\xc0", extension(layouts.ARRAY, b"\x0b\1\1\0\0\0\0\0\0\0\2")],
    ids=["a date", "an unused byte", "a key that stands twice", "a truth value of 2"],
)
def test_what_has_no_place_in_the_table_is_not_decoded(body):
    with pytest.raises(layouts.WireError):
        CODEC.decode(body)


def test_every_integer_that_can_be_read_can_be_written():
    assert there_and_back(-(2**255)) == -(2**255)
    with pytest.raises(layouts.WireError, match="256 bits"):
        CODEC.encode(2**255)


@pytest.mark.parametrize(
    "array",
    [np.zeros(layouts.MAX_ENTRIES + 1, dtype=bool), np.zeros((0, layouts.MAX_ENTRIES + 1)), np.zeros((2**40, 0, 3))],
    ids=["of one byte each", "a vast axis beside one of length 0", "the same the other way round"],
)
def test_an_array_that_float64_would_make_too_large_is_refused_at_both_ends(array):
    """Checks compute in float64, and 16 MiB of truth values would be 128 MiB. What a check sends may be as large."""
    with pytest.raises(layouts.WireError, match="more than 2097152 numbers"):
        THEIRS.encode(array)
    body = CODEC.encode(array)[4:]
    with pytest.raises(layouts.WireError, match="more than 2097152 numbers"):
        CODEC.decode(body)
    np.testing.assert_array_equal(THEIRS.decode(body), array)


TABLES = {
    "a long text among few": ["x" * (1 << 20)] + [""] * 500,
    "short texts among many numbers": [np.zeros(90_000, np.float16)] * 88 + [[""] * 90_000],
    "a long key": {"x" * (1 << 20): [0.0] * 500},
}


@pytest.mark.parametrize("name", TABLES)
def test_what_numpy_would_make_a_vast_table_of_text_from_is_refused(name):
    """Each text of a table takes 4 bytes for each letter of the longest: 501 × 4 MB, and 8 million × 128 bytes."""
    ours, theirs = wire.Codec(refuse, lambda marker: marker), wire.Codec(refuse, lambda marker: marker, grader=False)
    with pytest.raises(layouts.WireError, match="a table of them"):
        theirs.encode(TABLES[name])
    theirs.tables = False
    with pytest.raises(layouts.WireError, match="a table of them"):
        ours.decode(theirs.encode(TABLES[name])[4:])
    ours.tables = False
    ours.decode(theirs.encode(TABLES[name])[4:])


@pytest.mark.parametrize("value", [["minimum"] * 1000, {"W": np.zeros(1 << 20), "kind": "relu"}, "x" * 100_000])
def test_ordinary_texts_and_numbers_travel(value):
    CODEC.decode(THEIRS.encode(value)[4:])
