"""Rows X: loops, memory, output and descriptors without end. Each costs what it touches, within its limits."""

import pytest
from attacks.arena import RIGHT, other_question, outcomes
from patience import BRIEF

from autograder.records.flags import Flag

LOOPS = {
    "X1 catches everything": (
        "import signal\n    for s in range(1, 65):\n        try: signal.signal(s, signal.SIG_IGN)\n        except (OSError, ValueError): pass\n"
        "    while True:\n        try:\n            while True: pass\n        except BaseException: pass"
    ),
    "X2 inside C": "import re\n    re.match(r'(a+)+$', 'a' * 64 + 'b')",
    "X14 asleep": "import time\n    time.sleep(10**6)",
}
CRASHES = {
    # Recursion without a limit eats memory before it eats the stack, from Python 3.11 on.
    "X8 recursion": (
        "import sys\n    sys.setrecursionlimit(2**31 - 1)\n    return mean_square(x)",
        {"crash", "timeout", "error"},
    ),
    "X9 a null pointer": ("import ctypes\n    ctypes.string_at(0)", {"crash"}),
    # In tier A the process is the first of its namespace, and a signal that it raises itself is lost on it.
    "X9 a fault on request": ("import faulthandler\n    faulthandler._sigsegv()", {"crash", "fail"}),
}
ERRORS = {
    "X3 a fork": "import os\n    os.fork()",
    "X4 eight gigabytes": "np.ones(2**30)",
    "X10 input": "input()",
    "X10 standard input": "import sys\n    return float(sys.stdin.read())",
    "X10 a password": "import getpass\n    getpass.getpass()",
    "X18 descriptors": "import os\n    return [os.dup(0) for _ in range(10_000)]",
}
HARMLESS = {
    "X5 200 MB of output": "print('x' * 200_000_000)",
    "X6 threads that stay": "import threading, time\nthreading.Thread(target=time.sleep, args=(3600,)).start()",
    "X7 a full disk": "try:\n    with open('/tmp/full', 'wb') as f:\n        while True: f.write(bytes(1 << 20))\nexcept OSError: pass",
    "X15 priorities": "import os\nfor c in ('os.sched_setaffinity(0, {0})', 'os.setpriority(0, 0, -20)'):\n    try: exec(c)\n    except OSError: pass\n    else: raise SystemExit",
    "X17 threads": "import threading, time\ntry:\n    for _ in range(5000): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\nexcept (RuntimeError, MemoryError): pass",
    "X19 a huge figure": "import matplotlib.pyplot as plt\ntry: plt.figure(figsize=(1e5, 1e5)).savefig('/tmp/x.png')\nexcept Exception: pass",
}


def body(text):
    return f"def mean_square(x):\n    {text}"


@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_is_ended_at_its_deadline_and_named(arena, name):
    result = arena.within(**BRIEF).attack(answer=body(LOOPS[name]))
    assert outcomes(result)["q1.value"] == "timeout"
    assert other_question(result) == 5


@pytest.mark.parametrize("name", CRASHES)
def test_a_crash_costs_the_question_that_crashed(arena, name):
    text, expected = CRASHES[name]
    result = arena.within(**BRIEF).attack(answer=body(text))
    assert outcomes(result)["q1.value"] in expected
    assert other_question(result) == 5


@pytest.mark.parametrize("name", ERRORS)
def test_what_there_is_none_of_is_an_error_at_once(arena, name):
    result = arena.attack(answer=body(ERRORS[name]))
    assert outcomes(result)["q1.value"] in {"error", "fail"}
    assert other_question(result) == 5


@pytest.mark.parametrize("name", HARMLESS)
def test_waste_in_a_cell_costs_the_answers_nothing(arena, name):
    assert arena.attack(answer=RIGHT, last=HARMLESS[name]).score == 15


NAMED = {
    "a call": ("while True: pass", "a call used more than 0.5 s of processor time"),
    "memory": ("np.ones(2**30)", "512 MB that a notebook may use"),
    "a fault": ("import ctypes\n    ctypes.string_at(0)", "segmentation fault"),
}


@pytest.mark.parametrize("name", NAMED)
def test_the_message_names_the_limit_that_was_met(arena, name):
    text, named = NAMED[name]
    result = arena.within(**BRIEF).attack(answer=body(text))
    assert named in next(c.message for q in result.questions for c in q.checks if c.id == "q1.value")


def test_a_cell_that_takes_too_long_is_named_with_its_limit(arena):
    assert (
        "a cell used more than 1 s of processor time"
        in arena.within(**BRIEF).attack(last="while True: pass").cell_errors[0].error
    )


def test_output_beyond_the_limit_is_flagged_for_the_instructor(arena):
    assert arena.attack(last="print('x' * 70_000)").flags[-1] == Flag(kind="output", data=("64",))


def test_x16_calls_just_under_their_limit_end_with_the_whole_notebooks_budget(arena):
    slow = body("import time\n    time.sleep(0.9)\n    return float(np.mean(np.square(x)))")
    result = arena.within(submission_seconds=1.5, wall_factor=2).attack(answer=slow)
    assert outcomes(result)["q1.value"] == "timeout"  # four calls a check, the fourth is one too many
    message = next(c.message for q in result.questions for c in q.checks if c.id == "q1.value")
    assert "the whole notebook did not answer within 3 s (it waited or slept)" in message
