"""Runs the command-line tools of nbgrader and otter, each command in a process of its own, with its own settings.

On Linux it is a copy of a process that has imported the tool (tool_server.py); elsewhere a fresh one each time.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from importlib.util import find_spec
from pathlib import Path

from autograder.distributions import install_command, usual_distribution
from autograder.errors import CourseError

_OF_THE_FULL_INSTALL = {"nbgrader", "otter"}  # a machine that only grades has neither
SECONDS = 300
# As `python -m TOOL`, without one import: see __init__.py.
_START = (
    "import runpy, sys; sys.modules['rfc3987_syntax'] = None; del sys.argv[0]; "
    "runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)"
)
_SERVER = "autograder.interop.tool_server"


def run_tool(root: Path, tool: str, *arguments: str, seconds: float = SECONDS) -> str:
    """Run `python -m TOOL ARGUMENTS` in `root`; what it printed. Raises CourseError with the last error it printed."""
    if tool in _OF_THE_FULL_INSTALL and find_spec(tool) is None:
        name = usual_distribution(tool)
        raise CourseError(f"{name}: expected an installed package, got none. Hint: {install_command(tool)}.")
    with tempfile.TemporaryDirectory(prefix=f"{tool}-") as folder:
        home = Path(folder)
        run = _in_a_copy if sys.platform == "linux" else _in_a_fresh_process
        code, printed, errors = run(root, home, seconds, tool, *arguments)
    if code in {-signal.SIGALRM, None}:
        raise CourseError(f"{tool} {arguments[0]}: expected it to end within {seconds:g} s, got no end.")
    if code != 0:
        lines = errors.splitlines() or ["no message"]
        told = [line for line in lines if "Error" in line] or lines
        raise CourseError(f"{tool} {arguments[0]}: expected it to succeed, got: {told[-1].strip()[:300]}")
    return printed + errors


def get_ready() -> None:
    """Have both tools imported, on Linux and beside what this process does meanwhile, for the commands that follow."""
    if sys.platform == "linux" and all(map(find_spec, _OF_THE_FULL_INSTALL)):  # else `run_tool` says what is missing
        _server(os.getpid()).get_ready()


_Ran = tuple[int | None, str, str]  # exit code, None after the time limit; what it printed; its errors


def _in_a_fresh_process(root: Path, home: Path, seconds: float, tool: str, *arguments: str) -> _Ran:
    try:
        done = subprocess.run(
            [sys.executable, "-c", _START, tool, *arguments],
            cwd=root,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
            check=False,
            env=_environment(home),
        )
    except subprocess.TimeoutExpired:
        return None, "", ""
    return done.returncode, done.stdout, done.stderr


def _in_a_copy(root: Path, home: Path, seconds: float, tool: str, *arguments: str) -> _Ran:
    printed, errors = home / ".printed", home / ".errors"
    order = {
        "tool": tool,
        "arguments": arguments,
        "folder": str(root),
        "environment": _environment(home),
        "printed": str(printed),
        "errors": str(errors),
        "seconds": seconds,
    }
    code = _server(os.getpid()).carry_out(order)
    if code is None:  # somebody ended it; the next command starts another
        _server.cache_clear()
        raise CourseError(f"{tool} {arguments[0]}: expected it to end by itself, got its process ended from outside.")
    return code, _text(printed), _text(errors)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""


class _Server:
    """The other end of tool_server.py. One command at a time."""

    def __init__(self) -> None:
        self._home = tempfile.TemporaryDirectory(prefix="tools-")
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, _SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=_environment(Path(self._home.name)),
        )
        atexit.register(self.close)

    def get_ready(self) -> None:
        with self._lock, contextlib.suppress(OSError):  # the next command says what there is to say
            assert self._process.stdin is not None
            print(json.dumps({"imports": sorted(_OF_THE_FULL_INSTALL)}), file=self._process.stdin, flush=True)

    def carry_out(self, order: dict[str, object]) -> int | None:
        """The command's exit code; None if the server ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            try:
                print(json.dumps(order), file=self._process.stdin, flush=True)
                answer = self._process.stdout.readline()
            except OSError:
                return None
        return int(answer) if answer else None

    def close(self) -> None:
        self._process.kill()  # it may be at an import that nobody needs any more
        self._process.communicate()
        self._home.cleanup()


@functools.cache
def _server(_of_process: int) -> _Server:
    """One for each of our processes: a copy of ours must not answer for another."""
    return _Server()


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
