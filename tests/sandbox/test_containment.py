"""What student code can and cannot do inside, in each tier."""

import contextlib
import os
import re
import time

import numpy as np
import pytest
from patience import opened

from autograder.authoring import Callback
from autograder.errors import (
    CrashError,
    NotDefinedError,
    RaisedError,
    SandboxError,
    StudentError,
    TimeLimitError,
)
from autograder.sandbox import launcher, tiers
from autograder.sandbox.sandboxed_student import SandboxedStudent
from autograder.sandbox.selftest import attack


def outcome(zygote, code):
    """What a cell raised, by name, or "worked"."""
    with opened(zygote) as session:
        try:
            session.run_cell(code)
        except RaisedError as error:
            return error.type_name
        return "worked"


def test_every_canary_of_the_self_attack_is_refused(zygote):
    assert attack(zygote) == []


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.socket()",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true') and 1 / 0",
        "import os; os.fork()",
        "import os; os.kill(os.getppid(), 9)",
        "import ctypes; l = ctypes.CDLL(None, use_errno=True); assert l.unshare(0x10000000) == 0, ctypes.get_errno()",
        "import os; os.sched_setaffinity(0, {0})",
        "import os; os.setuid(0)",
        "open('/etc/shadow')",
        "open('/proc/self/environ')",
        "open('/root/x', 'w')",
    ],
)
def test_what_a_notebook_has_no_business_doing_is_refused(zygote, code):
    assert outcome(zygote, code) in {
        "PermissionError",
        "FileNotFoundError",
        "AssertionError",
        "ZeroDivisionError",
        "OSError",
    }


@pytest.mark.parametrize("name", ["autograder", "reference_impl", "hidden_checks", "nbgrader", "pytest", "pydantic"])
def test_only_the_packages_the_course_promises_can_be_imported(zygote, name):
    assert outcome(zygote, f"import {name}") == "ModuleNotFoundError"


@pytest.mark.parametrize("module", ["reference_impl", "autograder.judging.judge", "autograder.sandbox.student_process"])
def test_the_graders_own_files_cannot_be_read_wherever_they_are_installed(zygote, module):
    path = __import__(module, fromlist=["x"]).__file__
    assert outcome(zygote, f"open({path!r})") in {"PermissionError", "FileNotFoundError"}


def test_nothing_of_the_graders_environment_is_inherited(zygote, monkeypatch):
    with opened(zygote) as session:
        session.run_cell("import os; names = sorted(os.environ)")
        assert not set(session.get("names")) & {
            "AUTOGRADER_SECRET",
            "GITHUB_TOKEN",
            "PIP_CERT",
            "USER",
            "LOGNAME",
        }


def test_exactly_four_descriptors_are_open(zygote):
    code = """
import os
found = []
for fd in range(1024):
    try: os.fstat(fd); found.append(fd)
    except OSError: pass
"""
    with opened(zygote) as session:
        session.run_cell(code)
        assert session.get("found") == [0, 1, 2, 3]


SCIENCE = """
import csv, dataclasses, datetime, decimal, fractions, functools, io, json, logging, math, random, re, statistics, threading, warnings, zoneinfo
import numpy as np, matplotlib.pyplot as plt
assert abs(np.linalg.det(np.linalg.inv(np.diag([2.0, 4.0]))) - 0.125) < 1e-12
assert np.allclose(np.fft.ifft(np.fft.fft(np.arange(8.0))).real, np.arange(8.0))
assert np.linalg.svd(np.eye(60))[1].sum() == 60 and np.random.default_rng(0).normal(size=3).shape == (3,)
seen = []
threads = [threading.Thread(target=seen.append, args=(i,)) for i in range(4)]
[t.start() for t in threads]; [t.join() for t in threads]
assert sorted(seen) == [0, 1, 2, 3]
assert datetime.datetime(2026, 1, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")).utcoffset().seconds == 3600
warnings.warn("w"); logging.warning("l"); print("x" * 200_000)
assert decimal.Decimal("0.1") * 3 == decimal.Decimal("0.3") and fractions.Fraction(1, 3) * 3 == 1
assert json.loads(json.dumps({"a": [1]})) == {"a": [1]} and list(csv.reader(["a,b"])) == [["a", "b"]]
np.log(np.array([0.0]))
figure, axes = plt.subplots(); axes.plot([1, 2]); figure.savefig(io.BytesIO(), format="png"); plt.show(); plt.close("all")
@dataclasses.dataclass
class Point: x: float = 1.0
@functools.lru_cache
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
assert fib(50) == 12586269025 and Point() == Point()
class Größe: π = math.pi
"""


