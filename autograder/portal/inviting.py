"""People of the portal: from a roster into rows, and the links by which they come in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder.errors import AutograderError
from autograder.portal.credentials import give
from autograder.portal.schema import CredentialRow, PersonRow
from autograder.roster.roster import Person
from autograder.text import nearest, one_line

STAFF = ("grader", "instructor", "admin")


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link of a person. url: lets its owner in, once."""

    id: str
    name: str
    email: str
    url: str


def take_in(session: Session, people: Iterable[Person]) -> None:
    """Add the people of a roster as students, and bring names and addresses up to date.

    Who left the class cannot come in any more. Staff keeps its role.
    """
    for person in people:
        row = session.get(PersonRow, person.id)
        if row is None:
            row = PersonRow(id=person.id, role="student")
            session.add(row)
        row.name, row.email = person.name[:200], person.email[:320]
        if row.role == "student":
            row.active = not person.withdrawn
    session.flush()


def invite(session: Session, people: Iterable[Person], now: datetime, address: str) -> list[Invitation]:
    """A link for each person of a roster who may come in and never did. Earlier links of theirs become void."""
    came = set(session.scalars(select(CredentialRow.person_id).where(CredentialRow.kind == "session")))
    rows = [session.get_one(PersonRow, person.id) for person in people if person.id not in came]
    return [invitation_of(session, row, now, address) for row in rows if row.active]


def invitation_of(session: Session, person: PersonRow, now: datetime, address: str) -> Invitation:
    """A new link of one person. Earlier ones become void."""
    text = give(session, person.id, "invitation", now, by="serve")
    return Invitation(person.id, person.name, person.email, f"{address}/join/{text}")


def person_named(session: Session, id_: str) -> PersonRow:
    """The person with this id, who may come in. Raises AutograderError."""
    row = session.get(PersonRow, id_)
    if row is None:
        known = list(session.scalars(select(PersonRow.id)))
        raise AutograderError(
            f"{one_line(id_, 60)}: expected a person of the portal, got none of this name.{nearest(id_, known)} "
            "Hint: autograder serve invite takes in the roster."
        )
    if not row.active:
        raise AutograderError(f"{one_line(id_, 60)}: expected somebody in the class, got a person who left it.")
    return row


def make_staff(session: Session, id_: str, role: str) -> PersonRow:
    """Give a person a role, and add the person if needed. Raises AutograderError for an unknown role."""
    if role not in STAFF:
        raise AutograderError(f"--as: expected one of {', '.join(STAFF)}, got {role[:40]!r}.{nearest(role, STAFF)}")
    row = session.get(PersonRow, id_)
    if row is None:
        if not 0 < len(id_) <= 200 or not id_.isprintable():
            raise AutograderError("ID: expected 1 to 200 printable characters, got others.")
        row = PersonRow(id=id_)
        session.add(row)
    row.role, row.active = role, True
    session.flush()
    return row


def links_file(invitations: Sequence[Invitation]) -> str:
    """The text of links.csv, to print or to merge into mail."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["id", "name", "email", "link"])
    writer.writerows([_cell(each.id), _cell(each.name), _cell(each.email), each.url] for each in invitations)
    return text.getvalue()


def _cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
