"""Finds the flags of a submission: in a notebook's text, and in how it came. None changes a score.

The text is read line by line, with regular expressions. `ast.parse` is not used: its documentation says that deeply
nested text can crash the interpreter, and this code runs in the grader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from autograder.assignment.assignment import Assignment
from autograder.assignment.source import check_call, released_check
from autograder.intake.reader import Notebook
from autograder.intake.submissions import Submission
from autograder.records.flags import Flag, FlagKind
from autograder.text import plain

_DEFINITION = re.compile(r"\s*(?:def|class)\s+(\w+)|(\w+)\s*=(?!=)")
_IMPORT = re.compile(r"\b(?:import|from|__import__|import_module)\b")
_LIBRARY = re.compile(r"\b(autograd|jax|scipy|sympy|tensorflow|torch)\b")
_LAYOUT = str.maketrans("'", '"', " \t\f(),\\")
_MAX_NAMES = 1000
ARRIVAL: frozenset[FlagKind] = frozenset({"missigned", "undated", "unsigned"})  # the kinds of arrival_flags


def flags_of(
    notebook: Notebook, assignment: Assignment, named_after: str = "", *, too_much_output: bool = False
) -> tuple[Flag, ...]:
    """Flags for edited public checks, libraries that may do the work, and another student's name."""
    changed = _changed_checks(notebook, assignment)
    texts = [*(c.source for c in notebook.code), *notebook.modules.values()]
    libraries = sorted({name for text in texts for name in _libraries(text)})
    flags = (
        (bool(changed), Flag(kind="checks_changed", data=tuple(changed))),
        (bool(libraries), Flag(kind="libraries", data=tuple(libraries))),
        (bool(named_after), Flag(kind="named_after", data=(named_after,))),
        (too_much_output, Flag(kind="output", data=(str(assignment.settings.limits.output_kb),))),
    )
    return tuple(flag for holds, flag in flags if holds)


def _changed_checks(notebook: Notebook, assignment: Assignment) -> list[str]:
    """Names of public checks that are in no cell as they were released.

    Marks of editors do not count: another layout, a title of a form, lines added, cells joined or a call split off.
    """
    present = {plain(c.source) for c in notebook.code}
    checks = [c for c in assignment.cells if c.role == "check"]
    absent = [c for c in checks if plain(released_check(c.source)) not in present]
    text = "".join(_tokens(c.source) for c in notebook.code) if absent else ""
    return [c.name for c in absent if _tokens(c.source) not in text or _tokens(check_call(c.source)) not in text]


def _tokens(source: str) -> str:
    """Code without what a formatter changes: space, line breaks, commas and brackets at them, the kind of quotes.

    Lines of comments and magics are left out. It is text to compare, and no code.
    """
    lines = (line for line in source.splitlines() if not line.lstrip().startswith(("#", "%")))
    return "".join(lines).translate(_LAYOUT).lower()


def arrival_flags(submission: Submission) -> tuple[Flag, ...]:
    """Flags for a time that is not known, and for files beside the notebook that do not count."""
    facts: dict[FlagKind, tuple[str, ...]] = {
        "missigned": submission.missigned,
        "undated": (submission.undated,) if submission.undated else (),
        "unsigned": submission.unsigned,
    }
    return tuple(Flag(kind=kind, data=data) for kind, data in facts.items() if data)


def defined_names(sources: Iterable[str]) -> tuple[str, ...]:
    """Names that the text defines. One of them may be suggested where a name is missing."""
    matches = (m for source in sources for line in source.splitlines() if (m := _DEFINITION.match(line)))
    return tuple(dict.fromkeys(m[1] or m[2] for m in matches))[:_MAX_NAMES]


def _libraries(source: str) -> set[str]:
    """Libraries that differentiate or optimise, and that a line imports. The sandbox has none of them."""
    code = (line.partition("#")[0] for line in source.splitlines())
    return {name for line in code if (match := _IMPORT.search(line)) for name in _LIBRARY.findall(line, match.end())}
