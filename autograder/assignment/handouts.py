"""Finds an assignment's hand-outs: files of any type beside its assignment.toml, or modules of an installed package.

Students get each file read-only beside the notebook, in the same folder as in solutions/NAME.
"""

from __future__ import annotations

import difflib
import importlib.util
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from autograder.assignment.settings import MAX_HANDOUT_MB, read_settings
from autograder.course import Course, author_text
from autograder.errors import CourseError
from autograder.files import size_text
from autograder.text import one_line

HIDDEN = "hidden"  # the folder of data for hidden checks: it is never handed out
MAX_FILES = 1000
MAX_NAME, MAX_PATH = 255, 400  # bytes
_AUTHORS = frozenset({"assignment.toml", "equivalent_mutants.toml", "hidden_checks.py", "notebook.py", "pictures.py"})
_AUTHORS_FOLDERS = frozenset({HIDDEN, "samples"})
_MADE_BY_USE = "__pycache__"
_FORBIDDEN = frozenset('\\<>:"|?*')  # in a name on some student's machine


def locate_handouts(folder: Path, names: Iterable[str], megabytes: int = MAX_HANDOUT_MB) -> dict[str, Path]:
    """Find the files of `handout = […]` in assignment.toml, each by its path beside the notebook.

    folder: solutions/NAME.  names: files, folders and patterns in it, such as `penguins.csv`, `data/` and
    `images/*.png`; or `package/module.py` with a package that Python can import, which students get as `module.py`.
    megabytes: that all files may have together.

    Raises CourseError with one line for a file that is missing, that no student could use, or that is not for students.
    """
    paths: dict[str, Path] = {}
    for name in names:
        for path, file in _named(folder, name):
            if path in paths and paths[path] != file:
                raise CourseError(f"{folder.name}: expected hand-out files of different names, got {path!r} twice.")
            paths[path] = file
    _require_usable(folder.name, paths)
    _require_readable(folder.name, paths, megabytes)
    return paths


def hidden_files(folder: Path) -> list[Path]:
    """The data for hidden checks: all files in solutions/NAME/hidden, which no student gets."""
    return sorted(p for p in (folder / HIDDEN).rglob("*") if p.is_file() and _MADE_BY_USE not in p.parts)


def handed_out(course: Course, names: Iterable[str]) -> dict[str, frozenset[str]]:
    """The modules that each of these assignments hands out, without `.py`. Raises CourseError."""
    folders = {name: course.solutions / name for name in names}
    return {n: _modules(f) if (f / "assignment.toml").is_file() else frozenset() for n, f in folders.items()}


def module_names(paths: Iterable[str]) -> frozenset[str]:
    """The modules and packages among hand-outs, by which a notebook imports them."""
    parts = [PurePosixPath(path).parts for path in paths if path.endswith(".py")]
    return frozenset(top.removesuffix(".py") for top, *_ in parts)


def module_texts(files: Mapping[str, Path]) -> dict[str, str]:
    """The modules beside the notebook, by name. Those in folders are left out: a notebook reads them as files."""
    beside = {path: file for path, file in files.items() if path.endswith(".py") and "/" not in path}
    return {path.removesuffix(".py"): author_text(file) for path, file in beside.items()}


def _modules(folder: Path) -> frozenset[str]:
    settings = read_settings(folder / "assignment.toml")
    return module_names(locate_handouts(folder, settings.handout, settings.handout_mb))


def _named(folder: Path, name: str) -> Iterator[tuple[str, Path]]:
    """(path for students, file) of everything that one entry of the list names."""
    _require_plain(folder.name, name)
    path = PurePosixPath(name)
    place = folder / path
    if place.is_dir() and not place.is_symlink():
        files = sorted(p for p in place.rglob("*") if not p.is_dir() or p.is_symlink())
    elif place.exists() or place.is_symlink():
        files = [place]
    elif set("*?[") & set(name):
        files = sorted(p for p in folder.glob(name) if not p.is_dir() or p.is_symlink())
    elif len(path.parts) > 1 and (module := _in_package(folder.name, path)):
        yield path.name, module
        return
    else:
        files = []
    if chosen := [p.relative_to(folder) for p in files if not _is_left_out(p.relative_to(folder), path)]:
        if linked := next((p for p in chosen if (folder / p).resolve() != folder.resolve() / p), None):
            raise CourseError(f"{folder.name}: expected a file as the hand-out {str(linked)!r}, got a link to another.")
        yield from ((p.as_posix(), folder / p) for p in chosen)
        return
    places = "beside assignment.toml" + " or in a package" * (len(path.parts) > 1 and path.suffix == ".py")
    raise CourseError(f"{folder.name}: expected the hand-out {name!r} {places}, got no file.{_near(folder, name)}")


