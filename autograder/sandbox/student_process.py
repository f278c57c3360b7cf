"""The grader's end of a submission's process: requests and answers, each within limits of time.

The grader trusts no answer. A frame is decoded within bounds, its id must be that of the request, its fields must have
the right types, and no other byte may arrive. If one of these does not hold, the process counts as crashed. An answer
that is well formed and wrong is simply a wrong answer.
"""

from __future__ import annotations

import builtins
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Self

import numpy as np

from autograder.errors import (
    CrashError,
    MemoryLimitError,
    NotDefinedError,
    RaisedError,
    SandboxError,
    StudentError,
    TimeLimitError,
)
from autograder.sandbox.clocks import Deadline, Patience, TimeLimit
from autograder.sandbox.connection import Connection, Limits
from autograder.sandbox.handles import Opaque, RemoteFunction
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.sendable_functions import travelling
from autograder.sandbox.worker import wire
from autograder.sandbox.worker.describing import FORMS
from autograder.sandbox.worker.formulas import Expression, Formula
from autograder.sandbox.worker.layouts import WireError
from autograder.sandbox.worker.remote import RemoteArray
from autograder.sandbox.worker.sharing import Callback

GRACE = 5.0  # seconds of processor time that a cell has to end after an interrupt
MAX_LINE = 1_000_000
MAX_CALLBACKS = 20_000  # in one call: an endless loop over the grader's function ends at this number

_TRAVELS = "numbers, text, dates, arrays, tables of these, or functions"


