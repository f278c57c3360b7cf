"""The zygote: it imports the slow libraries once, then forks one locked-down process for each submission.

It never runs student code and holds no secret: no check, no reference, no earlier submission. The launcher
(`autograder.sandbox.launcher`) starts it and sends one JSON message of set-up, then two messages for each submission:
first its socket and its limits, at the end the question how its process ended.
"""

from __future__ import annotations

import array
import contextlib
import dataclasses
import errno
import gc
import json
import os
import socket
import sys
import threading
import time
from typing import Any

from . import beside, event_loop, landlock, lockdown, memory, path_calls, preload, session, warm_start
from .control import ASK, BEGUN, ENDED, LIMITS, READY, READY_WITH_NAMESPACES, RUNNING

_SETUP_BYTES = 4 << 20


@dataclasses.dataclass(frozen=True, slots=True)
class ZygoteSetup:
    """The launcher's set-up message.

    tier: "A", "B" or "unsafe".  drop_to: uid to become, if started by root.  files: the folder of hand-outs, or "".
    modules: to import besides the usual ones.  offered: names of the course's packages.  shell: run notebooks as a
    Jupyter kernel would.  cores: to run on; a zygote that was started ahead of time may use all.
    """

    tier: str
    drop_to: int | None
    scratch: str
    readable: list[str]
    listable: list[str]
    packages: list[str]
    files: str
    modules: list[str]
    offered: list[str]
    shell: bool
    seccomp: bytes
    handouts: dict[str, dict[str, str]]
    cores: list[int]


def main(control_fd: int) -> None:
    """Warm up, read the set-up, drop privileges, send READY, then serve until the launcher closes the connection."""
    lockdown.die_with_parent()
    gc.disable()  # imports leave 2 MB of garbage; searching for it takes 0.1 s
    control = socket.socket(fileno=control_fd)
    warm_start.warm_up()
    event_loop.use_events()
    described, late = preload.kept()
    described = _receive_setup(control) if described < 0 else described
    setup = _read_setup(described)
    with contextlib.suppress(OSError):  # without it the zygote is only slower
        os.sched_setaffinity(0, setup.cores)
    serving = _notebooks() if setup.shell else session.Session
    preload.import_ahead(setup.modules, late, described)
    os.close(described)
    shelf = warm_start.lay_in(setup.packages, setup.handouts, setup.offered)
    places = landlock.open_places(setup.readable, setup.listable)
    if setup.tier == "B":
        path_calls.answer_path_calls(sys.path, setup.scratch)
    handouts = beside.start_in(setup.files)
    if setup.drop_to is not None:
        lockdown.become(setup.drop_to)
    lockdown.die_with_parent()
    # A process with several threads cannot move into a new user namespace.
    if threading.active_count() != 1 or len(os.listdir("/proc/self/task")) != 1:  # noqa: PTH208
        raise RuntimeError("zygote: expected one thread before the first fork")
    serving.get_ready()
    gc.freeze()  # the children share these pages; a garbage collection would write to all of them, and so copy them
    memory.use_huge_pages()
    namespaces = setup.tier == "A" or (setup.tier == "B" and lockdown.can_move_in(setup.scratch))
    control.send(READY_WITH_NAMESPACES if namespaces else READY)
    _serve(control, _Home(setup, places, shelf, serving, handouts, namespaces))


def _notebooks() -> type[session.Session]:
    """Import all of IPython. It takes half a second, and must come before `lay_in`, which restricts imports."""
    from . import notebook

    return notebook.NotebookSession


def _receive_setup(control: socket.socket) -> int:
    """The descriptor of the set-up, a memfd: its text is too long for one message."""
    message, fds, *_ = socket.recv_fds(control, 16, 1)
    if not message:  # the launcher does not need this zygote any more
        os._exit(0)
    return fds[0]


def _read_setup(described: int) -> ZygoteSetup:
    fields: dict[str, Any] = json.loads(os.pread(described, _SETUP_BYTES, 0))
    return ZygoteSetup(**{**fields, "seccomp": bytes.fromhex(fields["seccomp"])})


