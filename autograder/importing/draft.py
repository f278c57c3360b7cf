"""The files of an assignment of ours, from the parts of a notebook and a decision for each test.

A draft is written as it is imported in the end, so the evidence about a decision comes from the real thing.
"""

from __future__ import annotations

import ast
import functools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from autograder.importing.context import Context, Given, Keeping, context, keepings, restored, used_later
from autograder.importing.parts import SourcePart
from autograder.importing.python_names import bound_names
from autograder.importing.python_text import indented
from autograder.importing.questions import questions_of, title_for

# check: a public check of ours.  lifted: in the grader, with the given lines.  fetched: in the grader, with the values
# of given cells as the student's process has them.  inside: in the student's process.  dropped: not at all.
Way = Literal["check", "lifted", "fetched", "inside", "dropped"]
_GIVEN: dict[Way, Given] = {"check": "imports", "lifted": "lines", "fetched": "definitions", "inside": "nothing"}
_AT_HAND = {"import numpy as np", "import math"}  # what a public check may use without an import
_LIMITS = "[limits]\ncell_seconds = 30   # as nbgrader's\ncall_seconds = 10\nsubmission_seconds = 120\n"


@dataclass(frozen=True, slots=True)
class ImportDraft:
    """An assignment that may be written.

    parts: with their questions.  ways: for each test, by its place among the parts.  copies: the tests for which
    values are copied, see Keeping.  handout, packages: for assignment.toml.
    """

    tool: str
    notebook: str
    parts: tuple[SourcePart, ...]
    ways: Mapping[int, Way]
    copies: frozenset[int] = frozenset()
    handout: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()

    def function(self, place: int) -> str:
        """The name of a test's function. All hidden ones stand in one file, so their question is in the name."""
        part = self.parts[place]
        question = "" if self.ways[place] == "check" else f"{part.question}_"
        return f"test_{question}{_properties(self.parts)[place]}"

    def check_id(self, place: int) -> str:
        """The id that the assignment gives to a test's check, whatever is decided about it."""
        return f"{self.parts[place].question}.{_properties(self.parts)[place]}"

    def context(self, place: int) -> Context:
        """The context of a test, as its way needs it."""
        return context(self.parts, place, _GIVEN[self.ways[place]])

    def keepings(self, place: int) -> tuple[Keeping, ...]:
        """The values that are kept for a test."""
        names = context(self.parts, place, "imports").names
        return keepings(self.parts, place, names, copies=place in self.copies)

    def files(self) -> dict[str, str]:
        """notebook.py, assignment.toml and hidden_checks.py."""
        return {
            "notebook.py": _notebook_text(self),
            "assignment.toml": _settings_text(self),
            "hidden_checks.py": _checks_text(self),
        }


@functools.lru_cache(maxsize=64)
def _properties(parts: tuple[SourcePart, ...]) -> dict[int, str]:
    """A name for each test, unique in its question."""
    names: dict[int, str] = {}
    taken: set[tuple[str, str]] = set()
    for place, part in enumerate(parts):
        if part.kind == "test":
            slug = re.sub(r"\W+", "_", part.name.lower(), flags=re.ASCII).strip("_").removeprefix(f"{part.question}_")
            choices = (slug or "test", *(f"{slug or 'test'}_{n}" for n in range(2, len(parts) + 2)))
            names[place] = next(name for name in choices if (part.question, name) not in taken)
            taken.add((part.question, names[place]))
    return names


# --- notebook.py ------------------------------------------------------------------------------------


def _notebook_text(draft: ImportDraft) -> str:
    import jupytext
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    cells = []
    for kind, source, metadata in _cells(draft):
        make = new_code_cell if kind == "code" else new_markdown_cell
        cells.append(make(source, metadata=metadata))  # type: ignore[no-untyped-call]  # nbformat has no types
    options = {"jupytext": {"notebook_metadata_filter": "-all", "cell_metadata_filter": "role,q,points"}}
    return str(jupytext.writes(new_notebook(cells=cells, metadata=options), fmt="py:percent"))


def _cells(draft: ImportDraft) -> Iterator[tuple[str, str, dict[str, Any]]]:
    has_cell = {part.question for part in draft.parts if part.kind == "answer"}
    for place, part in enumerate(draft.parts):
        match part.kind:
            case "prose":
                yield "markdown", part.source, {}
            case "by_hand":
                yield "markdown", part.source, {"q": part.question, "role": "manual", "points": part.points}
            case "given":
                yield "code", part.source, {"role": "setup"} if bound_names(part.source) else {}
            case "answer":
                yield "code", part.source, {"q": part.question, "role": "solution"}
            case "test":
                yield from _cells_of_test(draft, place, part, alone=part.question not in has_cell)
                has_cell.add(part.question)


