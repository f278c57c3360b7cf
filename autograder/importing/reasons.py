"""Why a test stays in the student's process: what stands in its text, or on which notebook the verdicts differ."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from autograder.importing.context import code_of
from autograder.importing.evidence import SOLUTION, Decided
from autograder.importing.parts import SourcePart
from autograder.importing.python_names import bound_names, read_names

ReasonKind = Literal[
    "removes",
    "reads_code",
    "namespace",
    "figure",
    "object",
    "random",
    "files",
    "replaces",
    "travels",
    "differs",
    "fails",
]
_CODE = frozenset(
    "getsource getsourcelines signature getfullargspec ast dis __code__ __doc__ __name__ __defaults__".split()
)
_NAMESPACE = frozenset("globals locals vars dir eval exec get_ipython In Out".split())
_FIGURE = frozenset("plt pyplot gca gcf Axes axes ax fig figure PlotChecker".split())
_RANDOM = frozenset("seed default_rng RandomState".split())
_REPLACES = frozenset("patch mock MagicMock monkeypatch setattr stdin stdout stderr argv environ".split())
_FILES = frozenset("open Path listdir exists isfile remove read_csv".split())


@dataclass(frozen=True, slots=True)
class WhyInside:
    """Why a test stays inside, or was left out. got: a name or a notebook that it is about, or ""."""

    kind: ReasonKind
    got: str = ""


def reason_for(parts: Sequence[SourcePart], place: int, decided: Decided) -> WhyInside | None:
    """The reason for a test that was not lifted; None for one that was."""
    if decided.way == "dropped":
        return WhyInside("fails")
    if decided.way != "inside":
        return None
    other = WhyInside("travels") if decided.differs == SOLUTION else WhyInside("differs", decided.differs)
    return next(_in_the_text(parts, place), other)


def _in_the_text(parts: Sequence[SourcePart], place: int) -> Iterator[WhyInside]:
    source = code_of(parts[place])
    words = set(_words(source))
    for name in sorted(bound_names(source) & _used_by_answers(parts[:place])):
        yield WhyInside("removes", name)
    for kind, known in _TABLE:
        if both := sorted(words & known):
            yield WhyInside(kind, both[0])
    for name in sorted(read_names(source) & _classes(parts[:place])):
        yield WhyInside("object", name)


_TABLE: tuple[tuple[ReasonKind, frozenset[str]], ...] = (
    ("reads_code", _CODE),
    ("namespace", _NAMESPACE),
    ("figure", _FIGURE),
    ("random", _RANDOM),
    ("files", _FILES),
    ("replaces", _REPLACES),
)


def _words(source: str) -> Iterator[str]:
    """Every name and attribute in a text."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(name) | ast.Attribute(attr=name) | ast.alias(name=name):
                yield name


def _used_by_answers(parts: Sequence[SourcePart]) -> frozenset[str]:
    """The functions of answers, and all names that answers read: a test that sets one changes what they do."""
    sources = [part.source for part in parts if part.kind == "answer"]
    nodes = (node for source in sources for node in ast.parse(source).body)
    functions = frozenset(node.name for node in nodes if isinstance(node, ast.FunctionDef))
    return functions.union(*map(read_names, sources))


def _classes(parts: Sequence[SourcePart]) -> frozenset[str]:
    trees = (ast.parse(part.source) for part in parts if part.kind in {"answer", "given"})
    return frozenset(node.name for tree in trees for node in tree.body if isinstance(node, ast.ClassDef))
