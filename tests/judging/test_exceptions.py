"""What a message says of an exception of student code: real exceptions, of the kinds that real students raise."""

import numpy as np
import pytest

from autograder.authoring.checks import Check
from autograder.errors import NotDefinedError, NotNumbersError, RaisedError
from autograder.judging.exceptions import _ROWS, explain, name_of
from autograder.judging.facts import Facts, broken_cell, facts_of
from autograder.judging.judge import without_answer

X = np.ones((2, 3))
CASES = [
    ("if False: z = 1\nz + 1", "UnboundLocalError", "before it gets a value", "if"),
    ("a1 @ X", "NameError", "defined nowhere", "another question"),
    ("None.shape", "AttributeError", "is None", "return"),
    ("np.float(1)", "AttributeError", "NumPy has no such name", "np.float is float"),
    ("np.product(X)", "AttributeError", "NumPy has no such name", "np.prod"),
    ("[1.0].shape", "AttributeError", "no such attribute", "list"),
    ("X[1.0]", "IndexError", "whole number", "//"),
    ("X[0, 0, 0]", "IndexError", "fewer axes", "shapes"),
    ("X[np.array([True, False, True])]", "IndexError", "a mask", "shapes"),
    ("X[7]", "IndexError", "beyond the end", "shapes"),
    ("[1, 2][2]", "IndexError", "beyond the end", "the length"),
    ("[].pop()", "IndexError", "a list is empty", "used up"),
    ("n = [1, 2]\nn[0.5]", "TypeError", "a float stands where a whole number is due", "//"),
    ("t = (1, 2)\nt['W1']", "TypeError", "as only a dict can be", "a dict where one is due"),
    ("t = 'ab'\nt['W1']", "TypeError", "as only a dict can be", "a dict where one is due"),
    ("range(2.5)", "TypeError", "a float stands where a whole number is due", "//"),
    ("np.zeros(2.5)", "TypeError", "a float stands where a whole number is due", "//"),
    ("None + 1", "TypeError", "is None", "return"),
    ("a, b = 5", "TypeError", "one value stands where several are due", "return a, b"),
    ("f = lambda x: x\nf(1, 2)", "TypeError", "does not fit the function", "arguments"),
    ("float(X)", "TypeError", "take one number", ""),
    ("n = 3\nn(4)", "TypeError", "as a list, an array or a function", "used twice"),
    ("'a' + 1", "TypeError", "another type", "print the types"),
    ("v = np.arange(3)\nv += 0.5", "TypeError", "whole numbers", "dtype=float"),
    ("np.exp('a')", "TypeError", "compute with values of this type", "dtypes"),
    ("{}['W1']", "KeyError", "no such key", "letter by letter"),
    ("import pandas\npandas.DataFrame({'height': [1]})['hight']", "KeyError", "no such column", "letter by letter"),
    ("X + np.ones(2)", "ValueError", "do not fit together", "keepdims"),
    ("X @ X", "ValueError", "a matrix product", ".T"),
    ("np.dot(X, X)", "ValueError", "a matrix product", ".T"),
    ("a, b = 1, 2, 3", "ValueError", "more or fewer items", ""),
    ("if X: pass", "ValueError", "one truth value", "np.where"),
    ("np.array([[1.0], [1.0, 2.0]])", "ValueError", "different lengths", ""),
    ("np.broadcast_to(X, (2, 2, 3))[0] = 1", "ValueError", "must not be changed", "copy"),
    ("X.reshape(4, 4)", "ValueError", "the shape of an array does not fit", "shapes"),
    ("np.stack([X, X[0]])", "ValueError", "the shape of an array does not fit", "shapes"),
    ("np.concatenate([X, X[0]])", "ValueError", "the shape of an array does not fit", "shapes"),
    ("X.transpose(0, 1, 2)", "ValueError", "the shape of an array does not fit", "shapes"),
    ("X[:, 0] = np.ones(5)", "ValueError", "do not fit together", "keepdims"),
    ("max([])", "ValueError", "is empty", "nothing is left"),
    ("np.max(np.ones(0))", "ValueError", "is empty", "nothing is left"),
    ("[1, 2].remove(3)", "ValueError", "no such item", "`in`"),
    ("[1, 2].index(3)", "ValueError", "no such item", "`in`"),
    ("import math\nmath.sqrt(-1.0)", "ValueError", "no value for this number", "print the number"),
    ("float('w')", "ValueError", "a text is read as a number", ""),
    ("range(0, 3, 0)", "ValueError", "cannot use a value", "print the value"),
    ("np.sum(X, axis=2)", "AxisError", "an axis that the array does not have", "shapes"),
    ("np.linalg.inv(np.zeros((2, 2)))", "LinAlgError", "singular", "inverse"),
    ("1 / 0", "ZeroDivisionError", "division by zero", "empty"),
    ("import math\nmath.exp(1e4)", "OverflowError", "too large", "np.exp"),
    ("assert 1 == 2", "AssertionError", "of your own", "every input"),
    ("next(iter([]))", "StopIteration", "found nothing", "used up"),
    ("d = {1: 2}\nfor k in d: d[k + 1] = 3", "RuntimeError", "while a loop goes over it", ""),
    ("def f(): return f()\nf()", "RecursionError", "calls itself without end", "last case"),
    ("import nowhere_to_be_found", "ImportError", "is not there while grading", ""),
    ("open('/nowhere/at/all')", "OSError", "cannot be opened while grading", "beside the notebook"),
    ("b'\\xfc'.decode()", "UnicodeDecodeError", "another encoding", "encoding="),
    ("exec('x = = 1')", "SyntaxError", "no Python", ""),
    ("raise SystemExit", "SystemExit", "ends the function", "return"),
    ("raise LookupError('my own')", "an exception", "read the last line", ""),
]


