"""`ulimit` of this machine: enough to grade, or one line that names it. test_start.py starts sandboxes under low ones."""

import resource
from types import SimpleNamespace

import pytest

from autograder.errors import SandboxError
from autograder.sandbox import machine_limits
from autograder.sandbox.endings import EndingKind, error_for, kind_of
from autograder.sandbox.launcher import Ending

TOO_LOW = {
    "NOFILE": (31, "ulimit -n: expected at least 32 open files, got 31. Hint: raise it."),
    "FSIZE": (8 << 10, "ulimit -f: expected at least 512 KiB in a file, got 8. Hint: raise it."),
    "STACK": (256 << 10, "ulimit -s: expected at least 512 KiB of stack, got 256. Hint: raise it."),
    "CPU": (1, "ulimit -t: expected at least 2 seconds of processor time, got 1. Hint: raise it."),
}


def limits_are(monkeypatch, **hard):
    now = resource.getrlimit
    names = {getattr(resource, f"RLIMIT_{name}"): value for name, value in hard.items()}
    monkeypatch.setattr(machine_limits.resource, "getrlimit", lambda n: (names[n],) * 2 if n in names else now(n))


@pytest.mark.parametrize("name", TOO_LOW)
def test_a_limit_that_is_too_low_is_named_before_anything_starts(monkeypatch, name):
    value, words = TOO_LOW[name]
    limits_are(monkeypatch, **{name: value})
    with pytest.raises(SandboxError) as caught:
        machine_limits.require_enough()
    assert str(caught.value) == words


def test_several_graders_need_room_for_their_processes(monkeypatch):
    limits_are(monkeypatch, NPROC=60)
    monkeypatch.setattr(machine_limits.os, "getuid", lambda: 1000)
    monkeypatch.setattr(machine_limits, "tasks_of_user", lambda: 50)
    machine_limits.require_enough(jobs=1)
    with pytest.raises(SandboxError, match=r"ulimit -u: expected at least 16 more .*, got 10\. Hint: .*--jobs 1"):
        machine_limits.require_enough(jobs=2)


def test_limits_below_those_of_a_submission_are_listed(monkeypatch):
    assert machine_limits.lower_than_ours() == []
    limits_are(monkeypatch, CPU=20, STACK=1 << 20)
    assert machine_limits.lower_than_ours() == [
        "ulimit -t: 20 seconds of processor time, ours is 35",
        "ulimit -s: 1024 KiB of stack, ours is 8192",
    ]


def test_an_end_by_a_lower_limit_of_this_machine_is_no_students_fault():
    """The assignment gives 35 s, the machine 20: with 35 the answer might have come."""
    kinds = [kind_of(Ending(-9, used), 35, 20) for used in (5.0, 19.9, 35.0)]
    assert kinds == [EndingKind.KILLED, EndingKind.MACHINE_TIME, EndingKind.CPU_TIME]
    error = error_for(EndingKind.MACHINE_TIME, Ending(-9, 19.9), 35, forgives=False)
    assert isinstance(error, SandboxError)
    assert "ulimit -t" in str(error)


def test_without_proc_nothing_starts(monkeypatch):
    monkeypatch.setattr(machine_limits, "Path", lambda _: SimpleNamespace(is_dir=lambda: False))
    with pytest.raises(SandboxError, match="mount -t proc proc /proc"):
        machine_limits.require_enough()
