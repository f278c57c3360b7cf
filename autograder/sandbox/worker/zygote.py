"""The warm parent: imports the slow libraries once, then forks one locked-down process per submission.

It never sees student code and never holds anything worth reading: no check, no reference, no earlier
submission. It is started by `autograder.sandbox.launcher`, which sends one JSON message of set-up and then
one message a submission: the socket the submission will speak on, and its limits.
"""

from __future__ import annotations

import array
import gc
import json
import os
import signal
import socket
import struct
import sys
import threading
from dataclasses import dataclass
from typing import Any

from . import lockdown, session

LIMITS = struct.Struct("<QQQ")  # memory, cpu seconds, threads
READY = b"ready"
REAP, KILLED, ENDED = b"reap", b"killed", b"ended"
_SETUP_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Setup:
    """What the launcher sends. tier: "A", "B" or "unsafe".  drop_to: uid to become, if started by root."""

    tier: str
    drop_to: int | None
    readable: list[str]
    listable: list[str]
    packages: list[str]
    seccomp: bytes
    handouts: dict[str, dict[str, str]]


def main(control_fd: int) -> None:
    """Warm up, drop privileges, say READY, then serve until the launcher hangs up."""
    control = socket.socket(fileno=control_fd)
    setup = _receive_setup(control)
    shelf = session.warm_up(setup.packages, setup.handouts)
    landlock = _landlock_for_all(setup) if setup.tier == "B" else None  # root's folders: while we can open them
    if setup.drop_to is not None:
        lockdown.become(setup.drop_to)
    lockdown.die_with_parent()
    # A process with several threads cannot move into a user namespace of its own.
    if threading.active_count() != 1 or len(os.listdir("/proc/self/task")) != 1:  # noqa: PTH208
        raise RuntimeError("zygote: expected one thread before the first fork")
    gc.collect()
    gc.freeze()  # the children share these pages: a collection would touch, and so copy, them all
    gc.disable()
    control.send(READY)
    _serve(control, setup, landlock, shelf)


def _receive_setup(control: socket.socket) -> Setup:
    """The set-up comes as a memfd: its text would not fit one message."""
    _, fds, *_ = socket.recv_fds(control, 16, 1)
    with open(fds[0], "rb") as file:  # noqa: PTH123 — a descriptor
        fields: dict[str, Any] = json.loads(file.read(_SETUP_BYTES))
    return Setup(**{**fields, "seccomp": bytes.fromhex(fields["seccomp"])})


def _landlock_for_all(setup: Setup) -> lockdown.Landlock:
    """Tier B's rules are the same for everyone: made once, here."""
    rules = lockdown.Landlock()
    rules.allow_reading(setup.readable, setup.listable)
    return rules


def _serve(control: socket.socket, setup: Setup, landlock: lockdown.Landlock | None, shelf: session.Shelf) -> None:
    null = os.open("/dev/null", os.O_RDWR)
    while True:
        message, fds, *_ = socket.recv_fds(control, LIMITS.size, 1)
        if not message:
            os._exit(0)
        if message == REAP:
            control.send(_reap(fds[0]))
            os.close(fds[0])
            continue
        limits = lockdown.Limits(*LIMITS.unpack(message))
        own = _Submission(control, fds[0], null, setup, landlock, limits, shelf)
        pidfd = _fork(own)
        control.sendmsg([b"pidfd"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [pidfd]))])
        os.close(pidfd)
        os.close(fds[0])


def _reap(pidfd: int) -> bytes:
    """Clear away a process that has ended, and say whether SIGKILL ended it: only its parent can know."""
    end = os.waitid(os.P_PIDFD, pidfd, os.WEXITED)
    return KILLED if end and end.si_code == os.CLD_KILLED and end.si_status == signal.SIGKILL else ENDED


@dataclass(frozen=True, slots=True)
class _Submission:
    """What a new process starts from. rpc: the grader's socket.  null: /dev/null.  landlock: tier B's rules."""

    control: socket.socket
    rpc: int
    null: int
    setup: Setup
    landlock: lockdown.Landlock | None
    limits: lockdown.Limits
    shelf: session.Shelf


def _fork(own: _Submission) -> int:
    """The pidfd of a process that serves: killing by it can never hit a stranger who got the same number."""
    try:
        pid, pidfd = lockdown.fork(namespaces=own.setup.tier == "A")
    except OSError as error:
        os.write(2, f"sandbox: {error!r}\n".encode())
        os._exit(1)  # without it nothing may be graded: the grader sees the zygote end
    if pid == 0:
        _become_the_submission(own)
    return pidfd


def _become_the_submission(own: _Submission) -> None:
    try:
        landlock = own.landlock
        own.control.close()
        lockdown.die_with_parent()
        if own.setup.tier == "A":
            lockdown.private_mounts()
            landlock = lockdown.Landlock()
            landlock.allow("/", lockdown.READ_FILE | lockdown.READ_DIR)  # of the little that is mounted
            landlock.allow("/dev/null", lockdown.READ_FILE | lockdown.WRITE_FILE)
            landlock.allow_scratch(lockdown.SCRATCH)
        os.set_inheritable(own.rpc, True)
        keep = landlock.fd if landlock else None
        for target in (0, 1, 2):
            os.dup2(own.null, target)
        rules = None if keep is None else os.dup2(keep, 4)
        os.dup2(own.rpc, 3)
        os.closerange(4 if rules is None else 5, 1024)
        if own.setup.tier != "unsafe":
            lockdown.limit_resources(own.limits)
            lockdown.renounce_privileges()
            if landlock:
                landlock.fd = 4
                landlock.restrict()
            lockdown.drop_capabilities()
            lockdown.filter_system_calls(own.setup.seccomp)
        gc.enable()
        session.serve(3, own.shelf)
    except BaseException:  # noqa: BLE001, S110 — whatever it was: this process does not serve
        pass
    finally:
        os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
