"""Bytes that claim to be a notebook: each is read, or refused with one line that says what to mend."""

import json
import os
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import MalformedError
from autograder.intake.reader import NOTEBOOK, read_notebook


def notebook(*cells, **fields):
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **fields}


def code(source, **fields):
    return {
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
        **fields,
    }


@pytest.fixture
def read(tmp_path):
    def of(data):
        path = tmp_path / "n.ipynb"
        path.write_bytes(
            data
            if isinstance(data, bytes)
            else json.dumps(data).encode()
            if not isinstance(data, str)
            else data.encode()
        )
        return read_notebook(path)

    return of


REFUSED = {
    "an empty file": (b"", "empty file"),
    "no JSON": (b"hello", "expected JSON"),
    "a million objects": (b'{"cells": [' + b'{"":' * 1_000_001, "1000000 lists and objects.*clear all outputs"),
    "a list": (b"[]", "list of cells"),
    "null": (b"null", "list of cells"),
    "other JSON": (b'{"a": 1}', "list of cells"),
    "latin-1": ('{"cells": "é"}'.encode("latin-1"), "UTF-8"),
    "deep nesting": (b"[" * 100_000, "depth"),
    "an empty object": (b"{}", "list of cells"),
    "NaN for the cells": (b'{"cells": NaN, "nbformat": 4}', "list of cells"),
    "ten thousand digits": (b'{"cells": [], "nbformat": ' + b"1" * 10_000 + b"}", "nbformat 4"),
    "nbformat 3": ({"worksheets": [{"cells": []}], "nbformat": 3}, "nbformat 4, got 3.*save it again"),
    "nbformat 99": (notebook(nbformat=99), "nbformat 4"),
    "an R notebook": (notebook(metadata={"kernelspec": {"language": "R"}}), "Python notebook"),
    "a dict as source": (notebook(code({"a": 1})), "source to be text"),
    "numbers as source": (notebook(code([1, 2])), "source to be text"),
    "NaN as source": (b'{"cells": [{"cell_type": "code", "source": NaN}], "nbformat": 4}', "source to be text"),
    "a cell that is none": (notebook("x"), "cell 1"),
    "a page": (b"<html>", "expected a notebook, got a web page. Hint"),
    "an archive": (b"PK\x03\x04", "expected a notebook, got an archive. Hint"),
    "a script": (b"# %%\nx = 1", "expected a notebook, got a Python script. Hint"),
    "a merge conflict": (b"{\n<<<<<<< HEAD\n", "expected a notebook, got a merge conflict of git. Hint: remove"),
    "only zeros": (b"\0" * 4096, "empty file"),
    "no cells": (notebook(), "expected a notebook with cells, got one without any"),
    "worksheets under another number": ({"worksheets": [], "nbformat": 4}, "nbformat 4, got 3.*save it again"),
    "worksheets and no number": ({"worksheets": []}, "nbformat 4, got 3"),
    "a comma too many": (b'{"cells": [],}', "got text that is none"),
    "text behind it": (json.dumps(notebook(code("x"))).encode() + b"x", "Extra data"),
    "cut off": (json.dumps(notebook(code("x"))).encode()[:40], "got text that is none"),
    "null as a cell": (notebook(None), "cell 1"),
    "lists in lists as source": (notebook(code([["a = 1"]])), "source to be text"),
    "a giant cell": (notebook(code("x" * 300_000)), "characters"),
    "too many cells": (notebook(*[code("x")] * 2001), "2000 cells"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_with_a_reason(read, name):
    data, reason = REFUSED[name]
    with pytest.raises(MalformedError, match=reason) as caught:
        read(data)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        notebook(code("a = 1")),
        notebook(code(["a ", "= 1"])),
        notebook(code("a = 1"), nbformat_minor=0),
        {
            "cells": [{"cell_type": "code", "source": "a = 1"}],
            "nbformat": 4,
        },  # all metadata stripped, as some editors do
        notebook(
            code("a = 1", metadata={"id": "x", "colab": {"base_uri": ""}}),
            metadata={"colab": {}, "kernelspec": {"name": "python3"}},
        ),
        b"\xef\xbb\xbf" + json.dumps(notebook(code("a = 1"))).encode(),
        json.dumps(notebook(code("a = 1")), indent=1).replace("\n", "\r\n"),
    ],
    ids=["text", "lines", "4.0", "stripped", "colab", "bom", "crlf"],
)
def test_every_editors_way_of_saving_is_read_alike(read, data):
    assert [c.source for c in read(data).code] == ["a = 1"]


def with_field(text):
    """A notebook whose file holds this text as a field of the cell, of its metadata, of an output, and at the top."""
    cell = '{"cell_type": "code", "source": "a = 1", FIELD, "metadata": {FIELD}, "outputs": [{FIELD}]}'
    return f'{{"nbformat": 4, "cells": [{cell}], FIELD, "metadata": {{FIELD}}}}'.replace("FIELD", text)


