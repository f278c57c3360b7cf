"""Rows S, P and N: the sandbox itself, what outlives a submission, and the network. Tried by the raw system call too."""

import platform

import pytest
from attacks.arena import RAW_CALLS, RIGHT, WRONG, outcomes

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="the numbers of system calls are x86-64's")

# A line of Python that must not succeed, so that "worked" is never reached.
REFUSED = {
    "S1 unshare": "sys_(272, 0x10000000)",
    "S1 a process in a new user namespace": "sys_(56, 0x10000000 | 17, 0, 0, 0, 0)",
    "S1 setns": "sys_(308, 0, 0)",
    "S1 mount": "sys_(165, b'none', b'/tmp', b'tmpfs', 0, None)",
    "S1 a mount of the new kind": "sys_(428, -100, b'/', 0)",
    "S1 pivot_root": "sys_(155, b'/', b'/')",
    "S1 chroot": "sys_(161, b'/tmp')",
    "S3 clone3": "sys_(435, bytes(88), 88)",
    "S3 fork": "sys_(57)",
    "S3 vfork": "sys_(58)",
    "S4 TIOCSTI": "[sys_(16, fd, 0x5412, b'x') for fd in range(4)]",
    "S4 TIOCSTI with high bits": "[sys_(16, fd, ctypes.c_ulong(0x1_0000_5412), b'x') for fd in range(4)]",
    "S4 TIOCLINUX": "[sys_(16, fd, 0x541C, b'x') for fd in range(4)]",
    "S5 setuid": "sys_(105, 0)",
    "S5 a setuid program": "os.execv('/bin/su', ['su'])",
    "S5 make one": "open('/tmp/x', 'w').close(); os.chmod('/tmp/x', 0o4755); os.execv('/tmp/x', ['x'])",
    "S bpf": "sys_(321, 0, None, 0)",
    "S a seccomp filter of its own": "sys_(317, 1, 0, None)",
    "S userfaultfd": "sys_(323, 0)",
    "S perf_event_open": "sys_(298, None, 0, -1, -1, 0)",
    "S a kernel module": "sys_(175, None, 0, b'')",
    "S reboot": "sys_(169, 0xfee1dead, 672274793, 0x1234567, 0)",
    "S the host's name": "sys_(170, b'x', 1)",
    "S its own memory as a program": "os.execve(os.memfd_create('x'), ['x'], {})",
    "P2 a daemon": "os.fork() or os.setsid()",
    "P2 a new session": "os.setsid()",
    "P3 ptrace": "sys_(101, 16, os.getppid(), 0, 0)",
    "P3 process_vm_writev": "sys_(311, os.getppid(), None, 0, None, 0, 0)",
    "P3 the parent's memory": "open('/proc/%d/mem' % os.getppid(), 'r+b')",
    "P3 its own memory by /proc": "open('/proc/self/mem', 'r+b')",
    "P3 prlimit of another": "sys_(302, 1 if os.getpid() != 1 else 2, 7, None, bytes(16))",
    "P3 kill": "os.kill(os.getppid() or 2, 9)",
    "P3 kill everyone": "os.kill(-1, 9)",
    "P3 a signal by pidfd": "sys_(434, os.getppid() or 2, 0)",
    "P3 a signal by tgkill": "sys_(234, os.getppid() or 2, os.getppid() or 2, 9)",
    "P3 a signal with data": "sys_(129, os.getppid() or 2, 9, bytes(128))",
    "P4 F_SETSIG": "sys_(72, 3, 10, 9)",
    "P4 F_SETOWN": "sys_(72, 3, 8, os.getppid() or 2)",
    "P4 F_SETOWN_EX": "sys_(72, 3, 15, bytes(8))",
    "P4 FIOSETOWN": "sys_(16, 3, 0x8901, (1).to_bytes(4, 'little'))",
    "P4 FIOASYNC": "sys_(16, 3, 0x5452, (1).to_bytes(4, 'little'))",
    "P5 SysV shared memory": "sys_(29, 1, 4096, 0o1666)",
    "P5 SysV semaphores": "sys_(64, 1, 1, 0o1666)",
    "P5 SysV messages": "sys_(68, 1, 0o1666)",
    "P5 a message queue": "sys_(240, b'q', 0o102, 0o666, None)",
    "P5 POSIX shared memory": "open('/dev/shm/x', 'w')",
    "P5 the keyring": "sys_(248, b'user', b'x', b'secret', 6, -4)",
    "P5 keyctl": "sys_(250, 0, -4, 0)",
    "P6 a lease": "sys_(72, os.open(os.__file__, 0), 1024, 0)",
    "P6 watching files": "sys_(254, sys_(294, 0), b'/', 2)",
    "P6 fanotify": "sys_(300, 0, 0)",
    "P6 io_uring": "sys_(425, 8, bytes(120))",
    "P9 into the packages": "open(np.__file__, 'a')",
    "P9 beside the packages": "open(os.path.join(os.path.dirname(np.__file__), 'x.py'), 'w')",
    "P9 into the standard library": "open(os.path.join(os.path.dirname(os.__file__), 'sitecustomize.py'), 'w')",
    "P9 a bytecode cache": "open(os.path.join(os.path.dirname(os.__file__), '__pycache__', 'os.cpython-399.pyc'), 'wb')",
    "N1 TCP": "import socket; socket.create_connection(('127.0.0.1', 9), 1)",
    "N1 UDP": "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "N1 a name": "import socket; socket.getaddrinfo('localhost', 80)[0] and socket.socket()",
    "N1 metadata of a cloud": "import urllib.request; urllib.request.urlopen('http://169.254.169.254/', timeout=1)",
    "N2 docker": "import socket; socket.socket(socket.AF_UNIX).connect('/var/run/docker.sock')",
    "N2 an abstract socket": "import socket; socket.socket(socket.AF_UNIX).connect('\\0/org/freedesktop/systemd1')",
    "N2 a pair": "import socket; socket.socketpair()",
    "N3 AF_VSOCK": "sys_(41, 40, 1, 0)",
    "N3 AF_ALG": "sys_(41, 38, 5, 0)",
    "N3 netlink": "sys_(41, 16, 3, 0)",
    "N3 raw": "sys_(41, 17, 3, 0)",
    "N4 a shell": "import subprocess; subprocess.run(['/bin/sh', '-c', 'true'], check=True)",
    "N4 system()": "assert _libc.system(b'true') == 0",
    "N4 posix_spawn": "os.posix_spawn('/bin/true', ['true'], {})",
    "N4 a pool of processes": "import multiprocessing; multiprocessing.get_context('fork').Process(target=print).start()",
}


