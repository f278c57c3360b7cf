"""The layers of protection that a submission's process puts on before any student code, in this order.

Namespaces and private mounts (tier A; tier B where the kernel lets an ordinary user make them), resource limits,
no_new_privs, Landlock, no capabilities, and last the seccomp allow-list, compiled by the grader, loaded as bytes.
Each step raises OSError if the kernel refuses. No code catches it, so a process without a layer never serves.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import signal
import struct
from collections.abc import Mapping
from dataclasses import dataclass

libc = ctypes.CDLL(None, use_errno=True)
_libc_with_the_gil = ctypes.PyDLL(None, use_errno=True)  # keeps the GIL: no other thread may take it during a fork
_SYS_CLONE = {"x86_64": 56, "aarch64": 220}.get(os.uname().machine, -1)

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID = 0x00020000, 0x08000000, 0x10000000, 0x20000000
CLONE_PIDFD = 0x00001000
_NAMESPACES = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_RDONLY = 2, 4, 8, 1
_SYS_MOUNT_SETATTR, _AT_FDCWD, _AT_RECURSIVE = 442, -100, 0x8000  # the number is the same on every architecture
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 24, 38
SECCOMP_MODE_FILTER = 2
CAPABILITY_VERSION_3 = 0x20080522
SIGKILL = 9

# Tier A's private folder; /tmp is a link to it. It is not /tmp, because the interpreter may be installed in /tmp.
SCRATCH = "/scratch"
SCRATCH_BYTES, SCRATCH_FILES = 16 << 20, 256  # if nobody asks for more
MAX_DESCRIPTORS = 4096
PID_PLACEHOLDER = 0x5EC0_0B1D  # stands for the id of the process in the seccomp program


@dataclass(frozen=True, slots=True)
class SubmissionLimits:
    """The limits of one submission.

    memory: bytes of address space.  cpu: seconds.  threads: of its user.  folder: bytes in its private folder.
    files: in this folder, folders included.
    """

    memory: int
    cpu: int
    threads: int
    folder: int = SCRATCH_BYTES
    files: int = SCRATCH_FILES


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


def move_in(scratch: str, user: tuple[int, int], limits: SubmissionLimits) -> None:
    """In new namespaces: become `user` (uid, gid), make all mounts read-only, and mount the private folders.

    Then no call can change anything about a file outside, and reading one leaves no time of reading. `scratch` becomes
    an empty folder, which ends with the submission. /proc and /dev/shm become empty.
    """
    uid, gid = user
    for name, text in ("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1"):
        with open(f"/proc/self/{name}", "w") as file:  # noqa: PTH123 — pathlib is not worth its import here
            file.write(text)
    read_only = struct.pack("QQQQ", MS_RDONLY, 0, 0, 0)  # struct mount_attr: set, clear, propagation, namespace
    done = libc.syscall(_SYS_MOUNT_SETATTR, _AT_FDCWD, b"/", _AT_RECURSIVE, read_only, len(read_only))
    succeed(done, "mount_setattr")
    for target, flags, options in (
        (scratch.encode(), MS_NOSUID | MS_NODEV, b"size=%d,nr_inodes=%d" % (limits.folder, limits.files)),
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
            move_in(scratch, user, SubmissionLimits(0, 0, 0))
        except OSError:
            os._exit(1)
        os._exit(0)
    os.close(pidfd)
    return os.waitpid(pid, 0)[1] == 0


def limit_resources(limits: SubmissionLimits) -> None:
    """Set hard limits, or keep lower ones of this machine's (`ulimit -t 20`)."""
    for name, value in {**ceilings(limits.memory, limits.cpu, limits.folder), "NPROC": limits.threads}.items():
        limit = getattr(resource, f"RLIMIT_{name}")
        _, hard = resource.getrlimit(limit)
        lower = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (lower, lower))


def ceilings(memory: int, cpu: int, folder: int = SCRATCH_BYTES) -> dict[str, int]:
    """The limits of a submission by name, in the kernel's units.

    A file can fill the private folder. NOFILE is far more than a notebook needs, and too little to do harm.
    """
    return {
        "AS": memory,
        "CPU": cpu,
        "FSIZE": folder,
        "NOFILE": 64,
        "CORE": 0,
        "MSGQUEUE": 0,
        "MEMLOCK": 0,
        "SIGPENDING": 64,
        "STACK": 8 << 20,
    }


def keep_only(descriptors: Mapping[int, int]) -> None:
    """Keep only these descriptors, {new number: present number}, and stderr. New numbers begin at 3."""
    # First to 16 and above, so that no dup2 overwrites a descriptor that is still needed.
    aside = {target: fcntl.fcntl(fd, fcntl.F_DUPFD, 16) for target, fd in descriptors.items()}
    for target, fd in aside.items():
        os.dup2(fd, target)
    os.closerange(3 + len(descriptors), MAX_DESCRIPTORS)


def silence() -> None:
    """Make 0 to 2 /dev/null. It is opened for this process: flags of a descriptor that others share are a mailbox."""
    null = os.open("/dev/null", os.O_RDWR)
    for target in (0, 1, 2):
        os.dup2(null, target)
    os.close(null)


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
