"""Runs cells as Jupyter writes them: plain Python unchanged, `%magics` and `!commands` made harmless.

IPython translates the syntax; a small stand-in for its shell does the few magics that matter for grading.
Commands are never run. A line such as `!pip install numpy` above a right answer must not cost the answer.
"""

from __future__ import annotations

import ast
from types import CodeType
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

_TRANSFORMER = TransformerManager()
_DEFINES = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)
_RUN_THE_BODY = frozenset({"time", "timeit", "capture", "prun"})
current: MagicShell | None = None


def compile_cell(source: str, filename: str, flags: int = 0) -> Any:
    """The code of one cell. Raises the SyntaxError of the student's text if IPython cannot read the cell either."""
    try:
        return compile(source, filename, "exec", flags, dont_inherit=True)
    except SyntaxError:
        translated = _TRANSFORMER.transform_cell(source)
        if translated == source or translated == source + "\n":
            raise
        return compile(translated, filename, "exec", flags, dont_inherit=True)


def definitions_below(source: str, filename: str, line: int) -> list[CodeType]:
    """The definitions at a cell's top level after `line`, one by one."""
    tree = compile_cell(source, filename, ast.PyCF_ONLY_AST)
    return [
        compile(ast.Module([node], []), filename, "exec", dont_inherit=True)
        for node in tree.body
        if isinstance(node, _DEFINES) and node.lineno > line
    ]


def get_ipython() -> MagicShell | None:
    """IPython translates `%magic` lines into calls of this function."""
    return current


class MagicShell:
    """The part of IPython's shell that translated cells call."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.user_ns = names

    def run_line_magic(self, name: str, line: str, _stack_depth: int = 1) -> None:
        """`%time statement` runs the statement; `%matplotlib inline` and the others do nothing."""
        if name in _RUN_THE_BODY:
            self._run(line)

    def run_cell_magic(self, name: str, line: str, cell: str) -> None:  # noqa: ARG002 — IPython's signature
        """`%%time` and its like run the cell; `%%bash`, `%%javascript` and the others do nothing."""
        if name in _RUN_THE_BODY:
            self._run(cell)

    def system(self, command: str) -> None:
        """`!command` is not run."""
        print(f"not run while grading: {command}")  # noqa: T201

    def getoutput(self, command: str) -> list[str]:
        """`x = !command` gives no lines."""
        self.system(command)
        return []

    def _run(self, source: str) -> None:
        tree = ast.parse(_TRANSFORMER.transform_cell(source))
        exec(compile(tree, "<magic>", "exec"), self.user_ns)  # noqa: S102 — a cell's own text
