"""Installed distributions and the names that they are imported by: scikit-learn is imported as sklearn.

A distribution is what pip installs. Everything is read from its metadata; nothing is imported.
https://packaging.python.org/specifications/recording-installed-packages/
"""

from __future__ import annotations

import difflib
import functools
import re
import sys
from collections.abc import Iterable
from importlib import metadata
from typing import TYPE_CHECKING

from autograder.errors import CourseError
from autograder.installed_files import contents

if TYPE_CHECKING:
    from packaging.requirements import Requirement

# Distributions whose import name says nothing of them, by this name in small letters.
_KNOWN = {
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python-headless",
    "cupy": "cupy-cuda13x",
    "dateutil": "python-dateutil",
    "multipart": "python-multipart",
    "otter": "otter-grader",
    "pil": "pillow",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
_OURS = "backprop-course"
_LONGEST = 100  # characters of a name with its versions


def normalised(name: str) -> str:
    """A distribution's name as the standard compares it: `scikit_learn` and `Scikit-Learn` are one."""
    return re.sub(r"[-_.]+", "-", name).lower()


def import_names(distribution: str) -> tuple[str, ...]:
    """The names that an installed distribution is imported by. Raises CourseError if it is not installed."""
    return contents(normalised(_require(distribution))).names


def distribution_of(import_name: str) -> str:
    """The installed distribution that brings a module, such as "sklearn.svm"; "" if none does, or more than one."""
    owners = _owners()
    parts = import_name.split(".")
    for end in range(len(parts), 0, -1):
        if names := owners.get(".".join(parts[:end])):
            return names[0] if len(names) == 1 else ""
    return ""


def usual_distribution(import_name: str) -> str:
    """The distribution to install for a module that is not installed: opencv-python-headless for `cv2`."""
    top = import_name.partition(".")[0]
    return _KNOWN.get(top.lower(), top)


def install_command(import_name: str) -> str:
    """The command that brings a module which is not installed, at a version that this package works with."""
    name = normalised(usual_distribution(import_name))
    distribution = _distribution(_OURS)
    texts = [re.sub(r"\s", "", text.partition(";")[0]) for text in (distribution and distribution.requires) or ()]
    wanted = next((text for text in texts if normalised(re.split(r"[^\w.-]", text)[0]) == name), name)
    return f"pip install '{wanted}'"


def modules_of(distributions: Iterable[str]) -> tuple[str, ...]:
    """The modules by which distributions are imported, to import them ahead of time; private ones are left out."""
    names = (name for distribution in distributions for name in import_names(distribution))
    return tuple(dict.fromkeys(name for name in names if not name.startswith("_") and "__" not in name))


def require_installed(texts: Iterable[str]) -> tuple[str, ...]:
    """The distributions of `packages = […]`, in order. Raises CourseError for the first that is wrong.

    texts: distributions, with a version if it matters: "pandas", "pandas>=2". An import name stands for its
    distribution if only one brings it: "sklearn".
    """
    return tuple(dict.fromkeys(_require(text) for text in texts))


def pins(distributions: Iterable[str]) -> list[str]:
    """A line of requirements.txt for each distribution, with the version that is installed here."""
    return [f"{name}=={_version(name)}" for name in sorted(distributions)]


def needed_by(distributions: Iterable[str]) -> tuple[str, ...]:
    """These distributions and all that they need, sorted; those that are not installed are left out."""
    todo, seen = list(distributions), set[str]()
    while todo:
        name = normalised(todo.pop())
        if name not in seen and (distribution := _distribution(name)):
            seen.add(name)
            todo += _needs(distribution)
    return tuple(sorted(seen))


def _require(text: str) -> str:
    """The name of one distribution that is installed and has the right version. Raises CourseError."""
    wanted = _requirement(text)
    name = normalised(wanted.name) if _version(normalised(wanted.name)) else distribution_of(wanted.name)
    if not name and wanted.name in sys.stdlib_module_names:
        raise CourseError(f"packages: expected no module of Python's own, got {text!r}. Hint: it is always there.")
    if not name:
        raise CourseError(f"packages: expected an installed distribution, got {text!r}.{_advice(wanted.name)}")
    if name == _OURS:
        raise CourseError(f"packages: expected packages for students, got {text!r}, which holds the grader.")
    if not wanted.specifier.contains(version := _version(name), prereleases=True):
        raise CourseError(f"packages: expected {text}, got version {version}. Hint: pip install '{text}'.")
    return name


def _requirement(text: str) -> Requirement:
    from packaging.requirements import InvalidRequirement, Requirement

    example = 'Hint: packages = ["pandas", "scikit-learn>=1.4"].'
    if len(text) > _LONGEST:
        raise CourseError(f"packages: expected names of at most {_LONGEST} characters, got {len(text)}. {example}")
    try:
        wanted = Requirement(text)
    except InvalidRequirement:
        raise CourseError(f"packages: expected the name of a distribution, got {text!r}. {example}") from None
    if wanted.url or wanted.marker or wanted.extras:
        raise CourseError(f"packages: expected names and versions alone, got {text!r}. {example}")
    return wanted


def _advice(name: str) -> str:
    """A hint about a distribution that is not installed: the name that was meant, or to install it."""
    lower = name.lower()
    names = {n.lower(): each for each in _installed() for n in (each, *contents(each).names)}
    if lower not in _KNOWN and (close := difflib.get_close_matches(lower, names, n=1, cutoff=0.75)):
        return f" Hint: {names[close[0]]}?"
    return f" Hint: pip install {usual_distribution(name)}"


@functools.cache
def _version(name: str) -> str:
    """The installed version of a distribution; "" if it is not installed."""
    distribution = _distribution(name)
    return distribution.version if distribution else ""


def _distribution(name: str) -> metadata.Distribution | None:
    """An installed distribution. Its metadata are not read yet: that takes a millisecond."""
    try:
        return metadata.distribution(name)
    except (metadata.PackageNotFoundError, ValueError):  # ValueError: an empty name
        return None


def _needs(distribution: metadata.Distribution) -> list[str]:
    from packaging.requirements import Requirement

    # Most are for extras. Reading them would take most of the time.
    texts = (text for text in distribution.requires or () if "extra ==" not in text or " or " in text)
    wanted = map(Requirement, texts)
    return [each.name for each in wanted if each.marker is None or each.marker.evaluate({"extra": ""})]


@functools.cache
def _installed() -> tuple[str, ...]:
    """All installed distributions; of two with one name, Python imports the first."""
    names = (distribution.metadata["Name"] for distribution in metadata.distributions())
    return tuple(dict.fromkeys(normalised(name) for name in names if name))


@functools.cache
def _owners() -> dict[str, list[str]]:
    """The installed distributions by import name."""
    owners: dict[str, list[str]] = {}
    for distribution in _installed():
        for name in contents(distribution).names:
            owners.setdefault(name, []).append(distribution)
    return owners
