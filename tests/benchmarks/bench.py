"""`make bench`: one submission's cost, side by side with nbgrader and with no machinery at all.

All three grade the same notebooks in one run, one process each:
  ours      one worker process, tier A where there is bubblewrap
  nbgrader  `nbgrader autograde`: a cold command for one notebook, and the marginal cost in a batch
  floor     the same cells and checks, bare, in this process: no sandbox, no protocol
Prints ratios of medians and writes work/bench.json. Timings of one run are comparable; across machines, ratios are.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MPLBACKEND="Agg")

import nbformat

from autograder.authoring.assignment import Assignment, load_assignment
from autograder.authoring.inprocess import Namespace
from autograder.authoring.samples import load_samples, notebook_text, solved_cells, starter_cells
from autograder.authoring.solution import module_from
from autograder.course import Course, bundled_course, find_course
from autograder.errors import NotDefinedError
from autograder.grading.cells import cells_to_run
from autograder.grading.grader import on_one_core
from autograder.grading.judge import judge
from autograder.grading.results import Result
from autograder.grading.submission import grade_notebook
from autograder.intake.reader import read_notebook
from autograder.interop.nbgrader import run_nbgrader, write_source
from autograder.sandbox.tiers import open_sandbox

ROUNDS = 5
BATCH = 12


class InProcess(Namespace):
    """The floor's `student`: an exception of student code is an answer here as well."""


def floor(path: Path, assignment: Assignment) -> None:
    """Read, run the cells, put the checks; nothing else."""
    names: dict[str, object] = {"__name__": "__main__"}
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        for number, source in cells_to_run(read_notebook(path), assignment):
            with contextlib.suppress(Exception):
                exec(compile(source, f"<cell {number}>", "exec"), names)
        student = InProcess(names)
        for check in assignment.checks:
            with contextlib.suppress(NotDefinedError, Exception):
                judge(check, student, assignment.reference, "floor")


def measure(call, items, rounds: int = ROUNDS) -> list[float]:
    """Milliseconds of each call, after one round that is not counted."""
    for item in items:
        call(item)
    spent = []
    for _ in range(rounds):
        for item in items:
            began = time.perf_counter()
            call(item)
            spent.append(1e3 * (time.perf_counter() - began))
    return spent


def notebooks(assignment: Assignment, folder: Path) -> list[Path]:
    """The solution, the starter and honest samples, without the endless and the crashing: a kernel would wait for those."""
    texts = [notebook_text(solved_cells(assignment)), notebook_text(starter_cells(assignment))]
    texts += [
        notebook_text(solved_cells(assignment, s))
        for s in load_samples(assignment)
        if s.diagnosis not in {"timeout", "crash"}
    ]
    paths = []
    for i, text in enumerate(texts[:BATCH]):
        path = folder / f"s{i:02}.ipynb"
        path.write_text(text)
        paths.append(path)
    return paths


def ours(paths: list[Path], assignment: Assignment) -> tuple[list[float], str, float]:
    """Milliseconds a submission with one worker process, its tier, and the peak memory of it all in MB."""
    results: list[Result] = []
    with on_one_core(), open_sandbox({assignment.name: assignment.handouts}) as zygote:
        times = measure(
            lambda p: results.append(grade_notebook(read_notebook(p), p.stem, assignment, zygote, b"bench")), paths
        )
        tier = zygote.tier
    return times, tier, peak_memory(assignment.name, paths)


def peak_memory(name: str, paths: list[Path]) -> float:
    """MB of a separate grader and everything below it, proportional shares, sampled while it grades."""
    code = (
        "import sys; from pathlib import Path; from autograder.course import bundled_course as c;"
        "from autograder.authoring.assignment import load_assignment as l; from autograder.sandbox.tiers import open_sandbox as o;"
        "from autograder.grading.submission import grade_notebook as g; from autograder.intake.reader import read_notebook as r;"
        "a = l(c().solutions / sys.argv[1]); z = o({a.name: a.handouts});"
        "[g(r(Path(p)), 'x', a, z, b'') for _ in range(10) for p in sys.argv[2:]]; z.close()"
    )
    process = subprocess.Popen([sys.executable, "-c", code, name, *map(str, paths)])
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, sum(_pss(pid) for pid in _family(process.pid)))
        time.sleep(0.02)
    return peak / 1024


