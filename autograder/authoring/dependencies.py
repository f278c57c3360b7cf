"""What a function of an author's module depends on there. Reads text, and runs none of it.

Errs on the side of too much. What a function changes, another may see: so a module's lists, dicts, classes, decorated
functions and functions with a mutable default tie together all that mention them. Statements that bind no name (a call,
a loop) belong to every function. A module that looks up its own names by text depends, everywhere, on all of itself.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

# Names by which a module gets at names that its text does not mention.
_BY_TEXT = frozenset(
    {"globals", "vars", "locals", "eval", "exec", "setattr", "delattr", "__import__", "importlib", "sys"}
)
_OWN_GENERATORS = frozenset({"default_rng", "Generator", "SeedSequence", "PCG64"})  # of np.random, the rest is global
_Function = (ast.FunctionDef, ast.AsyncFunctionDef)


class Module:
    """An author's file. Raises SyntaxError if it is no Python."""

    def __init__(self, source: str) -> None:
        tree = ast.parse(source)
        self._statements = [_plain(s) for s in tree.body if not _is_text(s)]
        self._texts = [ast.dump(s) for s in self._statements]
        parts = [list(ast.walk(s)) for s in self._statements]  # once: half of the time went into these walks
        self._uses = [_names(nodes) for nodes in parts]
        self._binds = [_bound(nodes) for nodes in parts]
        self._whole = any(_is_dark(nodes) for nodes in parts)
        self._reach = [self._reached_from(i) for i in range(len(self._statements))]
        self._shared = self._mutable({name for nodes in parts for name in _changed(nodes)})

    def closure(self, function: str) -> list[str]:
        """The text of all that `function` depends on, in the file's order, without comments, titles and points."""
        own = self._binding(function)
        if len(own) != 1 or self._whole:
            return self._texts
        found: set[int] = set()
        todo = {*own, *(i for i, s in enumerate(self._statements) if _is_loose(s))}
        while todo:
            reached = set().union(*(self._reach[i] for i in todo))
            found |= reached
            # Whoever comes near a value that can change may have changed it.
            todo = {i for i, near in enumerate(self._reach) if near & reached & self._shared} - found
        return [self._texts[i] for i in sorted(found)]

    def _reached_from(self, start: int) -> frozenset[int]:
        """A statement, and all that it mentions, and what that does."""
        found, todo = {start}, [start]
        while todo:
            new = {j for name in self._uses[todo.pop()] for j in self._binding(name)} - found
            found |= new
            todo += new
        return frozenset(found)

    def _binding(self, name: str) -> list[int]:
        return [i for i, bound in enumerate(self._binds) if name in bound]

    def _mutable(self, changed: set[str]) -> frozenset[int]:
        """Statements that bind a name whose value one function could change and another see. changed: by a store."""
        pairs = enumerate(zip(self._statements, self._binds, strict=True))
        return frozenset(i for i, (statement, bound) in pairs if not _is_immutable(statement) or bound & changed)


def _plain(statement: ast.stmt) -> ast.stmt:
    """Without what decides no verdict: docstrings, and the points of a check."""
    for node in ast.walk(statement):
        if isinstance(node, _Function) and _is_text(node.body[0]):
            node.body[:1] = [] if len(node.body) > 1 else [ast.Pass()]
    if isinstance(statement, ast.FunctionDef):
        for mark in statement.decorator_list:
            if _is_check(mark) and isinstance(mark, ast.Call):
                mark.keywords = [k for k in mark.keywords if k.arg != "points"]
    return statement


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_check(mark: ast.expr) -> bool:
    return isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "check"


# What follows takes a statement, or all nodes of one, itself first.


def _names(nodes: Sequence[ast.AST]) -> frozenset[str]:
    named = {n.id for n in nodes if isinstance(n, ast.Name)}
    return frozenset(named.union(*(n.names for n in nodes if isinstance(n, (ast.Global, ast.Nonlocal)))))


def _bound(nodes: Sequence[ast.AST]) -> frozenset[str]:
    statement = nodes[0]
    if isinstance(statement, (*_Function, ast.ClassDef)):
        return frozenset({statement.name})
    stored = {n.id for n in nodes if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    inner = {n.name for n in nodes if isinstance(n, (*_Function, ast.ClassDef))}
    return frozenset(stored | inner | set(_imported(nodes)))


def _imported(nodes: Sequence[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from ((a.asname or a.name).partition(".")[0] for a in node.names)


def _is_loose(statement: ast.stmt) -> bool:
    """Whether running it may do more than bind its names."""
    return not isinstance(
        statement, (*_Function, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)
    ) or any(isinstance(t, (ast.Attribute, ast.Subscript)) for t in getattr(statement, "targets", []))


def _is_dark(nodes: Sequence[ast.AST]) -> bool:
    """Whether it may use what it does not mention: names by text, a star, NumPy's one global generator."""
    for node in nodes:
        if isinstance(node, ast.Name) and node.id in _BY_TEXT:
            return True
        if isinstance(node, (ast.Import, ast.ImportFrom)) and {a.name for a in node.names} & (_BY_TEXT | {"*"}):
            return True
        match node:
            case ast.Attribute(value=ast.Attribute(attr="random"), attr=attr) if attr not in _OWN_GENERATORS:
                return True
    return False


def _is_immutable(statement: ast.stmt) -> bool:
    match statement:
        case ast.Import() | ast.ImportFrom():
            return True
        case ast.FunctionDef(decorator_list=marks, args=args):
            defaults = [d for d in (*args.defaults, *args.kw_defaults) if d is not None]
            return all(_is_check(m) for m in marks) and all(_is_constant(d) for d in defaults)
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            return _is_constant(value)
    return False


def _is_constant(value: ast.expr) -> bool:
    """A number, a text, a function, or a tuple of such."""
    match value:
        case ast.Constant() | ast.Lambda():
            return True
        case ast.Attribute(value=ast.Name()):  # np.sin
            return True
        case ast.Tuple(elts=elements):
            return all(_is_constant(e) for e in elements)
        case ast.UnaryOp(operand=operand):
            return _is_constant(operand)
        case ast.BinOp(left=left, right=right):
            return _is_constant(left) and _is_constant(right)
    return False


def _changed(nodes: Sequence[ast.AST]) -> Iterator[str]:
    """Names that it declares global, or of whose values it stores into a part."""
    for node in nodes:
        if isinstance(node, ast.Global):
            yield from node.names
        if isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
            root: ast.expr = node
            while isinstance(root, (ast.Attribute, ast.Subscript)):
                root = root.value
            if isinstance(root, ast.Name):
                yield root.id
