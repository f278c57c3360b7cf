"""Runs a command of `autograder` in this process."""

import contextlib
import io
import os
import subprocess
import sys
from unittest import mock

from typer.testing import CliRunner

from autograder.cli.main import app, main


def run(*arguments, code=0, **environment):
    """What the command leaves; its exit code is `code`. A table has room for 200 columns.

    An exception rises: without `main` each of them ends with 1, and 1 is also how a command says that it found something.
    """
    done = CliRunner().invoke(app, [str(a) for a in arguments], env={"COLUMNS": "200", **environment})
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done


def process(folder, *arguments, **environment):
    """As `program`, in a process of its own."""
    words, given = [sys.executable, "-m", "autograder", *arguments], {"PATH": os.environ["PATH"], **environment}
    done = subprocess.run(words, cwd=folder, env=given, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stdout + done.stderr


def program(folder, *arguments, **environment):
    """(exit code, what it says) of the program in a folder, with this environment alone: mistakes are one line, too."""
    said = io.StringIO()
    with (
        contextlib.chdir(folder),
        mock.patch.dict(os.environ, {"PATH": os.environ["PATH"], **environment}, clear=True),
        mock.patch.object(sys, "argv", ["autograder", *arguments]),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
    ):
        try:
            main()
        except SystemExit as ended:
            return ended.code, said.getvalue()
