"""Reads otter's autograder.zip with the notebook beside it."""

import json
import zipfile

import pytest

from autograder.errors import CourseError
from autograder.importing.otter_zip import read_zip
from autograder.importing.parts import LeftOut

SOLUTION = {"tags": ["otter_assign_solution_cell"]}
TEST = "OK_FORMAT = True\ntest = {'name': 'q1', 'points': 3, 'suites': [{'cases': [{'code': '>>> f(1)\\n2'}, {'code': '>>> f(2)\\n3', 'hidden': False}, {'code': '>>> f(3)\\n4', 'points': 0}]}]}"  # fmt: skip
CELLS = [
    ("code", 'import otter\ngrader = otter.Notebook("hw.ipynb")', {}),
    ("markdown", "Add one.", {}),
    ("code", "def f(x):\n    return x + 1 # SOLUTION", SOLUTION),
    ("code", 'grader.check("q1")', {}),
    ("markdown", "## Submission\n\nRun all cells.", {}),
]


def archive(folder, config, *notebooks):
    for name in notebooks:
        cells = [{"cell_type": kind, "source": source, "metadata": data} for kind, source, data in CELLS]
        (folder / name).write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    with zipfile.ZipFile(folder / "autograder.zip", "w") as file:
        file.writestr("tests/q1.py", TEST)
        file.writestr("files/data/x.csv", "1,2\n")
        file.writestr("otter_config.json", config)
    return folder / "autograder.zip"


def test_tests_of_the_archive_stand_where_the_notebook_asks_for_them(tmp_path):
    notebook = read_zip(archive(tmp_path, "{}", "hw.ipynb"))
    assert [(part.kind, part.question, part.points) for part in notebook.parts] == [
        ("prose", "", 0),
        ("answer", "", 0),
        ("test", "q1", 1.5),
        ("test", "q1", 1.5),
    ]
    assert [part.public for part in notebook.parts[2:]] == ["", "assert repr(f(2)) == '3'"]
    assert notebook.left_out == (LeftOut("test_without_points", f"{tmp_path}/autograder.zip, tests/q1.py (q1, q1_3)"),)
    assert notebook.files == {"data/x.csv": b"1,2\n"}


def test_the_name_in_the_settings_chooses_the_notebook(tmp_path):
    assert read_zip(archive(tmp_path, '{"assignment_name": "b"}', "a.ipynb", "b.ipynb")).name == "b"


@pytest.mark.parametrize(
    ("config", "notebooks", "line"),
    [
        ("{}", (), r"expected the notebook with solutions beside it, got none\. Hint: otter assign"),
        ("{}", ("a.ipynb", "b.ipynb"), "expected the notebook with solutions beside it, got none"),
        ('{"lang": "r"}', ("hw.ipynb",), "lang: expected python, got r"),
        ("[", ("hw.ipynb",), r"otter_config\.json: expected JSON"),
    ],
)
def test_an_archive_that_cannot_be_imported_is_one_line(tmp_path, config, notebooks, line):
    with pytest.raises(CourseError, match=line):
        read_zip(archive(tmp_path, config, *notebooks))


def test_a_file_that_is_no_zip_is_one_line(tmp_path):
    (tmp_path / "autograder.zip").write_bytes(b"no zip")
    with pytest.raises(CourseError, match=r"autograder\.zip: expected a zip"):
        read_zip(tmp_path / "autograder.zip")
