"""`autograder ci init`: what a course repository needs to grade itself, written where the provider looks for it."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograder.assignment.settings import read_settings
from autograder.ci import packing
from autograder.ci.classroom50_setup import grading_workflow, receipt_files
from autograder.ci.schedule import DeadlineRun, deadline_runs
from autograder.course import Course
from autograder.distributions import require_installed
from autograder.errors import AutograderError
from autograder.files import write_atomically
from autograder.secret import course_secret
from autograder.text import one_line

Provider = Literal["github", "gitlab"]
PLACES: dict[Provider, str] = {"github": ".github/workflows/grade.yml", "gitlab": ".gitlab-ci.yml"}
_COURSE_KEY = "ci/secret.key"
_PIN = re.compile(r"(?P<action>uses: [\w./-]+)@(?P<commit>[0-9a-f]{40}) # v(?P<version>\d+(?:\.\d+)*)")
_TEMPLATES = Path(__file__).with_name("workflows")


@dataclass(frozen=True, slots=True)
class Classroom50:
    """A class that Classroom 50 keeps. classroom: its short name.  wake: what autograder.py there calls, or ""."""

    classroom: str
    wake: str = ""


def files(
    provider: Provider,
    runs: Sequence[DeadlineRun] = (),
    packages: Sequence[str] = (),
    classroom50: Classroom50 | None = None,
) -> dict[str, bytes]:
    """{path: bytes} in the course repository. runs: besides that of every night.  packages: of all assignments.

    classroom50: on GitHub only.  Raises AutograderError for names that are none of Classroom 50's.
    """
    name, wheel = packing.wheel()
    workflow = _workflow(provider, runs)
    if classroom50:
        workflow = grading_workflow(workflow, classroom50.classroom)
    made = {
        PLACES[provider]: _signed(workflow).encode(),
        "ci/requirements.txt": packing.requirements(packages).encode(),
        f"ci/{name}": wheel,
    }
    if provider == "github":
        made[".github/dependabot.yml"] = (_TEMPLATES / "dependabot.yml").read_bytes()
    if classroom50:
        made |= receipt_files(classroom50.classroom, classroom50.wake)
    return made


def student_list(provider: Provider) -> str:
    """students.csv before anybody is in it."""
    return f"id,name,{provider},remote\n"


def _workflow(provider: Provider, runs: Sequence[DeadlineRun]) -> str:
    text = (_TEMPLATES / f"{provider}.yml").read_text(encoding="utf-8")
    text = text.replace("@PYTHON@", f"{sys.version_info.major}.{sys.version_info.minor}")
    # GitHub reads cron lines from this file. GitLab keeps them in its settings: there they are a list to copy.
    line = '    - cron: "{cron}" # UTC: {why}\n' if provider == "github" else "#   {cron}   (UTC: {why})\n"
    lines = "".join(line.format(cron=run.cron, why=one_line(run.why)) for run in runs)
    return re.sub(r"^.*@DEADLINES@.*\n", lambda _: lines, text, flags=re.MULTILINE)


def _signed(text: str) -> str:
    """With a first line that tells a later `ci init` whether a person changed the rest."""
    return f"# autograder ci init, {_digest(text)}\n{text}"


def _is_unchanged(workflow: bytes) -> bool:
    """Whether this program wrote the file, of whatever version, and nobody changed it."""
    first, _, text = workflow.decode("utf-8", "replace").partition("\n")
    return first == f"# autograder ci init, {_digest(text)}"


def _digest(text: str) -> str:
    """Of a workflow, whatever commits its actions are pinned to: Dependabot renews them."""
    return hashlib.sha256(_PIN.sub(r"\g<action>", text).encode()).hexdigest()[:16]


def write(
    course: Course, provider: Provider, *, force: bool = False, classroom50: Classroom50 | None = None
) -> list[str]:
    """Write them; the paths. Raises AutograderError, before anything is written, for a workflow that was changed."""
    made = files(provider, deadline_runs(course.policy, course.names(), course.zone), _packages(course), classroom50)
    workflow = course.root / PLACES[provider]
    if workflow.is_file():
        made[PLACES[provider]] = _with_newer_actions(made[PLACES[provider]], workflow.read_bytes())
    if workflow.exists() and not _is_unchanged(workflow.read_bytes()) and not force:
        raise AutograderError(
            f"{workflow}: expected none, or one as autograder ci init writes it, got one that was changed by hand. "
            "Hint: --force replaces it."
        )
    students = course.root / "students.csv"
    if not students.exists():
        made["students.csv"] = student_list(provider).encode()
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


def _packages(course: Course) -> tuple[str, ...]:
    """The distributions that the course's assignments use. Raises CourseError if one is not installed."""
    settings = (read_settings(course.solutions / name / "assignment.toml") for name in course.names())
    return require_installed(package for each in settings for package in each.packages)


def _with_newer_actions(made: bytes, present: bytes) -> bytes:
    """The workflow with the actions of the present one, where they are newer: Dependabot renews them there."""
    newest = {pin["action"]: pin for pin in _PIN.finditer(present.decode("utf-8", "replace"))}

    def newer(pin: re.Match[str]) -> str:
        other = newest.get(pin["action"], pin)
        return max(pin, other, key=lambda p: [int(part) for part in p["version"].split(".")])[0]

    return _PIN.sub(newer, made.decode()).encode()
