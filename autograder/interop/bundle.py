"""The content of autograder.zip: a course folder with one assignment, and the files for Gradescope's container.

otter's own setup.sh installs conda and a browser, and its run_autograder runs hidden tests in the student's kernel.
Gradescope gets ours in their place. `otter run` reads neither, so one archive serves both.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import io
import json
import re
import shutil
import sys
import zipfile
from pathlib import Path, PurePosixPath

from autograder.assignment.assignment import Assignment
from autograder.course import FILE

_IMAGE = Path(__file__).with_name("gradescope_image")
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", ".*", "samples", "equivalent_mutants.toml", "_course")


def write_course(assignment: Assignment, root: Path) -> list[str]:
    """Write course.toml, solutions/NAME, the hand-outs and the packages it imports into `root`.

    Returns the names of all files but the hand-outs, which belong to the notebook.
    """
    (root / FILE).write_text(f"title = {json.dumps(assignment.title, ensure_ascii=False)}\n", encoding="utf-8")
    shutil.copytree(assignment.folder, root / "solutions" / assignment.name, ignore=_LEFT_OUT)
    for name, file in assignment.handout_files.items():
        shutil.copyfile(file, root / name)
    packages = _packages(assignment)
    for package in packages:
        shutil.copytree(_folder(package), root / package, ignore=_LEFT_OUT)
    return [FILE, "solutions", *packages]


def _packages(assignment: Assignment) -> list[str]:
    """Our package, the reference's package, and those of the hand-outs."""
    handouts = [PurePosixPath(name).parts for name in assignment.settings.handout]
    named = {assignment.settings.reference.partition(".")[0], *(parts[0] for parts in handouts if len(parts) > 1)}
    return ["autograder", *sorted(named - {"", "autograder"})]


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:  # load_assignment imported it a moment ago
        raise ModuleNotFoundError(package)
    return Path(spec.origin).parent


def for_gradescope(archive: bytes) -> bytes:
    """Otter's archive with our setup.sh, run_autograder and requirements; the same content gives the same bytes."""
    with zipfile.ZipFile(io.BytesIO(archive)) as made:
        files = {name: made.read(name) for name in made.namelist() if name not in {"environment.yml", "run_otter.py"}}
    for name in ("setup.sh", "run_autograder"):
        text = (_IMAGE / name).read_text(encoding="utf-8")
        files[name] = text.replace("@PYTHON@", f"{sys.version_info.major}.{sys.version_info.minor}").encode()
    files["requirements.txt"] = "".join(f"{line}\n" for line in _requirements()).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if name in {"setup.sh", "run_autograder"} else 0o644) << 16
            written.writestr(entry, files[name])
    return out.getvalue()


def _requirements() -> list[str]:
    """Our dependencies, each at the version that is installed here: the container grades as this machine does."""
    required = importlib.metadata.requires("backprop-course") or []
    names = [re.match(r"[\w.-]+", line) for line in required if "extra ==" not in line]
    return sorted(f"{n[0]}=={importlib.metadata.version(n[0])}" for n in names if n)
