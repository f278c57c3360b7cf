"""Shows the difference of two gradings: in the terminal, as CSV and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from autograder.cli.console import cell, columns, row, say, show
from autograder.records.compare import Change, CheckChange, Comparison
from autograder.records.faults import repeated
from autograder.text import csv_text, points_text, spreadsheet_text

FEW = 10  # students who are shown without --all
FEW_CHECKS = 5  # of each
_FIELDS = (
    "assignment,student,attempt,what,old_status,new_status,old_score,new_score,change,old_raw,new_raw,raw_change,why,"
    "check,old_outcome,new_outcome,check_change,check_raw_change,message,diagnosis"
).split(",")


def print_comparison(comparison: Comparison, *, everything: bool) -> None:
    """Print the summary, then each check, then the students, the biggest changes first."""
    say(summary(comparison), "bold")
    if comparison.reasons:
        say("why: " + "; ".join(f"{why} ({n})" for why, n in comparison.reasons.most_common()), indent=2)
    if comparison.checks:
        _print_checks(comparison)
    order = sorted(comparison.changes, key=lambda c: (-abs(c.change), c.assignment, c.student))
    first = order if everything else [c for c in order if c.what != "verdicts"][:FEW]
    if first:
        say("")
        _print_students(first, everything=everything)
    if len(order) > len(first):
        say(f"and {len(order) - len(first)} more results: --all, or --csv FILE", "dim")


def _print_checks(comparison: Comparison) -> None:
    table = columns("assignment", "check", "up", "down", right=("up", "down"), whole=("check",))
    for (assignment, check), (up, down) in comparison.checks.items():
        counts = (cell(str(up), "green" if up else ""), cell(str(down), "red" if down else ""))
        table.add_row(cell(assignment), cell(check), *counts)
    show(table)


def summary(comparison: Comparison) -> str:
    """One line: how many scores changed, and how many other things."""
    changed, only = len(comparison.of("score")), len(comparison.of("verdicts"))
    parts = [f"{changed} of {comparison.both} scores changed"]
    raw = f" (raw {comparison.raw_mean:+.2f})" if comparison.raw_mean != comparison.mean else ""
    parts += [f"mean change {comparison.mean:+.2f}{raw}"] if changed else []
    parts += [f"{only} with other verdicts and the same score"] if only else []
    parts += [f"{comparison.statuses} with another status"] if comparison.statuses else []
    parts += [f"{n} {what}" for what in ("new", "gone") if (n := len(comparison.of(what)))]
    return ", ".join(parts)


def _print_students(changes: Sequence[Change], *, everything: bool) -> None:
    """A line for each result, and below it one for each check. everything: show all of them."""
    several = len({c.assignment for c in changes}) > 1
    checks = [k for c in changes for k in c.checks]
    widths = [max(map(len, column)) for column in zip(*map(_cells, checks), strict=True)]
    for change in changes:
        parts = (change.student, several and change.assignment, change.attempt and f"attempt {change.attempt}")
        name = ", ".join(part for part in parts if part)
        reasons = " ".join(t for t in (_statuses(change), ", ".join(change.why) or change.what) if t)
        row(cell(name, "bold"), cell(_scores(change), _colour(change.change)), cell(reasons, "dim"), whole=everything)
        shown = change.checks if everything else change.checks[:FEW_CHECKS]
        same = repeated(shown)
        for check in shown:
            says = f"{'was: ' if check.new == 'pass' and check.message else ''}{same.get(check.id, check.message)}"
            identity, outcome, points = (text.ljust(w) for text, w in zip(_cells(check), widths, strict=True))
            coloured = cell(points, _colour(check.change))
            row(cell(identity), cell(outcome), coloured, cell(says), indent=2, whole=everything)
        if len(change.checks) > len(shown):
            say(f"and {len(change.checks) - len(shown)} more checks", indent=2)


def _cells(check: CheckChange) -> tuple[str, str, str]:
    raw = f" (raw {check.raw:+g})" if check.raw != check.change else ""
    return check.id, f"{check.old or 'new'} → {check.new or 'gone'}", f"{check.change:+g}{raw}"


def _scores(change: Change) -> str:
    old, new = ("none" if score is None else points_text(score) for score in change.scores)
    scale = {r.max_score for r in (change.old, change.new) if r}
    of = (
        f" (of {' → '.join(points_text(r.max_score) for r in (change.old, change.new) if r)})" if len(scale) > 1 else ""
    )
    raw = _raw(change) if any(r and change.counts * r.carried for r in (change.old, change.new)) else ""
    return f"{old} → {new}{of}{raw}" if old != new else f"{old}{of}{raw}"


def _raw(change: Change) -> str:
    """The scores without what is carried."""
    old, new = ("none" if r is None else points_text(r.score) for r in (change.old, change.new))
    return f", raw {old} → {new}" if old != new else f", raw {old}"


def _statuses(change: Change) -> str:
    old, new = (r.status if r else "" for r in (change.old, change.new))
    return f"{old} → {new}" if old and new and old != new else ""


def _colour(change: float) -> str:
    return "green" if change > 0 else "red" if change < 0 else ""


def as_csv(comparison: Comparison) -> str:
    """A row for each changed check, or one for a result without a changed check. Formulas are made inert."""
    rows = (row for change in comparison.changes for row in _rows(change))
    return csv_text([_FIELDS, *([v if isinstance(v, (int, float)) else spreadsheet_text(v) for v in r] for r in rows)])


def _rows(change: Change) -> Iterator[list[Any]]:
    """The values of _FIELDS."""
    fields = _record(change) | {"why": "; ".join(change.why)}
    del fields["checks"]
    first = ["" if value is None else value for value in fields.values()]
    for c in change.checks:
        yield [*first, c.id, c.old, c.new, c.change, c.raw, c.message, c.diagnosis]
    if not change.checks:
        yield [*first, *[""] * (len(_FIELDS) - len(first))]


def as_json(comparison: Comparison, old: str, new: str) -> str:
    """JSON with the summary. old, new: the names that the user gave."""
    document = {
        "schema": 1,
        "old": old,
        "new": new,
        "scores_changed": len(comparison.of("score")),
        "in_both": comparison.both,
        "mean_change": round(comparison.mean, 6),
        "mean_raw_change": round(comparison.raw_mean, 6),
        "changes": [_record(c) for c in comparison.changes],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _record(change: Change) -> dict[str, Any]:
    old, new = change.old, change.new
    return {
        "assignment": change.assignment,
        "student": change.student,
        "attempt": change.attempt,
        "what": change.what,
        "old_status": old.status if old else None,
        "new_status": new.status if new else None,
        "old_score": change.scores[0],
        "new_score": change.scores[1],
        "change": change.change,
        "old_raw": old.score if old else None,
        "new_raw": new.score if new else None,
        "raw_change": change.raw_change,
        "why": list(change.why),
        "checks": [asdict(check) for check in change.checks],
    }
