"""Commands for a CI: `ci init` writes workflows, and their jobs run the others."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from autograder.cli.app import CourseOption, RosterOption, app, course_of
from autograder.cli.console import say, short
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
    this_course = course_of(course)
    for path in write(this_course, wanted, force=force):
        say(f"wrote {path}")
    say("Next: fill in students.csv (id,name,remote), set the secrets COLLECT_TOKEN, FEEDBACK_TOKEN and")
    say("AUTOGRADER_SIGNING_KEY in an environment called grading, commit, and push to a private repository.")


@ci_app.command(epilog="Example: autograder ci post feedback --submitted work/submitted")
def post(
    feedback: Annotated[Path, typer.Argument(metavar="FEEDBACK", help="What `autograder ci publish` wrote.")],
    submitted: Annotated[
        Path | None, typer.Option("--submitted", help="Where commits are recorded. Default: work/submitted.")
    ] = None,
    roster: RosterOption = None,
    kind: Annotated[
        str, typer.Option("--as", metavar="comment|check", help="A comment on the commit, or a check run (GitHub App).")
    ] = "comment",
    course: CourseOption = None,
) -> None:
    """Post each student's feedback on GitHub, on the commit that was graded, and only if it is new."""
    from collections import Counter
    from urllib.parse import urlsplit

    from autograder.ci.post import Posted, find
    from autograder.ci.post import post as send
    from autograder.roster.read import read_roster

    wanted: Any = kind
    if kind not in {"comment", "check"}:
        raise AutograderError(f"--as: expected comment or check, got {kind!r}.")
    this_course = course_of(course)
    students = read_roster(roster or this_course.root / this_course.roster_file, this_course.zone).students
    host = urlsplit(os.environ.get("GITHUB_SERVER_URL", "https://github.com")).hostname or "github.com"
    messages = find(feedback, submitted or this_course.work / "submitted", students, host)
    done = [each if isinstance(each, Posted) else send(each, wanted) for each in messages]
    counts = Counter(each.outcome for each in done)
    say(", ".join(f"{counts[what]} {what}" for what in ("posted", "unchanged", "failed")))
    for each in done:
        if each.outcome == "failed":
            say(f"{each.assignment}, {each.student}: {each.reason}", indent=2)
    if counts["failed"]:
        raise typer.Exit(1)


@ci_app.command(epilog="Example: autograder ci keygen --out ~/.config/autograder/course.pem")
def keygen(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The private key; FILE.pub is the public one.")],
) -> None:
    """Make a pair of Ed25519 keys. Store the private key as a secret of the CI, never in a repository."""
    from autograder.publishing.signing import VARIABLE, generate

    public = generate(out)
    say(f"{out}: private. Its text goes into the CI's secret {VARIABLE}, and into no repository.")
    say(f"{public}: public, for autograder verify --key")


@ci_app.command(epilog="Example: autograder ci publish results --out feedback")
def publish(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="What the grading job handed over. Not trusted.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where signatures and feedback go.")],
    key_file: Annotated[
        Path | None, typer.Option("--key-file", metavar="FILE", help="Default: $AUTOGRADER_SIGNING_KEY; else unsigned.")
    ] = None,
    require_signature: Annotated[
        bool, typer.Option("--require-signature", help="Without a key, publish nothing and exit with 2.")
    ] = False,
    course: CourseOption = None,
) -> None:
    """Check results against this course, sign them, write feedback without secrets. Exit 1 if any was refused."""
    from autograder.publishing.publish import publish as run
    from autograder.publishing.signing import VARIABLE, private_key

    this_course = course_of(course)
    key = private_key(key_file)
    if key is None and require_signature:
        raise AutograderError(
            f"${VARIABLE}: expected a signing key, got none. "
            "Hint: autograder ci keygen makes one; its text goes into the CI's secret of this name."
        )
    published = run(this_course, results, out, key)
    for refused in published.refused:
        say(f"refused {refused.name}: {refused.reason}")
    state = "signed and published" if key else "published, NOT signed: there is no key"
    say(f"{published.number} results {state}; {len(published.refused)} refused. Feedback: {short(out)}")
    if published.stale:
        say(f"{len(published.stale)} students have feedback of an earlier time there. Hint: publish into a new folder.")
    if published.refused:
        raise typer.Exit(1)
