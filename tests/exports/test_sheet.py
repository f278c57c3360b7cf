"""Somebody else's CSV file: read as `csv` reads it, and written back byte for byte."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import AutograderError
from autograder.exports.sheet import parse_sheet, read_sheet


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\n1,2\n",
        b"\xef\xbb\xbfa,b\r\n1,2",  # a BOM; no line break at the end
        b'"a";"b"\r\n"x ""y""; z";2\r\n\r\n',
        b'a\tb\n"two\nlines"\t\n',
        b'a,b\n"x"y,"\n',  # quotes that close nothing
        b"a,b\ncaf\xe9,\xff\n",  # no UTF-8
        b"a\n1\n",
        b"sep=;\r\na;b\r\n1;2\r\n",  # Excel's own line
        b'\xef\xbb\xbf"sep=,"\na,b;c;d\n1,2\n',
        "\ufeffa\tb\r\nZoë\t1\r\n".encode("utf-16-le"),  # Blackboard's .xls
        "\ufeffa,b\n1,\ud800\n".encode("utf-16-be", "surrogatepass"),
    ],
)
def test_a_file_comes_back_byte_for_byte(data):
    assert parse_sheet(data, "x.csv").to_bytes({}) == data


def test_cells_are_read_without_their_quotes_and_only_what_is_given_changes():
    sheet = parse_sheet(b'\xef\xbb\xbf"Name" ; Score\r\n"B ""x""; y";\r\nz;"3"\r\n', "x.csv")
    assert sheet.header == ('"Name"', "Score")  # a space after quotes: they are part of it, as for `csv`
    assert sheet.value(1, 0) == 'B "x"; y'
    assert sheet.to_bytes({(1, 1): "5", (2, 1): "4.5"}) == (
        b'\xef\xbb\xbf"Name" ; Score\r\n"B ""x""; y";5\r\nz;"4.5"\r\n'
    )
    assert sheet.to_bytes({}, [1]) == b'\xef\xbb\xbf Score\r\n\r\n"3"\r\n'


CELLS = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=8)
TABLES = st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1, max_size=5))


@given(TABLES, st.sampled_from(["\n", "\r\n"]), st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
def test_what_csv_wrote_is_read_as_csv_reads_it_and_comes_back(table, end, quoting):
    out = io.StringIO()
    header = [f"h{i}" for i in range(len(table[0]))]
    csv.writer(out, lineterminator=end, quoting=quoting).writerows([header, *table])
    data = out.getvalue().encode()
    sheet = parse_sheet(data, "x.csv")
    assert sheet.to_bytes({}) == data
    shown = [[sheet.value(i, j) for j in range(len(header))] for i in range(1, len(sheet.rows))]
    assert shown == [[cell.strip() for cell in row] for row in table]


@given(st.binary(max_size=60))
def test_any_bytes_are_a_sheet_that_comes_back_or_one_line(data):
    try:
        sheet = parse_sheet(data, "x.csv")
    except AutograderError as error:
        assert str(error).startswith("x.csv: expected ")
        assert len(str(error).splitlines()) == 1
    else:
        assert sheet.to_bytes({}) == data


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "expected CSV text in UTF-8, got an empty file"),
        ("a,b\n".encode("utf-16-le"), "expected CSV text in UTF-8, got another encoding"),
        (b"\xff\xfea\0,", "expected CSV text in UTF-8, got another encoding"),
        (b"\xff\xfe", "expected CSV text in UTF-8, got an empty file"),
        (b"sep=;\n", "expected CSV text in UTF-8, got an empty file"),
        (b"PK\3\4", "expected CSV text in UTF-8, got a zip or a workbook of Excel"),
        (b"a,b\n1,2\n1,2,3\n", "expected 2 cells in every row, got 3 in row 3"),
        (b"a,b\nx\n", "expected 2 cells in every row, got 1 in row 2"),
    ],
)
def test_what_is_no_table_is_said(data, says):
    with pytest.raises(AutograderError, match=says):
        parse_sheet(data, "x.csv")


def test_a_column_is_found_in_any_case_and_must_be_one():
    sheet = parse_sheet(b"ID,Grade,grade \n", "x.csv")
    assert sheet.column("id") == 0
    assert sheet.column("Score") is None
    with pytest.raises(AutograderError, match="expected one column Grade, got 2"):
        sheet.column("Grade")
    with pytest.raises(AutograderError, match=r"expected a column Score, got ID, Grade, grade. Hint: look"):
        sheet.require("Score", hint="look")


def test_a_file_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(AutograderError, match=r"none.csv: expected a CSV file, got no file"):
        read_sheet(tmp_path / "none.csv")


def test_a_score_with_a_comma_is_put_in_quotes_only_where_the_comma_separates():
    for data, expected in ((b"a,b\n1,2\n", b'a,b\n1,"8,5"\n'), (b"a;b\n1;2\n", b"a;b\n1;8,5\n")):
        assert parse_sheet(data, "x.csv").to_bytes({(1, 1): "8,5"}) == expected


def test_separators_inside_quotes_of_the_header_do_not_count():
    assert parse_sheet(b'"a; b; c; d",e\n1,2\n', "x.csv").header == ("a; b; c; d", "e")
