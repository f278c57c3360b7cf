"""The modules that a text of Python imports, as its syntax says: nothing is imported or run."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def imported_in(text: str) -> frozenset[str]:
    """Every module that a text imports, also inside functions. A text that is no Python imports nothing."""
    return frozenset(name for node in ast.walk(tree_of(text)) for name in imported_at(node))


def imported_at(node: ast.AST) -> Iterator[str]:
    """The modules that one statement imports; none for other nodes and for `from . import x`.

    `from scipy import stats` gives `scipy.stats`: the last name may be a module, or a name in the module before it.
    """
    match node:
        case ast.Import(names=aliases):
            yield from (alias.name for alias in aliases)
        case ast.ImportFrom(module=str(module), level=0, names=aliases):
            yield from (f"{module}.{alias.name}" for alias in aliases)


def tree_of(text: str) -> ast.Module:
    """The syntax tree; an empty one for a text that is no Python, such as a cell with a magic."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])
