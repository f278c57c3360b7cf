"""Doctest examples of a test case: their sources for the student's process, and the verdict on what came back.

The expected outputs stay in this process.
"""

from __future__ import annotations

import doctest
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.errors import CourseError

_CHECKER = doctest.OutputChecker()
_ANYTHING = frozenset({"True\n", ""})  # outputs that a program can give without knowing the answer


@dataclass(frozen=True, slots=True)
class ExampleAnswer:
    """The answer to an example. raised: whether it raised.  text: the last lines of the exception, or the output."""

    raised: bool
    text: str


@dataclass(frozen=True, slots=True)
class Examples:
    """The examples of one test case that run: those with the directive SKIP do not."""

    examples: tuple[doctest.Example, ...]

    @property
    def sources(self) -> list[str]:
        """The code of each, for the student's process."""
        return [example.source for example in self.examples]

    @property
    def guessable(self) -> bool:
        """Whether `True` or no output at all is the answer to each: then no value has to be known to pass."""
        return all(example.want in _ANYTHING and example.exc_msg is None for example in self.examples)

    def first_wrong(self, answers: Sequence[ExampleAnswer]) -> int | None:
        """The place of the first example with a wrong answer, or without one; None if all are right."""
        for place, example in enumerate(self.examples):
            if place >= len(answers) or not _is_right(example, answers[place]):
                return place
        return None


def examples_of(code: str) -> Examples:
    """The examples in the code of a test case. Raises CourseError if doctest cannot read it."""
    try:
        parts = doctest.DocTestParser().parse(code, "test")
    except ValueError as error:  # for example, a prompt without a blank behind it
        raise CourseError(f"code: expected doctest examples, got: {error}.") from None
    examples = (part for part in parts if isinstance(part, doctest.Example))
    return Examples(tuple(e for e in examples if not e.options.get(doctest.SKIP)))


def _is_right(example: doctest.Example, answer: ExampleAnswer) -> bool:
    """As `doctest.DocTestRunner` decides it."""
    flags = sum(flag for flag, is_set in example.options.items() if is_set)
    if not answer.raised:
        return _CHECKER.check_output(example.want, answer.text, flags)
    if example.exc_msg is None:
        return False
    if _CHECKER.check_output(example.exc_msg, answer.text, flags):
        return True
    return bool(flags & doctest.IGNORE_EXCEPTION_DETAIL) and _CHECKER.check_output(
        _exception_type(example.exc_msg), _exception_type(answer.text), flags
    )


def _exception_type(lines: str) -> str:
    """The exception's name without its module and text, as the directive IGNORE_EXCEPTION_DETAIL compares it.

    lines: the last ones of a traceback, as Python prints them.
    """
    first = lines.partition("\n")[0].partition(":")[0]
    return first.rpartition(".")[2]
