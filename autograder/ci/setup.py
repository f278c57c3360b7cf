"""`autograder ci init`: what a course repository needs to grade itself, written where the provider looks for it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Literal

from autograder.ci import packing
from autograder.course import Course
from autograder.errors import AutograderError
from autograder.files import write_atomically
from autograder.secret import course_secret

Provider = Literal["github", "gitlab"]
PLACES: dict[Provider, str] = {"github": ".github/workflows/grade.yml", "gitlab": ".gitlab-ci.yml"}
_COURSE_KEY = "ci/secret.key"
_PIN = re.compile(r"(?P<action>uses: [\w./-]+)@(?P<commit>[0-9a-f]{40}) # v(?P<version>\d+(?:\.\d+)*)")
_TEMPLATES = Path(__file__).with_name("workflows")
_STUDENTS = "id,name,remote\n"


def files(provider: Provider) -> dict[str, bytes]:
    """{path: bytes} in the course repository."""
    workflow = (_TEMPLATES / f"{provider}.yml").read_text(encoding="utf-8")
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    name, wheel = packing.wheel()
    made = {
        PLACES[provider]: workflow.replace("@PYTHON@", python).encode(),
        "ci/requirements.txt": packing.requirements().encode(),
        f"ci/{name}": wheel,
    }
    if provider == "github":
        made[".github/dependabot.yml"] = (_TEMPLATES / "dependabot.yml").read_bytes()
    return made


def write(course: Course, provider: Provider, *, force: bool = False) -> list[str]:
    """Write them; the paths. Raises AutograderError, before anything is written, for a workflow that was changed."""
    made = files(provider)
    workflow = course.root / PLACES[provider]
    if workflow.is_file():
        made[PLACES[provider]] = _with_newer_actions(made[PLACES[provider]], workflow.read_bytes())
    if workflow.exists() and workflow.read_bytes() != made[PLACES[provider]] and not force:
        raise AutograderError(
            f"{workflow}: expected none, or the one of this version, got another. Hint: --force replaces it."
        )
    students = course.root / "students.csv"
    if not students.exists():
        made["students.csv"] = _STUDENTS.encode()
    if not (course.root / _COURSE_KEY).exists():  # every night the same, so that the same notebook gets the same inputs
        made[_COURSE_KEY] = f"{course_secret(course).hex()}\n".encode()
    for path in made:
        target = course.root / path
        if target.is_symlink() or any((course.root / p).is_symlink() for p in Path(path).parents):
            raise AutograderError(f"{target}: expected a file, got a link. Hint: move it away.")
    for old in (course.root / "ci").glob("*.whl"):
        old.unlink()
    for path, data in made.items():
        write_atomically(course.root / path, data)
    return sorted(made)


def _with_newer_actions(made: bytes, present: bytes) -> bytes:
    """The workflow with the actions of the present one, where they are newer: Dependabot renews them there."""
    newest = {pin["action"]: pin for pin in _PIN.finditer(present.decode("utf-8", "replace"))}

    def newer(pin: re.Match[str]) -> str:
        other = newest.get(pin["action"], pin)
        return max(pin, other, key=lambda p: [int(part) for part in p["version"].split(".")])[0]

    return _PIN.sub(newer, made.decode()).encode()
