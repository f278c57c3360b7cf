"""JUnit XML, which CI services show as a test report: a suite for each submission, a case for each check.

The common dialect of Ant, Jenkins and GitLab. Time and host are left out, because they vary from run to run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from autograder.marks import Mark
from autograder.records.faults import repeated
from autograder.records.result import CheckResult, Outcome, Result
from autograder.text import named, one_line

_TAGS: dict[Outcome, str] = {
    "fail": "failure",
    "error": "error",
    "timeout": "error",
    "crash": "error",
    "blocked": "skipped",
    "missing": "skipped",
}


def junit_xml(marks: Sequence[Mark]) -> str:
    """The whole class as one file. Text is on one line and printable, so that no sign in it is illegal in XML."""
    suites = [_suite(mark.result) for mark in marks]
    root = Element("testsuites", _counts(case for suite in suites for case in suite.iter("testcase")))
    root.extend(suites)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite(result: Result) -> Element:
    name = f"{result.assignment}: {result.student}"
    suite = Element("testsuite", {"name": one_line(name)})
    if result.status != "graded":
        case = SubElement(suite, "testcase", {"classname": result.assignment, "name": "submission"})
        tag = "skipped" if result.status == "missing" else "error"
        SubElement(case, tag, _said(result.status, result.reason))
    for question in result.questions:
        same = repeated(question.checks)
        for check in question.checks:
            _case(suite, f"{result.assignment}.{question.id}", check, same.get(check.id, check.message))
    suite.attrib.update(_counts(suite.iter("testcase")))
    return suite


def _case(suite: Element, classname: str, check: CheckResult, says: str) -> None:
    case = SubElement(suite, "testcase", {"classname": classname, "name": one_line(named(check.title, check.id))})
    if tag := _TAGS.get(check.outcome):
        SubElement(case, tag, _said(check.outcome, says))


def _said(kind: str, message: str) -> dict[str, str]:
    """`skipped` has no type in the schema that Jenkins publishes, and needs none."""
    said = {"message": one_line(message) or kind}
    return said if kind in {"blocked", "missing"} else {**said, "type": kind}


def _counts(cases: Iterable[Element]) -> dict[str, str]:
    tags = Counter(case[0].tag if len(case) else "passed" for case in cases)
    numbers = {"tests": tags.total(), "failures": tags["failure"], "errors": tags["error"], "skipped": tags["skipped"]}
    return {name: str(number) for name, number in numbers.items()}
