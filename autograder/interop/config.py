"""nbgrader's settings for a course: `nbgrader_config.py` in the course's root calls `configure`.

All work of students lies below work/, where our own commands expect it, too. Settings that an instructor writes below
the call come after it, and win.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograder.course import Course, find_course
from autograder.errors import CourseError
from autograder.interop import formgrader


def configure(c: Any, root: Path | None = None) -> None:
    """For nbgrader_config.py: set nbgrader's settings for the course around `root`, and prepare nbgrader's process.

    c: traitlets' Config. nbgrader has no other place for the second part: see `prepare_process`.
    """
    course = find_course(root or Path.cwd())
    apply_settings(c, course)
    prepare_process(course)


def apply_settings(c: Any, course: Course) -> None:
    """Set nbgrader's folders, gradebook and exchange. c: traitlets' Config."""
    c.CourseDirectory.root = str(course.root)
    c.CourseDirectory.course_id = course.identity
    c.CourseDirectory.db_url = course.gradebook
    c.CourseDirectory.source_directory = "work/source"
    c.CourseDirectory.release_directory = "work/release"
    c.CourseDirectory.submitted_directory = "work/submitted"
    c.CourseDirectory.autograded_directory = "work/autograded"
    c.CourseDirectory.feedback_directory = "work/feedback"
    c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", ".pytest_cache", ".DS_Store"]
    c.Exchange.root = str(_made(course.work / "exchange"))
    c.Autograde.create_student = True
    c.GenerateAssignment.exporter_class = "autograder.interop.maximum.MaximumExporter"


def prepare_process(course: Course) -> None:
    """Let this process find nbgrader's tools; start the page for grading by hand if a user asked for that."""
    os.environ["PATH"] = _path_with_tools()
    if formgrader.is_asked_for(sys.argv):
        formgrader.serve(course.root, sys.argv[2:])


@contextmanager
def tools_on_path() -> Iterator[None]:
    """Let nbgrader's code in this process find its tools while this is open. The PATH is put back afterwards."""
    before = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = _path_with_tools()
    try:
        yield
    finally:
        os.environ["PATH"] = before


def _path_with_tools() -> str:
    """Nbgrader runs `alembic` by name, and a virtual environment that is not activated is not on the PATH."""
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"


def _made(folder: Path) -> Path:
    """The exchange must be writable for all of a course's users; on one machine of one instructor that is one user."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def load_settings(root: Path) -> Any:
    """Our settings, and over them what the course's nbgrader_config.py says, as nbgrader itself would read it.

    That file calls `configure`, which prepares nbgrader's process. This process is another one, so its PATH stays.
    """
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    settings = Config()
    apply_settings(settings, find_course(root))
    if (root / "nbgrader_config.py").is_file():
        try:
            with tools_on_path():
                settings.merge(PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config())
        except (Exception, SystemExit) as error:
            got = f"{type(error).__name__}: {error}"
            raise CourseError(f"{root / 'nbgrader_config.py'}: expected settings that run, got {got}.") from error
    return settings