def test_ordinary_scientific_code_works(zygote):
    with opened(zygote) as session:
        session.run_cell(SCIENCE)


def test_a_private_folder_is_empty_again_for_the_next_submission(zygote):
    if not zygote.namespaces:
        pytest.skip("this system lets no ordinary user make namespaces: tier B has no folder to write in")
    code = "import tempfile, os\nhere = tempfile.gettempdir()\nbefore = os.listdir(here)\nopen(here + '/left', 'w').write('x')\ntempfile.TemporaryFile().write(b'x')"
    for _ in range(2):
        with opened(zygote) as session:
            session.run_cell(code)
            assert session.get("before") == []


def test_magics_and_commands_cost_an_answer_nothing(zygote):
    with opened(zygote) as session:
        session.run_cell("%matplotlib inline\n!pip install numpy\n%time y = 2\nfiles = !ls\nx = 1")
        session.run_cell("%%time\nz = 3")
        session.run_cell("%%bash\nexit 1")
        assert [session.get(n) for n in ("x", "y", "z", "files")] == [1, 2, 3, []]


AS_IN_JUPYTER = {
    "await": "import asyncio\nasync def f(): await asyncio.sleep(0.001); return 7\nx = await f()",
    "await of several": "import asyncio\nx = sum(await asyncio.gather(*(asyncio.sleep(0, n) for n in (3, 4))))",
    "async for": "async def n():\n    yield 3\n    yield 4\nx = 0\nasync for i in n(): x += i",
    "a loop of its own": "import asyncio\nasync def f(): return 7\nx = asyncio.run(f())",
    "a thread that wakes the loop": "import asyncio\nx = await asyncio.to_thread(lambda: 7)",
    "await and a magic": "%matplotlib inline\nimport asyncio\nx = await asyncio.sleep(0, 7)",
    "pylab": "%pylab inline\nx = int(array([3, 4]).sum()) if plt and np else 0",
    "pylab without names": "%pylab inline --no-import-all\nx = int(np.array([3, 4]).sum())",
    "widgets": "%matplotlib widget\n%matplotlib notebook\n%matplotlib\nx = 7",
    "autoreload": "%load_ext autoreload\n%autoreload 2\nx = 7",
    "help": "?len\nlen?\nlen??\nx = 7",
    "time and a magic below": "%%time\n%matplotlib inline\nx = 7",
    "a definition below an error below time": "%%time\nimport pandas\nx = 7",
    "a definition below an error": "import pandas\nx = 7",
    "an async definition below an error": "input()\nasync def f(): return 7\nx = f and 7",
    "pickle of its own class": "import pickle\nclass P: x = 7\nx = pickle.loads(pickle.dumps(P())).x",
    "timeit": "import timeit\ndef f(): return 1\nx = 7 * (timeit.timeit('f()', 'from __main__ import f', number=1) > 0)",
    "doctest": "import doctest\ndef f():\n    '''\n    >>> f()\n    7\n    '''\n    return 7\nr = doctest.testmod()\nx = f() * r.attempted",
    "its own source": "import inspect\ndef f(): return 7\nx = 7 * (inspect.getsource(f) == 'def f(): return 7\\n')",
    "the name of main": "x = 7 * (__name__ == '__main__')",
    "a dataclass": "import dataclasses\n@dataclasses.dataclass\nclass P:\n    x: int\nx = P(7).x",
}


@pytest.mark.parametrize("name", AS_IN_JUPYTER)
def test_a_cell_runs_as_in_jupyter(zygote, name):
    with opened(zygote) as session:
        with contextlib.suppress(RaisedError):  # of a package that is absent, and of input()
            session.run_cell(AS_IN_JUPYTER[name])
        assert session.get("x") == 7


def test_a_module_that_a_cell_writes_can_be_imported(zygote):
    with opened(zygote) as session:
        session.run_cell("%%writefile mine.py\ny = 3\ndef f():\n    return y + 4")
        session.run_cell("import mine\nx = mine.f()\nfrom mine import y")
        session.run_cell("%%writefile -a mine.py\nz = f() + 1")
        session.run_cell("import importlib\nz = importlib.reload(mine).z")
        assert [session.get(n) for n in "xyz"] == [7, 3, 8]
        if zygote.namespaces:
            session.run_cell("open('other.py', 'w').write('w = 9')\nfrom other import w\n%run other.py")
            assert session.get("w") == 9


