"""Finds public checks that fail because of an earlier question, where causes.py cannot put them again.

Arguments of a public check can be objects of the student's process. The author's functions, in a process of their own,
cannot call these. So such a check says which questions it needs (`needs` in its cell), and the hidden checks of its own
question decide for it, after causes.py has put them with the author's functions.

A student gains nothing by a trick: with right earlier functions, the same program would pass these hidden checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from autograder.assignment.assignment import Assignment
from autograder.judging.author_process import asked_in_words
from autograder.judging.judge import of_question, verdict
from autograder.records.result import CheckResult


def block_examples(assignment: Assignment, results: Mapping[str, CheckResult]) -> dict[str, CheckResult]:
    """The same results, but `blocked` for a failed public check if a question that it needs fails, and each hidden
    check of its own question passes or is blocked. It carries its points if each of these passes or carries its own.
    """
    return {**results, **{made.id: made for made in _blocked(assignment, results)}}


def _blocked(assignment: Assignment, results: Mapping[str, CheckResult]) -> Iterator[CheckResult]:
    for check in assignment.checks:
        if check.visibility != "public" or not check.needs or results[check.id].outcome not in {"fail", "error"}:
            continue
        hidden = [r for r in of_question(assignment, check.question, results) if r.visibility == "hidden"]
        cause = next((q for q in check.needs if _fails(of_question(assignment, q, results))), "")
        if not cause or not hidden or any(r.outcome not in {"pass", "blocked"} for r in hidden):
            continue
        if all(r.points + r.carried == r.max_points for r in hidden):
            names = asked_in_words(assignment, cause)
            message = f"Your code is fine here, as the hidden checks show. This example also runs {names} ({cause})."
            yield verdict(check, "blocked", message, "blocked", blocked_by=cause, carried=check.points)
        else:
            message = f"This cannot be checked before {cause} passes."
            yield verdict(check, "blocked", message, "blocked", blocked_by=cause)


def _fails(results: list[CheckResult]) -> bool:
    return any(r.outcome != "pass" for r in results)
