"""Results as records, without grading: for tests of what is made of them."""

from autograder.records.result import CheckResult, QuestionResult, Result


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


def record(student="ada", assignment="a1", score=80.0, max_score=100.0, questions=None, **fields):
    """One result; without `questions` its score is that of a single check."""
    if questions is None:
        questions = (question("q1", check(points=score, max_points=max(score, max_score))),) if score else ()
    return Result(
        **{
            "schema": 2,
            "assignment": assignment,
            "student": student,
            "status": "graded",
            "score": sum(q.score for q in questions),
            "max_score": max_score,
            "questions": questions,
            **fields,
        }
    )


def nothing(student, assignment="a1", status="missing", **fields):
    """Who handed in nothing, or nothing that can be read."""
    return record(student, assignment, 0.0, status=status, reason="nothing was handed in", **fields)


def arrival(notebook_sha256, commit=""):
    """What received.json says of a notebook out of git."""
    now = "2026-11-30T12:00:00Z"
    return {
        "schema": 1, "student": "ada", "assignment": "a1", "kind": "git", "source": "https://example.org/ada",
        "file": "a1.ipynb", "notebook_sha256": notebook_sha256, "received_at": now, "clock": "collecting",
        "collected_at": now, "commit": commit,
    }  # fmt: skip
