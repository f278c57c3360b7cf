"""A notebook as a Jupyter kernel would run it: IPython's shell, and the outputs of every cell, in the sandbox.

Graders that score by the outputs of cells, such as nbgrader, use it. The shell is made once, in the zygote, and every
notebook gets a fork of it. Student code can change all of it.
"""

from __future__ import annotations

import base64
import os
import signal
import sys
import types
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from . import output, session, warm_start

_KEPT = ("text/plain", "text/markdown", "text/latex", "image/png", "image/jpeg")  # no HTML, SVG or JavaScript
_TEXT = 1 << 20  # characters of one output


class Outputs:
    """The outputs of a cell, in order, in the form of a notebook file. left: characters that still fit."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self.left = 0
        self.dropped = 0

    def begin(self, limit: int) -> None:
        """Begin a notebook, whose outputs keep `limit` characters."""
        self.left = limit

    def add(self, kind: str, **fields: Any) -> None:
        """Add one output that is not a stream."""
        self.items.append({"output_type": kind, **fields})

    def write(self, name: str, text: str) -> None:
        """Add a piece of stdout or stderr. Pieces of one stream become one output."""
        kept = text[: self.left]
        self.left -= len(kept)
        self.dropped += len(text) - len(kept)
        last = self.items[-1] if self.items else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += kept
        elif text:  # also if the text is dropped: an output on stderr decides scores
            self.add("stream", name=name, text=kept)


class _Stream(output.Output):
    """stdout or stderr of a notebook."""

    def __init__(self, name: str, outputs: Outputs) -> None:
        super().__init__(0)
        self.name, self.outputs = name, outputs

    def write(self, text: str) -> int:
        self.outputs.write(self.name, str(text))
        return len(text)


class _Publisher(DisplayPublisher):
    outputs: Outputs

    def publish(self, data: dict[str, Any], metadata: Any = None, *_: Any, **__: Any) -> None:  # noqa: ARG002
        self.outputs.add("display_data", data=_portable(data))

    def clear_output(self, wait: bool = False) -> None:  # noqa: ARG002
        self.outputs.items.clear()


class _Hook(DisplayHook):
    outputs: Outputs

    def write_output_prompt(self) -> None: ...

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:  # noqa: ARG002
        self.outputs.add("execute_result", data=_portable(format_dict), execution_count=self.prompt_count)

    def finish_displayhook(self) -> None:
        sys.stdout.flush()


class NotebookShell(InteractiveShell):
    """IPython without a terminal, history, or programs: `!pip install x` above a right answer costs nothing."""

    outputs: Outputs

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.outputs.add("error", ename=etype.__name__[:200], evalue=_text(evalue), traceback=[t[:_TEXT] for t in stb])

    def system(self, cmd: str) -> None: ...

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> list[str]:  # noqa: ARG002
        return []

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        if magic_name in {"bash", "sh", "script", "sx", "system", "ruby", "perl", "javascript", "js"}:
            return None
        return super().run_cell_magic(magic_name, line, cell)  # type: ignore[no-untyped-call]

    def enable_gui(self, gui: Any = None) -> None: ...


def make_shell() -> NotebookShell:
    """IPython's shell, warm, with the figures of matplotlib as outputs."""
    config = Config()
    config.HistoryManager.enabled = False  # a database file, and a thread
    config.InteractiveShell.colors = "NoColor"
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    shell: Any = NotebookShell.instance(
        config=config, display_pub_class=_Publisher, displayhook_class=_Hook, user_module=main
    )
    shell.outputs = shell.display_pub.outputs = shell.displayhook.outputs = Outputs()
    shell.run_cell("import matplotlib.pyplot, matplotlib_inline.backend_inline\n1\n'warm'")
    shell.reset()
    shell.execution_count = 1
    made: NotebookShell = shell
    return made


class NotebookSession(session.Session):
    """The requests of a notebook: begin, then run one cell after another."""

    ipython: NotebookShell

    @classmethod
    def get_ready(cls) -> None:
        """Make the shell, once: a fork of it costs nothing."""
        cls.ipython = make_shell()
        # A shell's background job ignores the interrupt, and its children inherit that.
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def do_start(self, files: dict[str, Any], environment: dict[str, str], output: int) -> None:
        """Write the files, with their folders, beside the notebook."""
        os.environ.update(environment)
        self.channel.codec.tables = False
        sys.path.insert(0, "")
        warm_start.importable(path.removesuffix(".py").replace("/", ".") for path in files)
        for path, data in files.items():
            folder = os.path.dirname(path)  # noqa: PTH120 — plain text
            if folder:
                os.makedirs(folder, exist_ok=True)  # noqa: PTH103
            with open(path, "wb") as file:  # noqa: PTH123
                file.write(data.tobytes())
        outputs = self.ipython.outputs
        outputs.begin(output)
        sys.stdout, sys.stderr = _Stream("stdout", outputs), _Stream("stderr", outputs)

    def do_run(self, source: str) -> list[Any]:
        """Run one cell. Returns [execution count, outputs]."""
        outputs = self.ipython.outputs
        outputs.items = []
        count = self.ipython.execution_count
        result: Any = self.ipython.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
        error = result.error_before_exec or result.error_in_exec
        if error is not None and not any(item["output_type"] == "error" for item in outputs.items):
            outputs.add("error", ename=type(error).__name__, evalue=_text(error), traceback=[])
        return [count, outputs.items]

    def do_dropped(self) -> int:
        return self.ipython.outputs.dropped


def _portable(data: dict[str, Any]) -> dict[str, str]:
    """The representations that an output keeps, images as base64."""
    shown = {}
    for kind in _KEPT:
        value = data.get(kind)
        if isinstance(value, bytes):
            value = base64.b64encode(value).decode("ascii")
        if isinstance(value, str):
            shown[kind] = value[: 8 * _TEXT] if kind.startswith("image/") else value[:_TEXT]
    return shown


def _text(error: BaseException) -> str:
    try:
        return str(error)[:_TEXT]
    except BaseException:  # noqa: BLE001 — its __str__ may be hostile
        return ""
