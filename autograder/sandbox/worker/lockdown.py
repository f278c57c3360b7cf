"""The layers of protection that a submission's process puts on before any student code, in this order.

Namespaces and private mounts (tier A; tier B where the kernel lets an ordinary user make them), resource limits,
no_new_privs, Landlock, no capabilities, and last the seccomp allow-list, compiled by the grader, loaded as bytes.
Each step raises OSError if the kernel refuses. No code catches it, so a process without a layer never serves.

System call numbers 444 to 446 (Landlock) are the same on every architecture.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import signal
import stat
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

libc = ctypes.CDLL(None, use_errno=True)
_libc_with_the_gil = ctypes.PyDLL(None, use_errno=True)  # keeps the GIL: no other thread may take it during a fork
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

# Tier A's private folder; /tmp is a link to it. It is not /tmp, because the interpreter may be installed in /tmp.
SCRATCH = "/scratch"
SCRATCH_BYTES = 16 << 20
MAX_DESCRIPTORS = 4096
PID_PLACEHOLDER = 0x5EC0_0B1D  # stands for the id of the process in the seccomp program


@dataclass(frozen=True, slots=True)
class SubmissionLimits:
    """The limits of one submission. memory: bytes of address space.  cpu: seconds.  threads: of its user."""

    memory: int
    cpu: int
    threads: int


def succeed(result: int, what: str) -> None:
    """Raise OSError if a libc call returned an error."""
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def die_with_parent() -> None:
    """Ask the kernel for SIGKILL when the parent ends. A change of uid cancels it, so call it afterwards."""
    succeed(libc.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "prctl(PDEATHSIG)")


def become(uid: int) -> None:
    """Give up root for good: set the groups, and the real, effective and saved gid and uid."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    # A change of uid hides /proc/self from its owner; tier A must write its uid_map in that folder.
    succeed(libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), "prctl(DUMPABLE)")


def fork(*, namespaces: bool) -> tuple[int, int]:
    """os.fork() that returns (pid, pidfd), or (0, -1) in the child.

    namespaces: make the child process 1 of new user, pid, mount and ipc namespaces, in which it calls `move_in`.
    unshare() would take a second fork, since a pid namespace begins with the *next* child, and each fork of the
    warm interpreter costs milliseconds. CPython's hooks are called as os.fork() calls them.
    The process must have one thread only.
    """
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
    return 0, -1


