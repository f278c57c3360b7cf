"""Counts the limits that a class met: time, memory, processes that ended, output, cells that stopped early.

The counts come from results. A result holds no seconds, because grading twice must give identical bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.records.result import CheckResult, Result

WORDS = {
    "time": "a check got no answer in time: look for a loop that never ends, or raise call_seconds",
    "memory": "a check asked for more memory than there is: look for an array far larger than its input",
    "crash": "a check ended the process: endless recursion, ctypes, sys.exit",
    "deadly cell": "a cell ended or blocked the process each time and was left out",
    "cell error": "a cell stopped early; the rest of the notebook was graded all the same",
    "output": "printed more than is kept",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """One kind of limit. events: checks or cells, all students together.  places: commonest checks, with a count."""

    name: str
    words: str
    students: tuple[str, ...]
    events: int
    places: tuple[tuple[str, int], ...]


def limits_met(results: Sequence[Result]) -> tuple[Limit, ...]:
    """Every limit that at least one student met, in the order of WORDS."""
    events_by_kind: dict[str, list[tuple[str, str]]] = {name: [] for name in WORDS}
    for result in results:
        for name, place in _events(result):
            events_by_kind[name].append((result.student, place))
    return tuple(_limit(name, events) for name, events in events_by_kind.items() if events)


def _limit(name: str, events: Sequence[tuple[str, str]]) -> Limit:
    places = Counter(place for _, place in events if place)
    ordered = sorted(places.items(), key=lambda item: (-item[1], item[0]))
    return Limit(name, WORDS[name], tuple(sorted({s for s, _ in events})), len(events), tuple(ordered[:3]))


def _events(result: Result) -> Iterator[tuple[str, str]]:
    """(kind, check or "")."""
    for question in result.questions:
        for check in question.checks:
            if kind := _kind(check):
                yield kind, check.id
    for cell in result.cell_errors:
        if cell.kind == "overwrote":
            continue
        yield ("deadly cell" if cell.kind == "left_out" else "cell error"), ""
    if any(flag.kind == "output" for flag in result.flags):
        yield "output", ""


def _kind(check: CheckResult) -> str:
    if check.outcome == "timeout":
        return "time"
    if check.outcome == "crash":
        return "crash"
    return "memory" if check.diagnosis == "memory" else ""
