"""What differs between two gradings: which scores change, by which check, and why; and between two results, in full.

Reads results only: no file, no clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from autograder.records.grades import Key
from autograder.records.result import CheckResult, Result
from autograder.text import points_text

What = Literal["score", "status", "verdicts", "new", "gone"]
SAME = "same notebook, checks, secret, tier and device"


@dataclass(frozen=True, slots=True)
class CheckChange:
    """A check with another verdict. An outcome is "" where a grading has no such check.

    change: points, new minus old, with what is carried as it counts.  raw: without it.
    message, diagnosis, fault: of the grading in which it fails; of the new one if both fail.
    """

    id: str
    old: str
    new: str
    change: float
    raw: float
    message: str
    diagnosis: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """The difference between two results of one submission.

    old or new is None if only one grading has the submission.  attempt: 0 for the newest.
    counts: the share of carried points that counts in a mark.
    """

    assignment: str
    student: str
    attempt: int
    old: Result | None
    new: Result | None
    why: tuple[str, ...]
    checks: tuple[CheckChange, ...]
    counts: float

    @property
    def scores(self) -> tuple[float | None, float | None]:
        """The old and the new score with what is carried; None if a grading has no such submission."""
        return _counted(self.old, self.counts), _counted(self.new, self.counts)

    @property
    def change(self) -> float:
        """Points, new minus old, with what is carried; 0 if only one grading has the submission."""
        old, new = self.scores
        return 0.0 if old is None or new is None else round(new - old, 6)

    @property
    def raw_change(self) -> float:
        """Points, new minus old, without what is carried; 0 if only one grading has the submission."""
        return round(self.new.score - self.old.score, 6) if self.old and self.new else 0.0

    @property
    def what(self) -> What:
        """The most important thing that changed."""
        if self.old is None or self.new is None:
            return "gone" if self.new is None else "new"
        if self.change or self.raw_change:
            return "score"
        return "status" if self.old.status != self.new.status else "verdicts"


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences between two gradings.

    changes: by assignment and student.  both: how many results both gradings have.  mean: the mean change of the scores
    of these, in points, with what is carried.  raw_mean: without.
    """

    changes: tuple[Change, ...]
    both: int
    mean: float
    raw_mean: float

    def of(self, what: What) -> list[Change]:
        """The changes of one kind."""
        return [c for c in self.changes if c.what == what]

    @property
    def statuses(self) -> int:
        """How many results have another status, with or without another score."""
        return sum(c.old is not None and c.new is not None and c.old.status != c.new.status for c in self.changes)

    @property
    def reasons(self) -> Counter[str]:
        """How many scores changed for each reason."""
        return Counter(", ".join(c.why) for c in self.of("score"))

    @property
    def checks(self) -> dict[tuple[str, str], tuple[int, int]]:
        """{(assignment, check): (how many went up, how many down)} for checks whose points changed."""
        ups = Counter((c.assignment, k.id) for c in self.of("score") for k in c.checks if k.change > 0)
        downs = Counter((c.assignment, k.id) for c in self.of("score") for k in c.checks if k.change < 0)
        return {key: (ups[key], downs[key]) for key in sorted({*ups, *downs})}


def compare(old: Iterable[Result], new: Iterable[Result], counts: float) -> Comparison:
    """The differences between two gradings. The order of the results does not matter.

    counts: the share of carried points that counts in a mark, `carried_forward` of course.toml.
    """
    before, after = _by_key(old), _by_key(new)
    changes = [_change(key, before.get(key), after.get(key), counts) for key in sorted({*before, *after})]
    both = before.keys() & after.keys()
    shown = tuple(c for c in changes if c is not None)
    mean, raw_mean = (sum(getattr(c, f) for c in shown) / max(1, len(both)) for f in ("change", "raw_change"))
    return Comparison(shown, len(both), mean, raw_mean)


def _counted(result: Result | None, counts: float) -> float | None:
    return None if result is None else result.carrying(counts).score


def _by_key(results: Iterable[Result]) -> Mapping[Key, Result]:
    return {(r.assignment, r.student, r.attempt): r for r in results}


def _change(key: Key, old: Result | None, new: Result | None, counts: float) -> Change | None:
    if old is None or new is None:
        return Change(*key, old, new, (), (), counts)
    checks = tuple(_checks(old, new, counts))
    if checks or (old.score, old.max_score, old.status) != (new.score, new.max_score, new.status):
        return Change(*key, old, new, tuple(_why(old, new)) or (SAME,), checks, counts)
    return None


