"""Installed distributions and the names that they are imported by: scikit-learn is imported as sklearn.

A distribution is what pip installs. Everything is read from its metadata; nothing is imported.
https://packaging.python.org/specifications/recording-installed-packages/
"""

from __future__ import annotations

import csv
import difflib
import functools
import importlib.machinery
import importlib.util
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from autograder.errors import CourseError

if TYPE_CHECKING:
    from packaging.requirements import Requirement

# Distributions whose import name says nothing of them: for the hint if one is not installed.
_KNOWN = {
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python-headless",
    "dateutil": "python-dateutil",
    "pil": "pillow",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
_OURS = "backprop-course"
_LONGEST = 100  # characters of a name with its versions
_SHARED = ("", ".", "..", "/", "__pycache__")  # in a distribution's list of files; other packages use them, too
_SUFFIXES = tuple(sorted(importlib.machinery.all_suffixes(), key=len, reverse=True))  # `.abi3.so` before `.so`


@dataclass(frozen=True, slots=True)
class Contents:
    """The parts of a distribution that are imported, and the files behind them.

    names: import names, such as "sklearn" or, in a namespace package, "google.protobuf".  paths: their files and
    folders, also those of native libraries and metadata.  namespaces: folders that other distributions use as well.
    search: folders to put on sys.path.
    """

    names: tuple[str, ...]
    paths: tuple[Path, ...]
    namespaces: tuple[Path, ...]
    search: tuple[Path, ...]


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


@functools.cache
def contents(distribution: str) -> Contents:
    """What an installed distribution brings. distribution: as `normalised` gives it."""
    metadata_of = metadata.distribution(distribution)
    if _is_editable(metadata_of):
        return _editable_contents(metadata_of)
    base = Path(str(metadata_of.locate_file(""))).resolve()
    names, paths, namespaces = list[str](), list[Path](), list[Path]()
    for place, inner, is_namespace in _places(PurePosixPath(), _files(metadata_of)):
        if not (base / place).exists():
            continue
        (namespaces if is_namespace else paths).append(base / place)
        if not is_namespace:
            names += _module_names(place, inner)
    return Contents(tuple(sorted(names)), tuple(paths), tuple(namespaces), (base,) if names else ())


def _require(text: str) -> str:
    """The name of one distribution that is installed and has the right version. Raises CourseError."""
    wanted = _requirement(text)
    name = normalised(wanted.name) if _version(normalised(wanted.name)) else distribution_of(wanted.name)
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
    """What to do about a distribution that is not installed: the name that was meant, or to install it."""
    lower = name.lower()
    names = {n.lower(): each for each in _installed() for n in (each, *contents(each).names)}
    if lower not in _KNOWN and (close := difflib.get_close_matches(lower, names, n=1, cutoff=0.75)):
        return f" Hint: {names[close[0]]}?"
    return f" Hint: pip install {_KNOWN.get(lower, name)}"


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
    names = (found.metadata["Name"] for found in metadata.distributions())
    return tuple(dict.fromkeys(normalised(name) for name in names if name))


@functools.cache
def _owners() -> dict[str, list[str]]:
    """The installed distributions by import name."""
    owners: dict[str, list[str]] = {}
    for distribution in _installed():
        for name in contents(distribution).names:
            owners.setdefault(name, []).append(distribution)
    return owners


def _files(distribution: metadata.Distribution) -> list[str]:
    """The files of a distribution, as paths. `files` would be slow: it makes an object for each of thousands."""
    if record := distribution.read_text("RECORD"):
        return [row[0] for row in csv.reader(record.splitlines()) if row]
    if listed := distribution.files:
        return [file.as_posix() for file in listed]
    # Debian leaves the list out of some: then the names, or the distribution's own, are looked for.
    names = (distribution.read_text("top_level.txt") or distribution.metadata["Name"].replace("-", "_")).split()
    base = Path(str(distribution.locate_file("")))
    return [f"{name}/__init__.py" if (base / name).is_dir() else f"{name}.py" for name in names]


def _is_editable(distribution: metadata.Distribution) -> bool:
    """Whether its files lie in a working copy (`pip install -e`). https://peps.python.org/pep-0660"""
    try:
        return bool(json.loads(distribution.read_text("direct_url.json") or "{}")["dir_info"]["editable"])
    except (ValueError, LookupError, TypeError):
        return False


def _editable_contents(distribution: metadata.Distribution) -> Contents:
    """The contents of a working copy: the modules that its metadata or its folder names, where Python finds them."""
    base = Path(str(distribution.locate_file(""))).resolve()
    files = _files(distribution)
    folders = [line for f in files if f.endswith(".pth") for line in _lines(base / f) if Path(line).is_dir()]
    packages = [p.parent.name for folder in folders for p in sorted(Path(folder).glob("*/__init__.py"))]
    names = (distribution.read_text("top_level.txt") or "").split() or packages
    origins = {n: spec.origin for n in names if n.isidentifier() and (spec := importlib.util.find_spec(n))}
    modules = {n: Path(o) for n, o in origins.items() if o}
    paths = [p.parent if p.name == "__init__.py" else p for p in modules.values()]
    described = {base / file.partition("/")[0] for file in files if ".dist-info/" in file}
    search = tuple(dict.fromkeys(path.parent for path in paths))
    return Contents(tuple(sorted(modules)), (*paths, *sorted(described)), (), search)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []


def _places(above: PurePosixPath, files: Iterable[str]) -> Iterator[tuple[PurePosixPath, list[str], bool]]:
    """(place, files below it, whether it is a namespace package) of each part that belongs to the distribution.

    A folder without `__init__` that holds modules is a namespace package: other distributions use it, too.
    """
    tops: dict[str, list[str]] = {}
    for file in files:
        top, _, inner = file.partition("/")
        if top not in _SHARED and not top.endswith(".pth"):
            tops.setdefault(top, []).append(inner)
    for top, below in tops.items():
        is_package = any(file.startswith("__init__.") for file in below)
        is_namespace = top.isidentifier() and _holds_modules(below) and not is_package
        yield above / top, below, is_namespace
        if is_namespace:
            yield from _places(above / top, below)


def _holds_modules(files: list[str]) -> bool:
    return any(file.endswith(_SUFFIXES) for file in files)


def _module_names(place: PurePosixPath, inner: list[str]) -> list[str]:
    """The import name of a package or of a file with one module; none for other folders and files."""
    suffix = next((s for s in _SUFFIXES if place.name.endswith(s)), "")
    name = place.name.removesuffix(suffix) if suffix else place.name if _holds_modules(inner) else ""
    return [".".join((*place.parent.parts, name))] if name.isidentifier() else []
