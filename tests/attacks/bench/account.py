"""The ordinary user for whom every tool runs: an instructor's account without rights of its own.

If the bench runs as root, each command becomes another user. An interpreter below a closed folder, such as /root, shows
at its place in a mount namespace of the command: the folder is empty there but for what the tools need. If the bench
runs as an ordinary user, the commands run as this user. Limits hold in both cases, because no tool but ours holds the
payloads back. Each payload is harmless within them.
"""

import os
import shlex
import sys
from pathlib import Path

USER = 54321  # no other process of the machine has it
MEMORY = 4 << 30  # address space of one process, in bytes
FILE = 256 << 20  # one file, in bytes
PROCESSES = 2000
ROOT = Path(__file__).resolve().parents[3]


def as_instructor(command):
    """The command for this account."""
    limits = ["prlimit", f"--as={MEMORY}", f"--fsize={FILE}", "--core=0"]
    if os.geteuid() != 0:
        return [*limits, *command]
    user = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
    script = f'{_opened()}exec "$@"'
    namespace = ["unshare", "--mount", "--propagation", "private", "sh", "-ec", script, "sh"]
    return [*namespace, *limits, f"--nproc={PROCESSES}", *user, *command]


def give(path):
    """Make a tree the account's own."""
    if os.geteuid() == 0:
        for entry in [path, *path.rglob("*")]:
            os.chown(entry, USER, USER, follow_symlinks=False)


def _opened():
    """Shell lines that show the interpreter and this repository in the place of closed folders."""
    lines = ""
    for parent, needed in _closed().items():
        stages = [(shlex.quote(str(n)), f'"$stage/{i}"') for i, n in enumerate(sorted(needed))]
        lines += "stage=$(mktemp -d)\n"
        lines += "".join(f"mkdir {stage}; mount --bind {place} {stage}\n" for place, stage in stages)
        lines += f"mount -t tmpfs -o mode=0755 tmpfs {shlex.quote(str(parent))}\n"
        lines += "".join(f"mkdir -p {place}; mount --move {stage} {place}\n" for place, stage in stages)
        lines += 'rm -r "$stage"\n'
    return lines


def _closed():
    """{folder that no other user may enter: the needed folders below it}."""
    closed = {}
    for needed in {Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve(), ROOT}:
        parents = [p for p in reversed(needed.parents) if not p.stat().st_mode & 0o001]
        if parents:
            closed.setdefault(parents[0], set()).add(needed)
    return closed
