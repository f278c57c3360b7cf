"""The files that Classroom 50 publishes for an assignment: its public checks, and nothing else.

Its bundles lie on GitHub Pages, where everybody can read them. So a bundle holds the released files alone, and is
searched for answers before a byte is written.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from autograder.course import Course
from autograder.errors import AutograderError
from autograder.files import write_atomically
from autograder.release.repository import TEMPLATES, released_files, require_nothing_secret, requirements_of

_PLACES = {"classroom50_autograder.py": "autograder.py", "public_checks.py": "public_checks.py",
           "requirements-checks.txt": "requirements.txt"}  # fmt: skip


def bundle_files(course: Course, name: str) -> dict[str, bytes]:
    """{file: bytes}. Raises LeakError, and AutograderError for an assignment that is not released."""
    folder = course.assignments / name
    notebook = folder / f"{name}.ipynb"
    if not notebook.is_file():
        raise AutograderError(f"{notebook}: expected a released notebook, got none. Hint: autograder release {name}.")
    released = released_files(folder)
    fixed = {place: (TEMPLATES / source).read_bytes() for source, place in _PLACES.items()}
    fixed["requirements.txt"] = requirements_of(course, [name])
    if twice := fixed.keys() & released.keys():
        raise AutograderError(f"{name}: expected no file called {min(twice)} in the assignment, got one.")
    require_nothing_secret(course, {**fixed, **{f"{name}/{file}": data for file, data in released.items()}})
    return {**fixed, **released}


def write_bundle(course: Course, name: str, to: Path) -> list[str]:
    """Write the bundle; its files. Raises AutograderError, before it writes, for a folder with other files."""
    files = bundle_files(course, name)
    if to.is_symlink() or to.is_file():
        raise AutograderError(f"{to}: expected a folder or nothing, got something else.")
    known = {PurePosixPath(file).parts[0] for file in files}
    if to.is_dir() and (strange := sorted(p.name for p in to.iterdir() if p.name not in known)):
        raise AutograderError(f"{to}: expected a folder for the bundle alone, got {', '.join(strange[:5])}.")
    for file, data in files.items():
        write_atomically(to / file, data)
    return sorted(files)
