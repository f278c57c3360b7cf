"""What people use today, as they use it: `nbgrader autograde` and `otter run`, on the same notebooks.

Each is run as its command is typed, with nothing of ours in between, and may use every core. A cold run is one command
for one notebook. The marginal cost is that of a further notebook: of nbgrader, in a batch that one command grades, from
the times at which it wrote each one's file; of otter, which has no batch without Docker, a call of its `grade_submission`
in a process that has imported it and graded one before.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from benchmarks.material import Class
from interop.other_scores import otter_scores

from autograder.assignment.assignment import Assignment
from autograder.course import FILE
from autograder.interop import nbgrader, otter
from autograder.interop.tools import run_tool

SECONDS = 900


def run(root: Path, *command: str) -> float:
    """Milliseconds of a command in `root`. Raises RuntimeError with the end of what it said if it fails."""
    with tempfile.TemporaryDirectory(prefix="home-") as home:
        environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",  # nbgrader calls `alembic`
            "HOME": home,
            "JUPYTER_CONFIG_DIR": home,
            "MPLBACKEND": "Agg",
        }
        began = time.perf_counter()
        done = subprocess.run(
            command, cwd=root, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        spent = 1e3 * (time.perf_counter() - began)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: expected it to succeed, got: {done.stderr[-500:]}")
    return spent


@contextmanager
def nbgrader_course(handed: Class) -> Iterator[Path]:
    """nbgrader's course directory with the assignment released and nothing handed in."""
    name = handed.assignment.name
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        root = Path(folder)
        (root / FILE).write_text('title = "Benchmark"\n')
        (root / "solutions").symlink_to(handed.assignment.folder.parent)
        nbgrader.write_source(handed.assignment, root / "source" / name)
        run_tool(root, "nbgrader", "generate_assignment", name, "--create")
        yield root


def nbgrader_times(handed: Class, cold: int, batch: int) -> dict[str, list[float]]:
    """Milliseconds: `cold` commands of one notebook each, and each further notebook of a command over `batch`."""
    name = handed.assignment.name
    with nbgrader_course(handed) as root:
        for submission in handed.first(max(cold, batch)):
            shutil.copytree(handed.folder / submission.student, root / "submitted" / submission.student)
        command = ("nbgrader", "autograde", name)
        alone = [run(root, *command, "--student", s.student) for s in handed.first(cold)]
        if batch < 2:
            return {"cold": alone, "marginal": []}
        shutil.rmtree(root / "autograded")
        for submission in handed.submissions[batch:]:
            shutil.rmtree(root / "submitted" / submission.student, ignore_errors=True)
        run(root, *command)
        written = sorted(p.stat().st_mtime for p in root.glob(f"autograded/*/{name}/{name}.ipynb"))
    return {"cold": alone, "marginal": [1e3 * (b - a) for a, b in itertools.pairwise(written)]}


def otter_archive(assignment: Assignment, folder: Path) -> Path:
    """autograder.zip, as `autograder release` writes it."""
    archive = folder / "autograder.zip"
    archive.write_bytes(otter.assign(assignment).archive)
    return archive


def otter_times(handed: Class, archive: Path, cold: int, warm: int) -> dict[str, list[float]]:
    """Milliseconds: `cold` commands of one notebook each, and `warm` calls in a process that has otter loaded."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        alone = [
            run(Path(folder), "otter", "run", "--no-logo", "-a", str(archive), "-o", folder, str(s.notebook))
            for s in handed.first(cold)
        ]
    if not warm:
        return {"cold": alone, "marginal": []}
    os.environ.setdefault("MPLBACKEND", "Agg")  # the kernels inherit it
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _without_stderr) as pool:
        pool.submit(_otter_once, archive, handed.submissions[0].notebook).result()
        found = [pool.submit(_otter_once, archive, s.notebook).result() for s in handed.first(warm)]
    return {"cold": alone, "marginal": found}


def _otter_once(archive: Path, notebook: Path) -> float:
    began = time.perf_counter()
    otter_scores(archive, notebook)
    return 1e3 * (time.perf_counter() - began)


def _without_stderr() -> None:
    """Every kernel that starts warns about its own connection."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
