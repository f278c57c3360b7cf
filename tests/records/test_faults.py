"""Checks that fail for one cause are shown together, wherever messages are listed."""

import json
from xml.etree import ElementTree as ET

import pytest
from result_builders import check, question, record

from autograder.exports.github import step_summary
from autograder.exports.gradescope import from_result
from autograder.exports.junit import junit_xml
from autograder.interop.graded_notebook import _verdict_cells
from autograder.marking_rules import MarkingRules
from autograder.marks import marks_of
from autograder.publishing.feedback import Feedback, markdown
from autograder.records.faults import repeated, together
from autograder.records.result import CheckResult

ONE, TWO = "0123456789ab", "ba9876543210"


def failed(name, fault, message="a mistake.", **fields):
    return check(name, 0.0, 2.0, message=message, fault=fault, title=f"title of {name}", **fields)


CHECKS = (
    failed("q1.a", ONE, visibility="public"),
    check("q1.b", 2.0, 2.0),
    failed("q1.c", TWO, "another."),
    failed("q1.d", ONE, "a mistake, in other numbers.", visibility="public"),
    failed("q2.a", ONE, visibility="public"),
)
RESULT = record(questions=(question("q1", *CHECKS[:4]), question("q2", CHECKS[4])))


def names(groups):
    return [[c.id for c in group] for group in groups]


def test_checks_of_one_question_and_one_fault_are_together_at_the_place_of_the_first():
    assert names(together(CHECKS)) == [["q1.a", "q1.d"], ["q1.b"], ["q1.c"], ["q2.a"]]
    assert repeated(CHECKS) == {"q1.d": "the same as q1.a"}


def test_results_without_faults_are_each_alone():
    assert names(together([failed("q1.a", ""), failed("q1.b", "")])) == [["q1.a"], ["q1.b"]]


@pytest.mark.parametrize("fault", ["0123456789AB", "0123", "0123456789abc", "a sentence..."])
def test_a_fault_is_a_short_key_and_no_text(fault):
    with pytest.raises(ValueError, match="fault"):
        CheckResult.model_validate(failed("q1.a", ONE).model_dump() | {"fault": fault})


def id_of(name):
    """The id at the end of `a title (q1.a)`."""
    return name.rpartition("(")[2].rstrip(")")


def in_gradescope():
    tests = json.loads(from_result(RESULT, 1.0).to_json())["tests"]
    return {id_of(t["name"]): t["output"] for t in tests}


def in_junit():
    cases = ET.fromstring(junit_xml(marks_of([RESULT], MarkingRules()))).iter("testcase")
    return {id_of(c.attrib["name"]): c[0].attrib["message"] for c in cases if len(c)}


def in_formgrader():
    cells = [cell for q in RESULT.questions for cell in _verdict_cells(q)]
    return {
        cell.metadata["nbgrader"]["grade_id"].replace("-", "."): cell.outputs[0].text.strip().removeprefix("fail: ")
        for cell in cells
    }


@pytest.mark.parametrize("place", [in_gradescope, in_junit, in_formgrader])
def test_the_message_is_said_once_a_question_and_every_name_stays(place):
    says = place()
    assert says["q1.a"] == says["q2.a"] == "a mistake."
    assert says["q1.d"] == "the same as q1.a"


def test_a_table_in_markdown_says_it_once_and_keeps_names_and_points():
    for text in (step_summary("T", marks_of([RESULT], MarkingRules())), markdown(Feedback("T", RESULT))):
        plain = text.replace("&#46;", ".").replace("\u200b", "").replace("&#58;", ":")
        assert plain.count("a mistake.") == 2  # once in q1, once in q2
        assert "in other numbers" not in plain
        assert plain.count("0 of 2") >= 4
        assert "the same as" in plain