class StudentProcess:
    """One process, one submission, never reused. Close it (or use `with`): that kills everything in it.

    deadline: of its submission.  forgives: a process that is killed from outside raises
    KilledError, so that the caller can try again; otherwise it counts as crashed.  modules: texts of modules beside the
    notebook, by name.  authors: no student code runs in it, so it may be asked while it waits for an answer.
    """

    def __init__(
        self,
        zygote: Zygote,
        limits: Limits,
        assignment: str,
        deadline: Deadline,
        *,
        forgives: bool = True,
        modules: Mapping[str, str] = MappingProxyType({}),
        authors: bool = False,
    ) -> None:
        self.limits = limits
        self._origin, self._authors = (zygote, limits, assignment), authors
        self.deadline = deadline
        self.line = Connection(zygote, limits, deadline, forgives=forgives)
        self._codec = wire.Codec(self._refer, self._resolve)
        self._callbacks: dict[int, Any] = {}  # functions handed over for the current request
        self._kept: dict[int, Any] = {}  # functions inside kept values, and those that names were exchanged for
        self._owners: set[int] = set()  # numbers of functions that execute operations on arrays
        self._handed = 0
        self._waits = False
        self._public = False  # whether the current request is a public check's
        self._functions: dict[Any, Any] | None = None  # the notebook's, by name; asked for once
        self.ran: list[tuple[int, str]] = []  # of each cell of the notebook that ran: its number and its question
        self._exchanged: dict[str, Any] = {}  # the grader's functions, by the names that stand for them
        self._exchanged_numbers: frozenset[int] = frozenset()
        try:
            self._begin(assignment, modules)
        except BaseException:
            self.close()
            raise

    def _begin(self, assignment: str, modules: Mapping[str, str]) -> None:
        """Prepare it for this assignment. Raises SandboxError if it ends: no student code can be the cause yet."""
        try:
            output, texts = self.limits.output, dict(modules)
            self.request("begin", self.limits.cell, assignment=assignment, output=output, modules=texts)
        except StudentError as error:
            if isinstance(error, TimeLimitError) and self.deadline.has_passed():
                raise
            why = self.line.last_words() or str(error)
            raise SandboxError(f"process: expected it to begin, got: {why}.") from None

    def serve(self, deadline: Deadline, *, forgives: bool) -> None:
        """Work for another submission from now on. deadline, forgives: as for a new process."""
        self.deadline = deadline
        self.line.serve(deadline, forgives=forgives)

    def another(self) -> StudentProcess:
        """A new process for code of the author's, with the same limits and the same deadline."""
        return StudentProcess(*self._origin, self.deadline, forgives=self.line.forgives, authors=True)

    def run_test(self, test: str, given: str, names: Mapping[str, str], ask: Callable[..., Any]) -> float | None:
        """Run a notebook's test here. See worker/bench.py. Returns the number with which it ends, or None.

        The number can be anything: a value of a student may have taken over the process.
        """
        value = self.request("test", self.limits.cell, test=test, given=given, names=dict(names), ask=ask)
        return value if type(value) is int or type(value) is float else None

    def close(self) -> None:
        """Kill the process, with everything in it."""
        self.line.close()

    def run_cell(self, source: str) -> None:
        """Execute one cell. Raises RaisedError with the student's own error, TimeLimitError, CrashError."""
        self._functions = None
        self.request("cell", self.limits.cell, source=source)

    def restore(self, names: Sequence[str]) -> list[tuple[str, int, int]]:
        """Give names that a cell overwrote their functions back: (name, cell that defined it, cell that overwrote it).

        Both are counted as they ran, from 1; 0 for Python's own names. It is the process's own word: for a message.
        """
        self._functions = None
        answer = self.request("restore", self.limits.call, names=list(names))
        known = frozenset(names) | vars(builtins).keys()
        return [tuple(each) for each in answer[:100] if _is_overwritten(each, known)] if type(answer) is list else []

    def dropped(self) -> int:
        """Characters printed beyond the limit, by the process's own count: for a flag, not for points."""
        count = self.request("dropped", self.limits.call)
        return count if type(count) is int else 0

    def get(self, name: str) -> Any:
        """The value of a name in the notebook, functions as RemoteFunction. Raises NotDefinedError."""
        if name in self._exchanged:
            return self._exchanged[name]
        function = self._of_the_notebook().get(name)
        if type(function) is RemoteFunction:
            return function
        try:
            return self.request("get", self.limits.call, name=name)  # a value can change between calls
        except RaisedError as error:
            if error.type_name != "KeyError":
                raise
            raise NotDefinedError(name, self._names()) from None

    def _of_the_notebook(self) -> dict[Any, Any]:
        if self._functions is None:
            table = self.request("functions", self.limits.call)
            self._functions = table if type(table) is dict else {}
        return self._functions

    def drawing(self, value: Any) -> Any:
        """The drawings on the figures of a value of the process, unchecked: see authoring/plots.py."""
        return self.request("drawing", self.limits.call, target=value)

    def drawings(self) -> Any:
        """The drawing on each figure that a cell left, with the number of the cell, unchecked."""
        return self.request("drawings", self.limits.call)

    def start(self, folder: str, environment: Mapping[str, str]) -> None:
        """For a zygote with a Kernel: begin a notebook in a new folder of this name, before its cells `run`."""
        self._codec.tables = False  # no check computes with a notebook's outputs
        environment = dict(environment)
        self.request("start", self.limits.cell, folder=folder, environment=environment, output=self.limits.output)

    def write(self, path: str, more: bytes) -> None:
        """Add bytes to a file beside the notebook that was started."""
        self.request("write", self.limits.cell, path=path, data=np.frombuffer(more, np.uint8))

    def run(self, source: str, seconds: float) -> tuple[Any, TimeLimitError | None]:
        """Run a cell as a Jupyter kernel would, for so many seconds of processor time.

        Returns the unchecked answer. At its limit the cell is interrupted, and the second value says why.
        """
        return self.interruptible("run", seconds, source=source)

    def interruptible(self, op: str, seconds: float, **arguments: Any) -> tuple[Any, TimeLimitError | None]:
        """As `request`, but at the limit the process gets an interrupt, as `run` says."""
        number, patience = self._ask(op, seconds, **arguments)
        try:
            return self._answer(number, patience), None
        except TimeLimitError as error:
            self.line.interrupt()
            more = Deadline(GRACE, self.limits.wall_factor, clock=self.deadline.clock)
            return self._answer(number, self._patience(op, GRACE, more)), error

    def keep_callbacks(self) -> None:
        """Let the functions that the last request handed over be called in all further requests, too."""
        self._kept |= self._callbacks

    def keep(self, value: Any) -> Opaque:
        kept = self.request("keep", self.limits.call, value=value)
        self._kept |= self._callbacks
        if not isinstance(kept, Opaque):
            raise CrashError("broke the protocol: a kept value came back as something else")
        return kept

    def keep_each(self, values: Mapping[str, Any]) -> dict[str, Opaque]:
        """See authoring.student.Student. All values travel in one message."""
        kept = self.request("keep_each", self.limits.call, values=dict(values))
        self._kept |= self._callbacks
        if type(kept) is not dict or list(kept) != list(values) or not all(type(v) is Opaque for v in kept.values()):
            raise CrashError("broke the protocol: kept values came back as something else")
        return kept

    def fetch(self, kept: Any) -> Any:
        return self.request("fetch", self.limits.call, target=kept)

    def exchange(self, functions: Mapping[str, Callable[..., Any]]) -> None:
        """Let names of the notebook stand for these functions; with an empty dict, for their own again.

        Functions of an exchange before cannot be called any more, wherever student code has put them.
        """
        self._of_the_notebook()  # before the names are exchanged
        for number in self._exchanged_numbers:
            self._kept.pop(number)
        self._exchanged_numbers, self._exchanged = frozenset(), {}
        self.request("exchange", self.limits.call, functions=dict(functions))
        self._exchanged = dict(functions)
        self._exchanged_numbers = frozenset(self._callbacks) - frozenset(self._kept)
        self._kept |= self._callbacks

    def unwritten(self, names: Iterable[str]) -> frozenset[str]:
        """The names that are not there, or whose functions have no code of their own: the process's own word."""
        answer = self.request("unwritten", self.limits.call, names=list(names))
        return frozenset(n for n in answer if type(n) is str) if type(answer) is list else frozenset()

    def forget(self, first: int) -> None:
        """Make the process drop the values that it keeps for the grader, from this number on."""
        self.request("forget", self.limits.call, first=first)

    def overwrite(self, kept: Any, value: Any) -> None:
        self.request("overwrite", self.limits.call, target=kept, value=value)

    def request(self, op: str, seconds: float, **arguments: Any) -> Any:
        """Ask, serve callbacks until the answer comes, and return its value."""
        return self._answer(*self._ask(op, seconds, **arguments))

    def call_each(
        self, function: RemoteFunction, cases: Sequence[Sequence[Any]]
    ) -> tuple[list[Any], RaisedError | None]:
        """Call a function of the process with each of these arguments, in one request.

        Returns the results, and what the first call raised that raised: the process makes none after it. Each call has
        the time of a call. No case may hold a function of the grader, which is handed over for one call only.
        """
        results: list[Any] = []
        if not cases:
            return results, None
        number, patience = self._ask("each", self.limits.call, function=function, cases=[list(case) for case in cases])
        try:
            for i in range(len(cases)):
                patience = self._patience("each", self.limits.call, self.deadline) if i else patience
                results.append(self._answer(number, patience))
        except RaisedError as error:
            return results, error
        return results, None

    def _ask(self, op: str, seconds: float, **arguments: Any) -> tuple[int, Patience]:
        """The number that the answer must have, and the time that it may take."""
        if self._waits and not self._authors:  # this process waits for an answer, so it cannot be called now
            raise RaisedError("RuntimeError", "a function of a process that is waiting cannot be called")
        if not self._waits:
            self._callbacks = dict(self._kept)
        number = secrets.randbits(63)
        self._public = arguments.get("shown", False)  # changes to arguments show in public checks only
        self.line.require_silence()
        frame = self._codec.encode({"id": number, "op": op, "with": arguments})
        patience = self._patience(op, seconds, self.deadline)
        self.line.send(frame, patience)
        return number, patience

    def _patience(self, op: str, seconds: float, deadline: Deadline) -> Patience:
        what = "a call" if op in {"call", "each", "plot"} else "a cell"
        process = self.line.clock
        limit = TimeLimit(what, seconds, self.limits.wall_factor, deadline.clock, process.seconds)
        return Patience(limit, deadline, process)

    def _answer(self, number: int, patience: Patience) -> Any:
        served = 0
        while True:
            answer = self._receive(patience)
            if type(answer) is not list:
                break
            served += 1
            began = time.monotonic()
            if served == 1:
                patience.request.count_this_thread()
            before, self._waits = self._waits, True
            try:
                self._serve_callback(answer, patience, served)
            finally:
                self._waits = before
                patience.request.leave_out(time.monotonic() - began)
        # Compare the type first: comparing an array would raise.
        if type(answer) is not dict or type(answer.get("id")) is not int or answer["id"] != number:
            raise CrashError("broke the protocol: an answer nobody asked for")
        return self._result(answer)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _serve_callback(self, asked: list[Any], patience: Patience, served: int) -> None:
        if served > MAX_CALLBACKS:
            raise TimeLimitError(f"called a function it was given more than {MAX_CALLBACKS} times")
        match asked:
            case [int(number), list(args), dict(kwargs)]:
                function = self._callbacks.get(number, _handed_over_for_another_call)
            case _:
                raise CrashError("broke the protocol: a call of no function")
        function = function.function if isinstance(function, Callback) else function
        if isinstance(function, (Expression, Formula)):  # an honest process evaluates it itself
            raise CrashError("broke the protocol: a call of a text")
        try:
            value: Any = function(*args, **kwargs)
            data = self._codec.encode([True, value])  # odd arguments can also give values that do not travel
        except RaisedError as error:  # raised in another process, which the grader asked
            data = self._codec.encode([False, error.type_name, error.text])
        except Exception as error:  # noqa: BLE001 — odd arguments make NumPy raise a dozen types
            data = self._codec.encode([False, type(error).__name__, str(error)[:500]])
        self.line.send(data, patience)

    def _refer(self, value: object) -> wire.Marker:
        """The marker for an argument that does not travel as a value."""
        match value:
            case RemoteFunction() if value.owner is self:
                return wire.Reference(value.number, callable=True)
            case Opaque() if value.owner is self:
                return wire.Reference(value.number, callable=False)
            case Formula() | Expression():
                return self._refer_to_text(value)
            case Callback():
                inner = value.function
                code, constants = (inner.code, inner.constants) if isinstance(inner, Formula) else (None, {})
                return wire.Handed(self._hand_over(value), value.reuse_buffer, dict(value.methods), code, constants)
            case RemoteArray():
                known = [n for n, function in self._callbacks.items() if function == value.perform]
                number = known[0] if known else self._hand_over(value.perform)
                self._owners.add(number)
                return wire.Remote(number, value.handle, value.shape, value.dtype.str, value.observed, value.makes)
            case _ if callable(value):
                return wire.Handed(self._hand_over(value), parts=travelling(value) if self._public else None)
        raise TypeError(f"a check handed over a {type(value).__name__}: expected {_TRAVELS}")

    def _refer_to_text(self, text: Formula | Expression) -> wire.Handed:
        methods = dict(text.methods) if isinstance(text, Expression) else {}
        as_given = isinstance(text, Expression)
        return wire.Handed(self._hand_over(text), False, methods, text.code, text.constants, as_given=as_given)

    def _hand_over(self, function: Any) -> int:
        """Register a function. Its number is never used again, so a kept function never becomes another one."""
        self._handed += 1
        self._callbacks[self._handed] = function
        return self._handed

    def _resolve(self, marker: wire.Marker) -> Any:
        """The grader's object for a marker of the student's process. An exception makes the frame malformed."""
        match marker:
            case wire.Reference():
                if marker.callable:
                    return RemoteFunction(self, marker.number, marker.description)
                return Opaque(marker.number, marker.description, self, FORMS[marker.form])
            case wire.Remote():
                # Its owner finds it by the handle, so shape and dtype of the student's process do not matter. No other
                # function of the grader can be its owner: a check that uses the array would call this function.
                owner = self._callbacks.get(marker.number) if marker.number in self._owners else None
                return RemoteArray(owner or _handed_over_for_another_call, marker.handle, (), "<f8", observed=True)
        if marker.number not in self._callbacks:
            raise WireError("a function that was never handed over")
        return self._callbacks[marker.number]

    def _names(self) -> tuple[str, ...]:
        names = self.request("names", self.limits.call)
        # At most as many as an honest process sends, and names only, because one of them may be shown.
        return tuple(n for n in names[:1000] if type(n) is str and n.isidentifier()) if type(names) is list else ()

    def _receive(self, patience: Patience) -> Any:
        try:
            return self._codec.decode(self.line.receive(patience))
        except WireError:  # its text can hold lengths, which student code chooses
            raise CrashError("broke the protocol: a frame that cannot be read") from None

    def _result(self, answer: dict[str, Any]) -> Any:
        kind = answer.get("kind")
        match kind if type(kind) is str else "", answer:  # comparing an array would raise
            case "value", {"value": value}:
                return value
            case "error", {"type": str("MemoryError")}:
                raise MemoryLimitError(self.limits.memory >> 20)
            case "error", {"type": str(type_name), "text": str(text), "line": line}:
                name = type_name[:80] if type_name.isidentifier() else "Exception"
                place = line if type(line) is int and 0 < line < MAX_LINE else None
                base = answer.get("base")
                raise RaisedError(name, text[:2000], line=place, base=base[:80] if type(base) is str else "")
            case "refused", {"text": str(text)}:
                raise RaisedError("ValueError", f"the returned value is too large to hand over: {text[:200]}")
        raise CrashError("broke the protocol: an answer of no known kind")


def _is_overwritten(each: Any, known: Collection[str]) -> bool:
    match each:
        case [str(name), int(), int()]:
            return name in known
    return False


def _handed_over_for_another_call(*_: Any) -> Any:
    raise ValueError("this function was handed over for an earlier call. Hint: keep nothing between calls")
