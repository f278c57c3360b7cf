"""Whole commands, as they are typed: seconds, and memory while they run."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.material import hand_in
from benchmarks.spread import Spread, spread

from autograder.assignment.assignment import Assignment
from autograder.course import Course

EVERY = 1.0  # seconds between two looks at the memory: a look takes some 10 ms of the machine
_KIB = 1024


@dataclass(frozen=True)
class Ran:
    """One command. seconds: whole.  family_mb: peak of proportional shares of it and all below it.

    parent_mb: peak of what the command's own process had resident.
    """

    seconds: float
    family_mb: float
    parent_mb: float


def autograder(*arguments: str, cwd: Path, look: bool = False) -> Ran:
    """Run `autograder ARGUMENTS`. Raises RuntimeError if it fails. look: at its memory, which costs about 1 %."""
    command = [str(Path(sys.executable).with_name("autograder")), *arguments]
    family = parent = 0
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, stdout=said, stderr=said)
        while look and process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(EVERY)
                break
            family = max(family, sum(_kib(pid, "smaps_rollup", "Pss:") for pid in _family(process.pid)))
            parent = max(parent, _kib(process.pid, "status", "VmHWM:"))
        code = process.wait()
        seconds = time.perf_counter() - began
        said.seek(0)
        if code:
            raise RuntimeError(f"autograder {arguments[0]}: expected exit code 0, got {code}: {said.read()[-500:]!r}")
    return Ran(seconds, family / _KIB, parent / _KIB)


def times_of(course: Course, repeats: int, *arguments: str) -> Spread:
    """Seconds of a command, over and over; the first one, which reads the disk, is not counted."""
    autograder(*arguments, cwd=course.root)
    return spread(autograder(*arguments, cwd=course.root).seconds for _ in range(repeats))


def first_result(course: Course, assignment: Assignment, repeats: int) -> Spread:
    """Seconds of `autograder grade` from nothing to the results of one submission."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        hand_in(course, assignment, Path(folder) / "in", 1)
        given = ("grade", f"{folder}/in", "-a", assignment.name, "--all", "--jobs", "1", "--out", f"{folder}/out")
        return times_of(course, repeats, *given)


def whole_class(course: Course, assignment: Assignment, count: int, jobs: int) -> Ran:
    """`autograder grade` over `count` submissions, each with hidden inputs of its own, into an empty folder."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        hand_in(course, assignment, Path(folder) / "in", count)
        given = ("grade", f"{folder}/in", "-a", assignment.name, "--jobs", str(jobs), "--out", f"{folder}/out")
        return autograder(*given, cwd=course.root, look=True)


def _family(root: int) -> list[int]:
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    family, todo = [], [root]
    while todo:
        pid = todo.pop()
        family.append(pid)
        todo += [child for child, parent in parents.items() if parent == pid]
    return family


def _kib(pid: int, file: str, name: str) -> int:
    try:
        text = Path(f"/proc/{pid}/{file}").read_text()
    except OSError:  # it has ended
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith(name)), 0)


def machine() -> dict[str, str | int]:
    """What the numbers were measured on."""
    import platform

    import numpy as np

    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
    return {
        "processor": model,
        "cores": len(os.sched_getaffinity(0)),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "date": time.strftime("%Y-%m-%d"),
        "load": round(os.getloadavg()[0], 1),
    }
