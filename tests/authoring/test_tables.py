"""What a failed comparison of tables and plain values says: to students of a public check, and of a hidden one."""

import contextlib
import datetime as dt
import re
from collections import Counter, OrderedDict
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
import typed_values

from autograder.authoring import (
    assert_array,
    assert_frame,
    assert_number,
    assert_series,
    assert_sparse,
    assert_unchanged,
    assert_value,
)
from autograder.authoring.failing import CheckFailed
from autograder.authoring.inprocess import PlainStudent

PETS = pd.DataFrame(
    {
        "name": ["Ada", "Bob", "Cy"],
        "legs": [4, 2, 4],
        "weight": [3.5, np.nan, 1e6],
        "born": pd.to_datetime(["2020-01-01", "2021-05-05", None]),
        "kind": pd.Categorical(["cat", "bird", "cat"]),
    },
    index=["a", "b", "c"],
)


def failure(assertion, *args, **settings):
    with pytest.raises(CheckFailed) as caught:
        assertion(*args, **settings)
    return caught.value


def said(assertion, *args, **settings):
    """(diagnosis, message of a public check) of a failure."""
    raised = failure(assertion, *args, **settings)
    return raised.diagnosis, str(raised)


def changed(**columns):
    return PETS.assign(**columns)


class TestFrames:
    @pytest.mark.parametrize(
        "got",
        [
            PETS,
            PETS[["kind", "weight", "born", "legs", "name"]],
            changed(weight=PETS["weight"] * (1 + 1e-7)),
            changed(legs=PETS["legs"].astype("Int64")),
            changed(legs=PETS["legs"].astype("int8")),
            changed(name=PETS["name"].astype(object)),
            changed(name=PETS["name"].astype("string")),
            changed(born=PETS["born"].astype("datetime64[s]")),
        ],
        ids=lambda frame: " ".join(map(str, frame.dtypes)),
    )
    def test_a_right_table_in_another_dress_passes(self, got):
        assert_frame(got, PETS)

    @pytest.mark.parametrize(
        ("got", "diagnosis", "message"),
        [
            (None, "type", "expected a DataFrame, got None (is a `return` missing?). Hint: look for a missing return"),
            (PETS["legs"], "type", "expected a DataFrame, got a Series. Hint: select columns with two pairs"),
            (PETS.to_dict(), "type", "expected a DataFrame, got a dict."),
            (PETS.drop(columns="legs"), "keys", "the result, column 'legs': this column is missing."),
            (PETS.rename(columns={"legs": " Legs"}), "keys", "missing. Hint: look at capital letters and spaces"),
            (PETS.set_index("legs"), "keys", "this column is missing. Hint: it is the index: use .reset_index()."),
            (changed(x=1), "keys", "expected 5 columns, got more (such as 'x')."),
            (PETS.iloc[:2], "shape", "expected 3 rows, got fewer."),
            (PETS.iloc[:0], "shape", "expected 3 rows, got no rows."),
            (PETS.iloc[::-1], "order", "the rows are in another order. Hint: look for .sort_values"),
            (
                PETS.reset_index(drop=True),
                "keys",
                "other labels (index). Hint: the rows are only counted: use .set_ind",
            ),
            (PETS.rename(index={"a": "z"}), "keys", "the rows have other labels (index)."),
            (
                changed(legs=["4", "2", "4"]),
                "dtype",
                "column 'legs': expected whole numbers, got text. Hint: use .asty",
            ),
            (changed(legs=PETS["legs"] / 1), "dtype", "column 'legs': expected whole numbers, got floats."),
            (changed(born=["a", "b", None]), "dtype", "column 'born': expected dates, got text. Hint: use pd.to_datet"),
            (changed(kind=["cat", "bird", "cat"]), "dtype", "column 'kind': expected categories, got text."),
            (changed(born=PETS["born"].dt.tz_localize("UTC")), "dtype", "expected dates, got dates with a time zone."),
            (
                changed(weight=PETS["weight"].fillna(0)),
                "value",
                "holds values where the answer is missing (NaN) (first",
            ),
            (changed(name=["Ada", None, "Cy"]), "value", "values are missing (NaN) (first in row 'b': expected 'Bob'"),
            (
                changed(legs=[4, 2, 5]),
                "value",
                "column 'legs': some entries differ from the reference (first in row 'c",
            ),
            (changed(legs=[4, 2, 4_000_000]), "value", "(first in row 'c': expected 4, got 4000000)."),
            (changed(legs=[-4, -2, -4]), "sign", "column 'legs': yours = −1 × the reference"),
            (changed(weight=PETS["weight"] * 2), "scale", "column 'weight': yours is twice the reference everywhere"),
            (changed(weight=[np.inf, np.nan, 1e6]), "non_finite", "column 'weight': some entries are NaN or infinite"),
            (
                changed(name=["ada", "Bob", "Cy"]),
                "value",
                "some texts differ from the reference (first in row 'a': exp",
            ),
            (changed(name=["ada", "bob", "cy"]), "value", "all texts differ from the reference"),
            (changed(name=["Ada ", "Bob", "Cy"]), "value", "Hint: look at spaces at both ends"),
            (changed(born=PETS["born"] + pd.Timedelta("1D")), "value", "column 'born': all values differ"),
            (changed(kind=pd.Categorical(["cat", "cat", "cat"])), "value", "column 'kind': some values differ"),
        ],
        ids=lambda v: v if isinstance(v, str) else "",
    )
    def test_each_slip_has_its_words(self, got, diagnosis, message):
        assert said(assert_frame, got, PETS)[0] == diagnosis
        assert message in said(assert_frame, got, PETS)[1]

    def test_rows_in_any_order_are_compared_by_label(self):
        assert_frame(PETS.iloc[::-1], PETS, row_order=False)
        wrong = changed(legs=[4, 2, 5]).iloc[::-1]
        assert "row 'c'" in said(assert_frame, wrong, PETS, row_order=False)[1]

    def test_rows_without_labels_are_compared_in_sorted_order(self):
        got = PETS.sample(frac=1, random_state=1).reset_index(drop=True)
        assert_frame(got, PETS, row_order=False, index=False)
        assert said(assert_frame, got.assign(legs=9), PETS, row_order=False, index=False)[0] == "value"

    def test_the_order_of_columns_and_more_columns_are_asked_for_by_name(self):
        assert said(assert_frame, PETS[PETS.columns[::-1]], PETS, column_order=True)[0] == "order"
        assert_frame(changed(x=1), PETS, extra_columns=True)

    def test_dtypes_can_be_exact_or_any(self):
        got = changed(legs=PETS["legs"].astype("int8"))
        diagnosis, message = said(assert_frame, got, PETS, dtypes="exact")
        assert diagnosis == "dtype"
        assert message.endswith("expected whole numbers of another dtype (expected int64, got int8).")
        assert_frame(changed(legs=PETS["legs"] / 1), PETS, dtypes="any")

    def test_columns_of_one_name_are_compared_by_place(self):
        twice = pd.DataFrame([[1, "a"]], columns=["x", "x"])
        assert_frame(twice, twice)
        assert said(assert_frame, twice.iloc[:, ::-1], twice)[0] == "dtype"

    def test_an_index_of_equal_numbers_of_another_type_is_right(self):
        assert_frame(PETS.set_axis([1.0, 2.0, 3.0]), PETS.set_axis([1, 2, 3]))
        assert_frame(
            PETS.groupby("kind", observed=True)[["legs"]].sum(), pd.DataFrame({"legs": [2, 8]}, ["bird", "cat"])
        )

    def test_a_hidden_check_names_a_column_of_the_authors_and_no_label_and_no_value(self):
        """The name stands in the author's file; the row, its values and an unknown column do not come out."""
        raised = failure(assert_frame, changed(legs=[4, 2, 5], name="x"), PETS[["legs"]], extra_columns=True)
        hidden = raised.line({"legs", "c", "first in row"})
        assert hidden == "the result, column 'legs': some entries differ from the reference."
        assert raised.line(set()) == "the result: some entries differ from the reference."
        more = failure(assert_frame, changed(secret=1), PETS)
        assert more.line({"legs"}) == "the result: expected 5 columns, got more."

    def test_whatever_the_answer_is_a_hidden_check_says_one_of_few_things(self):
        """A message carries at most some six bits out, and no row's label, no value, no name of the answer's."""
        rng = np.random.default_rng(0)
        texts = {*PETS.columns, *PETS.index, "Ada"}
        lines = {line_of(slip(PETS, rng), texts) for _ in range(500)} | {line_of(v, texts) for v in typed_values.ALL}
        assert 40 < len(lines) <= 90
        words = re.compile(
            r"the result(, column '(name|legs|weight|born|kind)')?: [^0-9]*( [35] (rows|columns)[^0-9]*)?"
        )
        assert [line for line in lines if not words.fullmatch(line.replace("−1 ×", ""))] == []


