"""The system calls a submission may make: an allow-list, compiled once by libseccomp into a BPF program.

The list was measured on honest notebooks with NumPy, matplotlib, threads, files and the standard library (`make
syscalls` prints some 55 calls). The others are calls of the same Python functions with another libc, kernel or version
of Python (fstat for newfstatat, poll for ppoll). Any other call gets EPERM. A call of another
architecture (int 0x80, x32) kills the process. libseccomp skips names that this architecture does not have.
"""

from __future__ import annotations

import signal
import tempfile
from functools import lru_cache
from typing import Any

from autograder.errors import SandboxError
from autograder.sandbox.worker.lockdown import PID_PLACEHOLDER

_ALLOWED = """
read write readv writev pread64 pwrite64 preadv pwritev lseek close dup dup2 dup3 eventfd2
fstat fstatfs getdents getdents64 getcwd fchdir mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2
ftruncate fallocate fsync fdatasync umask copy_file_range sendfile
mmap munmap mremap mprotect madvise msync brk
set_robust_list rseq exit exit_group restart_syscall membarrier
sched_yield sched_getaffinity sched_getscheduler sched_get_priority_max sched_get_priority_min getcpu
nanosleep gettimeofday time times getrusage getrlimit uname
getpid gettid getppid getpgrp getuid geteuid getgid getegid getresuid getresgid getgroups
capget
rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait sigaltstack pause alarm
setitimer getitimer poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait
getrandom arch_prctl
""".split()

# Questions about a path, which Landlock does not see. Tier A mounts no other file, so they are allowed there. In tier B
# the process itself answers the first group by opening the file (worker/path_calls.py); the others get an error that
# says "not a link" or "no such call", and the C library then asks in another way.
_BY_OPENING = "stat lstat newfstatat access faccessat faccessat2 chdir statfs truncate".split()
_LINKS = "readlink readlinkat".split()
_STATX = ["statx"]

# Changes of a file's mode, owner and times, which Landlock does not see. In tier A all mounts but the private folder
# are read-only. In tier B the process itself answers "done" if it can open the file, and nothing is done: an honest
# notebook loses nothing if its own file keeps its mode (shutil.copy2, tempfile).
_CHANGES = "chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes futimesat utimensat".split()
# A file's place in the cache is seen by all, and so is a lock. The answer is "done", and nothing is done: no other
# process can open the files that this one may write, and SQLite does not work on a file that it cannot lock.
_HARMLESS = ["fadvise64", "flock"]
_LOCKS = {"F_GETLK": 5, "F_SETLK": 6, "F_SETLKW": 7, "F_OFD_GETLK": 36, "F_OFD_SETLK": 37, "F_OFD_SETLKW": 38}

# Allowed with some arguments only.
# A thread that shares descriptors and folders, without a descriptor of its own, whose number counts all tasks.
_THREAD, _FILES, _FS, _PIDFD = 0x10000, 0x400, 0x200, 0x1000
# A futex of this process; a shared one wakes others through a page of a file that both can read. pthread_join waits on
# a shared one.
_FUTEX = [(0x80, 0x80), (0x7F, 0), (0x7F, 9)]
_CLOEXEC = 4  # the only flag of close_range: another one gives a thread a limit of descriptors of its own
_CLOCKS = "clock_gettime clock_getres clock_nanosleep".split()  # the machine's, and its own; negative: of a process
_OF_ITSELF = {"getpgid": 0, "getsid": 0, "getpriority": 1}  # the position of a process's number, which must be 0
_FCNTL = {"F_DUPFD": 0, "F_GETFD": 1, "F_SETFD": 2, "F_GETFL": 3, "F_SETFL": 4, "F_DUPFD_CLOEXEC": 1030}
_IOCTL = {
    "TCGETS": 0x5401,
    "TIOCGWINSZ": 0x5413,
    "FIONBIO": 0x5421,
    "FIONREAD": 0x541B,
    "FIOCLEX": 0x5451,
    "FIONCLEX": 0x5450,
}
_PRCTL = {"PR_SET_NAME": 15, "PR_GET_NAME": 16, "PR_SET_VMA": 0x53564D41}
# Extended attributes are not supported: shutil.copy2 accepts ENOTSUP, and would fail on EPERM.
_ATTRIBUTES = [f"{act}xattr" for act in "list llist flist get lget fget set lset fset remove lremove fremove".split()]
# How a file may be opened: (mask, value) of the flags. Not with O_PATH, nor for neither reading nor writing (mode 3):
# Landlock lets both through. Not to read and truncate: before version 3, Landlock asks for the right to read only.
# O_NOATIME tells the owner: the kernel compares it before Landlock decides.
_O_PATH, _O_NOATIME, _O_TRUNC, _MODE = 0o10000000, 0o1000000, 0o1000, 3
_NEVER = _MODE | _O_PATH | _O_NOATIME
_OPEN = [(_NEVER | _O_TRUNC, 0), (_NEVER, 1), (_NEVER, 2)]
_32_BITS = 0xFFFFFFFF  # the kernel looks at 32 bits of a command; comparing 64 is CVE-2019-10063
_DONE, _EPERM, _EINVAL, _ENOSYS, _ENOTSUP = 0, 1, 22, 38, 95


