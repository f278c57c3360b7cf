"""`nbgrader autograde` in our sandbox instead of a Jupyter kernel, for any nbgrader course.

One line of nbgrader_config.py:

    c.Autograde.exporter_class = "autograder.interop.executor.SandboxedNotebookExporter"

Everything else is nbgrader's own, also the scoring, which reads the outputs of the cells. Tests still run in the
student's process, and a hostile notebook can read and change them there. But it cannot touch the machine any more.
docs/nbgrader.md says what differs from a kernel.
"""

from __future__ import annotations

import atexit
import math
import sys
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors.execute import Execute
from traitlets import Dict, Float, Integer, List, Unicode

from autograder.errors import AutograderError, CrashError, RaisedError, TimeLimitError
from autograder.interop.executor_outputs import checked, error_output
from autograder.interop.executor_settings import course_kernel, require_python, say_what_has_no_effect
from autograder.interop.notebook_files import FilesBeside, files_beside
from autograder.sandbox.clocks import WALL_FACTOR, Deadline
from autograder.sandbox.connection import Limits
from autograder.sandbox.launcher import Kernel, Zygote
from autograder.sandbox.private_folder import no_folder, with_room
from autograder.sandbox.student_process import StudentProcess
from autograder.sandbox.tiers import open_sandbox

_WRITTEN_BYTES, _WRITTEN_FILES = 64 << 20, 4096  # that a notebook may write


class SandboxedNotebookExporter(NotebookExporter):
    """Nbgrader's exporter, with SandboxedExecute in the place of its Execute."""

    def __init__(self, **settings: Any) -> None:
        """Read the settings for the whole class. Raises NbGraderException, with one line in nbgrader's log."""
        super().__init__(**settings)  # type: ignore[no-untyped-call]
        execute = SandboxedExecute(parent=self)
        try:
            self.kernel = course_kernel(execute.packages, getattr(self.parent, "coursedir", None), self.log)
        except AutograderError as error:
            self.log.error(str(error))  # noqa: TRY400 — one line, no traceback
            raise NbGraderException(str(error)) from None
        say_what_has_no_effect(execute, self.log)

    def register_preprocessor(self, preprocessor: Any, enabled: bool = False) -> Any:
        """As the base class; see https://nbconvert.readthedocs.io, Exporter."""
        chosen = SandboxedExecute if preprocessor is Execute else preprocessor
        return super().register_preprocessor(chosen, enabled)  # type: ignore[no-untyped-call]

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
        """As the base class. Nbgrader logs the traceback of an exception: of ours, only its own line."""
        vars(sys).pop("tracebacklimit", None)
        try:
            return super().from_filename(filename, resources, **kw)
        except AutograderError:
            sys.tracebacklimit = 0
            raise