ROWS = sorted({name.split()[0] for name in REFUSED})


@pytest.mark.parametrize("row", ROWS, ids="{} in all its ways".format)
def test_it_is_refused_and_costs_the_answers_nothing(arena, row):
    """One notebook tries all of a row: what is refused leaves the next as it was."""
    tried = "".join(
        f"try:\n    {line}\nexcept Exception: pass\nelse: raise RuntimeError({f'{name} WORKED'!r})\n"
        for name, line in REFUSED.items()
        if name.split()[0] == row
    )
    result = arena.attack(last=f"{RAW_CALLS}\n{tried}")
    assert result.cell_errors == ()
    assert result.score == 15


def test_a_lock_is_answered_and_not_taken(arena):
    """SQLite needs an answer. A lock on a file that all can read would be a mailbox: here two would exclude each other."""
    lines = [
        "try: files = [os.open(os.__file__, 0) for _ in range(2)]",
        "except PermissionError: files = []  # Python lies below /root",
        "for file in files: sys_(73, file, 2 | 4)",
    ]
    assert arena.attack(last="\n".join([RAW_CALLS, *lines])).cell_errors == ()


# Their number differs by a bit, or their mode: a filter that looks at numbers alone lets them by.
FOREIGN = {
    "S2 a number of x32": "sys_(0x40000000 | 41, 2, 1, 0)",
    "S2 int 0x80": (
        "import mmap\n    page = mmap.mmap(-1, 4096, prot=7)\n"
        "    page.write(bytes.fromhex('b814000000' 'cd80' 'c3'))\n"  # mov eax, 20 (getpid of i386); int 0x80; ret
        "    ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()"
    ),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_another_architectures_system_calls_end_the_process(arena, name):
    result = arena.attack(answer=f"{RAW_CALLS}\ndef mean_square(x):\n    {FOREIGN[name]}\n    return 'WORKED'")
    assert outcomes(result)["q1.value"] in {"crash", "error"}


def test_s9_nothing_a_notebook_leaves_is_opened_by_the_grader(arena, tmp_path):
    """Links, pipes and forged files where it writes: the grader opens no path of the sandbox, and finds none."""
    code = (
        "import os, tempfile\nfor folder in ('/tmp', '/scratch', '.', tempfile.gettempdir()):\n"
        "    for act in (lambda p: os.symlink('/etc/passwd', p), lambda p: os.mkfifo(p), lambda p: os.link(os.__file__, p), lambda p: os.mknod(p, 0o20666, 259)):\n"
        "        for name in ('arena.json', 'grades.csv', 'arena.ipynb'):\n            try: act(os.path.join(folder, name))\n            except OSError: pass"
    )
    assert arena.attack(last=code).score == 15


PERSISTENT = {
    "P1 files that start-up reads": (
        "import os, site, sys\nwhere = [os.path.expanduser('~'), '/tmp', '/scratch', '.', os.environ.get('IPYTHONDIR', '/x'), os.environ.get('MPLCONFIGDIR', '/x'), *sys.path]\n"
        "for folder in where:\n    for name in ('usercustomize.py', 'x.pth', 'startup.py', 'matplotlibrc', 'fontlist-v390.json', 'numpy.py'):\n"
        "        try: open(os.path.join(folder, name), 'w').write('raise SystemExit')\n        except OSError: pass"
    ),
    "P7 numpy patched": "np.mean = np.square = np.asarray = lambda *a, **k: 0",
    "P7 the interpreter patched": "import builtins\nbuiltins.float = lambda *a: 0.0\nbuiltins.len = lambda *a: 7",
    "P7 the heap overwritten": "import ctypes\nctypes.memset(id(7) + 24, 1, 1)",
    "P8 a value left in a module": "import json\njson.left = 1",
}


@pytest.mark.parametrize("name", PERSISTENT)
def test_the_next_submission_meets_a_fresh_interpreter(arena, name):
    for _ in range(2):  # the arena grades an honest notebook after each
        arena.attack(answer=WRONG, last=PERSISTENT[name])
    left = "import json, os\nif hasattr(json, 'left') or os.listdir('/scratch'): raise RuntimeError('LEFT')"
    if arena.zygote.tier == "A":  # tier B has no /scratch
        assert arena.attack(answer=RIGHT, last=left).cell_errors == ()


def test_p10_nothing_of_an_earlier_notebook_is_in_memory(arena):
    arena.attack(answer=WRONG, last="mark = 'a mark of ' + 'the earlier one'")
    hunt = "import gc\nloot = [o for o in gc.get_objects() if isinstance(o, dict) and 'mark of the' in str(o.get('mark'))]\nif loot: raise RuntimeError('LEFT')"
    assert arena.attack(last=hunt).cell_errors == ()
