"""Reverse mode that forgets values and computes them again: a bonus of assignment 4.

Cuts divide the lines of a program into segments. Forward, the values of a segment are forgotten after its last line,
unless a later segment reads them: these cross a cut. On the way back one segment after the other is run again.
Imports nothing of `autograder`.
Sources: Griewank & Walther, Evaluating Derivatives, 2nd ed. (2008), chapter 12; Chen et al., Training deep nets with
sublinear memory cost (2016).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from reference_impl.engine import Array, Ops, Program


def checkpointed(
    program: Program, xs: Sequence[Array], u: Array, ops: Ops, cuts: Sequence[int]
) -> tuple[Array, list[Array]]:
    """Reverse mode as `engine.backprop`. Each line is evaluated at most twice, and each rule is asked once.

    cuts: numbers of lines, increasing, each from 1 to len(program) - 1; a segment begins at each of them.
    Returns (y, one gradient for each of xs, of its shape).
    """
    n, crossing = len(xs), crossing_slots(program, len(xs), cuts)
    kept: dict[int, Array] = dict(enumerate(xs))
    y: Array = None
    for lines in segments(program, cuts):
        *_, (last, y) = values = list(_walk(program, n, lines, kept, ops))
        kept |= {slot: value for slot, value in values if slot in crossing}
    adjoints = {last: u}
    for lines in reversed(segments(program, cuts)):
        values_again = kept | dict(_walk(program, n, lines, kept, ops))
        _walk_back(program, n, lines, values_again, adjoints, ops)
    return y, [np.array(adjoints[i]) if i in adjoints else np.zeros(np.shape(x)) for i, x in enumerate(xs)]


def segments(program: Program, cuts: Iterable[int]) -> list[range]:
    """The numbers of the lines of each segment."""
    return [range(start, end) for start, end in pairwise((0, *cuts, len(program)))]


def crossing_slots(program: Program, n_inputs: int, cuts: Iterable[int]) -> set[int]:
    """The slots of lines that a line of a later segment reads."""
    crossing: set[int] = set()
    for lines in segments(program, cuts):
        first = n_inputs + lines.start
        crossing.update(s for i in lines for s in program[i][1] if n_inputs <= s < first)
    return crossing


def most_values(program: Program, n_inputs: int, cuts: Iterable[int]) -> int:
    """How many values of lines `checkpointed` may hold at one time; the program's inputs are not among them."""
    cuts = tuple(cuts)
    return len(crossing_slots(program, n_inputs, cuts)) + max(map(len, segments(program, cuts)))


def _walk(
    program: Program, n_inputs: int, lines: range, kept: dict[int, Array], ops: Ops
) -> Iterator[tuple[int, Array]]:
    """Evaluate the lines of one segment. Yields each slot with its value."""
    values = dict(kept)
    for i in lines:
        name, sources = program[i]
        values[n_inputs + i] = ops[name](*(values[s] for s in sources))
        yield n_inputs + i, values[n_inputs + i]


def _walk_back(
    program: Program, n_inputs: int, lines: range, values: dict[int, Any], adjoints: dict[int, Any], ops: Ops
) -> None:
    """Ask the rules of one segment, and add up their answers in `adjoints`. Lines without an adjoint are passed by."""
    for i in reversed(lines):
        slot, (name, sources) = n_inputs + i, program[i]
        if slot in adjoints:
            adjoint = adjoints.pop(slot)
            for k, source in enumerate(sources):
                part = ops[name].vjp(k, adjoint, values[slot], *(values[s] for s in sources))
                adjoints[source] = adjoints[source] + part if source in adjoints else part
