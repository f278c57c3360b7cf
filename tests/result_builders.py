"""Results as records, and a results folder as `autograder grade` writes it: without a sandbox, in milliseconds."""

import hashlib

from autograder.files import claimed
from autograder.intake.received import Received, Trust
from autograder.records import history
from autograder.records.result import CheckResult, QuestionResult, Result
from autograder.records.store import result_path
from autograder.records.writer import ResultWriter
from autograder.secret import course_secret

A1 = "a1_test"


def check(identity="q1.value", points=0.0, max_points=10.0, outcome=None, **fields):
    return CheckResult(
        **{
            "id": identity,
            "title": "right",
            "visibility": "hidden",
            "outcome": outcome or ("pass" if points == max_points else "fail"),
            "points": points,
            "max_points": max_points,
            **fields,
        }
    )


def question(identity, *checks, **fields):
    score, possible = sum(c.points for c in checks), sum(c.max_points for c in checks)
    return QuestionResult(
        **{"id": identity, "title": "f", "score": score, "max_score": possible, "checks": checks, **fields}
    )


def record(student="ada", assignment="a1", score=None, max_score=100.0, questions=None, **fields):
    """One result. Without `questions` its score, 80 unless given, is that of a single check; with them, their sum."""
    if questions is None:
        points = 80.0 if score is None else score
        questions = (question("q1", check(points=points, max_points=max(points, max_score))),) if points else ()
    return Result(
        **{
            "schema": 2,
            "assignment": assignment,
            "student": student,
            "status": "graded",
            "score": sum(q.score for q in questions) if score is None else score,
            "max_score": max_score,
            "questions": questions,
            **fields,
        }
    )


def nothing(student, assignment="a1", status="missing", **fields):
    """Who handed in nothing, or nothing that can be read."""
    return record(student, assignment, 0.0, **{"status": status, "reason": "nothing was handed in", **fields})


def of_ten(student, points, assignment=A1, suite="1" * 64, message=""):
    """A result of one check of ten points."""
    return record(
        student,
        assignment,
        max_score=10,
        questions=(question("q1", check(points=points, message=message)),),
        submission_sha256=hashlib.sha256(student.encode()).hexdigest(),
        suite_sha256=suite,
    )


def unread(student, status, reason, assignment=A1):
    """A result that says why there is none."""
    return nothing(student, assignment, status, max_score=10, reason=reason)


def grade(folder, *results):
    """What `autograder grade` does with results as they come."""
    paths = [result_path(folder, r.assignment, r.student, r.attempt) for r in results]
    with claimed(folder, [*paths, *history.files_of(folder)]):
        writer = ResultWriter(folder)
        for each in results:
            writer.write(each)
        writer.finish()


def trust_of(course):
    """What `autograder grade` believes of the files beside a notebook of this course."""
    return Trust(course_secret(course), course.trust_timestamps)


def collected(notebook, secret, at="2026-11-30T12:00:00Z", **fields):
    """Write the signed record that `collect` leaves beside a notebook of STUDENT/ASSIGNMENT/ or its earlier/N/."""
    folder = notebook.parent
    attempt = int(folder.name) if folder.parent.name == "earlier" else 0
    assignment = folder.parents[1] if attempt else folder
    record = {
        "schema": 1, "student": assignment.parent.name, "assignment": assignment.name, "kind": "git",
        "source": "https://example.org/ada", "file": "a1.ipynb",
        "notebook_sha256": hashlib.sha256(notebook.read_bytes()).hexdigest(), "received_at": at,
        "clock": "host", "collected_at": at,
    }  # fmt: skip
    signed = Received.model_validate(record | fields).signed(secret, attempt)
    notebook.with_name("received.json").write_text(signed.text())
    return notebook
