"""`make scale`: 100,000 submissions, simulated from costs that are measured on this machine first.

    make scale                                    measure, simulate, print, write work/scale.json
    .venv/bin/python tests/benchmarks/scale_simulation.py --costs work/scale.json --count 10000

Three servers in a row, each with a queue: the scheduler (so many tasks a second), the workers (a batch is the sum of
its submissions' costs, drawn lognormal around the measured mean), and the client, which reads, checks and writes each
result by itself. Batches and how many are under way are those of `grading/cluster/client.py`. A part of the class is hostile
and uses up its whole time. Shards have no scheduler and no common client: the slowest decides, and then somebody
finishes. Left out: networks slower than the client, and nodes that fail.
"""

from __future__ import annotations

import argparse
import gc
import heapq
import json
import math
import random
import statistics
import tempfile
import time
from collections import deque
from dataclasses import asdict, dataclass
from pathlib import Path

from cluster_efficiency import a_class
from distributed import Client, LocalCluster

from autograder.assignment.assignment import load_assignment
from autograder.course import bundled_course
from autograder.files import claimed
from autograder.grading.cluster.client import BATCHES_A_WORKER, MAX_BATCH, MIN_BATCHES
from autograder.grading.grader import Grader, on_one_core
from autograder.records.history import files_of
from autograder.records.result import Result
from autograder.records.store import result_path
from autograder.records.writer import ResultWriter

SPREAD = 0.35  # of the logarithm of a submission's cost: a factor of two either way is rare
HOSTILE, HOSTILE_SECONDS = 0.001, 30.0  # one in 1,000 loops until submission_seconds are up
CORES = (1, 8, 32, 64, 128, 256, 512, 1000)


@dataclass(frozen=True)
class Costs:
    """Seconds on this machine, medians, and kB. result_*: of one result at the client or at the end of a run."""

    submission: float
    start: float  # of a worker's sandbox
    result_read: float  # JSON to a checked record
    result_write: float  # to_json, the file, and two fsync
    result_finish: float  # its row of grades.csv and its copy in the history, with two fsync
    task: float  # of the scheduler
    result_kb: float
    record_kb: float  # the record in memory
    notebook_kb: float


def measure(name: str, count: int, results: int, tasks: int) -> Costs:
    """count: submissions that are graded.  results: files that are written.  tasks: empty ones that Dask runs."""
    course = bundled_course()
    with tempfile.TemporaryDirectory() as text:
        submissions = a_class(course, name, count, Path(text))
        suite = load_assignment(course.solutions / name)
        began = time.perf_counter()
        with on_one_core():
            grader = Grader({name: suite}, b"scale", None)
            start = time.perf_counter() - began
            spent, graded = [], []
            for submission in submissions:
                began = time.perf_counter()
                graded.append(grader.grade(submission))
                spent.append(time.perf_counter() - began)
            grader.close()
        notebook_kb = statistics.mean(s.notebook.stat().st_size for s in submissions if s.notebook) / 1e3
        texts = [
            r.model_copy(update={"student": f"s{i:06}"}).to_json()
            for i in range(results)
            for r in [graded[i % len(graded)]]
        ]
        read, record_kb = _reading(texts)
        write, finish = _writing(Path(text) / "results", texts)
    return Costs(
        submission=statistics.fmean(spent[len(spent) // 4 :]),
        start=start,
        result_read=read,
        result_write=write,
        result_finish=finish,
        task=_task_seconds(tasks),
        result_kb=statistics.mean(map(len, texts)) / 1e3,
        record_kb=record_kb,
        notebook_kb=notebook_kb,
    )


def _reading(texts: list[str]) -> tuple[float, float]:
    """(seconds, kB of resident memory) a record."""
    gc.collect()
    before, began = _resident_kb(), time.perf_counter()
    held = [Result.model_validate_json(t) for t in texts]
    spent = (time.perf_counter() - began) / len(texts)
    return spent, (_resident_kb() - before) / len(held)


def _writing(out: Path, texts: list[str]) -> tuple[float, float]:
    """Seconds a result: to write it as it comes, and at the end of the run."""
    names = [Result.model_validate_json(t) for t in texts[:1]]
    with claimed(out, [result_path(out, names[0].assignment, "s"), *files_of(out)]):
        keeper = ResultWriter(out)
        spent = 0.0
        for text in texts:
            result = Result.model_validate_json(text)
            began = time.perf_counter()
            keeper.write(result)
            spent += time.perf_counter() - began
        began = time.perf_counter()
        keeper.finish()
        return spent / len(texts), (time.perf_counter() - began) / len(texts)


def _task_seconds(tasks: int) -> float:
    """Of an empty task, one client and two workers, submitted as the grader does: a few at a time."""
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=":0", memory_limit=0, silence_logs=50
        ) as opened,
        Client(opened.scheduler_address, set_as_default=False) as client,
    ):
        client.gather([client.submit(_nothing, i, key=f"warm-{i}") for i in range(50)])
        began, left = time.perf_counter(), tasks
        while left > 0:
            client.gather([client.submit(_nothing, i, key=f"task-{left}-{i}") for i in range(50)])
            left -= 50
        return (time.perf_counter() - began) / tasks


def _nothing(i: int) -> int:
    return i


