"""Answers system calls that ask about a path, in tier B: it opens the file first, so that Landlock decides.

`stat`, `access`, `chdir` and their relatives open nothing, and Landlock does not look at them: they would show the size
and the times of a file that student code may not open. So the filter of system calls refuses them with a signal
(SECCOMP_RET_TRAP). The signal's handler in this module opens the path, asks the same question about the descriptor, and
puts the answer where the refused call would have put it. Python and C code see a usual answer, or EACCES.

The handler protects nothing: student code can replace it. It only makes calls that the filter and Landlock allow.
In tier A no other file is mounted, so these calls are allowed there.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import stat
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from .lockdown import succeed

_NUMBERS: Final[dict[str, dict[str, int]]] = {
    "x86_64": {
        "stat": 4, "lstat": 6, "newfstatat": 262, "access": 21, "faccessat": 269, "faccessat2": 439, "chdir": 80,
        "statfs": 137, "truncate": 76, "openat": 257, "close": 3, "fstat": 5, "fchdir": 81, "fstatfs": 138,
        "ftruncate": 77,
    },
    "aarch64": {
        "newfstatat": 79, "faccessat": 48, "faccessat2": 439, "chdir": 49, "statfs": 43, "truncate": 45, "openat": 56,
        "close": 57, "fstat": 80, "fchdir": 50, "fstatfs": 44, "ftruncate": 46,
    },
}  # fmt: skip


class _Registers(NamedTuple):
    """Offsets in the signal's ucontext_t, in bytes. arguments: of the call.  result: where its result belongs."""

    arguments: tuple[int, ...]
    result: int


# x86-64: rdi, rsi, rdx, r10, and rax, in gregs at 40.  aarch64: x0 to x3 in regs at 184.
_REGISTERS: Final = {
    "x86_64": _Registers((104, 112, 136, 56), 144),
    "aarch64": _Registers((184, 192, 200, 208), 184),
}
_SYSCALL_IN_SIGINFO: Final = 24  # offset of si_syscall
_SA_SIGINFO, _SA_NODEFER = 4, 0x40000000
_AT_FDCWD, _AT_SYMLINK_NOFOLLOW, _AT_EMPTY_PATH = -100, 0x100, 0x1000
_O_TMPFILE: Final = 0o20000000 | os.O_DIRECTORY
_STAT_BYTES: Final = 144  # more than the kernel's struct stat on either architecture

_machine = os.uname().machine
_numbers = _NUMBERS.get(_machine, {})
_registers = _REGISTERS.get(_machine, _REGISTERS["x86_64"])
_libc = ctypes.PyDLL(None, use_errno=True)  # with the GIL: the handler may not let another thread run
_syscall = _libc.syscall
_syscall.argtypes, _syscall.restype = [ctypes.c_long] * 5, ctypes.c_long
_known: dict[bytes, bytes] = {}  # folders of sys.path, and their struct stat


class _Action(ctypes.Structure):
    _fields_ = (
        ("handler", ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)),
        ("mask", ctypes.c_byte * 128),
        ("flags", ctypes.c_int),
        ("restorer", ctypes.c_void_p),
    )


def answer_path_calls(folders: Iterable[str]) -> None:
    """Install the handler in this process and its children.

    folders: of sys.path. The import system asks for their times before each import; they are remembered as they are
    now, because a submission may not open them. Raises OSError.
    """
    buffer = ctypes.create_string_buffer(_STAT_BYTES)
    for path in map(os.fsencode, folders):
        name = ctypes.create_string_buffer(path)
        if _about((_AT_FDCWD, ctypes.addressof(name), ctypes.addressof(buffer), 0)) == 0:
            _known[path] = buffer.raw
    succeed(_libc.sigaction(signal.SIGSYS, ctypes.byref(_ACTION), None), "sigaction")


