"""Landlock: the kernel's rules for the files that a submission may open, by version of Landlock.

Landlock decides when a file is opened, made, moved or removed. It knows nothing of calls that only ask about a path, or
that change a file's mode, owner or times (see path_calls.py and seccomp.py). It knows truncation from version 3 on.
System call numbers 444 to 446 are the same on every architecture.
Source: https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import stat
import struct
from collections.abc import Sequence
from typing import NamedTuple

from .lockdown import MAX_DESCRIPTORS, libc, succeed

READ_FILE, READ_DIR, WRITE_FILE = 1 << 2, 1 << 3, 1 << 1
_SPECIAL_FILES = sum(1 << bit for bit in (6, 9, 10, 11, 12))  # make: device, socket, fifo, block, symlink
_EXECUTE = 1 << 0
_SPARE = 100  # descriptors besides those of the rules


def landlock_abi() -> int:
    """The version of Landlock in this kernel; 0 if the kernel does not have Landlock."""
    return max(0, int(libc.syscall(444, None, 0, 1)))


class Place(NamedTuple):
    """A file or folder that a rule will grant. at: its descriptor, or its path.  access: the rights it can get."""

    at: int | str
    access: int


def open_places(readable: Sequence[str], listable: Sequence[str] = ()) -> list[Place]:
    """Open files and folders to read, `listable` folders for their names only, and /dev/null.

    Missing files are left out. The zygote opens them while it can still enter root's folders. Where it may not hold
    some 300 descriptors (`ulimit -n 256`), each submission opens them again by their paths.
    """
    wanted = [(path, READ_FILE | READ_DIR) for path in readable] + [(path, READ_DIR) for path in listable]
    wanted += [("/dev/null", READ_FILE | WRITE_FILE), ("/dev/urandom", READ_FILE)]
    room = _raise_descriptors()
    places: list[Place] = []
    for path, access in wanted:
        try:
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        folder = stat.S_ISDIR(os.fstat(fd).st_mode)
        if room < len(wanted) + _SPARE:
            os.close(fd)
        at = path if room < len(wanted) + _SPARE else fd
        places.append(Place(at, access if folder else access & (READ_FILE | WRITE_FILE)))
    return places


def _raise_descriptors() -> int:
    """Let this process hold as many descriptors as it may, and return their number. A usual limit is 1024."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError):  # only root may raise the hard limit
        resource.setrlimit(resource.RLIMIT_NOFILE, (MAX_DESCRIPTORS, MAX_DESCRIPTORS))
        return MAX_DESCRIPTORS
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


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
        for at, access in places:
            fd = os.open(at, os.O_PATH | os.O_CLOEXEC) if isinstance(at, str) else at
            succeed(libc.syscall(445, self.fd, 1, struct.pack("=Qi", access, fd), 0), "landlock_add_rule")
            if isinstance(at, str):
                os.close(fd)

    def allow_scratch(self, path: str) -> None:
        """Grant one folder, to write ordinary files and folders in it."""
        self.allow([Place(path, self.all & ~_SPECIAL_FILES & ~_EXECUTE)])

    @staticmethod
    def restrict(fd: int) -> None:
        """Apply the rules of a descriptor to this process, and close the descriptor. Needs no_new_privs."""
        succeed(libc.syscall(446, fd, 0), "landlock_restrict_self")
        os.close(fd)
