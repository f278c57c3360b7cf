"""Submissions that a person should look at, by reason, the most serious first. No reason changes a score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.records.flags import Flag, of_the_release
from autograder.records.result import Result
from autograder.reports.words import Waiting

# (kind, heading, what to do)
_KINDS = (
    (
        "unsafe",
        "Graded without a sandbox",
        "Do not publish these marks: a notebook could have read the answers. Grade again without --unsafe.",
    ),
    (
        "no sandbox",
        "The result does not say what held the code",
        "It was not made by this grader as it is. Grade again with --all.",
    ),
    ("error", "Could not be graded", "The fault is on our side: read the reason, then autograder grade again."),
    ("malformed", "Handed in, but no notebook that can be read", "Ask the student for another file; it counts 0 now."),
    (
        "other checks",
        "Graded by other checks than the rest of the class",
        "The assignment was changed in between: autograder grade brings all up to date.",
    ),
    ("flag", "Something odd in the notebook", "No flag has cost a point. docs/by-hand.md says what to do with each."),
    (
        "answer",
        "An answer in words waits for a person",
        "Give points in a sheet (autograder hand sheet) or in formgrader, also where nothing is written.",
    ),
    ("missing", "Nothing was handed in", "Counts 0. Ask the student, and do not wait for the deadline."),
)
KINDS = {kind: (heading, advice) for kind, heading, advice in _KINDS}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one submission needs a look. detail: in words, or ""."""

    result: Result
    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class SharedReason:
    """One reason that several students share: one assignment, one detail."""

    assignment: str
    detail: str
    students: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """All reasons of one kind. lines: the rarest reason first."""

    kind: str
    heading: str
    advice: str
    reasons: tuple[Reason, ...]

    @property
    def lines(self) -> tuple[SharedReason, ...]:
        """Each reason once, with its students."""
        students: dict[tuple[str, str], list[str]] = {}
        for reason in self.reasons:
            students.setdefault((reason.result.assignment, reason.detail), []).append(reason.result.student)
        lines = [SharedReason(assignment, detail, tuple(who)) for (assignment, detail), who in students.items()]
        return tuple(sorted(lines, key=lambda x: (len(x.students), x.detail, x.assignment)))


def groups(reasons: Sequence[Reason]) -> tuple[Group, ...]:
    """The reasons by kind, in the order of KINDS. Kinds without a reason are left out."""
    by_kind = {kind: tuple(r for r in reasons if r.kind == kind) for kind in KINDS}
    return tuple(Group(kind, *KINDS[kind], chosen) for kind, chosen in by_kind.items() if chosen)


def reasons(results: Sequence[Result], waiting: Sequence[Waiting] = ()) -> list[Reason]:
    """The reasons for all results. waiting: grades that a person has yet to give."""
    usual, released = _usual_checks(results), _of_the_release(results)
    details: dict[tuple[str, str], list[str]] = {}
    for grade in waiting:
        details.setdefault((grade.assignment, grade.student), []).append(grade.detail)
    return [
        reason
        for result in results
        for reason in _reasons(result, usual, released, details.get((result.assignment, result.student), []))
    ]


def _reasons(
    result: Result, usual: dict[str, str], released: dict[str, frozenset[Flag]], waiting: Sequence[str]
) -> Iterator[Reason]:
    if result.status != "graded":
        yield Reason(result, result.status, result.reason)
    elif result.sandbox.tier in {"unsafe", "none"}:
        yield Reason(result, "unsafe" if result.sandbox.tier == "unsafe" else "no sandbox", "")
    if result.status == "graded" and result.suite_sha256 != usual[result.assignment]:
        yield Reason(result, "other checks", f"checks {result.suite_sha256[:12]}")
    for flag in result.flags:
        if flag.advice and flag not in released[result.assignment]:
            yield Reason(result, "flag", str(flag))
    for detail in waiting:
        yield Reason(result, "answer", detail)


def _of_the_release(results: Sequence[Result]) -> dict[str, frozenset[Flag]]:
    """For each assignment the flags that come from the notebook that students got."""
    flags: dict[str, list[tuple[Flag, ...]]] = {result.assignment: [] for result in results}
    for result in (r for r in results if r.status == "graded"):
        flags[result.assignment].append(result.flags)
    return {name: of_the_release(each) for name, each in flags.items()}


def _usual_checks(results: Sequence[Result]) -> dict[str, str]:
    """The checks that most of an assignment's submissions were graded by."""
    counts: dict[str, Counter[str]] = {}
    for result in (r for r in results if r.status == "graded"):
        counts.setdefault(result.assignment, Counter())[result.suite_sha256] += 1
    return {name: suites.most_common(1)[0][0] for name, suites in counts.items()}
