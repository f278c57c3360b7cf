"""kill -9 at random points of a real `autograder grade`, again and again: nothing lost, nothing twice, nothing left.

    make faults                                         200 runs; ends by itself, prints the seed and counts
    .venv/bin/python tests/faults/kills.py --seed S --only 17     run 17 of seed S once more

The seed decides who is killed, in which tier, with how many jobs and when; the machine decides what that hits.
The command is a fork of this process, which has imported everything already: half of its time would be imports.
"""

import argparse
import collections
import ctypes
import json
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import resource_tracker
from pathlib import Path

from autograder.assignment.samples import notebook_text
from autograder.cli.main import main as autograder
from autograder.grading import grade_class  # noqa: F401 — imported for the forks
from autograder.records.result import Result

ARENA = Path(__file__).parents[1] / "attacks" / "course"
KINDS = ("submission", "zygote", "bubblewrap", "grader", "command")
RIGHT = "def mean_square(x):\n    return float(np.mean(np.square(x)))"
DOUBLE = "def double(x):\n    return 2 * x"
SLOW = "import time; time.sleep(0.15)"  # so that a kill meets a submission under way
PR_SET_CHILD_SUBREAPER = 36
MAX_SECONDS = 300  # a command that hangs is killed, and so fails


def notebooks():
    """{student: notebook}: right, wrong, crashing, blocked, malformed; None for who hands in nothing."""

    def cells(*sources):
        return notebook_text([("code", f"c{i}", s) for i, s in enumerate(("import numpy as np", *sources))])

    return {
        "right": cells(RIGHT, DOUBLE),
        "right-slow": cells(SLOW, RIGHT, DOUBLE),
        "right-slow-calls": cells(RIGHT, f"def double(x):\n    {SLOW}\n    return 2 * x"),
        "wrong": cells("def mean_square(x):\n    return 0.0", DOUBLE),
        "wrong-slow": cells(SLOW, RIGHT, "def double(x):\n    return x"),
        "wrong-both": cells("def mean_square(x):\n    return 0.0", "def double(x):\n    return mean_square(x)", SLOW),
        "crash": cells("def mean_square(x):\n    import os; os._exit(0)", DOUBLE, SLOW),
        "fault": cells(RIGHT, "def double(x):\n    import ctypes; ctypes.string_at(0)", SLOW),
        "raises": cells("1 / 0", RIGHT, DOUBLE, SLOW),
        "empty": cells(),
        "malformed": "no JSON",
        "missing": None,
    }


@dataclass(frozen=True)
class Draw:
    """What one run does: the kill comes `delay` seconds after `results` result files are there."""

    kind: str
    tier: str
    jobs: int
    results: int
    delay: float


def draw(seed, number, tiers):
    """The same seed and number give the same draw."""
    rng = random.Random(f"{seed}-{number}")
    kinds = [k for k in KINDS if k != "bubblewrap" or "A" in tiers]
    kind = kinds[number % len(kinds)]
    tier = "A" if kind == "bubblewrap" else rng.choice(tiers)
    results = rng.randrange(len(notebooks()))
    return Draw(kind, tier, 2 if kind == "grader" else 1, results, rng.uniform(0, 0.4 if results else 2.0))


class Scenario:
    """A small class in a course of its own, and what an undisturbed run makes of it in each tier."""

    def __init__(self, root, tiers):
        self.root, self.tiers, self.expected = root, tiers, {}
        shutil.copytree(ARENA, root / "solutions" / "arena")
        (root / "course.toml").write_text('title = "Faults"\n')
        for student, text in notebooks().items():
            folder = root / "work" / "submitted" / student / "arena"
            folder.mkdir(parents=True)
            if text is not None:
                (folder / "arena.ipynb").write_text(text)
        for tier in tiers:
            run = Watched(self, root / tier, tier, 1)
            assert run.to_its_end() == 0, run.said
            self.expected[tier] = contents(run.out)
            results = [path for path in self.expected[tier] if not path.startswith(".history/")]
            assert len(results) == len(notebooks()) + 1  # and grades.csv

    def run(self, what, out):
        """One kill, and all that must hold after it. Returns who was hit, or "nobody" if it came too late."""
        run = Watched(self, out, what.tier, what.jobs)
        code = run.to_its_end(what)
        assert (code == -signal.SIGKILL) == (run.killed == "command"), run.said
        if run.killed == "command":
            done = inodes(out)
            again = Watched(self, out, what.tier, what.jobs)
            assert again.to_its_end() == 0, again.said
            assert done.items() <= inodes(out).items(), "a whole result was graded again"
        else:
            assert code == 0, f"a killed {run.killed} ended the command: {run.said}"
        assert contents(out) == self.expected[what.tier], run.said
        return f"{run.killed}, tier {what.tier}" if run.killed else "nobody: it had ended"


