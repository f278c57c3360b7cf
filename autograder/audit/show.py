"""An audit in the terminal: the numbers, what each check catches, and survivors as diffs with their question."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.syntax import Syntax
from rich.table import Table

from autograder.assignment.withheld import withheld
from autograder.audit.accuracy import Accuracy
from autograder.audit.run import CaseResult

FEW = 10  # problems that are shown, each with its diff
NARROW = 60  # columns


def show(console: Console, findings: Sequence[CaseResult], numbers: Accuracy) -> None:
    """Print one assignment's audit."""
    console.print(f"\n[bold]{numbers.assignment}[/]", soft_wrap=True)
    problems = [f for f in findings if f.problem]
    for finding in problems[:FEW]:
        _show_problem(console, finding)
    if len(problems) > FEW:
        console.print(f"[red]and {len(problems) - FEW} more problems[/]: --json FILE has them all", soft_wrap=True)
    console.print(_matrix(numbers, narrow=console.width < NARROW))
    for what, (good, all_of_them), remark in _lines(findings, numbers):
        colour = "green" if good == all_of_them else "yellow"
        console.print(f"  {what:16} [{colour}]{good} of {all_of_them}[/] {remark}", soft_wrap=True)
    if numbers.idle:
        console.print(f"  [red]catch nothing:[/] {', '.join(numbers.idle)}", soft_wrap=True)
    if numbers.redundant:
        title = "catch nothing that no other check catches"
        console.print(f"  {title}: {', '.join(numbers.redundant)}", soft_wrap=True)


def show_withheld(console: Console, folder: Path) -> None:
    """Print the lines of the checks whose text students do not read."""
    if lines := withheld(folder):
        where = ", ".join(map(str, lines))
        problem = "expected texts without placeholders, got f-strings, which students do not see"
        hint = "use a constant, or SafeText(...) if no answer can change it"
        console.print(f"  [yellow]hidden_checks.py, line {where}:[/] {problem}. Hint: {hint}.", soft_wrap=True)


def _lines(findings: Sequence[CaseResult], numbers: Accuracy) -> list[tuple[str, tuple[int, int], str]]:
    solutions = [f for f in findings if f.case.kind in {"solution", "starter"}]
    share = 100 * numbers.mutants[0] / max(1, numbers.mutants[1])
    loss, name = numbers.spread
    elsewhere = f"; at most {loss:g} outside the question it is about ({name})" if loss else ""
    return [
        (
            "own solution",
            (sum(not f.problem for f in solutions), len(solutions)),
            "as it must be: full marks, and 0 untouched",
        ),
        ("right samples", numbers.right, "with full marks"),
        ("wrong samples", numbers.wrong, f"caught as declared; median loss {numbers.median_loss:g} points{elsewhere}"),
        ("diagnoses", numbers.diagnosed, "say what the sample declares"),
        ("mutants", numbers.mutants, f"killed, {share:.1f} %; {numbers.equivalent} more are equivalent, with a reason"),
    ]


def _matrix(numbers: Accuracy, *, narrow: bool) -> Table:
    """A row a check; a narrow terminal has room for what each catches only."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("check",) if narrow else ("question", "check", ""):
        table.add_column(name, overflow="fold")
    for name in ("wrong", "mutants", "it alone") if narrow else ("points", "wrong", "mutants", "it alone"):
        table.add_column(name, justify="right", overflow="fold")
    before = ""
    for row in numbers.checks:
        counts = (str(row.wrong), str(row.mutants), str(row.alone))
        if narrow:
            table.add_row(escape(row.id), *counts)
            continue
        question, _, name = row.id.partition(".")
        texts = ("" if question == before else question, escape(name), f"[dim]{row.visibility}[/]", f"{row.points:g}")
        table.add_row(*texts, *counts[:2], counts[2] if row.alone else "[dim]0[/]")
        before = question
    return table


def _show_problem(console: Console, finding: CaseResult) -> None:
    case, mutant = finding.case, finding.case.mutant
    name = (
        f"[red]mutant of {mutant.question}[/], {escape(mutant.name)}"
        if mutant
        else f"[red]{case.kind} {escape(case.name)}[/]"
    )
    console.print(f"{name}: {escape(finding.problem)}", soft_wrap=True)
    if mutant:
        console.print(Syntax(mutant.diff, "diff", background_color="default", word_wrap=True))
