"""The application that every command registers with. Nothing is decided in this package.

Imports of the stages stand inside the commands: `autograder --help` must not wait for NumPy.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from autograder import __version__

_FOR_A_PERSON = sys.stdout.isatty() and sys.stderr.isatty()  # a person at a terminal gets boxes

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich" if _FOR_A_PERSON else None,
    context_settings={} if _FOR_A_PERSON else {"terminal_width": 160},
    help="Release notebooks, grade what students hand in, report. The student's process never holds the answer.",
)


@app.callback(invoke_without_command=True)
def version(
    show: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    """Options before a command."""
    if show:
        typer.echo(f"autograder {__version__}")
        raise typer.Exit
