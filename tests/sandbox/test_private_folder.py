"""Room in the private folder for the files beside a notebook."""

from autograder.sandbox.connection import Limits
from autograder.sandbox.private_folder import with_room


def test_files_and_folders_take_no_room_from_what_student_code_may_write():
    """1 and 0 bytes take a page of 4096 each, 5000 bytes two. There are `.`, `a`, `a/b` and three files."""
    limits = with_room(Limits(folder=100, files=10), {"a/b/x": 1, "a/y": 0, "z": 5000})
    assert (limits.folder, limits.files) == (100 + 4 * 4096, 10 + 3 + 3)
