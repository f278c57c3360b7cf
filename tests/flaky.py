"""Find tests that chance or load decides: `make flaky` runs the suite again and again, in other orders.

    make flaky                              ten runs, then two beside eight busy loops
    make flaky RUNS=1 BUSY=0 SEED=7         the run of seed 7 once more
    make flaky TESTS="tests/reports"        some of the tests only

A seed gives the order of files, the order of tests in a file, PYTHONHASHSEED and the seed of hypothesis. No failure
ends it; at the end it prints each test that failed, in how many runs, and with which seeds.
"""

import argparse
import collections
import contextlib
import os
import random
import subprocess
import sys
import tempfile
from itertools import groupby
from pathlib import Path

import pytest

BUSY_RUNS = 2
MAX_HASH_SEED = 2**32 - 1
OPTIONS = "-q -n 3 --dist worksteal".split()  # as `make test`

# --- The plugin, which each run of pytest loads ---------------------------------------------------


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items):
    """Shuffle. pytest then sorts by the parameters of shared fixtures, so that none is made again and again."""
    rng = random.Random(int(os.environ["FLAKY_SEED"]))  # every worker of xdist must get the same order
    rng.shuffle(items)
    yield
    items.sort(key=lambda item: item.path)
    files = [list(tests) for _, tests in groupby(items, key=lambda item: item.path)]
    rng.shuffle(files)
    items[:] = [test for file in files for test in file]


def pytest_runtest_logreport(report):
    _write_down(report)


def pytest_collectreport(report):
    _write_down(report)


def _write_down(report):
    if report.failed and "PYTEST_XDIST_WORKER" not in os.environ:
        with open(os.environ["FLAKY_FAILED"], "a") as file:
            file.write(f"{report.nodeid or 'the collection'}\n")


# --- The command ----------------------------------------------------------------------------------


@contextlib.contextmanager
def busy(loops):
    """So many processes that never pause. Each has a session of its own: Linux shares a core among sessions first."""
    command = [sys.executable, "-c", "while True: pass"]
    processes = [subprocess.Popen(command, start_new_session=True) for _ in range(loops)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def failed(seed, tests):
    """Names of the tests that fail in one run with this seed."""
    with tempfile.NamedTemporaryFile("r", prefix="failed-") as file:
        given = {"FLAKY_SEED": seed, "PYTHONHASHSEED": seed % MAX_HASH_SEED, "FLAKY_FAILED": file.name}
        paths = [str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])]
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "flaky", f"--hypothesis-seed={seed}", *OPTIONS, *tests],
            check=False,
            env={
                **os.environ,
                **{name: str(value) for name, value in given.items()},
                "PYTHONPATH": os.pathsep.join(paths),
                "PYTHONDONTWRITEBYTECODE": "",
            },
        )
        names = set(file.read().splitlines())
    return names or ({f"pytest itself, exit code {ended.returncode}"} if ended.returncode else set())


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=10)
    options.add_argument("--busy", type=int, default=8, help="loops beside the last two runs; 0: no such runs")
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="of the first run")
    options.add_argument("tests", nargs="*")
    asked = options.parse_args()
    loads = [0] * asked.runs + [asked.busy] * (BUSY_RUNS if asked.busy else 0)
    seeds = collections.defaultdict(list)
    for seed, loops in enumerate(loads, asked.seed):
        print(f"seed {seed}, {loops} busy loops, run {seed - asked.seed + 1} of {len(loads)}", flush=True)
        with busy(loops):
            for name in failed(seed, asked.tests):
                seeds[name].append(seed)
    for name in sorted(seeds):
        print(f"failed in {len(seeds[name])} of {len(loads)} runs, seeds {', '.join(map(str, seeds[name]))}: {name}")
    print(f"{len(loads)} runs from seed {asked.seed}: {len(seeds)} tests failed")
    sys.exit(bool(seeds))


if __name__ == "__main__":
    main()
