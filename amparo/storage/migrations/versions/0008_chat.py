"""Chat: edits, receipts, ratings, blocked people, files that are no pictures."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _revisions()
    op.create_table(
        "conversation_mark",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("delivered", sa.BigInteger(), nullable=False),
        sa.Column("read", sa.BigInteger(), nullable=False),
        sa.Column("delivered_id", sa.Uuid(), nullable=True),
        sa.Column("read_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("conversation_id", "party", name=op.f("pk_conversation_mark")),
    )
    op.create_table(
        "rating",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_rating")),
    )
    op.create_index(op.f("ix_rating_rated_at"), "rating", ["rated_at"])
    op.create_table(
        "person_block",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appeal", sa.Text(), nullable=True),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_block_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_block")),
    )
    # What is there already are pictures: nothing else was taken in before.
    op.add_column(
        "attachment", sa.Column("kind", sa.Text(), nullable=False, server_default="image")
    )
    op.alter_column("attachment", "kind", server_default=None)


def _revisions() -> None:
    op.add_column("message", sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("message", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "message_revision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("extra", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_revision")),
    )
    op.create_index(
        "uq_message_revision_request", "message_revision", ["by_id", "request_id"], unique=True
    )
    op.create_index("ix_message_revision_message", "message_revision", ["message_id", "at"])
