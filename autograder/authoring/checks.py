"""A hidden check is a plain function of `student`, `reference` and `rng`; `@check` gives its question and points.

The grader calls it with a sandboxed student, and pytest with a plain one. This module must never import the sandbox.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

CheckFunction = Callable[..., None]
Visibility = Literal["public", "hidden", "inside"]

MARK = "__autograder_check__"
PARAMETERS = ("student", "reference", "rng", "memo")  # that a hidden check may take


@dataclass(frozen=True, slots=True)
class Check:
    """One property of one question.

    id: `question.property`, for example "q3.closed_form".  points: for passing it.
    needs: questions that must pass first; if one does not, this check is `blocked` instead of failed. A public check is
    put in any case: see judging/blocked_examples.py.
    device: whether it can run on a device, in float32; see judging/device.py.
    visibility: students have the text of a public check. A hidden one stays with the grader. One that runs inside stays
    there, too, until its turn: then its lines run in the student's process, which can read and change them.
    texts: of a hidden check, the texts that its messages may hold; see failing.py.
    core: whether a named slip fails it, see slips.py; or the name of the function whose slips do.
    parameters: the names of the function's arguments, out of PARAMETERS, or in a public check a name that the student's
    notebook defines. memo: a dict that the checks of one submission share, or None; see trials.py.
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
    texts: frozenset[str] = field(default=frozenset(), compare=False)
    core: bool | str = False


@dataclass(frozen=True, slots=True)
class CheckMark:
    """The mark that `@check` puts on a function."""

    question: str
    points: float
    needs: tuple[str, ...]
    device: bool
    inside: bool = False
    core: bool | str = False


def check(
    question: str,
    *,
    points: float,
    needs: str | tuple[str, ...] = (),
    device: bool = False,
    inside: bool = False,
    core: bool | str = False,
) -> Callable[[CheckFunction], CheckFunction]:
    """Mark `test_PROPERTY`, or `test_QUESTION_PROPERTY`, as the hidden check `question.PROPERTY`, worth `points`.

    device: `autograder grade --device` runs it on the device. Its arrays are float32 then, and its default tolerance is
    1e-4: do not set it for finite differences, numbers beyond 3e38, or checks of shared memory.
    inside: its lines run in the student's process (`run_inside`), after all other checks. The result says so.
    core: whether a named slip fails it, see `slips`; with slips of several functions, the name of one of them.

    Example: `@check("q2", points=5, needs="q1")` above `def test_value(student, reference, rng):`.
    """
    if not isinstance(question, str) or not isinstance(points, (int, float)) or not 0 <= points < math.inf:
        raise ValueError(f'expected @check("q1", points=5), got @check({question!r}, points={points!r})')

    def mark(function: CheckFunction) -> CheckFunction:
        required = (needs,) if isinstance(needs, str) else tuple(needs)
        setattr(function, MARK, CheckMark(question, float(points), required, device, inside, core))
        return function

    return mark
