"""Numbers in place of students, so that a person grades without knowing whose answer it is.

A number is the beginning of a long row of digits that only the course's secret gives. So it is the same in every run,
and it says nothing about the student. If two beginnings are alike, all numbers of the sheet become longer.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping

from autograder.errors import AutograderError

_SHORTEST, _LONGEST = 5, 15  # digits; a spreadsheet keeps 15


def digits_of(secret: bytes, assignment: str, question: str, student: str) -> str:
    """A student's row of digits for one question. The first is no 0, which a spreadsheet would drop."""
    name = f"hand\0{assignment}\0{question}\0{student}".encode("utf-8", "surrogatepass")
    number = int.from_bytes(hmac.new(secret, name, hashlib.sha256).digest())
    return f"{1 + number % 9}{number // 9 % 10 ** (_LONGEST - 1):0{_LONGEST - 1}d}"


def numbers(secret: bytes, assignment: str, question: str, students: Collection[str]) -> Mapping[str, str]:
    """{student: number}, each number once."""
    rows = {student: digits_of(secret, assignment, question, student) for student in students}
    for length in range(_SHORTEST, _LONGEST + 1):
        short = {student: digits[:length] for student, digits in rows.items()}
        if len(set(short.values())) == len(short):
            return short
    raise AutograderError(f"{assignment}, {question}: expected a number for each student, got one twice.")


def student_of(number: str, rows: Mapping[str, str]) -> str | None:
    """Whose number it is; None if it is nobody's or could be two students'. rows: {student: digits}."""
    if len(number) < _SHORTEST:
        return None
    students = [student for student, digits in rows.items() if digits.startswith(number)]
    return students[0] if len(students) == 1 else None
