"""bubblewrap's command line: what is mounted and what is in the environment, for tier A; the environment for tier B."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from autograder.errors import SandboxError
from autograder.sandbox.policy import FilePolicy
from autograder.sandbox.worker import lockdown


def command(policy: FilePolicy, worker: Path) -> list[str]:
    """What to put before the zygote's own command. worker: the folder of its code. Raises SandboxError."""
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise SandboxError("bubblewrap: expected bwrap on the PATH, got nothing. Hint: apt-get install bubblewrap.")
    words = [
        bwrap,
        "--die-with-parent",
        "--new-session",
        "--unshare-ipc",
        "--unshare-pid",
        "--unshare-net",
        "--unshare-uts",
        "--unshare-cgroup-try",
        "--hostname",
        "sandbox",
        "--clearenv",
        "--cap-drop",
        "ALL",
    ]
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
    paths = [*policy.paths, worker]
    words += [
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        *_mounts(paths),
        "--perms",
        "1777",
        "--tmpfs",
        lockdown.SCRATCH,
        "--chdir",
        "/",
    ]
    installed_in_tmp = any(Path("/tmp") in path.parents for path in paths)  # noqa: S108 — a clone in /tmp, say
    return words if installed_in_tmp else [*words, "--symlink", lockdown.SCRATCH, "/tmp"]  # noqa: S108


def environment(scratch: str, settings: str) -> dict[str, str]:
    """All a submission finds in os.environ. One BLAS thread: a namespace cannot be made with more.

    scratch: where it may write, if anywhere.  settings: where libraries may while the zygote gets ready.
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
    }


def _mounts(paths: list[Path]) -> list[str]:
    """Read-only binds; their parents by hand, since bubblewrap makes those 0700 and root's are then shut."""
    command: list[str] = []
    made, wanted = set[Path](), set(paths)
    for path in sorted(paths):
        if any(parent in made for parent in path.parents if parent in wanted):
            continue
        for parent in reversed(path.parents[:-1]):
            if parent not in made:
                made.add(parent)
                command += ["--perms", "0755", "--dir", str(parent)]
        command += ["--ro-bind", str(path), str(path)]
    return command
