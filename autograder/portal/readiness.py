"""`autograder serve doctor`: whether this machine can keep what the portal promises. It looks, and changes nothing."""

from __future__ import annotations

import ctypes
import os
import re
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AutograderError
from autograder.files import size_text
from autograder.portal.handing_in import SPARE_BYTES
from autograder.sandbox.worker.landlock import landlock_abi

NETWORK_ABI = 4  # from this version on, Landlock also closes the network
_MOUNTS = Path("/proc/self/mountinfo")
_OF_A_NETWORK = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|ceph|glusterfs|lustre|gpfs|beegfs|afs|9p|fuse\.(?:sshfs|glusterfs|ceph.*|davfs.*|rclone)"
)
_TIME_ERROR = 5  # of adjtimex(2): nobody sets this clock
_AMPLE = 5 << 30  # bytes: a term of 2,000 students with a notebook of 100 kB a week takes about as much


@dataclass(frozen=True, slots=True)
class ReadinessLine:
    """One line. good: None for a warning."""

    what: str
    good: bool | None
    says: str


def readiness(folder: Path, *, sqlite: bool) -> list[ReadinessLine]:
    """What can be said of this machine. folder: work/portal, or where it will be.  sqlite: whether its database is."""
    there = next(p for p in (folder, *folder.parents) if p.exists())
    return [_landlock(landlock_abi()), _file_system(there, sqlite=sqlite), _room(there), _clock()]


def require_local(folder: Path) -> None:
    """Raise AutograderError if SQLite's file would lie on a network file system: its locks do not hold there."""
    kind = file_system_of(folder)
    if _OF_A_NETWORK.fullmatch(kind):
        raise AutograderError(
            f"{folder}: expected a disk of this machine under SQLite, got {kind}, a network file system. "
            "Hint: put the course on a local disk, or use PostgreSQL: --database URL."
        )


def file_system_of(folder: Path, mounts: Path = _MOUNTS) -> str:
    """The type of the file system that holds a folder, such as ext4; "" if the system does not say."""
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    inside, place = "", folder.resolve()
    best = -1
    for line in lines:
        before, _, after = line.partition(" - ")
        point = Path(re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), before.split(" ")[4]))
        if place.is_relative_to(point) and len(point.parts) >= best:  # of two at one place, the later lies on top
            best, inside = len(point.parts), after.split(" ")[0]
    return inside


def _landlock(abi: int) -> ReadinessLine:
    if abi >= NETWORK_ABI:
        return ReadinessLine("Landlock", True, f"version {abi}: the web process sees no solution, and connects nowhere")
    if abi:
        return ReadinessLine("Landlock", None, f"version {abi}: it closes files, but no network; Linux 6.7 has more")
    return ReadinessLine("Landlock", False, "missing: the web process could open solutions/. It needs Linux 5.13")


def _file_system(folder: Path, *, sqlite: bool) -> ReadinessLine:
    kind = file_system_of(folder) or "unknown"
    if not sqlite:
        return ReadinessLine("file system", True, f"{kind}; the database is a server of its own")
    try:
        require_local(folder)
    except AutograderError as error:
        return ReadinessLine("file system", False, str(error))
    return ReadinessLine("file system", True, f"{kind}, a disk of this machine as far as it says")


def _room(folder: Path) -> ReadinessLine:
    free = os.statvfs(folder)
    size = free.f_bavail * free.f_frsize
    if size < SPARE_BYTES:
        says = f"{size_text(size)} free: below {size_text(SPARE_BYTES)} nothing can be handed in"
        return ReadinessLine("disk", False, says)
    return ReadinessLine("disk", size >= _AMPLE or None, f"{size_text(size)} free")


def _clock() -> ReadinessLine:
    """Ask the kernel whether a program keeps the clock right. Times of receipt stand on it."""
    state = _adjtimex()
    if state is None:
        return ReadinessLine("clock", None, "the kernel does not say whether it is set by the network")
    if state == _TIME_ERROR:
        return ReadinessLine("clock", None, "nobody sets it: timedatectl set-ntp true. Times of receipt come from it")
    return ReadinessLine("clock", True, "set by the network")


def _adjtimex() -> int | None:
    """The state of adjtimex(2), which only reads with a struct of zeros. None if it is refused."""
    try:
        state: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))
    except (OSError, AttributeError):
        return None
    return None if state < 0 else state
