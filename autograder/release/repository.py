"""A repository for students to start from: the released assignments, and public checks after each push.

The whole repository is searched for answers before a byte is written. `assignment/student_side.py` says what
`.release.json` in it is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from autograder.assignment.assignment import load_assignment
from autograder.assignment.released import ReleasedNotebook, read_release
from autograder.assignment.settings import read_settings
from autograder.assignment.student_side import MANIFEST, Manifest, digest
from autograder.course import FILE, Course
from autograder.distributions import pins, require_installed
from autograder.errors import AutograderError, CourseError, LeakError
from autograder.files import write_atomically
from autograder.release.first_page import read_first_page
from autograder.release.leaks import MARKERS, is_code, require_no_secret_line, visible
from autograder.text import one_line

TEMPLATES = Path(__file__).with_name("starter")
PLACES = {
    "README.md": "README.md",
    "requirements.txt": "requirements.txt",
    "requirements-checks.txt": "requirements-checks.txt",
    "public_checks.py": "public_checks.py",
    "gitattributes": ".gitattributes",
    "gitignore": ".gitignore",
    "public-checks.yml": ".github/workflows/public-checks.yml",
    "gitlab-ci.yml": ".gitlab-ci.yml",
    "devcontainer.json": ".devcontainer/devcontainer.json",
}
# The wheel holds the solutions: no file of a student may bring it in.
_OURS = re.compile(
    r"^\s*(?:import|from)\s+autograder\b|backprop[-_]course|AUTOGRADER_|secrets\s*\.|GITHUB_TOKEN", re.MULTILINE
)


def starter_files(course: Course, names: Iterable[str], before: Manifest) -> dict[str, bytes]:
    """{path: bytes} of the repository: the assignments as released, and what runs their public checks.

    before: the assignments that the repository holds already; its README names them, too.  Raises LeakError.
    """
    released = {
        f"{name}/{file}": data for name in names for file, data in released_files(course.assignments / name).items()
    }
    present = {PurePosixPath(path).parts[0] for path in [*released, *before.files] if path.endswith(".ipynb")}
    fixed = {place: (TEMPLATES / name).read_bytes() for name, place in PLACES.items()}
    fixed["requirements-checks.txt"] = requirements_of(course, [n for n in course.names() if n in present])
    page = read_first_page(course)
    if twice := page.keys() & (fixed.keys() | set(course.names())):
        raise CourseError(f"open_first: expected a name that no other file of the repository has, got {min(twice)!r}.")
    fixed["README.md"] = _readme(course, [name for name in course.names() if name in present], *page)
    files = {**fixed, **page, **released}
    require_nothing_secret(course, files, dict(_texts(_notebooks(files))))
    return files


def released_files(folder: Path) -> dict[str, bytes]:
    """{path: bytes} of assignments/NAME, without the files that Jupyter and Python leave there."""
    files = {p.relative_to(folder): p for p in sorted(folder.rglob("*")) if p.is_file()}
    return {
        place.as_posix(): path.read_bytes()
        for place, path in files.items()
        if not any(part.startswith((".", "__pycache__")) for part in place.parts)
    }


def requirements_of(course: Course, names: Iterable[str]) -> bytes:
    """requirements-checks.txt with the packages of these assignments, at the versions that are installed here."""
    text = (TEMPLATES / "requirements-checks.txt").read_text(encoding="utf-8")
    settings = (read_settings(course.solutions / name / "assignment.toml") for name in names)
    wanted = {package for each in settings for package in require_installed(each.packages)}
    return (
        text + "".join(f"{line}\n" for line in pins(wanted) if f"\n{line.partition('==')[0]}==" not in text)
    ).encode()


def _readme(course: Course, names: list[str], open_first: str = "") -> bytes:
    from jinja2 import Environment, StrictUndefined

    # Markdown by the author, without HTML: there is nothing to escape.
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True)  # noqa: S701
    template = environment.from_string((TEMPLATES / "README.md").read_text(encoding="utf-8"))
    return template.render(
        title=one_line(course.title),
        names=names,
        open_first=one_line(open_first),
        hidden_feedback=course.ci.hidden_feedback,
    ).encode()


def require_nothing_secret(course: Course, *searched: Mapping[str, bytes]) -> None:
    """Raise LeakError for a line of an answer or a check, for a secret, and for a part of this package.

    searched: {path: bytes}, one or more, because a check may have the name of a file.
    """
    for name, data in (item for files in searched for item in files.items()):
        text = visible(name, data)
        ours = None if _is_data(course, name) else _OURS.search(text)
        marker = next((m for m in MARKERS if m in text), None) or (ours.group() if ours else "")
        if marker:
            raise LeakError(f"{name}: expected nothing of the instructor's side, got {marker.strip()!r}.")
    for assignment in course.names():
        begin = f"{assignment}/"
        given = [{n: d for n, d in files.items() if n.startswith(begin) or "/" not in n} for files in searched]
        if any(given):
            loaded = load_assignment(course.solutions / assignment)
            for files in given:
                require_no_secret_line(loaded, files)


def _is_data(course: Course, name: str) -> bool:
    """Whether a file of an assignment is neither code nor the text of a check. Its words are not ours to choose."""
    top, _, file = name.partition("/")
    return top in course.names() and "." in file and not is_code(file)


def read_manifest(root: Path) -> Manifest:
    """The list of an earlier release; empty if it cannot be read. Then every other file counts as a person's."""
    try:
        return Manifest.model_validate_json((root / MANIFEST).read_bytes())
    except (OSError, ValidationError):
        return Manifest()


