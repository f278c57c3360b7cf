"""The job that has the token and the key, and runs no student code: checks results, signs them, writes feedback.

DIR/ASSIGNMENT/STUDENT.json.sig, STUDENT.md, STUDENT.check.json and STUDENT.result.json; DIR/junit.xml for all.
Results themselves stay where they are: they hold the seeds of hidden inputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.assignment.assignment import Assignment, load_assignment
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.exports.junit import junit_xml
from autograder.files import claimed, write_atomically
from autograder.marking_rules import MarkingRules
from autograder.marks import marks_of
from autograder.publishing import feedback
from autograder.publishing.signing import ENDING, sign
from autograder.publishing.untrusted import Accepted, Refused, examine
from autograder.records.store import result_path

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class Published:
    """The outcome: how many results were published, and which were refused. stale: feedback of an earlier call."""

    number: int
    refused: tuple[Refused, ...]
    stale: tuple[Path, ...] = ()


def publish(course: Course, results: Path, out: Path, key: Ed25519PrivateKey | None) -> Published:
    """Publish every good result below `results`, signed if there is a key.

    Raises AutograderError if there is no such folder.
    """
    if results.is_symlink() or not results.is_dir():
        raise AutograderError(f"{results}: expected a folder of results, got none.")
    if out.resolve().is_relative_to(results.resolve()):
        raise AutograderError(f"{out}: expected a folder outside of the results, got one in them.")
    suites = {name: load_assignment(course.solutions / name) for name in course.names()}
    examined = list(examine(results, suites))
    good = [each for each in examined if isinstance(each, Accepted)]
    before = set(out.glob("*/*.md"))
    with claimed(out, []):
        for each in good:
            before.discard(_write(course, suites[each.result.assignment], out, each, key))
        newest = [feedback.redacted(each.result) for each in good if each.result.attempt == 0]
        write_atomically(out / "junit.xml", junit_xml(marks_of(newest, MarkingRules())))
    refused = tuple(each for each in examined if isinstance(each, Refused))
    return Published(len(good), refused, tuple(sorted(before)))


def _write(course: Course, suite: Assignment, out: Path, each: Accepted, key: Ed25519PrivateKey | None) -> Path:
    """Write one result's files; for an earlier attempt only the signature. Returns the feedback's path."""
    result = each.result.carrying(course.policy.carried_forward)
    place = result_path(out, result.assignment, result.student, result.attempt)
    if key:
        write_atomically(place.with_name(place.name + ENDING), sign(each.data, key))
    page = place.with_suffix(".md")
    if result.attempt:
        return page
    write_atomically(page, feedback.markdown(suite.title, result))
    write_atomically(place.with_suffix(".result.json"), feedback.as_json(feedback.classroom(course.identity, result)))
    if body := feedback.check_run(suite.title, result):
        write_atomically(place.with_suffix(".check.json"), feedback.as_json(body))
    return page
