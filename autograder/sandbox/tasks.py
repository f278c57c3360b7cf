"""The number of tasks for RLIMIT_NPROC. In tier B the kernel counts all tasks of the user."""

from __future__ import annotations

import os
from pathlib import Path

_OF_A_SUBMISSION = 64


def allowed_tasks(tier: str) -> int:
    """The limit for a submission that starts now in this tier."""
    return _OF_A_SUBMISSION + (_tasks_of_user() if tier == "B" else 0)


def _tasks_of_user() -> int:
    """The number of tasks of this user now, plus room for more."""
    count = 0
    for process in Path("/proc").glob("[0-9]*/status"):
        try:
            text = process.read_text()
        except OSError:
            continue
        fields = dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)
        if fields.get("Uid", "").split("\t")[:1] == [str(os.getuid())]:
            count += int(fields.get("Threads", "1"))
    return count + 512
