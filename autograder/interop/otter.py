"""The author's text as an otter assignment: the public tests in the notebook's metadata, and autograder.zip.

`otter assign` makes both from a master notebook with the checks of each question. A hidden test calls the same check as
nbgrader's hidden cell. It finds the check in files/ of the zip, a small course folder.
"""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import io
import json
import re
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from autograder.assignment.assignment import Assignment
from autograder.assignment.source import SourceCell, check_function
from autograder.assignment.written_checks import imports_used, name_of
from autograder.authoring.checks import Check
from autograder.course import FILE, Course
from autograder.errors import CourseError
from autograder.interop.tools import run_tool

_KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
_AT_HAND = {"np": "import numpy as np", "math": "import math"}  # what a public check may use without an import


@dataclass(frozen=True, slots=True)
class Assigned:
    """What `otter assign` made. metadata: for the released notebook.  archive: autograder.zip, hidden tests and all."""

    metadata: dict[str, Any]
    archive: bytes


def assign(assignment: Assignment) -> Assigned:
    """Run `otter assign` on the assignment. Raises CourseError."""
    with tempfile.TemporaryDirectory(prefix="otter-") as folder:
        root = Path(folder)
        files = write_course(assignment, root)
        master = root / f"{assignment.name}.ipynb"
        master.write_text(nbformat.writes(_master(assignment, files)), encoding="utf-8")
        run_tool(root, "otter", "assign", "--no-pdfs", "--no-run-tests", master.name, "dist")
        released = json.loads((root / "dist" / "student" / master.name).read_text(encoding="utf-8"))
        archive = next((root / "dist" / "autograder").glob("*.zip")).read_bytes()
    metadata = {"otter": _in_the_authors_words(assignment, released["metadata"]["otter"])}
    return Assigned(metadata, for_gradescope(archive, assignment.equipment.packages))


def course_archive(course: Course, name: str) -> Path:
    """Where a release writes autograder.zip: with the students' files, and never below assignments/."""
    return course.work / "otter" / name / "autograder.zip"


def _master(assignment: Assignment, files: list[str]) -> Any:
    """The master notebook: checks only. nbgrader releases the text and the solutions."""
    config = {
        "export_cell": False,
        "tests": {"ok_format": False},
        "run_tests": False,
        "files": sorted(assignment.handout_files),
        "autograder_files": files,
        "generate": {"show_hidden": False},
    }
    cells = [new_raw_cell(f"# ASSIGNMENT CONFIG\n{json.dumps(config)}")]
    cells.append(new_markdown_cell(assignment.title))  # otter needs a cell before a question without public tests
    for question in assignment.settings.questions:
        cells.append(new_raw_cell(f"# BEGIN QUESTION\nname: {question.id}"))
        cells.append(new_raw_cell("# BEGIN TESTS"))
        cells += [new_code_cell(source) for source in _tests(assignment, question.id)]
        cells += [new_raw_cell("# END TESTS"), new_raw_cell("# END QUESTION")]
    return new_notebook(cells=cells, metadata=_KERNEL)


def _tests(assignment: Assignment, question: str) -> Iterator[str]:
    """One test cell for each check, public ones first."""
    cells = {f"{c.question}.{_property(c)}": c for c in assignment.cells if c.role == "check"}
    for check in (c for c in assignment.checks if c.question == question):
        source = _public(cells[check.id], assignment.cells) if check.id in cells else _hidden(assignment.name, check)
        yield f'""" # BEGIN TEST CONFIG\n{_settings(check)}\n""" # END TEST CONFIG\n{source}'


def _property(cell: SourceCell) -> str:
    return check_function(cell.source).name.removeprefix("test_")


def _settings(check: Check) -> str:
    """The test's settings, as JSON, which YAML is; otter puts the message between quotation marks as it stands."""
    title = json.dumps(check.title, ensure_ascii=False)[1:-1]
    points = int(check.points) if check.points.is_integer() else check.points
    failure = {"failure_message": title} if check.visibility == "public" else {}
    return json.dumps({"points": points, "hidden": check.visibility != "public", **failure}, ensure_ascii=False)


def _public(cell: SourceCell, cells: Sequence[SourceCell]) -> str:
    """The author's function with the imports that it has in a notebook, and lacks in otter's file."""
    function = check_function(cell.source)
    lines = cell.source.rstrip().splitlines()
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    place = (first.end_lineno or first.lineno) if documented else first.lineno - 1
    imports = {name_of(line): ast.unparse(line) for line, _ in imports_used(cell, cells)}
    needed = {name: line for name, line in _AT_HAND.items() if name in used} | imports
    lines[place:place] = [f"    {line}" for name, line in needed.items() if name != "*"]  # no function can have a star
    return "\n".join(lines)


