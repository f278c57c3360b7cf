"""Pictures of a student's own answers to a fixed, public case, beside the reference's.

An author marks functions of `student` and `reference` in pictures.py; each returns one of the drawings. The grader
calls them after all checks, and the report draws the result. This module must never import the sandbox or the reports.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np

from autograder.authoring.diagnosis import describe
from autograder.authoring.drawing_parts import MAX_NUMBERS
from autograder.errors import CourseError

PICTURE_MARK = "__autograder_picture__"
_ALLOWED = {"student", "reference", "memo"}


class NoPicture(Exception):
    """There is nothing to draw. The text says why, and holds no number of the student's.

    Example: `no_picture("forward returned no pair")` raises it.
    """


@dataclass(frozen=True, slots=True)
class PictureFunction:
    """A marked function of pictures.py. parameters: of student, reference and memo.  caption: below the picture."""

    id: str
    question: str
    title: str
    caption: str
    parameters: tuple[str, ...]
    function: Callable[..., Any] = field(compare=False)


def picture(question: str, *, title: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a function over `student` and `reference` as a picture below `question`; its docstring is the caption.

    It may take `memo`, too: what the hidden checks have noted there saves their work, but only a picture without a
    fault may come from it. Any other is drawn again, with an empty memo.

    Example: `@picture("q3", title="Your path")` above `def path(student, reference):`.
    """

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        setattr(function, PICTURE_MARK, (question, title))
        return function

    return mark


def pictures_in(names: dict[str, Any], questions: set[str]) -> tuple[PictureFunction, ...]:
    """The marked functions of pictures.py, in its order. Raises CourseError for one that could not be called."""
    functions = [f for f in names.values() if inspect.isfunction(f) and hasattr(f, PICTURE_MARK)]
    return tuple(_picture(f, questions) for f in functions)


def _picture(function: Callable[..., Any], questions: set[str]) -> PictureFunction:
    question, title = getattr(function, PICTURE_MARK)
    identity = f"{question}.{function.__name__}"
    parameters = tuple(inspect.signature(function).parameters)
    odd = [p for p in parameters if p not in _ALLOWED]
    if odd:  # no rng: a picture must not depend on hidden inputs, and must be the same in every grading
        raise CourseError(f"picture {identity}: expected parameters out of student, reference, memo, got {odd[0]!r}.")
    if question not in questions:
        raise CourseError(f"picture {identity}: expected a question of assignment.toml, got {question!r}.")
    caption = " ".join((inspect.getdoc(function) or "").split())
    return PictureFunction(identity, question, title, caption, parameters, function)


def numbers(value: Any, shape: tuple[int | None, ...], name: str, at_most: int = MAX_NUMBERS) -> np.ndarray:
    """A student's numbers as float64 of this shape; None stands for any length. Raises NoPicture.

    Integers, booleans and nested lists of numbers are accepted. at_most: entries.

    Example: `numbers(student.path(), shape=(None, 2), name="path")`.
    """
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, OverflowError):
        no_picture(f"{name} returned {describe(value)} that is no table of numbers")
    if array.dtype.kind not in "fiub":
        no_picture(f"{name} returned {describe(value)} where numbers are due")
    fits = len(array.shape) == len(shape) and all(
        want in {None, got} for want, got in zip(shape, array.shape, strict=False)
    )
    if not fits or array.size > at_most:
        wanted = ", ".join("any" if n is None else str(n) for n in shape) + "," * (len(shape) == 1)
        no_picture(f"{name} returned shape {array.shape} where ({wanted}) is due")
    return array.astype(np.float64)


def no_picture(why: str) -> NoReturn:
    """Give up, with the reason as half a sentence: "forward returned no pair".

    Example: `no_picture("forward returned no pair")`.
    """
    raise NoPicture(why)
