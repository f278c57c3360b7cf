"""Runs git on a bare repository: no questions, no settings but ours, no hooks, and limits on everything it uses."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import tempfile
from pathlib import Path

from autograder.errors import GitError
from autograder.intake.git_token import git_settings
from autograder.text import one_line, without_passwords

SECONDS = 120  # for one fetch
MAX_PACK = 256 << 20  # bytes that a fetch may write into a file
MAX_MEMORY = 900 << 20  # bytes of address space: two packs, and the objects that one thread unpacks
_LIMITS = f"ulimit -c 0; ulimit -f {MAX_PACK // 512}; ulimit -t {SECONDS}; ulimit -v {MAX_MEMORY >> 10}; " + 'exec "$@"'
# What no second try mends, as git and its servers say it.
_GONE = re.compile(
    r"not found|does not exist|not appear to be a git repository|Authentication failed|could not read Username|"
    r"error: 40[134]|Permission denied|Access denied",
    re.IGNORECASE,
)
_TEXT = 1 << 16  # bytes of git's own output that are looked at
_KEPT = ("PATH", "HOME", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "SSL_CERT_DIR", "https_proxy", "HTTPS_PROXY", "no_proxy")
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "https:ssh:file",
    "GIT_ASKPASS": "/bin/false",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_SSH_COMMAND": "ssh -o BatchMode=yes -o ConnectTimeout=20",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_SETTINGS = (
    "core.attributesFile=/dev/null",
    "core.bigFileThreshold=20m",  # larger blobs are streamed, not held in memory
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "credential.helper=",
    "fetch.recurseSubmodules=false",
    "fetch.unpackLimit=1",
    "gc.auto=0",
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=30",
    "maintenance.auto=false",
    "pack.threads=1",
    "protocol.ext.allow=never",
    "transfer.fsckObjects=true",
)


def run_git(repository: Path, *arguments: str, most: int = _TEXT) -> bytes:
    """Git's output, at most `most` bytes of it. Raises GitError."""
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    command = ["/bin/sh", "-c", _LIMITS, "sh", "git", "--no-pager", f"--git-dir={repository}", *settings, *arguments]
    kept = {k: os.environ[k] for k in _KEPT if k in os.environ}
    environment = {**kept, **_ENVIRONMENT, **git_settings(os.environ)}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as complaints:
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=complaints,
            env=environment,
            cwd="/",
            start_new_session=True,
        ) as process:
            try:
                code = process.wait(SECONDS)
            except BaseException as error:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                if isinstance(error, subprocess.TimeoutExpired):
                    raise GitError(f"git did not end within {SECONDS} seconds", "no_end") from None
                raise
        out.seek(0)
        complaints.seek(0)
        if code != 0:
            raise _failure(code, complaints.read(_TEXT).decode("utf-8", "replace"))
        return out.read(most)


def _failure(code: int, text: str) -> GitError:
    """What git says it could not do, with no password in it. git has no other way to tell what is missing."""
    lines = [line for line in text.splitlines() if line.startswith(("fatal:", "error:"))]
    complaint = lines[0].partition(": ")[2] if lines else f"it ended with {code}"
    reason = "git: " + one_line(without_passwords(complaint), 200)
    if "remote ref" in complaint:
        return GitError(reason, "no_branch")
    return GitError(reason, "gone" if _GONE.search(text) else "failed")
