"""The portal's database: SQLite in one file, or PostgreSQL by URL; and its transactions.

SQLite has one writer at a time. A transaction that writes says so at its begin (`BEGIN IMMEDIATE`), so it waits there
and nowhere else, and cannot meet another writer half-way.
https://www.sqlite.org/lang_transaction.html
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from autograder.errors import AutograderError

WAIT_SECONDS = 30  # for another writer
_MIGRATIONS = Path(__file__).with_name("migrations")


class Database:
    """Opens transactions. url: SQLAlchemy's.  wrote: called after each transaction that wrote.

    options: of the driver of PostgreSQL, for each connection.
    """

    def __init__(
        self, url: str, wrote: Callable[[], object] = lambda: None, *, options: Mapping[str, object] | None = None
    ) -> None:
        self.url, self.wrote = url, wrote
        self.engine = _engine(url, options or {})

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of SQLite's."""
        return self.engine.dialect.name == "sqlite"

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that only reads: it sees one moment, and waits for nobody."""
        with Session(self.engine) as session:
            yield session

    @contextlib.contextmanager
    def write(self, *, lasting: bool = False) -> Iterator[Session]:
        """A transaction that writes; it is rolled back if the block raises.

        lasting: whether a power cut after it takes nothing of it. Work that is only done again need not be.
        """
        writing = self.engine.execution_options(writes=True, lasting=lasting)
        with Session(writing, expire_on_commit=False) as session:
            if not self.is_sqlite:
                session.execute(text(f"SET LOCAL synchronous_commit = {'on' if lasting else 'off'}"))
            yield session
            session.commit()
        self.wrote()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    # --- Schema ---

    def upgrade(self) -> None:
        """Make the tables, or bring them up to date. Raises AutograderError if a newer program made them."""
        with self.engine.connect() as connection:
            config = _config(connection)
            known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
            found = MigrationContext.configure(connection).get_current_revision()
            if found is not None and found not in known:
                raise AutograderError(
                    f"{self.shown}: expected tables of this version or an earlier one, got {found[:40]!r}. "
                    "Hint: run the newer autograder that made them, or restore a backup."
                )
            command.upgrade(config, "head")
            connection.commit()

    @property
    def shown(self) -> str:
        """The database's name for messages, without a password."""
        return _shown(self.url)


def open_database(url: str) -> Database:
    """The database, with its tables. Raises AutograderError with one line if it cannot be opened."""
    with opening(url), contextlib.ExitStack() as stack:
        database = stack.enter_context(contextlib.closing(Database(url)))
        database.upgrade()
        stack.pop_all()  # it stays open
        return database


@contextlib.contextmanager
def opening(url: str) -> Iterator[None]:
    """Make one line of what a database that cannot be opened says."""
    try:
        yield
    except ImportError as error:
        raise AutograderError(
            f"{_shown(url)}: expected an installed driver, got none: {error}. Hint: postgresql+psycopg://…"
        ) from None
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise AutograderError(f"{_shown(url)}: expected a database, got {said}.") from None


def _shown(url: str) -> str:
    """A database's name for messages, without a password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "--database"


def _engine(url: str, options: Mapping[str, object]) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, connect_args=dict(options))
    engine = create_engine(url, connect_args={"timeout": WAIT_SECONDS})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # Python's module shall begin no transaction of its own
    for pragma in ("journal_mode = WAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("writes"):
        # Set before the transaction: inside of it, SQLite would ignore it.
        sqlite: Any = connection.connection.dbapi_connection
        sqlite.execute(f"PRAGMA synchronous = {'FULL' if options['lasting'] else 'NORMAL'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")


def _config(connection: Any) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
