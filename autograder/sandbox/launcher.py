"""Starts the zygote: a warm process from which every submission's process is forked.

Tier A: bubblewrap around the zygote, then namespaces, tmpfs, Landlock, seccomp and limits per submission.
Tier B: Landlock, seccomp and limits; needs no privilege and no package.
"unsafe": no protection; only on request, and every result says so.
"""

from __future__ import annotations

import errno
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from autograder.equipment import USUAL, Equipment
from autograder.errors import KilledError, NoRoomError, SandboxError
from autograder.sandbox import bubblewrap, worker
from autograder.sandbox.fonts import copy_lists_of_fonts
from autograder.sandbox.handout_folder import HandoutFolder
from autograder.sandbox.readable_files import FilePolicy, file_policy
from autograder.sandbox.tasks import allowed_tasks
from autograder.sandbox.worker import control, landlock, lockdown
from autograder.sandbox.zygote_setup import offered_names, place_to_mount_on, send_setup, setup_of

Tier = Literal["A", "B", "unsafe"]
START_SECONDS = 60
_KILLED = (-signal.SIGKILL, 128 + signal.SIGKILL)  # it was killed itself, or below bubblewrap
_WORKER = Path(worker.__file__).resolve().parent
# The worker's folder is on the search path only during its import.
_START = (
    "import sys; sys.path[:] = [sys.argv[2], *sys.path, *sys.argv[3:]]; from worker.zygote import main; "
    "del sys.path[0]; main(int(sys.argv[1]))"
)


@dataclass(frozen=True, slots=True)
class Process:
    """One submission's process: its socket, and a pidfd to end it by."""

    socket: socket.socket
    pidfd: int
    pid: int  # the number in the zygote's namespace; it means nothing outside


@dataclass(frozen=True, slots=True)
class Ending:
    """How a process ended. code: its exit code, or a signal's number below zero.  cpu: seconds of processor time."""

    code: int
    cpu: float


@dataclass(frozen=True, slots=True)
class Kernel:
    """Run notebooks as a Jupyter kernel would.

    packages: distributions that may be imported besides the usual.  modules: of them, to import once for all notebooks;
    the name of a class or function stands for its module.
    """

    packages: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()


