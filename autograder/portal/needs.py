"""Submissions that a person should look at, with the reason, until a person settled it. No reason changes a mark."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder.portal.catalogue import CatalogueEntry
from autograder.portal.class_state import Attempt, attempts_of
from autograder.portal.events import note
from autograder.portal.folders import PortalFolders
from autograder.portal.jobs import given_up
from autograder.portal.schema import SettledRow
from autograder.records.flags import Flag, of_the_release
from autograder.records.result import Result
from autograder.records.store import read_result
from autograder.reports.needs_a_person import KINDS

_OWN = {
    "given up": ("No grader could finish it", "Each grader that took it ended. Read the notebook, and grade it alone."),
    "adopted": (
        "Its row was lost, and made again from the file",
        "The time is of the file's name. Look whether the student has a receipt with another time.",
    ),
}


@dataclass(frozen=True, slots=True)
class Need:
    """Why one submission needs a look. kind: what a person settles.  detail: in words, or ""."""

    attempt: Attempt
    kind: str
    heading: str
    advice: str
    detail: str
    settled: SettledRow | None = None

    @property
    def detail_sha256(self) -> str:
        """By which a reason is known that changed."""
        return hashlib.sha256(self.detail.encode("utf-8", "replace")).hexdigest()

    @property
    def is_open(self) -> bool:
        """Whether nobody settled it, or it changed since."""
        return self.settled is None or self.settled.detail != self.detail_sha256


def needs_of(session: Session, places: PortalFolders, entry: CatalogueEntry) -> list[Need]:
    """All reasons in an assignment, the most serious kind first. Only files of such submissions are opened."""
    stuck = {job.submission_id for job in given_up(session) if job.submission.assignment == entry.name}
    attempts = attempts_of(session, entry)
    looked = [a for each in attempts.values() for a in _to_look_at(each) if a.flags or _failed(a)]
    results = {a.id: result for a in looked if (result := read_result(places.result_of(a.file)))}
    usual = of_the_release([r.flags for r in results.values() if r.status == "graded"])
    many = 2 * len(results) > len(attempts)
    found = [need for a in looked for need in _of_result(a, results.get(a.id), usual if many else frozenset())]
    for each in attempts.values():
        found += [_own(a, "given up") for a in each if a.id in stuck]
        found += [_own(a, "adopted") for a in each if a.adopted]
    settled = {(row.submission_id, row.kind): row for row in session.scalars(select(SettledRow))}
    order = [*_OWN, *KINDS]
    done = [_with(need, settled.get((need.attempt.id, need.kind))) for need in found]
    return sorted(done, key=lambda n: (order.index(n.kind.partition(":")[0]), n.attempt.student, n.attempt.received))


def settle(session: Session, need: Need, why: str, by: str, now: datetime) -> None:
    """A person looked at it."""
    row = SettledRow(submission_id=need.attempt.id, kind=need.kind, detail=need.detail_sha256, note=why, by=by, at=now)
    session.merge(row)
    note(session, now, by, "settled", need.attempt.student, submission=need.attempt.id, kind=need.kind, note=why)


def _to_look_at(attempts: list[Attempt]) -> list[Attempt]:
    """The newest graded attempt. What a newer one replaced needs nobody."""
    return [a for a in attempts if a.result][-1:]


def _failed(attempt: Attempt) -> bool:
    return attempt.result is not None and attempt.result.status in {"error", "malformed"}


def _of_result(attempt: Attempt, result: Result | None, usual: frozenset[Flag]) -> Iterator[Need]:
    """The reasons of one result. result: the whole of it; None if its file is lost."""
    if _failed(attempt) and attempt.result:
        status = attempt.result.status
        yield Need(attempt, status, *KINDS[status], result.reason if result else "")
    flags = [flag for flag in result.flags if flag.advice and flag not in usual] if result else []
    heading, _ = KINDS["flag"]
    for kind in dict.fromkeys(flag.kind for flag in flags):
        same = [flag for flag in flags if flag.kind == kind]
        yield Need(attempt, f"flag:{kind}", heading, same[0].advice, "; ".join(map(str, same)))


def _own(attempt: Attempt, kind: str) -> Need:
    return Need(attempt, kind, *_OWN[kind], "")


def _with(need: Need, settled: SettledRow | None) -> Need:
    return Need(need.attempt, need.kind, need.heading, need.advice, need.detail, settled)
