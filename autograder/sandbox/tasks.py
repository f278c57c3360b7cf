"""The number of tasks for RLIMIT_NPROC. Without a user namespace of its own, all tasks of the user count."""

from __future__ import annotations

import os
import resource
from pathlib import Path

_OF_A_SUBMISSION = 64
_MORE = 512  # that other processes of the user may start meanwhile
_LEFT = 64  # tasks below the limit of this process (`ulimit -u`) that no submission can take from the grader


def allowed_tasks(*, namespaces: bool) -> int:
    """The limit for a submission that starts now. namespaces: whether it has its own."""
    wanted = _OF_A_SUBMISSION + (0 if namespaces else tasks_of_user() + _MORE)
    most, _ = resource.getrlimit(resource.RLIMIT_NPROC)
    return wanted if most == resource.RLIM_INFINITY else min(wanted, max(1, most - _LEFT))


def tasks_of_user() -> int:
    """The number of tasks of this user now."""
    count = 0
    for process in Path("/proc").glob("[0-9]*/status"):
        try:
            text = process.read_text("utf-8", "replace")  # a program chooses its name
        except OSError:
            continue
        fields = dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)
        if fields.get("Uid", "").split("\t")[:1] == [str(os.getuid())]:
            count += int(fields.get("Threads", "1"))
    return count
