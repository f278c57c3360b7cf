"""Which notebooks' functions can remember nothing, by their text alone."""

import subprocess
import sys

import numpy as np
import pytest

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import load_samples, solved_cells, starter_cells
from autograder.course import bundled_course
from autograder.grading.stateless import MAX_CHARACTERS, Author, remembers_nothing
from autograder.intake.reader import Cell, Notebook
from autograder.judging.cells import cells_to_run

SETUP = "import numpy as np\nimport plots\nDATA = {}\nplots.rc['dpi'] = 110"
AUTHOR = Author(frozenset({SETUP}), frozenset({"f", "answers"}), frozenset({"vjp"}))

HARMLESS = {
    "a formula": "def f(x):\n    return np.sum(np.maximum(x, 0) ** 2) / len(x)",
    "own arrays in place": "def f(x):\n    y = x.copy()\n    y[0] = 1\n    y += np.float64(2)\n    return y.sum()",
    "its arguments in place": "def f(x):\n    x[0] = 2\n    return x",
    "a loop and a list": "def f(x):\n    out = []\n    for v in x:\n        out.append(v)\n    return np.array(out)",
    "a helper, a constant and a lambda": "EPS = 1e-9\ng = lambda x: x + EPS\ndef f(x):\n    return g(x)",
    "a function inside": "def f(x):\n    def g(y):\n        return y + x\n    return g(1.0)",
    "a dict of its own": "def f(x):\n    return {k: v for k, v in zip('ab', x)}",
    "a module's function by name": "from numpy import exp\nimport math\ndef f(x):\n    return exp(x) + math.pi",
    "a seeded generator": "def f(seed=0):\n    return np.random.default_rng(seed).normal()",
    "a stub": "def f(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()",
    "a method that is handed over": "def f(layer, x):\n    return layer.vjp(x)",
    "a loop outside": "def f(x):\n    return x\nfor i in range(3):\n    print(f(i))\ny = [f(j) for j in range(9)]",
    "a plot outside": "import matplotlib.pyplot as plt\ndef f(x):\n    return x\nplt.plot([1, 2])\nplt.show()",
    "answers": "def f(x):\n    return x\nanswers = {'c1': 'a', 'c2': 2 / 3}",
    "answers one by one": "answers = {}\nanswers['c1'] = 'a'",
    "written twice": "def f(x):\n    return 1\ndef f(x):\n    return 2",
    "a magic": "%matplotlib inline\ndef f(x):\n    return x",
}  # fmt: skip

# Each of them gives another answer the second time: so it says, and so it is.
REMEMBERS = {
    "a global counter": "n = 0\ndef f(x):\n    global n\n    n += 1\n    return n",
    "a list outside": "seen = []\ndef f(x):\n    seen.append(x)\n    return len(seen)",
    "a dict of the set-up": "def f(x):\n    DATA[len(DATA)] = x\n    return len(DATA)",
    "an array outside": "a = np.zeros(1)\ndef f(x):\n    a[0] += 1\n    return a[0]",
    "a default": "def f(x, seen=[]):\n    seen.append(x)\n    return len(seen)",
    "a keyword default": "def f(x, *, seen={}):\n    seen[len(seen)] = x\n    return len(seen)",
    "an attribute of itself": "def f(x):\n    f.n = getattr(f, 'n', 0) + 1\n    return f.n",
    "an attribute set by name": "def f(x):\n    setattr(f, 'n', len(vars(f)) + 1)\n    return f.n",
    "its own defaults": "def f(x, n=(0,)):\n    f.__defaults__ = ((n[0] + 1,),)\n    return n[0]",
    "a closure": "def make():\n    n = 0\n    def f(x):\n        nonlocal n\n        n += 1\n        return n\n    return f\nf = make()",
    "a closure over a list": "def make():\n    n = []\n    def f(x):\n        n.append(x)\n        return len(n)\n    return f\nf = make()",
    "a generator": "def count():\n    n = 0\n    while True:\n        n += 1\n        yield n\ng = count()\ndef f(x):\n    return next(g)",
    "an iterator": "it = iter(range(99))\ndef f(x):\n    return next(it)",
    "a class": "class F:\n    n = 0\n    def __call__(self, x):\n        self.n += 1\n        return self.n\nf = F()",
    "a class attribute": "class C:\n    n = []\ndef f(x):\n    C.n.append(x)\n    return len(C.n)",
    "a cache": "import functools\nn = iter(range(9))\n@functools.lru_cache\ndef g(x, y): return next(n)\ndef f(x): return g(x, object())",
    "the global generator": "def f(x):\n    return np.random.normal()",
    "the global generator in a variable": "def f(x):\n    r = np.random\n    return r.normal()",
    "the global generator by name": "from numpy import random\ndef f(x):\n    r = random\n    return r.normal()",
    "a clock": "import time\ndef f(x):\n    return time.perf_counter()",
    "names by text": "n = [0]\ndef f(x):\n    globals()['n'][0] += 1\n    return n[0]",
    "code as text": "n = [0]\ndef f(x):\n    exec('n[0] += 1')\n    return eval('n[0]')",
    "an outer name that a comprehension hides": "n = []\ndef f(x):\n    y = [n for n in [1]]\n    n.append(1)\n    return len(n)",
    "an outer name that an inner function hides": "n = []\ndef f(x):\n    def g():\n        n = 1\n    n.append(1)\n    return len(n)",
    "a patched module": "n = []\ndef sin(x):\n    n.append(x)\n    return len(n)\nnp.my_sin = sin\ndef f(x):\n    return np.my_sin(x)",
    "a bound method": "n = []\ng = n.append\ndef f(x):\n    g(x)\n    return len(n)",
    "an alias": "n = []\nm = n\ndef f(x):\n    m.append(x)\n    return len(m)",
    "a tuple of lists": "n = ([],)\ndef f(x):\n    n[0].append(x)\n    return len(n[0])",
    "a partial": "import functools\nf = functools.partial(lambda n, x: n.append(x) or len(n), [])",
    "a frame": "n = []\ndef f(x):\n    g = (i for i in [1])\n    g.gi_frame.f_globals['n'].append(1)\n    return len(n)",
    "a traceback": "n = []\ndef f(x):\n    try:\n        1 / 0\n    except ZeroDivisionError as e:\n        e.__traceback__.tb_frame.f_globals['n'].append(1)\n    return len(n)",
}  # fmt: skip


