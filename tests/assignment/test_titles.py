"""The title that people see: of assignment.toml, else the notebook's first heading, else the assignment's name."""

import json

import pytest

from autograder.assignment.headings import MAX_TITLE, first_heading, title_text, with_functions
from autograder.assignment.settings import Question
from autograder.assignment.source import BEGIN, END, SourceCell
from autograder.assignment.titles import title_of
from autograder.course import Course
from autograder.text import named, number_of, numbered


def cell(source, kind="markdown", role=""):
    return SourceCell("c", kind, role, source)


@pytest.mark.parametrize(
    ("source", "heading"),
    [
        ("# Climbing", "Climbing"),
        ("words\n\n## Climbing ##\n\n# Later", "Climbing"),
        ("# **Climbing** with `f` and [a link](https://x.example/y)", "Climbing with f and a link"),
        ("# A <b>bold</b> title", "A bold title"),
        ("```\n# a comment\n```\n# Climbing", "Climbing"),
        ("~~~python\n# a comment", ""),
        ("#no heading\n\n#\n", ""),
        ("# a_b_c", "a_b_c"),
        ("# \x1b[31m\u202eodd", "�[31m�odd"),
    ],
)
def test_the_first_heading_is_plain_text_on_one_line(source, heading):
    assert first_heading([cell(source)]) == heading


def test_no_code_and_no_answer_of_the_author_is_a_heading():
    cells = [cell("# a comment", kind="code"), cell("# The answer is 4", role="manual"), cell("# Climbing")]
    assert first_heading(cells) == "Climbing"


def test_a_title_is_one_bounded_line_and_comes_before_the_heading_and_the_name():
    cells = [cell("# Climbing")]
    assert title_text("Hills\nand valleys", cells, "a1") == "Hills and valleys"
    assert title_text(" ", cells, "a1") == "Climbing"
    assert title_text("", [], "a1") == "a1"
    assert len(title_text("x" * 400, [], "a1")) == len(title_text("", [cell(f"# {'x' * 400}")], "a1")) == MAX_TITLE


@pytest.fixture
def course(tmp_path):
    """A course of one assignment: its settings, its text, and its release."""
    folder = tmp_path / "solutions" / "a1"
    folder.mkdir(parents=True)
    question = '[[questions]]\nid = "q1"\ntitle = "f"\npoints = 1\n'
    (folder / "assignment.toml").write_text(f'title = "Of the settings"\n{question}')
    (folder / "notebook.py").write_text("# %% [markdown]\n# # Of the text\n")
    release = tmp_path / "assignments" / "a1" / "a1.ipynb"
    release.parent.mkdir(parents=True)
    cells = [{"cell_type": "markdown", "metadata": {}, "source": ["# Of the release"]}]
    release.write_text(json.dumps({"cells": cells}))
    return Course(tmp_path, "Test")


def test_each_source_of_a_title_stands_in_for_the_one_before(course):
    settings = course.solutions / "a1" / "assignment.toml"
    assert title_of(course, "a1") == "Of the settings"  # although hidden_checks.py is missing
    settings.write_text(settings.read_text().replace('title = "Of the settings"\n', "", 1))
    assert title_of(course, "a1") == "Of the text"
    settings.write_text("not TOML")
    assert title_of(course, "a1") == "Of the release"
    (course.assignments / "a1" / "a1.ipynb").write_text("not JSON")
    assert title_of(course, "a1") == "a1"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("the way back", "the way back (backward, Layer)"),
        ("backward", "backward (Layer)"),
        ("Layer, backward", "Layer, backward"),
    ],
)
def test_a_question_is_called_by_words_and_by_what_it_asks_for(title, shown):
    source = (
        "def backward(x):\n    return _helper(x)\n\n\ndef _helper(x):\n    return x\n\n\nclass Layer:\n    rate = 1\n"
    )
    cells = [SourceCell("a", "code", "solution", source, "q7"), SourceCell("b", "code", "solution", "def f(): 0", "q8")]
    assert with_functions(Question(id="q7", title=title, points=1), cells) == shown


@pytest.mark.parametrize(
    "source",
    [
        "answers = {}",
        f'answers = {{}}\n{BEGIN}\ndef my_rule(a):\n    return a\n\n\nanswers["c1"] = my_rule\n{END}',
    ],
    ids=["no function", "a function of the solution alone"],
)
def test_a_question_without_a_function_is_called_by_its_words(source):
    cells = [SourceCell("a", "code", "solution", source, "q9")]
    assert with_functions(Question(id="q9", title="concepts", points=1), cells) == "concepts"


def test_people_read_the_number_of_a_question_and_the_sentence_of_a_check_first():
    assert [numbered("q7", "the way back"), numbered("b1", "heavy ball"), numbered("q12", "q12"), number_of("q")] == [
        "7 · the way back",
        "b1 · heavy ball",
        "12",
        "q",
    ]
    assert named("units at zero send nothing", "q7.kink") == "units at zero send nothing (q7.kink)"
    assert [named("", "q7.kink"), named("q7.kink", "q7.kink")] == ["q7.kink", "q7.kink"]
