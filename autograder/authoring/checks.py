"""A hidden check is a plain function over `student`, `reference` and `rng`; `@check` says what it is worth.

The same function is called by the grader (where `student` lives in a sandbox) and by pytest (where it is
a plain namespace). Must never import the sandbox.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

CheckFunction = Callable[..., None]
Visibility = Literal["public", "hidden"]

MARK = "__autograder_check__"


@dataclass(frozen=True, slots=True)
class Check:
    """One property of one question.

    id: `question.property`, for example "q3.closed_form".  points: what passing it is worth.
    needs: questions that must pass first; if one does not, this check is `blocked` instead of failed.
    device: whether it makes sense on a device, in float32; see judging/device.py.
    parameters: what `function` is called with, by name: student, reference, rng, or a name that the
    student's notebook defines (public checks are written over those).
    """

    id: str
    question: str
    title: str
    points: float
    visibility: Visibility
    function: CheckFunction = field(compare=False)
    parameters: tuple[str, ...]
    needs: tuple[str, ...] = ()
    device: bool = False


@dataclass(frozen=True, slots=True)
class CheckMark:
    """What `@check` leaves on a function."""

    question: str
    points: float
    needs: tuple[str, ...]
    device: bool


def check(
    question: str, *, points: float, needs: str | tuple[str, ...] = (), device: bool = False
) -> Callable[[CheckFunction], CheckFunction]:
    """CheckMark `test_PROPERTY`, or `test_QUESTION_PROPERTY`, as the hidden check `question.PROPERTY`, worth `points`.

    device: `autograder grade --device` puts it there, with the same function. Its arrays are float32 there and its
    default tolerances 1e-4: not for finite differences, numbers beyond 3e38, or who shares memory with whom.
    """

    def mark(function: CheckFunction) -> CheckFunction:
        required = (needs,) if isinstance(needs, str) else tuple(needs)
        setattr(function, MARK, CheckMark(question, float(points), required, device))
        return function

    return mark
