"""Holds a database of PostgreSQL's for one server alone. SQLite's is held as a file, with the portal's folder.

The lock ends with its connection, so a server that was killed holds nothing. It also ends when PostgreSQL is started
again. Then the server takes it again within seconds. If another server is faster, this one ends. A server that gets the
lock waits so long before it does anything that one which lost it has ended: two never run beside each other.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from autograder.errors import AutograderError
from autograder.portal.database import Database, opening

KEEP_SECONDS = 1.0  # from one look at the lock to the next
SETTLE_SECONDS = 5.0  # longer than KEEP_SECONDS and a look that fails
_LOCK = int.from_bytes(b"backprop")  # the number of the lock of all portals in their own database
# A look at a machine that does not answer any more ends after two seconds. These are libpq's names.
_TIMES = {"connect_timeout": 2, "tcp_user_timeout": 2000, "keepalives_idle": 2}


class ServerLock:
    """The lock of one server."""

    def __init__(self, url: str) -> None:
        self._database = Database(url, options=_TIMES if "+psycopg" in url else {})
        self._connection: Connection | None = None

    def take(self) -> None:
        """Take it. Raises AutograderError if another server has it, and SQLAlchemyError if there is no database."""
        connection = self._database.engine.connect()
        connection.execution_options(isolation_level="AUTOCOMMIT")  # an open transaction would hold up its cleaning
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": _LOCK}):
            connection.close()
            raise AutograderError(
                f"{self._database.shown}: expected no other server, got one that uses this database. "
                "Hint: end it first."
            )
        self._connection = connection

    def keep(self) -> None:
        """Take it again if it was lost. Raises AutograderError if another server was faster.

        While there is no database, no server can do anything with it, and nothing is done here.
        """
        with contextlib.suppress(SQLAlchemyError):
            if not self._is_held():
                self.close()
                self.take()

    def _is_held(self) -> bool:
        """Ask the database itself: a connection that ended may have been replaced by one without the lock."""
        mine = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid()")
        try:
            return self._connection is not None and bool(self._connection.scalar(mine))
        except SQLAlchemyError:
            return False

    def close(self) -> None:
        """End the connection, and so the lock."""
        if self._connection is not None:
            with contextlib.suppress(SQLAlchemyError):
                self._connection.close()
        self._connection = None
        self._database.close()


@contextlib.contextmanager
def held_database(url: str) -> Iterator[Callable[[], None]]:
    """Hold the database for this server alone, before anything of it is read.

    Gives what the server is to call every KEEP_SECONDS, see `ServerLock.keep`. Raises AutograderError.
    """
    if not url or url.startswith("sqlite"):
        yield lambda: None
        return
    with contextlib.ExitStack() as stack:
        with opening(url):
            lock = stack.enter_context(contextlib.closing(ServerLock(url)))
            lock.take()
        time.sleep(SETTLE_SECONDS)
        yield lock.keep
