"""Runs the real command-line tools of nbgrader and otter, each in a process of its own, with settings of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from autograder.errors import CourseError

SECONDS = 300


def run_tool(root: Path, tool: str, *arguments: str, seconds: float = SECONDS) -> str:
    """Run `python -m TOOL ARGUMENTS` in `root`; what it printed. Raises CourseError with the last error it printed."""
    with tempfile.TemporaryDirectory(prefix=f"{tool}-") as home:
        try:
            done = subprocess.run(
                [sys.executable, "-m", tool, *arguments],
                cwd=root,
                capture_output=True,
                text=True,
                timeout=seconds,
                check=False,
                env=_environment(Path(home)),
            )
        except subprocess.TimeoutExpired:
            raise CourseError(f"{tool} {arguments[0]}: expected it to end within {seconds:g} s, got no end.") from None
    if done.returncode != 0:
        lines = done.stderr.splitlines() or ["no message"]
        told = [line for line in lines if "Error" in line] or lines
        raise CourseError(f"{tool} {arguments[0]}: expected it to succeed, got: {told[-1].strip()[:300]}")
    return done.stdout + done.stderr


def _environment(home: Path) -> dict[str, str]:
    return {
        **os.environ,
        "PATH": f"{_commands(home)}{os.pathsep}{os.environ.get('PATH', '')}",
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home),
        "JUPYTER_PLATFORM_DIRS": "1",
        "MPLBACKEND": "Agg",
        "PYTHONWARNINGS": "ignore",
    }


def _commands(folder: Path) -> Path:
    """A folder with `alembic`: nbgrader calls it by name, and a venv that is not activated is not on the PATH."""
    command = folder / "alembic"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m alembic "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return folder
