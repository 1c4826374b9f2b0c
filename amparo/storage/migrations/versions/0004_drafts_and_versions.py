"""Drafts and versions of help texts, words of the search, "was this useful?"."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TREE = ("help_topic", "help_category", "help_question")
_KEYS = ["question_key", "language"]
_TEXT = ["help_question_text.question_key", "help_question_text.language"]


def upgrade() -> None:
    for table in _TREE:
        op.add_column(
            table,
            sa.Column("shipped", postgresql.JSONB(), nullable=False, server_default="{}"),
        )
        op.alter_column(table, "shipped", server_default=None)
    _change_texts()
    op.create_table(
        "help_text_draft",
        sa.Column("question_key", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("saved_by", sa.Uuid(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(_KEYS, _TEXT, name=op.f("fk_help_text_draft_text")),
        sa.PrimaryKeyConstraint("question_key", "language", name=op.f("pk_help_text_draft")),
    )
    op.create_table(
        "help_text_version",
        sa.Column("question_key", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("made_from", sa.BigInteger(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("restored_from", sa.BigInteger(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(_KEYS, _TEXT, name=op.f("fk_help_text_version_text")),
        sa.PrimaryKeyConstraint(
            "question_key", "language", "version", name=op.f("pk_help_text_version")
        ),
    )
    op.execute(
        "INSERT INTO help_text_version SELECT question_key, language, version, title, body,"
        " made_from, CASE WHEN edited_by IS NULL THEN 'shipped' ELSE 'edited' END, NULL,"
        " edited_by, updated_at FROM help_question_text"
    )
    op.create_table(
        "help_search_word",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("texts", sa.BigInteger(), nullable=False),
        sa.Column("near", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("word", "language", name=op.f("pk_help_search_word")),
    )
    op.create_index(
        "ix_help_search_word_near", "help_search_word", ["near"], postgresql_using="gin"
    )
    op.create_table(
        "help_page_feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question_key", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("answer_language", sa.Text(), nullable=False),
        sa.Column("answer_version", sa.BigInteger(), nullable=False),
        sa.Column("useful", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_key"],
            ["help_question.key"],
            name=op.f("fk_help_page_feedback_question_key_help_question"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_page_feedback")),
    )
    op.create_index(
        "ix_help_page_feedback_question_at", "help_page_feedback", ["question_key", "at"]
    )
    # The words of the texts are made by the program: its next start loads the content again.
    op.execute("UPDATE help_content_state SET shipped_hash = ''")


def _change_texts() -> None:
    table = "help_question_text"
    op.drop_column(table, "document")
    op.drop_column(table, "dictionary")
    op.add_column(table, sa.Column("edition", sa.BigInteger(), nullable=True))
    op.add_column(table, sa.Column("made_from", sa.BigInteger(), nullable=True))
    op.add_column(
        table, sa.Column("reviewed", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.alter_column(table, "reviewed", server_default=None)
    op.add_column(table, sa.Column("document", postgresql.TSVECTOR(), nullable=True))
    op.add_column(table, sa.Column("title_words", postgresql.TSVECTOR(), nullable=True))
    op.execute(
        "UPDATE help_question_text SET edition = version, reviewed = language IN ('en', 'es', 'ru')"
    )
    op.execute(
        "UPDATE help_question_text t SET made_from = source.version FROM help_question_text source"
        " WHERE source.question_key = t.question_key AND source.language = 'en'"
        " AND t.language <> 'en'"
    )
    op.alter_column(table, "edition", nullable=False)
    op.create_index("ix_help_question_text_document", table, ["document"], postgresql_using="gin")
    op.create_index(
        "ix_help_question_text_title_words", table, ["title_words"], postgresql_using="gin"
    )
