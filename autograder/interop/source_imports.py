"""The packages that the source of an nbgrader assignment imports: a class may import them in the sandbox.

Only the instructor's files count, never a student's notebook.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

from autograder.imported_names import imported_at, tree_of

_BY_TEXT = frozenset({"import_module", "__import__"})
_TRANSFORMER = TransformerManager()


def source_imports(folder: Path) -> dict[str, str]:
    """Names such as `scipy.stats` that notebooks and modules in `folder` import, each with the file that does.

    Left out are Python's own modules, IPython's extensions and the files of the folder itself. A cell that cannot be
    read imports nothing.
    """
    names: dict[str, str] = {}
    for path in sorted(p for p in folder.rglob("*") if p.suffix in {".ipynb", ".py"} and p.is_file()):
        for name in _imports(path):
            names.setdefault(name, path.name)
    beside = {path.stem for path in folder.rglob("*.py")} | {path.name for path in folder.rglob("*") if path.is_dir()}
    known = sys.stdlib_module_names | beside
    return {name: file for name, file in names.items() if name.partition(".")[0] not in known}


def _imports(path: Path) -> Iterator[str]:
    for text in _texts(path):
        for node in ast.walk(tree_of(_plain(text) if path.suffix == ".ipynb" else text)):
            yield from imported_at(node)
            yield from _by_text(node)


def _plain(cell: str) -> str:
    """A cell as Python: a magic becomes a call. "" if IPython cannot read it."""
    try:
        return _TRANSFORMER.transform_cell(cell)
    except SyntaxError:
        return ""


def _texts(path: Path) -> list[str]:
    """The code of a module, or of each code cell. Empty for a file that is no notebook."""
    try:
        text = path.read_text("utf-8")
        if path.suffix == ".py":
            return [text]
        sources = [cell["source"] for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    except (OSError, ValueError, LookupError, TypeError):
        return []
    return ["".join(source) for source in sources]


def _by_text(node: ast.AST) -> Iterator[str]:
    """Modules that a call imports by their name as a text, or for a magic."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=[ast.Constant(value=str(text)), *_]):
            if name in _BY_TEXT and not text.startswith("."):
                yield text
            if name == "run_line_magic":
                yield from _of_a_magic(node)


def _of_a_magic(call: Any) -> Iterator[str]:
    """Packages that a magic uses: an extension, a backend of matplotlib, the reader of a notebook that is run."""
    match [argument.value for argument in call.args if isinstance(argument, ast.Constant)]:
        case ["load_ext", str(name)] if name not in {"autoreload", "storemagic"}:
            yield name.strip()
        case ["matplotlib", "widget" | "ipympl"]:
            yield "ipympl"
        case ["run", str(line)] if ".ipynb" in line:
            yield "nbformat"
