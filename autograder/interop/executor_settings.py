"""Reads what an nbgrader course asks of the executor: its packages, its language, and settings without an effect."""

from __future__ import annotations

from logging import Logger
from pathlib import Path
from typing import Any

from autograder.distributions import distribution_of, import_names, require_installed
from autograder.errors import CourseError
from autograder.intake.reader import is_python, other_language
from autograder.interop.source_imports import source_imports
from autograder.sandbox.launcher import Kernel

# Packages that others import by themselves as soon as a notebook uses a certain method: `df.style`, `df.to_excel`.
_IMPORTED_BY = {"pandas": ("jinja2", "lxml", "openpyxl", "tabulate")}
# Settings of Execute, ExecutePreprocessor and NotebookClient that hold in the sandbox, or that hold there anyway.
_HELD = frozenset(
    "timeout timeout_func skip_cells_with_tag error_on_timeout kernel_name enabled allow_errors display_data_priority "
    "default_language".split()
)


def course_kernel(more: list[str], coursedir: Any, log: Logger) -> Kernel:
    """The packages that a class may import: those of the source, and `more`, from the settings.

    Raises CourseError for a distribution that is not installed. A name that only the source knows is logged: a kernel
    would fail in the cell that imports it, and so does the sandbox.
    """
    packages = set(require_installed(more))
    modules = [name for package in sorted(packages) for name in import_names(package)]
    folder = _source_folder(coursedir)
    for name, file in source_imports(folder).items() if folder else ():
        top = name.partition(".")[0]
        try:
            packages.update(require_installed([distribution_of(name) or top]))
            modules.append(name)
        except CourseError as error:
            log.warning("%s imports %s: %s", file, top, error)
    by_themselves = [name for package in packages for name in _IMPORTED_BY.get(package, ()) if distribution_of(name)]
    return Kernel(tuple(sorted(packages.union(by_themselves))), tuple(modules))


def _source_folder(coursedir: Any) -> Path | None:
    if coursedir is None or not coursedir.assignment_id:
        return None
    return Path(coursedir.format_path(coursedir.source_directory, ".", coursedir.assignment_id))


def require_python(notebook: Any, kernel_name: str) -> None:
    """Raise CourseError if a notebook is in another language. kernel_name: from the settings; it comes first."""
    language = other_language(notebook.metadata)
    if kernel_name:
        language = "" if is_python(kernel_name) else kernel_name
    if language:
        raise CourseError(
            f"kernel: expected Python, got {language!r:.60}. Hint: take the exporter_class out of nbgrader_config.py "
            "for a course in another language."
        )


def say_what_has_no_effect(execute: Any, log: Logger) -> None:
    """Log one line for each setting of nbgrader_config.py that is about a kernel's process, which is not started."""
    for section in ("Execute", "ExecutePreprocessor", "NotebookClient", "SandboxedExecute"):
        known = execute.class_own_traits() if section == "SandboxedExecute" else _HELD
        for name in sorted(execute.config.get(section, {})):
            if name not in known and name not in _HELD:
                log.warning("c.%s.%s: no effect in the sandbox, which starts no kernel.", section, name)
