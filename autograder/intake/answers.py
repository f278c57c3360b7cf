"""Finds the answers in words: the cells of a notebook that a person reads for one question.

A person grades these answers, so finding too much costs a look, and finding too little costs a student the points.
An answer is looked for by the ids of its cell, then by its place below the question's text, then in all text that the
student wrote. Each field of the notebook is a student's: an id can be on any cell, and nothing here gives points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from autograder.intake.reader import Cell

Where = Literal["cell", "changed", "elsewhere", "nowhere"]
_NOTES: dict[Where, str] = {
    "cell": "",
    "changed": "in other cells than its own",
    "elsewhere": "not below its question, perhaps elsewhere in the notebook",
    "nowhere": "nothing is written",
}
_WORD = re.compile(r"\w+")
_PLACEHOLDER = re.compile(r"[\s#*_>\"'`]*YOUR ANSWER HERE[\s.*_\"'`]*", re.IGNORECASE)
_STILL_THE_CELL = 0.7  # the share of a released cell's words that an edited one still has
_FEW_WORDS = 8  # a released cell with fewer is known by its whole text only


class ReleasedCell(Protocol):
    """A cell of the notebook that students got. role: "manual" for an answer that a person grades."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def role(self) -> str: ...

    @property
    def source(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer in words.

    name: of the cell it was released with.
    where: in this cell alone; in other cells too, or in a cell of another kind; far from the question; or not written.
    cells: the parts, as they are in the notebook.  places: of the parts that hold nothing but the answer.
    """

    name: str
    where: Where
    cells: tuple[Cell, ...] = ()
    places: tuple[int, ...] = ()

    @property
    def note(self) -> str:
        """Where it is, in words for a person; "" if it is in its place."""
        return _NOTES[self.where]


def find_answers(cells: Sequence[Cell], released: Sequence[ReleasedCell]) -> tuple[Answer, ...]:
    """An answer for each question that a person grades, in the order of the released notebook."""
    asked = [i for i, cell in enumerate(released) if cell.role == "manual"]
    if not asked:
        return ()
    lines = frozenset(_flat(line) for cell in released for line in cell.source.splitlines())
    matched = _Matched(cells, released, _origins(cells, released), lines)
    return tuple(matched.find(i) for i in asked)


def is_empty(source: str) -> bool:
    """Whether a text is blank, or still the words that stood in its place."""
    return not _PLACEHOLDER.sub("", source, count=1).strip()


@dataclass(frozen=True, slots=True)
class _Matched:
    """The cells of a notebook beside the released ones.

    origins: for each cell the place of the released cell that it was; None for a student's own.
    lines: all released lines.
    """

    cells: Sequence[Cell]
    released: Sequence[ReleasedCell]
    origins: Sequence[int | None]
    lines: frozenset[str]

    def find(self, asked: int) -> Answer:
        """The answer whose cell is the released one at this place."""
        named = {i for i, origin in enumerate(self.origins) if origin == asked}
        places = tuple(sorted(named.union(self._below(asked))))
        written = tuple(self.cells[i] for i in places if self._is_written(self.cells[i]))
        above = tuple(self._added(asked - 1)) if asked else ()
        where: Where = "changed"
        if not above and [cell.kind for cell in written] == ["markdown"]:
            where = "cell"
        elif not above and not written:
            above = tuple(self._elsewhere())
            where = "elsewhere" if above else "nowhere"
        return Answer(self.released[asked].name, where, (*above, *written), places)

    def _below(self, asked: int) -> Iterator[int]:
        """The student's cells between the released cell before the answer, the nearest that is left, and the next."""
        before = next((r for r in reversed(range(asked)) if r in self.origins), None)
        for start in (i for i, origin in enumerate(self.origins) if origin == before and before is not None):
            for place in range(start + 1, len(self.cells)):
                if self.origins[place] not in {None, asked}:
                    break
                yield place

    def _elsewhere(self) -> Iterator[Cell]:
        """All text of the student's own: cells that were not released, and lines that were added to released ones.

        A released cell with no more lines than before is only edited, or it comes from an earlier release.
        """
        for cell, origin in zip(self.cells, self.origins, strict=True):
            if origin is None and self._is_written(cell) and (cell.kind != "code" or _is_text(cell.source)):
                yield cell
        for which in range(len(self.released)):
            yield from self._added(which, longer=True)

    def _added(self, which: int, *, longer: bool = False) -> Iterator[Cell]:
        """The lines that were added to a released cell of text. longer: only where it has more lines than before."""
        if self.released[which].kind != "markdown" or self.released[which].role == "manual":
            return
        for cell in (c for c, origin in zip(self.cells, self.origins, strict=True) if origin == which):
            lines = "\n".join(line for line in cell.source.splitlines() if _flat(line) not in self.lines)
            more = _count(cell.source) > _count(self.released[which].source)
            if not is_empty(lines) and (more or not longer):
                yield Cell(cell.kind, lines, pictures=cell.pictures)

    def _is_written(self, cell: Cell) -> bool:
        """Whether a cell holds more than released lines."""
        lines = (line for line in cell.source.splitlines() if _flat(line) not in self.lines)
        return bool(cell.pictures) or not is_empty("\n".join(lines))


def _is_text(source: str) -> bool:
    """Whether a code cell holds comments only, or one long string."""
    lines = [line for line in source.splitlines() if line.strip()]
    return all(line.lstrip().startswith("#") for line in lines) or source.strip().startswith(('"""', "'''"))


def _origins(cells: Sequence[Cell], released: Sequence[ReleasedCell]) -> list[int | None]:
    """For each cell the place of the released cell that it was; None for a student's own.

    The text decides before an id, because an id can be on any cell.
    """
    by_text = {_flat(c.source): i for i, c in reversed(list(enumerate(released))) if c.role != "manual"}
    by_name = {c.name: i for i, c in enumerate(released)}
    vocabularies = [(i, _words(c.source)) for i, c in enumerate(released) if c.role != "manual"]
    vocabularies = [(i, words) for i, words in vocabularies if len(words) >= _FEW_WORDS]
    return [_origin(cell, by_text, by_name, vocabularies) for cell in cells]


def _origin(
    cell: Cell, by_text: dict[str, int], by_name: dict[str, int], vocabularies: Sequence[tuple[int, frozenset[str]]]
) -> int | None:
    if not cell.source.strip():
        return next((by_name[name] for name in cell.names if name in by_name), None)
    if (same := by_text.get(_flat(cell.source))) is not None:
        return same
    if (named := next((by_name[name] for name in cell.names if name in by_name), None)) is not None:
        return named
    words = _words(cell.source)
    alike = ((len(known & words) / len(known), i) for i, known in vocabularies)
    share, nearest = max(alike, default=(0.0, 0))
    return nearest if share >= _STILL_THE_CELL else None


def _count(text: str) -> int:
    """The number of lines that are not blank."""
    return sum(bool(line.strip()) for line in text.splitlines())


def _flat(text: str) -> str:
    return " ".join(text.split())


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text))
