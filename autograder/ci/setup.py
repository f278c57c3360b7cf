"""`autograder ci init`: what a course repository needs to grade itself, written where the provider looks for it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from autograder.ci import packing
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.files import write_atomically

Provider = Literal["github", "gitlab"]
PLACES: dict[Provider, str] = {"github": ".github/workflows/grade.yml", "gitlab": ".gitlab-ci.yml"}
_TEMPLATES = Path(__file__).with_name("workflows")
_STUDENTS = "id,name,remote\n"


def files(provider: Provider) -> dict[str, bytes]:
    """{path: bytes} in the course repository."""
    workflow = (_TEMPLATES / f"{provider}.yml").read_text(encoding="utf-8")
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    name, wheel = packing.wheel()
    return {
        PLACES[provider]: workflow.replace("@PYTHON@", python).encode(),
        "ci/requirements.txt": packing.requirements().encode(),
        f"ci/{name}": wheel,
    }


def write(course: Course, provider: Provider, *, force: bool = False) -> list[str]:
    """Write them; the paths. Raises AutograderError, before anything is written, for a workflow that was changed."""
    made = files(provider)
    workflow = course.root / PLACES[provider]
    if workflow.exists() and workflow.read_bytes() != made[PLACES[provider]] and not force:
        raise AutograderError(
            f"{workflow}: expected none, or the one of this version, got another. Hint: --force replaces it."
        )
    students = course.root / "students.csv"
    if not students.exists():
        made["students.csv"] = _STUDENTS.encode()
    for path in made:
        target = course.root / path
        if target.is_symlink() or any((course.root / p).is_symlink() for p in Path(path).parents):
            raise AutograderError(f"{target}: expected a file, got a link. Hint: move it away.")
    for old in (course.root / "ci").glob("*.whl"):
        old.unlink()
    for path, data in made.items():
        write_atomically(course.root / path, data)
    return sorted(made)
