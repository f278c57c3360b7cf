"""A machine that only grades: a Python that sees this package and the distributions of requirements-grade.lock alone.

Nothing is downloaded: the environment has the files that are installed here. So a package that is not in the lock cannot
be imported, nor found by its metadata, in any process that a command starts. The files are hard links, since the web
process may read no file that a symbolic link names outside of the environment.
"""

import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from ci.classroom import FONTS

from autograder.ci.packing import _LOCK, NAME
from autograder.distributions import normalised

ROOT = Path(__file__).resolve().parents[1]


def locked():
    """The names of all distributions of the lock."""
    return set(re.findall(r"^([a-z0-9-]+)==", _LOCK.read_text(), re.MULTILINE))


def make(folder):
    """Make the environment below `folder`; the path of its Python."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    site = next((folder / "lib").glob("python*")) / "site-packages"
    for distribution in metadata.distributions():
        name = normalised(distribution.metadata["Name"])
        if name in locked():
            _install(distribution, site)
        elif name == NAME:  # the commands read its name, version and requirements, not its files
            metadata_folder = site / Path(distribution._path).name
            metadata_folder.mkdir()
            for file in ("METADATA", "entry_points.txt"):
                (metadata_folder / file).write_text(distribution.read_text(file))
    for package in ("autograder", "reference_impl"):
        _put(ROOT / package, site / package)
    (site / "autograder/_course/docs").mkdir(parents=True)
    for name in ("solutions", "course.toml", "docs/explain.html", "nbgrader_config.py"):
        _put(ROOT / name, site / "autograder/_course" / name)
    return folder / "bin" / "python"


def _install(distribution, site):
    home = Path(distribution.locate_file(""))
    for top in {path.parts[0] for path in distribution.files} - {"..", "__pycache__"}:
        if not (site / top).exists():
            _put(home / top, site / top)


def _put(source, target):
    if source.is_dir():
        shutil.copytree(source, target, copy_function=_link_file)
    else:
        _link_file(source, target)


def _link_file(source, target):
    try:
        os.link(source, target)
    except OSError:  # another disk, or the file of another user
        shutil.copy2(source, target)


def run(python, folder, *arguments):
    """(exit code, what it printed) of `autograder ARGUMENTS` in `folder`."""
    done = subprocess.run(
        [python, "-m", "autograder", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=300,
        env={**FONTS, "PATH": os.environ["PATH"], "NO_COLOR": "1", "HOME": str(folder), "COLUMNS": "200"},
    )
    return done.returncode, done.stdout