def move_in(scratch: str, user: tuple[int, int]) -> None:
    """In new namespaces: become `user` (uid, gid) and mount the private folders.

    `scratch` becomes an empty folder for 16 MiB and 256 files, which ends with the submission. /proc and /dev/shm
    become empty.
    """
    uid, gid = user
    for name, text in ("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1"):
        with open(f"/proc/self/{name}", "w") as file:  # noqa: PTH123 — pathlib is not worth its import here
            file.write(text)
    for target, flags, options in (
        (scratch.encode(), MS_NOSUID | MS_NODEV, b"size=%d,nr_inodes=%d" % (SCRATCH_BYTES, 256)),
        (b"/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, b"size=4k"),
        (b"/dev/shm", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, b"size=4k"),
    ):
        succeed(libc.mount(b"tmpfs", target, b"tmpfs", flags, options), f"mount {target.decode()}")
    os.chdir(scratch)


def can_move_in(scratch: str) -> bool:
    """Whether an ordinary user may make namespaces on this machine, and mount in them. A child process tries it.

    Ubuntu 24.04 allows the namespaces, but gives no rights in them. Only a mount shows that.
    """
    user = os.getuid(), os.getgid()
    try:
        pid, pidfd = fork(namespaces=True)
    except OSError:
        return False
    if pid == 0:
        try:
            move_in(scratch, user)
        except OSError:
            os._exit(1)
        os._exit(0)
    os.close(pidfd)
    return os.waitpid(pid, 0)[1] == 0


def limit_resources(limits: SubmissionLimits) -> None:
    """Set hard limits. FSIZE and NOFILE are far more than a notebook needs, and too little to do harm."""
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


def keep_only(descriptors: Mapping[int, int], null: int) -> None:
    """Keep only these descriptors, {new number: present number}, and /dev/null as 0 to 2. New numbers begin at 3."""
    for target in (0, 1, 2):
        os.dup2(null, target)
    # First to 16 and above, so that no dup2 overwrites a descriptor that is still needed.
    aside = {target: fcntl.fcntl(fd, fcntl.F_DUPFD, 16) for target, fd in descriptors.items()}
    for target, fd in aside.items():
        os.dup2(fd, target)
    os.closerange(3 + len(descriptors), MAX_DESCRIPTORS)


def landlock_abi() -> int:
    """The version of Landlock in this kernel; 0 if the kernel does not have Landlock."""
    return max(0, int(libc.syscall(444, None, 0, 1)))


class Place(NamedTuple):
    """An open file or folder that a rule will grant. fd: opened with O_PATH.  access: the rights it can get."""

    fd: int
    access: int


def open_places(readable: Sequence[str], listable: Sequence[str] = ()) -> list[Place]:
    """Open files and folders to read, `listable` folders for their names only, and /dev/null.

    Missing files are left out. The zygote opens them while it can still enter root's folders; rules use descriptors.
    """
    wanted = [(path, READ_FILE | READ_DIR) for path in readable] + [(path, READ_DIR) for path in listable]
    wanted += [("/dev/null", READ_FILE | WRITE_FILE), ("/dev/urandom", READ_FILE)]
    # This function opens some 300 files; a usual limit is 1024.
    resource.setrlimit(resource.RLIMIT_NOFILE, (MAX_DESCRIPTORS, MAX_DESCRIPTORS))
    places = []
    for path, access in wanted:
        try:
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        folder = stat.S_ISDIR(os.fstat(fd).st_mode)
        places.append(Place(fd, access if folder else access & (READ_FILE | WRITE_FILE)))
    return places


class Landlock:
    """A set of rules for places. `restrict` applies it to this process and its children for good."""

    def __init__(self) -> None:
        abi = landlock_abi()
        files = {1: 13, 2: 14, 3: 15, 4: 15}.get(abi, 16)
        if abi < 1:
            raise OSError("landlock: this kernel does not have it")
        self.all = (1 << files) - 1
        network, scope = (3 if abi >= 4 else 0), (3 if abi >= 6 else 0)  # every port; abstract sockets, signals
        attributes = struct.pack("QQQ", self.all, network, scope)[: 24 if abi >= 6 else 16 if abi >= 4 else 8]
        self.fd = int(libc.syscall(444, attributes, len(attributes), 0))
        if self.fd < 0:
            raise OSError(ctypes.get_errno(), "landlock_create_ruleset")

    def allow(self, places: Sequence[Place]) -> None:
        """Grant each place its access."""
        for fd, access in places:
            succeed(libc.syscall(445, self.fd, 1, struct.pack("=Qi", access, fd), 0), "landlock_add_rule")

    def allow_scratch(self, path: str) -> None:
        """Grant one folder, to write ordinary files and folders in it."""
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        self.allow([Place(fd, self.all & ~_SPECIAL_FILES & ~_EXECUTE)])
        os.close(fd)

    @staticmethod
    def restrict(fd: int) -> None:
        """Apply the rules of a descriptor to this process, and close the descriptor. Needs no_new_privs."""
        succeed(libc.syscall(446, fd, 0), "landlock_restrict_self")
        os.close(fd)


def renounce_privileges() -> None:
    """Give up setuid programs and capabilities, for good."""
    succeed(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl(NO_NEW_PRIVS)")


def drop_capabilities() -> None:
    """Empty the bounding, effective, permitted and inheritable sets."""
    for capability in range(64):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)  # may fail; only the next call counts
    succeed(libc.capset(struct.pack("Ii", CAPABILITY_VERSION_3, 0), bytes(24)), "capset")


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def filter_system_calls(program: bytes) -> None:
    """Load a compiled seccomp program, with this process's id in place of PID_PLACEHOLDER."""
    patched = program.replace(struct.pack("<I", PID_PLACEHOLDER), struct.pack("<I", os.getpid()))
    buffer = ctypes.create_string_buffer(patched, len(patched))
    argument = _Program(len(patched) // 8, ctypes.addressof(buffer))
    succeed(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(argument), 0, 0), "seccomp")
