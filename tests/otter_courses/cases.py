"""Cases of `otter run` 7.0.0: archives, submissions, and the results that the real tool gave."""

import json
from dataclasses import replace
from pathlib import Path

from autograder.errors import CourseError
from autograder.otter_courses.gradescope_results import gradescope_results
from autograder.otter_courses.otter_archive import read_archive
from autograder.otter_courses.otter_engine import LIMITS, grade_otter_submission, load_course
from autograder.otter_courses.otter_work import OtterSubmission

KEPT = ("name", "visibility", "status", "score", "max_score")  # of a test in results.json; the texts are our own
CASES = Path(__file__).with_name("cases")
MORE = json.loads(Path(__file__).with_name("more_expected.json").read_text())["cases"]
EXPECTED = json.loads((CASES / "expected.json").read_text())["cases"]


def graded(archive, submission, zygote, **limits):
    """(our result, our results.json) of a submission; (None, None) for an archive that we refuse."""
    try:
        course = load_course(read_archive(archive), zygote, replace(LIMITS, **limits))
    except CourseError:
        return None, None
    result = grade_otter_submission(OtterSubmission(submission.stem, submission), course, zygote)
    return result, gradescope_results(result, course.archive.settings)


def as_recorded(result, written):
    """Our result in the form in which the real tool's are recorded; None for one that it refuses."""
    if result is None or result.status == "refused":
        return None
    return {
        "score": written.get("score"),
        "stdout_visibility": written.get("stdout_visibility"),
        "tests": [{key: test[key] for key in KEPT if key in test} for test in written["tests"]],
        "total": result.total,
        "possible": result.possible,
        "percent": result.percent,
        "questions": {
            q.name: {
                "score": q.score,
                "possible": q.possible,
                "all_or_nothing": q.all_or_nothing,
                "cases": [
                    {"name": c.name, "hidden": c.hidden, "points": c.points, "passed": c.passed} for c in q.cases
                ],
            }
            for q in result.questions
        },
    }


def recorded(case):
    """The real tool's result, in the same form."""
    if case["results_json"] is None:
        return None
    grading, written = case["grading"], case["results_json"]
    return {**written, **{key: grading[key] for key in ("total", "possible", "percent", "questions")}}


def rounded(value):
    """The value with its floats at nine places: otter's sums and ours may differ in the last bit."""
    match value:
        case dict():
            return {key: rounded(part) for key, part in value.items()}
        case list():
            return [rounded(part) for part in value]
        case float():
            return round(value, 9)
    return value