SLIPS = (
    lambda table, column, row, rng: table.drop(columns=column),
    lambda table, column, row, rng: table.rename(columns={column: str(rng.integers(10**6))}),
    lambda table, column, row, rng: table.iloc[rng.permutation(len(table))],
    lambda table, column, row, rng: table.assign(**{column: table[column].where(table.index != table.index[row])}),
    lambda table, column, row, rng: table.assign(**{column: table[column].iloc[row]}),
    lambda table, column, row, rng: table.assign(**{column: table[column].astype(rng.choice(["str", "f8", "object"]))}),
    lambda table, column, row, rng: table.assign(**{column: table[column] * rng.choice([2, -1, 0.5, 0, rng.random()])}),
    lambda table, column, row, rng: table.assign(**{column: typed_values.FRAMES[0].iloc[0, rng.integers(21)]}),
    lambda table, column, row, rng: table.reset_index(drop=bool(rng.integers(2))),
    lambda table, column, row, rng: table.iloc[:row],
    lambda table, column, row, rng: table.assign(**{str(rng.integers(10**6)): 1}),
    lambda table, column, row, rng: table.set_index(column),
    lambda table, column, row, rng: table.assign(name=table["name"].str.upper()),
)


def slip(table, rng):
    """The table with one or two things wrong, where that is possible."""
    for _ in range(rng.integers(1, 3)):
        with contextlib.suppress(TypeError, ValueError, LookupError, AttributeError):
            column, row = rng.choice(table.columns), rng.integers(len(table))
            table = SLIPS[rng.integers(len(SLIPS))](table, column, row, rng)
    return table


