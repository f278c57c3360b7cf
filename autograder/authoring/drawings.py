"""The data of pictures: a student's numbers beside the reference's, in one of seven kinds of drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from autograder.authoring.drawing_parts import Label, Pair, Record, Rows, rows_of, shape_of
from autograder.authoring.graph_drawings import Graph
from autograder.authoring.verdict_drawings import KillMatrix


class Ground(Record):
    """Heights on a grid. x, y: from, to.  heights: one row for each y, from the first one on."""

    x: tuple[float, float]
    y: tuple[float, float]
    heights: Rows

    @model_validator(mode="after")
    def _a_grid(self) -> Self:
        widths = {len(row) for row in self.heights}
        a_table = len(self.heights) > 1 and len(widths) == 1 and min(widths) > 1
        if not a_table or not self.x[0] < self.x[1] or not self.y[0] < self.y[1]:
            raise ValueError("ground: expected a grid of heights from low to high, at least 2 by 2")
        return self


class Paths(Record):
    """Two paths over a landscape, seen from above. path: two rows, all x and all y, in the order of the steps."""

    kind: Literal["paths"] = "paths"
    ground: Ground
    path: Pair
    x_label: Label
    y_label: Label

    @model_validator(mode="after")
    def _two_rows(self) -> Self:
        self.path.requires(rows=2, alike=False)
        if len(self.path.yours) != 2 or len(self.path.yours[0]) != len(self.path.yours[1]):
            raise ValueError("path: expected two rows of one length")
        return self

    @property
    def agrees(self) -> bool:
        """Whether every number is the reference's."""
        return self.path.agrees


class Curves(Record):
    """Two curves over the steps 0, 1, 2, … curve: one row."""

    kind: Literal["curves"] = "curves"
    curve: Pair
    x_label: Label
    y_label: Label

    @model_validator(mode="after")
    def _one_row(self) -> Self:
        self.curve.requires(rows=1, alike=False)
        if len(self.curve.yours) != 1:
            raise ValueError("curve: expected one row")
        return self

    @property
    def agrees(self) -> bool:
        """Whether every number is the reference's."""
        return self.curve.agrees


class HeatMap(Record):
    """The errors of each array, entry by entry, relative to the largest entry of the reference.

    undrawn: one sentence for each array that cannot be drawn.
    """

    kind: Literal["heatmap"] = "heatmap"
    blocks: Annotated[tuple[Pair, ...], Field(min_length=1, max_length=12)]
    undrawn: Annotated[tuple[Annotated[str, Field(max_length=300)], ...], Field(max_length=12)] = ()

    @model_validator(mode="after")
    def _alike(self) -> Self:
        for block in self.blocks:
            block.requires()
        return self

    @property
    def agrees(self) -> bool:
        """Whether every array is drawn, and every number is the reference's."""
        return not self.undrawn and all(block.agrees for block in self.blocks)