class SandboxedExecute(Execute):  # type: ignore[misc]
    """Runs the code cells of a notebook in a fresh sandboxed process, and leaves their outputs in it.

    Settings of Execute count here, too: `c.Execute.timeout`, `c.ExecutePreprocessor.timeout`. Times are seconds of
    processor time.
    """

    notebook_timeout = Integer(600, help="Seconds of processor time all cells together may take.").tag(config=True)
    wall_factor = Float(WALL_FACTOR, help="Wall clock, in times of these, for cells that wait or sleep.").tag(
        config=True
    )
    memory_mb = Integer(4096, help="Address space of the process.").tag(config=True)
    output_kb = Integer(1024, help="Text on stdout and stderr that is kept.").tag(config=True)
    files_mb = Integer(512, help="Files beside a notebook that it may open, together.").tag(config=True)
    packages = List(Unicode(), help="Distributions to import besides those that the source imports.").tag(config=True)
    tier = Unicode("", help="Insist on sandbox tier A or B. Default: the best that holds.").tag(config=True)
    environment = Dict(
        {"NBGRADER_EXECUTION": "autograde", "USER": "student", "LOGNAME": "student"},
        help="What the notebook finds in os.environ.",
    ).tag(config=True)

    def preprocess(self, nb: Any, resources: Any = None, km: Any = None) -> tuple[Any, Any]:  # noqa: ARG002
        """Run every code cell. Raises SandboxError if no sandbox holds; nbgrader then grades nothing."""
        require_python(nb, self.kernel_name)
        folder = Path((resources or {}).get("metadata", {}).get("path") or ".")
        files = files_beside(folder, self.files_mb)
        cells = [cell for cell in nb.cells if self._runs(cell)]
        limits = self._limits([self._seconds(cell) for cell in cells], files)
        kernel = getattr(self.parent, "kernel", None) or course_kernel(self.packages, None, self.log)
        zygote = _zygote(kernel, self.tier)
        with StudentProcess(zygote, limits, "", Deadline(limits.submission, limits.wall_factor)) as session:
            _put_beside(session, zygote, files, self.environment)
            gone: AutograderError | None = None
            for cell in cells:
                gone = self._run(session, cell, gone)
        return nb, resources

    def _limits(self, seconds: list[float], files: FilesBeside) -> Limits:
        """The limits of a notebook whose cells may take so long each."""
        total = max([self.notebook_timeout, *(s for s in seconds if math.isfinite(s))])
        limits = Limits(
            memory=self.memory_mb << 20,
            cell=total,
            submission=total,
            cpu=math.ceil(total),
            output=self.output_kb << 10,
            wall_factor=self.wall_factor,
            folder=_WRITTEN_BYTES,
            files=_WRITTEN_FILES,
        )
        return with_room(limits, files.sizes)

    def _runs(self, cell: Any) -> bool:
        """As nbclient decides it."""
        tags = cell.metadata.get("tags", ())
        return cell.cell_type == "code" and bool(cell.source.strip()) and self.skip_cells_with_tag not in tags

    def _seconds(self, cell: Any) -> float:
        """The limit of a cell, as nbclient reads it: 0, None and numbers below 0 mean that there is none."""
        seconds = self.timeout if self.timeout_func is None else self.timeout_func(cell)
        return float(seconds) if seconds and seconds > 0 else math.inf

    def _run(self, session: StudentProcess, cell: Any, gone: AutograderError | None) -> AutograderError | None:
        """Run one cell and write its outputs. Returns the reason if no further cell can run, else None."""
        cell.outputs, cell.execution_count = [], None
        try:
            if gone is not None:
                raise gone
            answer, interrupted = session.run(cell.source, min(self._seconds(cell), session.limits.cell))
            cell.execution_count, cell.outputs = checked(answer)
            if interrupted is not None:
                cell.outputs.append(self._timed_out(interrupted))
        except RaisedError as error:  # for example, the output is too large to hand over
            cell.outputs = [error_output(error.type_name, error.text)]
        except TimeLimitError as error:
            cell.outputs = [self._timed_out(error)]
            return error
        except CrashError as error:
            cell.outputs = [error_output("DeadKernelError", str(error))]
            return error
        return None

    def _timed_out(self, error: TimeLimitError) -> Any:
        """The output of a cell that was stopped. `error_on_timeout` can give it another name and text."""
        name = str(self.error_on_timeout.get("ename") or "CellTimeoutError")
        return error_output(name, str(self.error_on_timeout.get("evalue") or error))


_open: dict[tuple[Kernel, str], Zygote] = {}


def _zygote(kernel: Kernel, tier: str) -> Zygote:
    """One zygote for the whole class, until the command ends."""
    key = kernel, tier
    if key not in _open:
        wanted: Any = tier or None
        _open[key] = open_sandbox({}, wanted, kernel)
        atexit.register(_open[key].close)
    return _open[key]


def _put_beside(session: StudentProcess, zygote: Zygote, files: FilesBeside, environment: dict[str, str]) -> None:
    """Begin the notebook in a folder of the same name, with these files. Raises SandboxError."""
    if not zygote.namespaces and any(not name.endswith(".ipynb") for name in files.sizes):
        raise no_folder(files.folder)
    name = files.folder.resolve().name
    session.start(name if zygote.namespaces else "", environment)
    for path, piece in files.pieces() if zygote.namespaces else ():
        session.write(path, piece)
