"""What the assistant learns from and how it decided."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assistant_example",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question_key", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistant_example")),
        sa.UniqueConstraint(
            "question_key", "plain", name=op.f("uq_assistant_example_question_key_plain")
        ),
    )
    op.create_table(
        "assistant_state",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistant_state")),
    )
    op.add_column(
        "assistant_answer",
        sa.Column("tried", postgresql.JSONB(), nullable=False, server_default="[]"),
    )
    op.alter_column("assistant_answer", "tried", server_default=None)
