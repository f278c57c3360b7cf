"""`nbgrader formgrader`: a Jupyter server with nbgrader's page for grading by hand, started in the course root.

Today's nbgrader has the page but no command that opens it: `nbgrader formgrade` says to start Jupyter oneself, and
any other word lists the commands. nbgrader reads nbgrader_config.py before it does either: there we step in.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path


def is_asked_for(arguments: Sequence[str]) -> bool:
    """Whether the process was called as `nbgrader formgrader`, the script or `python -m`. arguments: sys.argv."""
    program = Path(arguments[0])
    called = program.parent.name if program.name == "__main__.py" else program.name
    return called == "nbgrader" and arguments[1:2] == ["formgrader"]


def command(root: Path, options: Sequence[str] = ()) -> list[str]:
    """The server's command line. options: Jupyter's, in the long form that nbgrader lets pass, --ServerApp.port=0."""
    own = {"root_dir": str(root), "default_url": "/formgrader", "open_browser": "True"}
    given = {option.partition("=")[0] for option in options}  # Jupyter takes no setting twice
    settings = [f"--ServerApp.{k}={v}" for k, v in own.items() if f"--ServerApp.{k}" not in given]
    return [sys.executable, "-m", "jupyter_server", *settings, *options]


def serve(root: Path, options: Sequence[str] = ()) -> None:
    """Become that server. nbgrader's part of it looks for its settings in the working directory."""
    os.chdir(root)
    os.execv(sys.executable, command(root, options))  # noqa: S606 — no shell
