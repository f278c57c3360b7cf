"""Texts in an author's checks that no student will read, found before a student meets them.

A hidden check shows only texts that stand in its file as they are (authoring/failing.py). A text with a placeholder,
`fail(f"got {value}")`, does not. Students then read the words of the diagnosis.
"""

from __future__ import annotations

import ast
from pathlib import Path

from autograder.course import author_text

_SAYING = frozenset(
    "CheckFailed Suspect assert_array assert_frame assert_integer assert_number assert_series assert_sparse "
    "assert_unchanged blocked fail".split()
)


def withheld(folder: Path) -> list[int]:
    """The lines of hidden_checks.py on which a text with a placeholder is handed to `fail` or an assertion."""
    tree = ast.parse(author_text(folder / "hidden_checks.py"))
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call)]
    given = [a for c in calls if _name(c) in _SAYING for a in (*c.args, *(k.value for k in c.keywords))]
    return sorted({text.lineno for text in given if isinstance(text, ast.JoinedStr)})


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
