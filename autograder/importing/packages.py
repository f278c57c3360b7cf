"""The packages that a course of another tool imports: which distributions an assignment of ours must name."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Sequence

from autograder.distributions import distribution_of
from autograder.errors import CourseError
from autograder.importing.context import code_of
from autograder.importing.parts import SourcePart

_ALWAYS = frozenset({"numpy", "matplotlib"})  # the sandbox has them in every course
_NEVER = frozenset({"otter", "nbgrader", "IPython"})  # nothing of them is left after the import


def packages_of(parts: Sequence[SourcePart], files: Iterable[str]) -> tuple[str, ...]:
    """The distributions, sorted. files: the hand-outs, whose modules are none. Raises CourseError for an absent one."""
    own = {name.rpartition("/")[2].removesuffix(".py") for name in files if name.endswith(".py")}
    tops = {name.partition(".")[0] for part in parts for name in _imports(code_of(part))}
    wanted = sorted(tops - own - _ALWAYS - _NEVER - sys.stdlib_module_names)
    return tuple(sorted({_distribution(name) for name in wanted} - _ALWAYS))


def _imports(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(str(module), _, 0):
                yield module


def _distribution(name: str) -> str:
    distribution = distribution_of(name)
    if not distribution:
        raise CourseError(
            f"import: expected the package of `import {name}` to be installed here, got none. Hint: pip install it, "
            "or take the import out of the notebook, then import again."
        )
    return distribution
