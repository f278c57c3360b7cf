"""Contenders that take turns, each in a process of its own on the same cores."""

from __future__ import annotations

import os
import sys
import time
from multiprocessing import get_context
from typing import Self

import numpy as np
from contenders import CONTENDERS, Case

SAMPLE = 5e-3  # seconds
PAUSE = 2e-3  # for threads of the last contender that still wait, spinning, for more work


def serve(pipe, name: str, cores: list[int], device: str) -> None:
    """A contender's process: told a case, answers with its result, then with seconds a step when asked."""
    os.sched_setaffinity(0, cores)  # before the library counts the cores and starts its threads
    clock = time.process_time if len(cores) == 1 and device == "cpu" else time.perf_counter
    step = None
    while (order := pipe.recv()) != "stop":
        if isinstance(order, Case):
            try:
                step, fetch = CONTENDERS[name](order, device)
            except Exception as error:  # noqa: BLE001 — whatever a library finds wrong with this machine, in one line
                pipe.send(f"{name}: expected it to run on {device}, got {type(error).__name__}: {error}")
                continue
            result = step()
            pipe.send(fetch and (float(fetch(result[0])), {key: fetch(g) for key, g in result[1].items()}))
        else:
            pipe.send(sample(step, clock))


def sample(step, clock) -> float:
    """Seconds a step: as many as fill SAMPLE, after one or two that are not counted."""
    step()
    began = time.perf_counter()
    step()
    calls = max(1, round(SAMPLE / (time.perf_counter() - began)))
    began = clock()
    for _ in range(calls):
        step()
    return (clock() - began) / calls


class Race:
    """The contenders' processes on `cores`."""

    def __init__(self, names: list[str], cores: list[int], device: str) -> None:
        threads = str(len(cores))
        # What is freed stays with the process. Else glibc, unless a larger block was freed before, hands the memory of
        # each step back to the kernel, whose zeros for the next take a tenth of NumPy's time at the largest size.
        os.environ.update(MALLOC_TRIM_THRESHOLD_=str(1 << 30), MALLOC_MMAP_THRESHOLD_=str(1 << 25))
        os.environ.update({f"{library}_NUM_THREADS": threads for library in ("OPENBLAS", "OMP", "MKL")}, NPROC=threads)
        spawn = get_context("spawn")
        self.pipes, self.processes = {}, []
        for name in names:
            self.pipes[name], theirs = spawn.Pipe()
            self.processes.append(spawn.Process(target=serve, args=(theirs, name, cores, device), daemon=True))
            self.processes[-1].start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        for pipe, process in zip(self.pipes.values(), self.processes, strict=True):
            pipe.send("stop")
            process.join(10)

    def ask(self, name: str, order):
        """Send an order to one contender and wait for the answer."""
        self.pipes[name].send(order)
        answer = self.pipes[name].recv()
        if isinstance(answer, str):
            sys.exit(answer)
        return answer

    def prepare(self, case: Case) -> None:
        """Hand out a case. Exits unless all costs and gradients agree: to 1e-10 of the largest entry in float64."""
        results = {name: result for name in self.pipes if (result := self.ask(name, case))}
        tolerance = {"float64": 1e-10, "float32": 1e-4}[str(case.X.dtype)]
        cost, grads = results["reference"]
        for name, (their_cost, theirs) in results.items():
            gaps = {key: np.max(np.abs(theirs[key] - g)) / np.max(np.abs(g)) for key, g in grads.items()}
            gaps["cost"] = abs(their_cost - cost) / cost
            if (worst := max(gaps, key=gaps.get)) and not gaps[worst] <= tolerance:
                sys.exit(f"{name}: expected the reference's {worst} to {tolerance:g}, got a gap of {gaps[worst]:.1e}.")

    def run(self, seconds: float) -> dict[str, list[float]]:
        """Rounds for about `seconds`, five at least; each starts with another contender."""
        times: dict[str, list[float]] = {name: [] for name in self.pipes}
        order, end = list(self.pipes), time.monotonic() + seconds
        while time.monotonic() < end or len(times[order[0]]) < 5:
            for name in order:
                time.sleep(PAUSE)
                times[name].append(self.ask(name, "sample"))
            order = order[1:] + order[:1]
        return times
