"""Rows F: forge the score. The verdict is computed where no payload can reach.

Each payload stands in a notebook whose mean_square is wrong, and must not earn it a point. Those that concern a
grader in one process are tried on one, and succeed there.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from attacks.arena import WRONG, other_question, outcomes, sources

NAIVE = Path(__file__).with_name("naive.py")

# What forges the score of a grader that shares its process with the student.
IN_PROCESS = {
    "F6 patched comparisons": "np.testing.assert_allclose = np.allclose = lambda *a, **k: True",
    "F7 patched exceptions": (
        "import builtins, sys\nbuiltins.AssertionError = type('Never', (Exception,), {})\n"
        "np.testing.assert_allclose.__globals__['AssertionError'] = builtins.AssertionError\n"
        "np.testing.assert_allclose.__code__ = (lambda *a, **k: None).__code__"
    ),
    "F8 a clean exit": "import os\nprint('{\"score\": 8}', flush=True)\nos._exit(0)",
    "F10 a score on the last line": "import atexit\natexit.register(print, '{\"score\": 8}')",
    "F15 a check replaced": "import sys\nsys.modules['__main__'].hidden_check = lambda names: None",
    "R3 the caller's expected value": (
        "import sys\ndef mean_square(x):\n    frame = sys._getframe(1)\n"
        "    while frame is not None:\n        if 'expected' in frame.f_locals: return frame.f_locals['expected']\n"
        "        frame = frame.f_back\n    return 0.0"
    ),
}

OTHERS = {
    "V1 a number like any other": (
        "class Any(float):\n    __array_priority__ = 99\n    def __array_ufunc__(self, f, m, *a, **k): return np.array(True)\n"
        "    __eq__ = __le__ = __lt__ = __ge__ = lambda *a: True\n    __sub__ = __rsub__ = __abs__ = lambda *a: 0.0\n"
        "def mean_square(x): return Any()"
    ),
    "F1 result files": (
        "import os\nfor folder in ('.', '/tmp', os.path.expanduser('~'), '/'):\n"
        "    for name in ('results.json', 'grades.csv', 'feedback.html'):\n        try: open(os.path.join(folder, name), 'w').write('{\"score\": 15}')\n"
        "        except OSError: pass"
    ),
    "F11 code in a pickle": (
        "class Bomb:\n    def __reduce__(self): return (exec, ('raise SystemExit',))\ndef mean_square(x): return Bomb()"
    ),
    "F12 work at the end": "import atexit, weakref\natexit.register(print, 100)\nclass X:\n    def __del__(self): print(100)\nx = X()",
    "F13 a watching thread": (
        "import threading, time\ndef watch():\n    while True: time.sleep(0.01)\nthreading.Thread(target=watch, daemon=True).start()"
    ),
    "F14 a tracer": "import sys, threading\nsys.settrace(lambda *a: None)\nsys.setprofile(lambda *a: None)\nsys.addaudithook(lambda *a: None)",
    "F16 a finder": (
        "import sys\nclass Finder:\n    def find_spec(self, *a): return None\nsys.meta_path.insert(0, Finder())\n"
        "sys.modules['autograder'] = sys.modules['reference_impl'] = np"
    ),
    "F17 detects the sandbox": "import os\nif not os.path.exists('/proc/self/environ'): np.square = lambda x: x",
    "F22 points in the notebook": "max_score = 0.0\npoints = float('nan')\nscore = 100",
}


def answered(payload):
    """Where a payload stands: in place of the answer if it defines one, else after a wrong answer."""
    return {"answer": payload} if "def mean_square" in payload else {"answer": WRONG, "last": payload}


@pytest.mark.parametrize("name", IN_PROCESS)
def test_the_payload_forges_the_score_of_a_naive_grader(name, tmp_path):
    notebook = tmp_path / "cells.json"

    def score(**where):
        notebook.write_text(json.dumps(sources(**where)))
        run = subprocess.run([sys.executable, NAIVE, notebook], capture_output=True, text=True, timeout=60, check=False)
        return json.loads(run.stdout.splitlines()[-1])["score"]

    assert score(answer=WRONG) == 0
    assert score(**answered(IN_PROCESS[name])) == 8


@pytest.mark.parametrize("name", [*IN_PROCESS, *OTHERS])
def test_the_payload_gains_nothing_here(arena, name):
    payload = {**IN_PROCESS, **OTHERS}[name]
    assert outcomes(arena.attack(**answered(payload)))["q1.value"] != "pass"
    assert arena.attack(**answered(payload)).score <= arena.attack(answer=WRONG).score


# --- The protocol: the worker's own end of the line is the student's to patch -----------------------------------------

WRITES = "import os\ndef mean_square(x):\n    for fd in range(1, 64):\n        try: os.write(fd, {frame})\n        except OSError: pass\n    return 0.0"


@pytest.mark.parametrize(
    "frame",
    [
        "b'passed' * 100",
        "b'\\x00\\x00\\x00\\x05hello'",
        "b'\\xff\\xff\\xff\\xff'",
        "(20).to_bytes(4, 'big') + b'\\x83\\xa2id\\x01\\xa4kind\\xa5value\\xa5value\\x01'",
        "bytes(1 << 20)",
    ],
)
def test_frames_written_by_hand_end_the_process_and_earn_nothing(arena, frame):
    result = arena.attack(answer=WRITES.format(frame=frame))
    assert outcomes(result)["q1.value"] in {"crash", "fail", "error", "timeout"}
    assert other_question(result) == 5


def test_the_servers_functions_replaced_in_memory_earn_nothing(arena):
    payload = (
        "import gc, types\nfor o in gc.get_objects():\n"
        "    if isinstance(o, types.FunctionType) and o.__name__ in ('answer', 'encode', 'do_call'):\n"
        "        o.__code__ = (lambda *a, **k: 4.2).__code__"
    )
    result = arena.attack(answer=WRONG, last=payload)
    assert outcomes(result)["q1.value"] != "pass"
    assert result.score <= arena.attack(answer=WRONG).score