def write_starter(course: Course, names: Iterable[str], root: Path, *, force: bool = False) -> list[str]:
    """Write the repository into `root`. Returns the paths that changed. Raises AutograderError before it writes."""
    if (root / FILE).exists() or (root / "solutions").exists():
        raise AutograderError(f"{root}: expected a folder for students, got a course with solutions in it.")
    before = read_manifest(root)
    files = starter_files(course, names, before)
    after = _after(before, files)
    for path in [*files, MANIFEST]:
        _require_inside(root, path)
    changed = [path for path, data in files.items() if _bytes(root / path) != data]
    theirs = [path for path in changed if _is_by_hand(root / path, before.files.get(path))]
    if theirs and not force:
        shown = ", ".join(theirs[:5])
        raise AutograderError(
            f"{root}: expected files as released, got changes by hand in {shown}. Hint: --force replaces them."
        )
    for path in changed:
        write_atomically(root / path, files[path])
    write_atomically(root / MANIFEST, after.model_dump_json(indent=1) + "\n")
    return changed


def _after(before: Manifest, files: Mapping[str, bytes]) -> Manifest:
    """The list with this release in it."""
    notebooks = before.notebooks | _notebooks(files)
    written = before.files | {path: digest(data) for path, data in files.items()}
    return Manifest(files=dict(sorted(written.items())), notebooks=dict(sorted(notebooks.items())))


def _notebooks(files: Mapping[str, bytes]) -> dict[str, ReleasedNotebook]:
    """The released notebook of each assignment in the repository."""
    names = {PurePosixPath(path).parts[0] for path in files}
    return {n: read_release(files[path]) for n in names if (path := f"{n}/{n}.ipynb") in files}


def _texts(notebooks: Mapping[str, ReleasedNotebook]) -> Iterator[tuple[str, bytes]]:
    """Each check as a file of its assignment: in JSON its lines would be one."""
    for name, notebook in notebooks.items():
        yield from ((f"{name}/{check.name}", check.source.encode()) for check in notebook.checks)


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _is_by_hand(path: Path, released: str | None) -> bool:
    data = _bytes(path)
    return data is not None and digest(data) != released


def _require_inside(root: Path, path: str) -> None:
    """Raise AutograderError where a file would be written through a link, or in the place of a folder."""
    for part in [*PurePosixPath(path).parents][-2::-1]:
        if (root / part).is_symlink() or ((root / part).exists() and not (root / part).is_dir()):
            raise AutograderError(f"{root / part}: expected a folder, got a link or a file. Hint: move it away.")
    if (root / path).is_symlink() or (root / path).is_dir():
        raise AutograderError(f"{root / path}: expected a file, got a link or a folder. Hint: move it away.")