IGNORED = {
    "NaN": with_field('"x": NaN'),
    "Infinity": with_field('"x": [Infinity, -Infinity]'),
    "a repeated key": with_field('"x": 1, "x": 2'),
    "ten thousand digits": with_field(f'"x": {"9" * 10_000}'),
    "a surrogate": with_field('"x": "\\ud800"'),
    "unknown fields": with_field('"x": {"y": [null, true, {}]}'),
    "null as id": notebook(code("a = 1", id=None)),
    "a number as id": notebook(code("a = 1", id=7)),
    "a list as id": notebook(code("a = 1", id=["x"])),
    "an odd id": notebook(code("a = 1", id="é <b> " * 40)),
    "two cells of one id": notebook(code("a = 1", id="q1"), {"cell_type": "raw", "id": "q1", "source": ""}),
    "no version": {"cells": [code("a = 1")]},
    "an odd minor version": notebook(code("a = 1"), nbformat_minor="five"),
    "null as metadata": notebook(code("a = 1", metadata=None), metadata=None),
    "a list as metadata": notebook(code("a = 1", metadata=[1]), metadata=["x"]),
    "an odd kernel": notebook(code("a = 1"), metadata={"kernelspec": 3, "language_info": []}),
    "two languages": notebook(
        code("a = 1"), metadata={"kernelspec": {"language": "python"}, "language_info": {"name": "R"}}
    ),
    "Python with a version": notebook(code("a = 1"), metadata={"kernelspec": {"language": "Python 3.11"}}),
    "an unknown type of cell": notebook({"cell_type": "sql", "source": "select"}, code("a = 1")),
    "a list as a cell's type": notebook({"cell_type": [], "source": "x"}, code("a = 1")),
    "a cell of no type": notebook({"source": "x"}, code("a = 1")),
    "null as source": notebook(code(None), code("a = 1")),
    "no source": notebook({"cell_type": "code"}, code("a = 1")),
    "4 as text": notebook(code("a = 1"), nbformat="4"),
    "4.0": notebook(code("a = 1"), nbformat=4.0),
    "null as version": notebook(code("a = 1"), nbformat=None),
    "UTF-16": json.dumps(notebook(code("a = 1"))).encode("utf-16"),
    "UTF-16 without a mark": json.dumps(notebook(code("a = 1"))).encode("utf-16-le"),
    "zeros behind it": json.dumps(notebook(code("a = 1"))).encode() + b"\0" * 9,
    "Ctrl+Z behind it": json.dumps(notebook(code("a = 1"))).encode() + b"\x1a",
    "a number as a text's source": notebook({"cell_type": "markdown", "source": 5}, code("a = 1")),
    "a long picture in a text": notebook({"cell_type": "markdown", "source": "x" * 300_000}, code("a = 1")),
    "odd attachments": notebook({"cell_type": "markdown", "attachments": [1], "source": "x"}, code("a = 1")),
    "outputs that are none": notebook(code("a = 1", outputs={"x": 1})),
    "Databricks": notebook(code("a = 1"), metadata={"application/vnd.databricks.v1+notebook": {"language": "python"}}),
    "Deepnote": notebook(
        code("a = 1", metadata={"cell_id": "x", "deepnote_cell_type": "code"}), metadata={"deepnote": 1}
    ),
    "no outputs": notebook({"cell_type": "code", "source": "a = 1", "outputs": None, "execution_count": "x"}),
}


@pytest.mark.parametrize("name", IGNORED)
def test_nothing_that_grading_ignores_refuses_a_notebook(read, name):
    assert [c.source for c in read(IGNORED[name]).code if c.source] == ["a = 1"]


def test_of_two_cells_with_one_id_the_first_keeps_it(read):
    assert [c.id for c in read(notebook(code("a", id="q1"), code("b", id="q1"), code("c", id="q2"))).cells] == [
        "q1",
        "",
        "q2",
    ]


def test_lone_surrogates_are_replaced(read):
    assert read(b'{"cells": [{"cell_type": "code", "source": "\\ud800"}], "nbformat": 4}').code[0].source == "?"


def test_a_file_of_200_mb_is_refused_by_its_size_alone(tmp_path):
    path = tmp_path / "big.ipynb"
    with path.open("wb") as file:
        file.truncate(200 << 20)  # sparse: nothing is written, and nothing may be read
    with pytest.raises(MalformedError, match="200 MiB"):
        read_notebook(path)
    assert NOTEBOOK.limit < 200 << 20


def test_a_symbolic_link_is_not_followed(tmp_path):
    link = tmp_path / "n.ipynb"
    link.symlink_to("/etc/passwd")
    with pytest.raises(MalformedError, match="symbolic link"):
        read_notebook(link)


def test_a_pipe_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "n.ipynb")
    with pytest.raises(MalformedError, match="regular file"):
        read_notebook(tmp_path / "n.ipynb")


@given(st.binary(max_size=400))
@settings(max_examples=1000)
def test_any_bytes_give_a_notebook_or_one_line(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.ipynb"
    path.write_bytes(data)
    try:
        read_notebook(path)
    except MalformedError as error:
        assert "\n" not in str(error)


def test_a_small_file_takes_little_memory(tmp_path):
    """read(n) takes n bytes before it reads: 20 MiB for each notebook of a class."""
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps(notebook(code("a = 1"))))
    tracemalloc.start()
    try:
        read_notebook(path)
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()
