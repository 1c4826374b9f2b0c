"""Cases and disputes: the case, its audit chain, words and files, refunds, policies, outages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _dispute()
    _dispute_index()
    _dispute_step()
    _dispute_entry()
    _dispute_file()
    _dispute_act()
    _dispute_seen()
    _dispute_grant()
    _refund_order()
    _refund_call()
    _case_policy()
    _outage()


def _dispute() -> None:
    op.create_table(
        "dispute",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("order_ref", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("image", sa.Text(), nullable=True),
        sa.Column("buyer_ref", sa.Text(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=True),
        sa.Column("buyer_name", sa.Text(), nullable=True),
        sa.Column("store_ref", sa.Text(), nullable=True),
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.Column("store_name", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("turn", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("operator_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("alarm", sa.Boolean(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column(
            "data", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False
        ),
        sa.Column("last_hash", sa.Text(), nullable=False),
        sa.Column("reminded_to", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("number", name=op.f("uq_dispute_number")),
    )


def _dispute_index() -> None:
    still = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_dispute_open", "dispute", ["about_id", "family"], unique=True, postgresql_where=still
    )
    for name, columns in (
        ("due", ["due_at", "id"]),
        ("amount", ["amount", "id"]),
        ("stage_due", ["stage", "due_at", "id"]),
        ("state_due", ["state", "due_at", "id"]),
        ("operator_due", ["operator_id", "due_at", "id"]),
        ("store_due", ["store_ref", "due_at", "id"]),
    ):
        op.create_index(f"ix_dispute_{name}", "dispute", columns, postgresql_where=still)
    op.create_index(
        "ix_dispute_turn_due",
        "dispute",
        ["turn", "due_at", "id"],
        postgresql_include=["operator_id"],
        postgresql_where=still,
    )
    op.create_index(
        "ix_dispute_buyer_name",
        "dispute",
        [sa.text("lower(buyer_name) text_pattern_ops")],
    )
    op.create_index(
        "ix_dispute_alarm", "dispute", ["due_at", "id"], postgresql_where=sa.text("alarm")
    )
    for name, columns in (
        ("opened", ["opened_at", "id"]),
        ("closed", ["closed_at", "id"]),
        ("buyer", ["buyer_ref", "opened_at", "id"]),
        ("store", ["store_ref", "opened_at", "id"]),
        ("order", ["order_id"]),
        ("parent", ["parent_id"]),
        ("conversation", ["conversation_id"]),
    ):
        op.create_index(f"ix_dispute_{name}", "dispute", columns)


def _dispute_step() -> None:
    op.create_table(
        "dispute_step",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("who_id", sa.Text(), nullable=True),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.Column(
            "data", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False
        ),
        sa.Column("prev_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["dispute.id"], name=op.f("fk_dispute_step_case_id_dispute")
        ),
        sa.PrimaryKeyConstraint("case_id", "no", name=op.f("pk_dispute_step")),
    )


def _dispute_entry() -> None:
    op.create_table(
        "dispute_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("step_no", sa.BigInteger(), nullable=True),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column(
            "data", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False
        ),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["dispute.id"], name=op.f("fk_dispute_entry_case_id_dispute")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_entry")),
    )
    op.create_index("ix_dispute_entry_case", "dispute_entry", ["case_id", "step_no"])


def _dispute_file() -> None:
    op.create_table(
        "dispute_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("width", sa.BigInteger(), nullable=True),
        sa.Column("height", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_file")),
        sa.UniqueConstraint(
            "person_id", "client_id", name=op.f("uq_dispute_file_person_id_client_id")
        ),
    )
    op.create_index("ix_dispute_file_case", "dispute_file", ["case_id"])
    op.create_index("ix_dispute_file_entry", "dispute_file", ["entry_id"])


def _dispute_act() -> None:
    op.create_table(
        "dispute_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["dispute.id"], name=op.f("fk_dispute_act_case_id_dispute")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_act")),
    )


def _dispute_seen() -> None:
    op.create_table(
        "dispute_seen",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["dispute.id"], name=op.f("fk_dispute_seen_case_id_dispute")
        ),
        sa.PrimaryKeyConstraint("case_id", "person_id", name=op.f("pk_dispute_seen")),
    )


def _dispute_grant() -> None:
    op.create_table(
        "dispute_grant",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_ref", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["dispute.id"], name=op.f("fk_dispute_grant_case_id_dispute")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_dispute_grant")),
    )
    op.create_index("ix_dispute_grant_buyer", "dispute_grant", ["buyer_ref", "at"])


def _refund_order() -> None:
    op.create_table(
        "refund_order",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("order_ref", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["dispute.id"], name=op.f("fk_refund_order_case_id_dispute")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_refund_order")),
    )
    op.create_index("ix_refund_order_case", "refund_order", ["case_id"])
    op.create_index("ix_refund_order_order", "refund_order", ["order_id"])


def _refund_call() -> None:
    op.create_table(
        "refund_call",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answer_ref", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["key"], ["refund_order.key"], name=op.f("fk_refund_call_key_refund_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_call")),
    )
    op.create_index(
        "ix_refund_call_due",
        "refund_call",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index("ix_refund_call_key", "refund_call", ["key"])


def _case_policy() -> None:
    op.create_table(
        "case_policy",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column(
            "document", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False
        ),
        sa.Column("active_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_case_policy")),
    )
    op.create_index("ix_case_policy_active", "case_policy", ["active_from"])


def _outage() -> None:
    op.create_table(
        "outage",
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("began_at", name=op.f("pk_outage")),
    )
