"""The connection to one submission's process: it sends and receives frames, each before its deadline.

A frame is bytes; `student_process.py` knows their meaning. No function waits without a deadline, and every length is
bounded before it is used.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from autograder.errors import AutograderError, CrashError, NoRoomError, SandboxError, TimeLimitError
from autograder.sandbox.endings import EndingKind, error_for, kind_of
from autograder.sandbox.launcher import Process, Zygote
from autograder.sandbox.worker import wire

_AGAIN = 0.1  # seconds until the system is asked again for a process that it refused to make


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a submission.

    memory: bytes of address space of a process.  cell, call, submission: seconds of wall clock.  cpu: seconds of
    processor time of a process, all its threads together.  output: bytes of printed text that are kept.
    """

    memory: int = 1 << 30
    cell: float = 10.0
    call: float = 2.0
    submission: float = 30.0
    cpu: int = 35
    output: int = 1 << 16


class Connection:
    """A connection to one process, which is never used again. `close` kills everything in the process.

    forgives: if the process is killed from outside, raise KilledError, so that the caller can try again; otherwise
    CrashError.  late: makes the message for a frame that does not come in time; the caller sets it.
    deadline: until when the system may refuse to make the process.
    """

    def __init__(self, zygote: Zygote, limits: Limits, deadline: float, *, forgives: bool) -> None:
        self.late: Callable[[], str] = str
        self.process = _forked(zygote, limits, deadline)
        self.forgives = forgives
        self._zygote, self._limits = zygote, limits
        self._end: AutograderError | None = None  # why the process has ended, once it has
        self.process.socket.setblocking(False)
        self._fd = self.process.socket.fileno()
        self._ready = select.poll()
        self._ready.register(self._fd, select.POLLIN)
        self._buffer = b""

    def require_silence(self) -> None:
        """Raise CrashError if the process sent more than the grader asked for."""
        if self._buffer:
            raise CrashError("broke the protocol: sent bytes that the grader did not ask for")

    def send(self, frame: bytes, deadline: float) -> None:
        """Send one frame. Raises TimeLimitError, CrashError or KilledError."""
        data = memoryview(frame)
        try:
            sent = os.write(self._fd, data)  # nearly always all of it: no poll, one system call
            if sent < len(data):
                self._send_slowly(data[sent:], deadline)
        except BlockingIOError:
            self._send_slowly(data, deadline)
        except OSError:
            raise self._died() from None

    def receive(self, deadline: float) -> bytes:
        """Receive one frame's body before the deadline. Raises as `send`, or WireError.

        After the deadline no frame counts, not even one that came before: a process can send a thousand frames ahead,
        and the grader works for each.
        """
        if time.monotonic() >= deadline:
            raise TimeLimitError(self.late())
        self._fill(4, deadline)
        end = 4 + wire.frame_length(self._buffer[:4])
        if len(self._buffer) < end:
            self._fill(end, deadline)
        body, self._buffer = self._buffer[4:end], self._buffer[end:]
        return body

    def close(self) -> None:
        """Kill the process (its whole pid namespace, if it has one) and wait until it has ended."""
        if self._end is None:
            self._kill()
            with contextlib.suppress(SandboxError):  # the zygote has ended: the next fork reports it
                self._zygote.ending_of(self.process)
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

    def _send_slowly(self, data: memoryview, deadline: float) -> None:
        self.process.socket.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            self.process.socket.sendall(data)
        except TimeoutError:
            raise TimeLimitError(f"did not take its arguments: {self.late()}") from None
        except OSError:
            raise self._died() from None
        finally:
            self.process.socket.setblocking(False)

    def _fill(self, size: int, deadline: float) -> None:
        parts = bytearray(self._buffer)
        while len(parts) < size:
            left = deadline - time.monotonic()
            if left <= 0 or not self._ready.poll(1000 * left):
                raise TimeLimitError(self.late())
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
            hung_up = not select.select([self.process.pidfd], [], [], 0.5)[0]  # alive, but the connection is closed
            self._kill()
            ending = self._zygote.ending_of(self.process)
            kind = EndingKind.HUNG_UP if hung_up else kind_of(ending, self._limits.cpu)
            self._end = error_for(kind, ending, self._limits.cpu, forgives=self.forgives)
        return self._end


def _forked(zygote: Zygote, limits: Limits, deadline: float) -> Process:
    """A new process. A neighbour that uses up all tasks or all memory ends soon, so a refusal is asked about again."""
    while True:
        try:
            return zygote.fork(limits.memory, limits.cpu)
        except NoRoomError:
            if time.monotonic() >= deadline:
                raise
        time.sleep(_AGAIN)
