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
    "a list": (b"[]", "list of cells"),
    "null": (b"null", "list of cells"),
    "other JSON": (b'{"a": 1}', "list of cells"),
    "latin-1": ('{"cells": "é"}'.encode("latin-1"), "UTF-8"),
    "UTF-16": (json.dumps(notebook()).encode("utf-16"), "UTF-8"),
    "deep nesting": (b"[" * 100_000, "depth"),
    "NaN": (b'{"cells": [], "nbformat": 4, "x": NaN}', "NaN"),
    "a repeated key": (b'{"cells": [], "cells": [], "nbformat": 4}', "repeated key"),
    "ten thousand digits": (b'{"cells": [], "nbformat": ' + b"1" * 10_000 + b"}", "expected JSON"),
    "nbformat 3": (notebook(nbformat=3), "nbformat 4"),
    "an R notebook": (notebook(metadata={"kernelspec": {"language": "R"}}), "Python notebook"),
    "a dict as source": (notebook(code({"a": 1})), "source to be text"),
    "numbers as source": (notebook(code([1, 2])), "source to be text"),
    "a cell that is none": (notebook("x"), "cell 1"),
    "a list as a cell's type": ({"cells": [{"cell_type": []}], "nbformat": 4}, "code, markdown or raw"),
    "a dict as a cell's type": ({"cells": [{"cell_type": {}}], "nbformat": 4}, "code, markdown or raw"),
    "two cells with one id": (notebook(code("a", id="q1"), code("b", id="q1")), "twice"),
    "a number as id": (notebook(code("a", id=7)), "id to be text"),
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