def _handle(_signal: int, info: int, context: int) -> None:
    """Put the answer of a refused call into the registers that it returns with."""
    result = ctypes.c_long.from_address(context + _registers.result)
    arguments = tuple(ctypes.c_long.from_address(context + at).value for at in _registers.arguments)
    answer = _ANSWERS.get(ctypes.c_int.from_address(info + _SYSCALL_IN_SIGINFO).value)
    result.value = -errno.EPERM
    if answer is not None:
        result.value = answer(arguments)


def _ask(name: str, *arguments: int) -> int:
    """A system call's result, or the negative number of its error, as the kernel returns it."""
    result = int(_syscall(_numbers[name], *arguments, *[0] * (4 - len(arguments))))
    return result if result >= 0 else -ctypes.get_errno()


def _opened(folder: int, path: int, flags: int, question: Callable[[int], int]) -> int:
    """The answer to a question about an open file, or the negative number of an error."""
    fd = _ask("openat", folder, path, flags | os.O_CLOEXEC | os.O_NONBLOCK)
    if fd < 0:
        return fd
    try:
        return question(fd)
    finally:
        _ask("close", fd)


def _about(arguments: tuple[int, ...]) -> int:
    """newfstatat(folder, path, buffer, flags)."""
    folder, path, buffer, flags = arguments
    text = ctypes.string_at(path) if path else b""
    if flags & _AT_EMPTY_PATH and not text:  # glibc 2.33 to 2.38 asks about a descriptor in this way
        return _ask("fstat", folder, buffer)
    if text in _known:
        ctypes.memmove(buffer, _known[text], _STAT_BYTES)
        return 0
    follow = os.O_NOFOLLOW if flags & _AT_SYMLINK_NOFOLLOW else 0
    return _opened(folder, path, follow, lambda fd: _ask("fstat", fd, buffer))


def _access(folder: int, path: int, mode: int) -> int:
    """faccessat(folder, path, mode)."""
    answer = _opened(folder, path, os.O_RDONLY, lambda fd: _executable(fd) if mode & os.X_OK else 0)
    if answer or not mode & os.W_OK:
        return answer
    written = _opened(folder, path, os.O_WRONLY, lambda _: 0)
    if written == -errno.EISDIR:  # whether a file without a name can be made in it
        written = _opened(folder, path, os.O_WRONLY | _O_TMPFILE, lambda _: 0)
    return -errno.EACCES if written else 0


def _executable(fd: int) -> int:
    mode = os.fstat(fd).st_mode  # refused with a signal, too, if the C library asks newfstatat: handled in turn
    return 0 if stat.S_ISDIR(mode) or mode & 0o111 else -errno.EACCES


_ANSWERS: Final[dict[int, Callable[[tuple[int, ...]], int]]] = {
    _numbers[name]: answer
    for name, answer in {
        "stat": lambda a: _about((_AT_FDCWD, a[0], a[1], 0)),
        "lstat": lambda a: _about((_AT_FDCWD, a[0], a[1], _AT_SYMLINK_NOFOLLOW)),
        "newfstatat": _about,
        "access": lambda a: _access(_AT_FDCWD, a[0], a[1]),
        "faccessat": lambda a: _access(*a[:3]),
        "faccessat2": lambda a: _access(*a[:3]),
        "chdir": lambda a: _opened(_AT_FDCWD, a[0], os.O_DIRECTORY, lambda fd: _ask("fchdir", fd)),
        "statfs": lambda a: _opened(_AT_FDCWD, a[0], os.O_RDONLY, lambda fd: _ask("fstatfs", fd, a[1])),
        "truncate": lambda a: _opened(_AT_FDCWD, a[0], os.O_WRONLY, lambda fd: _ask("ftruncate", fd, a[1])),
    }.items()
    if name in _numbers
}
_HANDLER: Final = _Action._fields_[0][1](_handle)  # kept here: the kernel holds its address
_ACTION: Final = _Action(_HANDLER, (ctypes.c_byte * 128)(), _SA_SIGINFO | _SA_NODEFER, None)
