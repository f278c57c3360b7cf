"""`make bench-cluster`: how much faster two Dask workers grade than one, on this machine.

A class of copies of the course's own samples, no two of the same bytes, is graded by `autograder grade --cluster` on a
LocalCluster of one worker process and on one of two, by turns, in one run. Sandboxes are started before the clock is.
Efficiency is t(1) / (2 t(2)): 100 % if two workers take half the time. Scheduler and client run on the same cores as
the workers here, so what they cost is in it: on two cores at best W / (W + C), where W is a submission's processor time
and C that of client and scheduler, which is printed as well. Prints medians and spread, and writes
work/cluster_efficiency.json.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path

from distributed import LocalCluster

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import load_samples, notebook_text, solved_cells
from autograder.course import Course, bundled_course
from autograder.grading.cluster import client
from autograder.grading.grade_class import grade
from autograder.grading.plan import GradingPlan
from autograder.intake.submissions import Submission


def a_class(course: Course, name: str, count: int, folder: Path) -> tuple[Submission, ...]:
    """`count` notebooks: the solution and honest samples, over and over. A blank line more makes another file."""
    assignment = load_assignment(course.solutions / name)
    honest = [s for s in load_samples(assignment) if s.diagnosis not in {"timeout", "crash"}]
    texts = [notebook_text(solved_cells(assignment)), *(notebook_text(solved_cells(assignment, s)) for s in honest)]
    found = []
    for i in range(count):
        path = folder / f"s{i:05}.ipynb"
        path.write_text(texts[i % len(texts)] + i // len(texts) * "\n", encoding="utf-8")
        found.append(Submission(path.stem, name, path))
    return tuple(found)


def seconds(plan: GradingPlan) -> tuple[float, float]:
    """(wall, processor time of this process) of one run, from connecting to the last byte of the history."""
    began, processor = time.perf_counter(), time.process_time()
    results = grade(plan)
    spent = time.perf_counter() - began, time.process_time() - processor
    assert {r.status for r in results} == {"graded"}
    return spent


def measure(course: Course, name: str, count: int, rounds: int) -> tuple[dict[int, list[float]], list[float]]:
    """Seconds of each round by number of workers; processor seconds of client and scheduler."""
    spent: dict[int, list[float]] = {1: [], 2: []}
    overhead: list[float] = []
    client.forget_course = lambda *_: None  # sandboxes stay from the run that starts them to the one that is timed
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        submissions = a_class(course, name, count, folder)
        for turn in range(rounds):
            for workers in (1, 2) if turn % 2 == 0 else (2, 1):
                with LocalCluster(
                    n_workers=workers, threads_per_worker=1, dashboard_address=":0", memory_limit=0, silence_logs=50
                ) as opened:
                    address = opened.scheduler_address
                    out = folder / f"{turn}-{workers}"
                    seconds(GradingPlan(course, (name,), submissions[: 16 * workers], out / "warm", cluster=address))
                    wall, own = seconds(GradingPlan(course, (name,), submissions, out / "timed", cluster=address))
                    spent[workers].append(wall)
                    overhead.append(own)
                print(f"  {workers} worker{'s' * (workers > 1)}: {spent[workers][-1]:.2f} s", flush=True)
    return spent, overhead


def main() -> None:
    """Measure, print, write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--assignment", default="a1_gradient_ascent")
    options.add_argument("--count", type=int, default=400)
    options.add_argument("--rounds", type=int, default=4)
    asked = options.parse_args()
    cores = len(os.sched_getaffinity(0))
    print(f"{asked.count} submissions of {asked.assignment}, {cores} cores, load {os.getloadavg()[0]:.1f}", flush=True)
    spent, overhead = measure(bundled_course(), asked.assignment, asked.count, asked.rounds)
    one, two = (statistics.median(spent[n]) for n in (1, 2))
    pairs = [a / b / 2 for a, b in zip(spent[1], spent[2], strict=True)]
    for n in (1, 2):
        print(f"{n}: {asked.count / statistics.median(spent[n]):.1f} submissions a second, median of {asked.rounds}")
    own = 1e3 * statistics.median(overhead) / asked.count
    print(f"client and scheduler: {own:.1f} ms of processor time a submission")
    print(f"efficiency {one / two / 2:.0%}, rounds from {min(pairs):.0%} to {max(pairs):.0%}")
    report = {
        "count": asked.count,
        "assignment": asked.assignment,
        "cores": cores,
        "seconds": spent,
        "overhead_ms": own,
        "efficiency": one / two / 2,
    }
    Path("work").mkdir(exist_ok=True)
    Path("work/cluster_efficiency.json").write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
