"""Where `autograder` starts."""

from __future__ import annotations

from autograder.cli.app import app
from autograder.cli.console import plain
from autograder.cli.streams import tell
from autograder.errors import AutograderError

# isort: off
# `autograder --help` lists the commands in the order of these imports.
from autograder.cli import author  # noqa: F401
from autograder.cli import collecting  # noqa: F401
from autograder.cli import grading  # noqa: F401
from autograder.cli import comparing  # noqa: F401
from autograder.cli import hand  # noqa: F401
from autograder.cli import reporting  # noqa: F401
from autograder.cli import returning  # noqa: F401
from autograder.cli import ci  # noqa: F401
from autograder.cli import ci_record  # noqa: F401
from autograder.cli import trying  # noqa: F401
# isort: on


def main() -> None:
    """Run a command. An error of the user's is one line and exit code 2; a fault of ours one line and exit code 70."""
    try:
        app()
    except AutograderError as error:
        tell(f"autograder: {plain(str(error))}")
        raise SystemExit(2) from None
    except Exception as error:  # noqa: BLE001 — no exception reaches a user as a traceback
        from autograder.unforeseen import ending

        text, code = ending(error)
        tell(f"autograder: {plain(text)}")
        raise SystemExit(code) from None
