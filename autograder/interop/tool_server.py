"""A process that has imported nbgrader or otter-grader, and runs each of their commands in a copy of itself.

The import takes a second or two, and a release runs two commands for each assignment. A copy (fork) begins with the
imports done, and what it changes ends with it. Started by tools.py: orders come on standard input, a line of JSON each;
the exit code of each command goes back as a line. An order can also be to import tools, which has no answer.
"""

from __future__ import annotations

import importlib
import json
import os
import runpy
import signal
import sys
from typing import Any

IMPORTS = {"nbgrader": "nbgrader.apps", "otter": "otter.assign"}  # by tool, what its commands import


def serve() -> None:
    """Do one order after another, until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what an import prints is no answer
    for line in sys.stdin:
        order = json.loads(line)
        if "imports" in order:
            _import(*order["imports"])
            continue
        _import(order["tool"])
        copy = os.fork()
        if copy == 0:
            run(order)
            return
        _, status = os.waitpid(copy, 0)
        print(os.waitstatus_to_exitcode(status), file=answers)


def _import(*tools: str) -> None:
    for tool in tools:
        if tool in IMPORTS:
            importlib.import_module(IMPORTS[tool])


def run(order: dict[str, Any]) -> None:
    """As `python -m TOOL ARGUMENTS` in that folder. A command that takes too long is ended by SIGALRM."""
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    for number, path in enumerate((os.devnull, order["printed"], order["errors"])):
        stream = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.dup2(stream, number)
        os.close(stream)
    signal.setitimer(signal.ITIMER_REAL, order["seconds"])
    sys.argv = [order["tool"], *order["arguments"]]
    runpy.run_module(order["tool"], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    serve()