class Watched:
    """One command under way, its process tree, and a watcher of its results folder."""

    def __init__(self, scenario, out, tier, jobs):
        self.out, self.said, self.killed, self._seen = out, "", None, set()
        self._log = Path(f"{out}.log")
        self._before = set(below(os.getpid()))
        self.pid = os.fork()
        if self.pid == 0:
            options = ["--course", scenario.root, "--out", out, "--tier", tier, "--jobs", jobs]
            run_command(["autograder", "grade", *map(str, options)], self._log)

    def to_its_end(self, what=None):
        """The exit code; meanwhile whom `what` says is killed when it says."""
        status, due, latest = None, None, time.monotonic() + MAX_SECONDS
        while status is None:
            if time.monotonic() > latest:
                os.kill(self.pid, signal.SIGKILL)
            results = self._look()
            if what and due is None and results >= what.results:
                due = time.monotonic() + what.delay
            if due and self.killed is None and time.monotonic() >= due:
                self.killed = self._kill(what.kind)
            time.sleep(0.03)
            pid, ended = os.waitpid(self.pid, os.WNOHANG)
            status = ended if pid else None
        self._look()
        self.said = self._log.read_text()
        left = left_of(self._before)
        assert not left, f"left behind: {[cmdline(p) for p in left]}"
        assert "Traceback" not in self.said, self.said
        return os.waitstatus_to_exitcode(status)

    def _kill(self, kind):
        targets = [p for p in (self.pid, *below(self.pid)) if kind_of(p, self.pid) == kind]
        if not targets:
            return None
        try:
            os.kill(random.choice(targets), signal.SIGKILL)
        except ProcessLookupError:
            return None
        return kind

    def _look(self):
        """How many results there are. Every file that bears its name must be whole, whenever somebody looks."""
        files = list(self.out.glob("*/*.json"))
        for file in files:
            status = file.stat()
            if (file, status.st_ino, status.st_mtime_ns) not in self._seen:
                self._seen.add((file, status.st_ino, status.st_mtime_ns))
                Result.model_validate_json(file.read_bytes())
        grades = self.out / "grades.csv"
        if grades.exists():
            assert len(grades.read_text().splitlines()) == len(notebooks()) + 1
        return len(files)


def run_command(arguments, log):
    """In a fresh fork: the command, as its console script runs it, with what it says in a file. Does not return."""
    code = 1
    try:
        os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
        resource_tracker._resource_tracker._fd = resource_tracker._resource_tracker._pid = None  # it starts its own
        sys.argv = arguments
        autograder()
    except SystemExit as end:
        code = end.code or 0
    except BaseException:  # noqa: BLE001 — as the interpreter would
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def adopt_orphans():
    """What a killed parent leaves behind becomes a child of this process, and so can be counted."""
    assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


def below(root):
    """Ids of the living processes below one."""
    children = collections.defaultdict(list)
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent, *_ = entry.read_text().rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if state not in "ZX":
            children[int(parent)].append(int(entry.parent.name))
    todo, found = [root], []
    while todo:
        own = children[todo.pop()]
        found += own
        todo += own
    return found


def left_of(before, seconds=60.0):
    """What is new below this process and does not end within a moment: a killed parent's are killed by the kernel."""
    for _ in range(int(seconds / 0.02)):
        if not (left := set(below(os.getpid())) - before):
            break
        time.sleep(0.02)
    for entry in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
        os.waitpid(int(entry), os.WNOHANG)  # orphans that were adopted
    return left


def cmdline(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def kind_of(pid, command):
    """What part a process of the command's tree has. A submission's process is a fork of its zygote."""
    said = cmdline(pid)
    if pid == command:
        return "command"
    if "bwrap" in said.partition(" ")[0]:
        return "bubblewrap"
    if "worker.zygote" in said:
        try:
            parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            return ""
        return "submission" if "worker.zygote" in cmdline(parent).partition("bwrap")[0] else "zygote"
    return "grader" if "spawn_main" in said else ""


def contents(out):
    """{path: bytes} of everything in a results folder, what is hidden too."""
    return {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*")) if not p.is_dir()}


def inodes(out):
    """{path: inode} of graded results: a file written again is another one."""
    return {p: p.stat().st_ino for p in out.glob("*/*.json") if json.loads(p.read_text())["status"] == "graded"}


def tiers_here():
    return ("A", "B") if shutil.which("bwrap") else ("B",)


def _one(scenario, what, number):
    adopt_orphans()
    try:
        return number, scenario.run(what, scenario.root / f"run-{number}"), ""
    except AssertionError as error:
        return number, "FAILED", f"{what}: {error}"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=200)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options.add_argument("--only", type=int, help="the number of one run")
    options.add_argument("--lanes", type=int, default=len(os.sched_getaffinity(0)))
    asked = options.parse_args()
    numbers = range(asked.runs) if asked.only is None else [asked.only]
    print(f"{len(numbers)} kills, seed {asked.seed}", flush=True)
    counts, started = collections.Counter(), time.monotonic()
    lanes = ProcessPoolExecutor(asked.lanes, multiprocessing.get_context("spawn"))
    with tempfile.TemporaryDirectory(prefix="faults-") as folder, lanes:
        scenario = Scenario(Path(folder, "course"), tiers_here())
        draws = [draw(asked.seed, number, scenario.tiers) for number in numbers]
        for number, hit, problem in lanes.map(_one, [scenario] * len(draws), draws, numbers):
            counts[hit] += 1
            if problem:
                print(f"run {number}: {problem}. Again: --seed {asked.seed} --only {number}", flush=True)
    for hit, count in sorted(counts.items()):
        print(f"{count:5} {hit}")
    print(f"{time.monotonic() - started:.0f} s")
    sys.exit(bool(counts["FAILED"]))


if __name__ == "__main__":
    main()
