"""A course of another tool, as its reader understands it: a list of parts, in the order of the notebook.

A reader knows one tool's marks and nothing of ours. Everything after it knows parts only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["prose", "given", "answer", "test", "by_hand"]
LeftOutKind = Literal["magic", "no_points", "test_without_points", "ignored", "setting", "one_point", "code_by_hand"]


@dataclass(frozen=True, slots=True)
class SourcePart:
    """A piece of the notebook.

    prose: a text for students.  given: code that students get as it is.  answer: code with the author's answer between
    BEGIN and END (see assignment/source.py).  test: code that decides about points.  by_hand: the author's own answer
    to a question that a person grades.
    name: what the tool calls it, or "".  question: of the tool, or "" if the order decides.
    source: of a test, all of it; examples of doctest if it begins with `>>>`.
    public: of a test, the lines that students get; "" if they get none.
    """

    kind: Kind
    source: str
    name: str = ""
    question: str = ""
    points: float = 0.0
    public: str = ""

    @property
    def is_public(self) -> bool:
        """Whether students get all of this test."""
        return bool(self.public.strip()) and not self.has_secret

    @property
    def has_secret(self) -> bool:
        """Whether a test has lines that students do not get. Examples of doctest are compared by their readers."""
        return not self.source.lstrip().startswith(">>>") and self.source.strip() != self.public.strip()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was not taken over. place: the cell or file.  got: the text that it is about, or ""."""

    kind: LeftOutKind
    place: str
    got: str = ""


@dataclass(frozen=True, slots=True)
class SourceNotebook:
    """One notebook of another tool.

    name: of the file, without its ending.  files: what students get beside it, by path.
    """

    name: str
    parts: tuple[SourcePart, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()


def separated(items: Iterable[SourcePart | LeftOut]) -> tuple[tuple[SourcePart, ...], tuple[LeftOut, ...]]:
    """The parts, and what was left out, each in order."""
    every = list(items)
    parts = tuple(item for item in every if isinstance(item, SourcePart))
    return parts, tuple(item for item in every if isinstance(item, LeftOut))
