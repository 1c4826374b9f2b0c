"""Tables of the help centre: the tree, its texts per language, the values of placeholders."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from amparo.storage.base import Base


class Topic(Base):
    """One of the six doors of the contact guide."""

    __tablename__ = "help_topic"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    place: Mapped[int]
    titles: Mapped[dict[str, Any]]
    shipped: Mapped[dict[str, Any]]
    """What we shipped last: an upgrade replaces only what still says that."""


class Category(Base):
    """A group of questions inside a topic."""

    __tablename__ = "help_category"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    topic_key: Mapped[str] = mapped_column(ForeignKey("help_topic.key"), index=True)
    place: Mapped[int]
    titles: Mapped[dict[str, Any]]
    shipped: Mapped[dict[str, Any]]


class Question(Base):
    """What people ask; its words are rows of QuestionText, its channels are data."""

    __tablename__ = "help_question"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    category_key: Mapped[str] = mapped_column(ForeignKey("help_category.key"), index=True)
    place: Mapped[int]
    channels: Mapped[list[str]]
    actions: Mapped[list[str]]
    needs_order: Mapped[bool]
    needs_sign_in: Mapped[bool]
    mailbox: Mapped[str | None]
    case_reason: Mapped[str | None]
    shipped: Mapped[dict[str, Any]]


class QuestionText(Base):
    """Title and answer of a question in one language, as readers see them.

    Attributes:
        shipped_hash: of the words we shipped last: while the row still hashes to it, an upgrade
            may replace the words; after an edit it may not.
        version: counts the published words; each has its row in TextVersion.
        edition: goes up with everything that editors do here, drafts and marks too: the ETag.
        made_from: the version of the source language's text that these words say; None for the
            source language itself. Older than the present one means stale.
        reviewed: somebody whose language it is has read it. Upgrades take the mark away.
        document: word forms of title and answer, written by ``search_actions``; None = not yet.
        title_words: the same of the title alone.
    """

    __tablename__ = "help_question_text"
    __table_args__ = (
        Index("ix_help_question_text_document", "document", postgresql_using="gin"),
        Index("ix_help_question_text_title_words", "title_words", postgresql_using="gin"),
    )

    question_key: Mapped[str] = mapped_column(ForeignKey("help_question.key"), primary_key=True)
    language: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[str]
    body: Mapped[str | None]
    shipped_hash: Mapped[str | None]
    version: Mapped[int]
    edition: Mapped[int]
    made_from: Mapped[int | None]
    reviewed: Mapped[bool]
    edited_by: Mapped[UUID | None]
    edited_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    document: Mapped[str | None] = mapped_column(TSVECTOR, deferred=True)
    title_words: Mapped[str | None] = mapped_column(TSVECTOR, deferred=True)


class TextDraft(Base):
    """Words that are being written and that no reader sees yet; one draft a text."""

    __tablename__ = "help_text_draft"
    __table_args__ = (
        ForeignKeyConstraint(
            ["question_key", "language"],
            ["help_question_text.question_key", "help_question_text.language"],
            name="fk_help_text_draft_text",
        ),
    )

    question_key: Mapped[str] = mapped_column(Text, primary_key=True)
    language: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[str]
    body: Mapped[str | None]
    saved_by: Mapped[UUID]
    saved_at: Mapped[datetime]


class TextVersion(Base):
    """Words that were published once. ``origin``: shipped, edited or restored."""

    __tablename__ = "help_text_version"
    __table_args__ = (
        ForeignKeyConstraint(
            ["question_key", "language"],
            ["help_question_text.question_key", "help_question_text.language"],
            name="fk_help_text_version_text",
        ),
    )

    question_key: Mapped[str] = mapped_column(Text, primary_key=True)
    language: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str]
    body: Mapped[str | None]
    made_from: Mapped[int | None]
    origin: Mapped[str]
    restored_from: Mapped[int | None]
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]


class SearchWord(Base):
    """A word that texts of a language use, and the letter groups by which slips find it.

    ``texts`` counts the texts that have it; the row of the empty word counts all of them.
    """

    __tablename__ = "help_search_word"
    __table_args__ = (Index("ix_help_search_word_near", "near", postgresql_using="gin"),)

    word: Mapped[str] = mapped_column(Text, primary_key=True)
    language: Mapped[str] = mapped_column(Text, primary_key=True)
    texts: Mapped[int]
    near: Mapped[list[str]]


class PageFeedback(Base):
    """ "Was this useful?" on a public page, once per id; nothing says who it was."""

    __tablename__ = "help_page_feedback"
    __table_args__ = (Index("ix_help_page_feedback_question_at", "question_key", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    question_key: Mapped[str] = mapped_column(ForeignKey("help_question.key"))
    language: Mapped[str]
    answer_language: Mapped[str]
    answer_version: Mapped[int]
    useful: Mapped[bool]
    reason: Mapped[str | None]
    comment: Mapped[str | None]
    at: Mapped[datetime]


class PlaceholderValue(Base):
    """What stands for ``{name}`` in the texts: a setting of the marketplace."""

    __tablename__ = "help_placeholder_value"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str]
    shipped_value: Mapped[str | None]


class ContentState(Base):
    """One row: which shipped content was loaded, and a name that is new after every change.

    The revision is random and not a counter: caches in memory are keyed by it, and a counter
    that was rolled back would come again with other content.
    """

    __tablename__ = "help_content_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    shipped_hash: Mapped[str]
    revision: Mapped[UUID]