def test_a_module_beside_the_notebook_can_be_imported_run_reloaded_and_added_to(zygote):
    modules = {"mine": "import other\ny = other.w - 2\ndef f():\n    return y\n", "other": "w = 9\n"}
    with opened(zygote, modules=modules) as session:
        session.run_cell("import mine, inspect\nfrom mine import *\nx = f()\nsource = inspect.getsource(f)")
        session.run_cell("%run other.py\n%run other\nname = __name__")
        session.run_cell("%%writefile -a other.py\nw += 1")
        session.run_cell("import importlib, other\nz = importlib.reload(other).w")
        got = [session.get(n) for n in ("x", "w", "z", "name")]
        assert got == [7, 9, 10, "__main__"]
        assert session.get("source") == "def f():\n    return y\n"


@pytest.mark.parametrize(
    "text, error", [("def f(:", "SyntaxError"), ("x = 1/0", "ZeroDivisionError"), ("raise SystemExit", "SystemExit")]
)
def test_a_module_with_a_mistake_is_an_error_of_the_cell_that_imports_it(zygote, text, error):
    with opened(zygote, modules={"mine": text}) as session:
        with pytest.raises(RaisedError) as caught:
            session.run_cell("import mine")
        assert caught.value.type_name == error
        session.run_cell("x = 7")
        assert session.get("x") == 7


@pytest.mark.parametrize("name", ["numpy", "random", "json"])
def test_a_module_of_a_students_replaces_none_of_pythons_or_the_courses(zygote, name):
    with opened(zygote, modules={name: "mine = True"}) as session:
        session.run_cell(f"import {name}\nx = hasattr({name}, 'mine')")
        assert session.get("x") is False


def test_an_import_of_a_file_that_was_not_handed_in_says_so_and_one_of_a_package_says_which_there_are(zygote):
    with opened(zygote) as session:
        for code, said in (
            ("from helpers import f", "helpers.py: expected this file beside the notebook, got none"),
            ("import torch.nn as nn", "No module named 'torch' here. This course has numpy"),
        ):
            with pytest.raises(RaisedError) as caught:
                session.run_cell(code)
            assert caught.value.type_name == "ModuleNotFoundError"
            assert caught.value.text.startswith(said)


def test_a_task_that_one_cell_starts_goes_on_while_a_later_cell_waits(zygote):
    with opened(zygote) as session:
        session.run_cell("import asyncio\ntask = asyncio.ensure_future(asyncio.sleep(0.01, 7))\nawait asyncio.sleep(0)")
        session.run_cell("x = await task")
        assert session.get("x") == 7


def test_an_absent_package_is_named_with_its_line_and_with_those_that_are_there(zygote):
    words = r"'pandas' here\. This course has numpy, matplotlib .*\(line 2\)"
    with opened(zygote) as session, pytest.raises(RaisedError) as raised:
        session.run_cell("x = 1\nimport pandas as pd")
    assert re.search(words, raised.value.text)


def test_a_function_handed_over_comes_back_as_calls_that_the_grader_sees(zygote):
    seen = []

    def f(x):
        seen.append(x.copy())
        return float(x @ x)

    with opened(zygote) as session:
        session.run_cell("def use(f, x):\n    x += 1\n    return [f(x), f(2 * x)]")
        x = np.array([0.0, 2.0])
        assert SandboxedStudent(session).use(f, x) == [10.0, 40.0]
        np.testing.assert_array_equal(seen, [[1.0, 3.0], [2.0, 6.0]])
        np.testing.assert_array_equal(x, [0.0, 2.0])  # the grader's own array cannot be reached


def test_a_reused_buffer_is_one_object_on_the_students_side(zygote):
    with opened(zygote) as session:
        session.run_cell("def use(g):\n    a = g(1.0); b = g(2.0)\n    return a is b, a.copy()")
        same, last = SandboxedStudent(session).use(Callback(lambda x: np.array([x, x]), reuse_buffer=True))
        assert same is True
        np.testing.assert_array_equal(last, [2.0, 2.0])


def test_a_kept_value_shows_what_student_code_did_to_it(zygote):
    with opened(zygote) as session:
        session.run_cell("def spoil(x):\n    x[0] = 9")
        student = SandboxedStudent(session)
        kept = student.keep(np.array([1.0, 2.0]))
        student.spoil(kept)
        np.testing.assert_array_equal(student.fetch(kept), [9.0, 2.0])


