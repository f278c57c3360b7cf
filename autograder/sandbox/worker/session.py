"""One submission's process: runs cells, answers calls, passes what it is handed back to the grader.

Everything here is at the student's mercy (they may read and patch it): it computes no verdict and knows
none. The grader treats each answer as hostile bytes.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib
import importlib.abc
import importlib.machinery
import linecache
import os
import random
import sys
import traceback
import types
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import magics, wire
from .layouts import WireError
from .making import made_with_the_grader, maker_in
from .remote import RemoteArray
from .sharing import Kept, evaluating, kept, overwrite, rebuilt, reusing_one_buffer

# Broad on purpose: an import in a notebook is then free, and tier B has them where the interpreter lies in a folder
# that only root may enter (/root, say) and the grader, started by root, has left root.
_WARM = (
    "encodings.cp437 encodings.cp1252 encodings.idna encodings.latin_1 encodings.utf_16 encodings.utf_16_be "
    "encodings.utf_32 encodings.utf_8_sig "
    "abc argparse array ast asyncio base64 bisect calendar cmath collections colorsys contextlib copy csv "
    "dataclasses datetime decimal difflib doctest enum fractions functools gc getpass glob graphlib hashlib heapq "
    "html importlib.metadata inspect io itertools json keyword locale logging math mmap numbers operator os pathlib "
    "pickle pprint queue random re sched secrets shutil signal sqlite3 statistics string struct subprocess sys "
    "tempfile textwrap threading time timeit token tokenize traceback types typing unicodedata unittest uuid "
    "warnings weakref zipfile zlib zoneinfo concurrent.futures.thread configparser gzip "
    "multiprocessing urllib.request xml.dom.minidom xml.etree.ElementTree "
    "numpy numpy.fft numpy.linalg numpy.ma numpy.polynomial numpy.random numpy.testing numpy.typing "
    "numpy.lib.stride_tricks matplotlib.pyplot matplotlib.animation matplotlib.patches matplotlib.colors "
    "matplotlib.backends.backend_agg matplotlib.backends.backend_pdf matplotlib.backends.backend_svg "
    "matplotlib.ticker matplotlib.gridspec matplotlib.collections "
    "mpl_toolkits.mplot3d IPython.display"
).split()
MAX_TRACE = 2000
MAX_FRAMES = 2000
_HANDED = "__handed__"  # attribute of a function of the grader's: its number
_AS_NUMPY_STARTS: Any = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Shelf:
    """What every submission finds ready. handouts: compiled hand-out modules by assignment and name."""

    handouts: dict[str, dict[str, types.CodeType]]


def warm_up() -> None:
    """Import once what notebooks import, draw once so that fonts are found."""
    for name in _WARM:
        importlib.import_module(name)
    try:
        _draw_once()
    except Exception:  # noqa: BLE001 — a list of fonts that was read and is none: whatever that may raise
        from matplotlib import font_manager

        vars(font_manager.fontManager).update(vars(font_manager.FontManager()))
        _draw_once()


def stock(packages: Sequence[str], handouts: dict[str, dict[str, str]], extra: Sequence[str]) -> Shelf:
    """Import what these submissions need besides, then no other packages; compile the hand-outs."""
    for name in extra:
        importlib.import_module(name)
    sys.meta_path.insert(0, _OnlyThese(packages))
    return Shelf(
        {
            a: {name: compile(text, f"{name}.py", "exec", dont_inherit=True) for name, text in files.items()}
            for a, files in handouts.items()
        }
    )


def _draw_once() -> None:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.plot([0, 1], label="$x^2$")
    axes.set_title("t")
    axes.legend()
    figure.tight_layout()
    figure.canvas.draw()
    plt.close(figure)


class _OnlyThese(importlib.abc.MetaPathFinder):
    """Turns "permission denied" into "no such module". A kindness: the walls are elsewhere."""

    def __init__(self, packages: Sequence[str]) -> None:
        self.names = frozenset(packages) | sys.stdlib_module_names

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:  # noqa: ARG002
        if fullname.partition(".")[0] not in self.names:
            raise ModuleNotFoundError(
                f"No module named {fullname!r} here: this course uses NumPy and matplotlib", name=fullname
            )


def importable(names: Iterable[str]) -> None:
    """Modules, or files that may be some, that lie beside the notebook."""
    for finder in sys.meta_path:
        if isinstance(finder, _OnlyThese):
            finder.names |= {part for name in names for part in name.split(".")}


class Output:
    """A stdout that keeps the beginning, drops the rest and never raises. limit: characters."""

    encoding, errors, closed = "utf-8", "replace", False

    def __init__(self, limit: int) -> None:
        self.parts: list[str] = []
        self.left = limit
        self.dropped = 0

    def write(self, text: str) -> int:
        kept = text[: self.left]
        if kept:
            self.parts.append(kept)
            self.left -= len(kept)
        self.dropped += len(text) - len(kept)
        return len(text)

    def writelines(self, lines: Sequence[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None: ...

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True


def serve(fd: int, shelf: Shelf, kind: type[Session]) -> None:
    """Answer requests until the grader hangs up."""
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 — students use it; the same notebook must run the same twice
    channel = Channel(fd)
    session = kind(channel, shelf)
    while True:
        request = channel.receive()
        if request is None:
            return
        answer = session.answer(request)
        try:
            channel.send(answer)
        except WireError as error:
            channel.send({"id": request["id"], "kind": "refused", "text": str(error)})


class Channel:
    """Frames over one descriptor, with plain read and write: socket calls are forbidden here."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self.codec: wire.Codec

    def receive(self) -> Any:
        data = os.read(self.fd, 1 << 16)
        if len(data) < 4:
            return None
        end = 4 + wire.frame_length(data[:4])
        if len(data) < end:
            parts = bytearray(data)
            while len(parts) < end:
                more = os.read(self.fd, min(end - len(parts), 1 << 20))
                if not more:
                    return None
                parts += more
            data = bytes(parts)
        return self.codec.decode(memoryview(data)[4:])

    def send(self, message: object) -> None:
        view = memoryview(self.codec.encode(message))
        while view:
            view = view[os.write(self.fd, view) :]

    def ask(self, number: int, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """Call a function of the grader's. Raises what it raised there."""
        self.send([number, args, kwargs])
        reply = self.receive()
        if reply is None:
            os._exit(1)
        if reply[0]:
            return reply[1]
        kind = getattr(builtins, reply[1], ValueError)
        raise (kind if isinstance(kind, type) and issubclass(kind, Exception) else ValueError)(reply[2])


class Session:
    """The notebook's namespace and the objects the grader holds references to."""

    @classmethod
    def get_ready(cls) -> None:
        """What can be done once, in the zygote."""

    def __init__(self, channel: Channel, shelf: Shelf) -> None:
        self.channel, self.shelf = channel, shelf
        channel.codec = wire.Codec(self.refer, self.resolve, grader=False)
        self.objects: list[Any] = []
        main = types.ModuleType("__main__")
        self.names = main.__dict__
        self.names.update(__builtins__=builtins, get_ipython=magics.get_ipython, display=lambda *_, **__: None)
        sys.modules["__main__"] = main
        self.shell = magics.Shell(self.names)
        self.cell = 0
        self.output = Output(0)
        self.maker: RemoteArray | None = None  # np.zeros and the like make arrays beside it in this call
        self.had_maker = False
        self.exchanged: dict[str, Any] = {}  # what names stood for before

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Run one request; every exception of student code, SystemExit too, becomes an answer."""
        number = request["id"]
        try:
            value = getattr(self, f"do_{request['op']}")(**request["with"])
        except BaseException as error:  # noqa: BLE001 — sys.exit() in a function must cost one check, not all
            return {"id": number, "kind": "error", **_told(error)}
        finally:
            self.maker = None  # it came with this request, or with the grader's replies meanwhile
        return {"id": number, "kind": "value", "value": value}

    def do_begin(self, assignment: str, output: int) -> None:
        self.output = sys.stdout = sys.stderr = Output(output)
        for name, code in self.shelf.handouts.get(assignment, {}).items():
            sys.meta_path.insert(0, _Handout(name, code))

    def do_dropped(self) -> int:
        return self.output.dropped

    def do_cell(self, source: str) -> None:
        self.cell += 1
        filename = f"<cell {self.cell}>"
        code = magics.compile_cell(source, filename)
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        magics.current = self.shell
        try:
            exec(code, self.names)  # noqa: S102 — what this process is for
        except BaseException as error:
            # `input()` or an absent package above a right answer must not cost the answer.
            for definition in magics.definitions_below(source, filename, _top_line(error, filename)):
                with contextlib.suppress(Exception):
                    exec(definition, self.names)  # noqa: S102
            raise

    def do_names(self) -> list[str]:
        return [name for name in self.names if isinstance(name, str) and not name.startswith("_")][:1000]

    def do_functions(self) -> dict[str, Any]:
        return {name: value for name in self.do_names() if callable(value := self.names[name])}

    def do_get(self, name: str) -> Any:
        return self.names[name]

    def do_call(self, function: Any, args: list[Any], kwargs: dict[str, Any], keep: int | bool, shown: bool) -> Any:
        maker = self.maker
        if maker is None and self.had_maker:  # behind a kept object, perhaps
            maker = maker_in([args, kwargs])
        made_there = made_with_the_grader(maker, self.names) if maker is not None else contextlib.nullcontext()
        with np.errstate(**_AS_NUMPY_STARTS), made_there:  # np.seterr() in a cell is for that cell
            result = function(*args, **kwargs)
        if shown:
            return [result, args, kwargs]
        return result if keep is False else kept(result, None if keep is True else keep)

    def do_keep(self, value: Any) -> Kept:
        return Kept(value)

    def do_keep_each(self, values: dict[str, Any]) -> dict[str, Kept]:
        return {name: Kept(value) for name, value in values.items()}

    def do_fetch(self, target: Any) -> Any:
        return target

    def do_overwrite(self, target: Any, value: Any) -> None:
        overwrite(target, value)

    def do_forget(self, first: int) -> None:
        """Drop objects from that number on, and what else a call may have left here."""
        del self.objects[first:]
        self.had_maker = False

    def do_unwritten(self, names: list[str]) -> list[str]:
        return [name for name in names if _is_stub(self.names.get(name))]

    def do_exchange(self, functions: dict[str, Any]) -> None:
        for name, value in self.exchanged.items():
            if value is _NOTHING:
                self.names.pop(name, None)
            else:
                self.names[name] = value
        self.exchanged = {name: self.names.get(name, _NOTHING) for name in functions}
        self.names.update(functions)

    def refer(self, value: object) -> wire.Marker:
        """Keep an object that does not travel, and describe it. What was handed over goes back by its number."""
        if type(value) is types.FunctionType and type(number := value.__dict__.get(_HANDED)) is int:
            return wire.Handed(number)
        if type(value) is RemoteArray and isinstance(value.perform, _Performer):
            return wire.Remote(value.perform.number, value.handle)
        held = value.value if type(value) is Kept else value
        self.objects.append(held)
        return wire.Reference(len(self.objects) - 1, callable(held), _describe(held))

    def resolve(self, marker: wire.Marker) -> Any:
        """What a marker stands for: an own object, a function that asks the grader, an array that stays there."""
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
            return evaluating(handed.formula, handed.constants)
        return rebuilt(**handed.parts) if handed.parts else self._asking(handed.number)

    def _asking(self, number: int) -> Callable[..., Any]:
        def function(*args: Any, **kwargs: Any) -> Any:
            return self.channel.ask(number, list(args), kwargs)

        return function


class _Performer:
    """Has the grader execute an operation on its arrays."""

    __slots__ = ("channel", "number")

    def __init__(self, channel: Channel, number: int) -> None:
        self.channel, self.number = channel, number

    def __call__(self, operation: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        return self.channel.ask(self.number, [operation, args, kwargs], {})


class _Handout(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Serves one hand-out module from memory: no file of the course is mounted here."""

    def __init__(self, name: str, code: types.CodeType) -> None:
        self.name, self.code = name, code

    def find_spec(self, fullname: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        return importlib.machinery.ModuleSpec(fullname, self) if fullname == self.name else None

    def exec_module(self, module: types.ModuleType) -> None:
        exec(self.code, module.__dict__)  # noqa: S102 — the author's, and public


def _stub() -> None:
    raise NotImplementedError()  # noqa: RSE102 — as it is released


def _bare_stub() -> None:
    raise NotImplementedError


def _is_stub(value: object) -> bool:
    """Whether it is a function that only raises NotImplementedError, by its code: also below a docstring."""
    if type(value) is not types.FunctionType:
        return False
    code = value.__code__
    return code.co_names == ("NotImplementedError",) and code.co_code in _STUBS


_STUBS = (_stub.__code__.co_code, _bare_stub.__code__.co_code)


def _describe(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    return f"a {type(value).__name__}"


def _top_line(error: BaseException, filename: str) -> int:
    """The line of a cell's top level at which it ended; 0 if that is not known."""
    frames = traceback.walk_tb(error.__traceback__)
    return next((line for frame, line in frames if frame.f_code.co_filename == filename), 0)


def _told(error: BaseException) -> dict[str, Any]:
    """Type, text and line of an exception; its __str__ may be hostile too."""
    try:
        text = str(error)[:MAX_TRACE]
    except BaseException:  # noqa: BLE001
        text = ""
    name = "MemoryError" if isinstance(error, MemoryError) else type(error).__name__  # NumPy raises one of its own
    return {"type": name, "text": text, "line": _line_of(error)}


def _line_of(error: BaseException) -> int | None:
    """The innermost line in a cell, or a SyntaxError's. A runaway recursion leaves a million frames: look at some."""
    if isinstance(error, SyntaxError):
        return error.lineno
    line, step = None, error.__traceback__
    for _ in range(MAX_FRAMES):
        if step is None:
            break
        if step.tb_frame.f_code.co_filename.startswith("<cell"):
            line = step.tb_lineno
        step = step.tb_next
    return line
