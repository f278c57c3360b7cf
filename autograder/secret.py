"""The course's secret: $AUTOGRADER_SECRET, or work/secret.key, which the first run makes.

Hidden inputs are drawn from it, and `collect` signs its records with it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from autograder.course import Course
from autograder.errors import AutograderError
from autograder.files import FileKind, locked, read_bytes, sweep, write_atomically

SECRET_BYTES = 32
SECRET = FileKind("the course's secret", 200, "restore it or set AUTOGRADER_SECRET", links=True)


def course_secret(course: Course, *, make: bool = True) -> bytes:
    """The course's secret. Raises AutograderError if the file cannot be read, is too short, or cannot be written.

    make: whether to make one if there is none. Shards must not: each machine would make another.
    """
    if given := os.environ.get("AUTOGRADER_SECRET"):
        return hashlib.sha256(given.encode()).digest()
    path = course.work / "secret.key"
    if not path.exists():
        if not make:
            raise AutograderError(
                f"{path}: expected the secret that all shards share, got none. "
                "Hint: set AUTOGRADER_SECRET to the same text everywhere, or copy this file to every machine."
            )
        _make(path)
    try:
        secret = bytes.fromhex(read_bytes(path, SECRET).decode("ascii"))
    except ValueError:
        secret = b""
    if len(secret) != SECRET_BYTES:
        got = f"{len(secret)} bytes" if secret else "something else"
        raise AutograderError(
            f"{path}: expected {SECRET.name} of {SECRET_BYTES} bytes, got {got}. "
            f"Hint: {SECRET.hint}; or remove it and regrade with --all."
        )
    return secret


def known_secret(course: Course) -> bytes | None:
    """The course's secret, or None where there is none. Makes none. Raises AutograderError as course_secret does."""
    if os.environ.get("AUTOGRADER_SECRET") or (course.work / "secret.key").exists():
        return course_secret(course, make=False)
    return None


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path.parent, wait=True):  # if two runs begin at once, one of them makes it
        sweep(path.parent)
        if not path.exists():
            write_atomically(path, secrets.token_hex(SECRET_BYTES), mode=0o600)
