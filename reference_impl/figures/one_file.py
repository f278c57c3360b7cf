"""Makes the hand-out `scenes.py` of each assignment: modules of the package `scenes`, joined into one file.

A student can carry one file into any notebook. `make scenes` writes the files; a test says when one is stale.
"""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

from reference_impl.figures.scenes.files import FILES

FOLDER = Path(__file__).parent / "scenes"
HANDED = {  # the modules that a notebook calls; what they import comes with them
    "a1_gradient_ascent": ("basins", "climber", "grounds", "rope"),
    "a2_mlp_backprop": ("backward", "forward", "rows"),
    "a3_forward_vs_reverse": ("bill_posters", "bills"),
    "a4_autodiff_engine": ("graph",),
}
HEAD = '''"""The drawings of this assignment, and the words that say what they show. They need nothing but Python.

This file is made from the course's own modules. Nothing in it is graded, and you need not read it.
"""
'''


def joined(*wanted):
    """The text of one module that has everything of the wanted modules."""
    sources = _with_imports(wanted)
    arrows = {name: _imports(sources[name]) for name in sorted(sources)}
    order = [name for name in TopologicalSorter(arrows).static_order() if name != "files"]
    parts = {name: _body(name, sources[name]) for name in order}
    _require_different_names(parts.values())
    libraries = sorted({line for name in order for line in _libraries(sources[name])})
    return "\n".join([HEAD, *libraries, *_files(order), *(text for text, _ in parts.values())]) + "\n"


def write(solutions):
    """Write the hand-out of each assignment below the folder `solutions`."""
    for assignment, wanted in HANDED.items():
        (solutions / assignment / "scenes.py").write_text(joined(*wanted), encoding="utf-8")


def _with_imports(wanted):
    """{module: its syntax tree} of the wanted modules, of all that they import, and of `poster`."""
    trees, waiting = {}, [*wanted, "posters"]
    while waiting:
        name = waiting.pop()
        if name not in trees:
            trees[name] = ast.parse(_source(name))
            waiting.extend(_imports(trees[name]))
    return trees


def _source(name):
    return (FOLDER / f"{name}.py").read_text(encoding="utf-8")


def _imports(tree):
    """The modules of the package that a module imports, sorted: the file must be the same each time."""
    return sorted(node.module for node in tree.body if isinstance(node, ast.ImportFrom) and node.level)


def _libraries(tree):
    """The lines that import from Python's own library."""
    for node in tree.body:
        if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and not node.level):
            yield ast.unparse(node)


def _body(name, tree):
    """(its lines without imports and without its first sentence, the names that it defines)."""
    lines = _source(name).splitlines()
    gone = [n for n in tree.body if isinstance(n, (ast.Import, ast.ImportFrom))]
    gone += [tree.body[0]] if ast.get_docstring(tree) else []
    dropped = {number for node in gone for number in range(node.lineno, node.end_lineno + 1)}
    kept = "\n".join(line for number, line in enumerate(lines, start=1) if number not in dropped)
    about = (ast.get_docstring(tree) or name).splitlines()[0]
    return f"\n# --- {about}\n\n{kept.strip()}\n", tuple(_defined(tree))


def _defined(tree):
    """The names that a module gives at its top level."""
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name))


def _require_different_names(parts):
    """Raise ValueError for a name that two modules give: in one file the second would replace the first."""
    seen = set()
    for _, names in parts:
        for name in names:
            if name in seen:
                raise ValueError(f"scenes.py: expected each name in one module, got {name} in two. Hint: rename one.")
            seen.add(name)


def _files(order):
    """FILES: the player's core, the style sheet and the script of each module in the file, in the order of files.py."""
    wanted = {"player.js", "style.css", *(f"{name}.js" for name in order)}
    texts = {name: text for name, text in FILES.items() if name in wanted}
    yield "\nFILES = {"
    yield from (f"    \"{name}\": r'''{text}'''," for name, text in texts.items())  # raw: no script has three quotes
    yield "}"


if __name__ == "__main__":
    write(Path(__file__).parents[2] / "solutions")
