"""The desk: tags, macros, views, snooze, clocks, mentions, search of messages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_OPEN = "state = ANY (ARRAY['waiting'::text, 'assigned'::text, 'snoozed'::text, 'deferred'::text])"
_RESOLVED = "state = 'resolved'::text"
_FACETS = ("channel", "language", "operator_id", "team", "topic")


def upgrade() -> None:
    _conversations()
    _marks()
    _macros()
    _merges()
    _clocks()
    op.create_table(
        "message_search",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", postgresql.TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_message_search")),
    )
    op.create_index(
        "ix_message_search_document", "message_search", ["document"], postgresql_using="gin"
    )
    op.create_index("ix_message_search_place", "message_search", ["at", "message_id"])
    op.create_index("ix_message_search_conversation", "message_search", ["conversation_id"])


def _conversations() -> None:
    table = "conversation"
    op.add_column(table, sa.Column("team", sa.Text(), nullable=True))
    op.add_column(table, sa.Column("priority", sa.BigInteger(), nullable=False, server_default="5"))
    op.alter_column(table, "priority", server_default=None)
    op.add_column(table, sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_conversation_merged_into",
        table,
        ["merged_into"],
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    op.drop_index("ix_conversation_state", table)
    op.drop_index("ix_conversation_operator", table)
    _desk_index("ix_conversation_open", [], _OPEN)
    _desk_index("ix_conversation_open_operator", ["operator_id"], _OPEN)
    _desk_index("ix_conversation_resolved", [], _RESOLVED)
    for column in _FACETS:
        _desk_index(f"ix_conversation_resolved_{column}", [column], _RESOLVED)


def _desk_index(name: str, columns: list[str], condition: str) -> None:
    op.create_index(
        name, "conversation", [*columns, "updated_at", "id"], postgresql_where=sa.text(condition)
    )


def _marks() -> None:
    op.create_table(
        "desk_request",
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("answer", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("operator_id", "request_id", name=op.f("pk_desk_request")),
    )
    op.create_index("ix_desk_request_operator_at", "desk_request", ["operator_id", "at"])
    op.create_table(
        "tag",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tag")),
    )
    op.create_table(
        "conversation_tag",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "tag", name=op.f("pk_conversation_tag")),
    )
    op.create_index(
        "ix_conversation_tag_place", "conversation_tag", ["tag", "at", "conversation_id"]
    )
    op.create_table(
        "follow",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "person_id", name=op.f("pk_follow")),
    )
    op.create_index("ix_follow_place", "follow", ["person_id", "at", "conversation_id"])
    op.create_table(
        "mention",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("conversation_id", "person_id", name=op.f("pk_mention")),
    )
    op.create_index("ix_mention_place", "mention", ["person_id", "at", "conversation_id"])
    op.create_index(
        "ix_mention_unseen",
        "mention",
        ["person_id"],
        postgresql_where=sa.text("seen_at IS NULL"),
    )


def _macros() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index(op.f("ix_saved_view_owner_id"), "saved_view", ["owner_id"])
    op.create_table(
        "macro",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("texts", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("actions", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_macro")),
        sa.UniqueConstraint("key", name=op.f("uq_macro_key")),
    )


def _merges() -> None:
    op.create_table(
        "merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("into_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
    )
    op.create_index(op.f("ix_merge_source_id"), "merge", ["source_id"])
    op.create_index(op.f("ix_merge_into_id"), "merge", ["into_id"])


def _clocks() -> None:
    op.create_table(
        "sla_target",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("priority", sa.BigInteger(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("first_response_s", sa.BigInteger(), nullable=True),
        sa.Column("next_response_s", sa.BigInteger(), nullable=True),
        sa.Column("resolution_s", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sla_target")),
    )
    op.create_table(
        "sla_clock",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("team", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("priority", sa.BigInteger(), nullable=False),
        sa.Column("awaited", sa.Text(), nullable=True),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("snoozed", sa.Boolean(), nullable=False),
        sa.Column("response_used_s", sa.BigInteger(), nullable=False),
        sa.Column("resolution_used_s", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_kind", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.DateTime(timezone=True), nullable=False),
        sa.Column("breached", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_sla_clock")),
    )
    op.create_index("ix_sla_clock_place", "sla_clock", ["place", "conversation_id"])
    op.create_index(
        "ix_sla_clock_next",
        "sla_clock",
        ["due_at"],
        postgresql_where=sa.text("due_at IS NOT NULL AND NOT breached"),
    )
    op.create_index(
        "ix_sla_clock_breached",
        "sla_clock",
        ["conversation_id"],
        postgresql_where=sa.text("breached"),
    )
