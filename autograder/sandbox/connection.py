"""The connection to one submission's process: it sends and receives frames, each within limits of time.

A frame is bytes; `student_process.py` knows their meaning. No function waits without a limit, and every length is
bounded before it is used.
"""

from __future__ import annotations

import contextlib
import math
import os
import resource
import select
import signal
import time
from dataclasses import dataclass

from autograder.errors import AutograderError, CrashError, NoRoomError, SandboxError, TimeLimitError
from autograder.sandbox.clocks import WALL_FACTOR, Deadline, Patience, ProcessClock
from autograder.sandbox.endings import EndingKind, error_for, kind_of
from autograder.sandbox.launcher import Ending, Process, Zygote
from autograder.sandbox.worker import wire
from autograder.sandbox.worker.lockdown import SCRATCH_BYTES, SCRATCH_FILES

_AGAIN = 0.1  # seconds until the system is asked again for a process that it refused to make
_ENDING = 5.0  # seconds in which a process ends after its connection has closed; one that goes on has hung up


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a submission.

    memory: bytes of address space of a process.  cell, call: seconds of processor time of a process, all its threads
    together.  submission: of all that is done for it.  cpu: of a process, from its start to its end.
    wall_factor: see clocks.py.  output: bytes of printed text that are kept.  folder, files: bytes and files in the
    private folder.
    """

    memory: int = 1 << 30
    cell: float = 10.0
    call: float = 2.0
    submission: float = 30.0
    cpu: int = 35
    output: int = 1 << 16
    wall_factor: float = WALL_FACTOR
    folder: int = SCRATCH_BYTES
    files: int = SCRATCH_FILES


class Connection:
    """A connection to one process, which is never used again. `close` kills everything in the process.

    forgives: if the process is killed from outside, raise KilledError, so that the caller can try again; otherwise
    CrashError.  deadline: of the submission; its clock counts what the process computes.
    """

    def __init__(self, zygote: Zygote, limits: Limits, deadline: Deadline, *, forgives: bool) -> None:
        self.process = _forked(zygote, limits, deadline)
        self.clock = ProcessClock(self.process.pidfd)
        self._submission = deadline.clock
        self._submission.add(self.clock)
        self.forgives = forgives
        self._zygote, self._limits = zygote, limits
        self._end: AutograderError | None = None  # why the process has ended, once it has
        self.process.socket.setblocking(False)
        self._fd = self.process.socket.fileno()
        self._readable, self._writable = _poll(self._fd, select.POLLIN), _poll(self._fd, select.POLLOUT)
        self._buffer = b""

    def serve(self, deadline: Deadline, *, forgives: bool) -> None:
        """Let another submission's clock count what the process computes from now on."""
        self._submission.remove(self.clock)
        self._submission = deadline.clock
        self._submission.add(self.clock)
        self.forgives = forgives

    def require_silence(self) -> None:
        """Raise CrashError if the process sent more than the grader asked for."""
        if self._buffer:
            raise CrashError("broke the protocol: sent bytes that the grader did not ask for")

    def send(self, frame: bytes, patience: Patience) -> None:
        """Send one frame. Raises TimeLimitError, CrashError or KilledError."""
        data = memoryview(frame)
        try:
            sent = os.write(self._fd, data)  # nearly always all of it: no poll, one system call
            if sent < len(data):
                self._send_slowly(data[sent:], patience)
        except BlockingIOError:
            self._send_slowly(data, patience)
        except OSError:
            raise self._died() from None

    def receive(self, patience: Patience) -> bytes:
        """Receive one frame's body. Raises as `send`, or WireError.

        After the limit no frame counts, not even one that came before: a process can send a thousand frames ahead, and
        the grader works for each.
        """
        if self._buffer and patience.until_look() <= 0:
            patience.look(waiting=False)
        self._fill(4, patience)
        end = 4 + wire.frame_length(self._buffer[:4])
        if len(self._buffer) < end:
            self._fill(end, patience)
        body, self._buffer = self._buffer[4:end], self._buffer[end:]
        return body

    def close(self) -> None:
        """Kill the process (its whole pid namespace, if it has one) and wait until it has ended."""
        if self._end is None:
            self._kill()
            with contextlib.suppress(SandboxError):  # the zygote has ended: the next fork reports it
                self._ending()
        self._submission.remove(self.clock)
        os.close(self.process.pidfd)
        self.process.socket.close()

    def last_words(self) -> str:
        """Why the process could not begin, in its own words; "" if it said nothing."""
        return self._zygote.last_words()

    def has_ended(self) -> bool:
        """Whether the process has ended. The kernel answers, in one system call."""
        return bool(select.select([self.process.pidfd], [], [], 0)[0])

    def interrupt(self) -> None:
        """Send SIGINT, as Jupyter does."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.process.pidfd, signal.SIGINT)

    def _send_slowly(self, data: memoryview, patience: Patience) -> None:
        while data:
            try:
                _wait(self._writable, patience)
                data = data[os.write(self._fd, data) :]
            except TimeLimitError as error:
                raise TimeLimitError(f"did not take its arguments: {error}", waited=error.waited) from None
            except BlockingIOError:
                continue
            except OSError:
                raise self._died() from None

    def _fill(self, size: int, patience: Patience) -> None:
        parts = bytearray(self._buffer)
        while len(parts) < size:
            _wait(self._readable, patience)
            try:
                more = os.read(self._fd, max(1 << 16, min(size - len(parts), 1 << 20)))
            except BlockingIOError:
                continue
            except OSError:
                more = b""
            if not more:
                raise self._died()
            parts += more
        self._buffer = bytes(parts)

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):  # it may have ended by itself
            signal.pidfd_send_signal(self.process.pidfd, signal.SIGKILL)
        select.select([self.process.pidfd], [], [], 2.0)

    def _died(self) -> AutograderError:
        """The error that says why the process does not answer any more."""
        if self._end is None:
            hung_up = not select.select([self.process.pidfd], [], [], _ENDING)[0]  # alive, the connection is closed
            self._kill()
            ending = self._ending()
            kind = EndingKind.HUNG_UP if hung_up else kind_of(ending, self._limits.cpu, _machine_limit())
            self._end = error_for(kind, ending, self._limits.cpu, forgives=self.forgives)
        return self._end

    def _ending(self) -> Ending:
        self.clock.seconds()  # the last reading: after this question the kernel forgets the process
        return self._zygote.ending_of(self.process)


def _poll(fd: int, event: int) -> select.poll:
    poll = select.poll()
    poll.register(fd, event)
    return poll


def _wait(event: select.poll, patience: Patience) -> None:
    """Wait until something can be read or written. Raises TimeLimitError if a limit is met before."""
    while (left := patience.until_look()) <= 0 or not event.poll(1000 * left):
        ready = event.poll(0)
        patience.look(waiting=not ready)
        if ready:
            return


def _machine_limit() -> float:
    """Seconds of processor time that this machine gives to a process at most."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    return math.inf if hard == resource.RLIM_INFINITY else hard


def _forked(zygote: Zygote, limits: Limits, deadline: Deadline) -> Process:
    """A new process. A neighbour that uses up all tasks or all memory ends soon, so a refusal is asked about again."""
    while True:
        try:
            return zygote.fork(limits.memory, limits.cpu, limits.folder, limits.files)
        except NoRoomError:
            if deadline.has_passed():
                raise
        time.sleep(_AGAIN)
