"""The job that has the token and the key, and runs no student code: checks results, signs them, writes feedback.

DIR/ASSIGNMENT/STUDENT.json.sig, STUDENT.md, STUDENT.check.json and STUDENT.result.json; DIR/junit.xml for all.
Results themselves stay where they are: they hold the seeds of hidden inputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.assignment.assignment import Assignment, load_assignment
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.exports.junit import junit_xml
from autograder.files import claimed, write_atomically
from autograder.hand.given import HandWork, waiting
from autograder.marking_rules import MarkingRules
from autograder.marks import Mark, marks_of
from autograder.publishing import feedback
from autograder.publishing.signing import ENDING, sign
from autograder.publishing.untrusted import Accepted, Refused, examine
from autograder.records.result import Result
from autograder.records.store import result_path
from autograder.roster.roster import Roster

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_LONG_AGO = datetime.min.replace(tzinfo=UTC)  # nothing is over: hidden checks stay as hidden as the course says


@dataclass(frozen=True, slots=True)
class Published:
    """The outcome: how many results were published, and which were refused. stale: feedback of an earlier call."""

    number: int
    refused: tuple[Refused, ...]
    stale: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Class:
    """The facts that decide over feedback beside the results. now: tells which due times are over.

    roster: extensions, and who left: these get no feedback.  hand: what people gave.
    """

    roster: Roster | None = None
    hand: HandWork = field(default_factory=HandWork)
    now: datetime = _LONG_AGO


def publish(
    course: Course, results: Path, out: Path, key: Ed25519PrivateKey | None, class_: Class | None = None
) -> Published:
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
            _sign(out, each, key)
        for each_feedback in _feedback(course, suites, good, class_ or Class()):
            before.discard(_write(course, out, each_feedback))
        newest = [feedback.redacted(each.result) for each in good if each.result.attempt == 0]
        write_atomically(out / "junit.xml", junit_xml(marks_of(newest, MarkingRules())))
    refused = tuple(each for each in examined if isinstance(each, Refused))
    return Published(len(good), refused, tuple(sorted(before)))


def _sign(out: Path, each: Accepted, key: Ed25519PrivateKey | None) -> None:
    place = _place(out, each.result)
    if key:
        write_atomically(place.with_name(place.name + ENDING), sign(each.data, key))


def _place(out: Path, result: Result) -> Path:
    return result_path(out, result.assignment, result.student, result.attempt)


def _feedback(
    course: Course, suites: Mapping[str, Assignment], good: Sequence[Accepted], class_: Class
) -> Iterator[feedback.Feedback]:
    """Of the newest attempt of each student who did not leave."""
    results = [each.result for each in good]
    marks = marks_of(results, course.policy, class_.hand.points, roster=class_.roster, now=class_.now)
    by_place = {(mark.result.assignment, mark.result.student): mark for mark in marks}
    for result in results:
        mark = by_place.get((result.assignment, result.student))
        if result.attempt == 0 and mark:
            yield _of_one(course, suites[result.assignment], result, mark, class_)


def _of_one(course: Course, suite: Assignment, result: Result, mark: Mark, class_: Class) -> feedback.Feedback:
    handed_in = result.has_verdict and result.status != "missing" and not mark.excused
    given = class_.hand.of((result.assignment, result.student))
    later = () if mark.is_over(class_.now) else tuple(sorted(suite.settings.shown_after_due))
    return feedback.Feedback(
        suite.title,
        result.without_outcomes(later).carrying(course.policy.carried_forward),
        mark.without_outcomes(later),
        waiting(given, tuple(suite.by_hand)) if handed_in else (),
        feedback.hidden_feedback(course.ci.hidden_feedback, mark, class_.now),
        later,
    )


def _write(course: Course, out: Path, of_student: feedback.Feedback) -> Path:
    """Write one student's files. Returns the page's path."""
    place = _place(out, of_student.result)
    page = place.with_suffix(".md")
    write_atomically(page, feedback.markdown(of_student))
    write_atomically(
        place.with_suffix(".result.json"), feedback.as_json(feedback.classroom(course.identity, of_student))
    )
    write_atomically(place.with_suffix(".check.json"), feedback.as_json(feedback.check_run(of_student)))
    return page
