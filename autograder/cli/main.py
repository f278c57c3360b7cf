"""Where `autograder` starts."""

from __future__ import annotations

from typing import Any, cast

import typer

from autograder.cli.app import app
from autograder.cli.console import plain
from autograder.cli.streams import tell
from autograder.errors import AutograderError

# isort: off
# `autograder --help` lists the commands in the order of these imports.
from autograder.cli import author  # noqa: F401
from autograder.cli import import_course  # noqa: F401
from autograder.cli import collecting  # noqa: F401
from autograder.cli import collect_records  # noqa: F401
from autograder.cli import checking  # noqa: F401
from autograder.cli import grading  # noqa: F401
from autograder.cli import comparing  # noqa: F401
from autograder.cli import hand  # noqa: F401
from autograder.cli import regrading  # noqa: F401
from autograder.cli import reporting  # noqa: F401
from autograder.cli import returning  # noqa: F401
from autograder.cli import serving  # noqa: F401
from autograder.cli import serve_upkeep  # noqa: F401
from autograder.cli import submitting  # noqa: F401
from autograder.cli import ci  # noqa: F401
from autograder.cli import repos  # noqa: F401
from autograder.cli import classroom50  # noqa: F401
from autograder.cli import ci_record  # noqa: F401
from autograder.cli import otter_grading  # noqa: F401
from autograder.cli import trying  # noqa: F401
# isort: on


# What a person typed is no command. Typer has its own copy of click, and no other public name for this class.
_UsageError = cast("type[Exception]", typer.BadParameter.__base__)


def main() -> None:
    """Run a command. An error of the user's is one line and exit code 2; a fault of ours one line and exit code 70."""
    try:
        code = app(standalone_mode=False)
    except _UsageError as error:
        tell(_usage(error))
        raise SystemExit(2) from None
    except typer.Abort:
        raise SystemExit(1) from None
    except AutograderError as error:
        tell(f"autograder: {plain(str(error))}")
        raise SystemExit(2) from None
    except Exception as error:  # noqa: BLE001 — no exception reaches a user as a traceback
        from autograder.unforeseen import ending

        text, code = ending(error)
        tell(f"autograder: {plain(text)}")
        raise SystemExit(code) from None
    raise SystemExit(code if isinstance(code, int) else 0)


def _usage(error: Any) -> str:
    """One line in the place of click's four; or the help, which is what a command without arguments asks for."""
    text = str(error.format_message())
    if "\n" in text:
        return text
    names: list[str] = []
    context = error.ctx
    while context is not None and context.parent is not None:
        names.insert(0, context.info_name)
        context = context.parent
    hint = " ".join(["autograder", *names, "--help"])
    said = plain(text)
    end = "" if said[-1:] in {".", "?"} else "."
    return f"autograder: {plain(' '.join([*names, 'usage']))}: {said}{end} Hint: {hint}."
