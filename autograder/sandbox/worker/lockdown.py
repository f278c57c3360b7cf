"""The layers a submission's process puts on before any student code, in the order they are put on.

Namespaces and private mounts (tier A only), resource limits, no_new_privs, Landlock, no capabilities, and
last the seccomp allow-list, compiled by the grader and loaded here as bytes. Each step raises OSError if
the kernel says no; nobody catches it, so a layer that is missing means a process that never serves.

System call numbers 444 to 446 (Landlock) are the same on every architecture.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
from collections.abc import Sequence
from dataclasses import dataclass

libc = ctypes.CDLL(None, use_errno=True)
_libc_with_the_gil = ctypes.PyDLL(None, use_errno=True)  # a fork must not happen between two holders of it
_SYS_CLONE = {"x86_64": 56, "aarch64": 220}.get(os.uname().machine, -1)

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID = 0x00020000, 0x08000000, 0x10000000, 0x20000000
CLONE_PIDFD = 0x00001000
_NAMESPACES = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_RDONLY = 2, 4, 8, 1
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 24, 38
SECCOMP_MODE_FILTER = 2
CAPABILITY_VERSION_3 = 0x20080522
SIGKILL = 9

# Landlock: access rights for files by ABI, https://docs.kernel.org/userspace-api/landlock.html
READ_FILE, READ_DIR, WRITE_FILE = 1 << 2, 1 << 3, 1 << 1
_SPECIAL_FILES = sum(1 << bit for bit in (6, 9, 10, 11, 12))  # make: device, socket, fifo, block, symlink
_EXECUTE = 1 << 0

# Tier A's private folder; /tmp leads here. Not /tmp itself: the interpreter may be installed below that.
SCRATCH = "/scratch"
PID_PLACEHOLDER = 0x5EC0_0B1D  # stands for the process's own id in the seccomp program


@dataclass(frozen=True, slots=True)
class Limits:
    """What one submission may use. memory: bytes of address space.  cpu: seconds.  threads: of its user."""

    memory: int
    cpu: int
    threads: int


def succeed(result: int, what: str) -> None:
    """Raise OSError if a libc call returned an error."""
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def die_with_parent() -> None:
    """Ask the kernel for SIGKILL when the parent ends. Lost at every change of uid: call it after."""
    succeed(libc.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "prctl(PDEATHSIG)")


def become(uid: int) -> None:
    """Leave root for good: groups, gid and uid, real, effective and saved."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    # A change of uid hides /proc/self from its owner; tier A has a uid_map to write there.
    succeed(libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), "prctl(DUMPABLE)")


def fork(*, namespaces: bool) -> tuple[int, int]:
    """os.fork() that returns (pid, pidfd), or (0, -1) in the child.

    namespaces: make the child process 1 of new user, pid, mount and ipc namespaces. unshare() would take a
    second fork, since a pid namespace begins with the *next* child, and each fork of the warm interpreter
    costs milliseconds. CPython's hooks are called as os.fork() calls them. For a process of one thread.
    """
    uid, gid = os.getuid(), os.getgid()
    flags = CLONE_PIDFD | signal.SIGCHLD | (_NAMESPACES if namespaces else 0)
    pidfd = ctypes.c_int(-1)
    ctypes.pythonapi.PyOS_BeforeFork()
    pid = int(_libc_with_the_gil.syscall(_SYS_CLONE, flags, None, ctypes.byref(pidfd), None, None))
    if pid != 0:
        code = ctypes.get_errno()
        ctypes.pythonapi.PyOS_AfterFork_Parent()
        if pid < 0:
            raise OSError(code, f"clone: {os.strerror(code)}")
        return pid, pidfd.value
    ctypes.pythonapi.PyOS_AfterFork_Child()
    maps = ("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")
    for name, text in maps if namespaces else ():
        with open(f"/proc/self/{name}", "w") as file:  # noqa: PTH123 — pathlib is not worth its import here
            file.write(text)
    return 0, -1


