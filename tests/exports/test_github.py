"""A step summary that fits, and annotations that stay in their own command."""

import re

from exports.hostile import NAMES
from hypothesis import given
from hypothesis import strategies as st
from result_builders import check, nothing, question, record

from autograder.exports.github import MAX_BYTES, commands, step_summary
from autograder.marking_rules import MarkingRules
from autograder.marks import marks_of


def marks(*results):
    return marks_of(results, MarkingRules())


def test_the_class_and_then_each_submission():
    checks = (check("q1.a", 10.0), check("q1.b", message="a factor of 2"))
    made = marks(record("ada", questions=(question("q1", *checks),)), nothing("bob"))
    assert step_summary("My course", made) == (
        "# My course\n"
        "\n## a1\n\n2 students, mean 5.0, median 5.0 of 100\n\n"
        "| student | status | score | days late |\n| --- | --- | ---: | ---: |\n"
        "| ada | graded | 10 |  |\n"
        "| bob | missing | 0 |  |\n"
        "\n### ada, a1\n\n| | check | points | says |\n| --- | --- | ---: | --- |\n"
        "| ✅ pass | right &#40;q1&#46;a&#41; | 10 of 10 |  |\n"
        "| ❌ fail | right &#40;q1&#46;b&#41; | 0 of 10 | a factor of 2 |\n"
    )


def test_a_summary_fits_into_what_github_shows_and_says_what_is_missing():
    long = "|" * 300  # each sign is six bytes in a reference
    many = [
        record(f"s{i:04}", questions=(question("q1", *(check(f"q1.c{j}", message=long) for j in range(8))),))
        for i in range(120)
    ]
    text = step_summary("Course", marks(*many))
    assert MAX_BYTES - 20_000 < len(text.encode()) <= MAX_BYTES
    last = text.splitlines()[-1]
    shown = text.count("\n### ")
    assert last == f"{120 - shown} rows and tables are left out: GitHub shows at most 1 MiB. The class report has them."
    assert 0 < shown < 120


def test_what_the_step_wrote_before_counts():
    made = marks(record("ada"), record("bob"))
    whole = step_summary("Course", made)
    size = len(whole.encode())
    assert step_summary("Course", made, size) == whole
    for room in range(-10, size):
        text = step_summary("Course", made, room)
        assert len(text.encode()) <= max(0, room)
        assert text == "" or " rows and tables are left out" in text.splitlines()[-1]


def test_annotations_are_errors_for_what_was_not_graded_and_warnings_for_lost_points():
    made = marks(
        nothing("ada", status="malformed"), nothing("bob"), record("eve", score=50.0), record("full", score=100.0)
    )
    assert commands(made) == [
        "::error title=a1%2C ada::nothing was handed in",
        "::warning title=a1%2C eve::50 of 100: q1.value",
    ]


def test_github_takes_ten_of_a_kind_so_the_tenth_says_how_many_there_are():
    made = marks(
        *(record(f"w{i:02}", score=50.0) for i in range(10)),
        *(nothing(f"e{i:02}", status="malformed") for i in range(30)),
    )
    errors = [c for c in commands(made) if c.startswith("::error")]
    warnings = [c for c in commands(made) if c.startswith("::warning")]
    assert (len(errors), len(warnings)) == (10, 10)
    assert errors[-1] == "::error title=and more::21 more submissions; see the summary"
    assert warnings[-1].startswith("::warning title=a1%2C w09")


def received(line):
    """What the runner makes of a line: its command, its title, its message. ActionCommand.TryParseV2."""
    kind, properties, data = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line).groups()
    (title,) = (p.partition("=")[2] for p in properties.split(","))
    decoded = [
        t.replace("%3A", ":").replace("%2C", ",").replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
        for t in (title, data)
    ]
    return kind, *decoded


@given(st.text(max_size=60) | st.sampled_from(NAMES))
def test_whatever_somebody_is_called_an_annotation_is_one_command_of_ours(name):
    (line,) = commands(marks(nothing(name, status="malformed").model_copy(update={"reason": name})))
    kind, title, message = received(line)
    assert kind == "error"
    assert title.startswith("a1,")
    assert line.isprintable() or "\u200b" in line
    assert "##[" not in line
    assert "::" not in message


def test_a_percent_sign_comes_out_as_it_went_in():
    (line,) = commands(marks(nothing("100%0A, a:b", status="malformed")))
    assert line == "::error title=a1%2C 100%250A%2C a%3Ab::nothing was handed in"
    assert received(line)[1] == "a1, 100%0A, a:b"
