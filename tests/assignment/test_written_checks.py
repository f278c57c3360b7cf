"""A public check sees in the grader what it sees in the notebook: the imports of the cells that students have."""

import sys

import pytest

from autograder.assignment.source import read_source
from autograder.assignment.written_checks import public_checks
from autograder.errors import CourseError
from autograder.interop import otter

NOTEBOOK = '''
# %% role="setup"
{imports}

# %% q="q1" role="solution"
{more}
def f(x):
    # BEGIN SOLUTION
    import statistics
    return x
    # END SOLUTION

# %% q="q1" role="check" points=1
def test_example(f{parameters}):
    """It holds"""
    assert {holds}
'''
HELPERS = "from pathlib import Path\n\nLIMIT = int(Path('limit.txt').read_text())\n\ndef near(a, b):\n    return abs(a - b) < LIMIT\n"


@pytest.fixture
def check_of(tmp_path):
    """check_of(imports, holds): the one check of a notebook with these imports; `holds` is what it asserts."""
    (tmp_path / "helpers.py").write_text(HELPERS)
    (tmp_path / "limit.txt").write_text("2")
    files = {name: tmp_path / name for name in ("helpers.py", "limit.txt")}

    def make(imports, holds, *, parameters="", more=""):
        text = NOTEBOOK.format(imports=imports, holds=holds, parameters=parameters, more=more)
        (tmp_path / "notebook.py").write_text(text)
        (check,) = public_checks(tmp_path, files, read_source(tmp_path / "notebook.py"))
        return check.function

    return make


@pytest.mark.parametrize(
    ("imports", "holds"),
    [
        ("import pandas as pd", "pd.DataFrame({'a': [1]}).shape == (f(1), 1)"),
        ("import numpy as np, string", "string.digits[f(2)] == '2' and np.e > 2"),
        ("import scipy\nimport scipy.special", "scipy.special.comb(3, f(1)) == 3"),
        ("from collections import Counter as Bag, deque", "Bag('aab')['a'] == len(deque([f(1), 2]))"),
        ("from collections import *", "Counter('aab')['a'] == f(2)"),
        ("import fractions as np", "np.Fraction(f(1), 2) == 0.5"),
        ("import helpers", "helpers.near(f(1), 2)"),
        ("from helpers import near", "near(f(1), 2)"),
        ("from helpers import *", "near(f(1), 2)"),
        ("import pandas as pd", "all(isinstance(s, pd.Series) for s in [pd.Series([f(1)])])"),
    ],
)
def test_a_check_can_use_what_the_set_up_cell_imports(check_of, imports, holds):
    check_of(imports, holds)(lambda x: x)
    assert "helpers" not in sys.modules


def test_a_check_can_use_an_import_above_the_solution(check_of):
    check_of("", "datetime.date(2026, 1, f(1)).day == 1", more="import datetime\n")(lambda x: x)


def test_an_import_in_the_solution_is_not_there_because_students_do_not_have_it(check_of):
    with pytest.raises(NameError):
        check_of("", "statistics.mean([f(1)]) == 1")(lambda x: x)


def test_an_import_that_no_check_uses_does_not_run(check_of):
    """`near` is a parameter: the student's process has it."""
    check_of("import nowhere\nfrom nowhere import near", "near(f(1), 2)", parameters=", near")(lambda x: x, max)


def test_an_import_that_fails_is_one_line(check_of):
    with pytest.raises(CourseError, match=r"^notebook\.py, cell setup, line 1: .*ModuleNotFoundError: .*'nowhere'\.$"):
        check_of("import nowhere", "nowhere.holds(f)")


def test_otters_test_file_has_the_imports_in_the_function(tmp_path):
    """Otter runs a test in a file of its own, where no cell has run."""
    imports = "import pandas as pd\nfrom math import isclose as near, tau\nfrom collections import *"
    text = NOTEBOOK.format(imports=imports, holds="near(np.e, f(pd.NA))", parameters="", more="")
    (tmp_path / "notebook.py").write_text(text)
    cells = read_source(tmp_path / "notebook.py")
    (check,) = (cell for cell in cells if cell.role == "check")
    lines = otter._public(check, cells).splitlines()
    assert [line.strip() for line in lines if "import" in line] == [
        "import numpy as np",
        "import pandas as pd",
        "from math import isclose as near",
    ]
    assert lines.index('    """It holds"""') == 1
