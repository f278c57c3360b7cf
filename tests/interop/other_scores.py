"""Points by question, as nbgrader's gradebook and otter's engine have them."""

from collections import defaultdict
from pathlib import Path

from autograder.assignment.assignment import Assignment
from autograder.errors import CourseError
from autograder.interop.maximum import CELL


def nbgrader_scores(root: Path, assignment: Assignment) -> dict[str, dict[str, float]]:
    """By student and question, out of the gradebook in nbgrader's course directory `root`.

    What checks gave: questions graded by hand are left out. (nbgrader gives an untouched one 0 points by itself.)
    """
    from nbgrader.api import Gradebook

    scores: dict[str, dict[str, float]] = {}
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions(assignment.name):
            points = scores[submission.student.id] = defaultdict(float)
            for grade in (g for notebook in submission.notebooks for g in notebook.grades if g.name != CELL):
                question = grade.name.partition("-")[0]
                if question not in assignment.by_hand:
                    points[question] += grade.auto_score or 0.0
    return scores


def otter_scores(archive: Path, notebook: Path) -> dict[str, float]:
    """One submission graded by otter's engine, with no time limit. Raises CourseError."""
    from otter.api import grade_submission

    results = grade_submission(str(notebook), str(archive), quiet=True)
    if results.has_catastrophic_failure():
        raise CourseError(f"otter run: expected results, got {str(results.catastrophic_error)[:200]}.")
    return {name: float(results.get_score(name)) for name in results.test_files}
