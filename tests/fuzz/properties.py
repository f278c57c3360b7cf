"""What must hold for any bytes at all. `make test` puts thousands of inputs to these functions, `make fuzz` a million."""

import contextlib
import dataclasses
import itertools
import socket
import struct
import tempfile
import tracemalloc
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import numpy as np

from autograder.errors import CrashError, MalformedError, StudentError
from autograder.intake.reader import MAX_CELL_CHARACTERS, MAX_CELLS, read_notebook
from autograder.sandbox import connection, handles, launcher, sandboxed_student, student_process
from autograder.sandbox.clocks import Deadline
from autograder.sandbox.worker import kinds, layouts, pandas_kinds, python_kinds, sparse_kinds, wire  # noqa: F401 — loaded before memory is measured
from autograder.sandbox.worker.formulas import Expression, Formula
from autograder.sandbox.worker.remote import RemoteArray
from autograder.sandbox.worker.sharing import Callback

CODEC = wire.Codec(lambda value: value, lambda marker: marker)  # markers stay markers, in both directions
ID = 7  # of every request, so that a frame can answer it
PLAIN = (type(None), bool, int, float, str, bytes)
# Peak bytes allowed for each byte read. msgpack: {None: None} is 3 bytes, and a dict of 232 with a pair and a list.
# JSON: {}, is 3 bytes, and a dict of 64 with a list of pairs; text with one emoji takes 4 bytes a character.
WIRE_GROWTH, JSON_GROWTH, CONSTANT = 300, 60, 1 << 16


def a_frame_is_a_value_or_a_wire_error(body):
    value, error = outcome(CODEC.decode, body, layouts.WireError, WIRE_GROWTH * len(body) + CONSTANT)
    if error:
        assert is_one_line(error)
        return
    assert is_of_the_table(value)
    again = CODEC.encode(value)
    assert wire.frame_length(again[:4]) == len(again) - 4
    assert is_the_same(CODEC.decode(again[4:]), value)


def a_file_is_a_notebook_or_one_line(data):
    with tempfile.NamedTemporaryFile(buffering=0) as file:
        file.write(data)
        limit = JSON_GROWTH * len(data) + CONSTANT
        notebook, error = outcome(read_notebook, Path(file.name), MalformedError, limit)
    if error:
        assert is_one_line(error)
        return
    assert len(notebook.cells) <= MAX_CELLS
    for cell in notebook.cells:
        assert cell.kind in ("code", "markdown", "raw")
        assert type(cell.id) is str
        assert len(cell.source) <= MAX_CELL_CHARACTERS
        cell.source.encode()  # no lone surrogates


def a_conversation_ends_in_answers_or_student_errors(sent):
    """sent: what the process writes, whatever it is asked. Then it hangs up."""
    with process_that_says(sent) as (session, _):
        for ask in itertools.islice(itertools.cycle(requests(session)), sent[-1] % 7 if sent else 0, 9):
            try:
                ask()
            except StudentError as error:
                assert is_one_line(error)


class IdleClock:
    """Of a process that computes nothing, because there is none."""

    def __init__(self, pidfd):
        pass

    def seconds(self):
        return 0.0

    def kept_waiting(self):
        return {}


@contextlib.contextmanager
def process_that_says(sent):
    """A session with no sandbox behind it, and the process's end of its socket."""
    ours, theirs = socket.socketpair()
    zygote = SimpleNamespace(fork=lambda *_: launcher.Process(ours, -1, 0))  # nothing to kill: never closed
    died = mock.patch.object(connection.Connection, "_died", lambda _: CrashError("the process died"))
    limits = connection.Limits(cell=30.0, call=30.0)
    clock = mock.patch.object(connection, "ProcessClock", IdleClock)
    with ours, theirs, died, clock, mock.patch.object(student_process.secrets, "randbits", return_value=ID):
        theirs.sendall(CODEC.encode({"id": ID, "kind": "value", "value": None}))
        session = student_process.StudentProcess(zygote, limits, "a", Deadline(30))
        theirs.setblocking(False)
        theirs.sendall(sent)
        theirs.shutdown(socket.SHUT_WR)
        yield session, theirs


def requests(session):
    """Everything a check does with a student, by which functions of ours are handed over, too."""
    student, kept = sandboxed_student.SandboxedStudent(session), handles.Opaque(0, "", session)
    ours = [
        lambda *x: x[0],  # an echo: what it is called with must travel back
        Callback(np.asarray, reuse_buffer=True, methods={"vjp": np.multiply}),
        Formula("H @ x", H=np.eye(2)),
        Expression("x", {"vjp": "u: u"}),
        RemoteArray(np.add, 1, (2,), "<f8", observed=True),
    ]
    given = [[1.0, [2]], {"a": np.zeros(2)}]
    return [
        lambda: session.run_cell("pass"),
        lambda: student.f,
        lambda: handles.RemoteFunction(session, 0, "")(*ours),
        lambda: handles.RemoteFunction(session, 0, "", shows=True)(*given, k=[0.0]),
        lambda: session.keep(ours),
        lambda: session.fetch(kept),
        lambda: session.exchange({"f": ours[0]}),
    ]


def outcome(read, given, refusal, limit):
    """What read(given) returns, and the refusal it raises. Fails if it takes more than `limit` bytes at any time.

    Twice: a table of the interpreter's own, as that of interned names, may have grown meanwhile.
    """
    for _ in range(2):
        value = error = None
        tracemalloc.start()
        try:
            value = read(given)
        except refusal as raised:
            error = raised.with_traceback(None)
        finally:
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        if peak <= limit:
            return value, error
    raise AssertionError(f"{peak} bytes of memory, expected at most {limit}")


def is_one_line(error):
    text = str(error)
    return len(text.splitlines()) == 1 and len(text) <= 1000


def is_of_the_table(value):
    if type(value) is int:
        return value.bit_length() <= 256
    if isinstance(value, (np.ndarray, np.generic)) and value.dtype != object:
        return value.ndim <= layouts.MAX_AXES and (value.dtype in layouts.DTYPES or value.dtype.kind in "US")
    return type(value) in PLAIN or all(map(is_of_the_table, parts(value)))


def is_the_same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, (np.ndarray, np.generic)) and a.dtype != object:
        return (a.dtype, a.shape, a.tobytes()) == (b.dtype, b.shape, b.tobytes())
    if type(a) is float:
        return struct.pack("d", a) == struct.pack("d", b)  # NaN, and the sign of 0
    if type(a) in (set, frozenset):
        return sorted(map(repr, a)) == sorted(map(repr, b))
    if type(a) in PLAIN:
        return a == b
    return len(parts(a)) == len(parts(b)) and all(map(is_the_same, parts(a), parts(b)))


def parts(value):
    """What a container or a marker holds. Raises TypeError for anything that has no place in the table."""
    if type(value) in (list, tuple):
        return value
    if type(value) is dict:
        return [*value.keys(), *value.values()]
    if isinstance(value, np.ndarray):
        return [value.shape, value.ravel().tolist()]
    if kind := kinds.kind_of(value):
        return kind.apart(value)
    assert type(value) in (wire.Reference, wire.Handed, wire.Remote), type(value)
    return [getattr(value, field.name) for field in dataclasses.fields(value)]