@pytest.mark.parametrize("name", HARMLESS)
def test_functions_of_their_arguments_alone_remember_nothing(name):
    assert remembers_nothing([SETUP, HARMLESS[name]], AUTHOR)


@pytest.mark.parametrize("name", REMEMBERS)
def test_every_way_to_remember_is_noticed(name, monkeypatch):
    monkeypatch.setattr(np, "my_sin", None, raising=False)  # what is patched there ends with this test
    names = {"np": np, "DATA": {}}
    exec(REMEMBERS[name], names)
    assert names["f"](1.0) != names["f"](1.0)
    assert not remembers_nothing([SETUP, REMEMBERS[name]], AUTHOR)


@pytest.mark.parametrize(
    "source",
    [
        "def f(n):\n    return np.empty(n)",
        "def f(n):\n    a = np.empty\n    return a(n)",
        "def f(x):\n    x.tofile('x')",
        "def f(x):\n    print(x)",
        "def f(x):\n    import os\n    return os.listdir()",
        "import ctypes",
        "from os import *",
        "np.sin = np.cos",
        "np.__dict__['sin'] = np.cos",
        "vars(np)['sin'] = np.cos",
        "if True:\n    def f(x):\n        return 1",
        "f = np.vectorize(lambda x: x)",
        "def f(:",
        "def f(x):\n    return x\nf = 5",
        "x = !ls",
    ],
)
def test_what_is_not_known_to_be_harmless_is_not(source):
    assert not remembers_nothing([SETUP, source], AUTHOR)


def test_the_authors_cell_is_trusted_as_it_was_released_and_not_otherwise():
    assert remembers_nothing([SETUP], AUTHOR)
    assert not remembers_nothing([f"{SETUP}\nplots.rc['dpi'] = 111"], AUTHOR)


def test_most_answers_of_the_three_assignments_remember_nothing_and_those_that_do_are_told():
    told = {}
    for name in bundled_course().names():
        suite = load_assignment(bundled_course().solutions / name)
        author = Author.of(suite)
        notebooks = {s.name: solved_cells(suite, s) for s in load_samples(suite)}
        notebooks |= {"solution": solved_cells(suite), "starter": starter_cells(suite)}
        for sample, cells in notebooks.items():
            notebook = Notebook(tuple(Cell(kind, source) for kind, _, source in cells), "")
            told[name, sample] = remembers_nothing([s for _, s in cells_to_run(notebook, suite)], author)
    assert all(told[name, sample] for name in bundled_course().names() for sample in ("solution", "starter"))
    assert sum(told.values()) > 0.85 * len(told)
    assert not told["a2_mlp_backprop", "cache_in_a_global"]
    assert not told["a1_gradient_ascent", "cached_heights"]
    assert not told["a3_forward_vs_reverse", "memo_and_float_table"]


DEEP = """
from autograder.grading.stateless import Author, remembers_nothing
author = Author(frozenset(), frozenset(), frozenset())
n = {n}
for text in ("(" * n, "[" * n, "{{" * n, "-" * n + "1", "not " * (n // 4) + "1", "x" + ".a" * (n // 2), "x" + "()" * (n // 2),
             "+".join("1" * (n // 2)), "a=" * (n // 2) + "1", "1if 1else " * (n // 10) + "1", "lambda:" * (n // 7) + "1",
             "f'{{" * (n // 3), "x" + "[0]" * (n // 3), "if 1:\\n" + "elif 1:0\\n" * (n // 9), "~" * n + "1",
             "\\n".join(" " * i + "if 1:" for i in range(200)), "(" * (n // 3) + "1" + ")" * (n // 3), "x**" * (n // 3) + "1"):
    assert not remembers_nothing(["def f(x): return np.empty\\n" + text], author)
print("survived")
"""


def test_no_text_brings_the_grader_down():
    """ast.parse's documentation warns of deep text: so what comes near is tried in a process of its own."""
    code = DEEP.format(n=MAX_CHARACTERS - 100)
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "survived\n", done.stderr[-500:]


def test_more_text_than_anybody_writes_is_not_read():
    assert not remembers_nothing(["x = 1\n" * MAX_CHARACTERS], AUTHOR)