class Zygote:
    """A running zygote. Use it in a `with`, from the thread that made it: it ends with that thread.

    equipment: of the assignments that it is for; their modules are not needed yet.
    """

    def __init__(self, tier: Tier, kernel: Kernel | None = None, equipment: Equipment = USUAL) -> None:
        """Start its process, which imports the packages that every submission needs, and then waits."""
        self.tier, self.equipment = tier, equipment
        self._threads = 0  # that a submission may have; known when the zygote is ready
        packages = (*(kernel.packages if kernel else ()), *equipment.packages)
        policy = file_policy(packages)
        self._handouts = HandoutFolder(equipment.files) if equipment.files else None
        self.namespaces = False  # whether each submission has its own, with a folder to write in
        self._warm = False
        folder = self._handouts.path if self._handouts else None
        needed = [*policy.paths, _WORKER, *([folder] if folder else [])]
        wrapper = bubblewrap.command(policy, _WORKER, folder) if tier == "A" else []
        scratch = lockdown.SCRATCH if tier == "A" else place_to_mount_on(needed)
        # Without this folder, matplotlib and IPython would make folders of their own and leave them behind.
        self._settings = tempfile.TemporaryDirectory(prefix="autograder-")
        if tier != "A":
            copy_lists_of_fonts(Path(self._settings.name))
        self._setup = {
            **setup_of(tier, policy, scratch, folder),
            "offered": offered_names(packages),
            "shell": kernel is not None,
        }
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            environment = {} if wrapper else bubblewrap.environment(scratch, self._settings.name)
            self._process = self._started([*wrapper, *_python(policy, theirs.fileno())], theirs, environment)
        self._ended = os.pidfd_open(self._process.pid)
        self._control.settimeout(10)

    def _started(
        self, command: list[str], theirs: socket.socket, environment: dict[str, str]
    ) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd="/",
                start_new_session=True,
                env=environment,
            )
        except OSError as error:
            self._control.close()
            self._settings.cleanup()
            self._remove_handouts()
            raise _refused(error.errno or errno.EAGAIN) from None

    def wait_until_ready(self, handouts: dict[str, dict[str, str]], modules: Sequence[str] = ()) -> None:
        """Wait until it is warm. It then runs on the cores of this thread.

        handouts: text of hand-out modules by assignment and name.  modules: to import besides the usual ones.
        Raises SandboxError with the zygote's own last words, or KilledError.
        """
        now = {"handouts": handouts, "modules": list(modules), "cores": sorted(os.sched_getaffinity(0))}
        try:
            send_setup(self._control, self._setup | now)
            heard, *_ = select.select([self._control.fileno(), self._ended], [], [], START_SECONDS)
            ready = self._control.recv(64) if self._control.fileno() in heard else b""
        except OSError:
            ready = b""
        if ready not in {control.READY, control.READY_WITH_NAMESPACES}:
            raise self._why_not_ready()
        self.namespaces = ready == control.READY_WITH_NAMESPACES
        self._threads = allowed_tasks(namespaces=self.namespaces)
        self._warm = True
        self._settings.cleanup()  # now, because a grader that is killed later would leave it behind

    def was_killed(self) -> bool:
        """Whether it was killed from outside."""
        try:
            return self._process.wait(1) in _KILLED
        except subprocess.TimeoutExpired:
            return False

    def last_words(self) -> str:
        """The last line that it or a process that could not begin wrote, without waiting for one."""
        stderr = self._process.stderr
        if stderr is None or not select.select([stderr], [], [], 0)[0]:
            return ""
        return _last_line(os.read(stderr.fileno(), 1 << 16))

    def _why_not_ready(self) -> SandboxError:
        """The error for a zygote that did not start.

        Ends its processes: half of a killed bubblewrap would wait for ever.
        """
        self._control.close()
        ended = select.select([self._ended], [], [], 1.0)[0]  # not wait(): the number must stay reserved until killpg
        os.killpg(self._process.pid, signal.SIGKILL)
        _, said = self._process.communicate()
        if ended and self._process.returncode in _KILLED:
            return KilledError(f"tier {self.tier}: expected it to start, but it was killed. Hint: free memory.")
        if not ended and not said:
            return KilledError(f"tier {self.tier}: expected it to start within {START_SECONDS} s, got no answer.")
        why = _last_line(said) or "it gave no reason"
        return SandboxError(f"tier {self.tier}: expected the sandbox to start, got: {why}")

    def fork(
        self,
        memory: int,
        cpu_seconds: int,
        folder: int = lockdown.SCRATCH_BYTES,
        files: int = lockdown.SCRATCH_FILES,
    ) -> Process:
        """A new process for one submission. Raises SandboxError.

        memory: bytes of address space.  folder, files: bytes and files that its private folder holds.

        NoRoomError if the zygote lives and the system refused to make a process.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                limits = control.LIMITS.pack(memory, cpu_seconds, self._threads, folder, files)
                socket.send_fds(self._control, [limits], [theirs.fileno()])
                begun, fds, *_ = socket.recv_fds(self._control, control.BEGUN.size, 1)
            except OSError as error:
                begun, fds, reason = b"", [], str(error)
            else:
                reason = "no process"
        if fds:
            return Process(ours, fds[0], *control.BEGUN.unpack(begun))
        ours.close()
        if len(begun) == control.BEGUN.size:
            raise _refused(-control.BEGUN.unpack(begun)[0])
        raise SandboxError(f"zygote: expected a new process, got {reason}.")

    def ending_of(self, process: Process) -> Ending:
        """How a process ended; ask once. Raises SandboxError if it did not end, or the zygote does not answer."""
        try:
            self._control.send(control.ASK.pack(process.pid))
            code, microseconds = control.ENDED.unpack(self._control.recv(control.ENDED.size))
        except (OSError, struct.error):
            raise SandboxError("zygote: expected to hear how a process ended, got nothing.") from None
        if code == control.RUNNING:
            raise SandboxError("zygote: expected a process to have ended, got one that cannot be killed.")
        return Ending(code, microseconds / 1e6)

    def close(self) -> None:
        """End the zygote and everything below it."""
        self._control.close()
        if not self._warm and self._process.poll() is None:  # it would finish its imports first
            os.killpg(self._process.pid, signal.SIGKILL)
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stderr:
            self._process.stderr.close()
        if self._ended >= 0:
            os.close(self._ended)
            self._ended = -1
        self._settings.cleanup()
        self._remove_handouts()

    def _remove_handouts(self) -> None:
        if self._handouts is not None:
            self._handouts.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _last_line(said: bytes) -> str:
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else ""


def _refused(code: int) -> SandboxError:
    """The error for a process that the system refused to make. code: errno's."""
    kind = NoRoomError if code in {errno.EAGAIN, errno.ENOMEM} else SandboxError
    return kind(f"zygote: expected a new process, got {os.strerror(code)}. Hint: free memory, or raise ulimit -u.")


def _python(policy: FilePolicy, fd: int) -> list[str]:
    # -I -S: no environment, no user site, no site-packages, no .pth file; the search path is what we name.
    return [
        str(policy.interpreter),
        "-I",
        "-S",
        "-B",
        "-c",
        _START,
        str(fd),
        str(_WORKER.parent),
        *map(str, policy.search),
    ]


def best_tier() -> Tier:
    """The strongest tier whose parts this machine has. The self-test must still confirm it."""
    if sys.platform != "linux":
        raise SandboxError(
            f"sandbox: expected Linux, got {sys.platform}. Hint: use a Linux machine, container or CI job."
        )
    if landlock.landlock_abi() < 1:
        raise SandboxError(
            "sandbox: expected a kernel with Landlock (5.13 or later), got none. Hint: autograder doctor."
        )
    return "A" if shutil.which("bwrap") else "B"
