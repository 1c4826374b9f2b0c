"""The queue: teams with skills, operators with capacity, waits."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _teams()
    _entries()
    _operators()
    op.create_table(
        "queue_wait",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("priority", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("slots", sa.BigInteger(), nullable=False),
        sa.Column("low_s", sa.Float(), nullable=True),
        sa.Column("high_s", sa.Float(), nullable=True),
        sa.Column("actual_s", sa.Float(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "entered_at", name=op.f("pk_queue_wait")),
    )
    op.create_index("ix_queue_wait_queue", "queue_wait", ["team", "language", "priority", "at"])
    op.create_index("ix_queue_wait_at", "queue_wait", ["at"])


def _teams() -> None:
    op.drop_constraint(op.f("uq_team_language"), "team", type_="unique")
    op.create_index(op.f("ix_team_language"), "team", ["language"])
    op.add_column("team", sa.Column("skill", sa.Text(), nullable=True))
    _filled("team", sa.Column("overflow_to", postgresql.ARRAY(sa.Text()), nullable=False), "{}")
    _filled("team", sa.Column("overflow_after_s", sa.BigInteger(), nullable=False), "120")


def _entries() -> None:
    op.drop_index("ix_queue_entry_place", "queue_entry")
    op.create_index(
        "ix_queue_entry_place",
        "queue_entry",
        ["team", "language", "taken_at", "priority", "entered_at", "ordinal"],
    )
    op.create_index(
        "ix_queue_entry_waiting",
        "queue_entry",
        ["priority", "entered_at", "ordinal"],
        postgresql_where=sa.text("taken_at IS NULL"),
    )
    op.create_index("ix_queue_entry_buyer_id", "queue_entry", ["buyer_id"])
    op.add_column("queue_entry", sa.Column("last_operator", sa.Uuid(), nullable=True))
    _filled("queue_entry", sa.Column("translate", sa.Boolean(), nullable=False), "false")
    op.add_column(
        "queue_entry", sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "queue_entry", sa.Column("first", postgresql.JSONB(none_as_null=True), nullable=True)
    )


def _operators() -> None:
    op.create_table(
        "operator_routing",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("capacity", sa.BigInteger(), nullable=False),
        sa.Column("skills", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("teams", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_operator_routing")),
    )
    op.create_index("ix_operator_routing_state", "operator_routing", ["state"])


def _filled(table: str, column: sa.Column[Any], value: str) -> None:
    """A column that must say something of the rows that are there already."""
    column.server_default = sa.DefaultClause(value)
    op.add_column(table, column)
    op.alter_column(table, column.name, server_default=None)
