"""Runs a command under a deadline and says what it used: time, memory and disk of it and of everything it started.

Processes whose parent ends become children of this process, so none of them gets lost. At the end all are killed.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_STEP = 0.1  # seconds between two looks
_SETTLING = 3.0  # seconds in which processes of the command may end after it


@dataclass(frozen=True)
class Usage:
    """seconds: wall clock.  memory_mb: peak of all processes.  disk_mb: peak of the folder.

    killed: the deadline came first.  left: processes that still ran some seconds after the command's end.
    """

    seconds: float = 0.0
    memory_mb: float = 0.0
    disk_mb: float = 0.0
    killed: bool = False
    left: int = 0

    def plus(self, other):
        """Two commands, one after the other."""
        return Usage(
            self.seconds + other.seconds,
            max(self.memory_mb, other.memory_mb),
            max(self.disk_mb, other.disk_mb),
            self.killed or other.killed,
            self.left + other.left,
        )


def adopt_orphans():
    """Make this process the parent of all below it whose parent ends."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def run(command, *, environment, seconds, folder, cwd, spared=()):
    """Run the command for at most `seconds`; Usage.

    folder: whose size is measured; the output is in `folder`.log.  spared: processes that are none of the command's.
    """
    started, memory, disk, looks = time.monotonic(), 0.0, 0.0, 0
    with open(f"{folder}.log", "ab") as log, open(os.devnull) as nothing:
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdin=nothing, stdout=log, stderr=log)
    while process.poll() is None and time.monotonic() - started < seconds:
        memory = max(memory, sum(map(_memory, below(os.getpid(), spared))))
        if looks % 5 == 0:
            disk = max(disk, _size(folder))
        looks += 1
        time.sleep(_STEP)
    killed, spent = process.poll() is None, time.monotonic() - started
    left = 0 if killed else _left_after_a_while(spared)
    process.kill()
    process.wait()
    _kill_all(spared)
    return Usage(spent, memory, max(disk, _size(folder)), killed, left)


def below(pid, spared=()):
    """Ids of all processes below one that have not ended."""
    todo, result = [pid], []
    while todo:
        try:
            tasks = list(Path(f"/proc/{todo.pop()}/task").iterdir())
            children = [int(c) for t in tasks for c in (t / "children").read_text().split()]
        except OSError:
            continue
        alive = [c for c in children if c not in spared and _alive(c)]
        result += alive
        todo += alive
    return result


def _alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _left_after_a_while(spared):
    latest = time.monotonic() + _SETTLING
    while (left := below(os.getpid(), spared)) and time.monotonic() < latest:
        time.sleep(_STEP)
    return len(left)


def _kill_all(spared):
    """Kill what is left, and what it starts meanwhile; take the exit status of the orphans among it."""
    latest = time.monotonic() + 20
    while (left := below(os.getpid(), spared)) and time.monotonic() < latest:
        for pid in left:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _memory(pid):
    """MB of one process; memory that it shares is divided among those who share it."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    except (OSError, StopIteration):
        return 0.0


def _size(folder):
    """MB of all files in a folder."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(root, name)).st_blocks * 512
    return total / (1 << 20)
