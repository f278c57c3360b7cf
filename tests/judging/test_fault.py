"""Two checks of a question have one fault if they fail for one cause: by the fields of a failure, not by its sentence."""

import ast
import itertools
from pathlib import Path

import pytest

from autograder.authoring import fail
from autograder.authoring.assertions import assert_array
from autograder.authoring.checks import Check
from autograder.authoring.failing import CheckFailed, SafeText, texts_in
from autograder.authoring.inprocess import PlainStudent
from autograder.errors import RaisedError
from autograder.judging.judge import judge

TEXTS = texts_in(ast.parse(Path(__file__).read_text()))


def fault(function, visibility="hidden"):
    made = Check("q1.made", "q1", "made", 1.0, visibility, function, ("student",), texts=TEXTS)
    return judge(made, PlainStudent({}), None, "seed").fault


def failing(*args, **kwargs):
    return lambda student: fail(*args, **kwargs)


def raising(error):
    def function(student):
        raise error

    return function


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (failing("1/N is missing", "scale", subject="dW1"), failing("1/N is missing", "scale", subject="db2")),
        (
            failing(SafeText("expected shape (3, 4)"), "shape"),
            failing(SafeText("expected shape (7, 2)"), "shape"),
        ),
        (raising(RaisedError("KeyError", "'a'")), raising(RaisedError("KeyError", "'b'"))),
        (raising(RaisedError("NotImplementedError")), raising(RaisedError("NotImplementedError"))),
        (
            lambda s: assert_array(2 * [[1.0, 2.0]], [[[3.0], [4.0]]]),
            lambda s: assert_array(3 * [[1.0, 2.0]], [[[3.0], [4.0], [5.0]]]),
        ),
    ],
)
def test_one_cause_with_other_names_and_numbers_is_one_fault(one, other):
    assert fault(one) == fault(other) != ""


DIFFERENT = [
    failing("1/N is missing", "scale"),
    failing("the sign is turned", "sign"),
    failing("1/N is missing", "value"),
    failing("1/N is missing", "scale", hint="divide"),
    failing("1/N is missing", "scale", got=SafeText("a list")),
    failing(SafeText("yours is 3 × the reference everywhere"), "scale"),
    failing(SafeText("yours is 10 × the reference everywhere"), "scale"),
    raising(CheckFailed("later", "blocked", blocked_by="q1")),
    raising(CheckFailed("later", "blocked", blocked_by="q2")),
    raising(RaisedError("KeyError")),
    raising(RaisedError("TypeError")),
    raising(RaisedError("NotImplementedError")),
]


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(DIFFERENT, 2)))
def test_two_causes_are_two_faults(one, other):
    assert fault(one) != fault(other)


def test_a_check_that_passes_has_no_fault():
    assert fault(lambda student: None) == ""


def test_a_public_check_tells_exceptions_apart_by_their_line_and_not_by_their_text():
    first = fault(raising(RaisedError("IndexError", "index 5", line=4)), "public")
    again = fault(raising(RaisedError("IndexError", "index 9", line=4)), "public")
    elsewhere = fault(raising(RaisedError("IndexError", "index 5", line=8)), "public")
    assert first == again != elsewhere


@pytest.mark.parametrize("line", [1, 2])
def test_the_fault_of_a_hidden_check_holds_nothing_that_student_code_chooses(line):
    """Neither the text and line of an exception, nor words that a check makes from an answer."""
    usual = fault(raising(RaisedError("ValueError", "a hidden input", line=7)))
    assert fault(raising(RaisedError("ValueError", f"another {line}", line=line))) == usual
    assert fault(failing(f"got {line}")) == fault(failing(f"got {line + 1}"))
    assert fault(raising(RaisedError(f"Mine{line}"))) == fault(raising(RaisedError(f"Mine{line + 1}")))
