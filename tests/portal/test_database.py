"""Transactions are whole; the tables are made once, and never by an older program over a newer one's."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from portal.portal_helpers import NOON
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from autograder.errors import AutograderError
from autograder.portal.database import open_database
from autograder.portal.schema import EventRow, PersonRow, Row
from autograder.portal.server_lock import held_database


def names(database):
    with database.read() as session:
        return sorted(session.scalars(text("SELECT id FROM person")))


def test_the_migrations_make_the_tables_that_the_program_uses(database):
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []


def test_opening_a_database_again_changes_nothing(database, url):
    before = names(database)
    again = open_database(url)
    assert names(again) == before
    again.close()


def test_tables_of_a_newer_program_are_refused_in_one_line(database, url):
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(
        AutograderError, match=r"of this version or an earlier one, got '9999'\. Hint: run the newer"
    ) as refused:
        open_database(url)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("bad", ["sqlite:////nowhere/at/all/portal.db", "postgresql+psycopg://a:secret@127.0.0.1:1/x"])
def test_a_database_that_cannot_be_opened_is_one_line_without_its_password(bad):
    with pytest.raises(AutograderError, match="expected a database, got") as refused:
        open_database(bad)
    assert "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("bad", ["portal", "no-such-kind://x", "oracle://a:secret@h/x"])
def test_an_address_of_no_database_is_one_line(bad):
    for opening in (open_database, lambda url: held_database(url).__enter__()):
        with pytest.raises(AutograderError, match=r"expected (?:a database|an installed driver), got") as refused:
            opening(bad)
        assert "\n" not in str(refused.value)
        assert "secret" not in str(refused.value)


def test_a_transaction_that_fails_leaves_nothing_of_itself(database):
    before = names(database)

    def fails():
        with database.write() as session:
            session.add(PersonRow(id="zoe", role="student"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert names(database) == before


def test_writers_wait_for_each_other_and_nothing_is_lost(database):
    def write(name):
        for i in range(20):
            with database.write(lasting=i % 2 == 0) as session:
                session.add(PersonRow(id=f"{name}-{i}", role="student"))

    threads = [threading.Thread(target=write, args=(f"t{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([n for n in names(database) if n.startswith("t")]) == 80


def test_a_reader_sees_one_moment_while_somebody_writes(database):
    with database.read() as session:
        before = len(session.scalars(text("SELECT id FROM person")).all())
        with database.write() as other:
            other.add(PersonRow(id="zoe", role="student"))
        if database.is_sqlite:  # PostgreSQL's default shows what was committed meanwhile
            assert len(session.scalars(text("SELECT id FROM person")).all()) == before
    assert "zoe" in names(database)


def test_a_time_comes_back_with_its_zone_and_one_without_is_refused(database):
    tokyo = datetime(2026, 10, 12, 21, 0, 0, 123456, tzinfo=timezone(timedelta(hours=9)))
    with database.write() as session:
        session.add(EventRow(at=tokyo, who="x", what="y", about="z", data={"n": 1}))
    with database.read() as session:
        (event,) = session.query(EventRow).all()
    assert event.at == NOON.replace(microsecond=123456)
    assert event.at.tzinfo is UTC

    def without_zone():
        with database.write() as session:
            session.add(EventRow(at=datetime(2026, 1, 1), who="x", what="y", about="z", data={}))  # noqa: DTZ001

    with pytest.raises(StatementError, match="expected a time with its zone"):
        without_zone()
