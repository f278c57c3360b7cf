"""Finds an assignment's hand-out files: beside its assignment.toml, or as modules of an installed package."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from autograder.assignment.settings import read_settings
from autograder.course import Course
from autograder.errors import CourseError

_HERE = PurePosixPath()


def locate_handouts(folder: Path, names: Iterable[str]) -> dict[str, Path]:
    """Find the files of `handout = […]` in assignment.toml; students get each under its last name.

    folder: solutions/NAME.  names: `drawing.py`, or `package/module.py` with a package that Python can import, so
    that the same line works in a checkout and after `pip install`.  Returns file by name, in the order given.
    Raises CourseError for a file that is missing, lies elsewhere, or has another's name.
    """
    paths: dict[str, Path] = {}
    for name in names:
        path = PurePosixPath(name)
        if path.name in paths:
            raise CourseError(f"{folder.name}: expected hand-out files of different names, got {path.name!r} twice.")
        paths[path.name] = folder / name if path.parent == _HERE else _in_package(folder.name, path)
        if not paths[path.name].is_file():
            raise CourseError(f"{folder.name}: expected the hand-out file {name!r} {_places(path)}, got none.")
    return paths


def handed_out(course: Course, names: Iterable[str]) -> dict[str, frozenset[str]]:
    """The modules that each of these assignments hands out, without `.py`. Raises CourseError."""
    files = {name: course.solutions / name / "assignment.toml" for name in names}
    return {n: _modules(read_settings(f).handout) if f.is_file() else frozenset() for n, f in files.items()}


def _modules(handout: Iterable[str]) -> frozenset[str]:
    return frozenset(path.stem for path in map(PurePosixPath, handout) if path.suffix == ".py")


def _in_package(assignment: str, path: PurePosixPath) -> Path:
    """The file of a module. The module is not imported; only the top package is looked up."""
    top, *rest = path.parts
    spec = importlib.util.find_spec(top) if top.isidentifier() else None
    if spec is None or spec.origin is None or not spec.submodule_search_locations:
        raise CourseError(
            f"{assignment}: expected the hand-out file {str(path)!r} in a package, got none named {top!r}."
        )
    home = Path(spec.origin).resolve().parent
    file = home.joinpath(*rest).resolve()  # resolved: neither `..` nor a link may lead out of the package
    if path.suffix != ".py" or not file.is_relative_to(home):
        raise CourseError(f"{assignment}: expected a .py file inside {top!r} as a hand-out, got {str(path)!r}.")
    return file


def _places(path: PurePosixPath) -> str:
    return "beside assignment.toml" if path.parent == _HERE else f"in the package {path.parts[0]!r}"
