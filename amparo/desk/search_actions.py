"""The rows of the search: made of messages as they are written, changed and taken away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from amparo.desk import search_rules as rules
from amparo.desk.models import MessageSearch
from amparo.storage.recordset import recordset


@dataclass(frozen=True, slots=True)
class Written:
    """A message to find; ``language`` is its own, ``spoken`` that of the conversation."""

    message_id: UUID
    conversation_id: UUID
    at: datetime
    party: str
    author_id: str
    language: str | None
    body: str
    spoken: str
    channel: str


_KEEP = text(
    "INSERT INTO message_search (message_id, conversation_id, at, document)"
    " SELECT message_id, conversation_id, at,"
    " strip(to_tsvector(CAST(dictionary AS regconfig), spelled)) || array_to_tsvector(lexemes)"
    " FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (message_id uuid, conversation_id uuid,"
    " at timestamptz, dictionary text, spelled text, lexemes text[])"
    " ON CONFLICT (message_id) DO UPDATE SET document = excluded.document"
)


def keep(session: Session, messages: Sequence[Written]) -> None:
    """Let these messages be found by their present words, with one statement."""
    if not messages:
        return
    rows = [
        {
            "message_id": one.message_id,
            "conversation_id": one.conversation_id,
            "at": one.at,
            "dictionary": rules.dictionary(one.language),
            "spelled": rules.spelled_out(one.language, one.body),
            "lexemes": [
                *rules.plain_terms(one.body),
                *rules.time_words(one.at),
                *rules.facets(
                    party=one.party,
                    author=one.author_id,
                    language=one.spoken,
                    channel=one.channel,
                ),
            ],
        }
        for one in {message.message_id: message for message in messages}.values()
    ]
    session.execute(_KEEP, {"rows": recordset(rows)})


def forget(session: Session, ids: Iterable[UUID]) -> None:
    """These messages are found no more."""
    if gone := list(ids):
        session.execute(delete(MessageSearch).where(MessageSearch.message_id.in_(gone)))
