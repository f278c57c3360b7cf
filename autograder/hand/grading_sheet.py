"""The sheet of one question: a CSV file with a line an answer, which a person fills in with any spreadsheet.

Reading checks every line against the answers of today. Nothing is guessed: a wrong line refuses the whole sheet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import AutograderError
from autograder.files import FileKind
from autograder.hand.hand_grades import MAX_COMMENT, Grades, HandGrade
from autograder.hand.question import HandQuestion
from autograder.hand.student_numbers import student_of
from autograder.hand.written_answers import WrittenAnswer
from autograder.roster.table import RosterTable, read_table
from autograder.text import csv_text, nearest, one_line, points_text, spreadsheet_lines, typed_lines

NUMBER, STUDENT = "number", "student"
# In an anonymous sheet `number` stands in the place of `student` and `name`.
COLUMNS = ("assignment", "question", NUMBER, STUDENT, "name", "points", "of", "items", "comment", "answer")
_NEEDED = ("assignment", "question", "points", "items", "comment", "answer")
_BOM = "\ufeff"  # without it Excel takes the names for another encoding
SHEET = FileKind("a sheet of grades", 20 << 20, "remove what else is in it", links=True)
TAKEN_BACK = "-"  # in `points`: there is no grade any more
_POINTS = re.compile(r"\d{1,6}(?:[.,]\d{1,6})?", re.ASCII)
_WHOLE = re.compile(r"(\d+)[.,]0+", re.ASCII)  # a spreadsheet can make 1001.0 of 1001


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line that a person filled in. grade: None if a grade is taken back."""

    student: str
    question: str
    grade: HandGrade | None


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """What came back. waiting: number of lines without points."""

    assignment: str
    lines: tuple[SheetLine, ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class Today:
    """An assignment as it is now. digits: by question, then by student.  answers: by student and question."""

    assignment: str
    questions: Mapping[str, HandQuestion]
    answers: Mapping[tuple[str, str], WrittenAnswer]
    digits: Mapping[str, Mapping[str, str]] = field(repr=False)


def sheet_text(
    question: HandQuestion, answers: Sequence[WrittenAnswer], names: Mapping[str, str], grades: Grades
) -> str:
    """The sheet, with the grades that are known. answers: in the order of the lines.

    names: what stands for each student: a number if the sheet is anonymous, else the name.
    """
    identity = (NUMBER,) if question.anonymous else (STUDENT, "name")
    header = [c for c in COLUMNS if c in identity or c not in {NUMBER, STUDENT, "name"}]
    rows = [[_cells(question, answer, names, grades)[column] for column in header] for answer in answers]
    return _BOM + csv_text([header, *rows])


def _cells(
    question: HandQuestion, answer: WrittenAnswer, names: Mapping[str, str], grades: Grades
) -> Mapping[str, str]:
    grade = grades.get((answer.student, answer.question))
    if grade and grade.answer != answer.fingerprint:
        grade = None  # the student wrote another answer since
    return {
        "assignment": question.assignment,
        "question": question.id,
        NUMBER: names[answer.student],
        STUDENT: spreadsheet_lines(answer.student),
        "name": spreadsheet_lines(names[answer.student]),
        "points": points_text(grade.points) if grade else "",
        "of": points_text(question.points),
        "items": " ".join(grade.items) if grade else "",
        "comment": spreadsheet_lines(grade.comment) if grade else "",
        "answer": answer.fingerprint,
    }


def _table(path: Path) -> RosterTable:
    """A sheet's lines. Raises AutograderError for a file that is none."""
    table = read_table(path, SHEET)
    for column in _NEEDED:
        if column not in table.header:
            raise AutograderError(f"{path}: expected a sheet of autograder hand sheet, got no column {column}.")
    for column in table.header:
        if column not in COLUMNS:
            raise AutograderError(
                f"{path}: expected columns out of {', '.join(COLUMNS)}, got {one_line(column, 60)!r}."
                f"{nearest(column, COLUMNS)}"
            )
    if not {NUMBER, STUDENT} & set(table.header):
        raise AutograderError(f"{path}: expected a column {STUDENT} or {NUMBER}, got none.")
    return table


def sheet_assignment(path: Path, known: Sequence[str]) -> str:
    """The assignment that a sheet is of. Raises AutograderError if it is none of the course's."""
    table = _table(path)
    names = {row["assignment"] for _, row in table.rows}
    for name in sorted(names - set(known)):
        raise AutograderError(
            f"{path}: expected one of {', '.join(known)}, got {one_line(name, 60)!r}.{nearest(name, known)}"
        )
    if len(names) != 1:
        raise AutograderError(f"{path}: expected answers to one assignment, got {', '.join(sorted(names)) or 'none'}.")
    return names.pop()


def read_sheet(path: Path, today: Today) -> ReadSheet:
    """The lines that a person filled in. Raises AutograderError, in one line, for the first that is wrong."""
    lines: list[SheetLine] = []
    places = set()
    table = _table(path)
    for number, row in table.rows:
        line = _line(f"{path}, line {number}", row, today)
        if line is None:
            continue
        if (line.student, line.question) in places:
            raise AutograderError(f"{path}, line {number}: expected one line an answer, got a second one.")
        places.add((line.student, line.question))
        lines.append(line)
    return ReadSheet(today.assignment, tuple(lines), len(table.rows) - len(lines))


def unread_lines(path: Path, today: Today, grades: Grades) -> int:
    """How many lines have a grade that was never read. Raises AutograderError for a file that is no sheet.

    A line that cannot be read any more, because its student wrote another answer, was read if its answer has a grade.
    """
    graded = {grade.answer for grade in grades.values()}
    unread = 0
    for number, row in _table(path).rows:
        try:
            line = _line(f"{path}, line {number}", row, today)
        except AutograderError:
            unread += row["answer"] not in graded
        else:
            unread += line is not None and line.grade != grades.get((line.student, line.question))
    return unread


def _line(where: str, row: Mapping[str, str], today: Today) -> SheetLine | None:
    """What one line says; None if it has no grade yet."""
    if not row["points"] and not row["items"]:
        return None
    question = today.questions.get(row["question"])
    if question is None:
        known = ", ".join(today.questions) or "none that a person grades"
        raise AutograderError(
            f"{where}: expected a question out of {known}, got {one_line(row['question'], 60)!r}."
            f"{nearest(row['question'], today.questions)}"
        )
    student = _student(where, row, question, today)
    items = _items(where, row["items"], question)
    if row["points"] == TAKEN_BACK:
        return SheetLine(student, question.id, None)
    answer = today.answers[student, question.id]
    if row["answer"] != answer.fingerprint:
        raise AutograderError(
            f"{where}: expected the answer for which the sheet was written, got another: the student changed it. "
            f"Hint: autograder hand sheet -a {today.assignment}, then grade it again."
        )
    comment = typed_lines(row["comment"])
    if len(comment) > MAX_COMMENT:
        raise AutograderError(f"{where}: expected a comment of at most {MAX_COMMENT} characters, got {len(comment)}.")
    grade = HandGrade(
        student=student,
        question=question.id,
        points=_points(where, row["points"], items, question),
        items=items,
        comment=comment,
        answer=answer.fingerprint,
    )
    return SheetLine(student, question.id, grade)


def _student(where: str, row: Mapping[str, str], question: HandQuestion, today: Today) -> str:
    """Whose answer it is. A sheet without names has numbers."""
    students = [student for student, asked in today.answers if asked == question.id]
    column = NUMBER if NUMBER in row else STUDENT
    whole = _WHOLE.fullmatch(row[column])
    text = whole[1] if whole else typed_lines(row[column])
    if column == NUMBER:
        known = student_of(text, {s: today.digits[question.id][s] for s in students})
    else:
        same = [s for s in students if text in {s, s.lstrip("0")}]  # a spreadsheet makes 12 of 0012
        known = text if text in same else same[0] if len(same) == 1 else None
    if known is None:
        what = "the number of an answer" if column == NUMBER else "a student who handed in"
        hint = nearest(text, students) if column == STUDENT else " Hint: autograder hand sheet writes them anew."
        raise AutograderError(f"{where}: expected {what}, got {one_line(text, 60)!r}.{hint}")
    return known


def _items(where: str, text: str, question: HandQuestion) -> tuple[str, ...]:
    ids = [item.id for item in question.rubric]
    items = tuple(dict.fromkeys(filter(None, re.split(r"[\s,;]+", text))))
    for item in items:
        if item not in ids:
            known = ", ".join(ids) or "none, as the question has no rubric"
            raise AutograderError(
                f"{where}: expected items out of {known}, got {one_line(item, 60)!r}.{nearest(item, ids)}"
            )
    return items


def _points(where: str, text: str, items: Sequence[str], question: HandQuestion) -> float:
    """The points that the line says; without them the sum of its items."""
    if text and not _POINTS.fullmatch(text):
        raise AutograderError(f"{where}: expected points such as 2.5, got {one_line(text, 60)!r}.")
    worth = sum(item.points for item in question.rubric if item.id in items)
    points = float(text.replace(",", ".")) if text else round(worth, 6)
    if not 0 <= points <= question.points:
        raise AutograderError(f"{where}: expected 0 to {question.points:g} points, got {points:g}.")
    return points
