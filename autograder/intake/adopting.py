"""`autograder adopt`: signs the records that lie in a folder already, because a person vouches for them.

It is for records of a version that signed none, and for a course whose secret had to change. A folder that a student
filled must not be adopted: then the student's times would count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.errors import AutograderError
from autograder.files import locked, write_atomically
from autograder.intake.received import RECORD, read_record, signed_record
from autograder.intake.submissions import Submission, find_submissions


def adopt(root: Path, assignments: Sequence[str], secret: bytes) -> Iterator[Submission]:
    """Sign each record of `root` that is about the notebook beside it; give the submissions whose record was signed.

    Raises AutograderError.
    """
    if not root.is_dir():
        raise AutograderError(f"{root}: expected a folder STUDENT/ASSIGNMENT/, got none. Hint: autograder collect.")
    with locked(root):
        for submission in find_submissions(root, assignments):
            if submission.notebook and _sign(submission, submission.notebook, secret):
                yield submission


def _sign(submission: Submission, notebook: Path, secret: bytes) -> bool:
    record = read_record(notebook.parent)
    if record is None or signed_record(notebook, submission.place, secret):
        return False
    student, assignment, attempt = submission.place
    signed = record.model_copy(update={"student": student, "assignment": assignment}).signed(secret, attempt)
    if not signed.is_of(notebook):
        return False
    write_atomically(notebook.parent / RECORD, signed.text())
    return True
