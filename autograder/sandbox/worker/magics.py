"""Reads cells as Jupyter writes them: `await`, and `%magics` and `!commands`, which are made harmless.

IPython translates the syntax; a small stand-in for its shell does the few magics that matter for grading.
Commands are never run. A line such as `!pip install numpy` above a right answer must not cost the answer.
"""

from __future__ import annotations

import ast
import os
import re
import runpy
import shlex
from types import CodeType
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.pylabtools import import_pylab

from . import warm_start

_TRANSFORMER = TransformerManager()
_DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)
_RUN_THE_LINE = frozenset({"time", "timeit", "prun"})
_RUN_THE_BODY = re.compile(r"\s*%%(time|timeit|capture|prun)\b.*")  # the line above the body
current: MagicShell | None = None


def compile_cell(source: str, filename: str, flags: int = 0) -> Any:
    """The code of one cell. Raises the SyntaxError of the student's text if IPython cannot read the cell either."""
    flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    if line := _RUN_THE_BODY.match(source):
        source = "\n" * line[0].count("\n") + source[line.end() :]
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
        compile(ast.Module([node], []), filename, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
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
        """`%time statement` runs the statement, `%pylab` imports, `%run m.py` runs it; the others do nothing."""
        if name in _RUN_THE_LINE:
            exec(compile_cell(line, "<magic>"), self.user_ns)  # noqa: S102 — a cell's own text
        elif name == "pylab":
            import_pylab(self.user_ns, import_all="--no-import-all" not in line)
        elif name == "run" and (words := shlex.split(line)):
            self.user_ns.update({n: v for n, v in _run(words[0]).items() if not n.startswith("__")})

    def run_cell_magic(self, name: str, line: str, cell: str) -> None:
        """`%%writefile` writes the cell; `%%bash`, `%%javascript` and the others do nothing."""
        if name in {"writefile", "file"}:
            _write(line, cell)

    def system(self, command: str) -> None:
        """`!command` is not run."""
        print(f"not run while grading: {command}")  # noqa: T201

    def getoutput(self, command: str) -> list[str]:
        """`x = !command` gives no lines."""
        self.system(command)
        return []


def _write(line: str, cell: str) -> None:
    """`%%writefile [-a] NAME`."""
    *options, name = shlex.split(line)
    warm_start.write_file(name, cell, more=bool({"-a", "--append"} & set(options)))


def _run(name: str) -> dict[str, Any]:
    """`%run NAME`, also of a module that is held in memory. Gives the names that it defines."""
    name = name if name.endswith(".py") else f"{name}.py"
    text = warm_start.held_modules.get(name.removesuffix(".py"))
    if text is None or os.path.exists(name):  # noqa: PTH110 — plain text
        return runpy.run_path(name, run_name="__main__")
    names = {"__name__": "__main__", "__file__": name}
    exec(compile(text, name, "exec", dont_inherit=True), names)  # noqa: S102 — what this process is for
    return names
