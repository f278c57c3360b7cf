"""Tables for what people do: exceptions, publications, marks by hand, requests."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("assignment", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("withdrawn", sa.DateTime(), nullable=True),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_publication_assignment"), ["assignment"], unique=False)

    op.create_table(
        "rubric_item",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("assignment", sa.String(length=200), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("rubric_item", schema=None) as batch_op:
        batch_op.create_index("rubric", ["assignment", "question"], unique=False)

    op.create_table(
        "saved_comment",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("assignment", sa.String(length=200), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "state",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "exception",
        sa.Column("assignment", sa.String(length=200), nullable=False),
        sa.Column("student", sa.String(length=200), nullable=False),
        sa.Column("due", sa.DateTime(), nullable=True),
        sa.Column("excused", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(length=1000), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("assignment", "student"),
    )
    op.create_table(
        "hand_mark",
        sa.Column("assignment", sa.String(length=200), nullable=False),
        sa.Column("student", sa.String(length=200), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("free", sa.Double(), nullable=False),
        sa.Column("comment", sa.String(length=4000), nullable=False),
        sa.Column("answer_sha256", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("assignment", "student", "question"),
    )
    op.create_table(
        "request",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("assignment", sa.String(length=200), nullable=False),
        sa.Column("student", sa.String(length=200), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("submission_id", sa.String(length=16), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.String(length=1000), nullable=False),
        sa.Column("added", sa.Double(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("answered", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["student"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_request_student"), ["student"], unique=False)

    op.create_table(
        "settled",
        sa.Column("submission_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
        ),
        sa.PrimaryKeyConstraint("submission_id", "kind"),
    )