class Messages(Record):
    """Messages back through a network with one hidden layer, for one or two examples, at most three units a layer.

    params: rows of W1 (D, H), b1, W2 (H, K), b2.  X: (N, D).  y: N classes.  undrawn: a sentence for each array that
    cannot be drawn.  answers: a student's arrays, each optional: `logits` (N, K); `dlogits` (N, K), the gradient of the
    cost; `sums` (N, H), what arrives at a hidden unit; `d1` (N, H), what leaves it; and the gradients `W1`, `b1`, `W2`,
    `b2`. Each must be computed from the student's own arrays before it: the drawing says where one does not follow.
    """

    kind: Literal["messages"] = "messages"
    params: Annotated[dict[str, Rows], Field(max_length=4)]
    X: Annotated[Rows, Field(min_length=1, max_length=2)]
    y: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1, max_length=2)]
    answers: Annotated[tuple[Pair, ...], Field(min_length=1, max_length=8)]
    undrawn: Annotated[tuple[Annotated[str, Field(max_length=300)], ...], Field(max_length=8)] = ()

    @classmethod
    def of(
        cls, params: Mapping[str, Any], X: Any, y: Any, answers: Sequence[Pair], undrawn: Sequence[str] = ()
    ) -> Self:
        """A drawing from arrays. Example: `Messages.of(params, X, y, [Pair.of("dlogits", yours, right)])`."""
        tables = {name: rows_of(np.asarray(params[name], dtype=np.float64)) for name in ("W1", "b1", "W2", "b2")}
        inputs = rows_of(np.asarray(X, dtype=np.float64))
        return cls(params=tables, X=inputs, y=tuple(map(int, y)), answers=tuple(answers), undrawn=tuple(undrawn))

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        shapes = self._shapes()
        wrong = [name for name, rows in {**self.params, "X": self.X}.items() if shape_of(rows) != shapes.get(name)]
        if wrong or len(self.y) != len(self.X) or max(self.y) >= len(self.params["b2"][0]):
            raise ValueError(f"params, X and y: expected shapes that fit together, up to 3 units a layer, got {wrong}")
        names = [pair.name for pair in self.answers]
        if len(set(names)) < len(names) or not set(names) <= set(shapes) - {"X"}:
            raise ValueError(f"answers: expected different names out of {', '.join(shapes)}, got {names}")
        for pair in self.answers:
            pair.requires(*shapes[pair.name])
        return self

    def _shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of each array by its name, from the sizes of X, W2 and b2."""
        if set(self.params) != {"W1", "b1", "W2", "b2"} or not all(self.params.values()):
            raise ValueError(f"params: expected W1, b1, W2, b2, got {', '.join(self.params)}")
        N, D, H, K = len(self.X), len(self.X[0]), len(self.params["W2"]), len(self.params["b2"][0])
        if not all(1 <= size <= 3 for size in (D, H, K)):
            raise ValueError(f"params: expected one to three units a layer, got {D}, {H}, {K}")
        params = {"W1": (D, H), "b1": (1, H), "W2": (H, K), "b2": (1, K)}
        return {"X": (N, D), "logits": (N, K), "dlogits": (N, K), "sums": (N, H), "d1": (N, H), **params}

    @property
    def agrees(self) -> bool:
        """Whether every array is drawn, and every number is the reference's."""
        return not self.undrawn and all(pair.agrees for pair in self.answers)


class Bars(Record):
    """Amounts side by side, one number each. unit: what is counted.

    Example: `Bars(bars=(Pair.of("forward", yours, right),), unit="products")`.
    """

    kind: Literal["bars"] = "bars"
    bars: Annotated[tuple[Pair, ...], Field(min_length=1, max_length=12)]
    unit: Label

    @model_validator(mode="after")
    def _one_number_each(self) -> Self:
        for bar in self.bars:
            bar.requires(1, 1)
        return self

    @property
    def agrees(self) -> bool:
        """Whether every number is the reference's."""
        return all(bar.agrees for bar in self.bars)


Drawing = Annotated[Paths | Curves | HeatMap | Messages | Bars | Graph | KillMatrix, Field(discriminator="kind")]


_EARLIER = frozenset({"network"})  # kinds of drawings in results of earlier versions


class Picture(Record):
    """One picture of a result. drawing: None if there is none; then `why` gives the reason."""

    id: str
    question: str
    title: str
    caption: str = ""
    drawing: Drawing | None = None
    why: str = ""

    @model_validator(mode="before")
    @classmethod
    def _of_this_version(cls, fields: Any) -> Any:
        """A result of an earlier version can still be read; its picture is drawn again when it is graded again."""
        drawing = fields.get("drawing") if isinstance(fields, dict) else None
        if isinstance(drawing, dict) and drawing.get("kind") in _EARLIER:
            return {**fields, "drawing": None, "why": "an earlier version of the grader drew it in another way"}
        return fields

    @property
    def agrees(self) -> bool:
        """Whether everything that is shown is as it must be."""
        return self.drawing is not None and self.drawing.agrees
