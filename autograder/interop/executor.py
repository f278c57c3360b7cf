"""`nbgrader autograde` in our sandbox instead of a Jupyter kernel, for any nbgrader course.

One line of nbgrader_config.py:

    c.Autograde.exporter_class = "autograder.interop.executor.SandboxedNotebookExporter"

Everything else is nbgrader's own, also the scoring, which reads the outputs of the cells. Tests still run in the
student's process, and a hostile notebook can read and change them there. But it cannot touch the machine any more.
"""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.preprocessors.execute import Execute
from traitlets import Dict, Float, Integer, List, Unicode

from autograder.errors import AutograderError, CrashError, RaisedError, SandboxError, TimeLimitError
from autograder.sandbox.clocks import WALL_FACTOR, Deadline
from autograder.sandbox.connection import Limits
from autograder.sandbox.launcher import Kernel, Zygote
from autograder.sandbox.student_process import StudentProcess
from autograder.sandbox.tiers import open_sandbox

MAX_FILES, MAX_FILE_BYTES = 200, 8 << 20  # beside a notebook; the folder in the sandbox holds 16 MiB
_SKIP = "skip-execution"
_MIME = {"text/plain", "text/markdown", "text/latex", "image/png", "image/jpeg"}


class SandboxedNotebookExporter(NotebookExporter):
    """Nbgrader's exporter, with SandboxedExecute in the place of its Execute."""

    def register_preprocessor(self, preprocessor: Any, enabled: bool = False) -> Any:
        """As the base class; see https://nbconvert.readthedocs.io, Exporter."""
        chosen = SandboxedExecute if preprocessor is Execute else preprocessor
        return super().register_preprocessor(chosen, enabled)  # type: ignore[no-untyped-call]


class SandboxedExecute(NbGraderPreprocessor):  # type: ignore[misc]
    """Runs the code cells of a notebook in a fresh sandboxed process, and leaves their outputs in it."""

    timeout = Integer(30, help="Seconds of processor time a cell may take.").tag(config=True)
    notebook_timeout = Integer(600, help="Seconds of processor time all cells together may take.").tag(config=True)
    wall_factor = Float(WALL_FACTOR, help="Wall clock, in times of these, for cells that wait or sleep.").tag(
        config=True
    )
    memory_mb = Integer(2048, help="Address space of the process.").tag(config=True)
    output_kb = Integer(1024, help="Text on stdout and stderr that is kept.").tag(config=True)
    packages = List(Unicode(), help="Distributions to import besides NumPy and matplotlib: pandas, scipy.").tag(
        config=True
    )
    tier = Unicode("", help="Insist on sandbox tier A or B. Default: the best that holds.").tag(config=True)
    environment = Dict({"NBGRADER_EXECUTION": "autograde"}, help="What the notebook finds in os.environ.").tag(
        config=True
    )

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Run every code cell. Raises SandboxError if no sandbox holds; nbgrader then grades nothing."""
        limits = Limits(
            memory=self.memory_mb << 20,
            cell=self.timeout,
            submission=self.notebook_timeout,
            cpu=self.notebook_timeout,
            output=self.output_kb << 10,
            wall_factor=self.wall_factor,
        )
        zygote = _zygote(tuple(self.packages), self.tier)
        files = dict(_files(Path(resources.get("metadata", {}).get("path") or ".")))
        with StudentProcess(zygote, limits, "", Deadline(limits.submission, limits.wall_factor)) as session:
            session.start(files, self.environment)
            gone: AutograderError | None = None
            for cell in nb.cells:
                if _runs(cell):
                    gone = _run(session, cell, gone)
        return nb, resources


_open: dict[tuple[tuple[str, ...], str], Zygote] = {}


def _zygote(packages: tuple[str, ...], tier: str) -> Zygote:
    """One zygote for the whole class, until the command ends."""
    key = packages, tier
    if key not in _open:
        wanted: Any = tier or None
        _open[key] = open_sandbox({}, wanted, Kernel(packages))
        atexit.register(_open[key].close)
    return _open[key]


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files beside the notebook, without other notebooks: data and modules. Links are not followed."""
    paths = [p for p in sorted(folder.rglob("*")) if p.is_file() and not p.is_symlink() and p.suffix != ".ipynb"]
    if len(paths) > MAX_FILES or sum(p.stat().st_size for p in paths) > MAX_FILE_BYTES:
        raise SandboxError(
            f"{folder}: expected at most {MAX_FILES} files of {MAX_FILE_BYTES >> 20} MiB together beside a notebook."
        )
    for path in paths:
        yield path.relative_to(folder).as_posix(), path.read_bytes()


def _runs(cell: Any) -> bool:
    """As nbclient decides it."""
    return cell.cell_type == "code" and bool(cell.source.strip()) and _SKIP not in cell.metadata.get("tags", ())


def _run(session: StudentProcess, cell: Any, gone: AutograderError | None) -> AutograderError | None:
    """Run one cell and write its outputs. Returns the reason if no further cell can run, else ""."""
    cell.outputs, cell.execution_count = [], None
    try:
        if gone is not None:
            raise gone
        answer, interrupted = session.run(cell.source)
        cell.execution_count, cell.outputs = _checked(answer)
        if interrupted is not None:
            cell.outputs.append(_error("CellTimeoutError", str(interrupted)))
    except RaisedError as error:  # for example, the output is too large to hand over
        cell.outputs = [_error(error.type_name, error.text)]
    except (TimeLimitError, CrashError) as error:
        cell.outputs = [
            _error("CellTimeoutError" if isinstance(error, TimeLimitError) else "DeadKernelError", str(error))
        ]
        return error
    return None


def _error(name: str, text: str) -> Any:
    return new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])


def _checked(answer: Any) -> tuple[int, list[Any]]:
    """[count, outputs] from the process. Each field must have its type; raises CrashError."""
    match answer:
        case [int(count), list(outputs)] if 0 <= count < 1 << 31:
            return count, [_output(item) for item in outputs]
    raise CrashError("broke the protocol: malformed outputs")


def _output(item: Any) -> Any:
    match item:
        case {"output_type": "stream", "name": "stdout" | "stderr" as name, "text": str(text)}:
            return new_output("stream", name=name, text=text)
        case {"output_type": "error", "ename": str(name), "evalue": str(value), "traceback": list(lines)}:
            return new_output("error", ename=name, evalue=value, traceback=[str(line) for line in lines])
        case {"output_type": "display_data", "data": dict(data)}:
            return new_output("display_data", data=_bundle(data))
        case {"output_type": "execute_result", "data": dict(data), "execution_count": int(count)}:
            return new_output("execute_result", data=_bundle(data), execution_count=count)
    raise CrashError("broke the protocol: an output of an unknown kind")


def _bundle(data: dict[Any, Any]) -> dict[str, str]:
    return {kind: text for kind, text in data.items() if kind in _MIME and isinstance(text, str)}