def line_of(answer, texts):
    try:
        assert_frame(answer, PETS)
    except CheckFailed as failed:
        return failed.line(texts)
    return "the result: right"


class TestSeries:
    def test_a_series_is_compared_like_a_column(self):
        assert_series(PETS["legs"].rename("x"), PETS["legs"])
        assert said(assert_series, PETS["legs"] + 1, PETS["legs"])[0] == "value"
        assert said(assert_series, PETS[["legs"]], PETS["legs"])[1].startswith(
            "the result: expected a Series, got a Dat"
        )
        assert said(assert_series, PETS["legs"].rename("x"), PETS["legs"], series_name=True)[0] == "keys"
        assert_series(PETS["legs"].iloc[::-1], PETS["legs"], row_order=False)

    def test_a_multi_index_is_compared_by_its_tuples(self):
        pairs = pd.MultiIndex.from_tuples([("a", 1), ("b", 2), ("b", 3)])
        assert_series(PETS["legs"].set_axis(pairs), PETS["legs"].set_axis(pairs))
        assert said(assert_series, PETS["legs"].set_axis(pairs[::-1]), PETS["legs"].set_axis(pairs))[0] == "order"


MATRIX = sp.csr_array(np.array([[1.0, 0, 2], [0, 0, -3]]))
SQUARE = sp.csr_array(np.array([[1.0, 2], [0, 3]]))


