"""`autograder init` and `autograder new`: folders that work at once."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from autograder.course import FILE, PACKAGE, Course, bundled_course, open_course
from autograder.errors import AutograderError
from autograder.text import nearest

NBGRADER = "nbgrader_config.py"
_IGNORED = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")


def init(folder: Path) -> Course:
    """A new course with the package's own assignments. Raises AutograderError unless `folder` is new or empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise AutograderError(
            f"{folder}: expected a new or empty folder, got one with files in it. Hint: choose another name."
        )
    bundled = bundled_course()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in filter(None, (FILE, NBGRADER, bundled.open_first)):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(bundled.root / name, folder / name)
        shutil.copytree(bundled.solutions, folder / "solutions", ignore=_IGNORED)
        (folder / ".gitignore").write_text("work/\n__pycache__/\n/grades.csv\n", encoding="utf-8")
    except OSError as error:
        raise AutograderError(
            f"{folder}: expected to write a course there, got {error.strerror}. "
            "Hint: autograder init DIR, in a folder of yours."
        ) from None
    return open_course(folder)


KINDS = ("numpy", "pandas", "plots", "text", "tests")


def new(course: Course, name: str, kind: str = "numpy") -> Path:
    """solutions/NAME with one question of this kind that already releases, grades and passes its audit."""
    if kind not in KINDS:
        raise AutograderError(f"--kind: expected one of {', '.join(KINDS)}, got {kind!r}.{nearest(kind, KINDS)}")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", name):
        raise AutograderError(
            f"assignment: expected a name of small letters, digits and _, got {name!r}. Hint: a5_attention."
        )
    target = course.solutions / name
    if target.exists():
        raise AutograderError(f"{target}: expected a new folder, got one that is there. Hint: choose another name.")
    shutil.copytree(PACKAGE / "assignment" / "skeletons" / kind, target, ignore=_IGNORED)
    for file in ("notebook.py", "hidden_checks.py", "assignment.toml"):
        path = target / file
        path.write_text(path.read_text(encoding="utf-8").replace("NAME", name), encoding="utf-8")
    return target