def raised_by(code):
    body = "\n".join(f"    {line}" for line in code.splitlines())
    names = {"np": np, "X": X}
    exec(f"def answer():\n{body}", names)
    with pytest.raises(BaseException) as caught:
        names["answer"]()
    return RaisedError(type(caught.value).__name__, str(caught.value), line=3)


@pytest.mark.parametrize(("code", "name", "meaning", "hint"), CASES, ids=[c[0].splitlines()[-1] for c in CASES])
def test_a_message_says_what_the_exception_means(code, name, meaning, hint):
    error = raised_by(code)
    row = explain(error)
    assert name_of(error) == name
    assert meaning in row.meaning
    assert hint in row.hint


@pytest.mark.parametrize(("code", "name", "meaning", "hint"), CASES, ids=[c[0].splitlines()[-1] for c in CASES])
def test_only_shapes_that_are_at_fault_are_spoken_of(code, name, meaning, hint):
    spoken = "shapes" in message(HIDDEN, raised_by(code))
    assert not spoken or (name in {"IndexError", "ValueError", "AxisError"} and ("X" in code or "np" in code))


HIDDEN = Check("q1.value", "q1", "Value", 1.0, "hidden", lambda: None, ())
PUBLIC = Check("q1.example", "q1", "Example", 1.0, "public", lambda: None, ())


def message(check, error, facts=None):
    return without_answer(check, error, facts).message


def test_each_row_is_one_sentence_and_at_most_one_hint():
    for row in _ROWS:
        assert row.meaning
        assert not row.meaning.endswith((".", "?"))
        assert not row.hint.endswith((".", "?"))


SORT = """def sort_graph(graph):
    seen = []
    if seen:
        raise ValueError(f"cycle through {seen[0]}")
    if not graph: raise KeyError
"""
TWICE = """def later(x):
    if x:
        raise ValueError(
            "no later"
        )
"""
BOTH = [(3, SORT), (7, TWICE)]
CONDITION = "Hint: find out why its condition holds here."


def test_a_raise_of_the_students_own_is_told_with_its_place_and_its_words():
    facts, error = facts_of([(3, SORT)]), RaisedError("ValueError", "cycle through x", line=4)
    place = f"It comes from the `raise` in code cell 3, line 4 (cycle through). {CONDITION}"
    assert message(HIDDEN, error, facts) == f"raised ValueError. {place}"
    assert message(PUBLIC, error, facts) == f"raised ValueError: cycle through x (line 4). {place}"
    assert message(HIDDEN, RaisedError("KeyError", ""), facts) == (
        f"raised KeyError. It comes from the `raise` in code cell 3, line 5. {CONDITION}"
    )


@pytest.mark.parametrize("said", ["cycle through x", "no later"])
def test_of_several_raises_of_one_type_a_hidden_check_says_the_same_whichever_it_was(said):
    """Student code that has seen a hidden input chooses one of them."""
    got = message(HIDDEN, RaisedError("ValueError", said, line=4), facts_of(BOTH))
    assert got == f"raised ValueError. It comes from a `raise` in code cell 3 or 7. {CONDITION}"


