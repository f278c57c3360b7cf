"""The packages import each other as the table of docs/architecture.md says, in one direction and without a circle."""

import ast
import functools
import importlib.util
import re
from collections import defaultdict
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "architecture.md"
HANDED_OUT = {"figures", "skeletons", "starter"}  # copied to authors and students, who may have any names beside them


@dataclass(frozen=True)
class Row:
    """A row of the table. names: paths below autograder/, or a top package.  listed: the rows that it names.
    may: all rows that it may import.  start: the files to begin with.
    """

    names: tuple[str, ...]
    listed: frozenset[str]
    may: frozenset[str]
    start: tuple[str, ...]


def table(page):
    """The rows of the page's table in their order, by their first name."""
    rows, ground, group = {}, set(), ""
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| **"):
            group = cells[0].strip("*")
        elif line.startswith("| `"):
            names, listed, start = (tuple(re.findall(r"`([^`]+)`", cells[i])) for i in (0, 2, 3))
            words = re.sub(r"`[^`]*`", "", cells[2]).strip(", ")
            may = {"nothing": set(), "": set(), "the ground floor": ground, "all above": set(rows)}[words] | set(listed)
            rows[names[0]] = Row(names, frozenset(listed), frozenset(may), start)
            ground |= {names[0]} if group == "Ground floor" else set()
    return rows


def files_of(root):
    """{module: path} of both top packages."""
    paths = [p for top in ("autograder", "reference_impl") for p in sorted((root / top).rglob("*.py"))]
    return {".".join(p.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): p for p in paths}


@functools.cache
def tree(path):
    """A file's syntax tree."""
    return ast.parse(path.read_text())


@functools.cache
def imported(module, path):
    """Every name that a file imports: in functions, under conditions, relative, by import_module with a literal."""
    return tuple(_imported(module, path))


