"""Whether an author's slips are fit to be forgiven: on many draws of the probe, before a student meets them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from autograder.authoring.alike import alike
from autograder.authoring.checks import Check
from autograder.authoring.inprocess import PlainStudent
from autograder.authoring.slips import Slip, SlipGroup, is_core

FEW, MANY = 8, 50  # draws of the probe: at each release, and in an audit
MOST_ARGUMENTS = 8


def slip_faults(group: SlipGroup, reference: Any, checks: Sequence[Check], draws: int = MANY) -> Iterator[str]:
    """One line for each fault of a group's slips: "expected …, got …". draws: of the probe, at least 2."""
    known = tuple(group.make(reference))
    functions = {slip.function for slip in known}
    if len(functions) != 1:
        yield f"expected slips of one function, got {', '.join(sorted(functions)) or 'none'}"
        return
    if not any(is_core(c, group.question, known[0].function) and c.points for c in checks):
        yield f"expected a core check with points for {known[0].function}, got none"
    seeds = [str(i) for i in range(draws)]
    right = [group.right_answer(reference, seed) for seed in seeds]
    answers = {slip.name: [group.right_answer(reference, seed, slip) for seed in seeds] for slip in known}
    for one, other in combinations([("the right answer", right), *answers.items()], 2):
        if any(map(alike, one[1], other[1])):
            yield f"expected {other[0]} to differ from {one[0]} on every draw of the probe, got the same"
    for slip in known:
        yield from _of_one(slip, answers[slip.name])
    yield from _of_arguments(group, known, answers, reference)


def _of_one(slip: Slip, answers: Sequence[Any]) -> Iterator[str]:
    if any(map(_is_zero, answers)):
        yield f"expected {slip.name} to give an answer that is not zero, got zeros"
    if any(alike(answer, answers[0]) for answer in answers[1:]):
        yield f"expected {slip.name} to give another answer for each draw of the probe, got a constant"


def _is_zero(answer: Any) -> bool:
    match answer:
        case list() | tuple():
            return all(map(_is_zero, answer))
        case dict():
            return all(map(_is_zero, answer.values()))
    return not isinstance(answer, str) and not np.any(answer)


def _of_arguments(
    group: SlipGroup, known: Sequence[Slip], answers: Mapping[str, Sequence[Any]], reference: Any
) -> Iterator[str]:
    """A slip that returns one of its arguments would pay for a body like `return x`."""
    for i in range(MOST_ARGUMENTS):
        argument = _argument(group, known[0].function, i, reference)
        for slip in known:
            if argument is not None and alike(argument, answers[slip.name][0]):
                yield f"expected {slip.name} to do more than return one of its arguments, got argument {i + 1}"


def _argument(group: SlipGroup, function: str, number: int, reference: Any) -> Any:
    """What the probe makes of a function that returns one of its arguments; None if it cannot use it."""

    def argument(*args: Any, **kwargs: Any) -> Any:
        return [*args, *kwargs.values()][number]

    try:
        return group.answer(PlainStudent({**vars(reference), function: argument}), reference, "0")
    except Exception:  # noqa: BLE001 — the probe reads an item that it does not have, or there is no such argument
        return None
