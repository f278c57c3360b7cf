"""Values of Python, NumPy, pandas and SciPy cross the border as they are, or as a whole stay; hostile parts do not."""

import datetime as dt
import struct
import subprocess
import sys
import tracemalloc

import msgpack
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
import typed_values

from autograder.sandbox.worker import describing, layouts, wire
from autograder.sandbox.worker.outline import FIXED, LARGE, SMALL, TEXTS


def as_reference(value):
    return wire.Reference(7, callable(value), "", describing.form_of_a_class(value))


OURS = wire.Codec(as_reference, lambda marker: marker)
THEIRS = wire.Codec(as_reference, lambda marker: marker, grader=False)
BOTH_WAYS = pytest.mark.parametrize(("to", "back"), [(THEIRS, OURS), (OURS, THEIRS)], ids=["answer", "argument"])


def there_and_back(value, to=THEIRS, back=OURS):
    return back.decode(to.encode(value)[4:])


def parts(code, *values):
    """A frame with a value of these parts, as a hostile process may send it."""
    return msgpack.packb(msgpack.ExtType(code, THEIRS.encode(list(values))[4:]))


def names(values):
    return [f"{type(value).__name__}-{i}" for i, value in enumerate(values)]


@BOTH_WAYS
@pytest.mark.parametrize("value", typed_values.PYTHON, ids=names(typed_values.PYTHON))
def test_a_value_of_python_arrives_with_its_type(value, to, back):
    got = there_and_back(value, to, back)
    assert type(got) is type(value)
    assert got == value or repr(got) == repr(value)  # NaN


@BOTH_WAYS
@pytest.mark.parametrize("value", typed_values.NUMPY, ids=names(typed_values.NUMPY))
def test_an_array_of_any_dtype_arrives_with_dtype_and_shape(value, to, back):
    got = there_and_back(value, to, back)
    assert (type(got), got.dtype, got.shape) == (type(value), value.dtype, value.shape)
    assert repr(got) == repr(value)


@BOTH_WAYS
@pytest.mark.parametrize("index", typed_values.INDEXES, ids=names(typed_values.INDEXES))
def test_an_index_arrives_with_class_names_and_frequency(index, to, back):
    got = there_and_back(index, to, back)
    pd.testing.assert_index_equal(got, index, exact=True)
    assert got.names == index.names
    assert getattr(got, "freq", None) == getattr(index, "freq", None)


@BOTH_WAYS
@pytest.mark.parametrize("frame", typed_values.FRAMES, ids=names(typed_values.FRAMES))
def test_a_frame_arrives_with_every_dtype(frame, to, back):
    pd.testing.assert_frame_equal(there_and_back(frame, to, back), frame, check_freq=False)


@pytest.mark.parametrize("name", typed_values.COLUMNS)
@pytest.mark.parametrize("index", [i for i in typed_values.INDEXES if len(i) == 2][::4], ids=str)
def test_a_series_arrives_with_any_values_and_labels(name, index):
    series = typed_values.FRAMES[0][name].set_axis(index)
    pd.testing.assert_series_equal(there_and_back(series), series)


@pytest.mark.parametrize("array", typed_values.ARRAYS, ids=names(typed_values.ARRAYS))
def test_a_column_of_pandas_arrives_by_itself(array):
    got = there_and_back(array)
    assert type(got) is type(array)
    pd.testing.assert_extension_array_equal(got, array)


@pytest.mark.parametrize("value", typed_values.SCALARS, ids=names(typed_values.SCALARS))
def test_a_scalar_of_pandas_arrives_with_its_type(value):
    got = there_and_back(value)
    assert (type(got), repr(got)) == (type(value), repr(value))


@BOTH_WAYS
@pytest.mark.parametrize("matrix", typed_values.SPARSE, ids=names(typed_values.SPARSE))
def test_a_sparse_matrix_arrives_in_its_format(matrix, to, back):
    got = there_and_back(matrix, to, back)
    assert (type(got), got.dtype, got.shape) == (type(matrix), matrix.dtype, matrix.shape)
    np.testing.assert_array_equal(got.toarray(), matrix.toarray())


