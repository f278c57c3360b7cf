"""Rows K1 to K3 and K14: change a file of the grader's without opening it, learn of it, or use one as a mailbox.

The victims lie in a folder that everybody may enter, and belong to the user that grades, as a course's folder does. No
call of a notebook may change anything about them, and none may say their size, their times, or that they may be read.
Each is tried by Python's function and by the raw system call.
"""

import os
import platform
import subprocess

import numpy as np
import pytest
from attacks.arena import RAW_CALLS, WRONG, Arena
from patience import opened
from sandbox import path_calls

from autograder.sandbox.tiers import open_sandbox
from autograder.sandbox.worker.path_calls import CODE

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="the numbers of system calls are x86-64's")

_RAW = f"""{RAW_CALLS}
import fcntl
import numpy as np
def held(flags=os.O_RDONLY):
    return os.open(P, flags)
B = P.encode()
def told_by(flags):
    try: return held(flags)
    except OSError as error: return error.errno != 1  # refused alike for every file, with EPERM
two_times = bytes(32)
"""
# P is the victim's path, B its bytes. Most of these may say "done"; nothing may be done.
CHANGES = {
    "its mode": "os.chmod(P, 0o666)",
    "its mode, raw": "sys_(90, B, 0o777)",
    "its mode, at": "sys_(268, -100, B, 0o777)",
    "its mode, at, with flags": "sys_(452, -100, B, 0o777, 0)",
    "its mode, by a descriptor": "os.fchmod(held(), 0o777)",
    "its mode, by a descriptor for nothing": "os.fchmod(held(3), 0o777)",
    "its mode, by O_PATH": "os.chmod(held(os.O_PATH), 0o777)",
    "its owner": "os.chown(P, os.getuid(), os.getgid())",
    "its owner, of a link": "os.lchown(P, -1, -1)",
    "its owner, raw": "sys_(92, B, -1, -1)",
    "its times": "os.utime(P, (0, 0))",
    "its times, now": "os.utime(P)",
    "its times, raw": "sys_(280, -100, B, two_times, 0)",
    "its times, utime": "sys_(132, B, two_times)",
    "its times, utimes": "sys_(235, B, two_times)",
    "its times, futimesat": "sys_(261, -100, B, two_times)",
    "its times, by a descriptor": "os.utime(held(), (0, 0))",
    "its size": "os.truncate(P, 0)",
    "its size, raw": "sys_(76, B, 0)",
    "its size, by opening to read": "held(os.O_RDONLY | os.O_TRUNC)",
    "its size, by opening to write": "held(os.O_WRONLY | os.O_TRUNC)",
    "its size, by opening for nothing": "held(3 | os.O_TRUNC)",
    "its size, by creat": "sys_(85, B, 0o600)",
    "its size, by openat2": "sys_(437, -100, B, (os.O_TRUNC).to_bytes(8, 'little') + bytes(16), 24)",
    "an attribute": "os.setxattr(P, 'user.x', b'1')",
    "an attribute, of the new kind": "sys_(463, -100, B, 0, b'user.x', bytes(16), 16)",
    "attributes of its file system": "sys_(469, -100, B, bytes(24), 24, 0)",
    "flags of its inode": "fcntl.ioctl(held(), 0x40086602, bytes(8))",
    "a link to it": "os.link(P, P + '-link')",
    "a link to it, at": "sys_(265, -100, B, -100, B + b'-link', 0)",
    "its name": "os.rename(P, P + '-moved')",
    "its name, exchanged": "sys_(316, -100, B, -100, B + b'-other', 2)",
    "its life": "os.unlink(P)",
    "its folder's life": "os.rmdir(os.path.dirname(P))",
    "a file beside it": "open(P + '-new', 'w')",
    "a folder beside it": "os.mkdir(P + '-folder')",
    "a link beside it": "os.symlink(P, P + '-symlink')",
    "a pipe beside it": "os.mkfifo(P + '-pipe')",
    "a socket beside it": "import socket; socket.socket(socket.AF_UNIX).bind(P + '-socket')",
    "a lock": "fcntl.flock(held(), fcntl.LOCK_EX)",
    "a lock by opening for nothing": "fcntl.flock(held(3), fcntl.LOCK_EX)",
    "a POSIX lock": "fcntl.lockf(held(), fcntl.LOCK_SH)",
    "a lease": "fcntl.fcntl(held(), 1024, 0)",
    "a mount over it": "sys_(165, b'none', B, b'tmpfs', 0, None)",
}
# Each gives something that is true only if the call told something about the victim.
QUESTIONS = {
    "stat": "os.stat(P)",
    "lstat": "os.lstat(P)",
    "stat, raw": "sys_(4, B, bytes(144)) + 1",
    "lstat, raw": "sys_(6, B, bytes(144)) + 1",
    "newfstatat": "sys_(262, -100, B, bytes(144), 0) + 1",
    "newfstatat, with a flag for descriptors": "sys_(262, -100, B, bytes(144), 0x1000) + 1",
    "statx": "sys_(332, -100, B, 0, 0xfff, bytes(256)) + 1",
    "its folder": "os.stat(os.path.dirname(P))",
    "exists": "os.path.exists(P)",
    "getsize": "os.path.getsize(P)",
    "getmtime": "os.path.getmtime(P)",
    "access": "os.access(P, os.F_OK)",
    "access, raw": "sys_(21, B, 0) + 1",
    "faccessat": "sys_(269, -100, B, 0) + 1",
    "faccessat2": "sys_(439, -100, B, 0, 0) + 1",
    "readlink": "os.readlink(P + '-link-of-the-grader')",
    "chdir": "os.chdir(os.path.dirname(P)) or 1",
    "statvfs": "os.statvfs(P)",
    "a list of the folder": "os.listdir(os.path.dirname(P))",
    "scandir": "next(os.scandir(os.path.dirname(P))).stat()",
    "pathlib": "__import__('pathlib').Path(P).stat()",
    "a descriptor for nothing": "os.fstat(held(3))",
    "O_PATH": "os.fstat(held(os.O_PATH))",
    "its owner, by O_NOATIME": "told_by(os.O_NOATIME)",
    "its attributes": "os.listxattr(P)",
    "a handle of it": "sys_(303, -100, B, bytes(136), bytes(4), 0) + 1",
    "watching it": "sys_(254, sys_(294, 0), B, 2) + 1",
}


