"""A zip of unknown make, read piece by piece. Nothing in it is believed, and nothing is ever unpacked to disk.

Sizes are counted as bytes come out, not as the archive declares them. A name that could lead anywhere else, a link,
a second entry of the same name or a piece that lies upon another one is a problem, reported with its reason.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import IO

from autograder.errors import MalformedError
from autograder.files import size_text
from autograder.intake.boundary import hostile
from autograder.intake.entries import MAX_DEPTH, WORK, Budget, Entry, Problem
from autograder.intake.reader import NOTEBOOK

MAX_DIRECTORY = 8 << 20  # bytes of the list of entries; `zipfile` makes an object of each as it opens the archive
MAX_RATIO = 200  # bytes out for a byte in; text stays below 50, deflate reaches 1032
_RATIO_FROM = 10 << 20  # an honest loop that prints one line for ever gets as far, with less
MAX_NAME = 1000
MAX_PART = 500  # a host writes its own signs in front of a name of 255; looking for them in more takes minutes
_CHUNK = 1 << 16
_UTF8 = 0x800  # the flag of a name that is declared to be UTF-8


def open_zip(file: IO[bytes]) -> zipfile.ZipFile:
    """Open a zip whose list of entries is of modest size. Raises MalformedError."""
    with hostile("a zip"):
        directory = _directory(file)
        try:
            return zipfile.ZipFile(file)
        except UnicodeDecodeError:  # one name is no UTF-8, though it is declared so: that must not cost all others
            return zipfile.ZipFile(_Mended(file, directory, _without_false_flags(file, directory)))


def _directory(file: IO[bytes]) -> range:
    """Where the list of entries lies. Looks at the end record before `zipfile` makes an object of every entry."""
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
    return range(start + at - length, start + at)


def _without_false_flags(file: IO[bytes], directory: range) -> bytes:
    """The list of entries, in which no name that is not UTF-8 is declared to be UTF-8."""
    file.seek(directory.start)
    data = bytearray(file.read(len(directory)))
    at = 0
    while data[at : at + 4] == b"PK\1\2":
        flags, *lengths = struct.unpack_from("<8xH18x3H", data, at)
        try:
            data[at + 46 : at + 46 + lengths[0]].decode()
        except UnicodeDecodeError:
            struct.pack_into("<H", data, at + 8, flags & ~_UTF8)
        at += 46 + sum(lengths)
    return bytes(data)


class _Mended(io.BytesIO):
    """An archive that is read from `file`, but for the list of entries."""

    def __init__(self, file: IO[bytes], directory: range, data: bytes) -> None:
        super().__init__()
        self._file, self._directory, self._data = file, directory, data

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int | None = -1, /) -> bytes:
        at = self._file.tell()
        data = bytearray(self._file.read(-1 if size is None else size))
        both = range(max(at, self._directory.start), min(at + len(data), self._directory.stop))
        if both:
            first = both.start - self._directory.start
            data[both.start - at : both.stop - at] = self._data[first : first + len(both)]
        return bytes(data)


def zip_entries(archive: zipfile.ZipFile) -> tuple[list[Entry], list[Problem]]:
    """The files that may be read, in order, and what may not be, with the reason."""
    infos = [info for info in archive.infolist() if not info.orig_filename.endswith("/")]  # is_dir() raises on no name
    names = {id(info): _text(info) for info in infos}
    times = Counter(_folded(names[id(info)]) for info in infos)
    upon = _overlapping(infos)
    entries, problems = [], []
    tops = {name.split("/")[0] for name in names.values() if not _is_deep(name)}
    for info in infos:
        name = names[id(info)]
        reason = _reason(info, name)
        if not reason and _is_deep(name):
            if not name.lower().endswith(WORK) and name.split("/")[0] in tops:
                continue  # a package's own files, say; the student has others
            reason = f"expected a file in at most {MAX_DEPTH - 1} folders, got more"
        if not reason and times[_folded(name)] > 1:
            reason = f"{times[_folded(name)]} files of this name, perhaps apart from capitals: none was taken"
        if not reason and id(info) in upon:
            reason = "its bytes are also another file's: a bomb?"
        if reason:
            problems.append(Problem(name, reason))
        else:
            entries.append(_entry(archive, info, name))
    return entries, problems


def _text(info: zipfile.ZipInfo) -> str:
    """The name; where it is not declared to be UTF-8 it may be so all the same, as in Canvas's archives."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8:
        try:
            return name.encode("cp437").decode("utf-8")
        except UnicodeError:
            return name
    return name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _is_deep(name: str) -> bool:
    return name.count("/") >= MAX_DEPTH


def _reason(info: zipfile.ZipInfo, name: str) -> str:
    """Why an entry is not taken, or ""."""
    parts = name.split("/")
    mode = info.external_attr >> 16
    reasons = {
        "a name that leads out of the archive": name.startswith("/")
        or ".." in parts
        or bool(re.match("[A-Za-z]:", name)),
        f"a name of more than {MAX_NAME} characters": len(name) > MAX_NAME,
        f"a name with a part of more than {MAX_PART} characters": any(len(part) > MAX_PART for part in parts),
        "a name with a backslash": "\\" in name,
        "a name with a NUL byte": "\0" in name,
        "a name with an empty part": any(p in {"", "."} for p in parts),
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


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Entry:
    return Entry(tuple(name.split("/")), lambda budget: _read(archive, info, budget))


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> bytes:
    """At most NOTEBOOK.limit, counted as they come. Raises MalformedError."""
    data = bytearray()
    with hostile("a file that is not damaged"), archive.open(info) as file:
        for chunk in _chunks(file):
            data += chunk
            budget.spend(len(chunk))
            if len(data) > NOTEBOOK.limit:
                raise MalformedError(f"expected at most {size_text(NOTEBOOK.limit)}, got more")
            if len(data) > max(_RATIO_FROM, MAX_RATIO * max(info.compress_size, 1)):
                raise MalformedError(
                    f"it grows more than {MAX_RATIO} times when it is unpacked: a bomb?", hint="clear all outputs"
                )
    return bytes(data)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk
