"""Tables and other typed values go into a student's process and come back, with the sandbox between."""

import numpy as np
import pandas as pd
import pytest
import typed_values
from patience import opened

from autograder.authoring.equality import same
from autograder.errors import NotNumbersError, RaisedError
from autograder.sandbox.launcher import Kernel
from autograder.sandbox.sandboxed_student import SandboxedStudent
from autograder.sandbox.tiers import open_sandbox

CODE = """
import pandas as pd
def echo(x): return x
def use(f, x): return f(x)
def change(table):
    table["new"] = 1
    table.drop(0, inplace=True)
def grouped(table): return table.groupby("a")
def of_a_class(table):
    class Mine(pd.DataFrame): pass
    return Mine(table)
"""


@pytest.fixture(scope="module")
def student():
    with open_sandbox({}, None, Kernel(("pandas", "scipy"))) as zygote, opened(zygote) as process:
        process.run_cell(CODE)
        yield SandboxedStudent(process)


def test_every_value_of_the_table_comes_back_as_it_went(student):
    for value in typed_values.ALL:
        assert same(student.echo(value), value)


def test_a_function_of_the_check_takes_and_returns_tables(student):
    assert same(student.use(lambda table: 2 * table, pd.DataFrame({"a": [1]})), pd.DataFrame({"a": [2]}))


def test_a_change_of_a_table_shows_where_changes_show_and_nowhere_else(student):
    table = pd.DataFrame({"a": [1, 2]})
    student.change(table)
    assert list(table.columns) == ["a"]
    student.shown("change")(table)
    pd.testing.assert_frame_equal(table, pd.DataFrame({"a": [2], "new": [1]}, index=[1]))


def test_a_kept_table_can_be_overwritten(student):
    kept = student.keep(pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}))
    after = pd.DataFrame({"a": [3, 4], "b": ["p", "q"]})
    student.overwrite(kept, after)
    pd.testing.assert_frame_equal(student.fetch(kept), after)


@pytest.mark.parametrize(("name", "form"), [("grouped", "a GroupBy of pandas"), ("of_a_class", "a DataFrame of a cla")])
def test_what_does_not_travel_is_named_where_a_check_uses_it(student, name, form):
    answer = getattr(student, name)(pd.DataFrame({"a": [1]}))
    with pytest.raises(NotNumbersError, match=form):
        answer.shape  # noqa: B018 — a check that looks at it


def test_a_hundred_thousand_rows_with_text_travel(student):
    n = 100_000
    table = pd.DataFrame({"text": [f"person number {i}" for i in range(n)], "x": np.arange(n) / 2})
    pd.testing.assert_frame_equal(student.echo(table), table)


def test_without_pandas_python_and_numpy_values_travel_and_a_table_is_one_line(zygote):
    with opened(zygote) as process:
        process.run_cell("def echo(x): return x")
        student = SandboxedStudent(process)
        for value in (*typed_values.PYTHON, *typed_values.NUMPY):
            assert same(student.echo(value), value)
        with pytest.raises(RaisedError) as raised:
            student.echo(pd.DataFrame({"a": [1]}))
        assert raised.value.type_name == "ImportError"
        assert raised.value.text == "a value of pandas, which this process does not have"
        assert student.echo(1) == 1
