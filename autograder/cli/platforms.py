"""What works on which system. Student code runs on Linux only: the sandbox is made of what Linux offers.

On macOS all commands work that run no student code. On Windows none does: `--help` and `--version` only.
"""

from __future__ import annotations

import sys

from autograder.errors import AutograderError

# `doctor` tries the sandbox; `demo` grades a class.
RUNS_STUDENT_CODE = frozenset({"check", "grade", "audit", "verify", "demo", "doctor", "serve"})
_WINDOWS = frozenset({"win32", "cygwin"})


def require_system(command: str) -> None:
    """Raise AutograderError if the command cannot work on this system."""
    if sys.platform in _WINDOWS:
        raise AutograderError(
            f"{command}: expected Linux, got Windows. Hint: work in WSL (wsl --install), where every "
            "command works, or in a Linux container."
        )
    if sys.platform != "linux" and command in RUNS_STUDENT_CODE:
        system = "macOS" if sys.platform == "darwin" else sys.platform
        raise AutograderError(
            f"{command}: expected Linux, whose kernel has the sandbox, got {system}. Hint: run it in a "
            "Linux container, virtual machine or CI job; collect, release, report, export and diff work here."
        )
