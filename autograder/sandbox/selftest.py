"""The sandbox attacks itself before it is trusted: every canary must be refused, or nothing is graded."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from autograder.errors import KilledError, SandboxError, StudentError, TimeLimitError
from autograder.sandbox.clocks import Deadline
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
    "take address space without a limit": "import resource; resource.getrlimit(resource.RLIMIT_AS)[0] == -1 or none()",
    "lower its own limits": "import resource; resource.setrlimit(resource.RLIMIT_CPU, (20, 20))",
    "read the grader's files": "open({file!r})",
    "learn a file's size and times": "os_.stat({file!r})",
    "ask whether it may read a file": "os_.access({file!r}, os_.R_OK) or none()",
    "go into the grader's folder": "os_.chdir(os_.path.dirname({file!r}))",
    "hold a file without opening it": "os_.open('/', os_.O_PATH)",
    "open a file neither to read nor to write": "os_.open({file!r}, 3 | os_.O_TRUNC)",
    "truncate a file that it only reads": "os_.open(file(), os_.O_TRUNC)",
    "leave a time of reading": "written() or none()",
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
# Each line may change the file, or seem to: the grader looks at the file afterwards.
_CHANGES = """
os_.chmod({file!r}, 0o777)
os_.utime({file!r}, (1, 1))
os_.truncate({file!r}, 0)
os_.chown({file!r}, os_.getuid(), os_.getgid())
os_.setxattr({file!r}, 'user.canary', b'1')
os_.link({file!r}, {file!r} + '-link')
os_.rename({file!r}, {file!r} + '-moved')
os_.unlink({file!r})
""".split("\n")[1:-1]
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
def file():
    path = os_.path.join(os_.environ['HOME'], 'canary')
    open(path, 'w').close()
    return path
def written():
    return {namespaces} and not os_.statvfs(__import__('numpy').__file__).f_flag & os_.ST_RDONLY
def room():
    file()
    disk = os_.statvfs(os_.environ['HOME'])
    return disk.f_blocks * disk.f_frsize > {scratch}
worked = []
"""


def canary_cell(file: Path, *, namespaces: bool = False) -> str:
    """A notebook cell that tries every canary, and lists in `worked` those that were not refused.

    file: of the grader's, for it to read and change.  namespaces: whether all mounts should be read-only.
    """
    lines = [_PRELUDE.replace("{scratch}", str(SCRATCH_BYTES)).replace("{namespaces}", str(namespaces))]
    tried = "try:\n    {}\nexcept (OSError, ValueError): pass\n"
    for name, code in _CANARIES.items():
        lines.append(f"{tried.format(code.format(file=str(file)))}else: worked.append({name!r})\n")
    lines += [tried.format(code.format(file=str(file))) for code in _CHANGES]
    return "".join(lines)


def attack(zygote: Zygote) -> list[str]:
    """The canaries that this sandbox did not refuse; it must be empty. Raises KilledError."""
    with tempfile.TemporaryDirectory(prefix="autograder-canary-") as folder:
        Path(folder).chmod(0o755)  # its layers must protect it, not its mode
        file = Path(folder, "canary")
        file.write_text("canary")
        before = _traits(file)
        try:
            with StudentProcess(zygote, Limits(), "", Deadline(20)) as session:
                session.run_cell(canary_cell(file, namespaces=zygote.namespaces))
                worked = session.get("worked")
        except TimeLimitError as error:  # that a machine is slow says nothing about its sandbox
            raise KilledError(f"sandbox tier {zygote.tier}: expected its self-test to end, got: {error}.") from None
        except StudentError as error:
            return [f"not finish the test: {error}"]
        after = _traits(file)
    changed = [f"change a file's {name}" for name in before if before[name] != after.get(name)]
    return [*map(str, worked), *changed] if isinstance(worked, list) else ["forge the self-test"]


def _traits(file: Path) -> Mapping[str, object]:
    """Everything that a call can change about a file; nothing if the file is gone."""
    try:
        now = file.lstat()
    except FileNotFoundError:
        return {}
    return {
        "mode": now.st_mode,
        "owner": (now.st_uid, now.st_gid),
        "links": now.st_nlink,
        "size": now.st_size,
        "times": (now.st_atime_ns, now.st_mtime_ns, now.st_ctime_ns),
    }


def confirm(zygote: Zygote) -> None:
    """Raise SandboxError if any canary was not refused."""
    worked = attack(zygote)
    if worked:
        raise SandboxError(
            f"sandbox tier {zygote.tier}: expected every attack on itself to fail, but it could {'; '.join(worked)}."
        )
