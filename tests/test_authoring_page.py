"""The reference for authors says what the code says."""

import re

import authoring_page

from autograder import authoring


def test_the_page_is_made_from_the_docstrings_of_now():
    assert authoring_page.PAGE.read_text() == authoring_page.page(), "make reference"


def test_every_name_that_an_author_imports_has_an_entry():
    named = " ".join(authoring_page.SECTIONS.values()).split()
    assert sorted([*named, "Student"]) == sorted(authoring.__all__)


def test_every_function_for_an_author_has_an_example():
    text = authoring_page.page()
    entries = re.split(r"^### ", text, flags=re.MULTILINE)[1:]
    needless = {
        "Paths",
        "Ground",
        "Curves",
        "HeatMap",
        "Pair",
        "Messages",
        "Graph",
        "nonempty",
    }  # the course draws each of them
    without = [entry.split("\n")[0] for entry in entries if "Example: " not in entry]
    assert set(without) <= needless


def test_every_key_has_a_description():
    for models in authoring_page.MODELS.values():
        for model in models:
            assert [name for name, field in model.model_fields.items() if not field.description] == []


def test_no_line_but_a_table_is_too_long():
    assert [line for line in authoring_page.page().splitlines() if len(line) > 120 and line[:1] != "|"] == []
