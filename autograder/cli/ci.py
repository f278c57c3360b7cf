"""What scores a class in CI: ready workflows, and what their jobs run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.app import app
from autograder.cli.console import console, plain, short
from autograder.cli.options import CourseOption, course_of

ci_app = typer.Typer(no_args_is_help=True, help="Score a class in CI, with hidden checks that stay hidden.")
app.add_typer(ci_app, name="ci")


@ci_app.callback()
def ci() -> None:
    """Commands of the grading repository."""


@ci_app.command(epilog="Example: autograder ci keygen --out ~/.config/autograder/course.pem")
def keygen(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The private key; FILE.pub is the public one.")],
) -> None:
    """Make a pair of Ed25519 keys. The private one is for a secret of the CI and nobody's repository."""
    from autograder.publishing.signing import VARIABLE, generate

    public = generate(out)
    console().print(
        plain(
            f"{out}: private, keep it out of every repository; its text goes into the secret {VARIABLE}. "
            f"{public}: public, for autograder verify --key"
        ),
        markup=False,
        soft_wrap=True,
    )


@ci_app.command(epilog="Example: autograder ci publish results --out feedback")
def publish(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="What the grading job handed over. Not trusted.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where signatures and feedback go.")],
    key_file: Annotated[
        Path | None, typer.Option("--key-file", metavar="FILE", help="Default: $AUTOGRADER_SIGNING_KEY; else unsigned.")
    ] = None,
    course: CourseOption = None,
) -> None:
    """Check results against this course, sign them, write feedback without secrets. Exit 1 if any was refused."""
    from autograder.publishing.publish import publish as run
    from autograder.publishing.signing import private_key

    here = course_of(course)
    key = private_key(key_file)
    published = run(here, results, out, key)
    for refused in published.refused:
        console().print(plain(f"refused {refused.name}: {refused.reason}"), markup=False, soft_wrap=True)
    told = "signed and published" if key else "published, NOT signed: there is no key"
    console().print(
        plain(f"{published.number} results {told}; {len(published.refused)} refused. Feedback: {short(out)}"),
        markup=False,
        soft_wrap=True,
    )
    if published.refused:
        raise typer.Exit(1)
