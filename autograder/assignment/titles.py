"""The title of an assignment for people, also where the assignment as a whole cannot be loaded."""

from __future__ import annotations

from autograder.assignment.headings import title_text
from autograder.assignment.released_cells import cells_of_release
from autograder.assignment.settings import read_settings
from autograder.assignment.source import read_source
from autograder.course import Course
from autograder.errors import CourseError


def title_of(course: Course, name: str) -> str:
    """The title of a course's assignment, also while its author repairs the checks, and if only the release is left."""
    folder = course.solutions / name
    try:
        title = read_settings(folder / "assignment.toml").title
        return title_text(title, () if title else read_source(folder / "notebook.py"), name)
    except CourseError:
        return title_text("", cells_of_release(course.assignments / name / f"{name}.ipynb"), name)
