"""The released assignments as a student has them: in a course's `assignments/`, or in a starter repository.

A starter repository has no course.toml and no answers. Its `.release.json` lists the files of the release, so that the
next release replaces these and no file that a person changed, and holds the public checks as they were released. A
student can change that file. So nothing in it is believed, and its checks run in the sandbox only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, ValidationError

from autograder.assignment.assignment import Assignment
from autograder.assignment.released import ReleasedNotebook, load_released, read_release, released_assignment
from autograder.course import FILE, Course, open_course
from autograder.errors import CourseError, FileError
from autograder.files import FileKind, read_bytes

MANIFEST = ".release.json"
_LIST = FileKind("the list of a release", 4 << 20, "git checkout -- .release.json")
_RELEASE = FileKind("a released notebook", 20 << 20, links=True)
_HAND_OUT = FileKind("a file of the course", 1000 << 20)


class Manifest(BaseModel):
    """.release.json. files: {path: the first half of its BLAKE2b digest, as hexadecimal digits}.

    notebooks: the public checks of each assignment.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    files: dict[str, str] = {}
    notebooks: dict[str, ReleasedNotebook] = {}


@dataclass(frozen=True, slots=True)
class StudentSide:
    """The released assignments. root: the folder that holds NAME/NAME.ipynb.  starter: a repository for students.

    notebooks: by assignment.  load: reads one for `put_public_checks`, and raises CourseError.
    changed: the hand-outs of an assignment that are not as they were released.
    unchecked: the assignments that have hidden checks only.
    """

    root: Path
    starter: bool
    notebooks: Mapping[str, ReleasedNotebook]
    load: Callable[[str], Assignment]
    changed: Callable[[str], tuple[str, ...]]
    unchecked: tuple[str, ...] = ()

    @property
    def asked(self) -> dict[str, frozenset[str]]:
        """The names that each assignment's public checks ask for."""
        return {name: released.asked for name, released in self.notebooks.items()}


def digest(data: bytes) -> str:
    """The digest of a file's bytes in .release.json: 32 hexadecimal digits."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def find_student_side(start: Path) -> StudentSide:
    """The course or the starter repository in `start` or in a folder above it. Raises CourseError."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / FILE).is_file():
            return side_of_course(open_course(folder))
        if (folder / MANIFEST).is_file():
            return _side_of_starter(folder)
    raise CourseError(
        f"course: expected {FILE} here or in a folder above, got none, and no {MANIFEST} of a starter repository. "
        "Hint: cd to the folder that you cloned or unpacked, or --course DIR."
    )


def side_of_course(course: Course) -> StudentSide:
    """What students get of a course. Raises CourseError if it is nothing."""
    notebooks: dict[str, ReleasedNotebook] = {}
    for path in sorted(course.assignments.glob("*/*.ipynb")):
        if path.stem == path.parent.name:
            try:
                notebooks[path.stem] = read_release(read_bytes(path, _RELEASE))
            except (ValueError, FileError):
                continue
    unchecked = tuple(name for name, released in notebooks.items() if not released.checks)
    notebooks = {name: released for name, released in notebooks.items() if released.checks}
    if not notebooks:
        raise CourseError(f"{course.assignments}: expected the released notebook, got none. Hint: autograder release.")
    return StudentSide(
        course.assignments,
        False,
        notebooks,
        lambda name: load_released(course.assignments / name),
        lambda _: (),
        unchecked,
    )


def _side_of_starter(root: Path) -> StudentSide:
    path = root / MANIFEST
    try:
        manifest = Manifest.model_validate_json(read_bytes(path, _LIST))
        notebooks = {name: n for name, n in sorted(manifest.notebooks.items()) if name.isidentifier() and n.checks}
        for released in notebooks.values():
            _ = released.asked  # each check is a function
    except (ValidationError, CourseError):
        raise CourseError(f"{path}: expected the list of a release, got something else. Hint: {_LIST.hint}.") from None
    except FileError as error:
        raise CourseError(str(error)) from None
    if not notebooks:
        raise CourseError(
            f"{path}: expected public checks in it, got none. Hint: it is of an older release; fetch the newest, "
            "or python public_checks.py."
        )
    return StudentSide(
        root,
        True,
        notebooks,
        lambda name: released_assignment(root / name, notebooks[name], tuple(_hand_outs(root, manifest, name))),
        lambda name: tuple(file for file, as_released in _hand_outs(root, manifest, name).items() if not as_released),
        tuple(name for name, released in manifest.notebooks.items() if name.isidentifier() and not released.checks),
    )


def _hand_outs(root: Path, manifest: Manifest, name: str) -> dict[str, bool]:
    """The assignment's hand-outs, and whether each is as it was released. Raises CourseError if one is missing."""
    files: dict[str, bool] = {}
    for path, released in manifest.files.items():
        top, _, file = path.partition("/")
        if top == name and file and file != f"{name}.ipynb" and ".." not in PurePosixPath(file).parts:
            try:
                files[file] = digest(read_bytes(root / name / file, _HAND_OUT)) == released
            except FileError as error:
                raise CourseError(
                    f"{path}: expected the file that came with {name}, got {error.got}. Hint: git checkout -- {path}."
                ) from None
    return files
