"""The context that a test needs before it runs: lines of the author's, and names of the notebook.

Names that an answer binds come from the student. For names of given cells there is a choice, `Given`: the author's
lines can run in the grader, or the value comes from the student's process, where the given cell ran, too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from autograder.importing.parts import SourcePart
from autograder.importing.python_names import (
    Statement,
    bound_names,
    changed_names,
    is_import,
    needed,
    read_names,
    statements,
    without_imports,
)

Given = Literal["lines", "definitions", "imports", "nothing"]


@dataclass(frozen=True, slots=True)
class Context:
    """lines: of the author's, before the test.  names: those of the notebook, as the test calls them."""

    lines: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Keeping:
    """A name whose value must be kept for a test, because a later cell uses the name again.

    kept: the name that the kept value has.  place: the part below which it is kept.  copied: a later cell changes the
    object itself, so a copy is kept.
    """

    name: str
    kept: str
    place: int
    copied: bool


def context(parts: Sequence[SourcePart], place: int, given: Given) -> Context:
    """The context of the test at this place. given: what runs in the grader of the given cells."""
    lines = [s for s in _without_modules(_statements(parts, place)) if _may_run(s, parts[s.part], given)]
    test = code_of(parts[place])
    taken = frozenset(n for n in _all_names(parts, place, test) if _is_taken(n, parts, place, lines))
    chosen = needed(lines, read_names(test), taken)
    reads = read_names(test).union(*(line.reads for line in chosen))
    bound = frozenset().union(*(line.binds for line in chosen))
    # A name that only the test binds is its own.
    test_names = bound_names(test) - frozenset().union(
        *(bound_names(code_of(p)) for p in parts[:place] if p.kind != "prose")
    )
    names = sorted((reads - bound - test_names) & taken)
    return Context("\n".join(line.source for line in chosen), tuple(names))


def keepings(parts: Sequence[SourcePart], place: int, names: Sequence[str], *, copies: bool) -> tuple[Keeping, ...]:
    """The names of this test that later cells use again. copies: also those whose objects later cells change."""
    later = [part.source for part in parts[place + 1 :] if part.kind in {"answer", "given"}]
    made: list[Keeping] = []
    for name in names:
        rebound = any(name in bound_names(source) for source in later)
        changed = copies and any(name in changed_names(source) for source in later)
        if rebound or changed:
            made.append(Keeping(name, f"{name}_in_{parts[place].question}_{place}", place, copied=changed))
    return tuple(made)


def used_later(parts: Sequence[SourcePart], place: int) -> bool:
    """Whether a later cell reads a name that the public lines of this test bind, as helpers of a test can be."""
    later = [part.source for part in parts[place + 1 :] if part.kind in {"answer", "given"}]
    reads = frozenset().union(*(read_names(source) - bound_names(source) for source in later))
    return bool(bound_names(parts[place].public) & reads)


def restored(parts: Sequence[SourcePart], place: int, lines: str) -> frozenset[str]:
    """The names that later cells bind, and that a test binds, too, or the lines before it.

    A test that runs inside comes after all cells. It must not leave other values for the tests below those cells.
    """
    later = (bound_names(part.source) for part in parts[place + 1 :] if part.kind in {"answer", "given"})
    return (bound_names(code_of(parts[place])) | bound_names(lines)) & frozenset().union(*later)


def code_of(part: SourcePart) -> str:
    """A part as code: of examples of doctest, their sources. Text has none."""
    if part.kind in {"prose", "by_hand"}:
        return ""
    if part.kind == "test" and part.source.lstrip().startswith(">>>"):
        import doctest

        return "".join(example.source for example in doctest.DocTestParser().get_examples(part.source))
    return part.source


def _statements(parts: Sequence[SourcePart], place: int) -> Iterator[Statement]:
    """The statements of given cells and tests above this place, and the imports of answers."""
    for i, part in enumerate(parts[:place]):
        for statement in statements(code_of(part), i):
            if part.kind in {"given", "test"} or _imports(statement):
                yield statement


def _without_modules(lines: Iterable[Statement]) -> list[Statement]:
    """The statements, none of which counts as a change of a module: `np.testing.assert_equal(…)` changes nothing."""
    every = list(lines)
    modules = frozenset().union(*(line.binds for line in every if _imports(line)))
    return [replace(line, changes=line.changes - modules) for line in every]


def _may_run(statement: Statement, part: SourcePart, given: Given) -> bool:
    if part.kind == "test":
        return True
    if given == "imports":
        return _imports(statement)
    return given == "lines" or (given == "definitions" and statement.defines)


def _imports(statement: Statement) -> bool:
    return is_import(ast.parse(statement.source).body[0])


def _all_names(parts: Sequence[SourcePart], place: int, test: str) -> frozenset[str]:
    above = (read_names(code_of(part)) for part in parts[:place] if part.kind in {"given", "test"})
    return read_names(test).union(*above)


def _is_taken(name: str, parts: Sequence[SourcePart], place: int, lines: Sequence[Statement]) -> bool:
    """Whether a name comes from the student: the last cell above that binds it is not one of these lines."""
    answers = [i for i, part in enumerate(parts[:place]) if part.kind == "answer" and name in _answered(part)]
    modules = {module for line in lines if _imports(line) for module in line.binds}
    last = max(
        (i for i in answers if name not in modules or name in bound_names(without_imports(parts[i].source))), default=-1
    )
    return not any(name in line.binds and line.part > last for line in lines)


def _answered(part: SourcePart) -> frozenset[str]:
    """The names that an answer binds, or whose objects it changes."""
    source = without_imports(part.source)
    return bound_names(source) | changed_names(source)