def test_a_name_that_is_nearly_right_is_suggested(zygote):
    with opened(zygote) as session:
        session.run_cell("def numerical_gradiant(): pass")
        with pytest.raises(NotDefinedError, match="Did you mean numerical_gradiant"):
            SandboxedStudent(session).numerical_gradient()


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("import ctypes; ctypes.string_at(0)", CrashError),
        ("import os; os._exit(0)", CrashError),
        ("import sys; sys.setrecursionlimit(2**31 - 1)\ndef f(): return f()\nf()", StudentError),
        ("import os; os.write(3, b'\\0' * 64)", CrashError),
        ("import os; os.write(3, b'\\xff\\xff\\xff\\xff')", CrashError),
        ("raise SystemExit", RaisedError),
        ("raise KeyboardInterrupt", RaisedError),
        ("input()", RaisedError),
        ("import numpy; numpy.ones(8 * 10**9)", RaisedError),
    ],
)
def test_whatever_ends_a_cell_is_told_apart(zygote, code, error):
    with (
        opened(zygote, cell=2.0) as session,
        pytest.raises(error),
    ):  # for the recursion, which may fill its memory slowly
        session.run_cell(code)
        session.run_cell("1")


@pytest.mark.parametrize(
    "loop",
    [
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "import time; time.sleep(1000)",
        "x = 10**10**8",
    ],
)
def test_no_loop_outlives_its_deadline(zygote, loop):
    began = time.monotonic()
    with opened(zygote, cell=0.5) as session, pytest.raises(TimeLimitError):
        session.run_cell(loop)
    assert time.monotonic() - began < 100  # not a speed test: it would be 1000 s


def test_a_killed_submission_leaves_no_process(zygote):
    with opened(zygote) as session:
        pidfd = os.dup(session.line.process.pidfd)
        session.run_cell("import threading, time\nthreading.Thread(target=time.sleep, args=(1000,)).start()")
    import select

    assert select.select([pidfd], [], [], 60)[0]  # a pidfd is readable when its process has ended
    os.close(pidfd)


def test_the_next_submission_is_not_touched_by_a_hostile_one(zygote):
    with opened(zygote) as session, contextlib.suppress(StudentError):  # without len() it cannot even answer
        session.run_cell("import numpy as np, math, builtins\nnp.sum = math.sin = builtins.len = lambda *a: 0")
    with opened(zygote) as session:
        session.run_cell("import numpy as np\ntotal = int(np.sum([1, 2])) + len('abc')")
        assert session.get("total") == 6


@pytest.mark.parametrize(
    "value",
    [
        "None",
        "'x'",
        "[1, [2, 'a']]",
        "object()",
        "(i for i in range(3))",
        "lambda x: x",
        "{1, 2}",
        "1j",
        "float('nan')",
        "range(3)",
        "10**60",
    ],
)
def test_any_return_value_gives_an_answer(zygote, value):
    with opened(zygote) as session:
        session.run_cell(f"def f(): return {value}")
        SandboxedStudent(session).f()


def test_a_return_value_without_end_is_refused_and_the_session_goes_on(zygote):
    with opened(zygote) as session:
        session.run_cell("import numpy as np\ndef f(): return np.broadcast_to(0.0, (10**6, 10**6))\ndef g(): return 1")
        with pytest.raises(RaisedError):
            SandboxedStudent(session).f()
        assert SandboxedStudent(session).g() == 1


def test_without_landlock_grading_is_refused(monkeypatch):
    monkeypatch.setattr(launcher.landlock, "landlock_abi", lambda: 0)
    with pytest.raises(SandboxError, match="Landlock"):
        tiers.open_sandbox({})


def test_a_sandbox_whose_canary_gets_through_is_refused(monkeypatch):
    monkeypatch.setattr("autograder.sandbox.selftest.attack", lambda _: ["open a socket"])
    with pytest.raises(SandboxError, match="open a socket"):
        tiers.open_sandbox({}, "B")


def test_a_tier_that_was_asked_for_is_never_lowered(monkeypatch):
    monkeypatch.setattr(launcher.shutil, "which", lambda _: None)
    with pytest.raises(SandboxError, match="bubblewrap"):
        tiers.open_sandbox({}, "A")


def test_a_private_folder_holds_16_mib_and_256_files_and_no_more(zygote):
    if not zygote.namespaces:
        pytest.skip("this system lets no ordinary user make namespaces: tier B has no folder to write in")
    code = """
import os, tempfile
here, files, bytes_ = tempfile.gettempdir(), 0, 0
try:
    while files < 1000:
        open(f"{here}/{files}", "w").close(); files += 1
except OSError: pass
try:
    for i in range(files):
        with open(f"{here}/{i}", "wb", buffering=0) as f: bytes_ += f.write(bytes(1 << 20))
except OSError: pass
"""
    with opened(zygote) as session:
        session.run_cell(code)
        assert (session.get("files") < 256, session.get("bytes_")) == (True, 16 << 20)
