"""A notebook as a Jupyter kernel would run it: IPython's shell, and the outputs of every cell, in the sandbox.

Graders that score by the outputs of cells, such as nbgrader, use it. The shell is made once, in the zygote, and every
notebook gets a fork of it. Student code can change all of it.
"""

from __future__ import annotations

import asyncio
import contextvars
import cProfile  # noqa: F401 — for notebooks: imported here, it is free there
import os
import signal
import sys
import time
import unittest.mock  # noqa: F401 — the same
from pathlib import Path
from typing import Any

from . import otter_descriptions, otter_stub, session, warm_start
from .notebook_outputs import Stream
from .notebook_shell import ZMQInteractiveShell, make_shell, refuse_input, text_of


class NotebookSession(session.Session):
    """The requests of a notebook: start, its files, then run one cell after another."""

    ipython: ZMQInteractiveShell

    @classmethod
    def get_ready(cls) -> None:
        """Make the shell, once: a fork of it costs nothing."""
        super().get_ready()
        cls.ipython = make_shell()
        # A shell's background job ignores the interrupt, and its children inherit that.
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def do_start(self, folder: str, environment: dict[str, str], output: int) -> None:
        """Begin the notebook in a folder below the private one, so that the folder above it is there, too."""
        os.environ.update(environment)
        self.channel.codec.tables = False
        sys.path.insert(0, "")
        sys.modules["__main__"] = self.ipython.user_module
        if folder:
            os.mkdir(folder)  # noqa: PTH102 — plain text
            os.chdir(folder)
        self.ipython.db.root = Path.home() / ".store"  # of `%store`
        outputs = self.ipython.outputs
        outputs.begin(output)
        sys.stdout, sys.stderr = Stream("stdout", 1, outputs), Stream("stderr", 2, outputs)
        vars(sys).update(__stdout__=sys.stdout, __stderr__=sys.stderr)
        self.loop, self.context = asyncio.new_event_loop(), contextvars.copy_context()

    def do_write(self, path: str, data: Any) -> None:
        """Add bytes to a file beside the notebook, and make its folders."""
        warm_start.importable([path.removesuffix(".py").replace("/", ".")])
        if folder := os.path.dirname(path):  # noqa: PTH120 — plain text
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        with open(path, "ab") as file:  # noqa: PTH123
            file.write(data.tobytes())

    def do_run(self, source: str) -> list[Any]:
        """Run one cell. Returns [execution count, outputs]."""
        if time.monotonic() > self.ipython.ends:
            os._exit(0)
        outputs, count = self.ipython.outputs, self.ipython.execution_count
        outputs.items = []
        refuse_input()
        task = self.loop.create_task(self._run(source), context=self.context)  # np.seterr() stays for the next cell
        try:
            error = self.loop.run_until_complete(task)
        except KeyboardInterrupt as interrupt:  # while the cell awaited something
            task.cancel()
            self.loop.run_until_complete(asyncio.wait([task]))
            error = interrupt
        if error is not None and not any(item["output_type"] == "error" for item in outputs.items):
            outputs.add("error", ename=type(error).__name__, evalue=text_of(error), traceback=[])
        return [count, outputs.items]

    async def _run(self, source: str) -> BaseException | None:
        """Run a cell inside the loop, as ipykernel does: `asyncio.run` is refused there, and tasks go on."""
        shell: Any = self.ipython
        try:
            cell, trouble = shell.transform_cell(source), None
        except Exception:  # noqa: BLE001 — a transformer can be a student's
            cell, trouble = source, sys.exc_info()
        if shell.should_run_async(source, transformed_cell=cell, preprocessing_exc_tuple=trouble):
            result = await shell.run_cell_async(
                source, store_history=True, transformed_cell=cell, preprocessing_exc_tuple=trouble
            )
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
        else:
            result = shell.run_cell(source, store_history=True)
        await asyncio.sleep(0)  # other tasks
        error: BaseException | None = result.error_before_exec or result.error_in_exec
        return error

    def do_dropped(self) -> int:
        return self.ipython.outputs.dropped

    def do_otter(self, ask: Any, folder: bool) -> None:
        """Let the notebook `import otter`: a stand-in that asks the grader. folder: whether it has a folder."""
        self.own_open = self.ipython.user_ns.get("open")
        self.desk = otter_stub.Desk(ask, has_folder=folder)
        otter_stub.install(self.desk, self.ipython.user_ns)
        self.ipython.InteractiveTB.set_mode("Minimal")  # nobody reads tracebacks, and a long one takes 0.1 s
        vars(self.ipython)["ask_exit"] = otter_stub.nothing  # after `exit`, otter runs the next cells all the same

    def do_otter_test(self, path: str) -> bool:
        """Run a test file on the notebook's names. Returns False if it was interrupted."""
        try:
            otter_stub.run_test(self.desk, path, self.ipython.user_ns)
        except KeyboardInterrupt:
            return False
        return True

    def do_otter_end(self) -> None:
        """Do what otter's last cell does after the tests."""
        otter_stub.require_own_open(self.ipython.user_ns, self.own_open)

    def do_otter_tests(self, sources: dict[str, str]) -> dict[str, list[Any]]:
        """A teacher's test files as plain values; of one that cannot be loaded, ["broken", the exception]."""
        otter_stub.install(otter_stub.Desk(otter_stub.nothing, has_folder=True), self.ipython.user_ns)
        return {path: otter_descriptions.described_or_broken(source, path) for path, source in sources.items()}
