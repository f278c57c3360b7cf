"""A runner whose commands of `autograder` run in the test's own process: no imports, and a sandbox that is warm.

Bash still runs each script. It finds a program named `autograder` there, which hands over its folder, words and
environment and ends as the command did. tests/ci/test_class.py has the real program.
"""

import os
import subprocess
from pathlib import Path

from ci.classroom import Runner
from commands import program

# Only file names and one number travel through the pipes: neither side waits for room in them.
STAND_IN = """#!/bin/bash
asked=$(mktemp -d {folder}/XXXXXX)
printf '%s\\0' "$PWD" "$@" > "$asked/words"
cat /proc/$$/environ > "$asked/environment"
echo "$asked" >&{ask}
read -r code <&{answer}
cat "$asked/said"
exit "$code"
"""


class QuickRunner(Runner):
    """See Runner."""

    def _done(self, step, here):
        folder = here.parent / f"{here.name}-calls"
        folder.mkdir(exist_ok=True)
        (asked, ask), (answer, answered) = os.pipe(), os.pipe()
        stand_in = folder / "autograder"
        stand_in.write_text(STAND_IN.format(folder=folder, ask=ask, answer=answer))
        stand_in.chmod(0o755)
        words, environment = self._call(step, here)
        environment["PATH"] = f"{folder}{os.pathsep}{environment['PATH']}"
        with (
            self.machine(),
            (folder / "log").open("wb") as log,
            subprocess.Popen(
                words, cwd=here, env=environment, pass_fds=(ask, answer), stdout=log, stderr=log
            ) as script,
            open(asked) as calls,
            open(answered, "w") as codes,  # closed before the script is waited for
        ):
            os.close(ask)  # so that `calls` ends with the script
            os.close(answer)
            for call in calls:
                print(_answer(Path(call.rstrip("\n"))), file=codes, flush=True)
        return subprocess.CompletedProcess(words, script.returncode, (folder / "log").read_bytes(), b"")


def _answer(call):
    """Run the command; its exit code."""
    folder, *words = (call / "words").read_bytes().decode().split("\0")[:-1]
    variables = (call / "environment").read_bytes().decode().split("\0")[:-1]
    code, said = program(folder, *words, **dict(variable.split("=", 1) for variable in variables))
    (call / "said").write_text(said)
    return code
