"""`work/regrades.json`: read, changed by one run at a time, and written whole."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import ValidationError

from autograder.course import Course
from autograder.errors import AutograderError, FileError
from autograder.files import FileKind, locked, make_folder, read_bytes, write_atomically
from autograder.regrades.regrade_request import RegradeList, RegradeRequest, in_order

FILE = "regrades.json"
_KIND = FileKind("regrade requests", 64 << 20, "settle them, then move the file away")
Requests = tuple[RegradeRequest, ...]


def read_regrades(course: Course) -> Requests:
    """All requests of the course; none if there is no file. Raises AutograderError if it is damaged."""
    path = course.work / FILE
    if not path.exists() and not path.is_symlink():
        return ()
    try:
        return in_order(RegradeList.model_validate_json(read_bytes(path, _KIND)).requests)
    except FileError as error:
        raise AutograderError(str(error)) from None
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"][:3])
        raise AutograderError(
            f"{path}: expected regrade requests, got something else at {where or 'its beginning'}. "
            "Hint: restore it from a copy, or move it away."
        ) from None


def change_regrades(course: Course, change: Callable[[Requests], Requests]) -> tuple[Requests, Requests]:
    """Change the list. Returns the requests before and after. A list that stays the same is not written."""
    make_folder(course.work)
    with locked(course.work, wait=True):
        before = read_regrades(course)
        after = change(before)
        if after != before:
            text = RegradeList(requests=after).model_dump_json(by_alias=True, indent=1) + "\n"
            write_atomically(course.work / FILE, text)
    return before, after