@pytest.mark.parametrize(
    "error",
    [
        RaisedError("ValueError", "operands could not be broadcast together"),
        RaisedError("TypeError", "cycle through x"),
        RaisedError("KeyError", "'a'"),
    ],
)
def test_an_exception_that_no_raise_of_the_notebook_makes_is_explained_as_pythons_own(error):
    assert "raise`" not in message(HIDDEN, error, facts_of(BOTH))


def test_a_cell_of_thousands_of_raises_is_read_up_to_a_bound():
    assert len(facts_of([(1, "raise A('b')\n" * 5000)]).raises) == 100


def test_the_line_is_told_if_the_public_check_of_the_question_raised_the_same():
    facts = Facts()
    error = RaisedError("NameError", "name 'a1' is not defined", line=4)
    message(PUBLIC, error, facts)
    assert message(HIDDEN, RaisedError("NameError", "another", line=77), facts).startswith(
        "raised NameError (line 4, as in the public check): a name is used that is defined nowhere."
    )
    assert "line" not in message(HIDDEN, RaisedError("KeyError", "'a'", line=4), facts)


def test_the_line_of_a_hidden_check_alone_is_not_told():
    """Student code that has seen a hidden input chooses it."""
    facts = Facts()
    message(HIDDEN, RaisedError("NameError", "", line=4), facts)
    assert "4" not in message(HIDDEN, RaisedError("NameError", "", line=4), facts)


def test_a_missing_name_names_the_cell_that_cannot_be_read():
    facts = facts_of([(4, "def forward(X):"), (5, "def backward(g):\n    return (g")])
    facts.broken.append(broken_cell(5, "def backward(g):\n    return (g", RaisedError("SyntaxError", "x", line=2)))
    assert message(HIDDEN, NotDefinedError("backward"), facts) == (
        "backward is not defined: code cell 5 cannot be read as Python (line 2), so nothing of it ran. "
        "Hint: run this cell in your notebook and read the error."
    )
    assert "did you mean" not in message(HIDDEN, NotDefinedError("train"), facts)
    helper = message(HIDDEN, RaisedError("NameError", "name 'backward' is not defined"), facts)
    assert "code cell 5 cannot be read as Python (line 2)" in helper


def test_a_name_that_a_notebook_of_this_release_begins_with_tells_of_an_older_one():
    facts = facts_of([(1, "import numpy as np")], given=["np", "three_layers"])
    assert message(PUBLIC, NotDefinedError("three_layers"), facts) == (
        "three_layers is not defined, but a cell at the beginning should define it: this notebook is of an older "
        "release, or the cell was changed. Hint: take the notebook as it is released now, and copy your functions "
        "into it."
    )
    assert "older release" not in message(PUBLIC, NotDefinedError("jvp"), facts)  # one that a student writes
    facts.broken.append(broken_cell(1, "import numpy, three_layers", RaisedError("ImportError", "three_layers")))
    assert "older release" not in message(PUBLIC, NotDefinedError("three_layers"), facts)  # its own cell stopped


def test_a_missing_name_names_the_cell_that_stopped_in_front_of_it():
    facts = Facts(broken=[broken_cell(3, "x = 1 / 0\ny = x", RaisedError("ZeroDivisionError", "x", line=1))])
    assert "code cell 3 stopped with ZeroDivisionError (line 1)" in message(HIDDEN, NotDefinedError("y"), facts)
    facts = Facts(broken=[broken_cell(4, "while True: pass\nz = 1")])
    assert "code cell 4 ended its process" in message(HIDDEN, NotDefinedError("z"), facts)


def test_a_value_that_is_no_real_numbers_is_named():
    result = without_answer(HIDDEN, NotNumbersError("an array of np.longdouble"))
    assert (result.outcome, result.diagnosis) == ("fail", "dtype")
    assert result.message.startswith("expected real numbers, got an array of np.longdouble.")


def test_a_hidden_check_names_no_raise_of_a_class_of_the_students_own():
    """Student code that has seen a hidden input could choose one of a hundred classes."""
    facts = facts_of([(1, "class Flat(Exception): pass\nraise Flat('one')")])
    error = RaisedError("Flat", "one", line=2)
    assert message(PUBLIC, error, facts).endswith(f"the `raise` in code cell 1, line 2 (one). {CONDITION}")
    assert "Flat" not in message(HIDDEN, error, facts) and "`raise`" not in message(HIDDEN, error, facts)
