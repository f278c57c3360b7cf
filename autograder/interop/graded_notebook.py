"""A submission for nbgrader's formgrader: the student's cells, and the results of our checks below each question.

It is made from the student's text, never from their metadata or outputs. So a grade id, a score or a script of a
student does not get into it. HTML in their markdown is shown as text, since the page opens in the instructor's browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_notebook

from autograder.assignment.assignment import Assignment
from autograder.assignment.released_cells import cell_of
from autograder.assignment.samples import TEXT_STUB
from autograder.assignment.source import SourceCell
from autograder.intake.answers import Answer
from autograder.intake.reader import Cell, Notebook
from autograder.interop.nbgrader import cell_metadata
from autograder.judging.cells import cells_to_run
from autograder.records.faults import repeated
from autograder.records.result import CheckResult, QuestionResult, Result
from autograder.text import named

_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_LINK = re.compile(r"\](?=[(:])")
_TEX_HTML = re.compile(r"\\+(?=(?:href|style|class|cssId|require)(?![A-Za-z]))")  # MathJax makes HTML from these
_DATA = re.compile(r"data:[\w/+.-]*;base64,[A-Za-z0-9+/=\s]*")
_PICTURE = re.compile(r"!\[|<img\b", re.IGNORECASE)
NO_ANSWER = "*No answer.*"
_SEE_PICTURES = "*With a picture, which is not shown here: open the student's notebook to see it.*"
_PERHAPS = "*Nothing is written below the question. Perhaps this, from elsewhere in the notebook:*"
_IN_CODE = "*In a code cell:*"


def graded_notebook(assignment: Assignment, notebook: Notebook, result: Result, answers: Sequence[Answer]) -> Any:
    """The notebook, as nbformat has it. answers: what a person grades, see intake/answers.py."""
    written = {c.name: c for c in assignment.cells}
    runs = {number for number, _ in cells_to_run(notebook, assignment)}
    checks = {q.id: _verdict_cells(q) for q in result.questions}
    last = _last_cells(notebook, written)
    inside = {place for answer in answers for place in answer.places}
    cells: list[Any] = [_reason_cell(result)] if result.reason else []
    for i, (number, cell) in enumerate(_numbered(notebook)):
        cells += [_answer_cell(a, written[a.name]) for a in answers if a.places[:1] == (i,)]
        if i not in inside and (cell.kind != "code" or number in runs) and not _is_hint(written.get(cell.id)):
            cells.append(_student_cell(cell, written.get(cell.id), f"student-{i}"))
        for question in (q for q, place in last.items() if place == i):
            cells += checks.pop(question, [])
    cells += [cell for rest in checks.values() for cell in rest]
    cells += [_answer_cell(a, written[a.name]) for a in answers if not a.places]
    return new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})  # this checks all cells at once


def shown_answers(graded: Notebook | None) -> dict[str, str]:
    """{grade id: text} of the markdown cells of a graded notebook; "" for an answer that was not written."""
    cells = graded.cells if graded is not None else ()
    texts = {c.id: _shown(c.source).strip() for c in cells if c.kind == "markdown"}
    return {name: "" if text in {TEXT_STUB, NO_ANSWER} else text for name, text in texts.items()}


def answer_text(answer: Answer) -> str:
    """An answer as markdown that is safe to show; "" if nothing was written."""
    parts = [_PERHAPS] if answer.where == "elsewhere" else []
    return "\n\n".join([*parts, *map(_part, answer.cells)])


def _part(cell: Cell) -> str:
    text = _DATA.sub("(a picture)", cell.source)
    if cell.kind == "code":
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
        text = f"{_IN_CODE}\n\n{fence}\n{text}\n{fence}"
    if cell.pictures or _PICTURE.search(cell.source):
        text += f"\n\n{_SEE_PICTURES}"
    return _shown(text).strip()


def _is_hint(source: SourceCell | None) -> bool:
    """Whether a cell was released with hints: a person who grades has no use for them."""
    return source is not None and source.role == "hints"


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


def _answer_cell(answer: Answer, source: SourceCell) -> Any:
    """It keeps the author's name, by which the next export finds it."""
    metadata = cell_metadata(source.name, grade=True, solution=True, points=source.points)
    return _markdown(answer_text(answer) or NO_ANSWER, source.name, metadata)


def _student_cell(cell: Cell, source: SourceCell | None, name: str) -> Any:
    """name: its id, unless it is a solution: those keep the author's."""
    if cell.kind != "code":
        return _markdown(_shown(cell.source), name)
    if source is not None and source.role == "solution":
        return _code(cell.source, source.name, cell_metadata(source.name, solution=True))
    return _code(cell.source, name)


def _shown(source: str) -> str:
    """Markdown without HTML, links, pictures and the TeX that makes HTML. Nbconvert lets `[x](javascript:…)` through.

    Each is broken by a space: `<b` → `< b`, `](u)` → `] (u)`, `]: u` → `] : u`. An entity such as `&lt;` would be read
    as four signs in code and in formulas.
    """
    return _LINK.sub("] ", _TAG.sub("< ", _TEX_HTML.sub("", source)))


def _reason_cell(result: Result) -> Any:
    """The cell that says why nothing was graded."""
    return _code(f"# {result.status}", "reason", outputs=[_printed("stderr", result.reason)])


def _verdict_cells(question: QuestionResult) -> list[Any]:
    """A graded cell for each public check, and one for all hidden checks, as nbgrader's source has them."""
    same = repeated(question.checks)
    says = {check.id: same.get(check.id, check.message) for check in question.checks}
    cells: dict[str, list[CheckResult]] = {}
    for check in question.checks:
        cells.setdefault(cell_of(question.id, check.id, check.visibility), []).append(check)
    return [_verdict_cell(name, checks, says) for name, checks in cells.items()]


def _verdict_cell(name: str, checks: Sequence[CheckResult], says: Mapping[str, str]) -> Any:
    """A graded cell. Nothing of it runs: the points are in the gradebook, and the outputs say why."""
    metadata = cell_metadata(name, grade=True, locked=True, points=sum(check.max_points for check in checks))
    lines = [f"# {named(c.title, c.id)}: {c.visibility}, {c.points:g} of {c.max_points:g} points" for c in checks]
    outputs = [_verdict(check, says[check.id], of_many=len(checks) > 1) for check in checks]
    return _code("\n".join(lines), name, metadata, outputs)


def _verdict(check: CheckResult, message: str, *, of_many: bool) -> Any:
    says = f"{check.outcome}: {message}" if message else check.outcome
    text = f"{check.id} {says}" if of_many else says
    return _printed("stdout" if check.outcome == "pass" else "stderr", text)


# nbformat's own functions for these look each one up in its schema, which takes 4 ms a cell.


def _markdown(source: str, name: str, metadata: Mapping[str, Any] = MappingProxyType({})) -> NotebookNode:
    node: NotebookNode = from_dict({"cell_type": "markdown", "id": name, "metadata": dict(metadata), "source": source})
    return node


def _code(
    source: str, name: str, metadata: Mapping[str, Any] = MappingProxyType({}), outputs: Sequence[NotebookNode] = ()
) -> NotebookNode:
    fields = {"cell_type": "code", "id": name, "metadata": dict(metadata), "source": source}
    node: NotebookNode = from_dict({**fields, "execution_count": None, "outputs": list(outputs)})
    return node


def _printed(name: str, text: str) -> NotebookNode:
    node: NotebookNode = from_dict({"output_type": "stream", "name": name, "text": text + "\n"})
    return node