class TestSparse:
    @pytest.mark.parametrize("form", ["csr", "csc", "coo", "dok", "lil"])
    def test_any_format_with_the_same_numbers_is_right(self, form):
        assert_sparse(MATRIX.asformat(form), MATRIX)

    def test_stored_zeros_and_numbers_in_parts_make_no_difference(self):
        assert_sparse(sp.coo_array(([0.5, 0.5, 2, -3, 0], ([0, 0, 0, 1, 1], [0, 0, 2, 2, 0])), shape=(2, 3)), MATRIX)

    @pytest.mark.parametrize(
        ("got", "expected", "diagnosis"),
        [
            (MATRIX.toarray(), MATRIX, "type"),
            (MATRIX.T, MATRIX, "transpose"),
            (SQUARE.T, SQUARE, "transpose"),
            (-MATRIX, MATRIX, "sign"),
            (2 * MATRIX, MATRIX, "scale"),
            (0 * MATRIX, MATRIX, "zero"),
            (MATRIX * 1j, MATRIX, "dtype"),
            (MATRIX * np.nan, MATRIX, "non_finite"),
            (MATRIX + sp.csr_array(([1.0], ([1], [0])), shape=(2, 3)), MATRIX, "value"),
            (sp.csr_array((1 << 20, 1 << 20)), MATRIX, "shape"),
        ],
        ids=range(10),
    )
    def test_each_slip_has_its_word(self, got, expected, diagnosis):
        assert said(assert_sparse, got, expected)[0] == diagnosis

    def test_a_format_is_asked_for_by_name(self):
        message = said(assert_sparse, MATRIX.tocsc(), MATRIX, sparse_format="csr")[1]
        assert message == "the result: expected the format csr, got csc. Hint: use .tocsr()."

    def test_a_vast_matrix_is_never_filled(self):
        vast = sp.eye_array(1 << 20, format="csr")
        assert_sparse(vast.tocoo(), vast)
        assert said(assert_sparse, vast * 3.3, vast)[0] == "value"


VALUES = [
    (1, 1),
    (1.0, 1),
    (np.int64(3), 3),
    (1.0 + 1e-9, 1.0),
    (2, 2 + 0j),
    (True, np.True_),
    ("a", "a"),
    (None, None),
    (b"a", b"a"),
    (dt.date(2024, 1, 1), dt.date(2024, 1, 1)),
    (pd.Timestamp("2024"), dt.datetime(2024, 1, 1)),  # noqa: DTZ001
    (Decimal("1.0"), Decimal(1)),
    ({1, 2}, {2, 1}),
    (frozenset({1}), {1}),
    ([1, [2.0, "x"]], [1, [2.0, "x"]]),
    ((1, None), (1, None)),
    ({"a": np.ones(2)}, {"a": np.ones(2)}),
    (Counter("aab"), {"b": 1, "a": 2}),
    ({"b": 1, "a": 2}, OrderedDict(a=2, b=1)),
    (np.array(["a", "bb"]), np.array(["a", "bb"])),
    (np.array([True]), np.array([True])),
    (float("nan"), float("nan")),
    (pd.NaT, pd.NaT),
    (PETS, PETS),
    ([PETS["legs"], MATRIX], [PETS["legs"], MATRIX]),
]


class TestValues:
    @pytest.mark.parametrize(("got", "expected"), VALUES, ids=lambda v: type(v).__name__)
    def test_the_same_value_passes(self, got, expected):
        assert_value(got, expected)

    @pytest.mark.parametrize(
        ("got", "expected", "diagnosis", "message"),
        [
            (None, "a", "type", "the result: expected text, got None (is a `return` missing?)."),
            (1, True, "type", "the result: expected a truth value, got a number."),
            ("1", 1, "type", "the result: expected a number, got text."),
            (1j, 1, "type", "the result: expected a number, got a complex number."),
            ([1], (1,), "type", "the result: expected a tuple, got a list."),
            (dt.datetime(2024, 1, 1), dt.date(2024, 1, 1), "type", "expected a date, got a date with a time."),  # noqa: DTZ001
            (100_000, 100_001, "value", "the result: smaller than the reference (expected 100001, got 100000)."),
            (2.5, 2.0, "value", "the result: larger than the reference (expected 2.0, got 2.5)."),
            (np.nan, 2.0, "value", "the result: smaller than the reference (expected 2.0, got nan)."),
            ("A", "a", "value", "another text than expected (expected 'a', got 'A'). Hint: look at capital letters."),
            ("a  b\n", "a b", "value", "Hint: look at spaces and line ends."),
            ([1, 2], [1], "shape", "the result: expected 1 items, got more."),
            ([2, 1], [1, 2], "order", "the result: the items are in another order."),
            (
                [1, "a"],
                [1, "b"],
                "value",
                "another text than expected (item 1, counted from 0; expected 'b', got 'a').",
            ),
            ({"a": 1}, {"a": 1, "b": 2}, "keys", "the result, entry 'b': this entry is missing."),
            ({"a": 1, "b": 2}, {"a": 1}, "keys", "the result: expected 1 entries, got more (such as 'b')."),
            ({"a": [1, 2]}, {"a": [1, 3]}, "value", "the result, entry 'a': smaller than the reference (item 1"),
            ({1, 2}, {1, 3}, "value", "elements are missing, and others are too many (without 3; with 2)."),
            ([1], {1}, "type", "the result: expected a set, got a list."),
            ("x" * 100, "y", "value", "got 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…)"),
            (np.array(["a"]), np.array(["b"]), "value", "the result: another value than expected"),
            (np.datetime64("2024"), 5, "type", "the result: expected a number, got a date or time."),
        ],
        ids=lambda v: type(v).__name__,
    )
    def test_each_difference_has_its_words(self, got, expected, diagnosis, message):
        assert said(assert_value, got, expected)[0] == diagnosis
        assert message in said(assert_value, got, expected)[1]

    def test_a_hidden_check_says_nothing_of_values_and_only_the_authors_keys(self):
        raised = failure(assert_value, {"total": "a secret"}, {"total": "b"})
        assert raised.line({"total", "a secret"}) == "the result, entry 'total': another text than expected."
        assert raised.line(set()) == "the result: another text than expected."


