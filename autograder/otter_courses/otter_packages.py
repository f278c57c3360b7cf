"""The packages that the notebooks of an otter course may import: those that the archive lists, and a few usual ones.

Only a package that a test, a teacher's file or a submission imports is opened in the sandbox and loaded ahead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from autograder.distributions import distribution_of, needed_by, normalised, usual_distribution
from autograder.errors import CourseError
from autograder.otter_courses.otter_archive import OtterArchive

USUAL = tuple(
    "altair datascience ipywidgets networkx pandas pillow plotly scikit-learn scipy seaborn statsmodels sympy "
    "tqdm".split()
)
_NEVER = frozenset({"backprop-course", "nbgrader", "otter-grader"})  # they hold graders
_LISTED = re.compile(r"\s*([A-Za-z0-9][\w.-]*)")
_MODULE = r"[A-Za-z_][\w.]*(?:[ \t]+as[ \t]+\w+)?"
_IMPORTS = re.compile(
    rf"\bfrom[ \t]+([A-Za-z_][\w.]*)[ \t]+import\b|\bimport[ \t]+({_MODULE}(?:[ \t]*,[ \t]*{_MODULE})*)"
)


@dataclass(frozen=True, slots=True)
class PackageRules:
    """The distributions that may be imported. listed: also those that are not installed."""

    allowed: frozenset[str]
    listed: frozenset[str]

    def used_by(self, texts: Iterable[str]) -> tuple[str, ...]:
        """The allowed and installed distributions that these texts import, sorted."""
        distributions = {normalised(distribution_of(name)) for name in imported_in(texts)}
        return tuple(sorted(distributions & self.allowed))

    def modules_in(self, texts: Iterable[str]) -> frozenset[str]:
        """The modules of allowed distributions that these texts import: sklearn.linear_model, for example."""
        names = imported_in(texts)
        return frozenset(name for name in names if normalised(distribution_of(name)) in self.allowed)

    def missing_in(self, texts: Iterable[str]) -> tuple[str, ...]:
        """The listed distributions that these texts import, and that are not installed, sorted."""
        wanted = {normalised(usual_distribution(name)) for name in imported_in(texts) if not distribution_of(name)}
        return tuple(sorted(wanted & self.listed))


def rules_of(archive: OtterArchive, more: Iterable[str] = ()) -> PackageRules:
    """The rules of an archive. more: distributions that the user names. Raises CourseError for an unreadable list."""
    listed = {normalised(name) for name in (*USUAL, *more, *_requirements(archive.requirements))} - _NEVER
    return PackageRules(frozenset(needed_by(listed)) - _NEVER, frozenset(listed))


def teachers_texts(archive: OtterArchive) -> Iterator[str]:
    """The tests, and the modules and notebooks among the teacher's files."""
    yield from archive.tests.values()
    yield from (data.decode("utf-8", "replace") for name, data in archive.files.items() if name.endswith(".py"))


def require_packages(rules: PackageRules, archive: OtterArchive) -> None:
    """Raise CourseError if the teacher's own files import a listed package that is not installed."""
    if missing := rules.missing_in(teachers_texts(archive)):
        raise CourseError(f"packages: expected {missing[0]} to be installed, got none. Hint: pip install {missing[0]}.")


def imported_in(texts: Iterable[str]) -> frozenset[str]:
    """The modules after `import` and `from`, wherever they stand: too many do no harm."""
    names = set()
    for text in texts:
        for match in _IMPORTS.finditer(text):
            modules = match[1] or match[2]
            names |= {module.split()[0] for module in modules.split(",")}
    return frozenset(names)


def _requirements(files: Mapping[str, str]) -> Iterator[str]:
    for name, text in files.items():
        lines = _conda(text) if name.endswith(".yml") else text.splitlines()
        yield from (match[1] for line in lines if (match := _LISTED.match(line)))


def _conda(text: str) -> list[str]:
    """The packages of environment.yml, with those in its part for pip."""
    try:
        document: Any = yaml.safe_load(text)
    except yaml.YAMLError:
        raise CourseError("environment.yml: expected YAML, got text that is none.") from None
    entries = document.get("dependencies") if isinstance(document, dict) else None
    names: list[Any] = []
    for entry in entries if isinstance(entries, list) else []:
        inner = entry.get("pip") if isinstance(entry, dict) else [entry]
        names += inner if isinstance(inner, list) else []
    return [name for name in names if isinstance(name, str)]
