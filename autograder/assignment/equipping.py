"""Finds out what an assignment's submissions need in their sandbox: packages, modules to import ahead, files."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from autograder.assignment.source import SourceCell
from autograder.course import author_text
from autograder.distributions import modules_of, needed_by, require_installed
from autograder.equipment import Equipment
from autograder.errors import CourseError


def equipment_of(
    assignment: str, packages: Sequence[str], cells: Iterable[SourceCell], files: Mapping[str, Path]
) -> Equipment:
    """The equipment of one assignment. Raises CourseError if a package is not installed.

    packages: of assignment.toml.  files: hand-outs by their path beside the notebook. Modules alone need no folder:
    the sandbox has their texts.
    """
    try:
        distributions = require_installed(packages)
    except CourseError as error:
        raise CourseError(f"{assignment}: {error}") from None
    modules = modules_of(distributions)
    if modules:
        texts = [cell.source for cell in cells if cell.kind == "code"]
        texts += [author_text(file) for name, file in files.items() if name.endswith(".py")]
        tops = {name.partition(".")[0] for name in modules_of(needed_by(distributions))}
        modules += tuple(sorted(name for name in _imported(texts) if name.partition(".")[0] in tops))
    only_modules = all(name.endswith(".py") and "/" not in name for name in files)
    return Equipment(distributions, () if only_modules else tuple(sorted(files.items())), tuple(dict.fromkeys(modules)))


def _imported(texts: Iterable[str]) -> set[str]:
    """The modules that the author's code imports. What is imported there, students import, too."""
    return {name for text in texts for node in ast.walk(_tree(text)) for name in _names(node)}


def _tree(text: str) -> ast.AST:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # a magic, say
        return ast.Module([], [])


def _names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=aliases):
            yield from (alias.name for alias in aliases)
        case ast.ImportFrom(module=str(module), level=0, names=aliases):
            yield module
            yield from (f"{module}.{alias.name}" for alias in aliases)  # it may be a module: from scipy import stats
