"""Regrade requests for several commands: those in students' files are added, and each gets its answer."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.console import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from autograder.course import Course
    from autograder.regrades.outcome import RegradeAnswer
    from autograder.regrades.regrade_request import Asking, RegradeRequest


def note_kept_reasons(course: Course, submitted: Path) -> None:
    """Add what `collect` kept just now, so that the points of today are those before. Say how many are new."""
    from autograder.regrades.asking import asked_in_files

    new = add_askings(course, None, asked_in_files(submitted, course.names()))
    if new:
        say(f"{new} new regrade request{'s' * (new > 1)}: autograder regrade list")


def regrade_answers(course: Course, submitted: Path | None, results: Path | None) -> Sequence[RegradeAnswer]:
    """All requests, those in files of students included, each beside what changed since."""
    from autograder.regrades.asking import asked_in_files
    from autograder.regrades.regrade_file import read_regrades

    add_askings(course, results, asked_in_files(submitted or course.work / "submitted", course.names()))
    return answers_to(course, read_regrades(course), results)


def add_askings(course: Course, results: Path | None, askings: Iterable[Asking]) -> int:
    """Add them to the course's list. Returns how many are new, or open anew."""
    from autograder.regrades.outcome import current_grading
    from autograder.regrades.regrade_file import change_regrades
    from autograder.regrades.regrade_request import with_askings

    askings = list(askings)
    if not askings:
        return 0
    now, grading = datetime.now(UTC), current_grading(results or course.work / "results")
    before, after = change_regrades(course, lambda requests: with_askings(requests, askings, now, grading))
    return len(set(after) - set(before))


def answers_to(course: Course, requests: Sequence[RegradeRequest], results: Path | None) -> Sequence[RegradeAnswer]:
    """Each request beside what changed since."""
    from autograder.records.store import all_results
    from autograder.regrades.outcome import answers

    folder = results or course.work / "results"
    return answers(requests, all_results(folder) if requests else [], folder, course.policy.carried_forward)