def _points(check: CheckResult | None, counts: float) -> float:
    return check.carrying(counts).points if check else 0.0


def _checks(old: Result, new: Result, counts: float) -> Iterator[CheckChange]:
    for identity, a, b in _paired(old, new):
        change, raw = (round(_points(b, share) - _points(a, share), 6) for share in (counts, 0.0))
        if change or raw or (a and a.outcome) != (b and b.outcome):
            failure = _failure(b) or _failure(a)
            yield CheckChange(
                identity,
                a.outcome if a else "",
                b.outcome if b else "",
                change,
                raw,
                failure.message if failure else "",
                failure.diagnosis if failure else "",
                failure.fault if failure else "",
            )


def _paired(old: Result, new: Result) -> Iterator[tuple[str, CheckResult | None, CheckResult | None]]:
    """Each check's id with its verdicts in both results; None where a result has no such check."""
    before, after = ({c.id: c for c in result.checks} for result in (old, new))
    for identity in dict.fromkeys((*before, *after)):
        yield identity, before.get(identity), after.get(identity)


def _failure(check: CheckResult | None) -> CheckResult | None:
    return check if check and check.outcome != "pass" else None


def _why(old: Result, new: Result) -> Iterator[str]:
    """The reasons why two results differ: of the things that a result depends on, those that changed."""
    if old.status != new.status and "missing" in {old.status, new.status}:
        yield "handed in" if old.status == "missing" else "no longer handed in"
    elif old.submission_sha256 != new.submission_sha256:
        yield "notebook changed"
    elif old.seed != new.seed and old.seed and new.seed:
        yield "secret changed"
    if old.suite_sha256 != new.suite_sha256:
        yield "checks changed"
    if old.device != new.device and "missing" not in {old.status, new.status}:
        yield f"device {old.device} → {new.device}"
    tiers = (old.sandbox.tier, new.sandbox.tier)
    if tiers[0] != tiers[1] and "none" not in tiers:
        yield f"tier {tiers[0]} → {tiers[1]}"


def differences(recorded: Result, replayed: Result) -> Iterator[str]:
    """Everything that differs in what two results say of one submission, a line each; nothing if they agree."""
    if recorded.submission_sha256 != replayed.submission_sha256:
        yield "another notebook: its sha256 is not the recorded one"
    if recorded.suite_sha256 != replayed.suite_sha256:
        yield "other checks: the assignment was changed since, or is of another version"
    for what, old, new in (
        ("status", recorded.status, replayed.status),
        ("reason", recorded.reason, replayed.reason),
        ("score", points_text(recorded.score), points_text(replayed.score)),
        ("maximum", points_text(recorded.max_score), points_text(replayed.max_score)),
        ("received", recorded.received, replayed.received),
        ("device", recorded.device, replayed.device),
    ):
        if old != new:
            yield f"{what}: recorded {old or 'none'}, replayed {new or 'none'}"
    yield from _other_checks(recorded, replayed)
    if recorded.cell_errors != replayed.cell_errors:
        counts = f"recorded {len(recorded.cell_errors)}, replayed {len(replayed.cell_errors)}"
        yield f"cells that raise: {counts}, or other errors"
    if recorded.pictures != replayed.pictures:
        yield "pictures: others"
    for flag in sorted(set(recorded.flags) ^ set(replayed.flags), key=str):
        yield f"flag {'recorded' if flag in recorded.flags else 'replayed'} alone: {flag}"


def _other_checks(recorded: Result, replayed: Result) -> Iterator[str]:
    differing = [(i, old, new) for i, old, new in _paired(recorded, replayed) if old != new]
    for identity, old, new in differing:
        if old is None or new is None:
            yield f"{identity}: {'not recorded' if old is None else 'recorded, but there is no such check'}"
        else:
            fields = [f for f in CheckResult.model_fields if getattr(old, f) != getattr(new, f)]
            changes = (f"{f} recorded {getattr(old, f)!r}, replayed {getattr(new, f)!r}" for f in fields)
            yield f"{identity}: {'; '.join(changes)}"
    if not differing and recorded.questions != replayed.questions:
        yield "questions: other titles, points or order"
