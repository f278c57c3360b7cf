"""Notebooks in which every function does nothing: a check that gives one of them points asks for too little.

A student gets no points for an untouched notebook. The same holds for `pass` and for bodies that give back something of
the right form: the argument, an empty dict, zeros.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from autograder.assignment.assignment import Assignment
from autograder.assignment.samples import Cells, starter_cells, with_cell
from autograder.assignment.source import BEGIN, END, blank

Definition = ast.FunctionDef | ast.AsyncFunctionDef
_WITHOUT_SELF = frozenset({"staticmethod"})

# {its name in an audit: the body for a function whose first argument has this name; "" if it has no argument}
BODIES: dict[str, Callable[[str], str]] = {
    "pass": lambda _: "pass",
    "return FIRST_ARGUMENT": lambda first: f"return {first}",
    "return {}": lambda _: "return {}",
    "return np.zeros_like(FIRST_ARGUMENT)": lambda first: (
        f"import numpy as np; return np.zeros_like({first})" if first else "return 0.0"
    ),
    "return 0": lambda _: "return 0",
}


def do_nothing(assignment: Assignment) -> Iterator[tuple[str, Cells]]:
    """(name of the body, notebook) for each body: all functions and methods that the assignment asks for have it."""
    released = starter_cells(assignment)
    for name, body in BODIES.items():
        cells = released
        for cell in assignment.cells:
            if cell.role == "solution":
                cells = with_cell(cells, cell.name, _emptied(cell.source, body))
        yield name, cells


def _emptied(source: str, body: Callable[[str], str]) -> str:
    """A solution cell whose definitions do nothing. Everything else in it is as students get it, without the stub.

    Definitions that students write on their own, signature and all, are taken from the solution.
    """
    solution = ast.parse("\n".join(line for line in source.splitlines() if line.strip() not in {BEGIN, END}))
    given = [
        node for node in ast.parse(blank(source)).body if not isinstance(node, (ast.Raise, ast.ClassDef, Definition))
    ]
    definitions = [node for node in solution.body if isinstance(node, (ast.ClassDef, Definition))]
    emptied = [_Emptying(body).visit(node) for node in definitions]
    return ast.unparse(ast.fix_missing_locations(ast.Module([*given, *emptied], [])))


class _Emptying(ast.NodeTransformer):
    """Gives every function and method this body. A class keeps its other attributes."""

    def __init__(self, body: Callable[[str], str]) -> None:
        self._body = body
        self._in_class = False

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        outside, self._in_class = self._in_class, True
        self.generic_visit(node)
        self._in_class = outside
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._with_body(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._with_body(node)

    def _with_body(self, node: Definition) -> Definition:
        text = "pass" if node.name == "__init__" else self._body(self._first_argument(node))
        node.body = ast.parse(f"def function():\n    {text}").body[0].body  # type: ignore[attr-defined]
        return node

    def _first_argument(self, node: Definition) -> str:
        """The name of the first argument, "" if there is none; in a method, of the one after `self` if there is one."""
        names = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
        static = {d.id for d in node.decorator_list if isinstance(d, ast.Name)} & _WITHOUT_SELF
        names = [*names[1:], *names[:1]] if self._in_class and not static else names
        return next(iter(names), "")
