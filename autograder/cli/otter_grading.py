"""The command for courses that were made for otter-grader."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.app import JobsOption, TierOption, app, jobs_of, tier_of
from autograder.cli.console import cell, columns, plain, progress, say, short, show
from autograder.cli.streams import tell
from autograder.text import few

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.otter_courses.otter_class import OtterPlan
    from autograder.otter_courses.otter_files import ClassFolder
    from autograder.otter_courses.otter_result import OtterResult
    from autograder.otter_courses.otter_work import OtterSubmission

otter_app = typer.Typer(no_args_is_help=True, help="Grade courses that were made for otter-grader, as they are.")
app.add_typer(otter_app, name="otter")
MAX_ROWS = 400


@otter_app.callback()
def otter() -> None:
    """Commands for an autograder.zip of otter."""


@otter_app.command("grade", epilog="Example: autograder otter grade autograder.zip submissions/ --out results")
def grade_with_otter(
    archive: Annotated[Path, typer.Argument(metavar="AUTOGRADER.zip", help="What `otter assign` made.")],
    submissions: Annotated[
        list[Path], typer.Argument(metavar="SUBMISSION...", help="Notebooks, zips, .py files, or folders of them.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="Write results.json and a page for each submission here.")
    ] = None,
    jobs: JobsOption = None,
    package: Annotated[
        list[str] | None, typer.Option("--package", help="A package that submissions may import, too. Repeatable.")
    ] = None,
    cell_seconds: Annotated[float, typer.Option("--cell-seconds", min=0.1, help="Processor time of a cell.")] = 60.0,
    seconds: Annotated[float, typer.Option("--seconds", min=1, help="Processor time of a submission.")] = 300.0,
    memory: Annotated[int, typer.Option("--memory-mb", min=256, help="Address space of a submission.")] = 4096,
    tier: TierOption = None,
) -> None:
    """Grade submissions with an autograder.zip of otter-grader, in the sandbox.

    Scores are those of `otter run`. Expected outputs and points never enter the student's process. Exit 1 if a
    submission could not be graded, or a test file cannot be used; all others are graded.
    """
    from autograder.otter_courses.otter_archive import read_archive
    from autograder.otter_courses.otter_class import OtterPlan, left_out, submissions_at
    from autograder.otter_courses.otter_engine import LIMITS
    from autograder.otter_courses.otter_files import ClassFolder
    from autograder.otter_courses.otter_packages import rules_of

    read = read_archive(archive)
    chosen = submissions_at(submissions)
    for line in read.settings.ignored:
        say(f"{short(archive)}: {line}")
    if others := [plain(file.name) for file in left_out(submissions)]:
        tell(f"left out: {few(others)}. A submission is a notebook, a zip, a .py file or a folder of one of them.")
    limits = replace(
        LIMITS, memory=memory << 20, cell=cell_seconds, call=cell_seconds, submission=seconds, cpu=int(seconds) + 5
    )
    plan = OtterPlan(read, rules_of(read, package or ()), tier_of(tier), jobs_of(jobs), limits)
    folder = ClassFolder(out, read.settings.assignment_name or archive.name, read.settings) if out else None
    from autograder.files import claimed  # only on Linux

    with contextlib.nullcontext() if out is None else claimed(out, ()):
        results = _graded(plan, chosen, folder)
        _print_table(results)
        if folder:
            say(f"Next: open {short(folder.finish(results))}")
    if any(result.status in {"refused", "error"} or result.broken_test for result in results):
        raise typer.Exit(1)


def _graded(plan: OtterPlan, chosen: Sequence[OtterSubmission], folder: ClassFolder | None) -> list[OtterResult]:
    """The results, in the order of the submissions. Each is written as soon as it is there."""
    from autograder.otter_courses.otter_class import graded_class

    results = []
    with progress("grading", len(chosen)) as advance:
        for result in graded_class(plan, chosen):
            results.append(result)
            if folder:
                folder.add(result)
            advance()
    places = {submission.name: i for i, submission in enumerate(chosen)}
    return sorted(results, key=lambda result: places[result.name])


def _print_table(results: Sequence[OtterResult]) -> None:
    table = columns("submission", "points", "of", "", right=("points", "of"))
    for result in results[:MAX_ROWS]:
        says = result.status if result.status != "graded" else ""
        table.add_row(cell(result.name), cell(f"{result.total:g}"), cell(f"{result.possible:g}"), cell(says))
    show(table)
    if len(results) > MAX_ROWS:
        say(f"and {len(results) - MAX_ROWS} more")
    for result in results:
        if result.reason and not result.broken_test:
            tell(f"{plain(result.name)}: {result.status}: {plain(result.reason)}")
    for problem in sorted({result.reason for result in results if result.broken_test}):
        tell(f"{plain(problem)} otter gives nobody a result then.")


@otter_app.command(epilog="Example: autograder otter gradescope /autograder")
def gradescope(
    root: Annotated[Path, typer.Argument(metavar="[ROOT]", help="Gradescope's folder.")] = Path("/autograder"),
    tier: TierOption = None,
) -> None:
    """Grade the submission in Gradescope's container. The last line of run_autograder becomes this command."""
    from autograder.otter_courses.on_gradescope import grade_in_container

    result = grade_in_container(root, tier_of(tier))
    say(f"{result.status}: {result.total:g} of {result.possible:g} points in sandbox tier {result.sandbox.tier}")
    if result.reason:
        say(result.reason)
