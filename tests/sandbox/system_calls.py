"""Which system calls ordinary notebooks make: what the allow-list of `autograder/sandbox/seccomp.py` was measured by.

`make syscalls` runs the honest notebooks of the attack suite in tier B under strace, which must be installed, and
prints what was allowed and used, allowed and not used, and refused.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from attacks.test_controls import FILES, KEEPS_ITS_MARKS, STYLES
from patience import opened
from sandbox.test_containment import SCIENCE

from autograder.errors import StudentError
from autograder.sandbox import seccomp
from autograder.sandbox.tiers import open_sandbox

CALL = re.compile(r"^(\w+)\(")
CHILD = re.compile(r"^clone3?\(.*CLONE_THREAD.* = (\d+)$")


def run_the_corpus():
    """Run every honest notebook, each in its own process."""
    with open_sandbox({}, "B") as zygote:
        for source in [*KEEPS_ITS_MARKS.values(), *FILES.values(), *STYLES.values(), SCIENCE]:
            with opened(zygote, "", memory=4 << 30) as session:
                for cell in ("import numpy as np", source):
                    try:
                        session.run_cell(cell)
                    except StudentError as error:
                        print(error, getattr(error, "text", ""), file=sys.stderr)


def calls_of_submissions(folder):
    """{call: refused or not, seen}: what was called after the filter was on, threads included."""
    lines = {path.suffix[1:]: path.read_text(errors="replace").splitlines() for path in folder.iterdir()}
    todo, used, refused = [], set(), set()
    for pid, all_lines in lines.items():
        on = [i for i, line in enumerate(all_lines) if "PR_SET_SECCOMP" in line]
        todo += [(pid, on[0] + 1)] if on else []
    while todo:
        pid, start = todo.pop()
        for line in lines.get(pid, ())[start:]:
            if match := CALL.match(line):
                (refused if "EPERM" in line or "ENOSYS" in line else used).add(match[1])
            if child := CHILD.match(line):
                todo.append((child[1], 0))
    return used, refused - used


def main():
    """Print the three lists."""
    if sys.argv[1:] == ["corpus"]:
        run_the_corpus()
        return
    with tempfile.TemporaryDirectory() as folder:
        trace = ["strace", "-ff", "--signal=none", "-o", f"{folder}/trace"]
        subprocess.run([*trace, sys.executable, __file__, "corpus"], check=True)
        used, refused = calls_of_submissions(Path(folder))
    allowed = set(seccomp._ALLOWED) | {"clone", "fcntl", "ioctl", "prctl", "prlimit64", "tgkill"}
    for title, names in {
        "allowed and used": allowed & used,
        "allowed and not used": allowed - used,
        "refused": refused | (used - allowed),
    }.items():
        print(f"{title} ({len(names)}): {' '.join(sorted(names))}")


if __name__ == "__main__":
    main()
