"""Commands for a first look: `demo` and `doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.app import JobsOption, app, jobs_of
from autograder.cli.console import cell, columns, plain, progress, say, show
from autograder.text import numbered

if TYPE_CHECKING:
    from autograder.reports.summary import Summary


@app.command(epilog="Example: autograder demo --out /tmp/demo")
def demo(
    out: Annotated[Path | None, typer.Option("--out", help="A folder to make anew. Default: work/demo.")] = None,
    jobs: JobsOption = None,
) -> None:
    """Show the whole flow on a sample class: release, hand in, grade, report."""
    from autograder import demo

    for summary in demo.run(out or Path("work") / "demo", jobs_of(jobs), say, progress):
        _print_summary(summary)


@app.command(epilog="Example: autograder doctor")
def doctor() -> None:
    """Try and say what this machine can enforce around student code."""
    from autograder.doctor import can_grade, examine

    findings = examine(_packages())
    table = columns("", "")
    for finding in findings:
        mark, style = {True: ("yes", "green"), False: ("no", "red"), None: ("", "")}[finding.good]
        table.add_row(cell(mark, style), cell("").append(f"{finding.what}: ", "bold").append(plain(finding.says)))
    show(table)
    if not can_grade(findings):
        raise typer.Exit(1)


def _packages() -> dict[str, tuple[str, ...]]:
    """The packages of each assignment of the working folder's course; none if there is no course."""
    from autograder.assignment.settings import read_settings
    from autograder.course import find_course
    from autograder.errors import CourseError

    try:
        course = find_course(Path.cwd())
        return {name: read_settings(course.solutions / name / "assignment.toml").packages for name in course.names()}
    except CourseError:
        return {}


def _print_summary(summary: Summary) -> None:
    say("")
    say(summary.assignment, "bold")
    say(f"class mean {summary.mean:.1f}, median {summary.median:.1f} of {summary.max_score:g}", indent=2)
    if summary.hardest:
        q = summary.hardest
        say(f"hardest question: {numbered(q.id, q.title)}, {100 * q.rate:.0f} % of the points", indent=2)
    if summary.mistakes:
        m = summary.mistakes[0]
        say(f"most common mistake: {m} ({m.students} students)", indent=2)
