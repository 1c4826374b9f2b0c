"""Search over all messages and notes, for staff, the latest first.

One index finds words, filters and days together. The past is looked through in growing stretches
until there is enough, so a page costs about the same over any number of messages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from amparo.conversations import inbox_queries as conversations
from amparo.conversations.found_queries import found_messages
from amparo.conversations.inbox_queries import Filter
from amparo.conversations.queries import ConversationView, views_for
from amparo.desk import search_rules as rules
from amparo.desk.rules import staff_only
from amparo.desk.tags_queries import tagged_among
from amparo.kernel.actor import Actor
from amparo.storage.pages import Page, decode_place, encode_cursor

LOOKED_AT = 300
"""Messages that a page looks at, where their conversations must be asked."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is searched for; ``wanted`` and ``tag`` are about the conversation.

    Attributes:
        party: who wrote it: ``buyer``, ``seller``, ``staff`` or ``assistant``.
        since, until: when it was written; ``until`` itself is left out.
    """

    query: str = ""
    party: str | None = None
    language: str | None = None
    channel: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    tag: str | None = None
    wanted: Filter = field(default_factory=Filter)


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that was found; ``snippet`` is text in pieces, and whether each is a hit."""

    conversation: ConversationView
    message_id: UUID
    seq: int
    at: datetime
    party: str
    kind: str
    snippet: list[tuple[str, bool]]


_STEMS = text(
    "SELECT w.word, array(SELECT DISTINCT s FROM unnest("
    + " || ".join(
        f"coalesce(ts_lexize('{name}_stem', w.word), '{{}}')"
        for name in rules.DICTIONARIES.values()
    )
    + ") AS s) AS stems FROM unnest(:words) AS w (word)"
).bindparams(bindparam("words", type_=ARRAY(Text)))

# The fence (OFFSET 0) keeps the planner on the index of words: it takes every word for rare or
# every day for long. The stretches see to it that there are never many, and end when enough.
_FOUND = text(
    "SELECT f.message_id, f.conversation_id, f.at"
    " FROM unnest(CAST(:queries AS text[]), CAST(:ends AS timestamptz[])) AS w (asked, ends),"
    " LATERAL (SELECT * FROM (SELECT message_id, conversation_id, at FROM message_search"
    " WHERE document @@ CAST(w.asked AS tsquery) OFFSET 0) AS all_of_it"
    " WHERE at < w.ends AND at >= CAST(:since AS timestamptz)"
    " AND (at, message_id) < (CAST(:at AS timestamptz), CAST(:id AS uuid))"
    " ORDER BY at DESC, message_id DESC LIMIT :limit) AS f LIMIT :limit"
)
_EDGES = text(
    "SELECT (SELECT at FROM message_search ORDER BY at, message_id LIMIT 1) AS first,"
    " (SELECT at FROM message_search ORDER BY at DESC, message_id DESC LIMIT 1) AS last"
)
_LAST = UUID(int=2**128 - 1)


def search(
    session: Session, actor: Actor, sought: Sought, *, cursor: str | None = None, limit: int = 20
) -> Page[Hit]:
    """Messages and notes that have all words of the query, in any of their forms.

    A page may be shorter than ``limit``, even empty, and still have a next one.

    Raises:
        Forbidden: not staff.
        Invalid: the cursor is not one of ours.
    """
    staff_only(actor)
    words = rules.query_words(sought.query)
    if not words:
        return Page([], None)
    stems = _stems(session, words)
    asked = rules.tsquery(words, stems, _facets(sought))
    filtered = bool(sought.wanted.asked() or sought.tag)
    looked_at = LOOKED_AT if filtered else limit + 1
    rows = _rows(session, asked, sought, cursor, looked_at)
    further = encode_cursor(rows[-1].at, rows[-1].message_id) if len(rows) == looked_at else None
    fitting = _fitting(session, actor, sought, [row.conversation_id for row in rows])
    rows = [row for row in rows if row.conversation_id in fitting]
    if len(rows) > limit:
        rows = rows[:limit]
        further = encode_cursor(rows[-1].at, rows[-1].message_id)
    shown = list(dict.fromkeys(row.conversation_id for row in rows))
    views = {one.id: one for one in views_for(session, actor, shown)}
    return Page(_hits(session, actor, rows, views, words, stems), further)


def _facets(sought: Sought) -> list[str]:
    given = (("p", sought.party), ("l", sought.language), ("c", sought.channel))
    return [f"@{name}:{value}" for name, value in given if value is not None]


def _stems(session: Session, words: Sequence[rules.Wanted]) -> dict[str, list[str]]:
    spelled = [word for one in words for word in one.spelled]
    rows = session.execute(_STEMS, {"words": spelled})
    return {row.word: row.stems for row in rows}


def _rows(
    session: Session, asked: str, sought: Sought, cursor: str | None, limit: int
) -> list[Row[tuple[UUID, UUID, datetime]]]:
    edges = session.execute(_EDGES).one()
    if edges.last is None:
        return []
    # everything before a moment: what came at the moment itself stays out
    at, id = edges.last, _LAST
    if sought.until is not None and sought.until <= at:
        at, id = sought.until, UUID(int=0)
    if cursor is not None:
        at, id = min((at, id), decode_place(cursor))
    since = max(edges.first, sought.since or edges.first)
    stretches = rules.windows(at, since)
    given = {
        "queries": [rules.within(asked, one) for one in stretches],
        "ends": [one.before for one in stretches],
        "at": at,
        "id": id,
        "since": since,
        "limit": limit,
    }
    return list(session.execute(_FOUND, given))


def _fitting(session: Session, actor: Actor, sought: Sought, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the conversations that are looked for."""
    ids = list(dict.fromkeys(ids))
    if sought.tag is not None:
        tagged = tagged_among(session, sought.tag, ids)
        ids = [id for id in ids if id in tagged]
    everywhere = ("bot", "open", "resolved")
    return set(conversations.matching(session, actor, ids, sought.wanted, everywhere))


def _hits(
    session: Session,
    actor: Actor,
    rows: Sequence[Row[tuple[UUID, UUID, datetime]]],
    views: Mapping[UUID, ConversationView],
    words: Sequence[rules.Wanted],
    stems: Mapping[str, Sequence[str]],
) -> list[Hit]:
    messages = found_messages(session, actor, [row.message_id for row in rows])
    return [
        Hit(
            views[row.conversation_id],
            row.message_id,
            found.seq,
            row.at,
            found.party,
            found.kind,
            rules.snippet(found.body, words, stems),
        )
        for row in rows
        if (found := messages.get(row.message_id)) is not None
    ]
