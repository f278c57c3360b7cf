"""More cases, made from the texts below: what teachers write and students do. `make parity` runs the real tool on them.

`more_expected.json` holds what `otter run` 7.0.0 gave. A case with `differs` is one where we do something else, on
purpose; the text says why.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

GRADER = 'import otter\ngrader = otter.Notebook("hw.ipynb")'


@dataclass(frozen=True)
class Case:
    """tests, files: text by name.  cells: sources, or (source, metadata).  others: more files of a zip submission.

    name: of the submission's file.
    """

    tests: dict[str, str]
    cells: tuple = ()
    config: dict = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    name: str = "hw.ipynb"
    metadata: dict = field(default_factory=dict)
    differs: str = ""


def ok(*cases, name="q1", points=None, **more):
    """An OK test file. cases: doctest code, or a dict."""
    listed = [case if isinstance(case, dict) else {"code": case, "hidden": False, "locked": False} for case in cases]
    test = {"name": name, "points": points, "suites": [{"cases": listed, "scored": True, "type": "doctest"}], **more}
    return f"OK_FORMAT = True\n\ntest = {test!r}\n"


def hidden(code, **more):
    return {"code": code, "hidden": True, **more}


def cell(source, **otter):
    return source, {"otter": otter}


CHECK = 'grader.check("q1")'
X4 = ok(">>> x\n4", hidden(">>> x + 1\n5"))

CASES = {
    "seed_in_each_cell": Case(
        {"q1": ok(">>> a == b\nTrue", ">>> round(a, 6)\n0.37454")},
        (GRADER, "import numpy as np\na = np.random.rand()", "b = np.random.rand()", CHECK),
        {"seed": 42},
    ),
    "seed_variable_and_cell_magic": Case(
        {"q1": ok(">>> rng_seed\n7", ">>> y\n14")},
        (GRADER, "rng_seed = 1", "%%time\ny = rng_seed * 2", CHECK),
        {"seed": 7, "seed_variable": "rng_seed"},
    ),
    "list_of_points_too_short": Case({"q1": ok(">>> x\n4", ">>> x\n4", points=[1])}, (GRADER, "x = 4", CHECK)),
    "list_of_points_with_none": Case({"q1": ok(">>> x\n4", ">>> x\n4", points=[1, None])}, (GRADER, "x = 4", CHECK)),
    "negative_points": Case(
        {"q1": ok({"code": ">>> x\n4", "points": 2}, {"code": ">>> x\n4", "points": -1}, {"code": ">>> x\n5", "points": -3})},
        (GRADER, "x = 4", CHECK),
    ),
    "more_points_in_cases_than_in_the_test": Case(
        {"q1": ok({"code": ">>> x\n4", "points": 3}, points=2), "q2": ok(">>> x\n4", name="q2")}, (GRADER, "x = 4", CHECK)
    ),
    "points_as_text": Case({"q1": ok(">>> x\n4", points="2")}, (GRADER, "x = 4", CHECK)),
    "points_true": Case({"q1": ok({"code": ">>> x\n4", "points": True})}, (GRADER, "x = 4", CHECK)),
    "total_true": Case({"q1": ok(">>> x\n4", points=True)}, (GRADER, "x = 4", CHECK)),
    "all_or_nothing_passes_with_negative": Case(
        {"q1": ok({"code": ">>> x\n4", "points": 3}, {"code": ">>> x\n4", "points": -1}, all_or_nothing=True)},
        (GRADER, "x = 4", CHECK),
    ),
    "show_hidden_and_threshold": Case(
        {"q1": X4, "q2": ok(">>> x\n9", name="q2")},
        (GRADER, "x = 4", CHECK),
        {"show_hidden": True, "score_threshold": 0.5, "points_possible": 10},
    ),
    "scaled_score": Case(
        {"q1": X4, "q2": ok(">>> x\n9", ">>> x\n4", ">>> x\n4", name="q2")},
        (GRADER, "x = 4", CHECK),
        {"points_possible": 7, "show_stdout": True},
    ),
    "nothing_possible_scaled": Case(
        {"q1": ok({"code": ">>> x\n4", "points": 0})}, (GRADER, "x = 4", CHECK), {"points_possible": 7, "score_threshold": 0}
    ),
    "two_files_of_one_name": Case(
        {"a": ok(">>> x\n4", name="same", points=1), "b": ok(">>> x\n5", name="same", points=4)},
        (GRADER, "x = 4", 'grader.check("b")', 'grader.check("a")'),
    ),
    "tests_in_metadata_only": Case(
        {"q1": X4},
        (GRADER, "x = 4", CHECK),
        metadata={"otter": {"OK_FORMAT": True, "tests": {"q1": {"name": "q1", "points": 50, "suites": [
            {"cases": [{"code": ">>> 1\n1"}], "type": "doctest"}]}}}},
    ),
    "metadata_without_format": Case(
        {"q1": X4}, (GRADER, "x = 4", CHECK, "x = 5"), metadata={"otter": {"tests": {}}}
    ),
    "cells_to_ignore": Case(
        {"q1": X4},
        (GRADER, "x = 4", ("x = 9", {"tags": ["otter_ignore"]}), cell("x = 10", ignore=True), CHECK),
    ),
    "checks_after_cells_by_metadata": Case(
        {"q1": X4, "q2": ok(">>> x\n4", name="q2")}, (cell("x = 4", tests=["q1", "q2"]), "x = 5")
    ),
    "checks_by_metadata_one_unknown": Case(
        {"q1": X4, "q2": ok(">>> x\n4", name="q2")}, (cell("x = 4", tests=["q9", "q1"]), "x = 5", cell("y = 1", tests=["q2"]))
    ),
    "zip_with_data_and_package": Case(
        {"q1": ok(">>> rows\n3", ">>> tools.two()\n2", ">>> given\n'teacher'")},
        (GRADER, "import tools\nrows = len(open('data/mine.csv').readlines())\ngiven = open('data.txt').read()", CHECK),
        files={"data.txt": "teacher", "data/mine.csv": "lost"},
        others={"data/mine.csv": "a\nb\nc\n", "tools/__init__.py": "def two():\n    return 2\n", "data.txt": "student"},
        name="hw.zip",
    ),
    "zip_with_a_folder_around": Case({"q1": X4}, (GRADER, "x = 4"), name="hw.zip", others={"inner": "folder"}),
    "zip_with_two_notebooks": Case(
        {"q1": X4}, (GRADER, "x = 4"), name="hw.zip", others={"copy.ipynb": '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'}
    ),
    "script": Case(
        {"q1": X4, "q2": ok(">>> f(2)\n4\n>>> f('a')\n'aa'", name="q2")},
        ("import sys\nx = 4\ndef f(v):\n    return v * 2\n\nif __name__ == '__main__':\n    print('main')\n",),
        name="hw.py",
    ),
    "missing_test_of_a_check": Case({"q1": X4}, (GRADER, "x = 4", 'grader.check("q7")\nx = 5', CHECK)),
    "own_variable_grader": Case({"q1": X4}, (GRADER, "x = 4", CHECK, "grader = [1, 2]", 'grader.check("q1")', "x = 7")),
    "renamed_notebook": Case({"q1": X4}, (GRADER, "x = 4", CHECK, "x = 5"), name="my answers.ipynb"),
    "syntax_error_in_answer": Case({"q1": X4, "q2": ok(">>> y\n1", name="q2")}, (GRADER, "x = = 4", "y = 1", CHECK)),
    "chdir_and_back": Case(
        {"q1": X4}, (GRADER, "x = 4\nimport os\nos.makedirs('d', exist_ok=True)\nos.chdir('d')", CHECK, "os.chdir('..')")
    ),
    "open_is_a_number": Case({"q1": X4}, (GRADER, "x = 4\nopen = 5", CHECK)),
    "open_is_a_function": Case({"q1": X4}, (GRADER, "x = 4\ndef open(*a, **k):\n    raise ValueError('mine')", CHECK)),
    "print_is_a_number": Case(
        {"q1": ok(">>> print(x)\n4", ">>> x\n4")}, (GRADER, "x = 4\nprint = 3", CHECK)
    ),
    "builtins_print_silenced": Case(
        {"q1": ok(">>> print(x)\n4", ">>> x\n4")}, (GRADER, "import builtins\nx = 4\nbuiltins.print = lambda *a, **k: None", CHECK)
    ),
    "sys_exit_in_a_cell": Case({"q1": X4}, (GRADER, "import sys\nsys.exit(3)", "x = 4", CHECK)),
    "sys_exit_in_a_function": Case(
        {"q1": ok(">>> f()\n1", ">>> x\n4")}, (GRADER, "import sys\nx = 4\ndef f():\n    sys.exit()", CHECK)
    ),
    "exit_in_a_cell": Case(
        {"q1": X4}, (GRADER, "exit()", "x = 4", CHECK)
    ),
    "noise_on_stdout": Case(
        {"q1": ok(">>> f()\n4", ">>> g()\nhello\n5")},
        (GRADER, "def f():\n    print('debug')\n    return 4\ndef g():\n    print('hello')\n    return 5", CHECK),
    ),
    "noise_on_stderr_and_display": Case(
        {"q1": ok(">>> f()\n4")},
        (GRADER, "import sys, warnings\ndef f():\n    print('x', file=sys.stderr)\n    warnings.warn('w')\n    display(3)\n    return 4", CHECK),
    ),
    "numpy_reprs": Case(
        {"q1": ok(">>> np.arange(3)\narray([0, 1, 2])", ">>> v\nnp.float64(0.5)", ">>> v\n0.5", ">>> np.eye(2)\narray([[1., 0.],\n       [0., 1.]])", ">>> np.all(a == 1)\nTrue")},
        (GRADER, "import numpy as np\nv = np.float64(0.5)\na = np.ones(3)", CHECK),
    ),
    "pandas_outputs": Case(
        {"q1": ok(">>> df\n   a  b\n0  1  x\n1  2  y", ">>> df.shape\n(2, 2)", ">>> df['a'].sum() == 3\nTrue", ">>> df.loc[0]\na    1\nb    x\nName: 0, dtype: object")},
        (GRADER, "import pandas as pd\ndf = pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']})", CHECK),
    ),
    "several_lines_with_dots": Case(
        {"q1": ok(">>> for i in range(2):\n...     print(f(i))\n0\n2\n>>> def g(n):\n...     return f(n) + 1\n>>> g(3)\n7", ">>> f(\n...     4)\n8")},
        (GRADER, "def f(n):\n    return 2 * n", CHECK),
    ),
    "indented_code": Case(
        {"q1": ok("\n        >>> f(1)\n        2\n        >>> f(2)\n        4\n        ")}, (GRADER, "def f(n):\n    return 2 * n", CHECK)
    ),
    "expected_exceptions": Case(
        {"q1": ok(
            ">>> f(0)\nTraceback (most recent call last):\n    ...\nZeroDivisionError: division by zero",
            ">>> f(0)\nTraceback (most recent call last):\nZeroDivisionError",
            ">>> f(0) # doctest: +IGNORE_EXCEPTION_DETAIL\nTraceback (most recent call last):\nZeroDivisionError: other words",
            ">>> f('a')\nTraceback (most recent call last):\nValueError: no",
            ">>> print('x'); f(0)\nTraceback (most recent call last):\n    ...\nZeroDivisionError: division by zero",
            ">>> f(1)\nTraceback (most recent call last):\nValueError: no",
        )},
        (GRADER, "def f(n):\n    return 1 / n", CHECK),
    ),
    "own_exception_with_module": Case(
        {"q1": ok(
            ">>> f()\nTraceback (most recent call last):\n__main__.Odd: text",
            ">>> f()\nTraceback (most recent call last):\nOdd: text",
            ">>> f() # doctest: +IGNORE_EXCEPTION_DETAIL\nTraceback (most recent call last):\nOdd: text",
        )},
        (GRADER, "class Odd(Exception): pass\ndef f():\n    raise Odd('text')", CHECK),
    ),
    "syntax_error_in_an_example": Case(
        {"q1": ok(">>> 1 +\nTraceback (most recent call last):\nSyntaxError: invalid syntax", ">>> x\n4")}, (GRADER, "x = 4", CHECK)
    ),
    "directives": Case(
        {"q1": ok(
            ">>> print(list(range(20))) # doctest: +ELLIPSIS\n[0, 1, ..., 18, 19]",
            ">>> print('a   b') # doctest: +NORMALIZE_WHITESPACE\na b",
            ">>> print('a   b')\na b",
            ">>> x # doctest: +SKIP\n99",
            ">>> print('a\\n\\nb')\na\n<BLANKLINE>\nb",
            ">>> print(1 == 1)\n1",
            ">>> x # doctest: +DONT_ACCEPT_TRUE_FOR_1\n4",
            ">>> 3 == 3\n1",
        )},
        (GRADER, "x = 4", CHECK),
    ),
    "unicode": Case(
        {"größe": ok(">>> größe\n'ü😀'", ">>> print('naïve →')\nnaïve →", name="größe")},
        (GRADER, "größe = 'ü😀'", 'grader.check("größe")'),
    ),
    "examples_share_a_copy": Case(
        {"q1": ok(">>> x = 9\n>>> l.append(1)\n>>> x\n9", ">>> x\n4", ">>> l\n[1]")}, (GRADER, "x = 4\nl = []", CHECK)
    ),
    "last_check_counts": Case({"q1": X4, "q0": ok(">>> x\n5", name="q0")}, (GRADER, "x = 5", CHECK, "x = 4", CHECK, "x = 5")),
    "check_in_a_function_and_with_names": Case(
        {"q1": X4, "q2": ok(">>> x\n7", name="q2")},
        (GRADER, "x = 4\ndef f():\n    x = 1\n    grader.check('q1')\nf()\ngrader.check('q2', {'x': 7})", "x = 0"),
    ),
    "exception_tests": Case(
        {"q1": "from otter.test_files import test_case\n\nOK_FORMAT = False\nname = 'q1'\npoints = 3\n\n"
               "@test_case(points=1, hidden=False, success_message='well done')\ndef test_x(x):\n    assert x == 4\n\n"
               "@test_case(points=None, hidden=True, failure_message='look at f')\ndef test_f(env, f, missing=3):\n    assert missing is None\n    assert env['f'](2) == 5\n\n"
               "@test_case()\ndef test_none():\n    pass\n"},
        (GRADER, "x = 4\ndef f(n):\n    return n + 2", CHECK),
    ),
    "exception_test_that_exits": Case(
        {"q1": "from otter.test_files import test_case\nOK_FORMAT = False\nname = 'q1'\n@test_case()\ndef t(f):\n    f()\n"},
        (GRADER, "def f():\n    raise SystemExit", CHECK),
    ),
    "exception_test_changes_the_notebook": Case(
        {"q1": "from otter.test_files import test_case\nOK_FORMAT = False\nname = 'q1'\n@test_case()\ndef t(env):\n    env['x'] = 10\n",
         "q2": ok(">>> x\n10", name="q2")},
        (GRADER, "x = 4", CHECK),
    ),
    "test_file_without_format": Case({"q1": "test = {}\n", "q2": ok(">>> x\n4", name="q2")}, (GRADER, "x = 4", 'grader.check("q2")')),
    "test_file_with_a_syntax_error": Case({"q1": "OK_FORMAT = = True\n", "q2": ok(">>> x\n4", name="q2")}, (GRADER, "x = 4", 'grader.check("q2")')),
    "test_file_that_computes": Case(
        {"q1": "import math\nOK_FORMAT = True\nN = int(math.sqrt(16))\ntest = {'name': 'q1', 'suites': [{'cases': [{'code': f'>>> x\\n{N}'}], 'type': 'doctest'}]}\n"},
        (GRADER, "x = 4", CHECK),
    ),
    "test_file_with_setup": Case(
        {"q1": "OK_FORMAT = True\ntest = {'name': 'q1', 'suites': [{'cases': [], 'type': 'doctest', 'setup': 'x = 1'}]}\n"}, (GRADER, "x = 4", CHECK)
    ),
    "no_cases": Case({"q1": ok(), "q2": ok(">>> x\n4", name="q2")}, (GRADER, "x = 4", CHECK)),
    "future_import": Case(
        {"q1": ok(">>> def f(v: nothing) -> None:\n...     pass\n>>> x\n4")}, (GRADER, "from __future__ import annotations\nx = 4", CHECK)
    ),
    "classes_and_modules": Case(
        {"q1": ok(">>> p\nP(x=1)", ">>> type(p)\n<class '__main__.P'>", ">>> P.__module__\n'__main__'", ">>> __name__\n'__main__'", ">>> helper.VALUE\n3")},
        (GRADER, "from dataclasses import dataclass\nimport helper\n@dataclass\nclass P:\n    x: int\np = P(1)", CHECK),
        files={"helper.py": "VALUE = 3\n"},
    ),
    "always_equal": Case(
        {"q1": ok(">>> x == 4\nTrue", ">>> x == 5\nTrue", ">>> x\n4")},
        (GRADER, "class A:\n    def __eq__(self, o): return True\nx = A()", CHECK),
    ),
    "export_and_check_all": Case(
        {"q1": X4}, (GRADER, "x = 4", CHECK, "grader.check_all()\ngrader.export('hw.ipynb', pdf=False)\ngrader.to_pdf()", "x = 5")
    ),
    "display_hook": Case(
        {"q1": ok(">>> x\n4")}, (GRADER, "import sys\nx = 4\nsys.displayhook = lambda v: print('mine')", CHECK)
    ),
    "wrong_type_in_settings": Case({"q1": X4}, (GRADER, "x = 4", CHECK), {"seed": "42"}),
    "await_and_magics": Case(
        {"q1": ok(">>> x\n4")}, (GRADER, "import asyncio\nasync def f():\n    return 4\nx = await f()\n%matplotlib inline\n!echo hi", CHECK)
    ),
    "exception_raised_by_hand_in_a_check_cell": Case(
        {"q1": X4}, (GRADER, "x = 4\nraise ValueError('stop')\nx = 5", "try:\n    grader.check('q8')\nexcept Exception:\n    x = 4", CHECK)
    ),
    "test_in_a_subfolder": Case(
        {"q1": X4, "part/q2": ok(">>> x\n4", name="q2")}, (GRADER, "x = 4", CHECK, 'grader.check("part/q2")')
    ),
    "name_differs_from_the_file": Case({"q1": ok(">>> x\n4", name="Question 1")}, (GRADER, "x = 4", CHECK)),
    "case_names_and_default_hidden": Case(
        {"q1": ok({"code": ">>> x\n4", "name": "first", "success_message": "good"}, {"code": ">>> x\n5", "failure_message": "bad"}, points=[0.1, 0.2])},
        (GRADER, "x = 4", CHECK), {"show_all_public": True, "show_hidden": True, "force_public_test_summary": False},
    ),
    "all_public_shown": Case({"q1": ok(">>> x\n4")}, (GRADER, "x = 4", CHECK), {"show_all_public": True}),
    "two_suites": Case({"q1": "OK_FORMAT = True\ntest = {'name': 'q1', 'suites': [{'cases': []}, {'cases': []}]}\n"}, (GRADER, "x = 4", CHECK)),
    "prose_around_examples": Case(
        {"q1": ok("Here x is looked at.\n\n>>> x\n4\n\nAnd again:\n>>> x + 1\n5\n")}, (GRADER, "x = 4", CHECK)
    ),
    "prompt_without_a_blank": Case({"q1": ok(">>>x\n4"), "q2": ok(">>> x\n4", name="q2")}, (GRADER, "x = 4", CHECK)),
    "asserts_print_nothing": Case({"q1": ok(">>> assert x == 4", ">>> assert x == 5", ">>> x;", ">>> y = x")}, (GRADER, "x = 4", CHECK)),
    "white_space_matters": Case(
        {"q1": ok(">>> print('a ')\na", ">>> print('a\\tb')\na\tb", ">>> print(' a')\n a", ">>> print('a\\n')\na\n<BLANKLINE>")}, (GRADER, CHECK)
    ),
    "shell_names": Case(
        {"q1": ok(">>> type(get_ipython()).__name__ != ''\nTrue", ">>> Out[3]\n4", ">>> _\n4", ">>> len(In) > 2\nTrue")}, (GRADER, "x = 4\nx", CHECK)
    ),
    "markdown_with_checks": Case({"q1": X4}, (GRADER, "x = 4", cell("# text", tests=["q1"]), "x = 5")),
    "input_and_threads": Case(
        {"q1": ok(">>> x\n4", ">>> done\n[1]")},
        (GRADER, "x = 4\nimport threading\ndone = []\nt = threading.Thread(target=lambda: done.append(1)); t.start(); t.join()\nx = input('?')", CHECK),
    ),
    "files_written_and_read": Case(
        {"q1": ok(">>> open('out/a.txt').read()\n'hi'", ">>> sorted(os.listdir('out'))\n['a.txt']", ">>> os.path.basename(os.getcwd())\n'submission'")},
        (GRADER, "import os\nos.makedirs('out')\nwith open('out/a.txt', 'w') as f:\n    f.write('hi')", CHECK),
    ),
    "figure_and_capture": Case(
        {"q1": ok(">>> len(ax.lines)\n1", ">>> cap.stdout\n'in\\n'")},
        (GRADER, "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2])\nplt.show()", "%%capture cap\nprint('in')", CHECK),
    ),
    "generator_and_set": Case(
        {"q1": ok(">>> next(g)\n0\n>>> next(g)\n1", ">>> next(g)\n2", ">>> d\n{'a': 1}", ">>> f\n<function f at 0x...>", ">>> f # doctest: +ELLIPSIS\n<function f at 0x...>")},
        (GRADER, "g = iter(range(9))\nd = {'a': 1}\ndef f(): pass", CHECK),
    ),
    "deep_recursion": Case(
        {"q1": ok(">>> f(1)\nTraceback (most recent call last):\nRecursionError: maximum recursion depth exceeded", ">>> x\n4")},
        (GRADER, "x = 4\ndef f(n):\n    return f(n)", CHECK),
    ),
    "numbers": Case(
        {"q1": ok(">>> 0.1 + 0.2\n0.30000000000000004", ">>> round(x, 2)\n3.14", ">>> 10 ** 20\n100000000000000000000", ">>> 1e-7\n1e-07", ">>> x\n3.14159")},
        (GRADER, "x = 3.14159", CHECK),
    ),
    "long_list_repr": Case({"q1": ok(">>> list(range(200))[-1]\n199", ">>> x\n4"), "q2": ok(">>> print('y' * 200000)\nno", name="q2")}, (GRADER, "x = 4", CHECK)),
    "exception_test_all_or_nothing": Case(
        {"q1": "from otter.test_files import test_case\nOK_FORMAT = False\nname = 'q1'\nall_or_nothing = True\npoints = [1, 2]\n@test_case(name='a')\ndef t(x):\n    assert x == 4\n@test_case(name='b', hidden=True)\ndef u(x):\n    assert x == 5\n"},
        (GRADER, "x = 4", CHECK),
    ),
    "exception_test_with_helpers_and_output": Case(
        {"q1": "from otter.test_files import test_case\nimport numpy as np\nOK_FORMAT = False\nname = 'q1'\nLIMIT = 3\ndef helper(v):\n    print('noise')\n    return v > LIMIT\n@test_case()\ndef t(x, env):\n    assert helper(x) and np.isclose(env['x'], 4)\n"},
        (GRADER, "x = 4", CHECK),
    ),
    "exception_test_bad_signature": Case(
        {"q1": "from otter.test_files import test_case\nOK_FORMAT = False\nname = 'q1'\n@test_case()\ndef t(x, *rest):\n    assert x == 4\n"}, (GRADER, "x = 4", CHECK)
    ),
    "name_in_metadata_fits": Case({"q1": X4}, (GRADER, "x = 4", CHECK), {"assignment_name": "hw1"}, metadata={"otter": {"assignment_name": "hw1"}}),
    "script_needs_no_name": Case({"q1": X4}, ("x = 4\n",), {"assignment_name": "hw1", "seed": 3}, name="hw.py"),
    "script_with_a_syntax_error": Case({"q1": X4}, ("x = 4\ny = = 1\n",), name="hw.py"),
    "script_with_its_own_checks": Case({"q1": X4}, ("import otter\ngrader = otter.Notebook()\nx = 4\ngrader.check('q1')\nx = 5\n",), name="hw.py"),
    "settings_unknown_and_ignored": Case({"q1": X4}, (GRADER, "x = 4", CHECK), {"pdf": False, "something": 3, "print_summary": False}),
    "empty_cells_and_comments": Case({"q1": X4}, (GRADER, "", "   ", "# nothing", "x = 4", CHECK)),
    "no_cells_at_all": Case({"q1": X4}),
    "tests_folder_of_the_student": Case(
        {"q1": X4}, (GRADER, "x = 4", CHECK), name="hw.zip",
        others={"tests/q1.py": "OK_FORMAT = True\ntest = {'name': 'q1', 'points': 9, 'suites': [{'cases': []}]}", "tests/q7.py": ok(">>> 1\n1", name="q7")},
    ),
    "tests_folder_removed_by_the_notebook": Case({"q1": X4}, (GRADER, "x = 4\nimport shutil; shutil.rmtree('tests')", CHECK)),
    "exception_test_without_a_name": Case(
        {"q1": "from otter.test_files import test_case\nOK_FORMAT = False\n@test_case()\ndef t(): pass\n", "q2": X4}, (GRADER, "x = 4")
    ),
    "names_shadow_builtins": Case(
        {"q1": ok(">>> list\n[1, 2]", ">>> max(3, 4)\n'mine'", ">>> sum\n4")}, (GRADER, "list = [1, 2]\nsum = 4\ndef max(*a): return 'mine'", CHECK)
    ),
    "grader_made_twice": Case({"q1": X4}, (GRADER, GRADER, "x = 4", CHECK, "g2 = otter.Notebook()\nx = 5\ng2.check('q1')")),
    "assigns_to_itself_in_an_example": Case(
        {"q1": ok(">>> df = df.assign(b=1)\n>>> df\n   a  b\n0  1  1", ">>> list(df.columns)\n['a']", ">>> df['c'] = 2", ">>> 'c' in df\nTrue")},
        (GRADER, "import pandas as pd\ndf = pd.DataFrame({'a': [1]})", CHECK),
    ),
}  # fmt: skip


def archive_bytes(case):
    """The case's autograder.zip."""
    files = {f"tests/{name}.py": text for name, text in case.tests.items()}
    files |= {f"files/{name}": text for name, text in case.files.items()}
    if case.config:
        files["otter_config.json"] = json.dumps(case.config)
    return zipped(files)


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def notebook_text(case):
    cells = [each if isinstance(each, tuple) else (each, {}) for each in case.cells]
    listed = [
        {"cell_type": "code", "id": f"c{i}", "metadata": m, "source": s, "outputs": [], "execution_count": None}
        for i, (s, m) in enumerate(cells)
    ]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return json.dumps({"cells": listed, "metadata": {**kernel, **case.metadata}, "nbformat": 4, "nbformat_minor": 5})


def write(case, folder: Path):
    """Write the archive and the submission; returns both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    archive, submission = folder / "autograder.zip", folder / case.name
    archive.write_bytes(archive_bytes(case))
    if case.name.endswith(".py"):
        submission.write_text(case.cells[0])
    elif case.name.endswith(".zip"):
        inner = "inner/" if "inner" in case.others else ""
        others = {name: text for name, text in case.others.items() if name != "inner"}
        submission.write_bytes(zipped({f"{inner}hw.ipynb": notebook_text(case), **others}))
    else:
        submission.write_text(notebook_text(case))
    return archive, submission