class Mine(pd.DataFrame):
    """A subclass: it may define every operation anew."""


class MyDate(dt.date):
    pass


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (Mine({"a": [1]}), "a DataFrame of a class"),
        (pd.DataFrame({"a": [object()]}), "a DataFrame of a class, or with cells, that cannot"),
        (pd.Series(pd.arrays.SparseArray([0, 1])), "a Series"),
        (pd.Index([object()]), "an Index"),
        (pd.arrays.SparseArray([0, 1]), "a column"),
        (pd.DataFrame({"a": [1]}).groupby("a"), "a GroupBy of pandas, without an aggregation"),
        (MyDate(2024, 1, 1), ""),
        ({object()}, ""),
        (np.array([object()]), ""),
    ],
    ids=lambda v: type(v).__name__,
)
def test_what_holds_a_part_that_does_not_travel_stays_as_a_whole(value, form):
    got = there_and_back([value, 1])[0]
    assert type(got) is wire.Reference
    assert describing.FORMS[got.form].startswith(form)


def test_a_list_may_hold_frames_and_what_stays():
    frame, stays = there_and_back([typed_values.FRAMES[1], object()])
    assert type(frame) is pd.DataFrame
    assert type(stays) is wire.Reference


def test_attrs_do_not_travel():
    frame = pd.DataFrame({"a": [1]})
    frame.attrs["note"] = "x"
    assert there_and_back(frame).attrs == {}


def test_a_lone_surrogate_arrives_as_a_question_mark():
    assert there_and_back(np.array(["a\ud800", "b"], object)).tolist() == ["a?", "b"]