def _hidden(assignment: str, check: Check) -> str:
    return (
        f"def test_{check.id.replace('.', '_')}(env):\n"
        "    from autograder.interop.hidden import run_hidden_check\n"
        f"    run_hidden_check({assignment!r}, {check.id!r}, env)"
    )


def _in_the_authors_words(assignment: Assignment, metadata: dict[str, Any]) -> dict[str, Any]:
    """Put the author's own lines in the place of otter's version of them.

    otter rewrites them with Python's `ast`: without comments, and different in each version of Python. Students read
    them.
    """
    tests = dict(metadata["tests"])
    for cell in (c for c in assignment.cells if c.role == "check"):
        rewritten = ast.unparse(ast.parse(_public(cell, assignment.cells)))
        if rewritten not in tests[cell.question]:
            raise CourseError(f"otter assign: expected the public check {cell.name} in its tests, got another text.")
        tests[cell.question] = tests[cell.question].replace(rewritten, _public(cell, assignment.cells))
    return {**metadata, "tests": tests}


_IMAGE = Path(__file__).with_name("gradescope_image")
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", ".*", "samples", "equivalent_mutants.toml", "_course")


def write_course(assignment: Assignment, root: Path) -> list[str]:
    """Write course.toml, solutions/NAME, the hand-outs and the packages it imports into `root`.

    Returns the names of all but the hand-outs, which are the notebook's files and not the grader's.
    """
    (root / FILE).write_text(f"title = {json.dumps(assignment.title, ensure_ascii=False)}\n", encoding="utf-8")
    shutil.copytree(assignment.folder, root / "solutions" / assignment.name, ignore=_LEFT_OUT)
    for name, file in assignment.handout_files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, root / name)
    packages = packages_of(assignment)
    for package in packages:
        shutil.copytree(package_folder(package), root / package, ignore=_LEFT_OUT)
    return [FILE, "solutions", *packages]


def packages_of(assignment: Assignment) -> list[str]:
    """What an assignment needs for grading: our package, the reference's, and those that hand-outs are taken from."""
    elsewhere = {n for n, file in assignment.handout_files.items() if not file.is_relative_to(assignment.folder)}
    handouts = [PurePosixPath(name) for name in assignment.settings.handout]
    named = {assignment.settings.reference.partition(".")[0], *(p.parts[0] for p in handouts if p.name in elsewhere)}
    return ["autograder", *sorted(named - {"", "autograder"})]


def package_folder(package: str) -> Path:
    """Where an installed package lies."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:  # load_assignment imported it a moment ago
        raise ModuleNotFoundError(package)
    return Path(spec.origin).parent


def for_gradescope(archive: bytes, packages: Sequence[str] = ()) -> bytes:
    """Otter's archive with our setup.sh, run_autograder and requirements; the same content gives the same bytes.

    Otter's own setup.sh installs conda and a browser, and its run_autograder runs hidden tests in the student's kernel.
    Gradescope gets ours instead. `otter run` reads neither, so one archive serves both. packages: of the assignment.
    """
    with zipfile.ZipFile(io.BytesIO(archive)) as made:
        files = {name: made.read(name) for name in made.namelist() if name not in {"environment.yml", "run_otter.py"}}
    for name in ("setup.sh", "run_autograder"):
        text = (_IMAGE / name).read_text(encoding="utf-8")
        files[name] = text.replace("@PYTHON@", f"{sys.version_info.major}.{sys.version_info.minor}").encode()
    files["requirements.txt"] = "".join(f"{line}\n" for line in _requirements(packages)).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if name in {"setup.sh", "run_autograder"} else 0o644) << 16
            written.writestr(entry, files[name])
    return out.getvalue()


def _requirements(packages: Sequence[str]) -> list[str]:
    """Our dependencies and the assignment's packages, at the versions of this machine: the container grades alike."""
    required = importlib.metadata.requires("backprop-course") or []
    matches = [re.match(r"[\w.-]+", line) for line in required if "extra ==" not in line]
    names = {match[0] for match in matches if match} | set(packages)
    return sorted(f"{name}=={importlib.metadata.version(name)}" for name in names)
