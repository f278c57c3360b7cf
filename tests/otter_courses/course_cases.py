"""Cases of other kinds: what courses at several universities write into tests, and what their students hand in."""

from otter_courses.more_cases import CHECK, GRADER, X4, Case, cell, hidden, ok

_EXCEPTIONS = "from otter.test_files import test_case\nOK_FORMAT = False\nname = 'q1'\n"

CASES = {
    "print_of_a_table": Case(
        {"q1": ok(">>> print(df)\n   a\n0  1", ">>> df.dtypes\na    int64\ndtype: object", ">>> df.columns.tolist() == ['a']\nTrue", ">>> df.iloc[:0]\nEmpty DataFrame\nColumns: [a]\nIndex: []")},
        (GRADER, "import pandas as pd\ndf = pd.DataFrame({'a': [1]})", CHECK),
    ),
    "close_numbers": Case(
        {"q1": ok(">>> np.isclose(x, 0.333, atol=1e-3)\nTrue", ">>> bool(np.isclose(x, 0.333, atol=1e-3))\nTrue", ">>> x == 1 / 3\nnp.True_", ">>> np.allclose([x], [0.3333], rtol=1e-2)\nTrue", ">>> abs(x - 0.3333) < 1e-3\nTrue")},
        (GRADER, "import numpy as np\nx = np.float64(1 / 3)", CHECK),
    ),
    "import_in_a_test": Case(
        {"q1": ok(">>> import numpy as np\n>>> np.sum([x, 1])\nnp.int64(5)", ">>> np.pi > 3\nTrue", ">>> from math import *\n>>> floor(pi)\n3")}, (GRADER, "x = 4", CHECK)
    ),
    "class_in_a_test": Case(
        {"q1": ok(">>> class T(A):\n...     def g(self):\n...         return self.f() + 1\n...\n>>> T().g()\n5", ">>> isinstance(A(), A)\nTrue", ">>> try:\n...     A().nothing\n... except AttributeError as e:\n...     print('no')\nno")},
        (GRADER, "class A:\n    def f(self): return 4", CHECK),
    ),
    "loop_with_assert": Case(
        {"q1": ok(">>> for n in range(3):\n...     assert f(n) == n * 2, n", ">>> all([f(n) == n * 2 for n in range(5)])\nTrue", ">>> [f(n) for n in range(3)]\n[0, 2, 4]", ">>> any(f(n) == 1 for n in range(5))\nFalse")},
        (GRADER, "def f(n): return n * 2", CHECK),
    ),
    "loop_prints_in_the_middle": Case(
        {"q1": ok(">>> for n in range(2):\n...     f(n)\n0\n2", ">>> with open('a.txt', 'w') as h:\n...     h.write('hey')\n3", ">>> if x:\n...     f(4)\n8")},
        (GRADER, "x = 4\ndef f(n): return n * 2", CHECK),
    ),
    "hash_of_an_answer": Case(
        {"q1": ok(">>> import hashlib\n>>> hashlib.md5(str(x).encode()).hexdigest()\n'a87ff679a2f3e71d9181a67b7542122c'", ">>> get_hash(x)\n'a87ff679a2f3e71d9181a67b7542122c'")},
        (GRADER, "x = 4\nimport hashlib\ndef get_hash(n): return hashlib.md5(str(n).encode()).hexdigest()", CHECK),
    ),
    "types_of_answers": Case(
        {"q1": ok(">>> type(x) == int\nTrue", ">>> type(x)\n<class 'int'>", ">>> assert isinstance(x, (int, float)), 'a number'", ">>> type(d['a'])\n<class 'list'>", ">>> isinstance(t, tuple) and len(t) == 2\nTrue")},
        (GRADER, "x = 4\nd = {'a': []}\nt = (1, 2)", CHECK),
    ),
    "missing_name": Case({"q1": ok(">>> z\n4", hidden(">>> 'z' in globals()\nFalse"), ">>> try:\n...     z\n... except NameError:\n...     print('none')\nnone")}, (GRADER, "x = 4", CHECK)),
    "ellipsis_answer": Case({"q1": ok(">>> x\nEllipsis", ">>> x != ...\nFalse", ">>> x is None\nFalse")}, (GRADER, "x = ...", CHECK)),
    "none_is_not_printed": Case({"q1": ok(">>> None", ">>> x", ">>> x\nNone", ">>> print(x)\nNone", ">>> [x]\n[None]")}, (GRADER, "x = None", CHECK)),
    "answer_with_prompt": Case({"q1": ok(">>> s\n'>>> 1'", ">>> print(s)\n>>> 1", ">>> x\n4")}, (GRADER, "x = 4\ns = '>>> 1'", CHECK)),
    "escapes": Case(
        {"q1": ok(r""">>> s
'a\\nb'""", r""">>> print('a\\nb')
a\nb""", ">>> s.count('\\\\')\n1", ">>> '''a\n... b'''\n'a\\nb'", ">>> 'it\\'s'\n\"it's\"")},
        (GRADER, r"s = 'a\\nb'", CHECK),
    ),
    "blank_line_in_the_middle": Case(
        {"q1": ok(">>> def h(n):\n...\n...     return n\n>>> h(3)\n3", ">>> x\n4\n\n>>> x\n5", ">>> x = 5\n\n\n>>> x\n5")}, (GRADER, "x = 4", CHECK)
    ),
    "windows_line_ends": Case({"q1": ok(">>> x\r\n4\r\n", ">>> x\r\n4")}, (GRADER, "x = 4", CHECK)),
    "tabs_in_code": Case({"q1": ok(">>> if x:\n...\tprint(x)\n4", "\t>>> x\n\t4")}, (GRADER, "x = 4", CHECK)),
    "wrong_indentation": Case({"q1": ok(">>> x\n  4", "  >>> x\n4", ">>> x\n4")}, (GRADER, "x = 4", CHECK)),
    "dots_without_a_blank": Case({"q1": ok(">>> if x:\n...print(x)\n4"), "q2": ok(">>> x\n4", name="q2")}, (GRADER, "x = 4", CHECK)),
    "semicolon_and_comment": Case({"q1": ok(">>> a = 1; b = 2; a + b\n3", ">>> # only words\n>>> x\n4", ">>> x  # doctest: +ELLIPSIS\n...", ">>> x # doctest: -ELLIPSIS\n4")}, (GRADER, "x = 4", CHECK)),
    "unknown_directive": Case({"q1": ok(">>> x # doctest: +NO_SUCH\n4"), "q2": ok(">>> x\n4", name="q2")}, (GRADER, "x = 4", CHECK)),
    "directive_report": Case(
        {"q1": ok(">>> x # doctest: +REPORT_NDIFF\n4", ">>> x # doctest: +NORMALIZE_WHITESPACE, +ELLIPSIS\n  4", ">>> x # doctest: +FAIL_FAST\n5\n>>> x\n4", ">>> a # doctest: +NORMALIZE_WHITESPACE\n[1,\n 2]")},
        (GRADER, "x = 4\na = [1, 2]", CHECK),
    ),
    "two_errors_in_a_case": Case(
        {"q1": ok(">>> 1 / 0\n>>> x\n4", ">>> 1 / 0\nTraceback (most recent call last):\nZeroDivisionError: division by zero\n>>> x\n4", ">>> raise KeyError('k')\nTraceback (most recent call last):\nKeyError: 'k'", ">>> int('a')\nTraceback (innermost last):\n  File 1\nValueError: invalid literal for int() with base 10: 'a'")},
        (GRADER, "x = 4", CHECK),
    ),
    "error_of_many_lines": Case(
        {"q1": ok(">>> f()\nTraceback (most recent call last):\nValueError: one\ntwo", ">>> f()\nTraceback (most recent call last):\nValueError: one", ">>> f() # doctest: +ELLIPSIS\nTraceback (most recent call last):\nValueError: one...")},
        (GRADER, "def f():\n    raise ValueError('one\\ntwo')", CHECK),
    ),
    "error_with_notes": Case(
        {"q1": ok(">>> f()\nTraceback (most recent call last):\nValueError: one", ">>> f()\nTraceback (most recent call last):\nValueError: one\nmore", ">>> g()\nTraceback (most recent call last):\n  + Exception Group Traceback\nExceptionGroup: many (1 sub-exception)", ">>> h()\nTraceback (most recent call last):\nAssertionError", ">>> h()\nTraceback (most recent call last):\nAssertionError:")},
        (GRADER, "def f():\n    e = ValueError('one')\n    e.add_note('more')\n    raise e\ndef g():\n    raise ExceptionGroup('many', [KeyError(1)])\ndef h():\n    assert False", CHECK),
    ),
    "error_whose_text_fails": Case(
        {"q1": ok(">>> f()\nTraceback (most recent call last):\nE: <exception str() failed>", ">>> f()\nTraceback (most recent call last):\n__main__.E: <exception str() failed>", ">>> x\n4")},
        (GRADER, "x = 4\nclass E(Exception):\n    def __str__(self): raise ValueError\ndef f():\n    raise E", CHECK),
    ),
    "warning_raised_as_error": Case(
        {"q1": ok(">>> f()\n4", ">>> import warnings\n>>> with warnings.catch_warnings():\n...     warnings.simplefilter('error')\n...     f()\nTraceback (most recent call last):\nUserWarning: w")},
        (GRADER, "import warnings\ndef f():\n    warnings.warn('w')\n    return 4", CHECK),
    ),
    "interrupt_in_a_test": Case({"q1": ok(">>> f()\nTraceback (most recent call last):\nKeyboardInterrupt", ">>> x\n4")}, (GRADER, "x = 4\ndef f():\n    raise KeyboardInterrupt", CHECK)),
    "generator_exit_in_a_test": Case({"q1": ok(">>> f()\nTraceback (most recent call last):\nGeneratorExit", ">>> x\n4"), "q2": ok(">>> x\n4", name="q2")}, (GRADER, "x = 4\ndef f():\n    raise GeneratorExit", CHECK)),
    "repr_fails": Case({"q1": ok(">>> a", ">>> a\nTraceback (most recent call last):\nValueError: no", ">>> x\n4")}, (GRADER, "x = 4\nclass A:\n    def __repr__(self): raise ValueError('no')\na = A()", CHECK)),
    "repr_prints": Case({"q1": ok(">>> a\nin repr\nA", ">>> a\nA", ">>> print([a])\nin repr\n[A]")}, (GRADER, "class A:\n    def __repr__(self):\n        print('in repr')\n        return 'A'\na = A()", CHECK)),
    "underscore_in_doctest": Case({"q1": ok(">>> 5\n5\n>>> _\n5", ">>> x + 1\n5\n>>> _ * 2\n10")}, (GRADER, "x = 4", CHECK)),
    "stdout_replaced": Case({"q1": ok(">>> x\n4", ">>> print(x)\n4")}, (GRADER, "x = 4\nimport sys, io\nsys.stdout = io.StringIO()", CHECK)),
    "test_redirects_stdout": Case(
        {"q1": ok(">>> import io, contextlib\n>>> s = io.StringIO()\n>>> with contextlib.redirect_stdout(s):\n...     f()\n>>> s.getvalue()\n'hi\\n'", ">>> from unittest.mock import patch\n>>> with patch('builtins.input', return_value='5'):\n...     g()\n5")},
        (GRADER, "def f(): print('hi')\ndef g(): return int(input('n? '))", CHECK),
    ),
    "mutable_between_tests": Case(
        {"q1": ok(">>> l.append(3); l\n[1, 2, 3]", ">>> l\n[1, 2, 3]"), "q2": ok(">>> l\n[1, 2, 3]", ">>> a.sum()\nnp.int64(3)", ">>> a[0] = 5", ">>> a.sum()\nnp.int64(7)", name="q2")},
        (GRADER, "import numpy as np\nl = [1, 2]\na = np.array([1, 2])\na = np.array([1, 2])", CHECK, 'grader.check("q2")'),
    ),
    "random_in_tests": Case(
        {"q1": ok(">>> np.random.seed(0); round(f(), 6)\nnp.float64(0.548814)", ">>> import random; random.seed(1); round(random.random(), 6)\n0.134364", ">>> f() != f()\nTrue")},
        (GRADER, "import numpy as np\ndef f(): return np.random.rand()", CHECK), {"seed": 3},
    ),
    "seed_and_random_module": Case({"q1": ok(">>> round(a, 6)\n0.134364", ">>> a == b\nTrue")}, (GRADER, "import random\na = random.random()", "b = random.random()", CHECK), {"seed": 1}),
    "figures_in_tests": Case(
        {"q1": ok(">>> f().get_title()\n'T'", ">>> fig.axes[0].get_xlabel()\n'x'", ">>> len(plt.get_fignums()) >= 0\nTrue")},
        (GRADER, "import matplotlib.pyplot as plt\ndef f():\n    fig, ax = plt.subplots(); ax.set_title('T')\n    return ax\nfig, ax = plt.subplots(); ax.set_xlabel('x')", CHECK),
    ),
    "sql_and_files": Case(
        {"q1": ok(">>> c.execute('select sum(a) from t').fetchone()\n(3,)", ">>> pd.read_csv('data.csv').shape\n(2, 1)", ">>> pathlib.Path('data.csv').exists()\nTrue", ">>> json.loads(pathlib.Path('o.json').read_text())\n{'k': [1]}")},
        (GRADER, "import sqlite3, json, pathlib\nimport pandas as pd\nc = sqlite3.connect(':memory:')\npd.read_csv('data.csv').to_sql('t', c, index=False)\npathlib.Path('o.json').write_text(json.dumps({'k': [1]}))", CHECK),
        files={"data.csv": "a\n1\n2\n"},
    ),
    "regular_expressions": Case({"q1": ok(">>> import re\n>>> re.findall(p, 'a1b22')\n['1', '22']", ">>> re.match(p, '7x')\n<re.Match object; span=(0, 1), match='7'>")}, (GRADER, "p = r'\\d+'", CHECK)),
    "dates": Case(
        {"q1": ok(">>> d\ndatetime.date(2020, 1, 2)", ">>> pd.to_datetime('2020-01-02')\nTimestamp('2020-01-02 00:00:00')", ">>> s\n0   2020-01-02\ndtype: datetime64[ns]", ">>> (d - d).days\n0")},
        (GRADER, "import datetime, pandas as pd\nd = datetime.date(2020, 1, 2)\ns = pd.Series(pd.to_datetime(['2020-01-02'])).astype('datetime64[ns]')", CHECK),
    ),
    "groupby_reprs": Case(
        {"q1": ok(">>> g\na\nx    3\ny    3\nName: b, dtype: int64", ">>> g.index\nIndex(['x', 'y'], dtype='object', name='a')", ">>> g.to_dict()\n{'x': 3, 'y': 3}", ">>> df.head(1)\n   a  b\n0  x  1", ">>> df['a'].value_counts().sort_index()\na\nx    2\ny    1\nName: count, dtype: int64")},
        (GRADER, "import pandas as pd\ndf = pd.DataFrame({'a': ['x', 'x', 'y'], 'b': [1, 2, 3]})\ng = df.groupby('a')['b'].sum()", CHECK),
    ),
    "print_options_changed": Case(
        {"q1": ok(">>> np.array([1.23456])\narray([1.2])", ">>> a\narray([1.23456])", ">>> df\n     a\n0 1.23")},
        (GRADER, "import numpy as np, pandas as pd\nnp.set_printoptions(precision=1)\na = np.array([1.23456])\npd.options.display.float_format = '{:.2f}'.format\ndf = pd.DataFrame({'a': [1.234]})", CHECK),
    ),
    "repeated_case_names": Case({"q1": ok({"code": ">>> x\n4", "name": "same"}, {"code": ">>> x\n5", "name": "same"})}, (GRADER, "x = 4", CHECK)),
    "points_zero_and_fractions": Case({"q1": ok(">>> x\n4", ">>> x\n5", ">>> x\n4", points=1), "q2": ok(">>> x\n4", ">>> x\n4", ">>> x\n4", points=0, name="q2"), "q3": ok({"code": ">>> x\n4", "points": 0.5}, ">>> x\n4", points=2, name="q3")}, (GRADER, "x = 4", CHECK)),
    "all_or_nothing_fails": Case({"q1": ok(">>> x\n4", hidden(">>> x\n5"), points=3, all_or_nothing=True), "q2": ok(">>> x\n4", points=2, all_or_nothing=True, name="q2")}, (GRADER, "x = 4", CHECK)),
    "locked_and_unscored": Case(
        {"q1": "OK_FORMAT = True\ntest = {'name': 'q1', 'points': 2, 'suites': [{'cases': [{'code': '>>> x\\n4', 'locked': True}], 'scored': False, 'type': 'doctest', 'teardown': '>>> x = 5'}], 'hidden': True}\n"}, (GRADER, "x = 4", CHECK)
    ),
    "suite_of_another_type": Case(
        {"q1": "OK_FORMAT = True\ntest = {'name': 'q1', 'suites': [{'cases': [{'code': '>>> x\\n4'}], 'type': 'wwpp'}]}\n", "q2": X4.replace("q1", "q2")}, (GRADER, "x = 4", CHECK)
    ),
    "test_without_a_name": Case({"q1": "OK_FORMAT = True\ntest = {'suites': [{'cases': [{'code': '>>> x\\n4'}], 'type': 'doctest'}]}\n"}, (GRADER, "x = 4", CHECK)),
    "test_without_suites": Case({"q1": "OK_FORMAT = True\ntest = {'name': 'q1'}\n", "q2": X4.replace("q1", "q2")}, (GRADER, "x = 4", CHECK)),
    "case_without_code": Case({"q1": ok({"hidden": True}), "q2": X4.replace("q1", "q2")}, (GRADER, "x = 4", CHECK)),
    "points_a_list_of_texts": Case({"q1": ok(">>> x\n4", points=["1"]), "q2": X4.replace("q1", "q2")}, (GRADER, "x = 4", CHECK)),
    "hidden_as_text_or_number": Case({"q1": ok({"code": ">>> x\n4", "hidden": 1}, {"code": ">>> x\n4", "hidden": "no"}, {"code": ">>> x\n5", "hidden": 0}, {"code": ">>> x\n4", "hidden": None})}, (GRADER, "x = 4", CHECK)),
    "messages_with_html": Case({"q1": ok({"code": ">>> x\n4", "success_message": "<b>good</b>"}, {"code": ">>> x\n5", "failure_message": "a\nb"}, {"code": ">>> x\n5", "hidden": True, "failure_message": "secret"})}, (GRADER, "x = 4", CHECK)),
    "exception_test_needs_a_name_that_is_missing": Case({"q1": _EXCEPTIONS + "@test_case(points=2)\ndef t(z):\n    assert z == 4\n@test_case()\ndef u(x):\n    assert x == 4\n"}, (GRADER, "x = 4", CHECK)),
    "exception_test_with_unittest_and_numpy": Case(
        {"q1": _EXCEPTIONS + "import numpy as np\nfrom unittest import TestCase\n@test_case()\ndef t(f):\n    TestCase().assertEqual(f(1), 2)\n    with TestCase().assertRaises(TypeError):\n        f('a', 'b')\n@test_case()\ndef u(f):\n    np.testing.assert_allclose(f(np.ones(2)), [2, 2])\n@test_case()\ndef v(f):\n    import pandas as pd\n    pd.testing.assert_series_equal(f(pd.Series([1])), pd.Series([3]))\n"},
        (GRADER, "def f(n): return n + 1", CHECK),
    ),
    "exception_test_with_class_and_decorator": Case(
        {"q1": _EXCEPTIONS + "import functools\nclass Helper:\n    def twice(self, v): return v * 2\ndef wrapped(g):\n    @functools.wraps(g)\n    def inner(*a, **k):\n        return g(*a, **k)\n    return inner\n@test_case(name='t')\ndef t(x):\n    assert Helper().twice(x) == 8\n@test_case(name='d')\n@wrapped\ndef d(x):\n    assert x == 4\n"},
        (GRADER, "x = 4", CHECK),
    ),
    "exception_test_with_defaults_and_keywords": Case(
        {"q1": _EXCEPTIONS + "@test_case()\ndef t(x=9):\n    assert x == 4\n@test_case()\ndef u(*, x):\n    assert x == 4\n@test_case()\ndef v(y=9):\n    assert y == 9\n@test_case()\ndef w(env, x):\n    assert 'x' in env and env['x'] is x\n"}, (GRADER, "x = 4", CHECK)
    ),
    "exception_test_points_of_many_forms": Case(
        {"q1": _EXCEPTIONS + "points = 5\n@test_case(points=1)\ndef t(x): assert x == 4\n@test_case()\ndef u(x): assert x == 4\n@test_case(points=0.5)\ndef v(x): assert x == 5\n"}, (GRADER, "x = 4", CHECK)
    ),
    "exception_test_without_brackets": Case({"q1": _EXCEPTIONS + "@test_case\ndef t(x): assert x == 4\n", "q2": X4.replace("q1", "q2")}, (GRADER, "x = 4", CHECK)),
    "exception_test_returns": Case({"q1": _EXCEPTIONS + "@test_case()\ndef t(x): return False\n@test_case()\ndef u(x): yield 1 / 0\n@test_case()\nasync def v(x): assert x == 5\n"}, (GRADER, "x = 4", CHECK)),
    "exception_test_only_functions": Case({"q1": _EXCEPTIONS + "def test_t(x): assert x == 5\n", "q2": X4.replace("q1", "q2")}, (GRADER, "x = 4", CHECK)),
    "check_with_an_unknown_object": Case({"q1": X4}, (GRADER, "x = 4\ntry:\n    grader.check(3)\nexcept Exception:\n    pass", CHECK, "x = 5")),
    "checks_in_a_loop": Case({"q1": X4, "q2": ok(">>> x\n4", name="q2")}, (GRADER, "for x in (4, 5):\n    for q in ('q1', 'q2'):\n        if x == 4: grader.check(q)", "x = 0")),
    "check_in_an_async_cell": Case({"q1": X4}, (GRADER, "import asyncio\nx = 4\nawait asyncio.sleep(0)\ngrader.check('q1')", "x = 5")),
    "check_inside_capture_and_time": Case({"q1": X4, "q2": ok(">>> x\n4", name="q2")}, (GRADER, "x = 4", "%%capture\ngrader.check('q1')", "%%time\ngrader.check('q2')", "x = 5")),
    "check_by_another_name": Case({"q1": X4}, ("from otter import Notebook\ng = Notebook('hw.ipynb')", "x = 4", "c = g.check\nc('q1')", "x = 5")),
    "check_with_a_comment_or_expression": Case({"q1": X4}, (GRADER, "x = 4", "grader.check('q' + '1')  # now", "x = 5")),
    "notebook_with_other_arguments": Case({"q1": X4}, ("import otter\ngrader = otter.Notebook('hw.ipynb', tests_dir='./tests')", "x = 4", CHECK, "x = 5")),
    "no_otter_in_the_notebook": Case({"q1": X4}, ("x = 4",)),
    "import_of_otter_fails_softly": Case({"q1": X4}, ("try:\n    import otter.check\n    from otter import Notebook, __version__\n    grader = Notebook()\nexcept ImportError:\n    grader = None\nx = 4", CHECK, "x = 5")),
    "grader_deleted": Case({"q1": X4}, (GRADER, "x = 4\ndel grader", "x = 5")),
    "raw_and_markdown_cells": Case({"q1": X4}, (GRADER, cell("x = 4\nx"), "x = 4", CHECK), metadata={"language_info": {"name": "python"}}),
    "magic_forms": Case({"q1": X4}, (GRADER, "%load_ext autoreload\n%autoreload 2", "%%html\n<b>", "%%writefile m.py\nv = 4", "from m import v\nx = v", "?x", "x?", CHECK)),
    "error_in_the_middle_of_a_cell": Case({"q1": X4, "q2": ok(">>> y\n1", name="q2")}, (GRADER, "x = 4\n1 / 0\ny = 1", CHECK)),
    "warnings_as_errors_in_cell": Case({"q1": X4}, (GRADER, "import warnings\nwarnings.simplefilter('error')\nx = 4", CHECK)),
    "recursion_limit_lowered": Case({"q1": X4}, (GRADER, "import sys\nsys.setrecursionlimit(200)\nx = 4", CHECK)),
    "dunder_names_set": Case({"q1": ok(">>> __name__\n'mine'", ">>> x\n4")}, (GRADER, "x = 4\n__name__ = 'mine'", CHECK)),
    "os_exit_in_try": Case({"q1": X4}, (GRADER, "x = 4\ntry:\n    exit(0)\nexcept SystemExit:\n    x = 4", CHECK)),
    "large_answer": Case({"q1": ok(">>> len(x)\n1000000", ">>> x[:3]\n[0, 1, 2]", ">>> sum(x)\n499999500000")}, (GRADER, "x = list(range(10 ** 6))", CHECK)),
    "frozen_copy_of_environment": Case({"q1": ok(">>> x\n4"), "q2": ok(">>> f()\n4", ">>> x = 9\n>>> f()\n4", name="q2")}, (GRADER, "x = 4\ndef f(): return x", CHECK, "grader.check('q2')")),
    "global_statement_in_a_test": Case({"q1": ok(">>> def g():\n...     global x\n...     x = 8\n>>> g(); x\n8", ">>> x\n4", ">>> f()\n4")}, (GRADER, "x = 4\ndef f(): return x", CHECK)),
    "points_possible_zero": Case({"q1": X4}, (GRADER, "x = 4", CHECK), {"points_possible": 0}),
    "threshold_reached": Case({"q1": X4, "q2": ok(">>> x\n5", name="q2")}, (GRADER, "x = 4", CHECK), {"score_threshold": 0.4}),
    "threshold_missed": Case({"q1": X4, "q2": ok(">>> x\n5", name="q2")}, (GRADER, "x = 4", CHECK), {"score_threshold": 0.75, "points_possible": 3}),
    "only_hidden_and_shown_stdout": Case({"q1": ok(hidden(">>> x\n4"), hidden(">>> x\n5"))}, (GRADER, "x = 4", CHECK), {"show_stdout": True, "show_hidden": False}),
    "summary_forced_off": Case({"q1": X4}, (GRADER, "x = 4", CHECK), {"force_public_test_summary": False, "show_hidden": True}),
    "variables_setting": Case({"q1": X4}, (GRADER, "x = 4", CHECK), {"variables": {"x": "int"}, "ignore_modules": [], "serialized_variables": {}}),
    "language_python": Case({"q1": X4}, (GRADER, "x = 4", CHECK), {"lang": "python", "autograder_dir": "/elsewhere", "miniforge_path": "/x", "zips": False}),
    "log_level_and_warnings": Case({"q1": X4}, (GRADER, "x = 4", CHECK), {"logo": True, "warn_missing_pdf": True, "rebuild_container": True}),
}  # fmt: skip