def _near(folder: Path, name: str) -> str:
    """A hint with the file or the folder beside assignment.toml that has nearly this name; "" if none has."""
    present = (p.relative_to(folder) for p in folder.rglob("*"))
    may_go_out = [p.as_posix() for p in present if p.parts[0] not in _AUTHORS | _AUTHORS_FOLDERS]
    by_lower = {path.lower(): path for path in may_go_out}
    if close := difflib.get_close_matches(name.rstrip("/").lower(), by_lower, n=1):
        return f" Hint: {by_lower[close[0]]}?"
    return ""


def _is_left_out(file: Path, named: PurePosixPath) -> bool:
    """Whether a folder or a pattern passes over the file: a hidden one, or one that Python made."""
    inner = file.parts if set("*?[") & set(str(named)) else file.parts[len(named.parts) :]
    return any(part.startswith(".") or part == _MADE_BY_USE for part in inner)


def _require_plain(assignment: str, name: str) -> None:
    """Raise CourseError for an entry that leads out of the folder, or that no file can be called."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\\" in name or not name.isprintable():
        raise CourseError(
            f"{assignment}: expected a hand-out below solutions/{assignment}, got {one_line(name, 80)!r}. "
            'Hint: handout = ["penguins.csv", "images/*.png"].'
        )
    if any(len(part.encode("utf-8", "replace")) > MAX_NAME for part in parts):
        raise CourseError(
            f"{assignment}: expected a hand-out's name of at most {MAX_NAME} bytes, got {name[:40]!r} and more."
        )
    if any(part.startswith(".") for part in parts):
        raise CourseError(f"{assignment}: expected no hidden file as a hand-out, got {name!r}.")
    if parts[0] in _AUTHORS_FOLDERS or name in _AUTHORS:
        raise CourseError(f"{assignment}: expected a hand-out that students may see, got {name!r}.")


def _in_package(assignment: str, path: PurePosixPath) -> Path | None:
    """The file of a module. The module is not imported; only the top package is looked up."""
    top, *rest = path.parts
    spec = importlib.util.find_spec(top) if top.isidentifier() else None
    if spec is None or spec.origin is None or not spec.submodule_search_locations:
        return None
    home = Path(spec.origin).resolve().parent
    file = home.joinpath(*rest).resolve()  # resolved: neither `..` nor a link may lead out of the package
    if path.suffix != ".py" or not file.is_relative_to(home) or not file.is_file():
        raise CourseError(f"{assignment}: expected a .py file inside {top!r} as a hand-out, got {str(path)!r}.")
    return file


def _require_usable(assignment: str, paths: dict[str, Path]) -> None:
    """Raise CourseError for hand-outs that not every student could use under their names."""
    lower: dict[str, str] = {}
    notebook = f"{assignment}.ipynb"
    for path in paths:
        other = lower.setdefault(path.lower(), path)
        if other != path:
            raise CourseError(f"{assignment}: expected names that differ in more than case, got {other!r}, {path!r}.")
        if path.lower() == notebook.lower():
            raise CourseError(f"{assignment}: expected no hand-out named like the notebook, got {path!r}.")
        if path in _AUTHORS or path.partition("/")[0] in _AUTHORS_FOLDERS:
            raise CourseError(f"{assignment}: expected hand-outs that students may see, got {path!r}.")
        if _FORBIDDEN & set(path) or not path.isprintable() or len(path.encode("utf-8", "replace")) > MAX_PATH:
            raise CourseError(f"{assignment}: expected names that every system can have, got {one_line(path, 80)!r}.")
    for module in module_names(paths):
        if module in sys.stdlib_module_names or module in {"numpy", "matplotlib", "IPython"}:
            raise CourseError(
                f"{assignment}: expected hand-outs that hide no module, got {module!r}, which Python has. "
                "Hint: rename it."
            )


def _require_readable(assignment: str, paths: dict[str, Path], megabytes: int) -> None:
    """Raise CourseError for a file that is none or cannot be read, and for too many."""
    size = 0
    for path, file in paths.items():
        if file.is_symlink() or not file.is_file():
            raise CourseError(f"{assignment}: expected a regular file as the hand-out {path!r}, got something else.")
        if not os.access(file, os.R_OK):
            raise CourseError(f"{assignment}: expected to read the hand-out {path!r}, got no permission.")
        size += file.stat().st_size
    if len(paths) > MAX_FILES:
        raise CourseError(f"{assignment}: expected at most {MAX_FILES} hand-outs, got {len(paths)}.")
    if size > megabytes << 20:
        raise CourseError(
            f"{assignment}: expected hand-outs of at most {megabytes} MiB together, got {size_text(size)}. "
            "Hint: handout_mb in assignment.toml."
        )
