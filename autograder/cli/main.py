"""Where `autograder` starts."""

from __future__ import annotations

import os

import typer

from autograder.cli import author, ci, exporting, grading, reporting, trying, verifying  # noqa: F401 — importing them makes their commands
from autograder.cli.app import app
from autograder.cli.console import plain
from autograder.errors import AutograderError


def main() -> None:
    """Run a command; what goes wrong is one line on stderr and exit code 2."""
    try:
        app()
    except AutograderError as error:
        typer.echo(f"autograder: {plain(str(error))}", err=True)
        raise SystemExit(2) from None
    except BrokenPipeError:  # `autograder grade | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise SystemExit(0) from None
