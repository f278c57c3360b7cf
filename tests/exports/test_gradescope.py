"""results.json for Gradescope, held to the fields of its documentation."""

import json
from datetime import datetime

import jsonschema
from exports.hostile import NAMES
from result_builders import check, nothing, question, record

from autograder.exports.gradescope import results_json
from autograder.marking_rules import MarkingRules
from autograder.marks import marks_of

# https://gradescope-autograders.readthedocs.io/en/latest/specs/#output-format
VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
TEST = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "score": {"type": "number"}, "max_score": {"type": "number"}, "status": {"enum": ["passed", "failed"]},
        "name": {"type": "string"}, "name_format": FORMAT, "number": {"type": "string"}, "output": {"type": "string"},
        "output_format": FORMAT, "tags": {"type": "array", "items": {"type": "string"}}, "visibility": VISIBILITY,
        "extra_data": {"type": "object"},
    },
}  # fmt: skip
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["score"],
    "properties": {
        "score": {"type": "number"}, "execution_time": {"type": "number"}, "output": {"type": "string"},
        "output_format": FORMAT, "test_output_format": FORMAT, "test_name_format": FORMAT, "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY, "extra_data": {"type": "object"}, "tests": {"type": "array", "items": TEST},
        "leaderboard": {"type": "array"},
    },
}  # fmt: skip
LATE = MarkingRules(late_percent_a_day=10, due={"a1": datetime.fromisoformat("2026-10-12T22:00:00+00:00")})


def written(*results, policy=LATE):
    made = [json.loads(results_json(mark)) for mark in marks_of(results, policy)]
    for each in made:
        jsonschema.validate(each, SCHEMA)
    return made


def test_the_score_that_counts_is_written_and_lateness_is_the_first_thing_said():
    late, early = written(
        record("ada", received="2026-10-13T22:00:01+00:00"), record("bob", received="2026-10-12T22:00:00+00:00")
    )
    assert (late["score"], early["score"]) == (64, 80)
    assert late["output"].splitlines()[0] == "2 days late: 64 of 80 points count."
    assert early["output"].startswith("Graded in sandbox tier")
    assert sum(t["score"] for t in late["tests"]) == 80  # each check keeps its points


def test_what_cannot_be_read_gets_nothing_and_the_reason():
    (made,) = written(nothing("ada", status="malformed"))
    assert (made["score"], made["tests"], made["output"]) == (0, [], "malformed: nothing was handed in")


def test_a_hidden_checks_message_is_never_in_it_and_hostile_text_stays_text():
    for name in NAMES:
        checks = (check("q1.a", message=f"hidden {name}"), check("q1.b", visibility="public", message="seen"))
        (made,) = written(record(questions=(question("q1", *checks),)))
        assert [t["output"] for t in made["tests"]] == ["", "seen"]
        assert [t["visibility"] for t in made["tests"]] == ["after_published", "visible"]