def _imported(module, path):
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(tree(path)):
        match node:
            case ast.Import():
                yield from (alias.name for alias in node.names)
            case ast.ImportFrom():
                base = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
                yield from (f"{base}.{alias.name}" for alias in node.names)
            case ast.Call(
                func=ast.Attribute(attr="import_module" | "__import__") | ast.Name(id="import_module" | "__import__"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield importlib.util.resolve_name(name, package)


def file_arrows(root):
    """{file: the files that it imports}."""
    files = files_of(root)
    arrows = {}
    for module, path in files.items():
        prefixes = (
            [".".join(n.split(".")[:i]) for i in range(n.count(".") + 1, 0, -1)] for n in imported(module, path)
        )
        targets = {next((p for p in each if p in files), None) for each in prefixes}
        arrows[module] = targets - {None, module}
    return arrows


def place_of(path, root):
    """A file's path as the table writes it."""
    return path.relative_to(root).as_posix().removeprefix("autograder/")


def rows_of(root, rows):
    """{file: its row}: the one with the longest name that the file's path begins with, or ""."""
    names = sorted(((name, row) for row, it in rows.items() for name in it.names), key=lambda each: -len(each[0]))
    return {
        module: next((row for name, row in names if f"{place_of(path, root)}/".startswith(f"{name}/")), "")
        for module, path in files_of(root).items()
    }


def package_arrows(root, rows):
    """{row: {row that it imports: ["file imports file"]}}."""
    of = rows_of(root, rows)
    arrows = {row: defaultdict(list) for row in {*rows, ""}}
    for module, targets in file_arrows(root).items():
        for target in targets:
            if of[target] != of[module]:
                arrows[of[module]][of[target]].append(f"{module} imports {target}")
    return arrows


def forbidden(root, rows):
    """The imports that the table does not allow."""
    arrows = package_arrows(root, rows)
    return sorted(a for row in rows for to, each in arrows[row].items() if to not in rows[row].may for a in each)


def needless(root, rows):
    """What a row names and no file of it imports."""
    arrows = package_arrows(root, rows)
    return sorted(f"{row}: {name}" for row, it in rows.items() for name in it.listed - set(arrows[row]))


def upward(rows):
    """What a row names and does not stand above it."""
    order = list(rows)
    return [f"{row}: {name}" for row, it in rows.items() for name in it.listed if name not in order[: order.index(row)]]


def unlisted(root, rows):
    """Files without a row, and names in the table without a file."""
    of, paths = rows_of(root, rows), [place_of(path, root) for path in files_of(root).values()]
    files = [module for module, row in of.items() if not row]
    names = [n for it in rows.values() for n in it.names if not any(f"{path}/".startswith(f"{n}/") for path in paths)]
    return files + names


def circle(arrows):
    """A circle in {name: names that it imports}, or nothing."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def outside_of_interop(root):
    """The files outside interop that import nbgrader or otter."""
    return [
        module
        for module, path in files_of(root).items()
        if not module.startswith("autograder.interop.")
        and any(name.split(".")[0] in {"nbgrader", "otter"} for name in imported(module, path))
    ]


def same_names(root):
    """Names that two modules or two public classes have."""
    places = defaultdict(list)
    for module, path in files_of(root).items():
        if path.name != "__init__.py" and not HANDED_OUT & set(path.parts):
            places[path.name].append(module)
            for node in ast.walk(tree(path)):
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    places[f"class {node.name}"].append(module)
    return {name: modules for name, modules in places.items() if len(modules) > 1}


@pytest.fixture(scope="module")
def rows():
    return table(PAGE.read_text())


def test_every_import_is_one_that_the_table_allows(rows):
    assert forbidden(ROOT, rows) == []


def test_the_table_allows_nothing_that_no_file_imports(rows):
    assert needless(ROOT, rows) == []


def test_a_row_names_only_rows_above_it(rows):
    assert upward(rows) == []


def test_every_file_has_a_row_and_every_row_has_a_file(rows):
    assert unlisted(ROOT, rows) == []
    for row in rows.values():
        folder = next(p for p in (ROOT / "autograder" / row.names[0], ROOT / row.names[0]) if p.exists())
        for name in row.start:
            assert (folder.parent if folder.is_file() else folder).joinpath(name).is_file(), name


def test_no_files_import_each_other_in_a_circle():
    assert circle(file_arrows(ROOT)) == []


def test_no_packages_import_each_other_in_a_circle(rows):
    assert circle(package_arrows(ROOT, rows)) == []


def test_the_worker_imports_nothing_else_of_the_package():
    arrows = {m: to for m, to in file_arrows(ROOT).items() if m.startswith("autograder.sandbox.worker")}
    assert len(arrows) > 10
    assert not [to for each in arrows.values() for to in each if not to.startswith("autograder.sandbox.worker")]


def test_only_interop_imports_nbgrader_and_otter():
    assert outside_of_interop(ROOT) == []


def test_no_two_modules_and_no_two_public_classes_have_one_name():
    assert same_names(ROOT) == {}


PAGE_OF_TWO = """
| **Ground floor** | | | |
| `errors.py` | | nothing | |
| **Rooms** | | | |
| `low` | | the ground floor | |
| `high` | | the ground floor, `low` | |
"""


@pytest.fixture
def house(tmp_path):
    """Writes a package of files that are given with their text; `low` stands below `high` in the table."""

    def write(**files):
        for name in ("errors", "low/a", "high/b", *files):
            path = tmp_path / "autograder" / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files.get(name, ""))
        return tmp_path

    return write


@pytest.mark.parametrize(
    "text",
    [
        "from autograder.high.b import name",
        "import autograder.high.b",
        "from autograder.high import b",
        "from ..high import b",
        "def f():\n    if True:\n        from autograder.high.b import name",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import autograder.high.b as b",
        "import importlib\nimportlib.import_module('autograder.high.b')",
        "from importlib import import_module\nimport_module('..high.b')",
    ],
)
def test_an_arrow_up_is_seen_however_it_is_written(house, text):
    root = house(low__a=text)
    assert forbidden(root, table(PAGE_OF_TWO)) == ["autograder.low.a imports autograder.high.b"]


def test_an_arrow_that_the_table_allows_is_no_fault(house):
    root = house(
        high__b="from autograder.low.a import name\nfrom autograder.errors import E", low__a="import autograder.errors"
    )
    assert forbidden(root, table(PAGE_OF_TWO)) == []
    assert needless(root, table(PAGE_OF_TWO)) == []


def test_a_permission_that_nobody_needs_is_seen(house):
    assert needless(house(), table(PAGE_OF_TWO)) == ["high: low"]


def test_a_row_that_names_one_below_it_is_seen():
    assert upward(table(PAGE_OF_TWO.replace("| `low` | | the ground floor |", "| `low` | | `high` |"))) == ["low: high"]


def test_a_package_without_a_row_and_a_row_without_a_package_are_seen(house):
    assert unlisted(house(new__c=""), table(PAGE_OF_TWO + "| `gone` | | nothing | |")) == ["autograder.new.c", "gone"]


def test_a_circle_of_two_files_in_one_package_is_seen(house):
    root = house(low__a="def f():\n    from autograder.low.c import g", low__c="from autograder.low.a import f")
    assert set(circle(file_arrows(root))) == {"autograder.low.a", "autograder.low.c"}
    assert circle(package_arrows(root, table(PAGE_OF_TWO))) == []


def test_a_circle_of_two_packages_without_a_circle_of_files_is_seen(house):
    root = house(low__a="import autograder.high.b", high__c="import autograder.low.a")
    assert circle(file_arrows(root)) == []
    assert set(circle(package_arrows(root, table(PAGE_OF_TWO)))) == {"low", "high"}


def test_nbgrader_is_seen_outside_of_interop_only(house):
    root = house(low__a="def f():\n    from nbgrader.api import Gradebook", interop__b="import otter")
    assert outside_of_interop(root) == ["autograder.low.a"]


def test_two_modules_and_two_classes_of_one_name_are_seen(house):
    root = house(low__c="class Plan: ...", high__c="class Plan: ...\nclass _Plan: ...")
    assert same_names(root) == {name: ["autograder.high.c", "autograder.low.c"] for name in ("c.py", "class Plan")}


def test_each_step_from_a_notebook_to_a_score_is_in_the_file_that_the_page_names():
    steps = re.findall(r"`(?:\w+\.)?(\w+)`\s+in\s+`([\w/]+\.py)`", PAGE.read_text())
    assert len(steps) == 9
    sources = {name: (ROOT / "autograder" / name).read_text() for _, name in steps}
    assert [step for step in steps if not re.search(rf"(def|class) {step[0]}\b", sources[step[1]])] == []
