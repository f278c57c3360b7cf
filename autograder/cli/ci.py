"""What scores a class in CI: ready workflows, and what their jobs run."""

from __future__ import annotations

import typer

from autograder.cli.app import app

ci_app = typer.Typer(no_args_is_help=True, help="Score a class in CI, with hidden checks that stay hidden.")
app.add_typer(ci_app, name="ci")


@ci_app.callback()
def ci() -> None:
    """Commands of the grading repository."""
