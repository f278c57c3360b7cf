"""A zip of unknown make, read piece by piece. Nothing in it is believed, and nothing is ever unpacked to disk.

Sizes are counted as bytes come out, not as the archive declares them. A name that could lead anywhere else, a link,
a second entry of the same name or a piece that lies upon another one is a problem, reported with its reason.
"""

from __future__ import annotations

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections import Counter
from typing import IO

from autograder.errors import MalformedError
from autograder.files import size_text
from autograder.intake.entries import MAX_DEPTH, MAX_ENTRIES, Entry, Problem
from autograder.intake.reader import NOTEBOOK

MAX_DIRECTORY = 8 << 20  # bytes of the list of entries; `zipfile` makes an object of each as it opens the archive
MAX_TOTAL = 8 << 30  # bytes that may come out of one source
MAX_RATIO = 200  # bytes out for a byte in; text stays below 50, deflate reaches 1032
_RATIO_FROM = 10 << 20  # an honest loop that prints one line for ever gets as far, with less
MAX_NAME = 1000
_CHUNK = 1 << 16
_BROKEN = (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError, RuntimeError, OSError, ValueError)
_BROKEN_HEADERS = (*_BROKEN, struct.error, IndexError, OverflowError)


class Budget:
    """How many bytes may still come out of a source, archives inside archives included."""

    def __init__(self, total: int = MAX_TOTAL) -> None:
        self.left = total

    def spend(self, count: int) -> None:
        """Raises MalformedError when it is used up."""
        self.left -= count
        if self.left < 0:
            raise MalformedError("the archive grows beyond what a class hands in: a bomb?")


def open_zip(file: IO[bytes]) -> zipfile.ZipFile:
    """Open a zip whose list of entries is of modest size. Raises MalformedError."""
    _require_modest(file)
    try:
        return zipfile.ZipFile(file)
    except _BROKEN_HEADERS as error:
        raise MalformedError(f"expected a zip, got a broken one ({str(error)[:80]})") from None


def _require_modest(file: IO[bytes]) -> None:
    """Look at the end record as `zipfile` will, before it makes an object of every entry."""
    size = file.seek(0, 2)
    start = max(0, size - 22 - 0xFFFF - 20)
    file.seek(start)
    tail = file.read(size - start)
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) < at + 22:
        raise MalformedError("expected a zip, got a broken one (it has no end)")
    count, length = struct.unpack_from("<HL", tail, at + 10)
    if tail[max(0, at - 20) :].startswith(b"PK\6\7") or count == 0xFFFF or length > MAX_DIRECTORY:
        raise MalformedError(
            "expected an archive of at most 65534 files and 4 GiB", hint="unpack it, collect the folder"
        )


def zip_entries(archive: zipfile.ZipFile, budget: Budget) -> tuple[list[Entry], list[Problem]]:
    """The files that may be read, in order, and what may not be, with the reason. Raises MalformedError."""
    infos = [info for info in archive.infolist() if not info.orig_filename.endswith("/")]  # is_dir() raises on no name
    if len(infos) > MAX_ENTRIES:
        raise MalformedError(f"expected at most {MAX_ENTRIES} files, got {len(infos)}")
    names = {id(info): _text(info) for info in infos}
    times = Counter(_folded(names[id(info)]) for info in infos)
    upon = _overlapping(infos)
    entries, problems = [], []
    for info in infos:
        name = names[id(info)]
        reason = _reason(info, name)
        if not reason and times[_folded(name)] > 1:
            reason = f"{times[_folded(name)]} files of this name, perhaps apart from capitals: none was taken"
        if not reason and id(info) in upon:
            reason = "its bytes are also another file's: a bomb?"
        if reason:
            problems.append(Problem(name, reason))
        else:
            entries.append(_entry(archive, info, name, budget))
    return entries, problems


def _text(info: zipfile.ZipInfo) -> str:
    """The name; where it is not declared to be UTF-8 it may be so all the same, as in Canvas's archives."""
    name = info.orig_filename
    if not info.flag_bits & 0x800:
        try:
            return name.encode("cp437").decode("utf-8")
        except UnicodeError:
            return name
    return name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _reason(info: zipfile.ZipInfo, name: str) -> str:
    """Why an entry is not taken, or ""."""
    parts = name.split("/")
    mode = info.external_attr >> 16
    reasons = {
        "a name that leads out of the archive": name.startswith("/")
        or ".." in parts
        or bool(re.match("[A-Za-z]:", name)),
        f"a name of more than {MAX_NAME} characters": len(name) > MAX_NAME,
        "a name with a backslash": "\\" in name,
        "a name with a NUL byte": "\0" in name,
        "a name with an empty part, or too deep": any(p in {"", "."} for p in parts) or len(parts) > MAX_DEPTH,
        "an encrypted file": bool(info.flag_bits & 0x2041),
        "a symbolic link": stat.S_ISLNK(mode),
        "a device or a pipe": stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFLNK},
        f"a compression that is not deflate ({info.compress_type})": info.compress_type not in {0, 8},
    }
    return next((f"expected an ordinary file, got {what}" for what, holds in reasons.items() if holds), "")


def _overlapping(infos: list[zipfile.ZipInfo]) -> set[int]:
    """The entries whose bytes begin before the ones before them end."""
    overlapping, end, before = set(), 0, None
    for info in sorted(infos, key=lambda i: i.header_offset):
        if info.header_offset < end:
            overlapping |= {id(info), id(before)}
        if info.header_offset + 30 + info.compress_size >= end:
            end, before = info.header_offset + 30 + info.compress_size, info
    return overlapping


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, budget: Budget) -> Entry:
    return Entry(tuple(name.split("/")), lambda: _read(archive, info, budget))


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> bytes:
    """At most NOTEBOOK.limit, counted as they come. Raises MalformedError."""
    data = bytearray()
    try:
        with archive.open(info) as file:
            while chunk := file.read(_CHUNK):
                data += chunk
                budget.spend(len(chunk))
                if len(data) > NOTEBOOK.limit:
                    raise MalformedError(f"expected at most {size_text(NOTEBOOK.limit)}, got more")
                if len(data) > max(_RATIO_FROM, MAX_RATIO * max(info.compress_size, 1)):
                    raise MalformedError(
                        f"it grows more than {MAX_RATIO} times when it is unpacked: a bomb?", hint="clear all outputs"
                    )
    except _BROKEN_HEADERS as error:
        raise MalformedError(f"its bytes are damaged ({str(error)[:80]})") from None
    return bytes(data)
