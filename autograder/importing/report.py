"""The report on every test of an imported notebook, in words: IMPORT.md, and the rows of the command's table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.importing.draft import Way
from autograder.importing.evidence import SettledDraft
from autograder.importing.parts import LeftOut, LeftOutKind
from autograder.importing.reasons import ReasonKind, WhyInside, reason_for

REPORT = "IMPORT.md"
WHERE: dict[Way, str] = {
    "check": "public, outside",
    "lifted": "outside",
    "fetched": "outside",
    "inside": "inside",
    "dropped": "left out",
}
_WHY: dict[ReasonKind, str] = {
    "removes": "it deletes or sets `{}`, which the notebook uses",
    "reads_code": "it reads the code of a function (`{}`)",
    "namespace": "it looks at the names of its own process (`{}`)",
    "figure": "it looks at a figure (`{}`)",
    "object": "it uses an object of the class `{}`, which does not leave its process",
    "random": "it seeds random numbers of its own process (`{}`)",
    "files": "it reads or writes files (`{}`)",
    "replaces": "it replaces something of its own process (`{}`)",
    "travels": "outside, it fails for the author's solution: a value that it needs does not leave its process",
    "differs": "outside, it gives other points to this notebook: {}",
    "fails": "it does not hold for the author's own solution",
}
_LEFT: dict[LeftOutKind, str] = {
    "magic": "a line for IPython: `{}`",
    "no_points": "a graded cell without points; its text stays{}",
    "test_without_points": "a test without points: it is left out{}",
    "ignored": "a cell that otter gives to nobody: it is left out{}",
    "setting": "a setting that has no counterpart: `{}`",
    "one_point": "a question for a person, for which otter's archive has no points: it got 1{}",
    "code_by_hand": "code that a person grades: it is a solution cell now, with a question in words below it{}",
}


@dataclass(frozen=True, slots=True)
class TestRow:
    """One test. theirs, ours: its names. reason: why it was not lifted, or None."""

    theirs: str
    ours: str
    points: float
    way: Way
    reason: WhyInside | None
    blank_passes: bool

    @property
    def why(self) -> str:
        """The reason in words, or ""."""
        return _WHY[self.reason.kind].format(self.reason.got) if self.reason else ""


def rows(settled: SettledDraft) -> list[TestRow]:
    """A row for each test, in the order of the notebook."""
    parts = settled.draft.parts
    return [
        TestRow(
            parts[place].name or "(no name)",
            settled.draft.check_id(place),
            parts[place].points,
            decided.way,
            reason_for(parts, place, decided),
            decided.blank_passes,
        )
        for place, decided in settled.decided.items()
    ]


def summary(made: Sequence[TestRow]) -> str:
    """How many tests left the student's process, in one sentence."""
    if not made:
        return "No test runs: a person grades all of it"
    outside = sum(row.way in {"check", "lifted", "fetched"} for row in made)
    inside = sum(row.way == "inside" for row in made)
    dropped = sum(row.way == "dropped" for row in made)
    left = f", {dropped} left out" if dropped else ""
    return f"{outside} of {len(made)} tests run outside the student's process, {inside} inside{left}"


def report_text(name: str, settled: SettledDraft, left_out: Sequence[LeftOut]) -> str:
    """IMPORT.md."""
    return "\n".join(_lines(name, settled, left_out)) + "\n"


def _lines(name: str, settled: SettledDraft, left_out: Sequence[LeftOut]) -> Iterator[str]:
    made = rows(settled)
    yield f"# {name}: imported from {settled.draft.notebook}"
    yield ""
    if made:
        yield from _table_of_tests(made, settled.mutants)
    else:
        yield f"{summary(made)}."
    if left_out:
        yield ""
        yield "Not taken over, or changed:"
        yield ""
        yield from (f"* {item.place}: {_LEFT[item.kind].format(item.got)}" for item in left_out)


def _table_of_tests(made: Sequence[TestRow], mutants: int) -> Iterator[str]:
    yield f"{summary(made)}. Each decision was tested: the test must give the same points outside as inside, for the"
    yield f"author's solution, the blank notebook and {mutants} mutants of the solution."
    yield ""
    yield "| Test | Check | Points | Runs | Why |"
    yield "|---|---|---|---|---|"
    for row in made:
        why = "; ".join(filter(None, [row.why, "the blank notebook passes it, too" if row.blank_passes else ""]))
        yield f"| {_cell(row.theirs)} | {row.ours} | {row.points:g} | {WHERE[row.way]} | {_cell(why)} |"
    yield ""
    yield "A test that runs inside can be read and changed by student code while it runs. Rewrite it as a hidden check"
    yield "to protect it: docs/importing.md says how."


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