@lru_cache(maxsize=2)
def program(*, mounts: bool) -> bytes:
    """The BPF program, with PID_PLACEHOLDER in place of the process's id. Raises SandboxError.

    mounts: whether only the files that a submission may read are mounted (tier A).
    """
    try:
        import pyseccomp as sc
    except (ImportError, RuntimeError, OSError) as error:
        raise SandboxError(
            f"libseccomp: expected the system library, got {error}. Hint: apt-get install libseccomp2."
        ) from None
    rules = sc.SyscallFilter(sc.ERRNO(_EPERM))
    rules.set_attr(sc.Attr.ACT_BADARCH, sc.KILL_PROCESS)
    for action, names in (
        (sc.ALLOW, _ALLOWED),
        (sc.ERRNO(_DONE), _HARMLESS),
        (sc.ERRNO(_ENOTSUP), _ATTRIBUTES),
        (sc.ALLOW if mounts else sc.TRAP, _BY_OPENING + _CHANGES),
        (sc.ALLOW if mounts else sc.ERRNO(_EINVAL), _LINKS),
        (sc.ALLOW if mounts else sc.ERRNO(_ENOSYS), _STATX),
        (sc.ERRNO(_ENOSYS), ["clone3"]),  # a filter cannot read its flags, behind a pointer; glibc then uses clone
    ):
        for name in names:
            _add(rules, action, name)
    _add_by_argument(rules, sc)
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _add_by_argument(rules: object, sc: Any) -> None:
    """Allow the calls that are harmless with some arguments only."""
    of_a_thread = _THREAD | _FILES | _FS
    _add(rules, sc.ALLOW, "clone", sc.Arg(0, sc.MASKED_EQ, of_a_thread | _PIDFD, of_a_thread))
    _add(rules, sc.ALLOW, "close_range", sc.Arg(2, sc.MASKED_EQ, _32_BITS & ~_CLOEXEC, 0))
    for mask, value in _FUTEX:
        _add(rules, sc.ALLOW, "futex", sc.Arg(1, sc.MASKED_EQ, mask, value))
    for name in _CLOCKS:
        _add(rules, sc.ALLOW, name, sc.Arg(0, sc.LT, 16))
    for name, position in _OF_ITSELF.items():
        _add(rules, sc.ALLOW, name, sc.Arg(position, sc.EQ, 0))
    for name, position, commands in (("fcntl", 1, _FCNTL), ("ioctl", 1, _IOCTL), ("prctl", 0, _PRCTL)):
        for command in commands.values():
            _add(rules, sc.ALLOW, name, sc.Arg(position, sc.MASKED_EQ, _32_BITS, command))
    for command in _LOCKS.values():
        _add(rules, sc.ERRNO(_DONE), "fcntl", sc.Arg(1, sc.MASKED_EQ, _32_BITS, command))
    for name, position in (("open", 1), ("openat", 2)):
        for mask, value in _OPEN:
            _add(rules, sc.ALLOW, name, sc.Arg(position, sc.MASKED_EQ, mask, value))
    # It may read its own limits. With a lower limit of processor time it would die of SIGKILL, as if by another hand.
    _add(rules, sc.ALLOW, "prlimit64", sc.Arg(0, sc.EQ, 0), sc.Arg(2, sc.EQ, 0))
    for bit in range(7):  # raise() and abort(), to itself; not SIGKILL: a bit must differ
        differs = sc.Arg(2, sc.MASKED_EQ, 1 << bit, ~signal.SIGKILL & 1 << bit)
        _add(rules, sc.ALLOW, "tgkill", sc.Arg(0, sc.EQ, PID_PLACEHOLDER), differs)


def _add(rules: object, action: int, name: str, *arguments: object) -> None:
    import pyseccomp as sc

    try:
        known = sc.resolve_syscall(sc.Arch.NATIVE, name)
    except (ValueError, AttributeError):
        known = -1
    if known >= 0:  # negative: this architecture does not have it
        rules.add_rule(action, name, *arguments)  # type: ignore[attr-defined]