def _family(root: int) -> list[int]:
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            parents[int(stat.parent.name)] = int(fields[1])
    family, todo = [], [root]
    while todo:
        pid = todo.pop()
        family.append(pid)
        todo += [child for child, parent in parents.items() if parent == pid]
    return family


def _pss(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)


def nbgrader(paths: list[Path], course: Course, assignment: Assignment) -> tuple[float, float]:
    """Milliseconds of a cold `nbgrader autograde` of one notebook, and of each further one in a batch."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "course.toml").write_bytes((course.root / "course.toml").read_bytes())
        (root / "solutions").symlink_to(course.solutions)
        write_source(assignment, root / "source" / assignment.name)
        run_nbgrader(root, "generate_assignment", assignment.name, "--create")
        release = nbformat.read(root / "release" / assignment.name / f"{assignment.name}.ipynb", 4)
        for path in paths:
            target = root / "submitted" / path.stem / assignment.name
            target.mkdir(parents=True)
            submitted = nbformat.read(path, 4)
            sources = {c.id: c.source for c in submitted.cells}
            for cell in release.cells:
                cell.source = sources.get(cell.id, cell.source)
            nbformat.write(release, target / f"{assignment.name}.ipynb")
        cold = [_timed(root, assignment.name, "--student", paths[0].stem, "--force") for _ in range(3)]
        batch = _timed(root, assignment.name, "--force")
    alone = statistics.median(cold)
    return alone, (batch - alone) / (len(paths) - 1)


def _timed(root: Path, *arguments: str) -> float:
    began = time.perf_counter()
    run_nbgrader(root, "autograde", *arguments)
    return 1e3 * (time.perf_counter() - began)


def main() -> None:
    """Measure every assignment of the course and print the ratios."""
    course = find_course(Path.cwd()) if (Path.cwd() / "course.toml").is_file() else bundled_course()
    report = {}
    for name in course.names():
        assignment = load_assignment(course.solutions / name)
        with tempfile.TemporaryDirectory() as folder:
            paths = notebooks(assignment, Path(folder))
            sys.modules.update({module: module_from(module, text) for module, text in assignment.handouts.items()})
            bare = measure(lambda p: floor(p, assignment), paths)  # noqa: B023 — called in this round of the loop only
            times, tier, memory = ours(paths, assignment)
            cold, marginal = nbgrader(paths, course, assignment)
        own = statistics.median(times)
        report[name] = {
            "notebooks": len(paths), "tier": tier, "ours_ms": own, "ours_ms_quartiles": statistics.quantiles(times), "floor_ms": statistics.median(bare),
            "nbgrader_cold_ms": cold, "nbgrader_marginal_ms": marginal, "grader_and_worker_mb": memory,
            "cold_over_ours": cold / own, "marginal_over_ours": marginal / own, "ours_over_floor": own / statistics.median(bare),
        }  # fmt: skip
        print(f"{name}: {len(paths)} notebooks, sandbox tier {tier}, medians")
        print(
            f"  ours {own:.1f} ms, floor {statistics.median(bare):.1f} ms, nbgrader cold {cold:.0f} ms, marginal {marginal:.0f} ms"
        )
        print(
            f"  {cold / own:.0f} × faster than a cold nbgrader autograde, {marginal / own:.0f} × its marginal cost, {own / statistics.median(bare):.2f} × the floor"
        )
        print(
            f"  peak memory of grader and worker {memory:.0f} MB (this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB)"
        )
    target = course.work / "bench.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(report, indent=1) + "\n")
    print(f"written: {target}")


if __name__ == "__main__":
    main()
