"""Files, and what a language model was asked."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("width", sa.BigInteger(), nullable=True),
        sa.Column("height", sa.BigInteger(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(
        "uq_attachment_author_client", "attachment", ["author_id", "client_id"], unique=True
    )
    op.create_index("ix_attachment_author", "attachment", ["author_id", "created_at"], unique=False)
    op.create_index(
        op.f("ix_attachment_conversation_id"), "attachment", ["conversation_id"], unique=False
    )
    op.create_index(
        "ix_attachment_message",
        "attachment",
        ["message_id"],
        unique=False,
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )
    op.create_table(
        "assistant_model_call",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("kept_out", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("articles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("fallback", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("milliseconds", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistant_model_call")),
    )
    op.create_index(
        "ix_assistant_model_call_due",
        "assistant_model_call",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        op.f("ix_assistant_model_call_finished_at"), "assistant_model_call", ["finished_at"]
    )
    op.create_index(
        "uq_assistant_model_call_message_id", "assistant_model_call", ["message_id"], unique=True
    )


def downgrade() -> None:
    op.drop_index("uq_assistant_model_call_message_id", table_name="assistant_model_call")
    op.drop_index(op.f("ix_assistant_model_call_finished_at"), table_name="assistant_model_call")
    op.drop_index(
        "ix_assistant_model_call_due",
        table_name="assistant_model_call",
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.drop_table("assistant_model_call")
    op.drop_index(
        "ix_attachment_message",
        table_name="attachment",
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )
    op.drop_index(op.f("ix_attachment_conversation_id"), table_name="attachment")
    op.drop_index("ix_attachment_author", table_name="attachment")
    op.drop_index("uq_attachment_author_client", table_name="attachment")
    op.drop_table("attachment")
