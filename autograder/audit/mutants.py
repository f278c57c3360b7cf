"""Mutants: copies of an assignment's solution with one small mistake, which the checks must catch.

Each operator takes one node of the syntax tree and gives replacements for it. The idea and the
usual operators: DeMillo, Lipton and Sayward, "Hints on test data selection", Computer 11(4), 1978; those for
arrays (axis, transpose, copy, dropped term) are the slips that students of this course make.
"""

from __future__ import annotations

import ast
import difflib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autograder.assignment.assignment import Assignment
from autograder.assignment.source import BEGIN, END, SourceCell
from autograder.audit import harmless

Replacements = Iterator[ast.AST]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed solution.

    cell: the name of the solution cell, and `source` what stands in it.  function: in which the change is.
    change: "before → after", with a number if the same change is possible in several places.
    diff: the function before and after, as a unified diff without its header.
    """

    question: str
    cell: str
    function: str
    change: str
    source: str
    diff: str

    @property
    def name(self) -> str:
        """Unique in its assignment, and the same as long as the function's text is."""
        return f"{self.function}: {self.change}"


def mutants(assignment: Assignment, *, statements: bool = False) -> Iterator[Mutant]:
    """All mutants of all functions and classes in an assignment's solution cells, in the order of the text.

    statements: also those of the other statements. Their `function` is the name that they set.
    """
    for cell in assignment.cells:
        if cell.role == "solution":
            yield from _of_cell(cell, statements=statements)


def _of_cell(cell: SourceCell, *, statements: bool) -> Iterator[Mutant]:
    tree = ast.parse("\n".join(line for line in cell.source.splitlines() if line.strip() not in {BEGIN, END}))
    texts = [ast.unparse(statement) for statement in tree.body]
    counts: dict[str, int] = {}
    for i, definition in enumerate(tree.body):
        name = _name_of(definition, statements=statements)
        if not name:
            continue
        seen = {texts[i]}  # a change that reads the same is no change
        for change in _changes(definition):
            text = ast.unparse(definition)
            if text in seen:
                continue
            seen.add(text)
            key = f"{name}: {change}"
            counts[key] = counts.get(key, 0) + 1
            numbered = change if counts[key] == 1 else f"{change} ({counts[key]})"
            source = "\n\n".join([*texts[:i], text, *texts[i + 1 :]])
            yield Mutant(cell.question, cell.name, name, numbered, source, _diff(texts[i], text))


