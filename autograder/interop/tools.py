"""Runs the command-line tools of nbgrader and otter, each in its own process, with its own settings."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from autograder.errors import CourseError

SECONDS = 300
# As `python -m TOOL`, without one import: jsonschema, which every notebook tool loads, checks formats of web addresses
# with a package that compiles 38 grammars at each start (1.3 s of the 1.5 s of `import nbformat`). No notebook's schema
# has such a format, and jsonschema does without the package where it is not installed.
_START = (
    "import runpy, sys; sys.modules['rfc3987_syntax'] = None; del sys.argv[0]; "
    "runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)"
)


def run_tool(root: Path, tool: str, *arguments: str, seconds: float = SECONDS) -> str:
    """Run `python -m TOOL ARGUMENTS` in `root`; what it printed. Raises CourseError with the last error it printed."""
    with tempfile.TemporaryDirectory(prefix=f"{tool}-") as home:
        try:
            done = subprocess.run(
                [sys.executable, "-c", _START, tool, *arguments],
                cwd=root,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=seconds,
                check=False,
                env=_environment(Path(home)),
            )
        except subprocess.TimeoutExpired:
            raise CourseError(f"{tool} {arguments[0]}: expected it to end within {seconds:g} s, got no end.") from None
    if done.returncode != 0:
        lines = done.stderr.splitlines() or ["no message"]
        errors = [line for line in lines if "Error" in line] or lines
        raise CourseError(f"{tool} {arguments[0]}: expected it to succeed, got: {errors[-1].strip()[:300]}")
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
        "PYTHONUTF8": "1",  # otter writes a notebook in the encoding of the locale
        "PYTHONIOENCODING": "utf-8",
    }


def _commands(folder: Path) -> Path:
    """A folder with `alembic`: nbgrader calls it by name, and a venv that is not activated is not on the PATH."""
    command = folder / "alembic"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{_START}" alembic "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return folder
