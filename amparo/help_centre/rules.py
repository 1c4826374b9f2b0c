"""What the help centre shows, and what an edit must keep to. Pure."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from amparo.help_centre import placeholders, videos
from amparo.kernel.errors import Invalid, Problem
from amparo.kernel.languages import FALLBACK, INTERFACE, PSEUDO
from amparo.kernel.text import clean, graphemes

KEY = re.compile(r"[a-z]+(_[a-z]+)*")
"""What a key of the tree looks like; anything else is not found without asking."""
TITLE_LIMIT = 120
BODY_LIMIT = 6_000
QUERY_LIMIT = 200
SEARCH_RESULTS = 20
SOURCE = FALLBACK
"""The language that texts are written in first; the others are made from it."""
REVIEWED = INTERFACE
"""Languages whose shipped texts somebody has read whose language it is."""
VERSIONS_SHOWN = 100


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
class DraftText:
    """Words that no reader sees yet."""

    title: str
    body: str | None
    saved_by: UUID
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class EditableText:
    """The words of a question in one language, as an administrator edits them.

    Attributes:
        edition: the ETag: goes up with everything that editors do here.
        made_from: version of the source text that these words say; None in the source language.
        source_version: the source text's version now.
        reviewed: somebody whose language it is has read it.
    """

    key: str
    language: str
    title: str
    body: str | None
    version: int
    edition: int
    edited: bool
    updated_at: datetime | None
    made_from: int | None
    source_version: int | None
    reviewed: bool
    draft: DraftText | None

    @property
    def stale(self) -> bool:
        """Whether the source has said something else since these words were made from it."""
        return is_stale(self.made_from, self.source_version)


@dataclass(frozen=True, slots=True)
class OldText:
    """Words that were published once."""

    version: int
    title: str
    body: str | None
    made_from: int | None
    origin: str
    restored_from: int | None
    made_by: UUID | None
    made_at: datetime


def is_stale(made_from: int | None, source_version: int | None) -> bool:
    """Whether a text was made from a version of its source that is no longer the present one."""
    return made_from is not None and source_version is not None and made_from < source_version


def dictionary(language: str) -> str:
    """PostgreSQL's full-text configuration for a language."""
    return _DICTIONARIES.get(language, "simple")


def reading_order(language: str) -> tuple[str, ...]:
    """Languages in which a reader is given a text: their own, then English."""
    own = FALLBACK if language == PSEUDO else language
    return tuple(dict.fromkeys((own, FALLBACK)))


def checked_edit(
    title: str, body: str | None, known: Mapping[str, str], video_hosts: Sequence[str] = ()
) -> tuple[str, str | None]:
    """Clean what an administrator wrote.

    Raises:
        Invalid: no title, too long, a placeholder that has no value, or a video of a host that
            the installation does not allow.
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
    for address in videos.addresses_in(body or ""):
        if videos.video(address, video_hosts) is None:
            raise Invalid("video_not_allowed", hosts=", ".join(video_hosts) or "-")
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