def private_mounts() -> None:
    """An empty SCRATCH of 16 MiB and 256 files that dies with the submission, and nothing in /proc or /dev/shm."""
    for target, flags, options in (
        (SCRATCH.encode(), MS_NOSUID | MS_NODEV, b"size=16m,nr_inodes=256"),
        (b"/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, b"size=4k"),
        (b"/dev/shm", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, b"size=4k"),
    ):
        succeed(libc.mount(b"tmpfs", target, b"tmpfs", flags, options), f"mount {target.decode()}")
    os.chdir(SCRATCH)


def limit_resources(limits: Limits) -> None:
    """Hard limits; RLIMIT_FSIZE and NOFILE are far above what a notebook needs and far below what hurts."""
    for name, value in {
        "AS": limits.memory,
        "CPU": limits.cpu,
        "NPROC": limits.threads,
        "FSIZE": 8 << 20,
        "NOFILE": 64,
        "CORE": 0,
        "MSGQUEUE": 0,
        "MEMLOCK": 0,
        "STACK": 8 << 20,
    }.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))


def landlock_abi() -> int:
    """The kernel's Landlock version; 0 if it has none."""
    return max(0, int(libc.syscall(444, None, 0, 1)))


class Landlock:
    """A set of path rules; `restrict` puts it on this process and its children for good."""

    def __init__(self) -> None:
        abi = landlock_abi()
        files = {1: 13, 2: 14, 3: 15, 4: 15}.get(abi, 16)
        if abi < 1:
            raise OSError("landlock: the kernel has none")
        self.all = (1 << files) - 1
        network, scope = (
            (3 if abi >= 4 else 0),
            (3 if abi >= 6 else 0),
        )  # every port; abstract sockets, signals
        attributes = struct.pack("QQQ", self.all, network, scope)[: 24 if abi >= 6 else 16 if abi >= 4 else 8]
        self.fd = int(libc.syscall(444, attributes, len(attributes), 0))
        if self.fd < 0:
            raise OSError(ctypes.get_errno(), "landlock_create_ruleset")

    def allow(self, path: str, access: int) -> None:
        """Grant `access` below `path`; a path that does not exist grants nothing."""
        try:
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except FileNotFoundError:
            return
        try:
            if not os.path.isdir(path):  # noqa: PTH112 — as above
                access &= READ_FILE | WRITE_FILE
            succeed(libc.syscall(445, self.fd, 1, struct.pack("=Qi", access, fd), 0), f"landlock_add_rule {path}")
        finally:
            os.close(fd)

    def allow_reading(self, paths: Sequence[str], listable: Sequence[str] = ()) -> None:
        """Files and folders to read; of `listable` folders only the names."""
        for path in paths:
            self.allow(path, READ_FILE | READ_DIR)
        for path in listable:
            self.allow(path, READ_DIR)
        self.allow("/dev/null", READ_FILE | WRITE_FILE)
        self.allow("/dev/urandom", READ_FILE)

    def allow_scratch(self, path: str) -> None:
        """A folder to write ordinary files and folders in."""
        self.allow(path, self.all & ~_SPECIAL_FILES & ~_EXECUTE)

    def restrict(self) -> None:
        """Put the rules on this process. Needs no_new_privs."""
        succeed(libc.syscall(446, self.fd, 0), "landlock_restrict_self")
        os.close(self.fd)


def renounce_privileges() -> None:
    """No setuid program, no capability, and nothing that could bring one back."""
    succeed(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl(NO_NEW_PRIVS)")


def drop_capabilities() -> None:
    """Empty the bounding, effective, permitted and inheritable sets."""
    for capability in range(64):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)  # fails where there is nothing to drop: the next line counts
    succeed(libc.capset(struct.pack("Ii", CAPABILITY_VERSION_3, 0), bytes(24)), "capset")


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def filter_system_calls(program: bytes) -> None:
    """Load a compiled seccomp program, with this process's id in place of PID_PLACEHOLDER."""
    own = program.replace(struct.pack("<I", PID_PLACEHOLDER), struct.pack("<I", os.getpid()))
    buffer = ctypes.create_string_buffer(own, len(own))
    argument = _Program(len(own) // 8, ctypes.addressof(buffer))
    succeed(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(argument), 0, 0), "seccomp")
