"""Everything of one assignment that a person grades: a page and a sheet for each question, and what came back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment.assignment import Assignment
from autograder.errors import AutograderError
from autograder.hand.grading_sheet import ReadSheet, Today, sheet_text, unread_lines
from autograder.hand.hand_grades import Grades, HandGrade
from autograder.hand.question import HandQuestion, hand_questions
from autograder.hand.student_numbers import digits_of, numbers
from autograder.hand.written_answers import WrittenAnswer, read_answers
from autograder.html_pages import page_environment
from autograder.roster.roster import Roster


@dataclass(frozen=True, slots=True)
class HandSheet:
    """For the person who grades one question. page: HTML to read.  sheet: CSV to fill in.  answers: how many."""

    question: str
    page: str
    sheet: str
    answers: int


def today_of(assignment: Assignment, submitted: Path, secret: bytes) -> Today:
    """The questions and answers as they are now. Raises AutograderError if no question is graded by hand."""
    questions = hand_questions(assignment)
    if not questions:
        raise AutograderError(
            f'{assignment.name}: expected a question graded by hand, got none. Hint: role="manual" in notebook.py.'
        )
    answers = {(a.student, a.question): a for a in read_answers(assignment, submitted)}
    digits = {
        question: {student: digits_of(secret, assignment.name, question, student) for student, _ in answers}
        for question in questions
    }
    return Today(assignment.name, questions, answers, digits)


def hand_sheets(
    assignment: Assignment,
    today: Today,
    secret: bytes,
    grades: Grades,
    *,
    roster: Roster | None = None,
    left_out: Collection[str] = (),
    anonymous: bool = False,
) -> list[HandSheet]:
    """A page and a sheet a question. left_out: students who need not be graded.

    anonymous: numbers in place of students, and the lines in the order of the numbers.
    """
    sheets = []
    for question in hand_questions(assignment, anonymous=anonymous).values():
        everyone = [answer for answer in today.answers.values() if answer.question == question.id]
        students = [answer.student for answer in everyone]
        if anonymous:
            names = numbers(secret, assignment.name, question.id, students)
        else:
            names = {student: (roster.name_of(student) if roster else "") or student for student in students}
        wanted = [answer for answer in everyone if answer.student not in left_out]
        ordered = sorted(wanted, key=lambda a: (names[a.student].casefold(), a.student))
        sheet = sheet_text(question, ordered, names, grades)
        sheets.append(HandSheet(question.id, _page(assignment, question, ordered, names), sheet, len(ordered)))
    return sheets


def changed_by(sheets: Iterable[ReadSheet], before: Grades) -> Mapping[tuple[str, str], HandGrade]:
    """All grades after what the sheets say. Raises AutograderError if two sheets differ about one answer."""
    after, decided = dict(before), dict[tuple[str, str], HandGrade | None]()
    for sheet in sheets:
        for line in sheet.lines:
            place = line.student, line.question
            if decided.get(place, line.grade) != line.grade:
                raise AutograderError(
                    f"{sheet.assignment}, {line.question}: expected one grade an answer, got two that differ."
                )
            decided[place] = line.grade
            after.pop(place, None)
            if line.grade is not None:
                after[place] = line.grade
    return after


def require_read(path: Path, today: Today, grades: Grades) -> None:
    """Raise AutograderError if a sheet holds grades that were not read: writing it anew would lose them."""
    try:
        unread = unread_lines(path, today, grades)
    except AutograderError as error:
        raise AutograderError(f"{error} Hint: the new sheet would replace this file; move it away, or --out.") from None
    if unread:
        raise AutograderError(
            f"{path}: expected a sheet that was read, got {unread} grades that were not. "
            f"Hint: autograder hand read {path}."
        )


def _page(
    assignment: Assignment, question: HandQuestion, answers: Sequence[WrittenAnswer], names: Mapping[str, str]
) -> str:
    environment = page_environment("autograder.hand")
    template = environment.get_template("answers.html")
    return template.render(title=assignment.title, q=question, answers=answers, names=names)
