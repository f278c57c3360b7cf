"""What scores a class in CI: ready workflows, and what their jobs run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from autograder.cli.app import app
from autograder.cli.console import say
from autograder.cli.options import CourseOption, course_of
from autograder.errors import AutograderError

ci_app = typer.Typer(no_args_is_help=True, help="Score a class in CI, with hidden checks that stay hidden.")
app.add_typer(ci_app, name="ci")


@ci_app.callback()
def ci() -> None:
    """Commands of the grading repository."""


@ci_app.command(epilog="Example: autograder ci init --provider github")
def init(
    provider: Annotated[str, typer.Option("--provider", metavar="github|gitlab", help="Where the course is kept.")],
    course: CourseOption = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a workflow that was changed by hand.")] = False,
) -> None:
    """Write a workflow that collects, grades and publishes, and what it installs, into the course."""
    from autograder.ci.setup import write

    wanted: Any = provider
    if provider not in {"github", "gitlab"}:
        raise AutograderError(f"--provider: expected github or gitlab, got {provider!r}.")
    here = course_of(course)
    for path in write(here, wanted, force=force):
        say(f"wrote {path}")
    say("Next: fill in students.csv (id,name,remote), set the secrets STUDENTS_TOKEN and AUTOGRADER_SIGNING_KEY in an")
    say("environment called grading, commit, and push to a private repository.")


@ci_app.command(epilog="Example: autograder ci post feedback --submitted work/submitted")
def post(
    feedback: Annotated[Path, typer.Argument(metavar="FEEDBACK", help="What `autograder ci publish` wrote.")],
    submitted: Annotated[
        Path | None, typer.Option("--submitted", help="Where commits are recorded. Default: work/submitted.")
    ] = None,
    roster: Annotated[Path | None, typer.Option("--roster", help="Default: the course's students.csv.")] = None,
    kind: Annotated[
        str, typer.Option("--as", metavar="comment|check", help="A comment on the commit, or a check run (GitHub App).")
    ] = "comment",
    course: CourseOption = None,
) -> None:
    """Tell students on GitHub: each one's feedback, on the commit that was graded, and only if it is new."""
    from collections import Counter

    from autograder.ci.post import Posted, find
    from autograder.ci.post import post as send
    from autograder.intake.naming import read_roster

    wanted: Any = kind
    if kind not in {"comment", "check"}:
        raise AutograderError(f"--as: expected comment or check, got {kind!r}.")
    here = course_of(course)
    students = read_roster(roster or here.root / "students.csv").students
    found = find(feedback, submitted or here.work / "submitted", students)
    done = [each if isinstance(each, Posted) else send(each, wanted) for each in found]
    counts = Counter(each.outcome for each in done)
    say(", ".join(f"{counts[what]} {what}" for what in ("posted", "unchanged", "failed")))
    for each in done:
        if each.outcome == "failed":
            say(f"{each.assignment}, {each.student}: {each.reason}", indent=2)
    if counts["failed"]:
        raise typer.Exit(1)
