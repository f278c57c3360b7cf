"""bubblewrap's command line for tier A: mounts and environment. Tier B has the same environment."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from autograder.errors import SandboxError
from autograder.sandbox.fonts import lists_of_fonts
from autograder.sandbox.readable_files import FilePolicy
from autograder.sandbox.worker import lockdown

HANDOUTS = "/handouts"  # in tier A


def command(policy: FilePolicy, worker: Path, handouts: Path | None = None) -> list[str]:
    """The words before the zygote's command line. Raises SandboxError.

    worker: the folder of its code.  handouts: the folder that is mounted at HANDOUTS.
    """
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise SandboxError("bubblewrap: expected bwrap on the PATH, got nothing. Hint: apt-get install bubblewrap.")
    namespaces = "--unshare-ipc --unshare-pid --unshare-net --unshare-uts --unshare-cgroup-try --hostname sandbox"
    words = [bwrap, "--die-with-parent", "--new-session", *namespaces.split(), "--clearenv", "--cap-drop", "ALL"]
    if os.getuid() == 0:  # real root makes the mounts, then the zygote leaves root before any student code
        words += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        words += ["--unshare-user"]
    for name, value in environment(lockdown.SCRATCH, lockdown.SCRATCH).items():
        words += ["--setenv", name, value]
    for path in ("/lib", "/lib64", "/bin"):
        if Path(path).is_symlink():
            words += ["--symlink", str(Path(path).readlink()), path]
        elif Path(path).exists() and path != "/bin":
            words += ["--ro-bind", path, path]
    words += ["--proc", "/proc", "--dev", "/dev", *_mounts(policy, worker)]
    words += ["--perms", "1777", "--tmpfs", lockdown.SCRATCH, "--chdir", "/"]
    if handouts is not None:
        words += ["--ro-bind", str(handouts), HANDOUTS]
    for fonts in lists_of_fonts():
        words += ["--ro-bind-try", str(fonts), f"{lockdown.SCRATCH}/{fonts.name}"]
    places = (*policy.mounts, worker)
    installed_in_tmp = any(Path("/tmp") in path.parents for path in places)  # noqa: S108 — a clone in /tmp, say
    return words if installed_in_tmp else [*words, "--symlink", lockdown.SCRATCH, "/tmp"]  # noqa: S108


def environment(scratch: str, settings: str) -> dict[str, str]:
    """The os.environ of a submission, with one BLAS thread: a process with more cannot make namespaces.

    scratch: the folder to write in.  settings: the folder for libraries while the zygote starts.
    """
    return {
        "PATH": "/usr/bin",
        "HOME": scratch,
        "TMPDIR": scratch,
        "LANG": "C.UTF-8",
        "MPLBACKEND": "Agg",
        "PYTHONHASHSEED": "0",
        "MPLCONFIGDIR": settings,
        "IPYTHONDIR": settings,
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "JOBLIB_MULTIPROCESSING": "0",  # it would warn on stderr that it cannot make a semaphore
    }


def _mounts(policy: FilePolicy, worker: Path) -> list[str]:
    """Read-only binds. Their parents are made first: bubblewrap would make them with mode 0700, closed to others.

    The standard library is one bind, with an empty folder over each part that is not granted. bubblewrap reads the list
    of all mounts again for each, so one bind for each of its 200 files took 0.2 s.
    """
    command: list[str] = []
    made, bound, covered = set[Path](), set[Path](), set(policy.covered)
    for path in sorted({*policy.mounts, worker, *covered}):
        if path in covered:
            command += ["--perms", "0755", "--tmpfs", str(path)]
            made.add(path)
        elif next((p for p in path.parents if p in bound or p in covered), None) not in bound:
            for parent in (p for p in reversed(path.parents[:-1]) if p not in made):
                made.add(parent)
                command += ["--perms", "0755", "--dir", str(parent)]
            command += ["--ro-bind", str(path), str(path)]
            bound.add(path)
    return command + [word for p in policy.covered for word in ("--remount-ro", str(p))]
