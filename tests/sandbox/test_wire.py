"""The codec: what goes in comes out with its type; what is no value raises WireError, whatever the bytes."""

import struct

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.sandbox.worker import wire


def refuse(value):
    return wire.Reference(7, callable(value), f"a {type(value).__name__}")


CODEC = wire.Codec(refuse, lambda marker: marker)


def there_and_back(value):
    data = CODEC.encode(value)
    assert wire.frame_length(data[:4]) == len(data) - 4
    return CODEC.decode(data[4:])


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**200), 2**200)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
        | st.tuples(inner, inner)
    ),
    max_leaves=20,
)


@given(PLAIN)
@settings(max_examples=300, deadline=None)
def test_plain_values_arrive_with_their_types(value):
    assert repr(there_and_back(value)) == repr(value)


@given(
    hnp.arrays(
        st.sampled_from([np.float64, np.float32, np.int64, np.uint8, np.bool_]),
        hnp.array_shapes(max_dims=4, min_side=0),
    )
)
@settings(max_examples=200, deadline=None)
def test_arrays_arrive_with_dtype_shape_and_bits(array):
    got = there_and_back(array)
    assert got.dtype == array.dtype
    assert got.shape == array.shape
    assert got.tobytes() == array.tobytes()


@given(st.binary(max_size=300))
@settings(max_examples=3000, deadline=None)
def test_any_bytes_give_a_value_or_a_wire_error(data):
    try:
        CODEC.decode(data)
    except wire.WireError:
        pass


@given(
    st.binary(max_size=60),
    st.sampled_from([wire.ARRAY, wire.SCALAR, wire.TUPLE, wire.INT, wire.REFERENCE, wire.HANDED, wire.REMOTE, 99]),
)
@settings(max_examples=2000, deadline=None)
def test_any_bytes_in_an_extension_give_a_value_or_a_wire_error(data, code):
    try:
        CODEC.decode(msgpack.packb(msgpack.ExtType(code, data)))
    except wire.WireError:
        pass


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
    [np.array([1 + 2j]), np.array([object()], dtype=object), np.array(["a"]), {1, 2}, object()],
)
def test_what_has_no_place_in_the_table_becomes_a_reference(value):
    assert type(there_and_back(value)) is wire.Reference


def test_a_logical_giant_is_refused_before_it_is_copied():
    with pytest.raises(wire.WireError, match="over the limit"):
        CODEC.encode(np.broadcast_to(np.float64(0), (10**6, 10**6)))


def test_a_list_that_holds_itself_is_refused():
    loop = []
    loop.append(loop)
    with pytest.raises(wire.WireError, match="fit the protocol"):
        CODEC.encode(loop)


def test_a_list_of_too_many_entries_is_refused_by_the_reader():
    data = CODEC.encode([0] * (wire.MAX_NODES + 1))
    with pytest.raises(wire.WireError, match="malformed"):
        CODEC.decode(data[4:])


def test_a_length_of_four_gigabytes_is_refused_before_memory_is_taken():
    with pytest.raises(wire.WireError, match="over the limit"):
        wire.frame_length(struct.pack("<I", 0xFFFF_FFFF))


def test_an_array_whose_header_claims_more_than_it_carries_is_refused():
    lie = msgpack.packb(msgpack.ExtType(wire.ARRAY, b"\0\1" + (1000).to_bytes(8, "little") + b"\0" * 8))
    with pytest.raises(wire.WireError, match="disagree"):
        CODEC.decode(lie)


def test_object_arrays_are_refused_by_dtype():
    lie = msgpack.packb(msgpack.ExtType(wire.ARRAY, b"\x0c\1" + (1).to_bytes(8, "little") + b"\0" * 8))
    with pytest.raises(wire.WireError):
        CODEC.decode(lie)
