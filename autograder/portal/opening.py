"""Opens a portal: its folders, for one server alone, its database, its key, and its first administrator."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import and_, delete, select, update
from sqlalchemy.orm import Session

from autograder.course import Course
from autograder.errors import AutograderError, UnwritableError
from autograder.files import locked, read_bytes
from autograder.portal.credentials import give
from autograder.portal.database import Database, open_database
from autograder.portal.folders import PortalFolders
from autograder.portal.jobs import REPLAY
from autograder.portal.schema import CredentialRow, JobRow, PersonRow, StateRow, SubmissionRow
from autograder.publishing.signing import KEY, generate, private_key

ADMIN = "admin"
_ADDRESS = "address"


def folders_of(course: Course) -> PortalFolders:
    """The portal's folders of a course."""
    return PortalFolders(course.work / "portal")


@contextlib.contextmanager
def held(places: PortalFolders) -> Iterator[None]:
    """Hold the portal's folder for this server alone, closed to other users of the machine.

    Raises AutograderError if another server has it.
    """
    places.root.chmod(0o700)
    with contextlib.ExitStack() as stack:
        try:
            alone = stack.enter_context(locked(places.root))
        except UnwritableError:
            raise
        except AutograderError:  # the only other one that it raises
            raise AutograderError(
                f"{places.root}: expected no other server, got one that runs here. Hint: end it first."
            ) from None
        if not alone:
            raise AutograderError(
                f"{places.root}: expected a file system with locks, got one without. Hint: use a local disk."
            )
        yield


def database_of(places: PortalFolders, url: str = "") -> Database:
    """The portal's database. url: SQLAlchemy's; "": a file beside the notebooks."""
    return open_database(url or f"sqlite:///{places.database}")


def receipt_key(places: PortalFolders) -> str:
    """The key that signs receipts, as PEM; made at the first start, with its public half, receipts.pem.pub."""
    path = places.root / "receipts.pem"
    if not path.exists():
        generate(path)
    private_key(path)  # raises for what is no key
    return read_bytes(path, KEY).decode("ascii")


def bring_jobs_up_to_date(session: Session, suites: Mapping[str, str]) -> None:
    """Free all jobs, because whoever had one ended with its server; and let them ask for today's checks.

    suites: by assignment, see `suites`. Jobs of an assignment that is gone are removed; its notebooks stay.
    """
    session.execute(update(JobRow).where(JobRow.owner.is_not(None)).values(owner=None, lease=None))
    gone = select(SubmissionRow.id).where(SubmissionRow.assignment.not_in(suites))
    session.execute(delete(JobRow).where(JobRow.submission_id.in_(gone)))
    for assignment, suite in suites.items():
        of_it = and_(
            JobRow.submission_id.in_(select(SubmissionRow.id).where(SubmissionRow.assignment == assignment)),
            JobRow.suite != REPLAY,
        )
        today = select(JobRow.submission_id).where(JobRow.suite == suite)
        session.execute(delete(JobRow).where(of_it, JobRow.suite != suite, JobRow.submission_id.in_(today)))
        session.execute(update(JobRow).where(of_it, JobRow.suite != suite).values(suite=suite, tries=0))


def admin_invitation(session: Session, now: datetime) -> str | None:
    """A new invitation for the administrator; None if an administrator came in before."""
    came = select(CredentialRow.sha256).join(PersonRow).where(PersonRow.role == ADMIN, CredentialRow.kind == "session")
    if session.scalar(came.limit(1)):
        return None
    admin = session.scalar(select(PersonRow).where(PersonRow.role == ADMIN, PersonRow.active).limit(1))
    if admin is None:
        if session.get(PersonRow, ADMIN):
            raise AutograderError(
                f"admin: expected an administrator, got a person {ADMIN!r} who is none. "
                "Hint: autograder serve staff ID --as admin."
            )
        admin = PersonRow(id=ADMIN, role=ADMIN)
        session.add(admin)
        session.flush()
    return give(session, admin.id, "invitation", now, by="serve")


def remember_address(session: Session, address: str) -> None:
    """Keep the address at which people reach this portal: links begin with it."""
    session.merge(StateRow(name=_ADDRESS, value={"url": address}))


def address_of(session: Session) -> str:
    """The address at which people reach this portal. Raises AutograderError before its first start."""
    row = session.get(StateRow, _ADDRESS)
    if row is None:
        raise AutograderError("address: expected one for links, got none. Hint: start autograder serve once.")
    return str(row.value["url"])
