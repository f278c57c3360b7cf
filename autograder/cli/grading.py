"""What grades: the public checks for a student, everything for the instructor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from autograder.cli.app import app
from autograder.cli.console import console, markup, plain, progress, short
from autograder.cli.options import CourseOption, JobsOption, TierOption, course_of, jobs_of, tier_of

if TYPE_CHECKING:
    from autograder.grading.results import Result


@app.command(epilog="Example: autograder check a1_gradient_ascent.ipynb")
def check(
    notebook: Annotated[Path, typer.Argument(help="Your notebook.")],
    assignment: Annotated[
        str | None, typer.Option("-a", "--assignment", help="Default: the notebook's file name.")
    ] = None,
    course: CourseOption = None,
    tier: TierOption = None,
) -> None:
    """Run the public checks on a notebook, in the same sandbox as the mark. For students."""
    from autograder.authoring.released import load_released
    from autograder.grading.submission import grade_notebook
    from autograder.intake.reader import read_notebook
    from autograder.sandbox.tiers import open_sandbox

    here = course_of(course, start=notebook.parent)
    suite = load_released(here.assignments / (assignment or notebook.stem))
    text = read_notebook(notebook)
    with open_sandbox({suite.name: suite.handouts}, tier_of(tier)) as zygote:
        result = grade_notebook(text, "you", suite, zygote, b"public checks draw nothing")
    _print_checks(result)
    if any(c.outcome != "pass" for q in result.questions for c in q.checks):
        raise typer.Exit(1)


@app.command(epilog="Example: autograder grade work/submitted --jobs 4")
def grade(
    submitted: Annotated[
        Path | None, typer.Argument(help="STUDENT/ASSIGNMENT/*.ipynb. Default: work/submitted.")
    ] = None,
    names: Annotated[list[str] | None, typer.Option("-a", "--assignment", help="Only these. Repeatable.")] = None,
    student: Annotated[list[str] | None, typer.Option("--student", help="Only these students. Repeatable.")] = None,
    jobs: JobsOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where results go. Default: work/results.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also grade again what is up to date.")] = False,
    unsafe: Annotated[bool, typer.Option("--unsafe", help="Grade WITHOUT a sandbox. Stamped on every result.")] = False,
    tier: TierOption = None,
    course: CourseOption = None,
) -> None:
    """Grade what was handed in: hidden checks in the grader, student code in the sandbox."""
    from autograder.grading.grade import Plan
    from autograder.grading.grade import grade as run
    from autograder.intake.submissions import find_submissions

    wanted: Any = "unsafe" if unsafe else tier_of(tier)
    here = course_of(course)
    chosen = here.select(names or ())
    found = find_submissions(submitted or here.work / "submitted", chosen, student or ())
    plan = Plan(
        here,
        chosen,
        tuple(found),
        out or here.work / "results",
        jobs_of(jobs),
        wanted,
        everything,
    )
    with progress("grading", len(found)) as step:
        results = run(plan, lambda _: step())
    _print_counts(results)
    console().print(
        f"results: {short(plan.out)}, grades: {short(plan.out / 'grades.csv')}. Next: autograder report",
        soft_wrap=True,
    )


def _print_counts(results: list[Result]) -> None:
    """How many of each status, and by name who needs a human: the first few."""
    from collections import Counter

    counts = Counter(r.status for r in results)
    console().print(
        f"{len(results)} submissions: {', '.join(f'{n} {s}' for s, n in sorted(counts.items())) or 'none'}",
        soft_wrap=True,
    )
    odd = [r for r in results if r.status != "graded"]
    for r in odd[:10]:
        console().print(plain(f"  {r.assignment}, {r.student}: {r.status}: {r.reason}"), markup=False, soft_wrap=True)
    if len(odd) > 10:
        console().print(f"  and {len(odd) - 10} more; see grades.csv", soft_wrap=True)
    if any(r.sandbox.tier == "unsafe" for r in results):
        console().print("[bold red]graded WITHOUT a sandbox (--unsafe): do not publish these marks[/]", soft_wrap=True)


def _print_checks(result: Result) -> None:
    from rich.table import Table

    table = Table("", "check", "says", box=None, pad_edge=False)
    for question in result.questions:
        for c in question.checks:
            good = c.outcome == "pass"
            table.add_row(f"[{'green' if good else 'red'}]{c.outcome}[/]", c.id, markup(c.title if good else c.message))
    screen = console()
    for error in result.cell_errors:
        screen.print(plain(f"code cell {error.cell}: {error.error}"), markup=False, soft_wrap=True)
    screen.print(table)
    passed = sum(c.outcome == "pass" for q in result.questions for c in q.checks)
    total = sum(len(q.checks) for q in result.questions)
    screen.print(f"{passed} of {total} public checks passed. Hidden checks run after you hand in.", soft_wrap=True)
