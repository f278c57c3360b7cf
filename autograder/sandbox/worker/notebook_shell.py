"""IPython's shell for a notebook in the sandbox: as a Jupyter kernel has it, without programs and without a person."""

from __future__ import annotations

import builtins
import getpass
import math
import os
import sys
import time
import types
import zlib
from typing import Any, NoReturn

from IPython.core.compilerop import CachingCompiler
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from matplotlib_inline.config import InlineBackend
from traitlets import Any as TraitOfAnyType
from traitlets.config import Config

from .notebook_outputs import MAX_TEXT, Outputs, Publisher, ResultHook

_INLINE = "module://matplotlib_inline.backend_inline"
# Cells in another language: a program or a browser would run them.
_OTHER_LANGUAGES = frozenset({"bash", "sh", "script", "sx", "!", "system", "ruby", "perl", "python2", "pypy"})


class _CellCompiler(CachingCompiler):
    """Gives a cell the name of a file, as ipykernel does."""

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:  # noqa: ARG002
        return f"/tmp/ipykernel_1/{zlib.crc32(raw_code.encode('utf-8', 'replace'))}.py"  # noqa: S108


class ZMQInteractiveShell(InteractiveShell):
    """IPython without a terminal, history, or programs: `!pip install x` above a right answer costs nothing.

    Its name, module and trait are those of ipykernel's shell, because tqdm and many notebooks ask for them.
    """

    __module__ = "ipykernel.zmqshell"
    kernel = TraitOfAnyType()
    outputs: Outputs
    ends: float = math.inf  # when the process is to end, on the monotonic clock

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        lines = [t[:MAX_TEXT] for t in stb]
        self.outputs.add("error", ename=etype.__name__[:200], evalue=text_of(evalue), traceback=lines)

    def system(self, cmd: str) -> None: ...

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> list[str]:  # noqa: ARG002
        return []

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        if magic_name in _OTHER_LANGUAGES:
            return None
        return super().run_cell_magic(magic_name, line, cell)  # type: ignore[no-untyped-call]

    def enable_gui(self, gui: Any = None) -> None: ...

    def enable_matplotlib(self, gui: str | None = None) -> Any:
        """`%matplotlib notebook` needs a browser. Here its figures are images, and stay open, as they do there."""
        stays = gui in {"notebook", "nbagg"}
        InlineBackend.instance(parent=self).close_figures = not stays
        return super().enable_matplotlib("inline" if stays else gui)  # type: ignore[no-untyped-call]

    def ask_exit(self) -> None:
        """`exit()` ends a kernel a tenth of a second later: the rest of its cell runs, and quick cells below it."""
        self.ends = time.monotonic() + 0.1

    def show_usage(self) -> None: ...


def make_shell() -> ZMQInteractiveShell:
    """The shell, warm, with the figures of matplotlib as outputs."""
    config = Config()
    config.HistoryManager.enabled = False  # a database file, and a thread
    config.InteractiveShell.colors = "NoColor"
    config.IPKernelApp.connection_file = ""  # libraries look for this section to know that they run in a notebook
    main = sys.modules["__main__"] = types.ModuleType(
        "__main__", "Automatically created module for IPython interactive environment"
    )
    shell: Any = ZMQInteractiveShell.instance(
        config=config,
        display_pub_class=Publisher,
        displayhook_class=ResultHook,
        compiler_class=_CellCompiler,
        user_module=main,
    )
    shell.extension_manager.load_extension("storemagic")  # a kernel has it
    _ = shell.db  # of `%store`: it makes a folder where no submission may make one
    shell.outputs = shell.display_pub.outputs = shell.displayhook.outputs = Outputs()
    first = dict(shell.user_ns)
    shell.run_cell("import matplotlib.pyplot, matplotlib_inline.backend_inline\n1\n'warm'")
    shell.reset()
    shell.user_ns.update({name: value for name, value in first.items() if name not in shell.user_ns})  # such as `_`
    shell.enable_matplotlib("inline")
    os.environ["MPLBACKEND"] = _INLINE
    sys.breakpointhook = _nobody_debugs
    if "ipywidgets" in sys.modules:
        _let_widgets_take_outputs(shell.outputs)
    shell.execution_count = 1
    made: ZMQInteractiveShell = shell
    return made


def refuse_input() -> None:
    """Let `input()` and `getpass()` raise, as a kernel without a person does before each cell."""
    builtins.input = _no_input
    getpass.getpass = _no_input


def _nobody_debugs(*_: object, **__: object) -> None:
    """`breakpoint()` waits for a debugger, and a kernel without one goes on."""


def _let_widgets_take_outputs(outputs: Outputs) -> None:
    """Let `with Output():` take the outputs of its block away from the cell. `interact` uses it, too."""
    Output: Any = sys.modules["ipywidgets"].Output
    enter, leave = Output.__enter__, Output.__exit__

    def __enter__(self: Any) -> Any:
        outputs.taken += 1
        return enter(self)

    def __exit__(self: Any, *error: Any) -> Any:
        try:
            return leave(self, *error)  # it shows the error
        finally:
            outputs.taken -= 1

    Output.__enter__, Output.__exit__ = __enter__, __exit__


def _no_input(prompt: object = "", *_: object, **__: object) -> NoReturn:  # noqa: ARG001
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")


def text_of(error: BaseException) -> str:
    """The text of a student's exception, bounded."""
    try:
        return str(error)[:MAX_TEXT]
    except BaseException:  # noqa: BLE001 — its __str__ may be hostile
        return ""
