"""Shuts the web process in: what a hostile request could make of it cannot read the answers, nor call anybody.

Landlock grants the files that pages are made of, and nothing else. A filter of system calls refuses new sockets and new
programs. Both hold for good, and for each thread that starts later, so the process must have one thread now.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import struct
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.course import PACKAGE, Course
from autograder.errors import SandboxError
from autograder.portal.folders import PortalFolders
from autograder.sandbox.worker.landlock import Landlock, Place, landlock_abi, open_places
from autograder.sandbox.worker.lockdown import filter_system_calls, libc, renounce_privileges, succeed

_SYSTEM = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/share/zoneinfo", "/etc/localtime", "/etc/ssl/openssl.cnf")
_NAMES = ("/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf")  # for the name of a database's server
_CONNECT, _PORT_RULE, _PORTS_SINCE = 2, 2, 4  # Landlock's right and kind of rule; the version that has them
_CALLS = "execve execveat ptrace process_vm_readv process_vm_writev io_uring_setup kill pidfd_send_signal".split()
_NETWORK = ("socket", "connect")
_EACCES = 13


def require_landlock() -> None:
    """Raise SandboxError if this kernel has no Landlock."""
    if landlock_abi() < 1:
        raise SandboxError(
            "serve: expected a kernel with Landlock, which keeps the web process from the answers, got one without. "
            "Hint: Linux 5.13 or later, started with landlock among its `lsm`; or --without-landlock, at your own risk."
        )


def shut_in(course: Course, places: PortalFolders, *, landlock: bool = True, port: int | None = None) -> None:
    """Shut this process in, for good. port: of the database's server, the only one that may be called; None: no one.

    landlock: False leaves files as they are. Raises SandboxError if the process could still open an answer.
    """
    tasks = len(list(Path("/proc/self/task").iterdir()))
    if tasks != 1:
        raise SandboxError(f"web: expected one thread before it shuts itself in, got {tasks}.")
    forbidden = list(_answers(course))
    program = _refusing(_CALLS if port else [*_CALLS, *_NETWORK])
    renounce_privileges()
    if landlock:
        _restrict_files(course, places, port)
        _confirm(forbidden)
    filter_system_calls(program)


def readable(course: Course, *, names: bool = False) -> list[str]:
    """The files and folders that the web process may read. names: also those by which a server's name is found.

    None of them holds an answer: a Python that is installed around the course is left out, and then nothing starts.
    """
    packages = [importlib.util.find_spec(name) for name in ("autograder", "reference_impl")]
    folders = [Path(each.origin).parent for each in packages if each and each.origin]
    python = [Path(sys.prefix), Path(sys.base_prefix)]
    of_course = [course.root / "course.toml", course.root / course.roster_file, course.assignments]
    if course.open_first:
        of_course.append(course.root / course.open_first)
    wanted = [*python, PACKAGE, *folders, *of_course, *map(Path, _SYSTEM), *map(Path, _NAMES if names else ())]
    closed = (course.solutions.resolve(), (course.work / "secret.key").resolve())
    safe = [path for path in wanted if not any(each.is_relative_to(path.resolve()) for each in closed)]
    return list(dict.fromkeys(str(path) for path in safe))


def _restrict_files(course: Course, places: PortalFolders, port: int | None) -> None:
    rules = Landlock()
    granted = open_places(readable(course, names=port is not None))
    rules.allow(granted)
    rules.allow_scratch(str(places.root))
    if port is not None and landlock_abi() >= _PORTS_SINCE:
        rule = struct.pack("QQ", _CONNECT, port)
        succeed(libc.syscall(445, rules.fd, _PORT_RULE, rule, 0), "landlock_add_rule")
    _close(granted)
    Landlock.restrict(rules.fd)


def _close(places: Sequence[Place]) -> None:
    for place in places:
        if isinstance(place.at, int):
            os.close(place.at)


def _answers(course: Course) -> Iterator[Path]:
    """Files that must be closed to the web process: one of each assignment, and the secret."""
    yield course.work / "secret.key"
    for name in course.names():
        yield course.solutions / name / "assignment.toml"


def _confirm(forbidden: Sequence[Path]) -> None:
    for path in forbidden:
        with contextlib.suppress(PermissionError, FileNotFoundError), path.open("rb"):
            raise SandboxError(
                f"web: expected {path} to be closed to it, got an open file. "
                "Hint: move the course out of the folder in which Python is installed."
            )


def _refusing(names: Sequence[str]) -> bytes:
    """A program for the kernel that refuses these system calls, and lets all others through."""
    try:
        import pyseccomp as sc
    except (ImportError, RuntimeError, OSError) as error:
        raise SandboxError(
            f"libseccomp: expected the system library, got {error}. Hint: apt-get install libseccomp2."
        ) from None
    rules = sc.SyscallFilter(sc.ALLOW)
    rules.set_attr(sc.Attr.ACT_BADARCH, sc.KILL_PROCESS)
    for name in names:
        with contextlib.suppress(ValueError):  # a name that this architecture does not have
            rules.add_rule(sc.ERRNO(_EACCES), name)
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()
