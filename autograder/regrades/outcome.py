"""Puts beside each request what the gradings since say: points before and after, and the checks that changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AutograderError
from autograder.records import history
from autograder.records.compare import Change, CheckChange, compare
from autograder.records.grades import Key
from autograder.records.result import Result
from autograder.regrades.regrade_request import RegradeRequest


@dataclass(frozen=True, slots=True)
class RegradeAnswer:
    """A request, and what changed since the student asked. before, after: points, or None without a result.

    checks: those with another verdict.  why: see Change.  known: whether there is a grading to compare with.
    """

    request: RegradeRequest
    before: float | None
    after: float | None
    checks: tuple[CheckChange, ...] = ()
    why: tuple[str, ...] = ()
    known: bool = True


def answers(
    requests: Iterable[RegradeRequest], results: Sequence[Result], folder: Path, counts: float
) -> tuple[RegradeAnswer, ...]:
    """The answer to each request. A settled one keeps the points that were recorded.

    results: of today.  folder: that holds their history.  counts: the share of carried points that counts in a mark.
    """
    requests = tuple(requests)
    today = {(r.assignment, r.student, r.attempt): r.carrying(counts).score for r in results}
    changes = {grading: _changes(folder, grading, counts) for grading in {r.grading for r in requests}}
    return tuple(_answer(request, today, changes[request.grading]) for request in requests)


def current_grading(folder: Path) -> str:
    """The last grading of the history in a folder, or ""."""
    return history.current(folder) or ""


def _changes(folder: Path, grading: str, counts: float) -> dict[Key, Change] | None:
    """The results that are no longer as in a grading; None if nobody can tell."""
    try:
        last = history.current(folder)
        if not grading or last is None:
            return None
        pairs = list(history.read_changed(folder, grading, last))
    except AutograderError:  # the history was moved away
        return None
    old, new = ([result for result in side if result] for side in zip(*pairs, strict=True)) if pairs else ([], [])
    return {(c.assignment, c.student, c.attempt): c for c in compare(old, new, counts).changes}


def _answer(request: RegradeRequest, today: Mapping[Key, float], changes: Mapping[Key, Change] | None) -> RegradeAnswer:
    key = request.assignment, request.student, 0
    score = today.get(key)
    change = (changes or {}).get(key)
    before, after = change.scores if change else (score if changes is not None else None, score)
    if request.state == "settled":
        before, after = request.before, request.after
    checks, why = (change.checks, change.why) if change else ((), ())
    return RegradeAnswer(request, before, after, checks, why, known=changes is not None)