def _cells_of_test(
    draft: ImportDraft, place: int, part: SourcePart, *, alone: bool
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The cells of a test. alone: whether no other cell has its question, which needs one."""
    if draft.ways[place] != "dropped" and (kept := _keeping_cell(draft.keepings(place), part.question)):
        yield "code", kept, {"role": "setup"}
    if draft.ways[place] == "check":
        metadata = {"q": part.question, "role": "check", "points": _number(part.points)}
        yield "code", check_cell(draft, place), metadata
        return
    if used_later(draft.parts, place):
        yield "code", part.public, {"role": "setup"}
    elif part.public.strip() and draft.ways[place] != "dropped":  # it would stop the author's notebook, too
        yield "code", part.public, {"q": part.question, "role": "figure"}
        return
    if alone and draft.ways[place] != "dropped":
        yield "markdown", "The next check has no lines that students see.", {"q": part.question}


def _keeping_cell(kept: Sequence[Keeping], question: str) -> str:
    """A cell that keeps values for a check; "" if there is nothing to keep."""
    if not kept:
        return ""
    lines = [f"{k.kept} = copy.deepcopy({k.name})" if k.copied else f"{k.kept} = {k.name}" for k in kept]
    head = ["import copy", ""] if any(k.copied for k in kept) else []
    return "\n".join([f"# Keeps what {question} asks for: a later cell uses the name again.", *head, *lines])


def check_cell(draft: ImportDraft, place: int) -> str:
    """A public test as one function of the names that it takes from the notebook."""
    part, needs = draft.parts[place], draft.context(place)
    kept = {k.name: k.kept for k in draft.keepings(place)}
    parameters = ", ".join(kept.get(name, name) for name in needs.names)
    source = part.public
    title, body = _title(part), source
    match ast.parse(source).body:
        case [ast.Expr(ast.Constant(str())) as first, _, *_]:
            body = "\n".join(source.splitlines()[first.end_lineno or first.lineno :]).strip("\n")
    lines = [line for line in needs.lines.splitlines() if line not in _AT_HAND]
    lines += [f"{name} = {other}" for name, other in kept.items()]
    head = "\n".join(f"    {line}" for line in lines)
    text = f'def {draft.function(place)}({parameters}):\n    """{title}"""\n{head}\n{indented(body)}'
    return re.sub(r'("""\n)\n', r"\1", text, count=1)


def can_be_check(parts: Sequence[SourcePart], place: int) -> bool:
    """Whether a test's text can be a function's body."""
    part = parts[place]
    if not part.public.strip() or used_later(parts, place):
        return False
    nodes = list(ast.walk(ast.parse(part.public)))
    stars = any(isinstance(n, ast.ImportFrom) and n.names[0].name == "*" for n in nodes)
    odd = (ast.Global, ast.Nonlocal, ast.Await, ast.AsyncFor, ast.AsyncWith)
    return not stars and not any(isinstance(node, odd) for node in nodes)


def _title(part: SourcePart) -> str:
    """One line about a test: its first text in the lines that students get, else its name."""
    match ast.parse(part.public).body if part.public.strip() else []:
        case [ast.Expr(ast.Constant(str(text))), *_] if text.strip():
            title = text.strip().splitlines()[0]
        case _:
            title = part.name.replace("_", " ") or "a test of the notebook"
    return title.replace("\\", "/").replace('"', "'")[:120]


def _number(points: float) -> float | int:
    return int(points) if points == int(points) else points


# --- hidden_checks.py -------------------------------------------------------------------------------


def _checks_text(draft: ImportDraft) -> str:
    places = [place for place, way in draft.ways.items() if way not in {"check", "dropped"}]
    words = sorted({"inside" if draft.ways[place] == "inside" else "lifted" for place in places} | {"check"})
    head = (
        f'"""Hidden checks, made by `autograder import {draft.tool}` from the tests of {draft.notebook}.\n\n'
        "`lifted` runs a test away from student code, `inside` in the student's process. IMPORT.md has the reasons.\n"
        '"""\n\n'
        f"from autograder.authoring import {', '.join(words)}\n"
    )
    return "\n\n".join([head, *(_check_text(draft, place) for place in sorted(places))])


def _check_text(draft: ImportDraft, place: int) -> str:
    part, way, needs = draft.parts[place], draft.ways[place], draft.context(place)
    mark = ", inside=True" if way == "inside" else ""
    kept = {k.name: k.kept for k in draft.keepings(place)}
    after = {name: name for name in sorted(restored(draft.parts, place, needs.lines))}
    names = {**after, **kept} if way == "inside" else {name: kept.get(name, name) for name in needs.names}
    given = f"        given={_literal(needs.lines)},\n" if needs.lines else ""
    word = "inside" if way == "inside" else "lifted"
    return (
        f'@check("{part.question}", points={_number(part.points)!r}{mark})\n'
        f'def {draft.function(place)}(student):\n    """{_title(part)}"""\n'
        f"    {word}(\n        student,\n        {_literal(part.source)},\n        names={names!r},\n{given}    )\n"
    )


def _literal(text: str) -> str:
    """A text as Python: as it is, where that is possible."""
    if "'''" in text or text.endswith(("'", "\\")) or "\r" in text:
        return repr(text)
    return f"r'''\n{text}\n'''"


# --- assignment.toml --------------------------------------------------------------------------------


def _settings_text(draft: ImportDraft) -> str:
    kept = [part for place, part in enumerate(draft.parts) if draft.ways.get(place) != "dropped"]
    lines = []
    if title := title_for(kept, draft.notebook):
        lines.append(f"title = {json.dumps(title, ensure_ascii=False)}")
    if draft.packages:
        lines.append(f"packages = {json.dumps(list(draft.packages))}")
    if draft.handout:
        lines.append(f"handout = {json.dumps(list(draft.handout), ensure_ascii=False)}")
    blocks = ["\n".join(lines) + "\n"] if lines else []
    blocks.append(_LIMITS)
    for question in questions_of(kept):
        title = json.dumps(question.title, ensure_ascii=False)
        blocks.append(f'[[questions]]\nid = "{question.id}"\ntitle = {title}\npoints = {_number(question.points)!r}\n')
    return "\n".join(blocks)
