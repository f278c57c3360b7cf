"""`nbgrader formgrader`: a Jupyter server with nbgrader's page for grading by hand, started in the course root.

nbgrader has the page, but no command that opens it: `nbgrader formgrade` tells the user to start Jupyter. Any other
word lists the commands. But nbgrader reads nbgrader_config.py first, and `configure` starts the server from there.
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
    defaults = {"root_dir": str(root), "default_url": "/formgrader", "open_browser": "True"}
    given = {option.partition("=")[0] for option in options}  # Jupyter takes no setting twice
    settings = [f"--ServerApp.{k}={v}" for k, v in defaults.items() if f"--ServerApp.{k}" not in given]
    return [sys.executable, "-m", "jupyter_server", *settings, *options]


def serve(root: Path, options: Sequence[str] = ()) -> None:
    """Replace this process by the server. nbgrader's part of it looks for settings in the working directory."""
    os.chdir(root)
    os.execv(sys.executable, command(root, options))  # noqa: S606 — no shell
