"""Quotes and mentions: only what the readers may see anyway, and the right people."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from amparo.accounts.models import StaffCredential
from amparo.conversations.actions import post_messages
from amparo.conversations.posting import Stored
from amparo.conversations.queries import events_after
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict, Invalid
from amparo.kernel.ids import new_id
from amparo.kernel.text import graphemes
from amparo.storage.session import Database
from tests.conversations.conftest import counted_statements
from tests.people import ANA, MARTA, OLGA, PAVEL, draft, open_chat, populate, say

pytestmark = pytest.mark.usefixtures("people")


def code_of(session: Session, now: datetime, actor: Actor, chat: Any, **rest: Any) -> str:
    """The code of the refusal of a message."""
    outcome = post_messages(session, [draft(actor, chat, "This", **rest)], now)[0]
    assert isinstance(outcome, Invalid), outcome
    return outcome.code


def extra(session: Session, chat: Any) -> dict[str, Any]:
    """What the last message in the staff's stream carries."""
    found: dict[str, Any] = events_after(session, MARTA, chat, 0)[-1].data["extra"]
    return found


def test_a_quote_says_who_and_what(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    asked = say(session, ANA, chat, "👩‍👩‍👧 " * 100, now, question="where_is_it")
    say(session, MARTA, chat, "This one", now, quote=asked.message_id)
    quote = extra(session, chat)["quote"]
    assert quote["message_id"] == str(asked.message_id)
    assert quote["author"] == {"name": "Ana", "party": "buyer"}
    assert graphemes(quote["excerpt"]) <= 140


def test_what_cannot_be_quoted(session: Session, now: datetime) -> None:
    mine, other = open_chat(session, ANA, now), open_chat(session, OLGA, now)
    foreign = say(session, OLGA, other, "Secret", now)
    note = say(session, MARTA, mine, "She is upset", now, kind="note")
    for actor, message in (
        (ANA, new_id()),
        (ANA, foreign.message_id),
        (ANA, note.message_id),
        (MARTA, note.message_id),  # the buyer would read the note in the answer
    ):
        assert code_of(session, now, actor, mine, quote=message) == "quote_not_found"
    say(session, PAVEL, mine, "So I see", now, kind="note", quote=note.message_id)
    assert extra(session, mine)["quote"]["excerpt"] == "She is upset"


def test_a_repeat_with_another_quote_is_an_error(session: Session, now: datetime) -> None:
    chat, name = open_chat(session, ANA, now), new_id()
    asked = say(session, ANA, chat, "Hello", now)
    first = say(session, MARTA, chat, "Yes", now, client_id=name, quote=asked.message_id)
    again = say(session, MARTA, chat, "Yes", now, client_id=name, quote=asked.message_id)
    assert again.message_id == first.message_id
    other = post_messages(session, [draft(MARTA, chat, "Yes", client_id=name)], now)[0]
    assert isinstance(other, Conflict)


def test_notes_name_colleagues(session: Session, now: datetime) -> None:
    _credential(session, PAVEL, now)
    chat = open_chat(session, ANA, now)
    say(session, MARTA, chat, "Look", now, kind="note", mentions=(PAVEL.person_id,) * 2)
    named = [{"id": str(PAVEL.person_id), "name": "Pavel"}]
    assert extra(session, chat)["mentions"] == named
    note = {"kind": "note", "mentions": (ANA.person_id,)}
    assert code_of(session, now, MARTA, chat, **note) == "mention_not_found"
    for actor in (MARTA, ANA):
        refusal = code_of(session, now, actor, chat, mentions=(PAVEL.person_id,))
        assert refusal == "mentions_only_in_notes"


def _credential(session: Session, actor: Actor, now: datetime) -> None:
    session.add(
        StaffCredential(
            person_id=actor.person_id,
            email=f"{actor.name}@example.test",
            password_hash="-",
            languages=["en"],
            changed_at=now,
        )
    )
    session.flush()


def test_a_batch_of_quotes_costs_one_statement(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        populate(session, now)
        chat = open_chat(session, ANA, now)
        asked = say(session, ANA, chat, "Hello", now)
    counts = []
    for quote in (None, asked.message_id):
        with counted_statements(database) as statements, database.transaction() as session:
            drafts = [draft(ANA, chat, f"{n}", quote=quote) for n in range(20)]
            assert all(isinstance(one, Stored) for one in post_messages(session, drafts, now))
        counts.append(len(statements))
    assert counts[1] == counts[0] + 1
