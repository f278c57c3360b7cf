"""Puts the parts of a notebook into questions, in the order of the notebook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from autograder.assignment.headings import first_heading
from autograder.assignment.source import SourceCell
from autograder.importing.parts import SourcePart
from autograder.importing.python_names import bound_names


@dataclass(frozen=True, slots=True)
class ImportedQuestion:
    """A question of ours. theirs: the names of its tests in the other tool."""

    id: str
    title: str
    points: float
    theirs: tuple[str, ...]


def in_questions(parts: Sequence[SourcePart]) -> tuple[SourcePart, ...]:
    """The parts, each with the id of its question; "" for text and code that belong to none.

    If the tool does not say what belongs together, a question is one or more answers and the tests below them. An
    answer below the last test belongs to the last question.
    """
    grouped = list(_grouped(parts))
    graded = {part.question for part in grouped if part.kind == "test"}
    order = [question for question in dict.fromkeys(part.question for part in grouped) if question]
    ids = _ids([question for question in order if question in graded])
    made: list[SourcePart] = []
    for part in grouped:
        question = part.question
        if part.kind == "by_hand":
            made.append(replace(part, question=_hand_id(part.name, len(made), ids.values())))
        elif part.kind == "answer" and question not in ids:
            made.append(replace(part, question=_nearest(question, order, ids)))
        else:
            made.append(replace(part, question=ids.get(question, "")))
    return tuple(made)


def _ids(questions: Sequence[str]) -> dict[str, str]:
    """An id of ours for each question: its own name, if all names can be ids; else q1, q2, …"""
    if all(re.fullmatch(r"[a-z][a-z0-9]*", question) for question in questions):
        return {question: question for question in questions}
    return {question: f"q{i}" for i, question in enumerate(questions, 1)}


def _grouped(parts: Sequence[SourcePart]) -> Iterator[SourcePart]:
    number, has_test = 0, True
    for part in parts:
        if part.question or part.kind not in {"answer", "test"}:
            yield part
            continue
        if part.kind == "answer" and has_test:
            number, has_test = number + 1, False
        has_test = has_test or part.kind == "test"
        yield replace(part, question=f"#{number}")


def _nearest(question: str, order: Sequence[str], ids: dict[str, str]) -> str:
    """The id of the tested question before this one, or the first of all; "q1" if there is none."""
    before = [ids[q] for q in order[: order.index(question)] if q in ids] if question in order else []
    return before[-1] if before else next(iter(ids.values()), "q1")


def _hand_id(name: str, place: int, taken: Iterable[str]) -> str:
    """An id for a question that a person grades; no test's question has it."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return slug if re.match(r"[a-z]", slug) and slug not in taken else f"by-hand-{slug or place}"


def questions_of(parts: Sequence[SourcePart]) -> tuple[ImportedQuestion, ...]:
    """The questions with tests, in order. parts: of `in_questions`."""
    ids = dict.fromkeys(part.question for part in parts if part.kind == "test")
    return tuple(_question(question, parts) for question in ids)


def title_for(parts: Sequence[SourcePart], notebook: str) -> str:
    """The notebook's name, if its first heading is that of a question; "" if the heading is a title of the whole."""
    heading = first_heading(SourceCell("", "markdown", "", part.source) for part in parts if part.kind == "prose")
    return PurePath(notebook).stem if heading in {question.title for question in questions_of(parts)} else ""


def _question(question: str, parts: Sequence[SourcePart]) -> ImportedQuestion:
    tests = [part for part in parts if part.kind == "test" and part.question == question]
    title = _heading_above(parts, question) or _asked(parts, question) or question
    return ImportedQuestion(question, title, sum(t.points for t in tests), tuple(t.name for t in tests))


def _heading_above(parts: Sequence[SourcePart], question: str) -> str:
    """The heading nearest above the question's first part, if no other question lies between."""
    first = next(i for i, part in enumerate(parts) if part.question == question)
    for part in reversed(parts[:first]):
        if part.kind in {"answer", "test"}:
            return ""
        if part.kind == "prose" and (heading := first_heading([SourceCell("", "markdown", "", part.source)])):
            return heading
    return ""


def _asked(parts: Sequence[SourcePart], question: str) -> str:
    """The names that the question's answers define."""
    answers = [part.source for part in parts if part.kind == "answer" and part.question == question]
    return ", ".join(sorted(name for source in answers for name in bound_names(source))[:3])
