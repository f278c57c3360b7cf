"""A hidden check is a plain function over `student`, `reference` and `rng`; `@check` says what it is worth.

The same function is called by the grader (where `student` lives in a sandbox) and by pytest (where it is
a plain namespace). Must never import the sandbox.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from autograder.sandbox.worker.sharing import code_of, evaluating

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
class Mark:
    """What `@check` leaves on a function."""

    question: str
    points: float
    needs: tuple[str, ...]
    device: bool


def check(
    question: str, *, points: float, needs: str | tuple[str, ...] = (), device: bool = False
) -> Callable[[CheckFunction], CheckFunction]:
    """Mark `test_PROPERTY`, or `test_QUESTION_PROPERTY`, as the hidden check `question.PROPERTY`, worth `points`.

    device: `autograder grade --device` puts it there, with the same function. Its arrays are float32 there and its
    default tolerances 1e-4: not for finite differences, numbers beyond 3e38, or who shares memory with whom.
    """

    def mark(function: CheckFunction) -> CheckFunction:
        required = (needs,) if isinstance(needs, str) else tuple(needs)
        setattr(function, MARK, Mark(question, float(points), required, device))
        return function

    return mark


@dataclass(frozen=True, slots=True)
class Callback:
    """A function handed to student code, with habits.

    reuse_buffer: every call returns the same array with new contents, as a careful simulator does to save
    memory. Code that keeps the returned array instead of its values then sees them change.
    methods: more functions, which the student's side finds as attributes: `layer(x)` and `layer.vjp(x, u)`.
    """

    function: Callable[..., Any]
    reuse_buffer: bool = False
    methods: Mapping[str, Callable[..., Any]] = field(default_factory=dict)


class Formula:
    """A function of one array x that travels: student code evaluates it on its own side, and asks nobody.

    text: a NumPy expression of `x` and the constants, for example Formula("H @ (x - top)", H=H, top=top); of several
    arrays with their names before it, Formula("x, u: u @ (H * x)", H=H). Where calls need not be counted it saves a
    crossing each; its text tells student code no more than its values do. It can be a Callback's method.
    Calling it here gives the same numbers, always in memory of its own.
    """

    __slots__ = ("_function", "code", "constants", "text")

    def __init__(self, text: str, **constants: Any) -> None:
        self.text, self.constants, self.code = text, constants, code_of(text)
        self._function = evaluating(self.code, constants)

    def __call__(self, *arrays: Any) -> Any:
        return self._function(*arrays)
