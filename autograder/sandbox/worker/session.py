"""One submission's process: runs cells, answers calls, and calls the grader's functions.

Student code can read and change everything in this process, so it computes no verdict and knows none. The grader treats
each answer as hostile bytes.
"""

from __future__ import annotations

import _sitebuiltins
import builtins
import contextlib
import random
import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from . import bench, drawn_axes, magics, pyplot_figures, wire
from .cell_runner import CellRunner
from .channel import Channel
from .describing import describe, error_fields, form_of, form_of_a_class, is_stub
from .formulas import evaluating
from .layouts import WireError
from .making import made_with_the_grader, maker_in
from .output import Output
from .remote import RemoteArray
from .sharing import Kept, kept, overwrite, rebuilt, reusing_one_buffer
from .stand_ins import with_stand_ins
from .warm_start import Handout, Shelf, write_file

_HANDED = "__handed__"  # attribute of a function of the grader: its number
_AS_NUMPY_STARTS: Any = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
_NOTHING = object()
_MAX_HEARD = 1 << 16  # characters that a call prints and a check can read


def serve(fd: int, shelf: Shelf, kind: type[Session]) -> None:
    """Answer requests until the grader closes the connection."""
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 — students use it; the same notebook must run the same twice
    channel = Channel(fd)
    session = kind(channel, shelf)
    while True:
        try:
            request = channel.receive()
        except WireError as error:  # a table for a process without pandas
            number = channel.number_of_last()
            channel.send({"id": number, "kind": "error", "type": "ImportError", "text": str(error), "line": None})
            continue
        if request is None:
            return
        session.reply(request)


