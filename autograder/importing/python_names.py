"""Which names a piece of Python reads and binds, and the author's lines that a test needs before it."""

from __future__ import annotations

import ast
import builtins
import functools
import importlib
import symtable
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_BUILT_IN = frozenset(vars(builtins))


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a cell's top level. part: the place of its cell.  changes: names whose objects it may change.

    defines: whether it is an import, a function or a class, which is the same wherever it runs.
    """

    source: str
    part: int
    binds: frozenset[str]
    reads: frozenset[str]
    changes: frozenset[str]
    defines: bool


@functools.lru_cache(maxsize=4096)
def read_names(source: str) -> frozenset[str]:
    """The names of its module that a text refers to, also in its functions."""
    return frozenset(name for name in _globals(symtable.symtable(source, "<text>", "exec")) if name not in _BUILT_IN)


def _globals(table: symtable.SymbolTable) -> Iterator[str]:
    top = table.get_type() == "module"
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (top or symbol.is_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _globals(child)


@functools.lru_cache(maxsize=4096)
def bound_names(source: str) -> frozenset[str]:
    """The names that a text binds at its top level: by assignment, import, def, class, for, with, del."""
    symbols = symtable.symtable(source, "<text>", "exec").get_symbols()
    return frozenset(s.get_name() for s in symbols if s.is_assigned() or s.is_imported() or s.is_namespace())


@functools.lru_cache(maxsize=4096)
def changed_names(source: str) -> frozenset[str]:
    """The names whose objects a text may change at its top level: `df["x"] = 1`, `items.append(2)`, `del d[3]`."""
    roots: set[str] = set()
    for node in ast.walk(_without_definitions(ast.parse(source))):
        match node:
            case ast.Attribute(ctx=ast.Store() | ast.Del()) | ast.Subscript(ctx=ast.Store() | ast.Del()):
                roots.add(_root(node))
            case ast.Expr(ast.Call(ast.Attribute(attr=method) as called)) if not method.startswith("assert"):
                roots.add(_root(called))
    return frozenset(roots - {""})


def _without_definitions(tree: ast.Module) -> ast.Module:
    tree.body = [node for node in tree.body if not isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    return tree


def _root(node: ast.AST) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def statements(source: str, part: int) -> Iterator[Statement]:
    """The statements of a cell's top level."""
    for node in ast.parse(source).body:
        text = ast.unparse(node)
        yield Statement(
            text,
            part,
            _names_of_star(node) if _is_star(node) else bound_names(text),
            read_names(text),
            changed_names(text),
            isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)),
        )


def is_import(node: ast.AST) -> bool:
    """Whether a statement is an import."""
    return isinstance(node, (ast.Import, ast.ImportFrom))


def without_imports(source: str) -> str:
    """The text without the imports of its top level."""
    tree = ast.parse(source)
    tree.body = [node for node in tree.body if not is_import(node)]
    return ast.unparse(tree)


def _is_star(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and node.names[0].name == "*"


def _names_of_star(node: ast.AST) -> frozenset[str]:
    """The names of `from package import *`. The author's package is imported, because nothing else knows them."""
    try:
        module = importlib.import_module(getattr(node, "module", None) or "")
    except Exception:  # noqa: BLE001 — a module that is not here defines nothing here
        return frozenset()
    return frozenset(getattr(module, "__all__", [name for name in vars(module) if not name.startswith("_")]))


def needed(lines: Sequence[Statement], reads: Iterable[str], taken: frozenset[str]) -> list[Statement]:
    """The statements that define what a text reads, with what they need themselves, in order.

    taken: names that come from elsewhere, so no statement is needed for them.
    """
    wanted = set(reads) - taken
    chosen: list[Statement] = []
    for line in reversed(lines):
        if (line.binds | line.changes) & wanted:
            chosen.insert(0, line)
            wanted |= line.reads - taken
    return chosen
