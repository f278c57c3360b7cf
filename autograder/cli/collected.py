"""The last lines of `collect`: counts, files that are not placed and why, and the command to type next."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from autograder.cli.console import cell, columns, say, short, show
from autograder.errors import AutograderError

if TYPE_CHECKING:
    from autograder.intake.collect import Absent, Ignored, Taken
    from autograder.intake.entries import Problem
    from autograder.roster.roster import Roster

MOST_GUESSES = 200  # problems for which the roster is looked through


@dataclass(frozen=True, slots=True)
class Collected:
    """The outcome for all sources. decided: the files of this command's --assign and --ignore."""

    out: Path
    taken: Sequence[Taken]
    problems: Sequence[Problem]
    ignored: Sequence[Ignored]
    absent: Sequence[Absent] = ()
    decided: int = 0
    dry: bool = False

    @property
    def settled_before(self) -> int:
        """How many uploads and files an earlier decision settled."""
        labels = {t.label for t in self.taken if t.settled} | {i.file for i in self.ignored}
        return max(0, len(labels) - self.decided)


def command(sources: Sequence[Path], options: Mapping[str, object]) -> str:
    """The command as it was typed, for a shell. options: {option: value, or a list of values}; empty ones count not."""
    words = ["autograder", "collect", *map(str, sources)]
    for option, value in options.items():
        for each in value if isinstance(value, list) else [value] if value else []:
            words += [option, str(each)]
    return shlex.join(words)


def print_collected(done: Collected, roster: Roster | None, again: str) -> None:
    """Exit 1 if anything is neither placed nor ignored. again: the command, to add an option to.

    Raises AutograderError if the only source is none: that is a mistake of the command, and no student's.
    """
    if len(done.problems) == 1 and not (done.taken or done.ignored or done.problems[0].items):
        problem = done.problems[0]
        raise AutograderError(f"{problem.file}: {problem.reason}.")
    counts = [sum(t.placed == what for t in done.taken) for what in ("new", "again", "unchanged")]
    attempts = f"{counts[1]} new attempt{'s' * (counts[1] != 1)}"
    said = f"{counts[0]} placed, {attempts}, {counts[2]} unchanged, {len(done.problems)} not placed"
    if done.ignored:
        said += f", {len(done.ignored)} ignored"
    say(f"{'would be: ' if done.dry else ''}{said}")
    if done.settled_before:
        say(f"{done.settled_before} settled as before (autograder settled lists the decisions)")
    late = sorted({t.student for t in done.taken if t.late})
    if late:
        more = f" and {len(late) - 10} more" if len(late) > 10 else ""
        say(f"late: {', '.join(late[:10])}{more}")
    _print_absent(done.absent)
    _print_problems(done.problems, roster)
    _print_remarks(done.taken)
    say(f"submitted: {short(done.out)}. {_next(done.problems, again)}")
    if done.problems:
        raise typer.Exit(1)


def _next(problems: Sequence[Problem], again: str) -> str:
    """The command to type next. A problem of a whole source cannot be settled: the reason says what to do."""
    from autograder.intake.settled import shown

    first = next((p for p in problems if p.items), None)
    if first is None:
        return "Next: autograder grade" if not problems else f"Next: mend what the reason says, and {again}"
    file = shlex.quote(shown(first.file))
    if all(item.nobody for item in first.items):
        return f"Next: {again} --assign {file}=STUDENT (or --ignore {file})"
    return f"Next: {again} --ignore {file} (or mend what the reason says)"


def _print_absent(absent: Sequence[Absent]) -> None:
    """One line an assignment, with the first names."""
    in_order = sorted(absent, key=lambda each: (each.assignment, each.student))
    for assignment, group in groupby(in_order, key=lambda each: each.assignment):
        students = [each.student for each in group]
        more = f" and {len(students) - 10} more" if len(students) > 10 else ""
        say(f"nothing yet for {assignment}: {', '.join(students[:10])}{more}")


def _print_remarks(taken: Sequence[Taken]) -> None:
    """Print what a person should know of notebooks that are in their place."""
    lines = [(t, remark) for t in taken for remark in t.remarks]
    table = columns("placed, but look", "remark")
    for each, remark in lines:
        table.add_row(cell(f"{each.student}, {each.file}"[:100]), cell(remark))
    if lines:
        show(table)


def _print_problems(problems: Sequence[Problem], roster: Roster | None) -> None:
    from autograder.intake.settled import shown

    table = columns("not placed", "reason")
    for number, problem in enumerate(problems):
        file = shown(problem.file)
        perhaps = _perhaps(problem, roster) if number < MOST_GUESSES else ""
        table.add_row(cell(shlex.quote(file) if problem.items else file), cell(f"{problem.reason}{perhaps}"))
    if problems:
        show(table)


def _perhaps(problem: Problem, roster: Roster | None) -> str:
    """The students of the roster who may be meant; "" if none is near, or if it is known whose the file is."""
    from autograder.intake.near_names import near_students

    if not all(item.nobody for item in problem.items):
        return ""
    people = near_students([name for item in problem.items[:5] for name in item.called], roster)
    names = " or ".join(f"{p.id} ({p.name})" if p.name else p.id for p in people)
    return f"; perhaps: {names}" if names else ""
