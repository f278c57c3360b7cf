"""The supervisor: starts the web process and the graders, and starts again what ends. A thread of it is the clerk.

It has no request and no notebook in its hands. Each child is a program of its own, which ends with this process.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from autograder.errors import AutograderError
from autograder.portal import jobs
from autograder.portal.backup import back_up_nightly
from autograder.portal.bells import made_bell, ring
from autograder.portal.child_process import CHECKS_CHANGED, ChildSettings, GraderSettings, WebSettings
from autograder.portal.clerk import COMING_IN, adopt, queue_missing
from autograder.portal.database import Database
from autograder.portal.events import note
from autograder.portal.folders import PART, PortalFolders
from autograder.portal.portal_clock import JUMP_SECONDS
from autograder.portal.server_lock import KEEP_SECONDS
from autograder.text import counted

CLERK_SECONDS = 60.0
LOOK_SECONDS = 0.1  # between two looks at the children
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0  # seconds before a child starts again; doubled each time
STEADY_SECONDS = 60.0  # a child that lived so long ended by chance
_GOODBYE_SECONDS = 10.0
_CLOSED = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}  # no thread at its start
_OF_WEB = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "VIRTUAL_ENV")  # its environment holds no secret


@dataclass
class Child:
    """A process that is to run always. begin: starts it.  ended: what to do when it ended, before it starts again."""

    name: str
    begin: Callable[[], subprocess.Popen[bytes]]
    ended: Callable[[], None]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = FIRST_WAIT
    due: float = 0.0
    over: bool = False

    def look(self, tell: Callable[[str], None]) -> None:
        """Start it if it is time, and see whether it ended."""
        now = time.monotonic()
        if self.process is None and not self.over and now >= self.due:
            self.process, self.started = self.begin(), now
        if self.process is not None and (code := self.process.poll()) is not None:
            self._note_end(code, now, tell)

    def _note_end(self, code: int, now: float, tell: Callable[[str], None]) -> None:
        self.process = None
        self.ended()
        if code == CHECKS_CHANGED:
            self.over = True
            tell(f"{self.name}: the checks or the versions changed. Grading waits. Hint: start serve again.")
            return
        self.wait = FIRST_WAIT if now - self.started > STEADY_SECONDS else self.wait
        self.due = now + self.wait
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        tell(f"{self.name}: ended by {how}; starts again in {self.wait:.0f} s")
        self.wait = min(2 * self.wait, LONGEST_WAIT)


@dataclass
class Supervisor:
    """All processes of a portal. web, graders: what they are told.  tell: says a line to whoever runs the server.

    backups: the folder of a backup each night, where the web process cannot write; None: none.
    keep_alone: called all the time; raises AutograderError if another server has the database now.
    """

    database: Database
    places: PortalFolders
    suites: Mapping[str, str]
    web: WebSettings
    graders: tuple[GraderSettings, ...]
    tell: Callable[[str], None]
    backups: Path | None = None
    keep_alone: Callable[[], None] = lambda: None
    _bells: tuple[int, ...] = ()  # the descriptors that ring the children
    _end: threading.Event = field(default_factory=threading.Event)
    _stale: list[str] = field(default_factory=list)  # files of the course of which it was said that they changed
    _lost: AutograderError | None = None  # another server has the database now
    _ahead: float = 0.0  # seconds by which the machine's clock was ahead when that was said last

    def stop(self) -> None:
        """Let `run` end: for the handler of a signal."""
        self._end.set()

    def run(self) -> None:
        """Run all processes until `stop`. Raises AutograderError if another server took the database."""
        self._without_web()
        heard, self._bells = zip(*(made_bell() for _ in (self.web, *self.graders)), strict=True)
        self.database.wrote = partial(ring, self._bells)
        children = [self._web(heard[0]), *map(self._grader, self.graders, heard[1:])]
        for duty in (self._be_the_clerk, self._stay_alone):
            threading.Thread(target=duty, daemon=True).start()
        try:
            while not self._end.is_set():
                for child in children:
                    child.look(self.tell)
                self._end.wait(LOOK_SECONDS)
        finally:
            self._end.set()
            _finish([child.process for child in children if child.process], 0 if self._lost else _GOODBYE_SECONDS)
        if self._lost:
            raise self._lost

    # --- Children ---

    def _web(self, bell: int) -> Child:
        own = {name: os.environ[name] for name in _OF_WEB if name in os.environ}
        temporary = {"TMPDIR": str(self.places.root), "SQLITE_TMPDIR": str(self.places.root)}
        environment = {**own, **_CLOSED, **temporary, "PYTHONDONTWRITEBYTECODE": "1"}
        begin = self._beginning("web_process", self.web, environment, bell, self.web.socket)
        return Child("web", begin, self._without_web)

    def _grader(self, settings: GraderSettings, bell: int) -> Child:
        """A grader. Its name in leases is new each time, so what an earlier one still sends is of nobody."""
        owner = [""]

        def begin() -> subprocess.Popen[bytes]:
            owner[0] = f"{settings.owner}-{secrets.token_hex(4)}"
            named = settings.model_copy(update={"owner": owner[0]})
            return self._beginning("grader_process", named, dict(os.environ), bell)()

        def ended() -> None:
            with self._said():
                jobs.free(self.database, [owner[0]])

        return Child(settings.owner, begin, ended)

    def _beginning(
        self, module: str, settings: ChildSettings, environment: Mapping[str, str], bell: int, *descriptors: int
    ) -> Callable[[], subprocess.Popen[bytes]]:
        sent = settings.model_copy(update={"bell": bell, "bells": self._bells}).model_dump_json().encode()

        def begin() -> subprocess.Popen[bytes]:
            process = subprocess.Popen(
                [sys.executable, "-m", f"autograder.portal.{module}"],
                stdin=subprocess.PIPE,
                pass_fds=(bell, *self._bells, *descriptors),
                process_group=0,  # Ctrl-C at the terminal is for the supervisor alone
                env={**environment, "PYTHONSAFEPATH": "1"},
            )
            assert process.stdin is not None
            with contextlib.suppress(BrokenPipeError), process.stdin as pipe:
                pipe.write(sent)
            return process

        return begin

    # --- Files and rows ---

    def _without_web(self) -> None:
        """Before the web process starts: nothing comes in now, so what is half there is nobody's any more."""
        with self._said():
            for part in self.places.handed_in.rglob(f"*{PART}"):
                part.unlink(missing_ok=True)
        self._set_right(timedelta(0))

    def _set_right(self, age: timedelta) -> None:
        """Adopt files without a row, and queue what lacks a job. age: of a file that no upload has in its hands."""
        with self._said():
            now = self.web.clock()  # by which the times in the files' names were made
            if adopted := adopt(self.database, self.places, self.suites, now, age):
                self.tell(f"clerk: adopted {counted(adopted, 'notebook')} that came in just before a process ended")
            queue_missing(self.database, self.suites, now)

    def _be_the_clerk(self) -> None:
        while not self._end.wait(CLERK_SECONDS):
            self._set_right(COMING_IN)
            for duty in (self._notice_clock, self._notice_changes, self._back_up):
                with self._said():
                    duty()

    def _stay_alone(self) -> None:
        while not self._end.wait(KEEP_SECONDS):
            try:
                self.keep_alone()
            except AutograderError as error:
                self._lost = error
                self.stop()

    def _notice_clock(self) -> None:
        ahead = self.web.clock.ahead
        jump = ahead - self._ahead
        if abs(jump) <= JUMP_SECONDS:
            return
        with self.database.write() as session:
            note(session, datetime.now(UTC), "clerk", "clock_set", "clock", seconds=round(jump, 1))
        self._ahead = ahead
        self.tell(
            f"clerk: this machine's clock was set by {jump:+.0f} s. Until the next start, the earlier of both times "
            "counts for what comes in. Hint: see to the clock, then start serve again."
        )

    def _notice_changes(self) -> None:
        stale = self.web.clock.changed_since(self.web.watched)
        for name in stale:
            if name not in self._stale:
                self.tell(f"clerk: {name} has changed since the start. Hint: start serve again, so that it counts.")
        self._stale = stale

    def _back_up(self) -> None:
        if self.backups and (made := back_up_nightly(self.database, self.places, self.backups, datetime.now(UTC))):
            self.tell(f"clerk: backup {made.name}")

    @contextlib.contextmanager
    def _said(self) -> Iterator[None]:
        """Say what went wrong, and go on: a full disk or a busy database ends no server."""
        try:
            yield
        except (AutograderError, SQLAlchemyError, OSError) as error:
            self.tell(f"clerk: {str(error).splitlines()[0]}")


def _finish(processes: Iterable[subprocess.Popen[bytes]], seconds: float) -> None:
    """End processes, and wait for them. seconds: that they have for it."""
    processes = list(processes)
    for process in processes:
        process.terminate()
    last = time.monotonic() + seconds
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, last - time.monotonic()))
        process.kill()
        process.wait()
