"""The pages of the reference say what the program says, and their examples work."""

import json
import re
import tomllib

import jsonschema
import numpy as np
import pytest
from reference_pages import checks_page, settings_pages, troubleshooting_page
from reference_pages.markdown import paragraphs
from reference_pages.messages import program_messages
from reference_pages.model_keys import written_fields
from reference_pages.pages import DOCS, PAGES
from result_builders import check, question, record

from autograder import authoring
from autograder.assignment.settings import read_settings
from autograder.authoring.drawing_parts import Pair
from autograder.authoring.drawings import Bars, Picture
from autograder.course import find_course, open_course
from autograder.errors import CourseError
from autograder.records.flags import Flag
from autograder.records.provenance import provenance
from autograder.records.result import CellError


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_is_made_from_the_program_of_now(path):
    assert path.read_text() == PAGES[path](), "make reference"


@pytest.mark.parametrize("path", [p for p in PAGES if p.suffix == ".md"], ids=lambda path: path.name)
def test_no_line_but_a_table_is_too_long(path):
    assert [line for line in path.read_text().splitlines() if len(line) > 120 and line[:1] != "|"] == []


def test_what_a_docstring_says_of_each_argument_becomes_a_list():
    """A name in the middle of a sentence, and a word that is no argument, begin no line."""
    text = "Equal tables.\n\nRows first. rtol: for floats; got: 1. row_order, index: as note: says. Raises Failed."
    assert paragraphs(text, ("got", "rtol", "row_order", "index")).split("\n") == [
        "Equal tables.",
        "",
        "Rows first.",
        "",
        "* `rtol`: for floats;",
        "* `got`: 1.",
        "* `row_order`, `index`: as note: says.",
        "",
        "Raises Failed.",
        "",
    ]
    assert paragraphs("The rtol: 1.", ("rtol",)) == "The rtol: 1.\n"


# course.toml and assignment.toml


def blocks(text):
    return "\n".join(re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL))


def every_key(models):
    """(table, key) of each key that has values of its own, and is no name of a table with a section."""
    for title, (model, _) in models.items():
        yield from (
            (title, n)
            for n, f in written_fields(model).items()
            if not re.match("see below|of all assign|the lines", f.description)
        )


@pytest.mark.parametrize("models", [settings_pages.COURSE, settings_pages.ASSIGNMENT, settings_pages.BESIDE])
def test_every_key_has_a_description_and_an_example(models):
    fields = {
        (title, name): model.model_fields[name] for title, (model, _) in models.items() for name in model.model_fields
    }
    read_elsewhere = {("[marks]", "assignments"), ("[portal]", "assignments")}  # a table of its own in the file
    assert {key for key, field in fields.items() if not field.description} <= read_elsewhere
    assert [key for key in every_key(models) if not fields[key].examples] == []


def test_the_blocks_of_the_page_are_a_course_that_opens(tmp_path):
    for name in ("a1_gradient_ascent", "a2_mlp_backprop"):
        (tmp_path / "solutions" / name).mkdir(parents=True)
        (tmp_path / "solutions" / name / "assignment.toml").touch()
    text = blocks(settings_pages.course_page())
    (tmp_path / "course.toml").write_text(text)
    course = open_course(tmp_path)
    assert course.policy.due_of("a2_mlp_backprop", "ada").isoformat() == "2026-10-30T23:59:59+01:00"
    assert course.portal.feedback.before_due == course.ci.hidden_feedback == "counts"
    assert all(
        re.search(rf"^{name} = |^\[.*\.{name}[\].]", text, re.MULTILINE) for _, name in every_key(settings_pages.COURSE)
    )


def test_the_blocks_of_the_page_are_an_assignment_that_can_be_read(tmp_path):
    own, _, beside = blocks(settings_pages.assignment_page()).partition("[[equivalent]]")
    (tmp_path / "assignment.toml").write_text(own)
    read = read_settings(tmp_path / "assignment.toml")
    assert (read.questions[0].reveal, read.rubrics[0].items[0].points) == ("after_due", 4)
    assert all(re.search(rf"^{name} = ", own, re.MULTILINE) for _, name in every_key(settings_pages.ASSIGNMENT))
    assert set(tomllib.loads(beside)) == {"because", "mutants"}


# The result file


def test_a_result_is_as_the_schema_says_and_a_changed_one_is_not():
    """A result with every kind of part."""
    checker = jsonschema.Draft202012Validator(json.loads((DOCS / "reference" / "result.schema.json").read_text()))
    flags = (Flag(kind="named_after", data=("bob",)),)
    errors = (CellError(cell=7, error="NameError: x", type="NameError"),)
    missing = check("q1.shape", blocked_by="q1", outcome="blocked", carried=5.0)
    bars = Bars(bars=(Pair.of("forward", np.array([[1.0]]), np.array([[2.5]])),), unit="products")
    pictures = (Picture(id="q1.path", question="q1", title="Your path", drawing=bars),)
    whole = record(
        questions=(question("q1", check(points=10.0), missing),),
        flags=flags,
        cell_errors=errors,
        pictures=pictures,
        provenance=provenance(),
    )
    written = json.loads(whole.to_json())
    assert [error.message for error in checker.iter_errors(written)] == []
    assert [error.json_path for error in checker.iter_errors(written | {"score": "many"})] == ["$.score"]
    assert [error.json_path for error in checker.iter_errors(written | {"mark": 1})] == ["$"]


# Troubleshooting


def test_the_messages_are_those_that_the_program_says(tmp_path):
    """Three that are made in three ways: a text, a text in parts, a reason with a hint beside it."""
    known = {each.text: each.hint for each in program_messages()}
    assert (
        known["course: expected course.toml here or in a folder above, got none."]
        == "autograder init DIR, or --course DIR."
    )
    with pytest.raises(CourseError) as refused:
        find_course(tmp_path)
    assert str(refused.value).startswith(
        "course: expected course.toml here or in a folder above, got none. Hint: autograder init"
    )
    assert known["expected notebooks called as assignments are, got …."] == "-a NAME."


def test_the_page_has_every_message():
    page = " ".join((DOCS / "troubleshooting.md").read_text().split())
    assert len(program_messages()) > 500
    assert [each.text for each in program_messages() if each.text not in page] == []


def test_every_message_says_what_to_do():
    """A new message has a hint, or somebody writes one for the page."""
    bare = [f"{m.module}:{m.line}: {m.text}" for m in program_messages() if not troubleshooting_page.way_out(m)]
    assert bare == [], "give the message a hint, or write [[hints]] for it in tests/reference_pages/ways_out.toml"


def test_what_people_wrote_about_a_message_is_for_one_that_has_no_hint():
    page = " ".join(troubleshooting_page.page().split())
    bare = [m for m in program_messages() if not troubleshooting_page.has_hint(m)]
    for written in troubleshooting_page.WRITTEN["hints"]:
        own = [m.text for m in bare if troubleshooting_page.way_out(m) is written]
        assert [
            words for words in troubleshooting_page.words_of(written) if not any(words in text for text in own)
        ] == []
        assert written["what"] in page


def test_the_twenty_most_likely_messages_are_still_said():
    written = troubleshooting_page.WRITTEN["likely"]
    assert len({troubleshooting_page.likely_message(each) for each in written}) == len(written) == 20


# The words of checks


def test_every_name_that_an_author_imports_has_an_entry():
    named = " ".join(checks_page.SECTIONS.values()).split()
    assert sorted([*named, "Student"]) == sorted(authoring.__all__)


def test_every_function_for_an_author_has_an_example():
    text = checks_page.page()
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