class Session:
    """The notebook's namespace, and the objects to which the grader has references."""

    @classmethod
    def get_ready(cls) -> None:
        """Work that is done once, in the zygote. Without Python's `site`, nobody has defined `help`."""
        vars(builtins).setdefault("help", _sitebuiltins._Helper())  # noqa: SLF001 — as `site` does it
        pyplot_figures.follow_show()

    def __init__(self, channel: Channel, shelf: Shelf) -> None:
        self.channel, self.shelf = channel, shelf
        channel.codec = wire.Codec(self.refer, self.resolve, grader=False)
        channel.reply = self.reply
        self.objects: list[Any] = []
        main = types.ModuleType("__main__")
        self.names = main.__dict__
        self.names.update(__builtins__=builtins, get_ipython=magics.get_ipython, display=lambda *_, **__: None)
        sys.modules["__main__"] = main
        self.cells = CellRunner(self.names)
        self.figures = pyplot_figures.CellFigures()
        self.output = Output(0)
        self.maker: RemoteArray | None = None  # in this call, np.zeros and the like make arrays of its owner
        self.had_maker = False
        self.exchanged: dict[str, Any] = {}  # the values of names before they were exchanged

    def reply(self, request: dict[str, Any]) -> None:
        """Answer one request; calls of "each" one after another, up to the first without a result."""
        number, fields = request["id"], request["with"]
        if request["op"] != "each":
            self._reply(request)
            return
        for args in fields["cases"]:
            call = {"function": fields["function"], "args": args, "kwargs": {}}
            if not self._reply({"id": number, "op": "call", "with": call}):
                return

    def _reply(self, request: dict[str, Any]) -> bool:
        """Whether the answer is a value."""
        answer = self.answer(request)
        try:
            self.channel.send(answer)
        except WireError as error:
            self.channel.send({"id": request["id"], "kind": "refused", "text": str(error)})
            return False
        return bool(answer["kind"] == "value")

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Run one request. Every exception of student code, also SystemExit, becomes an answer."""
        number = request["id"]
        try:
            value = getattr(self, f"do_{request['op']}")(**request["with"])
        except BaseException as error:  # noqa: BLE001 — sys.exit() in a function must cost one check, not all
            return {"id": number, "kind": "error", **error_fields(error)}
        finally:
            self.maker = None  # it is for one request only
        return {"id": number, "kind": "value", "value": value}

    def do_begin(self, assignment: str, output: int, modules: dict[str, str]) -> None:
        """Prepare the process. modules: the student's own, by name; a hand-out of the same name comes first."""
        self.output = sys.stdout = sys.stderr = Output(output)
        for name, text in modules.items():
            write_file(f"{name}.py", text)
        for name, code in self.shelf.handouts.get(assignment, {}).items():
            sys.meta_path.insert(0, Handout(name, code))

    def do_dropped(self) -> int:
        return self.output.dropped

    def do_cell(self, source: str) -> None:
        try:
            self.cells.run(source)
        finally:
            self.figures.end_cell()

    def do_restore(self, names: list[str]) -> list[list[Any]]:
        return [list(overwritten) for overwritten in self.cells.watch.restore(names)]

    def do_names(self) -> list[str]:
        return [name for name in self.names if isinstance(name, str) and not name.startswith("_")][:1000]

    def do_functions(self) -> dict[str, Any]:
        return {name: value for name in self.do_names() if callable(value := self.names[name])}

    def do_get(self, name: str) -> Any:
        return self.names[name]

    def do_call(
        self, function: Any, args: list[Any], kwargs: dict[str, Any], keep: int | bool = False, shown: bool = False
    ) -> Any:
        maker = self.maker
        if maker is None and self.had_maker:  # a kept object may hold such an array
            maker = maker_in([args, kwargs])
        replaced = made_with_the_grader(maker, self.names) if maker is not None else contextlib.nullcontext()
        with np.errstate(**_AS_NUMPY_STARTS), replaced:  # np.seterr() in a cell ends with that cell
            if shown:
                return self._shown(function, args, kwargs)
            result = function(*args, **kwargs)
        return result if keep is False else kept(result, None if keep is True else keep)

    def _shown(self, function: Any, args: list[Any], kwargs: dict[str, Any]) -> list[Any]:
        """Call it as a cell of the notebook does. Returns the result, the arguments after the call, and the prints."""
        heard = Output(_MAX_HEARD)
        with contextlib.redirect_stdout(heard):
            result = function(*args, **kwargs)
        return [result, args, kwargs, "".join(heard.parts)]

    def do_plot(self, function: Any, args: list[Any], kwargs: dict[str, Any]) -> list[dict[str, Any]]:
        """Call a function. Returns what it drew."""
        pyplot_figures.taken()  # a figure that another call left is none of this one
        result = self.do_call(function, args, kwargs)
        return drawn_axes.read(pyplot_figures.of_a_call(result, [args, kwargs]))

    def do_drawing(self, target: Any) -> list[dict[str, Any]]:
        """The drawings on the figures of a value."""
        return drawn_axes.read(pyplot_figures.figures_of(target))

    def do_drawings(self) -> list[list[Any]]:
        """[number of the cell, figure] for each figure that a cell left. Cells count from 1, as they ran."""
        cells = [cell for cell, _ in self.figures.left]
        drawings = drawn_axes.read([figure for _, figure in self.figures.left])
        return [[cell, drawing] for cell, drawing in zip(cells, drawings, strict=True)]

    def do_keep(self, value: Any) -> Kept:
        return Kept(value)

    def do_keep_each(self, values: dict[str, Any]) -> dict[str, Kept]:
        return {name: Kept(value) for name, value in values.items()}

    def do_fetch(self, target: Any) -> Any:
        return target

    def do_overwrite(self, target: Any, value: Any) -> None:
        overwrite(target, value)

    def do_forget(self, first: int) -> None:
        """Drop the objects from number `first` on, and everything else that a call can leave behind."""
        del self.objects[first:]
        self.had_maker = False

    def do_test(self, test: str, given: str, names: dict[str, str], ask: Any) -> Any:
        """Run a test on the names of another process, for which `ask` answers."""
        return bench.run_test(test, given, names, ask)

    def do_unwritten(self, names: list[str]) -> list[str]:
        return [name for name in names if name not in self.names or is_stub(self.names[name])]

    def do_exchange(self, functions: dict[str, Any]) -> None:
        for name, value in self.exchanged.items():
            if value is _NOTHING:
                self.names.pop(name, None)
            else:
                self.names[name] = value
        self.exchanged = {name: self.names.get(name, _NOTHING) for name in functions}
        self.names.update({name: with_stand_ins(function) for name, function in functions.items()})

    def refer(self, value: object) -> wire.Marker:
        """Keep an object that does not travel, and describe it. A function of the grader goes back by its number."""
        if type(value) is types.FunctionType and type(number := value.__dict__.get(_HANDED)) is int:
            return wire.Handed(number)
        if type(value) is RemoteArray and isinstance(value.perform, _Performer):
            return wire.Remote(value.perform.number, value.handle)
        held = value.value if type(value) is Kept else value
        form = form_of(held) or (form_of_a_class(held) if held is value else 0)
        self.objects.append(held)
        return wire.Reference(len(self.objects) - 1, callable(held), describe(held), form)

    def resolve(self, marker: wire.Marker) -> Any:
        """The object of a marker: one of this process, a function that asks the grader, or an array of the grader."""
        match marker:
            case wire.Reference():
                return self.objects[marker.number]
            case wire.Remote():
                return self._remote(marker)
        function = self._function(marker)
        setattr(function, _HANDED, marker.number)
        return function

    def _remote(self, marker: wire.Remote) -> RemoteArray:
        array = RemoteArray(
            _Performer(self.channel, marker.number),
            marker.handle,
            marker.shape,
            marker.dtype,
            observed=marker.observed,
            makes=marker.makes,
        )
        if marker.makes:
            self.maker, self.had_maker = array, True
        return array

    def _function(self, handed: wire.Handed) -> Any:
        function = self._computing(handed)
        if handed.reuse_buffer:
            function = reusing_one_buffer(function)
        for name, method in handed.methods.items():
            setattr(function, name, method)
        return function

    def _computing(self, handed: wire.Handed) -> Callable[..., Any]:
        if handed.formula is not None:
            return evaluating(handed.formula, handed.constants, as_given=handed.as_given)
        return rebuilt(**handed.parts) if handed.parts else self._asking(handed.number)

    def _asking(self, number: int) -> Callable[..., Any]:
        def function(*args: Any, **kwargs: Any) -> Any:
            return self.channel.ask(number, list(args), kwargs)

        return function


class _Performer:
    """Asks the grader to execute an operation on its arrays."""

    __slots__ = ("channel", "number")

    def __init__(self, channel: Channel, number: int) -> None:
        self.channel, self.number = channel, number

    def __call__(self, operation: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        return self.channel.ask(self.number, [operation, args, kwargs], {})
