"""JUnit XML: the dialect that CI services read, whatever a student is called."""

import re
from xml.etree import ElementTree as ET

from exports.hostile import NAMES
from hypothesis import given
from hypothesis import strategies as st
from result_builders import check, nothing, question, record

from autograder.exports.junit import junit_xml
from autograder.marking_rules import MarkingRules
from autograder.marks import marks_of

COUNTS = {"tests", "failures", "errors", "skipped"}
# The schema that Jenkins' xUnit plugin publishes, as rules: {element: (attributes, required ones, children)}.
RULES = {
    "testsuites": (COUNTS | {"name", "time"}, set(), {"testsuite"}),
    "testsuite": (COUNTS | {"name", "time", "timestamp", "hostname", "id", "package"}, {"name", "tests"}, {"testcase", "properties"}),
    "testcase": ({"name", "classname", "time", "status"}, {"name", "classname"}, {"skipped", "failure", "error"}),
    "skipped": ({"message"}, set(), set()),
    "failure": ({"message", "type"}, set(), set()),
    "error": ({"message", "type"}, set(), set()),
}  # fmt: skip
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2


def parsed(*results):
    text = junit_xml(marks_of(results, MarkingRules()))
    assert not ILLEGAL.search(text)
    root = ET.fromstring(text.encode())
    assert root.tag == "testsuites"
    for element in root.iter():
        attributes, required, children = RULES[element.tag]
        assert required <= set(element.attrib) <= attributes
        assert {child.tag for child in element} <= children
        if COUNTS & set(element.attrib):
            assert_counts(element)
    return root


def assert_counts(element):
    cases = list(element.iter("testcase"))
    found = {tag: sum(case.find(tag) is not None for case in cases) for tag in ("failure", "error", "skipped")}
    expected = dict(zip(("failures", "errors", "skipped"), found.values(), strict=True))
    assert {k: int(v) for k, v in element.attrib.items() if k in COUNTS} == {"tests": len(cases), **expected}


def test_a_suite_a_submission_and_a_case_a_check():
    checks = [
        check("q1.a", 10.0),
        check("q1.b", message='2 < 3 & "so"'),
        *(check(f"q1.{o}", outcome=o) for o in ("error", "timeout", "crash", "blocked", "missing")),
    ]
    text = junit_xml(marks_of([record(questions=(question("q1", *checks),))], MarkingRules()))
    assert (
        text
        == """\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="7" failures="1" errors="3" skipped="2">
  <testsuite name="a1: ada" tests="7" failures="1" errors="3" skipped="2">
    <testcase classname="a1.q1" name="right (q1.a)" />
    <testcase classname="a1.q1" name="right (q1.b)">
      <failure message="2 &lt; 3 &amp; &quot;so&quot;" type="fail" />
    </testcase>
    <testcase classname="a1.q1" name="right (q1.error)">
      <error message="error" type="error" />
    </testcase>
    <testcase classname="a1.q1" name="right (q1.timeout)">
      <error message="timeout" type="timeout" />
    </testcase>
    <testcase classname="a1.q1" name="right (q1.crash)">
      <error message="crash" type="crash" />
    </testcase>
    <testcase classname="a1.q1" name="right (q1.blocked)">
      <skipped message="blocked" />
    </testcase>
    <testcase classname="a1.q1" name="right (q1.missing)">
      <skipped message="missing" />
    </testcase>
  </testsuite>
</testsuites>
"""
    )


def test_nothing_handed_in_is_skipped_and_what_cannot_be_read_is_an_error():
    root = parsed(nothing("ada"), nothing("bob", status="malformed"), record("eve"))
    assert [[child.tag for case in suite for child in case] for suite in root] == [["skipped"], ["error"], ["failure"]]
    assert root.find(".//error").attrib == {"message": "nothing was handed in", "type": "malformed"}


def test_hostile_names_and_messages_are_text_and_bounded():
    results = [record(n, questions=(question("q1", check("q1.a", title=n, message=n)),)) for n in NAMES]
    root = parsed(*results)
    assert len(root) == len(NAMES)
    assert max(len(v) for element in root.iter() for v in element.attrib.values()) <= 500


@given(st.text(max_size=60))
def test_no_text_makes_an_illegal_file(text):
    parsed(record(text, questions=(question("q1", check("q1.a", title=text, message=text)),)))
