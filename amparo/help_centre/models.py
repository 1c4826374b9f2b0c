"""Tables of the help centre: the tree, its texts per language, the values of placeholders."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Computed, ForeignKey, Text
from sqlalchemy.dialects.postgresql import REGCONFIG, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from amparo.storage.base import Base


class Topic(Base):
    """One of the six doors of the contact guide."""

    __tablename__ = "help_topic"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    place: Mapped[int]
    titles: Mapped[dict[str, Any]]


class Category(Base):
    """A group of questions inside a topic."""

    __tablename__ = "help_category"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    topic_key: Mapped[str] = mapped_column(ForeignKey("help_topic.key"), index=True)
    place: Mapped[int]
    titles: Mapped[dict[str, Any]]


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


class QuestionText(Base):
    """Title and answer of a question in one language.

    ``shipped_hash`` is the hash of the words we shipped last: while the row still hashes to it,
    an upgrade may replace the words; after an edit it may not. ``version`` counts changes and is
    the ETag of the editing interface.
    """

    __tablename__ = "help_question_text"

    question_key: Mapped[str] = mapped_column(ForeignKey("help_question.key"), primary_key=True)
    language: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[str]
    body: Mapped[str | None]
    shipped_hash: Mapped[str | None]
    version: Mapped[int]
    edited_by: Mapped[UUID | None]
    edited_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    dictionary: Mapped[str] = mapped_column(REGCONFIG)
    """The full-text configuration of the language; ``simple`` where PostgreSQL has none."""
    document: Mapped[str] = mapped_column(
        TSVECTOR,
        Computed(
            "setweight(to_tsvector(dictionary, title), 'A') || "
            # the names of placeholders are not words of the text
            "setweight(to_tsvector(dictionary, "
            r"regexp_replace(coalesce(body, ''), '\{[a-z_]+\}', ' ', 'g')), 'B')",
            persisted=True,
        ),
        deferred=True,
    )


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
