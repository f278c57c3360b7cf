"""The grader's end alone: a process that says something hostile gets a StudentError, whatever it says."""

import contextlib
import os
import socket
import time
from types import SimpleNamespace
from unittest import mock

import numpy as np
import pytest
from fuzz.properties import CODEC, ID, process_that_says

from autograder.errors import CrashError, NoRoomError, NotDefinedError, RaisedError, SandboxError, TimeLimitError
from autograder.sandbox import clocks, connection, launcher, student_process
from autograder.sandbox.clocks import Deadline
from autograder.sandbox.handles import Opaque, RemoteFunction
from autograder.sandbox.sandboxed_student import SandboxedStudent
from autograder.sandbox.worker.sharing import Callback


def call(session, *args):
    return RemoteFunction(session, 0, "")(*args)


def test_a_public_check_shows_a_handle_without_an_address_of_the_grader():
    """`got {answer!r}` stands in many a notebook, and a grading must come out the same twice."""
    assert repr(RemoteFunction(None, 3, "a function")) == repr(RemoteFunction(None, 4, "")) == "<a function>"
    assert repr(Opaque(3, "a B", None)) == "<a B>"


@pytest.mark.parametrize("odd", [np.array([1, 2]), np.float64(ID), [ID], None, True], ids=repr)
def test_an_answer_whose_id_is_no_integer_breaks_the_protocol(odd):
    sent = CODEC.encode({"id": odd, "kind": "value", "value": 1})
    with process_that_says(sent) as (session, _), pytest.raises(CrashError, match="an answer nobody asked for"):
        call(session)


@pytest.mark.parametrize("odd", [np.array([1, 2]), np.array([True, True]), ["value"], None], ids=repr)
def test_an_answer_whose_kind_is_no_text_breaks_the_protocol(odd):
    sent = CODEC.encode({"id": ID, "kind": odd, "value": 1})
    with process_that_says(sent) as (session, _), pytest.raises(CrashError, match="no known kind"):
        call(session)


@pytest.mark.parametrize(
    ("function", "argument"),
    [
        (lambda x: [x, {object()}], [None]),
        (np.longdouble, 1.0),
        (lambda n: np.broadcast_to(0.0, (n, n)), 10**6),
    ],
    ids=["an object", "a long double", "8 TB"],
)
def test_a_result_of_ours_that_does_not_travel_is_an_error_over_there(function, argument):
    """The student chooses the argument, so the check must not end by it."""
    sent = CODEC.encode([1, [argument], {}]) + CODEC.encode({"id": ID, "kind": "value", "value": "done"})
    with process_that_says(sent) as (session, theirs):
        assert call(session, Callback(function)) == "done"
        assert b"Error" in theirs.recv(1 << 16)


def test_a_process_that_dies_while_much_is_sent_to_it_is_a_crash():
    with process_that_says(b"") as (session, theirs):
        session.line.process.socket.setblocking(False)
        with pytest.raises(BlockingIOError):
            while True:
                session.line.process.socket.send(b"\0" * 65536)
        theirs.shutdown(socket.SHUT_RD)
        with pytest.raises(CrashError, match="the process died"):
            session.line._send_slowly(memoryview(b"more"), session._patience("call", 30.0, session.deadline))


def test_an_exception_named_over_two_lines_stays_one_line():
    sent = CODEC.encode({"id": ID, "kind": "error", "type": "Two\nlines", "text": "", "line": None})
    with process_that_says(sent) as (session, _), pytest.raises(RaisedError) as caught:
        call(session)
    assert str(caught.value) == "raised Exception"


def test_a_suggested_name_is_a_name():
    """`gradien\\n` is closer to `gradient` than any other, and would break the line it is shown in."""
    answers = [
        {"kind": "value", "value": {}},
        {"kind": "error", "type": "KeyError", "text": "", "line": None},
        {"kind": "value", "value": ["gradien\n", "gradi"]},
    ]
    with process_that_says(b"") as (session, _):
        left = iter(answers)
        session.request = lambda *_, **__: session._result(next(left))
        with pytest.raises(NotDefinedError) as caught:
            _ = SandboxedStudent(session).gradient
    assert str(caught.value) == "gradient is not defined. Did you mean gradi?"


def test_k7_of_frames_that_were_sent_ahead_those_after_the_deadline_are_not_served(monkeypatch):
    """Each costs the grader a second, by a clock that the grader's own work moves; the call may take 30."""
    ahead, served, now = 100, [], [time.monotonic()]
    stand_in = SimpleNamespace(monotonic=lambda: now[0], thread_time=lambda: now[0])
    for module in (clocks, student_process):
        monkeypatch.setattr(module, "time", stand_in)

    def work(_):
        served.append(now[0])
        now[0] += 1.0

    with process_that_says(ahead * CODEC.encode([1, [1.0], {}])) as (session, _):
        with pytest.raises(TimeLimitError, match="30 s"):
            call(session, work)
        assert len(served) == 30


@pytest.mark.parametrize(
    "answer", [{"id": ID, "kind": "error", "type": "MemoryError", "text": "", "line": None}, [1, [], {}]]
)
def test_a_process_that_does_not_begin_is_our_fault(answer):
    """No student code has run by then."""
    ours, theirs = socket.socketpair()
    with ours, theirs, monkeypatched_number():
        theirs.sendall(CODEC.encode(answer))
        theirs.shutdown(socket.SHUT_WR)
        zygote = SimpleNamespace(fork=lambda *_: launcher.Process(ours, os.pidfd_open(os.getpid()), 0), last_words=str)
        with dying(), pytest.raises(SandboxError, match="expected it to begin"):
            student_process.StudentProcess(zygote, connection.Limits(), "a", Deadline(30))


def monkeypatched_number():
    return mock.patch.object(student_process.secrets, "randbits", return_value=ID)


@contextlib.contextmanager
def dying():
    """Nothing is killed: the stand-in for the process is this one."""
    with (
        mock.patch.object(connection.Connection, "_died", lambda _: CrashError("the process died")),
        mock.patch.object(connection.Connection, "close", lambda self: os.close(self.process.pidfd)),
    ):
        yield


def test_a_process_that_the_system_refuses_is_asked_for_again_until_the_deadline(monkeypatch):
    refusals, made = [NoRoomError("no room")] * 3, object()

    def fork(*_):
        if refusals:
            raise refusals.pop()
        return made

    monkeypatch.setattr(connection, "_AGAIN", 0.001)
    zygote, limits = SimpleNamespace(fork=fork), connection.Limits()
    assert connection._forked(zygote, limits, Deadline(300)) is made
    refusals += [NoRoomError("no room")] * 2
    with pytest.raises(NoRoomError):
        connection._forked(zygote, limits, Deadline(0))
    assert len(refusals) == 1
