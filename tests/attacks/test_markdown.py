"""Row I3: what a student wrote, in the Markdown of a step summary."""

import re

import pytest
from exports.hostile import NAMES
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from result_builders import check, question, record

from autograder.exports.github import step_summary
from autograder.marking_rules import MarkingRules
from autograder.marks import marks_of

NO_WIDTH = "\u200b"
ATTACKS = [
    "![x](https://evil.example/pixel.png)", "[click](javascript:alert(1))", "<img src=https://evil.example/p.png>",
    "<https://evil.example>", "https://evil.example", "www.evil.example", "me@evil.example", "@everyone", "@org/team",
    "#1", "GH-1", ":white_check_mark:", "a | b | c", "a \\| b", "| ✅ pass | q1 | 10 of 10 | |", "\n\n# ✅ 100/100\n",
    "x\n\n| forged | table |\n| --- | --- |\n", "`code`", "``` ```", "````\n```", "**bold** _it_ ~~no~~", "<!-- ", "-->",
    "</td></tr></table><h1>100/100</h1>", "<details open>", "&lt;img&gt;", "&#64;everyone", "[x]: https://evil.example",
    "\\", "\\\\|", "$\\href{https://evil.example}{x}$", "- [ ] task", "> quote", "1. one", "---", "===", "[^1]", *NAMES,
]  # fmt: skip
OURS = {"h1", "h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td"}


def rendered(text):
    """As GitHub does: CommonMark with raw HTML, tables, strike-through and bare addresses found by their scheme."""
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text)


def summary_of(text):
    """The text in each place that a student can reach."""
    checks = (check("q1.a", message=text), check("q1.b", 10.0, message=text))
    made = record(text, questions=(question("q1", *checks),))
    return step_summary("Course", marks_of([made, record("honest", score=100.0)], MarkingRules()))


def is_text(text):
    source = summary_of(text)
    page = rendered(source)
    assert set(re.findall(r"</?([a-z0-9]+)", page)) <= OURS
    assert re.findall(r"<h(\d)", page) == ["1", "2", "3", "3"]  # course, assignment, two submissions
    assert page.count("<table>") == 3
    assert sorted(row.count("<td") for row in page.split("<tr>")[1:]) == [0, 0, 0, 4, 4, 4, 4, 4]
    assert not re.search(
        rf"[@#:/](?!{NO_WIDTH})\w", re.sub(r"<[^>]*>", "", page)
    )  # nothing that GitHub searches text for
    assert not re.search(r"www\.|://", source)
    return True


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_i3_what_a_student_wrote_is_text_in_a_step_summary(text):
    assert is_text(text)


@given(st.text(max_size=40) | st.text(alphabet="|`<>&#;\\[]()!*_~@:/-=\n x1", max_size=40))
def test_i3_no_text_at_all_is_markup(text):
    assert is_text(text)


def test_i3_the_test_itself_would_see_markup():
    """Rendered without the references, each of these is more than text."""
    for text in ("![x](u)", "<b>x", "*x*", "`x`"):
        assert set(re.findall(r"<([a-z0-9]+)", rendered(text))) - OURS
