"""A submission for nbgrader's formgrader: the student's cells, and the results of our checks below each question.

It is made from the student's text, never from their metadata or outputs. So a grade id, a score or a script of a
student does not get into it. HTML in their markdown is shown as text, since the page opens in the instructor's browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.assignment.assignment import Assignment
from autograder.assignment.samples import TEXT_STUB
from autograder.assignment.source import SourceCell
from autograder.intake.reader import Cell, Notebook
from autograder.interop.nbgrader import cell_metadata, grade_id
from autograder.judging.cells import cells_to_run
from autograder.records.faults import repeated
from autograder.records.result import CheckResult, QuestionResult, Result

_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_LINK = re.compile(r"\](?=[(:])")
_TEX_HTML = re.compile(r"\\(?=(?:href|style|class|cssId|require)(?![A-Za-z]))")  # MathJax makes HTML from these
NO_ANSWER = "*No answer.*"


def graded_notebook(assignment: Assignment, notebook: Notebook, result: Result) -> Any:
    """The notebook, as nbformat has it."""
    written = {c.name: c for c in assignment.cells}
    runs = {number for number, _ in cells_to_run(notebook, assignment)}
    checks = {q.id: _verdict_cells(q) for q in result.questions}
    last = _last_cells(notebook, written)
    cells: list[Any] = [_reason_cell(result)] if result.reason else []
    for i, (number, cell) in enumerate(_numbered(notebook)):
        if cell.kind != "code" or number in runs:
            cells.append(_student_cell(cell, written.get(cell.id), f"student-{i}"))
        for question in (q for q, place in last.items() if place == i):
            cells += checks.pop(question, [])
    cells += [cell for rest in checks.values() for cell in rest]
    seen = {c.id for c in notebook.cells}
    missing = [c for c in assignment.cells if c.role == "manual" and c.name not in seen]
    cells += [_student_cell(Cell("markdown", NO_ANSWER, c.name), c, c.name) for c in missing]
    return new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})


def answers_in_words(assignment: Assignment, notebook: Notebook | None) -> dict[str, str]:
    """{grade id: text, as it is shown} of the cells that a person grades; "" for an empty answer."""
    texts = {c.id: _shown(c.source) for c in notebook.cells if c.kind == "markdown"} if notebook is not None else {}
    answers = {c.name: texts.get(c.name, "").strip() for c in assignment.cells if c.role == "manual"}
    return {name: "" if text in {TEXT_STUB, NO_ANSWER} else text for name, text in answers.items()}


def _numbered(notebook: Notebook) -> Iterator[tuple[int, Cell]]:
    number = 0
    for cell in notebook.cells:
        number += cell.kind == "code"
        yield number, cell


def _last_cells(notebook: Notebook, written: dict[str, SourceCell]) -> dict[str, int]:
    """{question: the place of its last cell}; a cell belongs to a question by the id it was released with."""
    last = {}
    for i, cell in enumerate(notebook.cells):
        if (source := written.get(cell.id)) is not None and source.question:
            last[source.question] = i
    return last


def _student_cell(cell: Cell, source: SourceCell | None, name: str) -> Any:
    """name: its id, unless it is an answer: those keep the author's, by which the next export finds them."""
    metadata: dict[str, Any] = {}
    if source is not None and source.role == "manual":
        metadata = cell_metadata(source.name, grade=True, solution=True, points=source.points)
    elif source is not None and source.role == "solution" and cell.kind == "code":
        metadata = cell_metadata(source.name, solution=True)
    if source is not None and metadata:
        name = source.name
    if cell.kind == "code":
        return new_code_cell(cell.source, id=name, metadata=metadata)
    return new_markdown_cell(_shown(cell.source), id=name, metadata=metadata)


def _shown(source: str) -> str:
    """Markdown without HTML, links, pictures and the TeX that makes HTML. Nbconvert lets `[x](javascript:…)` through.

    Each is broken by a space: `<b` → `< b`, `](u)` → `] (u)`, `]: u` → `] : u`. An entity such as `&lt;` would be read
    as four signs in code and in formulas.
    """
    return _LINK.sub("] ", _TAG.sub("< ", _TEX_HTML.sub("", source)))


def _reason_cell(result: Result) -> Any:
    """The cell that says why nothing was graded."""
    shown = new_output("stream", name="stderr", text=result.reason + "\n")
    return new_code_cell(f"# {result.status}", id="reason", outputs=[shown])


def _verdict_cells(question: QuestionResult) -> list[Any]:
    same = repeated(question.checks)
    return [_verdict_cell(check, same.get(check.id, check.message)) for check in question.checks]


def _verdict_cell(check: CheckResult, message: str) -> Any:
    """A graded cell. Nothing of it runs: the points are in the gradebook, and the output says why."""
    name = grade_id(check.id)
    metadata = cell_metadata(name, grade=True, locked=True, points=check.max_points)
    says = f"{check.outcome}: {message}" if message else check.outcome
    shown = new_output("stream", name="stdout" if check.outcome == "pass" else "stderr", text=says + "\n")
    source = f"# {check.title} ({check.visibility}, {check.points:g} of {check.max_points:g} points)"
    return new_code_cell(source, id=name, metadata=metadata, outputs=[shown])