def _name_of(statement: ast.stmt, *, statements: bool) -> str:
    """The name of a statement in the names of its mutants; "" if it is not to be changed."""
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return statement.name
    if not statements or isinstance(statement, (ast.Import, ast.ImportFrom)):
        return ""
    stores = (n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    return next(stores, "the cell")


def _diff(before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1)
    return "\n".join(itertools.islice(lines, 3, None))


def _changes(definition: ast.AST) -> Iterator[str]:
    """Make one change after the other, and undo each. Yields "before → after" while a change is made."""
    for parent, field, i, node in list(_places(definition)):
        even = isinstance(node, ast.BinOp) and harmless.under_an_even_function(parent, node)
        for replace in _OPERATORS:
            if even and replace is _swapped_operands:
                continue
            for new in replace(node):
                _put(parent, field, i, ast.copy_location(new, node))
                yield f"{_line(node)} → {_line(new)}"
                _put(parent, field, i, node)


def _line(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())


def _places(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Every place of code below `node`; not docstrings, annotations and decorators."""
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns", "decorator_list", "ctx", "op", "ops"}:
            continue
        for i, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not harmless.leaves_alone(child):
                yield node, field, i, child
                yield from _places(child)


def _put(parent: ast.AST, field: str, i: int | None, node: ast.AST) -> None:
    if i is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[i] = node


# --- Operators ------------------------------------------------------------------------------------

_OTHER_ARITHMETIC: dict[type, type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mod,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
}
_OTHER_COMPARISONS: dict[type, tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_PAIRS = [
    pair.split("/")
    for pair in (
        "maximum/minimum max/min sum/mean any/all argmax/argmin zeros/ones zeros_like/ones_like exp/expm1 log/log1p "
        "sin/cos sqrt/square ceil/floor isfinite/isnan vstack/hstack"
    ).split()
]
_OTHER_FUNCTIONS = {name: other for pair in _PAIRS for name, other in (pair, pair[::-1])}
_OTHER_FUNCTIONS |= {"argsort": "argmin", "reversed": "list"}  # in one direction only
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.MatMult, ast.Pow)
_DIRECTED = (ast.Sub, ast.Div, ast.MatMult, ast.Pow, ast.FloorDiv, ast.Mod)


def _operator(node: ast.AST) -> Replacements:
    match node:
        case ast.BinOp(left, op, right) if type(op) in _OTHER_ARITHMETIC:
            yield ast.BinOp(left, _OTHER_ARITHMETIC[type(op)](), right)
        case ast.AugAssign(target, op, value) if type(op) in _OTHER_ARITHMETIC:
            yield ast.AugAssign(target, _OTHER_ARITHMETIC[type(op)](), value)
        case ast.BoolOp(op, values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)


def _dropped_term(node: ast.AST) -> Replacements:
    match node:
        case ast.BinOp(left, _, right):
            yield left
            yield right
        case ast.BoolOp(op, values):
            for i in range(len(values)):
                rest = [*values[:i], *values[i + 1 :]]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(op, rest)


def _swapped_operands(node: ast.AST) -> Replacements:
    match node:
        case ast.BinOp(left, op, right) if isinstance(op, _DIRECTED):
            yield ast.BinOp(right, op, left)
        case ast.Call(func, args, keywords) if not harmless.symmetric(node):
            for i in range(len(args) - 1):
                yield ast.Call(func, [*args[:i], args[i + 1], args[i], *args[i + 2 :]], keywords)


def _sign(node: ast.AST) -> Replacements:
    match node:
        case ast.UnaryOp(ast.USub(), operand) if not isinstance(operand, ast.Constant):
            yield operand
        case ast.UnaryOp(ast.Not(), operand):
            yield operand
        case ast.Return(ast.BinOp(_, op, _) as value) if isinstance(op, _ARITHMETIC):
            yield ast.Return(ast.UnaryOp(ast.USub(), value))
        case ast.Assign([target], ast.BinOp(_, op, _) as value) if isinstance(op, _ARITHMETIC):
            yield ast.Assign([target], ast.UnaryOp(ast.USub(), value))


def _transpose(node: ast.AST) -> Replacements:
    match node:
        case ast.Attribute(value, "T"):
            yield value
        case ast.BinOp(left, ast.MatMult(), right):
            if not _is_transposed(left):
                yield ast.BinOp(ast.Attribute(left, "T"), ast.MatMult(), right)
            if not _is_transposed(right):
                yield ast.BinOp(left, ast.MatMult(), ast.Attribute(right, "T"))


def _is_transposed(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "T"


def _constant(node: ast.AST) -> Replacements:
    match node:
        case ast.Constant(bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(int(value)):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)
        case ast.Constant(float(value)) if value:
            yield ast.Constant(2 * value)
            yield ast.Constant(0.0)


def _comparison(node: ast.AST) -> Replacements:
    match node:
        case ast.Compare(left, [op], comparators):
            for other in _OTHER_COMPARISONS.get(type(op), ()):
                yield ast.Compare(left, [other()], comparators)


def _dropped_argument(node: ast.AST) -> Replacements:
    match node:
        case ast.Call(func, args, keywords):
            for i in (i for i, keyword in enumerate(keywords) if not harmless.usual(keyword)):
                yield ast.Call(func, args, [*keywords[:i], *keywords[i + 1 :]])


def _dropped_call(node: ast.AST) -> Replacements:
    """x.copy(), np.array(x), np.abs(x), float(x) and the like become x."""
    match node:
        case ast.Call(ast.Attribute(ast.Name("np" | "math"), _) | ast.Name(), [first, *_]) if not isinstance(
            first, (ast.Starred, ast.GeneratorExp)
        ):
            yield first
        case ast.Call(ast.Attribute(value, _), args) if not (
            isinstance(value, ast.Name) and value.id in {"np", "math"}
        ):
            if not args or not isinstance(value, ast.Name):
                yield value


def _other_function(node: ast.AST) -> Replacements:
    match node:
        case ast.Call(ast.Attribute(value, name), args, keywords) if name in _OTHER_FUNCTIONS:
            yield ast.Call(ast.Attribute(value, _OTHER_FUNCTIONS[name]), args, keywords)
        case ast.Call(ast.Name(name), args, keywords) if name in _OTHER_FUNCTIONS:
            yield ast.Call(ast.Name(_OTHER_FUNCTIONS[name]), args, keywords)


def _off_by_one(node: ast.AST) -> Replacements:
    match node:
        case ast.Call(ast.Name("range") as func, args, keywords):
            stop = 0 if len(args) == 1 else 1
            for op in (ast.Add(), ast.Sub()):
                if not isinstance(args[stop], (ast.Constant, ast.UnaryOp)):
                    moved = ast.BinOp(args[stop], op, ast.Constant(1))
                    yield ast.Call(func, [*args[:stop], moved, *args[stop + 1 :]], keywords)
            if len(args) == 1:
                yield ast.Call(func, [ast.Constant(1), *args], keywords)
        case ast.Subscript(value, ast.Slice()):
            yield value


def _branch(node: ast.AST) -> Replacements:
    match node:
        case ast.IfExp(_, body, orelse):
            yield body
            yield orelse
        case ast.If(_, body, orelse):
            yield ast.If(ast.Constant(True), body, orelse)
            yield ast.If(ast.Constant(False), body, orelse)
        case ast.comprehension(target, iterable, [_, *_]) as loop:
            yield ast.comprehension(target, iterable, [], loop.is_async)


def _dropped_statement(node: ast.AST) -> Replacements:
    match node:
        case ast.AugAssign() | ast.Break() | ast.Continue() | ast.Expr(ast.Call()) | ast.Raise():
            yield ast.Pass()
        case ast.Assign([ast.Subscript() | ast.Attribute()]):
            yield ast.Pass()


_OPERATORS: tuple[Callable[[ast.AST], Replacements], ...] = (
    _operator, _dropped_term, _swapped_operands, _sign, _transpose, _constant, _comparison, _dropped_argument,
    _dropped_call, _other_function, _off_by_one, _branch, _dropped_statement,
)  # fmt: skip
