"""How a person gets in: an invitation is a link, a session is a cookie, a token is for the command line.

Each is 256 random bits that only its owner has; the database has its hash. An invitation works once. A new one makes
the old ones void.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from autograder.portal.events import note
from autograder.portal.schema import CredentialRow, PersonRow

Kind = Literal["invitation", "session", "token"]
LASTS = {"invitation": timedelta(days=14), "session": timedelta(days=120), "token": timedelta(days=120)}
IDLE = timedelta(days=14)  # a session that nobody used for so long is over
_SEEN = timedelta(minutes=5)  # the last use of a session is written down no more often


def give(session: Session, person: str, kind: Kind, now: datetime, *, by: str, label: str = "") -> str:
    """A new credential of a person: the text that only its owner gets. by: who gives it."""
    if kind == "invitation":
        _end(session, now, CredentialRow.person_id == person, CredentialRow.kind == kind)
        note(session, now, by, "invited", person)
    text = secrets.token_urlsafe(32)
    session.add(
        CredentialRow(
            sha256=credential_hash(text),
            kind=kind,
            person_id=person,
            created=now,
            expires=now + LASTS[kind],
            label=label,
        )
    )
    return text


def person_of(session: Session, text: str, kind: Kind, now: datetime) -> PersonRow | None:
    """The person who has this credential; None if it does not work (any more), or its owner may not come in."""
    row = session.get(CredentialRow, credential_hash(text))
    if row is None or row.kind != kind or row.revoked or now >= row.expires or not row.person.active:
        return None
    if kind == "invitation":
        return None if row.used else row.person
    if kind == "session" and now - (row.used or row.created) > IDLE:
        return None
    if row.used is None or now - row.used > _SEEN:
        row.used = now
    return row.person


def join(session: Session, invitation: str, now: datetime) -> str | None:
    """Use an invitation: the text of a new session, or None. The invitation is used up."""
    person = person_of(session, invitation, "invitation", now)
    if person is None:
        return None
    used = update(CredentialRow).where(
        CredentialRow.sha256 == credential_hash(invitation), CredentialRow.used.is_(None)
    )
    if session.scalar(used.values(used=now).returning(CredentialRow.sha256)) is None:
        return None  # somebody else used it in this moment
    note(session, now, person.id, "joined", person.id)
    return give(session, person.id, "session", now, by=person.id)


def revoke(session: Session, sha256: str, person: str, now: datetime) -> None:
    """End one of a person's credentials."""
    if _end(session, now, CredentialRow.sha256 == sha256, CredentialRow.person_id == person):
        note(session, now, person, "revoked", person)


def revoke_all(session: Session, person: str, now: datetime, *, by: str) -> None:
    """End all that lets a person in: sessions, tokens and links."""
    if _end(session, now, CredentialRow.person_id == person):
        note(session, now, by, "revoked", person)


def sign_out(session: Session, text: str, now: datetime) -> None:
    """End this session."""
    _end(session, now, CredentialRow.sha256 == credential_hash(text), CredentialRow.kind == "session")


def in_use(session: Session, person: str, now: datetime) -> list[CredentialRow]:
    """A person's sessions and tokens that still work, the newest first."""
    rows = select(CredentialRow).where(
        CredentialRow.person_id == person,
        CredentialRow.kind != "invitation",
        CredentialRow.revoked.is_(None),
        CredentialRow.expires > now,
    )
    return list(session.scalars(rows.order_by(CredentialRow.created.desc())))


def roles_of_sessions(session: Session, hashes: Collection[str], now: datetime) -> dict[str, str]:
    """By hash, the role of each person whose session still works."""
    known = select(CredentialRow.sha256, PersonRow.role).join(PersonRow, PersonRow.id == CredentialRow.person_id)
    works = (CredentialRow.kind == "session", CredentialRow.revoked.is_(None), CredentialRow.expires > now)
    rows = session.execute(known.where(CredentialRow.sha256.in_(hashes), *works, PersonRow.active))
    return {row.sha256: row.role for row in rows}


def _end(session: Session, now: datetime, *which: object) -> bool:
    """Revoke the credentials of these conditions that still work. Whether there was one."""
    ended = update(CredentialRow).where(*which, CredentialRow.revoked.is_(None)).values(revoked=now)  # type: ignore[arg-type]
    return bool(session.scalars(ended.returning(CredentialRow.sha256)).all())


def credential_hash(text: str) -> str:
    """What the database knows of a credential."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