@dataclasses.dataclass(frozen=True, slots=True)
class _Home:
    """The state from which every submission starts. places: that it may read."""

    setup: ZygoteSetup
    places: list[landlock.Place]
    shelf: warm_start.Shelf
    serving: type[session.Session]
    handouts: beside.Beside
    namespaces: bool


def _serve(control: socket.socket, home: _Home) -> None:
    while True:
        message, fds, *_ = socket.recv_fds(control, LIMITS.size, 1)
        if not message:
            os._exit(0)
        if len(message) == ASK.size:
            control.send(_how_it_ended(*ASK.unpack(message)))
            continue
        try:
            pid, pidfd = _fork(control, fds[0], home, lockdown.SubmissionLimits(*LIMITS.unpack(message)))
        except OSError as error:  # too many processes or too little memory, which can be a neighbour's doing
            control.send(BEGUN.pack(-(error.errno or errno.EAGAIN)))
        else:
            control.sendmsg([BEGUN.pack(pid)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [pidfd]))])
            os.close(pidfd)
        os.close(fds[0])


def _how_it_ended(pid: int) -> bytes:
    """How a process ended. Only its parent can ask the kernel, once. It never waits, because it must serve others."""
    try:
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return ENDED.pack(RUNNING, 0)
        # The limit of processor time counts ticks. A process that wakes up at each tick uses far less than it counts.
        ticks = time.clock_gettime(~pid << 3)
        _, status, usage = os.wait4(pid, 0)
    except ChildProcessError:  # the kernel has answered before
        return ENDED.pack(RUNNING, 0)
    used = max(ticks, usage.ru_utime + usage.ru_stime)
    return ENDED.pack(os.waitstatus_to_exitcode(status), int(1e6 * used))


def _fork(control: socket.socket, rpc: int, home: _Home, limits: lockdown.SubmissionLimits) -> tuple[int, int]:
    """(pid, pidfd) of a new process that serves. A pidfd can never mean a later process with the same number.

    Raises OSError if the system refuses to make one.
    """
    user = os.getuid(), os.getgid()
    pid, pidfd = lockdown.fork(namespaces=home.namespaces)
    if pid == 0:
        try:
            control.close()
            _become_the_submission(rpc, home, limits, user)
            session.serve(3, home.shelf, home.serving)
        except BaseException as error:  # noqa: BLE001 — after any error this process does not serve
            _say(error)
        finally:
            os._exit(1)
    return pid, pidfd


def _say(error: BaseException) -> None:
    """Tell the launcher why a process could not begin. Before student code runs, this descriptor becomes /dev/null."""
    with contextlib.suppress(OSError):
        os.write(2, f"{type(error).__name__}: {error}\n".encode("utf-8", "replace")[:500])


def _become_the_submission(rpc: int, home: _Home, limits: lockdown.SubmissionLimits, user: tuple[int, int]) -> None:
    """Put on every layer. If one fails, it raises, and the process ends."""
    lockdown.die_with_parent()
    if home.namespaces:
        room = dataclasses.replace(limits, files=limits.files + home.handouts.count)
        lockdown.move_in(home.setup.scratch, user, room)
        home.handouts.link()
    if home.setup.tier == "unsafe":
        lockdown.silence()
        lockdown.keep_only({3: rpc})
    else:
        rules = _rules(home)
        lockdown.keep_only({3: rpc, 4: rules.fd})
        lockdown.limit_resources(limits)
        lockdown.renounce_privileges()
        rules.restrict(4)
        lockdown.drop_capabilities()
        lockdown.silence()
        lockdown.filter_system_calls(home.setup.seccomp)
    gc.enable()


def _rules(home: _Home) -> landlock.Landlock:
    """The rules for readable places and the private folder. They are new for each process, as the folder is."""
    rules = landlock.Landlock()
    rules.allow(home.places)
    if home.namespaces:
        rules.allow_scratch(home.setup.scratch)
    return rules


if __name__ == "__main__":
    main(int(sys.argv[1]))
