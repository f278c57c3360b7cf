"""The grader's end alone: a process that says something hostile gets a StudentError, whatever it says."""

import socket

import numpy as np
import pytest
from fuzz.properties import CODEC, ID, process_that_says

from autograder.errors import CrashError, NotDefinedError, RaisedError
from autograder.sandbox.handles import RemoteFunction
from autograder.sandbox.sandboxed_student import SandboxedStudent
from autograder.sandbox.worker.sharing import Callback


def call(session, *args):
    return RemoteFunction(session, 0, "")(*args)


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
        (lambda x: np.asarray(x, dtype=object), [None]),
        (lambda x: x * 1j, 1.0),
        (lambda n: np.broadcast_to(0.0, (n, n)), 10**6),
    ],
    ids=["objects", "complex numbers", "8 TB"],
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
            session.line._send_slowly(memoryview(b"more"), session.deadline)


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
