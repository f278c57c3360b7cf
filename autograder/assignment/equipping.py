"""Finds out what an assignment's submissions need in their sandbox: packages, modules to import ahead, files."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from autograder.assignment.handouts import locate_handouts
from autograder.assignment.settings import read_settings
from autograder.assignment.source import SourceCell
from autograder.course import author_text
from autograder.distributions import distribution_of, modules_of, needed_by, require_installed, usual_distribution
from autograder.equipment import ROOTS, Equipment
from autograder.errors import CourseError
from autograder.imported_names import imported_at, imported_in, tree_of


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
        # What the author's code imports, students import, too.
        names = frozenset().union(*map(imported_in, texts))
        modules += tuple(sorted(name for name in names if name.partition(".")[0] in tops))
    only_modules = all(name.endswith(".py") and "/" not in name for name in files)
    return Equipment(distributions, () if only_modules else tuple(sorted(files.items())), tuple(dict.fromkeys(modules)))


def equipment_in(folder: Path) -> Equipment:
    """The equipment of solutions/NAME, without the modules that its notebook imports: the notebook is not read."""
    settings = read_settings(folder / "assignment.toml")
    files = locate_handouts(folder, settings.handout, settings.handout_mb)
    return equipment_of(folder.name, settings.packages, (), files)


def require_listed(assignment: str, equipment: Equipment, cells: Iterable[SourceCell], modules: Iterable[str]) -> None:
    """Raise CourseError if the notebook imports a package that the sandbox will not have.

    modules: hand-outs. An import that may fail, inside `try`, is the author's own matter.
    """
    usual = modules_of(needed_by((*ROOTS, *equipment.packages)))
    known = {name.partition(".")[0] for name in usual} | sys.stdlib_module_names | set(modules)
    for cell in (c for c in cells if c.kind == "code" and c.role != "otter"):
        for name in sorted({name for node in _outside_try(tree_of(cell.source)) for name in imported_at(node)}):
            top = name.partition(".")[0]
            if top in known:
                continue
            package = distribution_of(name)
            hint = (
                f'packages = ["{package}"]'
                if package
                else f'pip install {usual_distribution(top)}, or handout = ["{top}.py"]'
            )
            raise CourseError(
                f"{assignment}, {cell.name}: expected imports of packages that assignment.toml names, got {top!r}. "
                f"Hint: {hint}."
            )


def _outside_try(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a tree, without those of `try`."""
    if not isinstance(node, ast.Try):
        yield node
        for inner in ast.iter_child_nodes(node):
            yield from _outside_try(inner)
