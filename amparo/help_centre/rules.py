"""What the help centre shows, and what an edit must keep to. Pure."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from amparo.help_centre import placeholders
from amparo.kernel.errors import Invalid, Problem
from amparo.kernel.languages import FALLBACK, PSEUDO
from amparo.kernel.text import clean, graphemes

KEY = re.compile(r"[a-z]+(_[a-z]+)*")
"""What a key of the tree looks like; anything else is not found without asking."""
TITLE_LIMIT = 120
BODY_LIMIT = 6_000
QUERY_LIMIT = 200
SEARCH_RESULTS = 20
WORTH_SHOWING = 0.1
"""A search result below this score has too little to do with the question."""
RANK_WEIGHT = 6.0
"""What PostgreSQL's rank counts beside the likeness of letters (the best of 1, 3, 6, 10)."""


class ConditionMissing(Problem):
    """Editing without saying which version was read (428, RFC 6585)."""

    status: ClassVar[int] = 428

    def __init__(self) -> None:
        super().__init__("if_match_required")


@dataclass(frozen=True, slots=True)
class Ref:
    """A thing of the tree with its title in the reader's language."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """What does not depend on language: where a question stands and what fits it."""

    key: str
    topic: str
    category: str
    channels: tuple[str, ...]
    actions: tuple[str, ...]
    needs_order: bool
    needs_sign_in: bool
    mailbox: str | None
    case_reason: str | None


@dataclass(frozen=True, slots=True)
class CategoryNode:
    """A category and its questions."""

    key: str
    title: str
    questions: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class TopicNode:
    """A topic and its categories."""

    key: str
    title: str
    categories: tuple[CategoryNode, ...]

    @property
    def questions(self) -> tuple[Ref, ...]:
        return tuple(question for node in self.categories for question in node.questions)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer for a reader: placeholders filled, in the best language there is.

    Attributes:
        language: the language of ``body``; not the reader's where that answer is missing.
        title: in the reader's language where it exists (``title_language`` says).
        updated_at: when the words of the answer last changed.
    """

    facts: QuestionFacts
    title: str
    title_language: str
    body: str
    language: str
    topic: Ref
    category: Ref
    updated_at: datetime
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A search result; ``language`` is the one the answer is written in."""

    key: str
    title: str
    excerpt: str
    language: str
    score: float


@dataclass(frozen=True, slots=True)
class EditableText:
    """The words of a question in one language, as an administrator edits them."""

    key: str
    language: str
    title: str
    body: str | None
    version: int
    edited: bool
    updated_at: datetime


def dictionary(language: str) -> str:
    """PostgreSQL's full-text configuration for a language."""
    return _DICTIONARIES.get(language, "simple")


def reading_order(language: str) -> tuple[str, ...]:
    """Languages in which a reader is given a text: their own, then English."""
    own = FALLBACK if language == PSEUDO else language
    return tuple(dict.fromkeys((own, FALLBACK)))


def checked_edit(title: str, body: str | None, known: Mapping[str, str]) -> tuple[str, str | None]:
    """Clean what an administrator wrote.

    Raises:
        Invalid: no title, too long, or a placeholder that has no value.
    """
    title, body = " ".join(clean(title).split()), clean(body or "") or None
    if not title:
        raise Invalid("text_without_title")
    if graphemes(title) > TITLE_LIMIT:
        raise Invalid("text_too_long", limit=TITLE_LIMIT)
    if graphemes(body or "") > BODY_LIMIT:
        raise Invalid("text_too_long", limit=BODY_LIMIT)
    unknown = placeholders.names_in(f"{title}\n{body or ''}") - set(known)
    if unknown:
        raise Invalid("placeholder_unknown", names=", ".join(sorted(unknown)))
    return title, body


def values_tag(values: Mapping[str, str]) -> str:
    """What changes when any value of a placeholder does."""
    told = "\0".join(f"{name}={values[name]}" for name in sorted(values))
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


_DICTIONARIES = {
    "en": "english",
    "es": "spanish",
    "ru": "russian",
    "pt": "portuguese",
    "fr": "french",
    "de": "german",
}
