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
from autograder.audit.cost import Cost
from autograder.audit.run import CaseResult
from autograder.text import counted

DEAREST = 5  # wrong samples that are shown with their cost
FEW = 10  # problems that are shown, each with its diff
NARROW = 60  # columns
_KINDS = {"nothing": "all functions only"}


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
    _show_draws(console, numbers.draws)
    _show_costs(console, numbers)
    if numbers.idle:
        console.print(f"  [red]catch nothing:[/] {', '.join(numbers.idle)}", soft_wrap=True)
    if numbers.redundant:
        title = "catch nothing that no other check catches"
        console.print(f"  {title}: {', '.join(numbers.redundant)}", soft_wrap=True)


def show_first(console: Console, name: str, finding: CaseResult) -> None:
    """Print the problem at which an audit stopped."""
    console.print(f"\n[bold]{name}[/]", soft_wrap=True)
    _show_problem(console, finding)
    console.print("  stopped here: without --first, every notebook is tried", soft_wrap=True)


def _show_draws(console: Console, draws: tuple[int, int]) -> None:
    """Print how often each notebook was graded: with one draw, nobody knows whether the points are always the same."""
    if draws[0] < 2:
        console.print("  draws            [yellow]1[/]: stability was not tested. Hint: --seeds 3.", soft_wrap=True)
    elif 0 < draws[1] < draws[0]:
        console.print(f"  draws            {draws[0]} of hidden inputs each, a mutant {draws[1]}", soft_wrap=True)
    else:
        console.print(f"  draws            {draws[0]} of hidden inputs each", soft_wrap=True)


def _show_costs(console: Console, numbers: Accuracy) -> None:
    """Print what a single misconception costs beyond the check that its sample declares, the dearest first."""
    (raw, marked), worst = numbers.costs.median, numbers.costs.worst
    if not numbers.costs.samples:
        return
    console.print(
        f"  one misconception costs, beyond the check it declares: median {raw:g} points, {marked:g} with what is "
        f"carried; at most {worst.raw:g}, {worst.marked:g} with what is carried ({escape(worst.name)})",
        soft_wrap=True,
    )
    if dearest := numbers.costs.dearest:
        console.print(
            f"  one mistake costs at most {dearest.in_question:g} points of its question ({escape(dearest.name)})",
            soft_wrap=True,
        )
    if dear := [cost for cost in numbers.costs.samples if cost.raw][:DEAREST]:
        console.print(_costs(dear, narrow=console.width < NARROW))
    if numbers.free:
        few = ", ".join(map(escape, numbers.free[:DEAREST]))
        more = f" and {len(numbers.free) - DEAREST} more" if len(numbers.free) > DEAREST else ""
        console.print(f"  [yellow]cost nothing, only later questions see them:[/] {few}{more}", soft_wrap=True)


def _costs(dearest: Sequence[Cost], *, narrow: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("wrong sample",) if narrow else ("wrong sample", "declares"):
        table.add_column(name, overflow="fold")
    for name in ("own", "raw", "carried") if narrow else ("own question", "raw", "carried counts"):
        table.add_column(name, justify="right")
    if not narrow:
        table.add_column("lost beyond it", overflow="fold")
    for cost in dearest:
        numbers = (f"{cost.in_question:g}", f"{cost.raw:g}", f"{cost.marked:g}")
        wide = (escape(cost.name), " ".join(cost.declares), *numbers, f"[dim]{' '.join(cost.questions)}[/]")
        table.add_row(*((escape(cost.name), *numbers) if narrow else wide))
    return table


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
    more = f"{counted(numbers.equivalent, 'more is', 'more are')} equivalent, with a reason"
    killed = f"killed, {share:.1f} %; {more}" if numbers.mutants[1] else "because the solution has no function"
    loss, name = numbers.spread
    elsewhere = f"; at most {loss:g} outside the question it is about ({name})" if loss else ""
    return [
        (
            "own solution",
            (sum(not f.problem for f in solutions), len(solutions)),
            "as it must be: full marks, and 0 untouched",
        ),
        ("doing nothing", numbers.nothing, "get no points: pass, return {}, …"),
        ("right samples", numbers.right, "with full marks"),
        ("wrong samples", numbers.wrong, f"caught as declared; median loss {numbers.median_loss:g} points{elsewhere}"),
        ("diagnoses", numbers.diagnosed, "say what the sample declares"),
        ("mutants", numbers.mutants, killed),
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
        else f"[red]{_KINDS.get(case.kind, case.kind)} {escape(case.name)}[/]"
    )
    console.print(f"{name}: {escape(finding.problem)}", soft_wrap=True)
    if mutant:
        console.print(Syntax(mutant.diff, "diff", background_color="default", word_wrap=True))
