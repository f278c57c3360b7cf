"""Rows R: read hidden checks, references and secrets. There is nothing to read where student code runs.

Every payload gathers text into `loot`, and the notebook raises FOUND if a secret is in it: an error of a cell is
shown, so a secret that was found would be seen. On a naive grader each of them finds one.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from attacks.arena import HIDDEN, WRONG, outcomes, sources
from attacks.test_forging import on_the_naive_grader

from autograder.authoring.seeds import seed_of

NAIVE = Path(__file__).with_name("naive.py")
# Brackets, so that the notebook itself does not hold what it looks for.
_HUNT = r"""
import re
found = re.findall(r"token of the [g]rader|secret of the [c]ourse|hidden_[c]heck|2\.031[2]5|an[o]ther student|seeded with 2026[1]", loot)
if found:
    raise RuntimeError('FOUND ' + str(sorted(set(found))))
"""
# Breadth first, what is near before what is far, and never more than a few thousand entries: /tmp may be anyone's.
_WALK = """
import os, sys
def walk(*roots):
    left, todo = 3000, [root or '.' for root in roots]
    while todo and left > 0:
        try: entries = list(os.scandir(todo.pop(0)))
        except OSError: continue
        for entry in entries[:200]:
            left -= 1
            if entry.is_dir(follow_symlinks=False): todo.append(entry.path)
            else: yield entry.path
def read(path):
    try: return open(path, errors='replace').read(100_000)
    except OSError: return ''
"""
SEEKERS = {
    "R1 the environment": "import os\nloot = repr(dict(os.environ))",
    "R2 files by name": _WALK
    + (
        "loot, wanted = '', ('hidden', 'solution', 'gradebook', 'students', 'course.toml', 'secret')\n"
        "for path in walk('.', '/tmp', '/root', '/home', '/srv', '/scratch', *sys.path):\n"
        "    if os.path.basename(path).startswith(wanted):\n        loot += read(path)\n        if loot: break"
    ),
    "R3 frames below": (
        "import sys\nloot, frame = '', sys._getframe()\nwhile frame is not None:\n"
        "    loot += ' '.join([*map(str, frame.f_locals), *map(str, frame.f_globals), frame.f_code.co_filename])\n    frame = frame.f_back"
    ),
    "R4 the heap": (
        "import gc, types\nloot = ' '.join(repr(o.__code__.co_consts) + repr(o.__code__.co_names) + o.__name__\n"
        "    for o in gc.get_objects() if isinstance(o, types.FunctionType))"
    ),
    "R5 /proc": (
        "import glob\nloot = ''\nfor path in glob.glob('/proc/*/environ') + glob.glob('/proc/*/cmdline') + glob.glob('/proc/*/maps') + glob.glob('/proc/*/mountinfo'):\n"
        "    try: loot += open(path, errors='replace').read(100_000)\n    except OSError: pass"
    ),
    "R6 descriptors": (
        "import os\nloot = ''\nfor fd in range(3, 256):\n    try: loot += os.pread(fd, 1 << 20, 0).decode(errors='replace')\n    except OSError: pass\n"
        "    for name in ('hidden_checks.py', 'course.toml', 'naive.py'):\n        try: loot += open(os.open(name, 0, dir_fd=fd)).read()\n        except OSError: pass"
    ),
    "R7 imports": (
        "import importlib, inspect, sys\nloot = ' '.join(sys.modules) + ' '.join(sys.path)\n"
        "for name in ('__main__', 'hidden_checks', 'hidden_tests', 'solution', 'notebook', 'reference_impl', 'autograder'):\n"
        "    try: loot += inspect.getsource(importlib.import_module(name))\n    except (ImportError, TypeError, OSError): pass"
    ),
    "R11 another student's notebook": _WALK
    + (
        "loot = ''\nfor path in walk('.', '..', '/tmp', '/scratch'):\n"
        "    if path.endswith('.ipynb'):\n        loot += read(path)\n        if loot: break"
    ),
    "R14 the seed of the harness": "loot = 'seeded with %d' % np.random.get_state()[1][0]",
    "R15 the server's own code": (
        "import inspect, sys\nloot, frame = '', sys._getframe()\nwhile frame is not None:\n"
        "    loot += repr(frame.f_code.co_names + frame.f_code.co_consts)\n"
        "    try: loot += inspect.getsource(frame.f_code)\n    except (OSError, TypeError): pass\n    frame = frame.f_back"
    ),
}


@pytest.mark.parametrize("name", SEEKERS)
def test_the_payload_finds_a_secret_in_a_naive_grader(name, tmp_path):
    (tmp_path / "hidden_checks.py").write_text("hidden_check")
    (tmp_path / "other.ipynb").write_text("another student")
    notebook = tmp_path / "cells.json"
    notebook.write_text(json.dumps(sources(last=SEEKERS[name] + _HUNT)))
    run = subprocess.run(
        [sys.executable, NAIVE, notebook],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "GRADER_TOKEN": "a token of the grader", "TMPDIR": str(tmp_path)},
    )
    assert "FOUND" in run.stdout


@pytest.mark.parametrize("name", SEEKERS)
def test_the_payload_finds_nothing_here(arena, name, monkeypatch):
    monkeypatch.setenv("GRADER_TOKEN", "a token of the grader")
    result = arena.attack(last=SEEKERS[name] + _HUNT)
    assert not [e for e in result.cell_errors if "FOUND" in e.error]
    assert result.score == 15
    assert result.cell_errors == ()  # the payload ran to its end: it looked


# --- What a hidden call is given must not come out of it --------------------------------------------------------------

WAYS_OUT = {
    "R8 printed": "print(x.tolist())\n    return 0.0",
    "R8 raised": "raise ValueError(str(x.tolist()))",
    "R8 as the name of an exception": "raise type('E' + str(x.tolist()), (Exception,), {})()",
    "R8 as a warning": "import warnings\n    warnings.warn(str(x.tolist()))\n    return 0.0",
    "R8 as a key": "return {str(x.tolist()): 1.0}",
    "R8 as a type": "return type('T' + str(x.tolist()).strip('[]'), (), {})()",
    "R8 as text": "return str(x.tolist())",
    "R10 as a shape": "return np.zeros(int(1000 * abs(x[-1])))",
    "R10 as a length": "return [0] * int(1000 * abs(x[-1]))",
    "R10 as a number of many": "return float(x[-1])",
    "R10 as a factor": "return float(x[-1] * np.mean(x * x))",
    "R10 as the time it takes": "import time\n    time.sleep(min(0.5, abs(x[-1]) / 10))\n    return 0.0",
    "N5 as bits of the value": "return float(np.frombuffer(x.tobytes()[:8], dtype=np.int64)[0])",
    "N5 as pixels": (
        "import base64, io\n    import matplotlib.pyplot as plt\n    file = io.BytesIO()\n    plt.imsave(file, np.outer(x, x))\n"
        "    return base64.b64encode(file.getvalue()).decode()"
    ),
}


@pytest.mark.parametrize("name", WAYS_OUT)
def test_no_hidden_input_comes_out_in_a_message(arena, name):
    # The public example is answered, so that hidden inputs alone are at stake.
    answer = f"def mean_square(x):\n    if len(x) == 2: return 12.5\n    {WAYS_OUT[name]}"
    result = arena.attack(answer=answer)  # which looks for HIDDEN in all that is shown
    hidden = next(c for q in result.questions for c in q.checks if c.id == "q1.value")
    assert hidden.outcome != "pass"
    assert not re.search(r"\d{3,}|\d\.\d", hidden.message), hidden.message


def test_r8_a_suggested_name_is_out_of_the_notebook_and_not_out_of_the_process(arena):
    """The worker's lists of names are the student's to make up, from an input that it has just been given."""
    payload = """
