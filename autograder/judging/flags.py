"""What an instructor may want to look at in a notebook, read out of its text. None of it changes a score.

Line by line and by regular expression, never `ast.parse`: its documentation says that deep text can bring the
interpreter down, and this is the grader's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from autograder.assignment.assignment import Assignment
from autograder.assignment.source import released_check
from autograder.intake.reader import Notebook
from autograder.text import plain

_DEFINITION = re.compile(r"\s*(?:def|class)\s+(\w+)|(\w+)\s*=(?!=)")
_IMPORT = re.compile(r"\b(?:import|from|__import__|import_module)\b")
_LIBRARY = re.compile(r"\b(autograd|jax|scipy|sympy|tensorflow|torch)\b")
_MAX_NAMES = 1000
NAMED_AFTER = "the file is named after another student: "
PRINTED = "printed more than the "


def flags_of(
    notebook: Notebook, assignment: Assignment, named_after: str = "", *, too_much_output: bool = False
) -> tuple[str, ...]:
    """Public checks that were edited, cell ids that are gone, libraries that do the work, another student's name."""
    present = {plain(c.source) for c in notebook.code}
    checks = [c for c in assignment.cells if c.role == "check"]
    changed = [c.name for c in checks if plain(released_check(c.source)) not in present]
    libraries = sorted({name for c in notebook.code for name in _libraries(c.source)})
    told = {
        f"public checks changed or removed: {', '.join(changed)}": changed,
        "cell ids stripped by an editor": not any(c.id for c in notebook.cells),
        f"imports what may do the work: {', '.join(libraries)}": libraries,
        f"{NAMED_AFTER}{named_after}": named_after,
        f"{PRINTED}{assignment.settings.limits.output_kb} kB that are kept": too_much_output,
    }
    return tuple(text for text, holds in told.items() if holds)


def defined_names(sources: Iterable[str]) -> tuple[str, ...]:
    """Names that the text defines, for a suggestion where one is missing."""
    found = (m for source in sources for line in source.splitlines() if (m := _DEFINITION.match(line)))
    return tuple(dict.fromkeys(m[1] or m[2] for m in found))[:_MAX_NAMES]


def _libraries(source: str) -> set[str]:
    """Libraries that differentiate or optimise by themselves, where a line imports them. None of them is installed."""
    code = (line.partition("#")[0] for line in source.splitlines())
    return {name for line in code if (found := _IMPORT.search(line)) for name in _LIBRARY.findall(line, found.end())}
