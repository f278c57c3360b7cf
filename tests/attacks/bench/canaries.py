"""Pictures of files, taken before and after: what changed outside a tool's own output, in content or in any attribute."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

_HASHED = 8 << 20  # of larger files the size and the times have to do


@dataclass(frozen=True)
class Entry:
    """One file, folder or link. Of a folder, times and size change with what is in it, so they are left out."""

    mode: int
    owner: int
    size: int = 0
    written: int = 0
    links: int = 0
    content: str = ""

    @property
    def is_folder(self):
        return stat.S_ISDIR(self.mode)


def picture(folder):
    """{path below the folder: Entry}."""
    entries = {}
    for root, folders, names in os.walk(folder):
        for name in [*folders, *names]:
            path = Path(root, name)
            entries[str(path.relative_to(folder))] = _entry(path)
    return entries


def _entry(path):
    state = path.lstat()
    if stat.S_ISDIR(state.st_mode):
        return Entry(state.st_mode, state.st_uid)
    return Entry(state.st_mode, state.st_uid, state.st_size, state.st_mtime_ns, state.st_nlink, _content(path, state))


def _content(path, state):
    if stat.S_ISLNK(state.st_mode):
        return os.readlink(path)
    if not stat.S_ISREG(state.st_mode) or state.st_size > _HASHED:
        return ""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:  # the bench is no root, and a payload closed the file: the mode has changed, too
        return "closed"


def changes(before, after):
    """Paths whose entry appeared, vanished or changed."""
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


@dataclass(frozen=True)
class Expected:
    """Changes that the tool makes itself: files that it writes, and folders that it makes, with all in them."""

    paths: frozenset
    folders: frozenset

    @classmethod
    def of(cls, before, after):
        """The changes of a run with an honest notebook."""
        paths = changes(before, after)
        return cls(frozenset(paths), frozenset(p for p in paths if p not in before and after[p].is_folder))

    def __or__(self, other):
        return Expected(self.paths | other.paths, self.folders | other.folders)

    def also_for(self, student, other):
        """The same changes in another student's place."""
        return self | Expected(
            frozenset(p.replace(student, other) for p in self.paths),
            frozenset(f.replace(student, other) for f in self.folders),
        )

    def others(self, before, after):
        """Changes that are not the tool's own, sorted."""
        return sorted(p for p in changes(before, after) if not self._covers(p))

    def _covers(self, path):
        return path in self.paths or any(path.startswith(f"{folder}/") for folder in self.folders)
