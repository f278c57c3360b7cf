"""The message of set-up from the launcher to a zygote, and the place where submissions' folders are mounted."""

from __future__ import annotations

import errno
import json
import os
import socket
from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.distributions import modules_of
from autograder.sandbox import bubblewrap, seccomp
from autograder.sandbox.readable_files import FilePolicy
from autograder.sandbox.worker import lockdown

NOBODY = 65534


def setup_of(tier: str, policy: FilePolicy, scratch: str, handouts: Path | None) -> dict[str, object]:
    """The part of the message that is known at the start. handouts: the folder of hand-outs, or None."""
    files = "" if handouts is None else bubblewrap.HANDOUTS if tier == "A" else str(handouts)
    return {
        "tier": tier,
        "scratch": scratch,
        "drop_to": NOBODY if os.getuid() == 0 and tier != "unsafe" else None,
        "files": files,
        "readable": [*map(str, policy.paths), *([files] if files else [])],
        "listable": [str(p) for p in policy.listable],
        "packages": list(policy.packages),
        "seccomp": seccomp.program(mounts=tier == "A").hex() if tier != "unsafe" else "",
    }


def send_setup(control: socket.socket, setup: dict[str, object]) -> None:
    """Send it as a memfd. Raises OSError."""
    fd = os.memfd_create("setup", os.MFD_CLOEXEC)
    try:
        data = json.dumps(setup).encode()
        if os.write(fd, data) < len(data):  # `ulimit -f`
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        os.lseek(fd, 0, os.SEEK_SET)
        socket.send_fds(control, [b"setup"], [fd])
    finally:
        os.close(fd)


def offered_names(packages: Sequence[str]) -> list[str]:
    """The names that these packages are imported by, for a message."""
    return sorted({name.partition(".")[0] for name in modules_of(packages)})


def place_to_mount_on(needed: Iterable[Path]) -> str:
    """A folder that every system has, without Python or hand-outs in it: a submission's mount hides its content.

    needed: files and folders that must stay.
    """
    paths = tuple(needed)
    for place in map(Path, ("/var/tmp", "/mnt", "/media", "/srv")):  # noqa: S108 — nothing is written there
        if place.is_dir() and not any(place == path or place in path.parents for path in paths):
            return str(place)
    return lockdown.SCRATCH  # it does not exist, so there is no private folder
