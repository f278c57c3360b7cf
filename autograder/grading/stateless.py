"""Whether a notebook's functions can remember anything from one call to the next, by its text alone.

An allow-list: what is not known to be harmless is not. Functions may use their own names, other functions of the
notebook, its constants, and pure ones of Python's and NumPy's; nothing that outlives a call is in their reach. So no
class, no decorator, no mutable default, no `global` or `nonlocal`, no attribute set, no np.random, and no np.empty,
whose content is what an earlier call left. On its top level a notebook may do more, for that runs before any check.

Hostile text may get past this; see partly.py for why that gains nothing.
"""

from __future__ import annotations

import ast
import builtins
import re
import symtable
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from autograder.assignment.assignment import Assignment
from autograder.authoring.fingerprints import asked_for, handed_over
from autograder.grading.pure import BEFORE_A_DOT, BUILTINS, METHODS, MODULES, NODES, PURE, TOP_LEVEL_NODES
from autograder.judging.flags import plain

MAX_CHARACTERS = 60_000  # of all cells together
# Lines that Jupyter alone understands. This one changes nothing that a function could see.
_MAGIC = re.compile(r"^%matplotlib[ \w]*$", re.MULTILINE)
_COMPREHENSIONS = frozenset({"listcomp", "setcomp", "dictcomp", "genexpr"})  # as symtable calls them


@dataclass(frozen=True, slots=True)
class Author:
    """What an assignment's files tell. released: cells of its own.  asked_for, methods: names, see fingerprints.py."""

    released: frozenset[str]
    asked_for: frozenset[str]
    methods: frozenset[str]

    @classmethod
    def of(cls, assignment: Assignment) -> Self:
        """Reads hidden_checks.py: once an assignment, not once a notebook."""
        released = frozenset(plain(c.source) for c in assignment.cells if c.role == "setup")
        return cls(released, asked_for(assignment), handed_over(assignment))


_authors: dict[str, Author] = {}


def author_of(assignment: Assignment) -> Author:
    """Worked out once a process: its file takes as long to read as a notebook's cells to run."""
    if assignment.suite_sha256 not in _authors:
        _authors[assignment.suite_sha256] = Author.of(assignment)
    return _authors[assignment.suite_sha256]


def remembers_nothing(cells: Iterable[str], author: Author) -> bool:
    """Whether checks of these cells' functions cannot influence each other. cells: the code that runs."""
    sources = [_MAGIC.sub("", source) for source in cells]
    if sum(map(len, sources)) > MAX_CHARACTERS:
        return False
    try:
        parsed = [
            (ast.parse(s).body, symtable.symtable(s, "cell", "exec"), plain(s) in author.released) for s in sources
        ]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    kinds = _kinds(statement for body, *_ in parsed for statement in body)
    if any(kinds.get(name) == "opaque" for name in author.asked_for):
        return False
    return all(
        (trusted or all(map(_harmless_at_top, body))) and _functions_are_pure(body, table, kinds, author.methods)
        for body, table, trusted in parsed
    )


def _kinds(statements: Iterable[ast.stmt]) -> dict[str, str]:
    """What each name of the top level is: "function", "constant", "data", "module PATH", or else "opaque"."""
    kinds: dict[str, str] = {}
    for statement in statements:
        for name, kind in _bound(statement):
            kinds[name] = kind if kinds.get(name, kind) == kind else "opaque"
    return kinds