class TestComplexNumbers:
    Z = np.array([1 + 2j, -3j, 4])

    def test_complex_numbers_are_right_where_some_are_expected(self):
        assert_array(self.Z * (1 + 1e-9), self.Z)
        assert_array([1 + 2j, -3j, 4], self.Z)
        assert_array(np.ones(3), np.ones(3, complex))
        assert_number(1 + 2j, 1 + 2j)
        assert said(assert_array, self.Z, np.ones(3))[1].startswith(
            "the result: expected real numbers, got an array of c"
        )
        assert said(assert_number, 1j, 1.0)[0] == "dtype"

    @pytest.mark.parametrize(
        ("factor", "diagnosis"), [(-1, "sign"), (2, "scale"), (1j, "scale"), (0, "zero"), (np.nan, "non_finite")]
    )
    def test_each_slip_has_its_word(self, factor, diagnosis):
        assert said(assert_array, factor * self.Z, self.Z)[0] == diagnosis

    def test_the_conjugate_is_recognised(self):
        assert said(assert_array, self.Z.conj(), self.Z) == (
            "sign",
            "the result: yours is the complex conjugate of the reference.",
        )
        assert said(assert_number, 3j + 1, 2j + 5)[1] == "the result: another number than the reference."


def test_a_date_of_numpy_is_no_whole_number():
    from autograder.authoring import assert_integer

    assert said(assert_integer, np.timedelta64(3, "D"), 3)[0] == "type"


@pytest.mark.parametrize("value", [PETS, PETS["legs"], MATRIX, {"a": [1]}, np.array(["a", None], object)], ids=str)
def test_a_value_that_was_changed_in_place_is_no_longer_the_same(value):
    assert_unchanged(value, value, name="x")
    assert said(assert_unchanged, None, value, name="x")[0] == "mutated"
    other = PETS.copy() if value is PETS else None
    if other is not None:
        other.loc["a", "legs"] = 5
        assert said(assert_unchanged, other, value, name="x")[0] == "mutated"


def test_a_plain_student_returns_copies_of_tables_too():
    table = PETS.copy()
    got = PlainStudent({"f": lambda: table}).f()
    got.loc["a", "legs"] = 99
    assert table.loc["a", "legs"] == 4


def test_whole_numbers_beyond_the_digits_of_a_float_are_compared_exactly():
    """2**53 and 2**53 + 1 are the same float: identifiers can be that large."""
    with pytest.raises(CheckFailed, match="some values differ"):
        assert_frame(pd.DataFrame({"id": [2**53 + 1, 1]}), pd.DataFrame({"id": [2**53, 1]}))
    assert_frame(pd.DataFrame({"id": pd.array([2**53 + 1], "Int64")}), pd.DataFrame({"id": [2**53 + 1]}))
