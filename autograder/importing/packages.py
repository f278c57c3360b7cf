"""The packages that a course of another tool imports: which distributions an assignment of ours must name."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from autograder.distributions import distribution_of, usual_distribution
from autograder.errors import CourseError
from autograder.imported_names import imported_in
from autograder.importing.context import code_of
from autograder.importing.parts import SourcePart

_ALWAYS = frozenset({"numpy", "matplotlib"})  # the sandbox has them in every course
_NEVER = frozenset({"otter", "nbgrader", "IPython"})  # nothing of them is left after the import


def packages_of(parts: Sequence[SourcePart], files: Iterable[str]) -> tuple[str, ...]:
    """The distributions, sorted. files: the hand-outs, whose modules are none. Raises CourseError for an absent one."""
    modules = {name.rpartition("/")[2].removesuffix(".py") for name in files if name.endswith(".py")}
    others = modules | _ALWAYS | _NEVER | sys.stdlib_module_names
    names = frozenset().union(*(imported_in(code_of(part)) for part in parts))
    wanted = sorted(name for name in names if name.partition(".")[0] not in others)
    return tuple(sorted({_distribution(name) for name in wanted} - _ALWAYS))


def _distribution(name: str) -> str:
    distribution = distribution_of(name)
    if not distribution:
        raise CourseError(
            f"import: expected the package of `{name}` to be installed, got none. "
            f"Hint: pip install {usual_distribution(name)}, or take the import out of the notebook, then import again."
        )
    return distribution