import gc
def mean_square(x):
    if len(x) == 3: names.append('mean_square' + str(x[-1]).replace('.', ''))
    return float(np.mean(x * x))
names, server = [], type(next(o for o in gc.get_objects() if type(o).__name__ == 'Session'))
server.do_functions = lambda self: {}
server.do_names = lambda self: names
def do_get(self, name, found={**globals()}):
    if names: raise KeyError(name)
    return found[name]
server.do_get = do_get
"""
    check = next(c for c in arena.attack(answer=payload).questions[0].checks if c.id == "q1.value")
    assert (check.outcome, check.message) == (
        "missing",
        "mean_square is not defined. Hint: run every cell from the top, then save.",
    )


def test_r8_a_naive_grader_prints_its_hidden_input(tmp_path):
    notebook = tmp_path / "cells.json"
    notebook.write_text(json.dumps(sources(answer="def mean_square(x):\n    raise ValueError(str(x.tolist()))")))
    run = subprocess.run(
        [sys.executable, NAIVE, notebook], capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path
    )
    assert HIDDEN[1] in run.stdout


def test_r9_a_naive_grader_gives_every_try_the_same_inputs(tmp_path):
    """A bit a try, out of the score, adds up to the answer."""
    scores = [
        on_the_naive_grader(tmp_path, answer=f"def mean_square(x): return {guess}")["line"]
        for guess in (4.2, "4.208658854", "4.208658854 if x[2] > 2 else 0")
    ]
    assert scores == [False, True, True]


def test_r9_every_notebook_is_given_other_inputs(arena):
    """A bit read out of a score is a bit about inputs that no later submission meets."""
    first, second = (arena.attack(answer=WRONG, last=f"try_ = {i}") for i in range(2))
    assert first.seed != second.seed
    assert len({seed_of(b"s", "arena", digest) for digest in ("a", "b", "c")}) == 3


def test_r14_the_notebooks_own_random_state_says_nothing_of_ours(arena):
    """It is the same for every secret, since nothing of the grader's is drawn in its process."""
    states = set()
    for _ in range(2):
        result = arena.attack(last="import zlib\nraise RuntimeError(zlib.crc32(repr(np.random.get_state()).encode()))")
        states.add(result.cell_errors[0].error)
    drawn = "def mean_square(x):\n    np.random.seed(0)\n    return float(np.mean(np.random.normal(size=len(x)) ** 2))"
    assert outcomes(arena.attack(answer=drawn))["q1.value"] != "pass"
    assert len(states) == 1 or all("RuntimeError" in s for s in states)