TELL = "\nanswers = [name for name, true in told.items() if true]\nif answers: raise RuntimeError(f'TOLD {answers}')"


@pytest.fixture
def victim(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course-of-the-grader")
    for parent in (folder, *folder.parents):
        if parent.stat().st_uid == os.getuid() and parent.stat().st_mode & 0o055 != 0o055:
            parent.chmod(parent.stat().st_mode | 0o055)
    path = folder / "secret.key"
    path.write_text("4a6f" * 16)
    (folder / "secret.key-other").write_text("other")
    (folder / "secret.key-link-of-the-grader").symlink_to("/etc/hostname")
    return path


@pytest.fixture
def weakest(altered, without_matplotlib, suite, tmp_path):
    """The arena on a machine with the oldest Landlock, where ordinary users may make no namespaces."""
    altered("lockdown.py", "        pid, pidfd = fork(namespaces=True)\n", "        raise OSError\n")
    altered("landlock.py", "return max(0, int(libc.syscall(444, None, 0, 1)))", "return 1")
    with open_sandbox({"arena": suite.handouts}, "B") as zygote:
        assert not zygote.namespaces
        yield Arena(suite, zygote, tmp_path)


def traits(folder):
    """Everything about a folder and its files that a call could change."""
    return {p.name: tuple(p.lstat()) for p in (folder, *sorted(folder.iterdir()))}


def trying(victim, codes):
    lines = [f"P = {str(victim)!r}{_RAW}"]
    for name, code in codes.items():
        lines.append(
            f"try:\n    got = {code}\nexcept (OSError, ValueError, AttributeError): pass\nelse: told[{name!r}] = bool(got)\n"
            if ";" not in code
            else f"try:\n    {code}\nexcept (OSError, ValueError): pass\n"
        )
    return "told = {}\n" + "".join(lines)


def test_k1_no_call_changes_anything_about_a_file_outside(arena, victim):
    before = traits(victim.parent)
    result = arena.attack(last=trying(victim, CHANGES))
    assert traits(victim.parent) == before
    assert result.cell_errors == ()
    assert result.score == 15


def test_k1_no_call_changes_anything_where_nothing_but_the_filter_protects_the_file(weakest, victim):
    before = traits(victim.parent)
    assert weakest.attack(last=trying(victim, CHANGES)).score == 15
    assert traits(victim.parent) == before


def test_k2_no_call_tells_anything_about_a_file_outside(arena, victim):
    assert arena.attack(last=trying(victim, QUESTIONS) + TELL).cell_errors == ()


def test_k2_no_call_tells_anything_where_nothing_but_the_filter_protects_the_file(weakest, victim):
    assert weakest.attack(last=trying(victim, QUESTIONS) + TELL).cell_errors == ()


def test_k3_a_file_that_it_may_read_is_no_mailbox(arena):
    """The first notebook leaves a number in the times and the mode of a file of NumPy's; the second looks for it."""
    leave = (
        "import fcntl, os\nfor way in (lambda: os.utime(np.__file__, ns=(7, 7)), lambda: os.chmod(np.__file__, 0o644 | 0o111),\n"
        "    lambda: os.utime(0), lambda: fcntl.fcntl(0, fcntl.F_SETFL, os.O_APPEND), lambda: os.fchmod(0, 0o600)):\n"
        "    try: way()\n    except OSError: pass"
    )
    look = (
        "import fcntl, os, time\nabout = os.stat(np.__file__)\n"
        "if about.st_mtime_ns == 7 or about.st_mode & 0o111: raise RuntimeError('LEFT')\n"
        "if fcntl.fcntl(0, fcntl.F_GETFL) & os.O_APPEND or time.time() - os.fstat(0).st_mtime < 60: raise RuntimeError('LEFT')"
    )
    about = os.stat(np.__file__)
    arena.attack(answer=WRONG, last=leave)
    assert arena.attack(last=look).cell_errors == ()
    now = os.stat(np.__file__)
    assert (about.st_mode, about.st_mtime_ns, about.st_ctime_ns) == (now.st_mode, now.st_mtime_ns, now.st_ctime_ns)


# Each is counted or kept by the kernel for all processes, and a call of the first notebook would change it.
SHARED = {
    "the number of a pipe": "os.pipe()",
    "the number of a pipe, raw": "sys_(293, bytes(8), 0)",
    "the number of a thread, as a descriptor": "sys_(56, 0x51f00, 0, bytes(8), 0, 0)",
    "a process of its own descriptors": "sys_(56, 0x10000, 0, 0, 0, 0)",
    "descriptors beyond its limit": "sys_(436, 100000, 100001, 2)",
    "a futex on a page of a file": "sys_(202, ctypes.addressof(ctypes.c_int()), 1, 1)",
    "a futex that is woken by its end": "sys_(218, 0)",
    "a cache of a file": "sys_(187, os.open(np.__file__, 0), 0, 4096)",
    "the load of the machine": "sys_(99, bytes(128))",
    "the time of another process": "__import__('time').clock_gettime(~1 << 3)",
    "the group of another process": "os.getpgid(1) + 1",
}


@pytest.mark.parametrize("name", SHARED)
def test_k3_what_the_kernel_keeps_for_all_is_neither_changed_nor_seen(arena, name):
    code = f"P = ''{_RAW}\ntry: {SHARED[name]}\nexcept OSError: pass\nelse: raise RuntimeError('WORKED')"
    assert arena.attack(last=code).cell_errors == ()


def test_k3_signals_that_wait_are_few(arena):
    """The kernel counts them for the user: a neighbour could get none."""
    code = (
        f"P = ''{_RAW}\nimport signal, threading\nsignal.pthread_sigmask(signal.SIG_BLOCK, [40])\nn = 0\ntry:\n"
        "    while n < 1000: sys_(234, os.getpid(), threading.get_native_id(), 40); n += 1\nexcept OSError: pass\n"
        "if n > 100: raise RuntimeError('WORKED')"
    )
    assert arena.attack(last=code).cell_errors == ()


HONEST = """
import os, pathlib, shutil, tempfile
import numpy as np
folder = tempfile.mkdtemp()
os.chdir(folder)
np.save('a.npy', np.arange(3.0))
shutil.copy2('a.npy', 'b.npy')
os.chmod('b.npy', 0o600)
pathlib.Path('c.txt').write_text('12345')
os.truncate('c.txt', 2)
os.utime('c.txt')
os.makedirs('d/e', exist_ok=True)
shutil.move('c.txt', 'd/e/c.txt')
sizes = [os.path.getsize('d/e/c.txt'), os.stat('a.npy').st_size, os.path.isdir('d'), os.path.exists('c.txt')]
access = [os.access('a.npy', os.R_OK), os.access('a.npy', os.W_OK), os.access('.', os.W_OK), os.access(np.__file__, os.W_OK)]
names = sorted(os.path.relpath(p) for p in pathlib.Path('.').rglob('*') if p.is_file())
total = float(np.load('b.npy').sum())
free = shutil.disk_usage('.').free > 0
os.chdir(os.path.dirname(folder))
shutil.rmtree(folder, ignore_errors=True)
gone = not os.path.exists(folder)
source = __import__('inspect').getsource(np.average).split()[0]
"""


EASY = {
    "a file that does not exist": "try: os.chmod('nope', 0o600)\nexcept OSError: x = 7",
    "touch": "pathlib.Path('made').touch(); pathlib.Path('made').touch(); x = 7 * os.path.exists('made')",
    "folders that everybody knows": "x = 7 * all(pathlib.Path(p).exists() for p in ('/', '/tmp', '/usr', '.'))",
    "a wait without blocking": "os.set_blocking(0, False); x = 7",
    "locks of the C library": (
        "import time\ndef ask():\n    for _ in range(300): time.mktime(time.localtime())\n"
        "threads = [threading.Thread(target=ask) for _ in range(4)]\n[t.start() for t in threads]; [t.join() for t in threads]; x = 7"
    ),
    "locks of the loader": (
        "import ctypes\ndef ask():\n    for _ in range(50): ctypes.CDLL('libm.so.6')\n"
        "threads = [threading.Thread(target=ask) for _ in range(3)]\n[t.start() for t in threads]; [t.join() for t in threads]; x = 7"
    ),
    "an alarm while it asks": (
        "import signal\nclass Late(Exception): pass\ndef late(*_): raise Late\nsignal.signal(signal.SIGALRM, late)\nx = 0\n"
        "for _ in range(7):\n    try:\n        signal.setitimer(signal.ITIMER_REAL, 0.01)\n        while True: os.path.exists('x')\n    except Late: x += 1"
    ),
    "a question at the end of the stack": (
        "def deep(n):\n    try: return deep(n + 1)\n    except RecursionError: return os.stat('.').st_mode\n"
        "try: x = 7 * (deep(0) == os.stat('.').st_mode)\nexcept RecursionError: x = 7"
    ),
}


@pytest.mark.parametrize("name", EASY)
def test_an_honest_call_about_a_path_gives_what_it_gives_everywhere(arena, name):
    if not arena.zygote.namespaces:
        pytest.skip("no folder to write in on this machine")
    with opened(arena.zygote, "arena") as session:
        session.run_cell(f"import os, pathlib, threading\n{EASY[name]}")
        assert session.get("x") == 7


def test_the_handler_of_tier_b_is_what_its_source_compiles_to():
    """Another compiler makes other bytes of the same meaning, so the test needs the one that made them."""
    try:
        version = subprocess.run(["gcc", "-dumpfullversion"], capture_output=True, text=True, check=True).stdout.strip()
        made = {name: path_calls.compiled(name).hex() for name in path_calls.COMPILERS}
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("the compilers for both machines are not installed")
    if version != "12.2.0":
        pytest.skip(f"the bytes were made by gcc 12.2.0, and this is {version}")
    assert made == CODE


def test_an_honest_notebook_works_with_files_of_its_own(arena):
    """Calls that are answered in another way in tier B, by Python and by C code."""
    if not arena.zygote.namespaces:
        pytest.skip("no folder to write in on this machine")
    with opened(arena.zygote, "arena") as session:
        session.run_cell(HONEST)
        got = {name: session.get(name) for name in "sizes access names total free gone source".split()}
    assert got == {
        "sizes": [2, 152, True, False],
        "access": [True, True, True, False],
        "names": ["a.npy", "b.npy", "d/e/c.txt"],
        "total": 3.0,
        "free": True,
        "gone": True,
        "source": "@array_function_dispatch(_average_dispatcher)",
    }


SUICIDES = {
    "processor time": "resource.setrlimit(resource.RLIMIT_CPU, (1, 1))",
    "the soft limit": "resource.setrlimit(resource.RLIMIT_CPU, (1, resource.getrlimit(resource.RLIMIT_CPU)[1]))",
    "another call for it": "resource.prlimit(0, resource.RLIMIT_CPU, (1, 1))",
    "its own number": "resource.prlimit(os.getpid(), resource.RLIMIT_CPU, (1, 1))",
    "real time": "resource.setrlimit(14 + 1, (1, 1))",
    "a signal at its parent's end": "sys_(157, 1, 9, 0, 0, 0)",
    "a timer": "sys_(222, 0, (0).to_bytes(8, 'little') + (9).to_bytes(4, 'little') + bytes(52), bytes(8))",
}


@pytest.mark.parametrize("way", SUICIDES)
def test_k14_no_process_can_make_the_kernel_kill_it(arena, way):
    code = f"P = ''{_RAW}import resource\ntry: {SUICIDES[way]}\nexcept (OSError, ValueError): pass\nelse: raise RuntimeError('DONE')"
    assert arena.attack(last=code).cell_errors == ()
