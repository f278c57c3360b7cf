"""The grader compares answers as Python's own doctest does, without running anything."""

import doctest
import io

import pytest

from autograder.errors import CourseError
from autograder.otter_courses.doctests import ExampleAnswer, examples_of
from autograder.sandbox.worker.otter_stub import run_examples

CODE = {
    "a value": ">>> x\n4",
    "a wrong value": ">>> x\n5",
    "two, the second wrong": ">>> x\n4\n>>> x\n5",
    "printed": ">>> print('a'); print('b')\na\nb",
    "no output": ">>> y = 1",
    "an exception": ">>> 1 / 0\nTraceback (most recent call last):\n  ...\nZeroDivisionError: division by zero",
    "another exception": ">>> 1 / 0\nTraceback (most recent call last):\nValueError: no",
    "an exception that nobody expects": ">>> 1 / 0\n4",
    "a value in the place of an exception": ">>> x\nTraceback (most recent call last):\nValueError: no",
    "without the exception's text": (
        ">>> 1 / 0 # doctest: +IGNORE_EXCEPTION_DETAIL\nTraceback (most recent call last):\nZeroDivisionError: else"
    ),
    "its module left out": (
        ">>> import json; json.loads('') # doctest: +IGNORE_EXCEPTION_DETAIL\n"
        "Traceback (most recent call last):\nJSONDecodeError: else"
    ),
    "an ellipsis": ">>> list(range(9)) # doctest: +ELLIPSIS\n[0, ..., 8]",
    "an ellipsis without the directive": ">>> list(range(9))\n[0, ..., 8]",
    "white space": ">>> print('a   b') # doctest: +NORMALIZE_WHITESPACE\na b",
    "a directive of the file is turned off": ">>> print('a   b') # doctest: -NORMALIZE_WHITESPACE\na b",
    "skipped": ">>> x # doctest: +SKIP\n5",
    "a blank line": ">>> print('a\\n\\nb')\na\n<BLANKLINE>\nb",
    "True for 1": ">>> True\n1",
    "exit": ">>> raise SystemExit(3)\nTraceback (most recent call last):\nSystemExit: 3",
    "a syntax error": ">>> 1 +\nTraceback (most recent call last):\nSyntaxError: invalid syntax",
    "nothing": "no example",
}


@pytest.mark.parametrize("name", CODE)
def test_the_verdict_is_that_of_doctest(name):
    names = {"x": 4}
    examples = examples_of(CODE[name])
    answers = [ExampleAnswer(*answer) for answer in run_examples(examples.sources, names)]
    test = doctest.DocTestParser().get_doctest(CODE[name], names, "test", None, None)
    failed, _ = doctest.DocTestRunner(verbose=False).run(test, out=io.StringIO().write)
    assert (examples.first_wrong(answers) is None) == (failed == 0)


def test_an_answer_that_is_missing_is_wrong():
    assert examples_of(">>> 1\n1\n>>> 2\n2").first_wrong([ExampleAnswer(raised=False, text="1\n")]) == 1


def test_code_that_doctest_cannot_read_is_one_line():
    with pytest.raises(CourseError, match="expected doctest examples, got"):
        examples_of(">>>x\n4")


@pytest.mark.parametrize(("code", "guessable"), [(">>> x == 4\nTrue", True), (">>> x\n4", False), (">>> y = 1", True)])
def test_a_case_that_true_answers_is_called_guessable(code, guessable):
    assert examples_of(code).guessable == guessable
