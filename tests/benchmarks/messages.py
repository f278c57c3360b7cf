"""`make messages`: where the time of a message between grader and sandbox goes, at both ends, in microseconds.

Both processes share one core, as in a class. A byte to and fro through a pair of sockets is the floor: two changes of
process. Each line is a median. The parts of the student's end are taken by the student's process itself: a cell wraps
its functions, so they contain the cost of looking at the clock, some 0.1 µs each.
"""

import argparse
import os
import socket
import statistics
import time

import numpy as np
from patience import opened

from autograder.sandbox import connection
from autograder.sandbox.sandboxed_student import SandboxedStudent
from autograder.sandbox.tiers import open_sandbox
from autograder.sandbox.worker.wire import Codec

CELL = "import numpy as np\ndef f(x): return x + 1\ndef nothing(): return None"
WATCH = """
import gc, time
session = next(o for o in gc.get_objects() if type(o).__name__ == 'Session')
spent = {"decode": [], "call": [], "encode": []}
def watched(holder, name, key):
    function = getattr(holder, name)
    def inner(*args, **kwargs):
        began = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            spent[key].append(time.perf_counter() - began)
    setattr(holder, name, inner)
watched(session.channel.codec, "decode", "decode")
watched(session, "answer", "call")
watched(session.channel.codec, "encode", "encode")
def medians():
    return [[key, sorted(times)[len(times) // 2]] for key, times in spent.items()]
"""


def main(arguments=None):
    """Print a line for each kind of message, and one for each part of a call."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=300)
    rounds = parser.parse_args(arguments).rounds
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    show("a byte to and fro, between two processes", byte_to_and_fro(rounds))
    with open_sandbox({"a9_test": {}}, "B") as zygote:
        for what, microseconds in [*first_calls(zygote), *calls(zygote, rounds), *parts(zygote, rounds)]:
            show(what, microseconds)


def show(what, microseconds):
    print(f"{microseconds:8.1f}  {what}", flush=True)


def byte_to_and_fro(rounds):
    """The floor: a process that sends back each byte."""
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        ours.close()
        while byte := theirs.recv(1):
            theirs.send(byte)
        os._exit(0)
    theirs.close()

    def once():
        ours.send(b"x")
        ours.recv(1)

    taken = median(once, rounds)
    ours.close()
    os.waitpid(child, 0)
    return taken


def median(function, rounds):
    """Of so many calls, in microseconds; the first tenth is not counted."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        function()
        times.append(time.perf_counter() - began)
    return 1e6 * statistics.median(times[rounds // 10 :])


def first_calls(zygote, processes=9):
    """What is slow in a new process, because memory that it shares with the zygote is copied when it is written to."""
    times = {"a cell, the first of a process": [], "the table of functions": [], "a call, the first of a process": []}
    for _ in range(processes):
        with opened(zygote) as process:
            for one, action in zip(times.values(), first_actions(process), strict=True):
                one.append(median(action, 1))
    return [(what, statistics.median(one)) for what, one in times.items()]


def first_actions(process):
    student = SandboxedStudent(process)
    return lambda: process.run_cell(CELL), lambda: student.f, lambda: student.f(np.ones((4, 3)))


def calls(zygote, rounds):
    """Warm messages; `each` divided by its calls."""
    x, many = np.ones((4, 3)), 20
    with opened(zygote) as process:
        process.run_cell(CELL)
        student = SandboxedStudent(process)
        yield "the smallest request", median(process.dropped, rounds)
        yield "a call without arguments", median(student.nothing, rounds)
        yield "a call with an array of 4 x 3", median(lambda: student.f(x), rounds)
        cases = [(x,)] * many
        yield "the same, 20 in a loop, each", median(lambda: [student.f(x) for _ in cases], rounds // many) / many
        yield "the same, by student.each, each", median(lambda: list(student.each("f", cases)), rounds // many) / many


def parts(zygote, rounds):
    """Where a warm call with an array spends its time: the grader's end, the student's end, the rest between them."""
    spent = {"encode": [], "write": [], "wait": [], "decode": []}
    with opened(zygote) as process:
        process.run_cell(CELL)
        process.run_cell(WATCH)
        student, x = SandboxedStudent(process), np.ones((4, 3))
        undo = [
            watched(Codec, "encode", spent["encode"]),
            watched(os, "write", spent["write"]),
            watched(connection, "_wait", spent["wait"]),
            watched(Codec, "decode", spent["decode"]),
        ]
        whole = median(lambda: student.f(x), rounds)
        for put_back in undo:
            put_back()
        theirs = dict(student.medians())
    yield "a call, watched", whole
    for part, times in spent.items():
        yield f"  the grader: {part}", 1e6 * statistics.median(times)
    for part, seconds in theirs.items():
        yield f"  the student's process: {part}", 1e6 * seconds


def watched(holder, name, times):
    """Take the time of each call of a function. Returns a function that puts it back."""
    function = getattr(holder, name)

    def inner(*args, **kwargs):
        began = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            times.append(time.perf_counter() - began)

    setattr(holder, name, inner)
    return lambda: setattr(holder, name, function)


if __name__ == "__main__":
    main()
