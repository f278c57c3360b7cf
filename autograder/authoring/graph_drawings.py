"""The data of a picture of a graph: what a student's backward pass put into each slot, beside the reference's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from autograder.authoring.diagnosis import close
from autograder.authoring.drawing_parts import MAX_NUMBERS, SAME, Label, Record, Row

_MOST_SLOTS, _MOST_SOURCES = 12, 4  # that the drawing has room for


class SlotAmount(Record):
    """What one slot holds. shape: () for one number, None if it holds no numbers.  numbers: all of them."""

    shape: Annotated[tuple[int, ...], Field(max_length=8)] | None = None
    numbers: Row = ()

    @classmethod
    def of(cls, value: Any) -> SlotAmount | None:
        """The amount of a number or of an array; None for None. Any other value holds no numbers."""
        if value is None:
            return None
        try:
            array = np.asarray(value)
        except (ValueError, TypeError, OverflowError):
            return cls()
        if array.dtype.kind not in "fiub" or array.size > MAX_NUMBERS or array.ndim > 6:
            return cls()
        return cls(shape=array.shape, numbers=tuple(map(float, array.astype(np.float64).ravel())))

    def like(self, other: SlotAmount) -> bool:
        """Whether both hold the same numbers, up to rounding."""
        if self.shape is None or self.shape != other.shape:
            return False
        return close(np.array(self.numbers), np.array(other.numbers), SAME)


Amounts = Annotated[tuple[SlotAmount | None, ...], Field(max_length=_MOST_SLOTS)]


class Graph(Record):
    """A program as a graph, and in each slot a value and an adjoint: a student's, and the reference's.

    program: lines (name, sources); slots count from the inputs on.  names: of the inputs.  seed: of the last slot.
    values, adjoints, right_values, right_adjoints: one for each slot, None where there is none.  messages: for each
    line what it sends to each source, from the student's own adjoint of the line. The drawing says where the messages
    of a slot do not add up to its adjoint.
    """

    kind: Literal["graph"] = "graph"
    program: Annotated[tuple[tuple[Label, tuple[int, ...]], ...], Field(min_length=1, max_length=_MOST_SLOTS)]
    names: Annotated[tuple[Label, ...], Field(max_length=_MOST_SLOTS)]
    seed: SlotAmount
    values: Amounts
    adjoints: Amounts
    right_values: Amounts
    right_adjoints: Amounts
    messages: Annotated[tuple[tuple[SlotAmount | None, ...], ...], Field(max_length=_MOST_SLOTS)]

    @classmethod
    def of(
        cls,
        program: Sequence[tuple[str, Sequence[int]]],
        names: Sequence[str],
        yours: tuple[Sequence[Any], Sequence[Any]],
        right: tuple[Sequence[Any], Sequence[Any]],
        messages: Sequence[Sequence[Any]],
        seed: Any = 1.0,
    ) -> Self:
        """A drawing from values. yours, right: (values, adjoints). If an entry agrees, it gets the reference's number.

        Example: `Graph.of([("mul", (0, 0))], ["x"], ([3, 9], [6, 1]), ([3, 9], [6, 1]), [(3, 3)])`.
        """
        rights = [tuple(map(SlotAmount.of, side)) for side in right]
        sides = [
            tuple(map(_settled, map(SlotAmount.of, side), amounts)) for side, amounts in zip(yours, rights, strict=True)
        ]
        return cls(
            program=tuple((name, tuple(sources)) for name, sources in program),
            names=tuple(names),
            seed=SlotAmount.of(seed) or SlotAmount(),
            values=sides[0],
            adjoints=sides[1],
            right_values=rights[0],
            right_adjoints=rights[1],
            messages=tuple(tuple(map(SlotAmount.of, row)) for row in messages),
        )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        inputs, slots = len(self.names), len(self.names) + len(self.program)
        sides = (self.values, self.adjoints, self.right_values, self.right_adjoints)
        if slots > _MOST_SLOTS or any(len(side) != slots for side in sides):
            raise ValueError(f"graph: expected at most {_MOST_SLOTS} slots, and a value and an adjoint for each")
        for i, (_, sources) in enumerate(self.program):
            if len(sources) > _MOST_SOURCES or any(not 0 <= s < inputs + i for s in sources):
                raise ValueError(f"graph: expected at most {_MOST_SOURCES} sources before slot {inputs + i}")
        if [len(row) for row in self.messages] != [len(sources) for _, sources in self.program]:
            raise ValueError("graph: expected one message for each source of each line")
        return self

    @property
    def agrees(self) -> bool:
        """Whether every slot holds what the reference has."""
        return (self.values, self.adjoints) == (self.right_values, self.right_adjoints)


def _settled(yours: SlotAmount | None, right: SlotAmount | None) -> SlotAmount | None:
    """The reference's amount if the student's agrees with it. Where the reference has none, zeros agree."""
    if yours is None:
        return None
    if right is None:
        return None if yours.numbers and not any(yours.numbers) else yours
    return right if yours.like(right) else yours
