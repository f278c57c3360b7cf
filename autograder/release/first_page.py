"""The page that students open before their first notebook: a file of the course, named in course.toml.

`release` puts it beside the folders in assignments/, and into the repository that students start from. It is searched
for answers like every other file that students get.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from autograder.assignment.assignment import Assignment, is_as_loaded, load_assignment
from autograder.course import FILE, Course
from autograder.errors import CourseError, FileError
from autograder.files import FileKind, read_bytes, write_atomically
from autograder.release.leaks import require_no_secret_line
from autograder.release.unchanged import FIRST_PAGE, is_unchanged, page_search, remember

PAGE_FILE = FileKind("the page for students", 5 << 20, "it is one page; make its pictures smaller")


def first_page(course: Course, loaded: Mapping[str, Assignment] = MappingProxyType({})) -> dict[str, bytes]:
    """{the file's name: its bytes}, or {} if course.toml names none. Raises CourseError or LeakError.

    loaded: assignments that need not be read again, by name.
    """
    page = read_first_page(course)
    for name in course.names() if page else ():
        if not is_unchanged(course, page_search(name)):
            require_no_secret_line(loaded.get(name) or load_assignment(course.solutions / name), page)
    return page


def read_first_page(course: Course) -> dict[str, bytes]:
    """The same, not yet searched for answers. Raises CourseError."""
    if not course.open_first:
        return {}
    where = f"{course.root / FILE}, open_first"
    path = course.root / course.open_first
    private = [course.solutions, course.work]
    if not path.resolve().is_relative_to(course.root) or any(path.resolve().is_relative_to(p) for p in private):
        raise CourseError(
            f"{where}: expected a file of the course outside solutions/ and work/, got {course.open_first!r}."
        )
    try:
        return {PurePosixPath(course.open_first).name: read_bytes(path, PAGE_FILE)}
    except FileError as error:
        raise CourseError(f"{where}: {error}") from None


def is_first_page_fresh(course: Course) -> bool:
    """Whether assignments/ holds the page as it is now, or the course has none."""
    return all(_bytes(course.assignments / name) == data for name, data in first_page(course).items())


def release_first_page(course: Course, loaded: Mapping[str, Assignment] = MappingProxyType({})) -> list[Path]:
    """Write the page beside the folders of assignments/. Returns the files that were written: one, or none."""
    page = first_page(course, loaded)
    for name, data in page.items():
        write_atomically(course.assignments / name, data)
    if page:
        file = course.root / course.open_first
        remember(course, FIRST_PAGE, (), [file])
        for name in (n for n in course.names() if n not in loaded or is_as_loaded(loaded[n])):
            remember(course, page_search(name), [course.solutions / name], [file])
    return [course.assignments / name for name in page]


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