def test_numbers_alone_import_neither_pandas_nor_scipy():
    code = (
        "import sys, numpy as np\nfrom autograder.sandbox.worker import wire\n"
        "codec = wire.Codec(lambda v: wire.Reference(1, True), lambda m: m)\n"
        "codec.decode(codec.encode([np.zeros(2), 1, 'a', b'', {}, object(), print, np.array(['a'], object)])[4:])\n"
        "assert not {'pandas', 'scipy', 'decimal', 'zoneinfo'} & set(sys.modules), sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def raw(code, body):
    return msgpack.packb(msgpack.ExtType(code, body))


def csr(shape, data, indices, starts, form="csr"):
    whole = [np.array(part, dtype) for part, dtype in ((data, "f8"), (indices, "i4"), (starts, "i4"))]
    return parts(LARGE, "sparse.matrix", form, True, shape, *whole)


def dia(shape, data, offsets):
    return parts(LARGE, "sparse.matrix", "dia", True, shape, np.array(data, float), np.array(offsets, "i8"))


class Column:
    """A column that a hostile process makes by hand."""

    def __init__(self, array):
        self.data = msgpack.ExtType(SMALL, THEIRS.encode(["pandas.column", array])[4:])


def table(columns, rows, data):
    if isinstance(data, list):
        heads = [THEIRS.encode(each)[4:] for each in ("pandas.DataFrame", columns, rows)]
        return raw(LARGE, b"\x94" + b"".join(heads) + msgpack.packb([Column(each).data for each in data]))
    return parts(LARGE, "pandas.DataFrame", columns, rows, data)


def aimed(count):
    """Shuffled labels that all have one place in pandas' table of int64: its hash is (k >> 33) ^ k ^ (k << 11)."""
    high = np.arange(1, count + 1, dtype=np.uint64)
    low = (high >> np.uint64(1)) ^ (high << np.uint64(10)) ^ (high << np.uint64(21))
    labels = ((high << np.uint64(32)) | (low & np.uint64(0xFFFFFFFF))).astype(np.int64)
    return pd.Index(np.random.default_rng(0).permutation(labels))


def whole_numbers_with_hash_zero(count):
    labels = [k * (2**61 - 1) for k in range(1, count + 1)]
    return pd.Index([*labels[1:], labels[0]], dtype=object)


HANDLE = OURS.encode(object())[4:]
AB, ONE = pd.Index(["a", "b"]), np.zeros((1, 1))
HOSTILE = {
    "a date without a unit": raw(layouts.SCALAR, bytes([layouts.CODES[np.dtype("M8")], 0]) + bytes(8)),
    "a kind that is not in the table": parts(SMALL, "os.system", "true"),
    "a kind that is no text": parts(SMALL, 5),
    "a kind without a home": parts(SMALL, "builtins.eval", "1"),
    "no kind": parts(SMALL),
    "a frame that is not counted as one": parts(SMALL, "pandas.DataFrame", AB, AB, np.zeros((2, 2))),
    "a date that is counted as a frame": parts(LARGE, "python.date", 2024, 1, 1),
    "a date out of bytes": parts(SMALL, "python.date", bytes([7, 232, 2, 250])),
    "a month of 13": parts(SMALL, "python.date", 2024, 13, 1),
    "a time zone outside": parts(SMALL, "python.time", 1, 1, 1, 1, 0, "../../etc/passwd"),
    "a Decimal without end": parts(SMALL, "python.Decimal", "1e999999999"),
    "a Decimal that signals": parts(SMALL, "python.Decimal", "sNaN"),
    "a Fraction over nothing": parts(SMALL, "python.Fraction", 1, 0),
    "a set with one element twice": parts(SMALL, "python.set", [1, True]),
    "a set of lists": parts(SMALL, "python.set", [[1]]),
    "a set made to collide": parts(SMALL, "python.set", [k << 61 for k in range(1001)]),
    "objects of another number": parts(SMALL, "numpy.objects", [3], [[1, 2]]),
    "objects of a negative shape": parts(SMALL, "numpy.objects", [-1, -2], [[1, 2]]),
    "objects of a vast shape": parts(SMALL, "numpy.objects", [2**40, 0], []),
    "a letter beyond the last": raw(FIXED, struct.pack("<BIBBQI", ord("U"), 1, 0, 1, 1, 0x110000)),
    "a surrogate": raw(FIXED, struct.pack("<BIBBQI", ord("U"), 1, 0, 1, 1, 0xD800)),
    "a text array of objects": raw(FIXED, struct.pack("<BIBBQQ", ord("O"), 2, 0, 1, 1, 1)),
    "a text array of width 0": raw(FIXED, struct.pack("<BIBBQ", ord("U"), 0, 0, 1, 2**40)),
    "a text array that claims more": raw(FIXED, struct.pack("<BIBBQ", ord("U"), 1 << 20, 0, 1, 1)),
    "texts that claim more": raw(TEXTS, struct.pack("<I", 2**31) + b"abc"),
    "texts of other lengths": raw(TEXTS, struct.pack("<Ii", 1, 9) + b"abc"),
    "texts of a negative length": raw(TEXTS, struct.pack("<Iii", 2, -9, 3) + b"abc"),
    "texts that are no UTF-8": raw(TEXTS, struct.pack("<Ii", 1, 1) + b"\xff"),
    "no texts": raw(TEXTS, struct.pack("<I", 0)),
    "columns of another number": table(AB, pd.RangeIndex(1), [np.zeros(1)]),
    "a column of another length": table(pd.Index(["a"]), pd.RangeIndex(10**6), [np.zeros(1)]),
    "a column of two axes": table(pd.Index(["a"]), pd.RangeIndex(1), [ONE]),
    "a column that is one number": table(pd.Index(["a"]), pd.RangeIndex(10**6), [1.0]),
    "numbers to be broadcast": table(pd.RangeIndex(10**6), pd.RangeIndex(10**6), ONE),
    "thousands of columns made to collide": table(
        whole_numbers_with_hash_zero(4097), pd.RangeIndex(1), np.zeros((1, 4097))
    ),
    "thousands of columns of pairs": table(
        pd.MultiIndex.from_product([range(5), range(1000)]), pd.RangeIndex(1), np.zeros((1, 5000))
    ),
    "rows that are no index": table(AB, [0], np.zeros((1, 2))),
    "a billion of rows": parts(LARGE, "pandas.range", 0, 10**9, 1, None),
    "a range without a step": parts(LARGE, "pandas.range", 0, 10, 0, None),
    "a name that cannot be hashed": parts(LARGE, "pandas.Index", np.zeros(1), None, [1]),
    "a frequency of numbers": parts(LARGE, "pandas.Index", np.zeros(1), "D", None),
    "codes beyond the categories": parts(LARGE, "pandas.Categorical", np.array([5], "i1"), AB, False),
    "codes below -1": parts(LARGE, "pandas.Categorical", np.array([-2], "i1"), AB, False),
    "codes that are floats": parts(LARGE, "pandas.Categorical", np.array([0.5]), AB, False),
    "categories twice": parts(LARGE, "pandas.Categorical", np.array([0], "i1"), pd.Index(["a", "a"]), False),
    "categories made to collide": parts(LARGE, "pandas.Categorical", np.array([0], "i1"), aimed(1001), False),
    "a level made to collide": parts(LARGE, "pandas.MultiIndex", [aimed(1001)], [np.array([0], "i1")], [None]),
    "a level of objects made to collide": parts(
        LARGE, "pandas.MultiIndex", [whole_numbers_with_hash_zero(1001)], [np.array([0], "i1")], [None]
    ),
    "categories that are pairs": parts(
        LARGE, "pandas.Categorical", np.array([0], "i1"), pd.MultiIndex.from_product([range(2), range(600)]), False
    ),
    "levels without codes": parts(LARGE, "pandas.MultiIndex", [AB], [], [None]),
    "codes beyond the levels": parts(LARGE, "pandas.MultiIndex", [AB], [np.array([7], "i1")], [None]),
    "codes of two lengths": parts(LARGE, "pandas.MultiIndex", [AB, AB], [np.zeros(n, "i1") for n in (1, 2)], [1, 2]),
    "a mask of another length": parts(LARGE, "pandas.IntegerArray", np.zeros(3, "i8"), np.zeros(2, bool)),
    "a mask of numbers": parts(LARGE, "pandas.IntegerArray", np.zeros(2, "i8"), np.zeros(2, "i8")),
    "integers that are floats": parts(LARGE, "pandas.IntegerArray", np.zeros(2), np.zeros(2, bool)),
    "a text column of numbers": parts(LARGE, "pandas.texts", np.array([1, 2], object), "NA"),
    "dates in months": parts(LARGE, "pandas.dates", np.zeros(1, "M8[M]"), None),
    "a time zone of no place": parts(LARGE, "pandas.dates", np.zeros(1, "M8[s]"), "Nowhere/Nothing"),
    "an unknown frequency": parts(LARGE, "pandas.periods", np.zeros(1, "i8"), "QQQQ"),
    "a long frequency": parts(LARGE, "pandas.periods", np.zeros(1, "i8"), "D" * 10_000),
    "intervals that end before they begin": parts(LARGE, "pandas.intervals", pd.Index([2]), pd.Index([1]), "left"),
    "a column index beyond the last": csr([1, 2], [1.0], [2], [0, 1]),
    "a negative column index": csr([1, 2], [1.0], [-1], [0, 1]),
    "rows out of order": csr([2, 2], [1.0, 2.0], [0, 1], [0, 3, 2]),
    "rows that begin late": csr([1, 2], [1.0, 2.0], [0, 1], [1, 2]),
    "rows that end beyond the numbers": csr([1, 2], [1.0], [0], [0, 9]),
    "too few rows": csr([5, 2], [1.0], [0], [0, 1]),
    "a negative shape": csr([-1, -2], [], [], [0]),
    "a vast shape": csr([1 << 40, 1], [], [], [0]),
    "a shape of three axes": csr([1, 1, 1], [], [], [0, 0]),
    "an unknown format": csr([1, 2], [1.0], [0], [0, 1], form="_base"),
    "a place beyond the table": csr([1, 2], [1.0], [0], [5], form="coo"),
    "two lists for each row": csr([1 << 21, 1], [], [], [], form="lil"),
    "rows of blocks out of nothing": csr([1 << 21, 1], [], [], [], form="bsr"),
    "a few rows of lists out of nothing": csr([9, 1], [], [], [], form="lil"),
    "a diagonal of places": csr([1, 1 << 21], [1.0], [0], [(1 << 21) - 1], form="dia"),
    "one diagonal twice": dia([2, 2], np.ones((2, 2)), [0, 0]),
    "a diagonal outside": dia([2, 2], np.ones((1, 2)), [5]),
    "diagonals of another number": dia([2, 2], np.ones((1, 2)), [0, 1]),
    "row starts of one byte each": parts(
        LARGE, "sparse.matrix", "lil", True, [2, 1], np.zeros(0), np.zeros(0, "i4"), np.zeros(3, "i1")
    ),
    "a handle in a set": raw(SMALL, b"\x92" + msgpack.packb("python.set") + b"\x91" + HANDLE),
    "a handle in a tuple in a set": raw(
        SMALL, b"\x92" + msgpack.packb("python.set") + b"\x91" + raw(wire.TUPLE, b"\x91" + HANDLE)
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_parts_are_refused_in_little_memory(name):
    tracemalloc.start()
    try:
        with pytest.raises(layouts.WireError):
            OURS.decode(HOSTILE[name])
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()


def test_a_frame_of_thousands_of_small_tables_is_refused_before_one_is_made():
    """Each takes 0.2 ms to make, from 60 bytes: 16 MB of them would be a minute."""
    five_thousand = THEIRS.encode([pd.RangeIndex(1)] * 5000)[4:]
    OURS.decode(five_thousand)
    with pytest.raises(layouts.WireError, match="more than 1000000 values"):
        OURS.decode(b"\x92" + five_thousand + five_thousand)


def test_a_frame_of_hundred_thousands_of_columns_is_refused_before_one_is_made():
    """Each takes 25 µs to make, from 20 bytes."""
    wide = table(pd.RangeIndex(4096), pd.RangeIndex(1), [np.zeros(1)] * 4096)
    assert OURS.decode(wide).shape == (1, 4096)
    with pytest.raises(layouts.WireError, match="more than 1000000 values"):
        OURS.decode(b"\xdc\x00\x28" + wide * 40)


@BOTH_WAYS
@pytest.mark.parametrize("labels", [range(5000), [f"word {i}" for i in range(5000)]], ids=["numbers", "text"])
def test_a_table_of_numbers_may_have_thousands_of_columns(labels, to, back):
    frame = pd.DataFrame(np.zeros((1, 5000)), columns=pd.Index(labels))
    assert there_and_back(frame, to, back).equals(frame)


@BOTH_WAYS
def test_unsorted_levels_of_many_labels_arrive_with_the_same_rows(to, back):
    """As `groupby(…, sort=False)` makes them."""
    labels = np.random.default_rng(0).permutation(2000)
    rows = pd.MultiIndex([pd.Index(labels), pd.Index(["a"])], [[*range(2000), -1], [0] * 2001], names=["x", None])
    got = there_and_back(rows, to, back)
    assert got.equals(rows)
    assert got.names == rows.names


def test_many_unsorted_categories_stay_behind_with_a_reason():
    categories = pd.Categorical(np.arange(2000), categories=np.arange(2000)[::-1])
    with pytest.raises(layouts.WireError, match="not sorted"):
        THEIRS.encode(categories)


@pytest.mark.parametrize("form", ["bsr", "lil", "dia"])
def test_a_matrix_without_numbers_takes_about_as_many_bytes_as_rows(form):
    """So a small frame makes no large matrix."""
    matrix = sp.coo_array(([1.0], ([0], [999])), shape=(1000, 1000)).asformat(form)
    body = THEIRS.encode(matrix)
    assert len(body) > 4000
    got = OURS.decode(body[4:])
    assert (got.format, got.shape, got.toarray()[0, 999], got.nnz) == (form, (1000, 1000), 1.0, matrix.nnz)
