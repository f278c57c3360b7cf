"""The sandbox attacks itself before it is trusted: every canary must be refused, or nothing is graded."""

from __future__ import annotations

import time
from pathlib import Path

from autograder.errors import SandboxError, StudentError
from autograder.sandbox.connection import Limits
from autograder.sandbox.launcher import Zygote
from autograder.sandbox.student_process import StudentProcess
from autograder.sandbox.worker.lockdown import SCRATCH_BYTES

# Each line runs in the sandbox and must raise OSError (ValueError for a limit). Its name says what it tries. Every
# layer has at least one line that no other layer stops, so a missing layer shows.
_CANARIES = {
    "open a socket": "import socket; socket.socket()",
    "make a Unix socket pair": "import socket; socket.socketpair()",
    "start a process": "import os; os.fork() or os._exit(0)",
    "run a program": "import os; os.execv('/bin/true', ['true'])",
    "signal its parent": "import os; os.kill(os.getppid(), 0)",
    "signal everyone": "import os; os.kill(-1, 0)",
    "enter a new user namespace": "call('unshare', 0x10000000)",
    "mount a file system": "call('mount', b't', b'/tmp', b'tmpfs', 0, None)",
    "trace a process": "call('ptrace', 16, os_.getppid(), 0, 0)",
    "read another process's memory": "call('process_vm_readv', os_.getppid(), None, 0, None, 0, 0)",
    "have the kernel send a signal": "import fcntl; fcntl.fcntl(3, 10, 9)",
    "ask for more address space": "import resource; resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
    "read the grader's files": "open({grader!r})",
    "read the password file": "open('/etc/passwd')",
    "read process tables": "open('/proc/1/environ')",
    "write beside the notebook": "open('/usr/lib/canary', 'w')",
    "write to a device": "open('/dev/zero', 'wb')",
    "see other processes": "os_.listdir('/proc') or none()",
    "be root": "os_.getuid() and none()",
    "keep a capability": "any(capabilities()) or none()",
    "fill the disk": "room() or none()",
    "use an inherited descriptor": "assert_closed()",
}
_PRELUDE = """
import ctypes as _c, os as os_
_l = _c.CDLL(None, use_errno=True)
def call(name, *args):
    _c.set_errno(0)
    if getattr(_l, name)(*args) < 0:
        raise OSError(_c.get_errno(), name)
def assert_closed():
    for fd in range(4, 1024):
        try: os_.fstat(fd)
        except OSError: continue
        return
    none()
def none():
    raise OSError('none')
def capabilities():
    sets = _c.create_string_buffer(24)
    call('capget', (0x20080522).to_bytes(4, 'little') + bytes(4), sets)
    return sets.raw
def room():
    open(os_.path.join(os_.environ['HOME'], 'canary'), 'w').close()
    disk = os_.statvfs(os_.environ['HOME'])
    return disk.f_blocks * disk.f_frsize > {scratch}
worked = []
"""


def canary_cell() -> str:
    """A notebook cell that tries every canary, and lists in `worked` those that were not refused."""
    lines = [_PRELUDE.replace("{scratch}", str(SCRATCH_BYTES))]
    for name, code in _CANARIES.items():
        body = code.format(grader=str(Path(__file__).resolve()))
        lines.append(f"try:\n    {body}\nexcept (OSError, ValueError): pass\nelse: worked.append({name!r})\n")
    return "".join(lines)


def attack(zygote: Zygote) -> list[str]:
    """The canaries that this sandbox did not refuse; it must be empty. Raises KilledError."""
    try:
        with StudentProcess(zygote, Limits(), "", time.monotonic() + 20) as session:
            session.run_cell(canary_cell())
            worked = session.get("worked")
    except StudentError as error:
        return [f"not finish the test: {error}"]
    return [str(name) for name in worked] if isinstance(worked, list) else ["forge the self-test"]


def confirm(zygote: Zygote) -> None:
    """Raise SandboxError if any canary was not refused."""
    worked = attack(zygote)
    if worked:
        raise SandboxError(
            f"sandbox tier {zygote.tier}: expected every attack on itself to fail, but it could {'; '.join(worked)}."
        )
