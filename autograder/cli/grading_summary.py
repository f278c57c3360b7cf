"""The closing lines of `grade`: how many have each status, who needs a person, and a row for each assignment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from autograder.cli.console import cell, columns, narrow, say, show
from autograder.records.flags import of_the_release
from autograder.records.grades import Grade
from autograder.reports.summary import spread
from autograder.text import counted, few

MAX_LINES = 10  # about submissions that were not graded


def what_was_done(grades: list[Grade]) -> str:
    """How many were up to date, and how many were graded by this run."""
    up_to_date = sum(g.up_to_date for g in grades)
    counts = {"up to date": up_to_date, "graded now": len(grades) - up_to_date}
    return ", ".join(f"{n} {what}" for what, n in counts.items() if n) or "nothing to grade"


def print_counts(grades: list[Grade], share: float) -> None:
    """Print how many have each status, the first submissions that need a person, and a line for each assignment.

    share: of carried points that counts.
    """
    counts = Counter(g.status for g in grades)
    handed_in = ", ".join(f"{n} {s}" for s, n in sorted(counts.items()) if s != "missing")
    absent = [f"{counts['missing']} not handed in"] if counts["missing"] else []
    words = "; ".join([*([handed_in] if handed_in else []), *absent])
    say(f"{counted(len(grades) - counts['missing'], 'submission')}: {words or 'none'}")
    _print_odd([g for g in grades if g.status != "graded"])
    _print_untouched([g for g in grades if g.status == "graded" and g.attempt == 0 and not g.answered])
    _print_table([g for g in grades if g.attempt == 0], share)
    if any(g.unsafe for g in grades):
        say("graded WITHOUT a sandbox (--unsafe): do not publish these marks", "bold red")


def _print_odd(grades: Sequence[Grade]) -> None:
    """Print a line for each assignment, status and reason, with the names of a few students."""
    order = ("error", "malformed", "missing")
    kinds: dict[tuple[str, str, str], list[str]] = {}
    for g in sorted(grades, key=lambda g: (order.index(g.status), g.assignment)):
        kinds.setdefault((g.assignment, g.status, g.cause or g.reason), []).append(g.student)
    for (assignment, status, reason), students in list(kinds.items())[:MAX_LINES]:
        say(f"{assignment}, {few(students)}: {status}: {reason}", indent=2)
    if len(kinds) > MAX_LINES:
        say(f"and {len(kinds) - MAX_LINES} more kinds; see grades.csv", indent=2)


def _print_untouched(grades: Sequence[Grade]) -> None:
    """Print whose notebooks answer no question that checks decide about: most were handed in as they were released."""
    for name in sorted({g.assignment for g in grades}):
        students = [g.student for g in grades if g.assignment == name]
        say(f"{name}, {few(students)}: not begun: no question with a check is answered", indent=2)


def _print_table(grades: list[Grade], share: float) -> None:
    """Print a row for each assignment. Mean and median are over those who handed in, with what is carried.

    Beside them stands the raw mean, if it is another.
    """
    carries = any(share * g.carried for g in grades)
    heads = ("handed in", "mean", "median", *["raw mean"] * carries, "of", "full marks", "to look at")
    table = columns("assignment", *heads, right=heads)
    for name in sorted({g.assignment for g in grades}):
        assignment_grades = [g for g in grades if g.assignment == name]
        handed_in = [g for g in assignment_grades if g.status != "missing"]
        points = [round(g.score + share * g.carried, 6) for g in handed_in]
        scores, raw = spread(points or [0.0]), spread([g.score for g in handed_in] or [0.0])
        top = assignment_grades[0].max_score
        averages = (f"{scores.mean:.1f}", f"{scores.median:.1f}", *[f"{raw.mean:.1f}"] * carries)
        numbers = (
            str(len(handed_in)),
            *(averages if handed_in else ["–"] * len(averages)),
            f"{top:g}",
            str(sum(score >= top for score in points)),
            str(_to_look_at(assignment_grades)),
        )
        if narrow():
            say(f"{name}: {', '.join(f'{h} {n}' for h, n in zip(heads, numbers, strict=True))}", indent=2)
        table.add_row(cell(name), *numbers)
    if table.row_count and not narrow():
        show(table)


def _to_look_at(grades: Sequence[Grade]) -> int:
    """The number of submissions to one assignment that need a person."""
    released = of_the_release(g.flags for g in grades if g.status == "graded")
    return sum(bool(set(g.flags) - released) or g.status in {"malformed", "error"} for g in grades)
