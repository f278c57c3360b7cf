"""The grades that came back in sheets: one JSON file an assignment, below work/hand/. It is the instructor's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from autograder.assignment.assignment import Assignment, load_assignment
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.files import FileKind, read_bytes, write_atomically
from autograder.hand.given import Given, HandWork, Place
from autograder.hand.written_answers import read_answers
from autograder.text import file_name

GRADES = FileKind("grades by hand", 64 << 20, "restore it, or read the sheets again", links=True)
MAX_COMMENT = 10_000  # characters


class HandGrade(BaseModel):
    """One graded answer. items: of the rubric.  answer: the fingerprint of the text that was graded."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    student: str
    question: str
    points: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    items: tuple[str, ...] = ()
    comment: Annotated[str, Field(max_length=MAX_COMMENT)] = ""
    answer: str


class HandGrades(BaseModel):
    """The file. Each student and question occurs once."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: Literal[1] = Field(1, alias="schema")
    assignment: str
    grades: tuple[HandGrade, ...] = ()


Grades = Mapping[tuple[str, str], HandGrade]  # by student and question


def hand_folder(course: Course) -> Path:
    """Where all grades by hand are."""
    return course.work / "hand"


def grades_file(course: Course, assignment: str) -> Path:
    """Where the grades of an assignment are."""
    return hand_folder(course) / f"{file_name(assignment)}.json"


def read_grades(course: Course, assignment: str) -> Grades:
    """The grades so far; none if there is no file. Raises AutograderError for another file."""
    path = grades_file(course, assignment)
    if not path.exists():
        return {}
    try:
        record = HandGrades.model_validate_json(read_bytes(path, GRADES))
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"]) or "text"
        raise AutograderError(
            f"{path}: expected {GRADES.name}, got a wrong {place[:60]}. Hint: {GRADES.hint}."
        ) from None
    return {(grade.student, grade.question): grade for grade in record.grades}


def write_grades(course: Course, assignment: str, grades: Iterable[HandGrade]) -> Path:
    """Write the file whole. The same grades give the same bytes."""
    ordered = tuple(sorted(grades, key=lambda grade: (grade.student, grade.question)))
    record = HandGrades(schema=1, assignment=assignment, grades=ordered)
    path = grades_file(course, assignment)
    write_atomically(path, record.model_dump_json(by_alias=True, indent=1) + "\n")
    return path


def given_in_sheets(course: Course, assignments: Sequence[str], submitted: Path) -> HandWork:
    """All that came back in sheets. A grade of an answer that was changed since waits for another look."""
    work: dict[Place, dict[str, Given]] = {}
    for name in assignments:
        grades = read_grades(course, name)
        if not grades or not (course.solutions / name).is_dir():
            continue
        assignment = load_assignment(course.solutions / name)
        current = _fingerprints(assignment, grades, submitted)
        for (student, question), grade in grades.items():
            changed = current is not None and current.get((student, question)) != grade.answer
            given = Given(grade.points, _comment(assignment, grade), waits=changed)
            work.setdefault((name, student), {})[question] = given
    return HandWork(work)


def _fingerprints(assignment: Assignment, grades: Grades, submitted: Path) -> dict[tuple[str, str], str] | None:
    """Of the answers as they are now; None if there are no notebooks to compare with."""
    if not submitted.is_dir():
        return None
    answers = read_answers(assignment, submitted, {student for student, _ in grades})
    return {(answer.student, answer.question): answer.fingerprint for answer in answers}


def _comment(assignment: Assignment, grade: HandGrade) -> str:
    """The comments of the rubric's items, then the person's own."""
    items = assignment.rubric(grade.question)
    standard = [item.comment for item in items if item.id in grade.items and item.comment]
    return "\n".join([*standard, *filter(None, [grade.comment])])
