"""The tables of the portal. Everything that can be made again from files is marked so.

Times are stored in UTC, because SQLite has no time zones. Names, grades and late rules do not stand here: the roster
file and course.toml hold them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A time with its zone in Python, and in UTC without one in the database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To the database. Raises ValueError for a time without a zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("expected a time with its zone")
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From the database."""
        return value and value.replace(tzinfo=UTC)


class Row(DeclarativeBase):
    """The base of all tables."""

    type_annotation_map = {datetime: Moment, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012 — SQLAlchemy's way


class PersonRow(Row):
    """Somebody who may sign in. id: as in the roster.  role: student, grader, instructor or admin."""

    __tablename__ = "person"
    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(320), default="")
    role: Mapped[str] = mapped_column(String(16))
    active: Mapped[bool] = mapped_column(default=True)


class CredentialRow(Row):
    """What lets a person in: an invitation, a session or a token. Only its hash stands here.

    kind: invitation, session or token.  used: when an invitation was taken up, or a session was seen last.
    """

    __tablename__ = "credential"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    created: Mapped[datetime]
    expires: Mapped[datetime]
    used: Mapped[datetime | None]
    revoked: Mapped[datetime | None]
    label: Mapped[str] = mapped_column(String(200), default="")
    person: Mapped[PersonRow] = relationship(lazy="joined")


class SubmissionRow(Row):
    """A notebook that came in. All of it can be made again from the file and its name, but for `key`.

    key: the sender's, so that sending twice hands in once.  adopted: its row was made from the file, later.
    """

    __tablename__ = "submission"
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    assignment: Mapped[str] = mapped_column(String(200))
    student: Mapped[str] = mapped_column(ForeignKey("person.id"))
    received: Mapped[datetime]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(64))
    adopted: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        UniqueConstraint("assignment", "student", "key"),
        Index("newest", "assignment", "student", "received"),
    )


class JobRow(Row):
    """A submission that is to be graded. A submission without a grading for today's checks is one, so jobs can be lost.

    suite: what the grading depends on, besides the notebook.  rank: 0 is first, see `jobs`.  slow: it did not end in
    its first slice.  owner: the grader that has it until `lease`.  tries: graders that took it.
    """

    __tablename__ = "job"
    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    suite: Mapped[str] = mapped_column(String(64), primary_key=True)
    rank: Mapped[int]
    slow: Mapped[bool] = mapped_column(default=False)
    queued: Mapped[datetime]
    owner: Mapped[str | None] = mapped_column(String(64))
    lease: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    submission: Mapped[SubmissionRow] = relationship(lazy="joined")
    __table_args__ = (Index("next_job", "owner", "slow", "rank", "queued"),)


class GradingRow(Row):
    """What grading a submission gave. The result's file holds all; here stands what lists and pages count.

    result: the SHA-256 of that file.  questions: [[id, score, max_score], …].  flags: kinds that ask for a person.
    counts: whether it is the grading of its submission that counts; one of them does.
    """

    __tablename__ = "grading"
    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    suite: Mapped[str] = mapped_column(String(64), primary_key=True)
    result: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16))
    score: Mapped[float]
    max_score: Mapped[float]
    carried: Mapped[float]
    questions: Mapped[list[Any]]
    flags: Mapped[list[Any]]
    graded: Mapped[datetime]
    counts: Mapped[bool]
    submission: Mapped[SubmissionRow] = relationship(lazy="joined")


class EventRow(Row):
    """Something that was done, by whom and about whom. No code removes one, and only `forgetting` changes one.

    at: a time.  who: a person's id, or the name of a part of the portal.  what: a word of `events`.
    """

    __tablename__ = "event"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str] = mapped_column(String(200))
    what: Mapped[str] = mapped_column(String(32))
    about: Mapped[str] = mapped_column(String(200), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ExceptionRow(Row):
    """What one student was granted in one assignment. due: a later time, or None.  excused: it need not be done."""

    __tablename__ = "exception"
    assignment: Mapped[str] = mapped_column(String(200), primary_key=True)
    student: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    due: Mapped[datetime | None]
    excused: Mapped[bool] = mapped_column(default=False)
    why: Mapped[str] = mapped_column(String(1000), default="")
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


class PublicationRow(Row):
    """Marks that students were shown. The newest that was not withdrawn is what they see.

    shown: by student: {"submission": id, "result": SHA-256, "score": points, "by_hand": points}.
    score: the whole mark, with the points by hand, after lateness.  submission, result: "" if nothing was handed in.
    """

    __tablename__ = "publication"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    assignment: Mapped[str] = mapped_column(String(200), index=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    withdrawn: Mapped[datetime | None]
    shown: Mapped[dict[str, Any]]


class SettledRow(Row):
    """A reason to look at a submission that a person settled.

    kind: of `needs`.  detail: the SHA-256 of the reason in words. In other words, it is shown again.
    """

    __tablename__ = "settled"
    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    detail: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(1000))
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


class RubricItemRow(Row):
    """A line of a question's rubric. points: what an answer gets or loses by it.  key: 1 to 9, or 0 for none."""

    __tablename__ = "rubric_item"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    assignment: Mapped[str] = mapped_column(String(200))
    question: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(String(1000))
    points: Mapped[float]
    key: Mapped[int] = mapped_column(default=0)
    __table_args__ = (Index("rubric", "assignment", "question"),)


class HandMarkRow(Row):
    """What a person gave for one question of one student.

    items: ids of the rubric's.  free: points besides.  answer_sha256: of the answer that was read.
    version: counts up with each change, so that of two people who mark at once the second is told.
    """

    __tablename__ = "hand_mark"
    assignment: Mapped[str] = mapped_column(String(200), primary_key=True)
    student: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    question: Mapped[str] = mapped_column(String(200), primary_key=True)
    items: Mapped[list[Any]]
    free: Mapped[float] = mapped_column(default=0.0)
    comment: Mapped[str] = mapped_column(String(4000), default="")
    answer_sha256: Mapped[str] = mapped_column(String(64), default="")
    version: Mapped[int] = mapped_column(default=1)
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


class SavedCommentRow(Row):
    """A comment that is used again."""

    __tablename__ = "saved_comment"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    assignment: Mapped[str] = mapped_column(String(200))
    question: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(String(1000))


class RequestRow(Row):
    """A student's request to look at a mark again. state: open, changed or declined.

    added: points that a person added, with the reason in `answer`. No result is ever edited.
    """

    __tablename__ = "request"
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    assignment: Mapped[str] = mapped_column(String(200))
    student: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    question: Mapped[str] = mapped_column(String(200))
    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"))
    text: Mapped[str] = mapped_column(String(1000))
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default="open", index=True)
    answer: Mapped[str] = mapped_column(String(1000), default="")
    added: Mapped[float] = mapped_column(default=0.0)
    by: Mapped[str] = mapped_column(String(200), default="")
    answered: Mapped[datetime | None]


class StateRow(Row):
    """A fact about the portal as a whole, by name."""

    __tablename__ = "state"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[dict[str, Any]]
