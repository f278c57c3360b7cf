"""The number of tasks for RLIMIT_NPROC. In tier B the kernel counts all tasks of the user."""

from __future__ import annotations

import os
import resource
from pathlib import Path

_OF_A_SUBMISSION = 64
_LEFT = 64  # tasks below the limit of this process (`ulimit -u`) that no submission can take from the grader


def allowed_tasks(tier: str) -> int:
    """The limit for a submission that starts now in this tier."""
    wanted = _OF_A_SUBMISSION + (_tasks_of_user() if tier == "B" else 0)
    most, _ = resource.getrlimit(resource.RLIMIT_NPROC)
    return wanted if most == resource.RLIM_INFINITY else min(wanted, max(1, most - _LEFT))


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
