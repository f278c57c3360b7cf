"""Runs a command of `autograder` in this process."""

from typer.testing import CliRunner

from autograder.cli.main import app


def run(*arguments, code=0, **environment):
    """What the command leaves; its exit code is `code`. A table has room for 200 columns.

    An exception rises: without `main` each of them ends with 1, and 1 is also how a command says that it found something.
    """
    done = CliRunner().invoke(app, [str(a) for a in arguments], env={"COLUMNS": "200", **environment})
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done
