"""The drill: hand in, grade, back up, lose everything, restore; and then all is as it was."""

import os
import shutil
from datetime import timedelta

import pytest
from portal.portal_helpers import NOON, SUITE, at, send
from result_builders import record
from sqlalchemy import inspect, text

from autograder.errors import AutograderError
from autograder.portal import clerk
from autograder.portal.backup import back_up, back_up_nightly, backups, restore
from autograder.portal.database import open_database
from autograder.portal.folders import PortalFolders
from autograder.portal.jobs import claim, finish
from autograder.portal.queue_grader import grading_of
from autograder.portal.schema import PersonRow, Row, SubmissionRow
from autograder.records.history import sha256

KEYS = ("receipts.pem", "receipts.pem.pub")


@pytest.fixture
def full(database, places):
    """A portal with three notebooks, of which the first is graded."""
    for second, student in ((1, "ada"), (2, "bob"), (3, "ada")):
        send(database, places, b"%d" % second, student=student, received=at(second))
    taken = claim(database, "g", at(10), timedelta(60), slow=True)
    data = record().to_json().encode()
    places.result_of(sha256(data)).write_bytes(data)
    assert finish(database, taken, grading_of(taken, record(), sha256(data), at(11)), at(11))
    for name in KEYS:
        (places.root / name).write_text(name)
    return places


def rows_of(database):
    """{table: its rows as texts}."""
    with database.read() as session:
        return {t.name: sorted(map(repr, session.execute(t.select()))) for t in Row.metadata.sorted_tables}


def files_of(root):
    kept = (p for p in root.rglob("*") if p.is_file() and not p.name.startswith("portal.d") and p.name != "complete")
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in kept}


def lose(database, places):
    shutil.rmtree(places.root)
    if not database.is_sqlite:
        with database.engine.begin() as connection:
            for name in inspect(connection).get_table_names():
                connection.execute(text(f'DROP TABLE "{name}" CASCADE'))
    database.close()


def test_after_everything_is_lost_a_backup_brings_back_every_row_and_file(database, url, full, tmp_path):
    rows, files = rows_of(database), files_of(full.root)
    back_up(database, full, tmp_path / "backups", at(20))
    lose(database, full)
    assert restore(tmp_path / "backups", full, url) == 3
    again = open_database(url)
    assert rows_of(again) == rows
    assert files_of(full.root) == files
    assert (full.root / "receipts.pem").stat().st_mode & 0o077 == 0
    again.close()


def test_a_hand_in_after_the_backup_comes_back_from_its_file_alone(database, url, full, tmp_path):
    """The database is lost, and the files are not."""
    back_up(database, full, tmp_path / "backups", at(20))
    late = send(database, full, b"late", student="eve", received=at(30)).submission
    kept = tmp_path / "kept"
    shutil.copytree(full.handed_in, kept)
    lose(database, full)
    restore(tmp_path / "backups", full, url)
    shutil.copytree(kept, full.handed_in, dirs_exist_ok=True)
    again = open_database(url)
    assert clerk.adopt(again, full, {"a1": SUITE}, at(1000)) == 1
    with again.read() as session:
        row = session.get(SubmissionRow, late.id)
        assert (row.student, row.received, row.adopted) == ("eve", at(30), True)
    again.close()


def test_without_any_backup_every_notebook_is_adopted(database, url, full, tmp_path):
    kept = tmp_path / "kept"
    shutil.copytree(full.handed_in, kept)
    lose(database, full)
    full.make()
    shutil.copytree(kept, full.handed_in, dirs_exist_ok=True)
    again = open_database(url)
    assert clerk.adopt(again, full, {"a1": SUITE}, at(1000)) == 3
    with again.read() as session:
        assert {p.id: p.active for p in session.query(PersonRow)} == {"ada": False, "bob": False}
    again.close()


def test_what_the_backup_before_has_takes_no_room_again(database, full, tmp_path):
    first = back_up(database, full, tmp_path, at(20))
    second = back_up(database, full, tmp_path, at(21))
    (one,) = (p for p in (first / "results").iterdir())
    assert os.path.samefile(one, second / "results" / one.name)
    assert not os.path.samefile(one, full.results / one.name)  # what happens to the portal's file must not reach it


def test_fourteen_nights_are_kept(database, full, tmp_path):
    for day in range(16):
        assert back_up_nightly(database, full, tmp_path, NOON + timedelta(days=day, seconds=day))
    assert [p.name[:8] for p in backups(tmp_path)] == [f"202610{day}" for day in range(14, 28)]
    assert back_up_nightly(database, full, tmp_path, NOON + timedelta(days=15, hours=12)) is None


def test_a_backup_that_was_cut_off_is_no_backup_and_goes_with_the_next(database, full, tmp_path):
    cut = back_up(database, full, tmp_path, at(20))
    (cut / "complete").unlink()
    assert backups(tmp_path) == []
    whole = back_up(database, full, tmp_path, at(30))
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("2026")] == [whole.name]


def test_other_folders_beside_backups_stay(database, full, tmp_path):
    (tmp_path / "mine").mkdir()
    for second in range(3):
        back_up(database, full, tmp_path, at(second), keep=1)
    assert (tmp_path / "mine").is_dir()
    assert len(backups(tmp_path)) == 1


def test_a_link_in_the_portal_brings_nothing_into_a_backup(database, full, tmp_path):
    """A web process that was taken over can make links in work/portal, but cannot read the secret."""
    (tmp_path / "secret.key").write_text("secret")
    (full.results / f"{'0' * 64}.json").symlink_to(tmp_path / "secret.key")
    (full.root / "receipts.pem").unlink()
    (full.root / "receipts.pem").symlink_to(tmp_path / "secret.key")
    made = back_up(database, full, tmp_path / "backups", at(20))
    assert b"secret" not in b"".join(files_of(made).values())


def test_nothing_is_restored_over_a_portal(database, url, full, tmp_path):
    back_up(database, full, tmp_path / "backups", at(20))
    with pytest.raises(AutograderError, match=r"expected no portal, got one\. Hint: move it away first"):
        restore(tmp_path / "backups", full, url)
    assert rows_of(database)["submission"]


def test_a_folder_without_a_backup_is_one_line(url, tmp_path):
    with pytest.raises(AutograderError, match="expected a backup, got none"):
        restore(tmp_path, PortalFolders(tmp_path / "new"), url)


def test_a_changed_notebook_in_a_backup_is_said(database, url, full, tmp_path):
    made = back_up(database, full, tmp_path / "backups", at(20))
    next((made / "handed_in").rglob("*.ipynb")).write_bytes(b"x")
    lose(database, full)
    with pytest.raises(AutograderError, match="expected the bytes of its row, got others"):
        restore(made, full, url)
