"""Results of submissions that nobody judged: nothing to read, or trouble of our own.

Trouble of our own is status `error`. The student reads one fixed sentence. The instructor reads the cause in a flag:
the message of an error that we know, or the place of one that we do not know. Nothing of a traceback is in a result.
"""

from __future__ import annotations

from autograder.assignment.assignment import Assignment
from autograder.errors import AutograderError
from autograder.intake.another_assignment import another_assignment
from autograder.intake.reader import Notebook
from autograder.intake.submissions import Submission
from autograder.records.flags import Flag
from autograder.records.provenance import provenance
from autograder.records.result import Result
from autograder.text import one_line
from autograder.unforeseen import where

OUR_FAULT = "this could not be graded, and the fault is ours. Nothing is lost: it will be graded again."


def unread(submission: Submission, assignment: Assignment, reason: str, *, malformed: bool = False) -> Result:
    """The result of a submission without a notebook that can be read."""
    return Result(
        assignment=assignment.name,
        student=submission.student,
        status="malformed" if malformed or submission.malformed else "missing",
        score=0.0,
        max_score=assignment.max_score,
        reason=one_line(reason),
        suite_sha256=assignment.suite_sha256,
    )


def of_another(notebook: Notebook, submission: Submission, assignment: Assignment) -> Result | None:
    """The result of a notebook that is another assignment's, or None. It is graded for none: a person decides."""
    texts = [*(cell.source for cell in notebook.code), *notebook.modules.values()]
    names = [n for cell in assignment.cells if cell.role == "solution" for n in cell.defines if not n.startswith("_")]
    if 2 * sum(any(name in text for text in texts) for name in names) >= len(names):
        return None  # without a look at the other assignments: nearly every notebook ends here
    other = another_assignment(texts, assignment.name, assignment.asked)
    if not other:
        return None
    reason = (
        f"notebook: expected {assignment.name}, got the notebook of {other}. "
        f"Hint: hand in {assignment.name}.ipynb; the other one counts only if it is handed in for {other}."
    )
    return unread(submission, assignment, reason, malformed=True)


def not_graded(submission: Submission, assignment: Assignment, error: Exception) -> Result:
    """The result of a submission that could not be graded, by no fault of the student. It has no points yet.

    It must not raise, so it reads no file. error: what went wrong.
    """
    cause = one_line(str(error), 500) if isinstance(error, AutograderError) else where(error)
    return Result(
        assignment=assignment.name,
        student=submission.student,
        status="error",
        score=0.0,
        max_score=assignment.max_score,
        reason=OUR_FAULT,
        suite_sha256=assignment.suite_sha256,
        received=submission.received,
        attempt=submission.attempt,
        flags=(Flag(kind="not_graded", data=(cause,)),),
        provenance=provenance(),
    )
