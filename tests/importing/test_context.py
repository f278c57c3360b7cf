"""Which names a test takes from the student, and which lines of the author's come before it."""

import pytest

from autograder.importing.context import context, keepings, restored, used_later
from autograder.importing.parts import SourcePart


def parts(*pairs):
    return [SourcePart(kind, source, question="q1", points=1.0) for kind, source in pairs]


CASES = {
    "a function of the answer": ([("answer", "def f(x): return x")], "assert f(1)", "", ("f",)),
    "an import": (
        [("given", "import numpy as np"), ("answer", "def f(): pass")],
        "np.sum(f())",
        "import numpy as np",
        ("f",),
    ),
    "an import of the answer": ([("answer", "import numpy as np\nx = 1")], "np.sum(x)", "import numpy as np", ("x",)),
    "a seeded module stays a module": (
        [("given", "import numpy as np\nnp.random.seed(1)"), ("answer", "np.random.seed(2)\nx = 1")],
        "np.sum(x)",
        "import numpy as np",
        ("x",),
    ),
    "a given value": ([("given", "n = 3"), ("answer", "def f(): pass")], "f(n)", "n = 3", ("f",)),
    "a given value that the answer sets": ([("given", "n = 3"), ("answer", "n = 4")], "assert n", "", ("n",)),
    "a given table that the answer changes": ([("given", "t = {}"), ("answer", "t['a'] = 1")], "assert t", "", ("t",)),
    "a helper that calls the answer": (
        [("answer", "def f(): pass"), ("given", "def g():\n    return f()")],
        "g()",
        "def g():\n    return f()",
        ("f",),
    ),
    "a name of an earlier test": (
        [("answer", "def f(): pass"), ("test", "case = 3\nassert f() == case")],
        "assert f() + case",
        "case = 3",
        ("f",),
    ),
    "an assertion of an earlier test is not repeated": (
        [("answer", "def f(): pass"), ("test", "import numpy as np\nnp.testing.assert_equal(f(), 1)")],
        "np.sum(f())",
        "import numpy as np",
        ("f",),
    ),
    "examples of doctest": ([("answer", "def f(): pass")], ">>> f()\n1\n", "", ("f",)),
    "a star": ([("given", "from math import *"), ("answer", "x = pi")], "sin(x)", "from math import *", ("x",)),
    "a name of the test": ([("answer", "x = 1")], "y = x\nassert y", "", ("x",)),
}


@pytest.mark.parametrize(("above", "test", "lines", "names"), CASES.values(), ids=CASES)
def test_a_test_gets_what_it_reads(above, test, lines, names):
    every = parts(*above, ("test", test))
    made = context(every, len(every) - 1, "lines")
    assert (made.lines, made.names) == (lines, names)


def test_values_of_given_cells_can_come_from_the_student():
    every = parts(
        ("given", "import csv\nrows = list(csv.reader(open('x')))"), ("answer", "def f(r): pass"), ("test", "f(rows)")
    )
    assert context(every, 2, "lines").names == ("f",)
    assert context(every, 2, "definitions").names == ("f", "rows")
    assert context(every, 2, "nothing").lines == ""


def test_a_name_that_a_later_cell_sets_is_kept():
    every = parts(("answer", "x = 1"), ("test", "assert x == 1"), ("answer", "x = 2"), ("given", "y.append(1)"))
    (kept,) = keepings(every, 1, ("x",), copies=False)
    assert (kept.name, kept.place, kept.copied) == ("x", 1, False)
    assert keepings(every, 1, ("y",), copies=False) == ()
    assert keepings(every, 1, ("y",), copies=True)[0].copied


def test_a_later_cell_can_need_the_public_lines_of_a_test():
    test = SourcePart("test", "def near(x): pass", public="def near(x): pass")
    assert used_later([test, *parts(("answer", "near(1)"))], 0)
    assert not used_later([test, *parts(("answer", "near = 1\nnear + 1"))], 0)
    assert not used_later([test, *parts(("test", "near(1)"))], 0)


def test_a_test_inside_gives_back_the_names_of_later_cells():
    cells = parts(("answer", "class A: pass"), ("test", "a = A()\nb = 1"), ("answer", "a = 2"))
    assert restored(cells, 1, "") == {"a"}
    assert restored(cells, 0, "a = 1") == {"a"}
