"""The odd students of a class, each with what is expected of it: the row, the lateness, and what the student reads.

Clocks in Berlin are set back on 25 October 2026. One assignment is due before, one within, and one after the change.
The first one, `ODD`, is where a student is odd. The others come in time, if the repository can be read at all.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from ci.school import Push
from ci.test_class import notebook

ODD, AFTER, WITHIN = "a9_test", "a8_after", "a7_within"
BERLIN = ZoneInfo("Europe/Berlin")
LOCAL_DUE = {ODD: "2026-10-24 23:59", WITHIN: "2026-10-25 02:30", AFTER: "2026-10-25 23:59"}
# Worked by hand. 23:59 is 21:59 UTC before the change, and 22:59 after. 02:30 comes twice; the later one is meant.
DUE = {
    ODD: datetime(2026, 10, 24, 21, 59, tzinfo=UTC),
    WITHIN: datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    AFTER: datetime(2026, 10, 25, 22, 59, tzinfo=UTC),
}
EARLY = datetime(2026, 10, 20, 12, tzinfo=UTC)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
EXTENDED = DUE[ODD] + 7 * DAY + HOUR  # 31 October, 23:59 in Berlin
# The function that each assignment asks for: so a notebook tells which one it is of.
ASKED = {ODD: "mean_square", AFTER: "mean_of_squares", WITHIN: "squares_mean"}


@dataclass(frozen=True)
class Row:
    """What is expected. late: days.  points: of 10.  reads: words of the student's issue; None for no issue.

    page: words of the row on the instructor's page; None for no row there.
    """

    status: str = "graded"
    points: float = 10
    late: int = 0
    reads: tuple[str, ...] | None = ("10 of 10 points",)
    page: str | None = None


IN_TIME = Row()


@dataclass(frozen=True)
class Odd:
    """A student. pushes: None for no repository at all.  row: in ODD.  others: in the other assignments.

    listed: whether the list of students names the repository.  cells: more cells of the list.
    """

    who: str
    pushes: tuple[Push, ...] | None
    row: Row | None
    others: Row | None = IN_TIME
    listed: bool = True
    cells: dict = field(default_factory=dict)

    @property
    def is_present(self):
        """Whether the student is in the class, and did not leave it."""
        return "withdrawn" not in self.cells


def path_of(name):
    """Where a notebook is looked for."""
    return f"{name}/{name}.ipynb"


def right(name, remark=""):
    """A right notebook. remark: makes it another one."""
    return notebook(f"def {ASKED[name]}(x):\n    return float(sum(v * v for v in x)) / len(x)  # {remark}")


def _others(names):
    return {path_of(name): right(name) for name in names if name != ODD}


def _late(days, points):
    words = f"{days} day{'s' * (days > 1)}"
    return Row(late=days, points=points, reads=("10 of 10 points", words), page=f"late | {words} ")


def _unreadable(*words, page="You handed in"):
    return Row("malformed", 0, reads=words, page=f"unreadable | {page}")


def _not_fetched(why):
    return Row("error", 0, reads=None, page=why)


def odd_students(names, starter):
    """The odd ones of a class with these assignments. starter: of ODD, as it is handed out."""
    others = _others(names)
    next_one = next(name for name in names if name != ODD)

    def at_once(who, files, row, **fields):
        return Odd(who, (Push(EARLY, {**others, **files}),), row, **fields)

    def then(who, row, *pushes, first=None, **fields):
        return Odd(who, (Push(EARLY, {**others, **(first or {})}), *pushes), row, **fields)

    def each(moved):
        """Pushes that bring each assignment that long before or after its due time."""
        moments = sorted(names, key=DUE.get)
        return tuple(Push(DUE[name] + moved, {path_of(n): right(n) for n in moments[: i + 1]}) for i, name in enumerate(moments))  # fmt: skip

    work, mine = {path_of(ODD): right(ODD)}, {**others, path_of(ODD): right(ODD)}
    return [
        # The place and the form of the notebook.
        at_once("renamed", {f"{ODD}/{ODD} (1).ipynb": right(ODD)}, IN_TIME),
        at_once("moved", {f"week 3/old/{ODD}.ipynb": right(ODD)}, _unreadable("You handed in", "week 3/old", f"move it to {ODD}/{ODD}.ipynb")),
        at_once("lfs", {path_of(ODD): b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"}, _unreadable("large-file storage", "git lfs untrack")),
        at_once("huge", {path_of(ODD): b'{"cells": "' + b" " * (28 << 20) + b'"}'}, _unreadable("at most 20 MiB")),
        at_once("export", {f"{ODD}/{ODD}.html": b"<!DOCTYPE html><html></html>"}, _unreadable("You handed in", ".html")),
        at_once("conflict", {path_of(ODD): b"<<<<<<< HEAD\n" + right(ODD) + b"\n=======\n{}\n>>>>>>> theirs\n"}, _unreadable("conflict", page="")),
        at_once("two", {f"{ODD}/first.ipynb": right(ODD, "1"), f"{ODD}/second.ipynb": right(ODD, "2")}, _unreadable("first.ipynb", "keep the one to grade")),
        at_once("symlink", {path_of(ODD): Path("/etc/passwd")}, _unreadable("a symbolic link")),
        at_once("submodule", {path_of(ODD): None}, _unreadable("a submodule")),
        at_once("another", {path_of(ODD): right(next_one)}, _unreadable("got the notebook of", next_one, page="notebook: expected")),
        at_once("starter", {path_of(ODD): starter}, Row(points=0, reads=None)),
        at_once("hostile", {"$(touch owned)\n::error::.ipynb": right(ODD), ";": b"x", "--help": b"x", "-a.py": b"x"},
                Row("missing", 0, reads=("nothing was handed in", "touch owned"), page="missing"), cells={"name": "=HYPERLINK(1) <b>@all"}),
        # The repository.
        Odd("empty", (), Row("missing", 0, reads=None, page="missing"), Row("missing", 0, reads=None, page="missing")),
        Odd("branch", (Push(EARLY, others), Push(EARLY + HOUR, mine, branch="my-work")),
            Row("missing", 0, reads=("on the branch", "my-work", "merge it"), page="missing")),
        Odd("gone", None, *(2 * [_not_fetched("got git: ")])),
        Odd("unlisted", None, *(2 * [_not_fetched("got no repository in the list of students")]), listed=False),
        # The time.
        Odd("a-second-before", each(-SECOND), IN_TIME),
        Odd("at-the-second", each(0 * SECOND), IN_TIME),
        Odd("a-second-after", each(SECOND), _late(1, 9), _late(1, 9)),
        then("a-b-a", IN_TIME, Push(EARLY + HOUR, {**mine, path_of(ODD): notebook("0")}), Push(DUE[ODD] + DAY, 0), first=work),
        then("next-push", IN_TIME, Push(DUE[ODD] + SECOND, {**mine, "next/plan.ipynb": b"{}"}), first=work),
        Odd("from-the-future", (Push(EARLY, mine, claimed=datetime(2099, 1, 1, tzinfo=UTC)),), IN_TIME),
        then("from-the-past", _late(1, 9), Push(DUE[ODD] + HOUR, mine, claimed=datetime(2001, 1, 1, tzinfo=UTC))),
        then("rebased", IN_TIME, Push(DUE[ODD] + HOUR, mine, forced=True), first=work),
        then("replaced", _late(1, 9), Push(DUE[ODD] + HOUR, {**mine, path_of(ODD): right(ODD, "new")}, forced=True), first=work),
        then("a-day-late", _late(1, 9), Push(DUE[ODD] + DAY, mine)),
        then("two-days-late", _late(2, 8), Push(DUE[ODD] + DAY + SECOND, mine)),
        # The list of students.
        Odd("withdrawn", (Push(EARLY, mine),), None, None, cells={"withdrawn": "yes"}),
        at_once("excused", {}, Row("missing", 0, reads=None), cells={"excused": ODD}),
        then("extended", IN_TIME, Push(EXTENDED, mine), cells={"extension": "2026-10-31 23:59"}),
        then("too-late-for-it", _late(1, 9), Push(EXTENDED + SECOND, mine), cells={"extension": "2026-10-31 23:59"}),
    ]  # fmt: skip
