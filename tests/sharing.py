"""What takes seconds to make and is the same every time: made once, and lent to every test that asks."""

import fcntl
import hashlib
import os

import msgpack
from jinja2 import BytecodeCache

from autograder.equipment import USUAL
from autograder.interop.otter import Assigned
from autograder.sandbox.tiers import open_sandbox


class Sandboxes:
    """Warm sandboxes by what they were opened for. Lent ones survive their `close`; one that died is replaced."""

    def __init__(self):
        self._opened, self._owner = {}, os.getpid()

    def open(self, handouts, tier=None, kernel=None, prestart=None, equipment=USUAL):
        """As open_sandbox. One that was lent before has run nobody's code: that is done by its forks."""
        if os.getpid() != self._owner:  # in a fork, which must not talk to what belongs to its parent
            return open_sandbox(handouts, tier, equipment=equipment)
        key = repr(sorted((name, sorted(files.items())) for name, files in handouts.items())), tier, equipment
        if key in self._opened and self._opened[key]._process.poll() is not None:
            self._end(self._opened.pop(key))
        if key not in self._opened:
            self._opened[key] = open_sandbox(handouts, tier, equipment=equipment)
            self._opened[key].close = lambda: None
        return self._opened[key]

    def close(self):
        for zygote in self._opened.values():
            self._end(zygote)

    @staticmethod
    def _end(zygote):
        type(zygote).close(zygote)


class Releases:
    """What nbgrader and otter made of an author's text, in a folder that all of pytest-xdist's workers have."""

    def __init__(self, folder):
        self._folder = folder
        folder.mkdir(exist_ok=True)

    def kept(self, real):
        """The same function, run once for each text. `anew`: the real one."""

        def run(assignment, *metadata):
            parts = (real.__name__, assignment.name, assignment.suite_sha256, assignment.cells)
            parts = (*parts, sorted(assignment.handouts.items()), metadata)
            path = self._folder / hashlib.sha256(repr(parts).encode()).hexdigest()
            with path.with_suffix(".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if not path.exists():
                    made = real(assignment, *metadata)
                    path.write_bytes(msgpack.packb(vars_of(made)))
            return read(path.read_bytes())

        run.anew = real
        return run


def vars_of(made):
    """Assigned, or {file: bytes}, as msgpack has it."""
    return {"metadata": made.metadata, "archive": made.archive} if isinstance(made, Assigned) else {"files": made}


def read(data):
    """What vars_of was given."""
    found = msgpack.unpackb(data)
    return found["files"] if "files" in found else Assigned(**found)


class Templates(BytecodeCache):
    """Templates of pages, compiled once: each report compiles them again, for a third of a second."""

    def __init__(self):
        self._compiled = {}

    def load_bytecode(self, bucket):
        if (bucket.key, bucket.checksum) in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key, bucket.checksum])

    def dump_bytecode(self, bucket):
        self._compiled[bucket.key, bucket.checksum] = bucket.bytecode_to_string()