def _bound(statement: ast.stmt) -> Iterator[tuple[str, str]]:
    match statement:
        case ast.FunctionDef(name=name):
            yield name, "function"
        case ast.Import(names=names):
            for alias in names:
                top = alias.name.partition(".")[0]
                yield alias.asname or top, f"module {alias.name if alias.asname else top}"
        case ast.ImportFrom(module=module, names=names):
            yield from ((a.asname or a.name, f"module {module}.{a.name}") for a in names)
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            yield name, _kind(value)
        case _:
            stored = (n for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
            yield from ((n.id, "opaque") for n in stored)
            inner = (n for n in ast.walk(statement) if isinstance(n, (ast.FunctionDef, ast.ClassDef)))
            yield from ((n.name, "opaque") for n in inner)


_LITERAL = (ast.Constant, ast.List, ast.Dict, ast.Tuple, ast.UnaryOp, ast.BinOp, ast.unaryop, ast.operator, ast.Load)


def _kind(value: ast.expr) -> str:
    match value:
        case ast.Lambda():
            return "function"
        case _ if _is_constant(value):
            return "constant"
    return "data" if all(isinstance(node, _LITERAL) for node in ast.walk(value)) else "opaque"


def _is_constant(value: ast.expr) -> bool:
    match value:
        case ast.Constant():
            return True
        case ast.UnaryOp(operand=operand):
            return _is_constant(operand)
        case ast.BinOp(left=left, right=right):
            return _is_constant(left) and _is_constant(right)
        case ast.Tuple(elts=elements):
            return all(map(_is_constant, elements))
    return False


def _harmless_at_top(statement: ast.stmt) -> bool:
    """Whether running it leaves modules and functions as they are."""
    if isinstance(statement, ast.FunctionDef):
        return True  # judged as a function
    if isinstance(statement, ast.Import):
        return all(a.name in MODULES for a in statement.names)
    if isinstance(statement, ast.ImportFrom):
        return statement.module in MODULES and all(a.name != "*" for a in statement.names)
    return all(
        isinstance(node, TOP_LEVEL_NODES)
        and not (isinstance(node, ast.Attribute) and (_is_private(node.attr) or not isinstance(node.ctx, ast.Load)))
        and not (isinstance(node, ast.Name) and node.id in _FORBIDDEN)
        and not (isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and _has_attribute(node))
        for node in ast.walk(statement)
    )


# Python's own functions by which modules and functions can be changed.
_FORBIDDEN = frozenset(vars(builtins)) - BUILTINS - {"print", "type", "repr", "format"}


def _has_attribute(node: ast.AST) -> bool:
    return any(isinstance(n, ast.Attribute) for n in ast.walk(node))


def _is_private(attribute: str) -> bool:
    """Dunders, and the ways from a generator, a frame or a traceback to other code's names."""
    return attribute.startswith(("_", "gi_", "f_", "tb_", "cr_", "ag_"))


def _functions_are_pure(
    body: list[ast.stmt], table: symtable.SymbolTable, kinds: Mapping[str, str], methods: frozenset[str]
) -> bool:
    scopes = [t for t in table.get_children() if t.get_name() not in _COMPREHENSIONS - kinds.keys()]
    return all(_reaches_nothing(t, kinds) for t in scopes) and all(
        _is_pure(node, kinds, METHODS | methods)
        for statement in body
        for node in ast.walk(statement)
        if isinstance(node, (ast.FunctionDef, ast.Lambda))
    )


def _reaches_nothing(table: symtable.SymbolTable, kinds: Mapping[str, str]) -> bool:
    """Whether what a function, or one inside it, finds outside itself is a function, a constant, or pure."""
    for symbol in table.get_symbols():
        if symbol.is_declared_global() or symbol.is_nonlocal():
            return False
        if symbol.is_global() and not _may_be_used(symbol.get_name(), kinds):
            return False
    return all(_reaches_nothing(t, kinds) for t in table.get_children())


def _may_be_used(name: str, kinds: Mapping[str, str]) -> bool:
    kind = kinds.get(name)
    if kind is None:
        return name in BUILTINS
    if kind.startswith("module "):
        return kind.removeprefix("module ") in PURE | BEFORE_A_DOT
    return kind in {"function", "constant"}


def _is_pure(function: ast.FunctionDef | ast.Lambda, kinds: Mapping[str, str], methods: frozenset[str]) -> bool:
    defaults = [d for d in (*function.args.defaults, *function.args.kw_defaults) if d is not None]
    if getattr(function, "decorator_list", []) or not all(map(_is_constant, defaults)):
        return False
    bases = {id(n.value) for n in ast.walk(function) if isinstance(n, ast.Attribute)}
    return all(_is_pure_node(node, kinds, methods, is_base=id(node) in bases) for node in ast.walk(function))


def _is_pure_node(node: ast.AST, kinds: Mapping[str, str], methods: frozenset[str], *, is_base: bool) -> bool:
    if isinstance(node, (ast.Attribute, ast.Name)) and (path := _path(node, kinds)):
        return isinstance(node.ctx, ast.Load) and (path in PURE or (is_base and path in BEFORE_A_DOT))
    if isinstance(node, ast.Attribute):
        return isinstance(node.ctx, ast.Load) and node.attr in methods
    return isinstance(node, NODES)


def _path(node: ast.expr, kinds: Mapping[str, str]) -> str:
    """`numpy.linalg.norm` for np.linalg.norm; "" for what is no module's."""
    match node:
        case ast.Attribute(value=value, attr=attr):
            above = _path(value, kinds)
            return f"{above}.{attr}" if above else ""
        case ast.Name(id=name) if kinds.get(name, "").startswith("module "):
            return kinds[name].removeprefix("module ")
    return ""
