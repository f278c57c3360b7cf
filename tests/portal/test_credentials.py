"""An invitation works once; a session ends; nothing in the database lets anybody in."""

from datetime import timedelta

import pytest
from portal.portal_helpers import NOON
from sqlalchemy import text

from autograder.portal.credentials import give, in_use, join, person_of, revoke, sign_out
from autograder.portal.schema import EventRow, PersonRow

DAY = timedelta(days=1)


@pytest.fixture
def invited(database):
    with database.write() as session:
        return give(session, "ada", "invitation", NOON, by="dana")


def joined(database, invitation, now=NOON):
    with database.write() as session:
        return join(session, invitation, now)


def who(database, credential, kind="session", now=NOON):
    with database.write() as session:
        person = person_of(session, credential, kind, now)
        return person and person.id


def test_an_invitation_opens_one_session_and_is_used_up(database, invited):
    opened = joined(database, invited)
    assert who(database, opened) == "ada"
    assert joined(database, invited) is None


def test_looking_at_an_invitation_does_not_use_it_up(database, invited):
    """Programs that scan mail open each link."""
    assert who(database, invited, "invitation") == "ada"
    assert joined(database, invited)


def test_a_new_invitation_makes_the_old_one_void(database, invited):
    with database.write() as session:
        newer = give(session, "ada", "invitation", NOON, by="dana")
    assert joined(database, invited) is None
    assert joined(database, newer)


@pytest.mark.parametrize(
    ("kind", "works", "is_over"),
    [("invitation", 13.9 * DAY, 14 * DAY), ("session", 13.9 * DAY, 14.1 * DAY), ("token", 119 * DAY, 120 * DAY)],
)
def test_each_kind_ends(database, kind, works, is_over):
    with database.write() as session:
        given = give(session, "ada", kind, NOON, by="ada")
    assert who(database, given, kind, NOON + is_over) is None
    assert who(database, given, kind, NOON + works) == "ada"


def test_a_session_that_is_used_lasts_but_not_for_ever(database, invited):
    opened = joined(database, invited)
    for day in range(10, 120, 10):
        assert who(database, opened, now=NOON + day * DAY) == "ada"
    assert who(database, opened, now=NOON + 120 * DAY) is None


def test_a_credential_of_one_kind_is_none_of_another(database, invited):
    opened = joined(database, invited)
    assert who(database, opened, "token") is None
    assert who(database, invited, "session") is None


def test_signing_out_and_revoking_end_it_at_once(database):
    with database.write() as session:
        first, second = (give(session, "ada", "session", NOON, by="ada") for _ in range(2))
        sign_out(session, first, NOON)
    assert who(database, first) is None
    with database.write() as session:
        (row,) = in_use(session, "ada", NOON)
        revoke(session, row.sha256, "bob", NOON)  # not his
    assert who(database, second) == "ada"
    with database.write() as session:
        revoke(session, row.sha256, "ada", NOON)
        assert in_use(session, "ada", NOON) == []
    assert who(database, second) is None


def test_a_person_who_left_does_not_get_in(database, invited):
    opened = joined(database, invited)
    with database.write() as session:
        session.get(PersonRow, "ada").active = False
    assert who(database, opened) is None


def test_no_text_of_the_database_is_a_credential(database, invited):
    opened = joined(database, invited)
    with database.read() as session:
        stored = {str(value) for row in session.execute(text("SELECT * FROM credential")) for value in row}
    assert not stored & {opened, invited}
    assert [who(database, each) for each in stored] == [None] * len(stored)


def test_who_invited_whom_and_who_joined_is_written_down(database, invited):
    joined(database, invited)
    with database.read() as session:
        assert [(e.who, e.what, e.about) for e in session.query(EventRow)] == [
            ("dana", "invited", "ada"),
            ("ada", "joined", "ada"),
        ]


@pytest.mark.parametrize("bad", ["", "x", "\0", "ü" * 1000, "\udcff"])
def test_any_text_may_be_asked_and_is_nobody(database, bad):
    assert who(database, bad) is None
    assert joined(database, bad) is None