def _resident_kb() -> float:
    text = Path("/proc/self/status").read_text()
    return float(next(line.split()[1] for line in text.splitlines() if line.startswith("VmRSS:")))


@dataclass(frozen=True)
class Outcome:
    """Of a simulated run. wall: seconds.  *_busy: share of the wall time, all workers together for `workers_busy`."""

    wall: float
    workers_busy: float
    client_busy: float
    scheduler_busy: float
    core_hours: float


def class_of(count: int, costs: Costs, rng: random.Random) -> list[float]:
    """Seconds of each submission; the mean is the measured one, hostile ones aside."""
    mu = math.log(costs.submission) - SPREAD**2 / 2
    return [HOSTILE_SECONDS if rng.random() < HOSTILE else rng.lognormvariate(mu, SPREAD) for _ in range(count)]


def on_dask(work: list[float], cores: int, costs: Costs) -> Outcome:
    """A batch passes the scheduler, then a worker, then the client; results free a place for the next batch."""
    todo, ready, clock = deque(work), [0.0 + costs.start] * cores, 0.0
    heapq.heapify(ready)
    scheduler, client, busy, tasks = 0.0, 0.0, 0.0, 0
    ended: list[tuple[float, int]] = []  # (when a worker is through with a batch, its size)

    def send(now: float) -> None:
        nonlocal scheduler, busy, tasks
        share = math.ceil(len(todo) / (2 * BATCHES_A_WORKER * cores))
        batch = [todo.popleft() for _ in range(min(MAX_BATCH, share, len(todo)))]
        scheduler = max(scheduler, now) + costs.task
        begun = max(scheduler, heapq.heappop(ready))
        heapq.heappush(ready, begun + sum(batch))
        heapq.heappush(ended, (begun + sum(batch), len(batch)))
        busy += sum(batch)
        tasks += 1

    for _ in range(max(MIN_BATCHES, BATCHES_A_WORKER * cores)):
        if todo:
            send(0.0)
    served = 0.0
    while ended:
        when, size = heapq.heappop(ended)
        clock = max(when, client)
        if todo:
            send(clock)
        cost = size * (costs.result_read + costs.result_write)
        client, served = clock + cost, served + cost
    finish = len(work) * costs.result_finish
    wall = client + finish
    return Outcome(wall, busy / (wall * cores), (served + finish) / wall, tasks * costs.task / wall, busy / 3600)


def in_shards(work: list[float], cores: int, costs: Costs) -> Outcome:
    """One core a shard; each writes its own results, and then somebody looks at all of them and writes the rest."""
    write = costs.result_write
    walls = [costs.start + sum(w + write for w in work[i::cores]) for i in range(cores)]
    finish = len(work) * (2 * costs.result_read + costs.result_finish)
    wall = max(walls) + finish
    return Outcome(wall, sum(work) / (wall * cores), finish / wall, 0.0, sum(work) / 3600)


def table(count: int, costs: Costs, seed: int) -> list[dict[str, float]]:
    """A row a number of cores."""
    rows = []
    for cores in CORES:
        work = class_of(count, costs, random.Random(seed))
        for how, run in (("dask", on_dask), ("shards", in_shards)):
            rows.append({"how": how, "cores": cores, **asdict(run(work, cores, costs))})
    return rows


def show(rows: list[dict[str, float]]) -> None:
    """Markdown."""
    print("| cores | Dask: wall | workers busy | client busy | scheduler busy | shards: wall | workers busy |")
    print("|--:|--:|--:|--:|--:|--:|--:|")
    for cores in CORES:
        d, s = (next(r for r in rows if r["how"] == how and r["cores"] == cores) for how in ("dask", "shards"))
        print(
            f"| {cores} | {_time(d['wall'])} | {d['workers_busy']:.0%} | {d['client_busy']:.0%} | "
            f"{d['scheduler_busy']:.1%} | {_time(s['wall'])} | {s['workers_busy']:.0%} |"
        )


def _time(seconds: float) -> str:
    return f"{seconds / 3600:.1f} h" if seconds >= 3600 else f"{seconds / 60:.1f} min"


def main() -> None:
    """Measure or read costs, simulate, print, write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--count", type=int, default=100_000)
    options.add_argument("--assignment", default="a2_mlp_backprop")
    options.add_argument("--costs", type=Path, help="a work/scale.json of before, instead of measuring")
    options.add_argument("--results", type=int, default=10_000, help="result files to write for the measurement")
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    if asked.costs:
        costs = Costs(**json.loads(asked.costs.read_text())["costs"])
    else:
        costs = measure(asked.assignment, 60, asked.results, 2000)
    for field, value in asdict(costs).items():
        print(f"{field:14} {value:9.1f} kB" if field.endswith("_kb") else f"{field:14} {1e3 * value:9.2f} ms")
    rows = table(asked.count, costs, asked.seed)
    print(f"\n{asked.count} submissions, {rows[0]['core_hours']:.1f} core-hours")
    show(rows)
    print(f"a report of all of them holds {asked.count * costs.record_kb / 1e6:.1f} GB of records in memory")
    Path("work").mkdir(exist_ok=True)
    Path("work/scale.json").write_text(json.dumps({"costs": asdict(costs), "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
