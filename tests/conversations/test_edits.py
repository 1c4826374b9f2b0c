"""What was changed or taken back is gone from everything that anybody reads, but for history."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from amparo.conversations.actions import change_state, head_for, post_messages
from amparo.conversations.copying_actions import copy_from
from amparo.conversations.edits_actions import Change, delete_message, deletion_of, edit_message
from amparo.conversations.edits_queries import history_for
from amparo.conversations.edits_rules import EDIT_WITHIN
from amparo.conversations.posting import Stored
from amparo.conversations.queries import conversation_for, events_after
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Problem
from amparo.kernel.ids import new_id
from tests.people import ANA, MARTA, OLGA, PAVEL, TEO, draft, open_chat, say

pytestmark = pytest.mark.usefixtures("people")
SECRET = "4111-sardine-1111"


def change(actor: Actor, chat: UUID, message: UUID, id: UUID | None = None) -> Change:
    return Change(actor, chat, message, id or new_id())


def told(session: Session, actor: Actor, chat: UUID) -> list[tuple[str, dict[str, Any]]]:
    return [(event.kind, event.data) for event in events_after(session, actor, chat, 0)]


def refused(session: Session, *args: Any) -> tuple[int, str]:
    with pytest.raises(Problem) as refusal:
        edit_message(session, *args)
    return refusal.value.status, refusal.value.code


def everything(session: Session, besides: str = "message_revision") -> str:
    """Every row of every table, as text."""
    names = session.scalars(
        text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
    ).all()
    rows = [
        str(row)
        for name in names
        if name != besides
        for row in session.execute(text(f'SELECT to_jsonb(t)::text FROM "{name}" t'))
    ]
    return "\n".join(rows)


def test_an_edit_reaches_both_sides_and_the_first_words_stay_with_the_staff(
    session: Session, now: datetime
) -> None:
    chat = open_chat(session, ANA, now)
    first = say(session, ANA, chat, f"My card is {SECRET}", now)
    after = now + timedelta(minutes=5)
    edit_message(session, change(ANA, chat, first.message_id), "My card is  the blue one ", after)
    for actor in (ANA, MARTA):
        kinds = told(session, actor, chat)
        assert kinds[1][1]["body"] == "My card is  the blue one"
        assert kinds[2] == (
            "edited",
            {
                "message_id": str(first.message_id),
                "body": "My card is  the blue one",
                "excerpt": "My card is  the blue one",
                "by": {"id": str(ANA.person_id), "name": "Ana"},
            },
        )
        assert SECRET not in json.dumps([data for _, data in kinds])
    assert SECRET not in everything(session)
    assert conversation_for(session, MARTA, chat).preview == "My card is  the blue one"
    history = history_for(session, MARTA, chat, first.message_id)
    assert [(one.body, one.at, one.by_name) for one in history] == [
        (f"My card is {SECRET}", now, "Ana"),
        ("My card is  the blue one", after, "Ana"),
    ]


def test_an_edit_keeps_the_conversation_where_it_is_in_the_lists(
    session: Session, now: datetime
) -> None:
    chat = open_chat(session, ANA, now)
    first = say(session, ANA, chat, "Hello", now)
    edit_message(session, change(ANA, chat, first.message_id), "Hi", now + timedelta(minutes=9))
    assert conversation_for(session, MARTA, chat).updated_at == now


def test_the_same_edit_again_changes_nothing(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    first = say(session, ANA, chat, "Hello", now)
    mine = change(ANA, chat, first.message_id)
    edit_message(session, mine, "Hi", now)
    much_later = now + timedelta(days=3)
    assert edit_message(session, mine, " Hi", much_later).body == "Hi"
    assert len(told(session, ANA, chat)) == 3
    assert refused(session, mine, "Something else", now) == (409, "client_id_used")
    assert len(history_for(session, MARTA, chat, first.message_id)) == 2


def test_the_same_words_are_no_news(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    first = say(session, ANA, chat, "Hello", now)
    edit_message(session, change(ANA, chat, first.message_id), "Hello", now)
    assert [kind for kind, _ in told(session, MARTA, chat)] == ["message", "message"]


@pytest.mark.parametrize(
    ("actor", "after", "words", "expected"),
    [
        (ANA, EDIT_WITHIN, "x", None),
        (ANA, EDIT_WITHIN + timedelta(microseconds=1), "x", (409, "edit_too_late")),
        (MARTA, timedelta(0), "x", (409, "not_your_message")),
        (TEO, timedelta(0), "x", (409, "not_your_message")),
        (OLGA, timedelta(0), "x", (404, "not_found")),
        (ANA, timedelta(0), " \u200b ", (422, "message_empty")),
        (ANA, timedelta(0), "x" * 141, (422, "question_too_long")),
    ],
)
def test_who_may_change_a_message_and_how_long(
    session: Session,
    now: datetime,
    actor: Actor,
    after: timedelta,
    words: str,
    expected: tuple[int, str] | None,
) -> None:
    chat = open_chat(session, ANA, now)
    first = say(session, ANA, chat, "Hello", now)
    wish = change(actor, chat, first.message_id)
    if expected is None:
        assert edit_message(session, wish, words, now + after).body == words
    else:
        assert refused(session, wish, words, now + after) == expected
        assert [kind for kind, _ in told(session, ANA, chat)] == ["message", "message"]


def test_a_resolved_matter_a_chosen_question_and_another_conversation(
    session: Session, now: datetime
) -> None:
    chat, other = open_chat(session, ANA, now), open_chat(session, ANA, now)
    chosen = say(session, ANA, chat, "Track my parcel", now, question="orders_track_parcel")
    wish = change(ANA, chat, chosen.message_id)
    assert refused(session, wish, "x", now) == (409, "not_editable")
    first = say(session, ANA, chat, "Hello", now)
    assert refused(session, change(ANA, other, first.message_id), "x", now)[1] == "not_found"
    assert refused(session, change(ANA, chat, new_id()), "x", now)[1] == "not_found"
    change_state(session, head_for(session, MARTA, chat), "resolve", now)
    wish = change(ANA, chat, first.message_id)
    assert refused(session, wish, "x", now) == (409, "conversation_resolved")


def test_a_note_is_changed_among_the_staff_only(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    note = say(session, MARTA, chat, f"She is {SECRET}", now, kind="note")
    before = conversation_for(session, ANA, chat), told(session, ANA, chat)
    edit_message(session, change(MARTA, chat, note.message_id), "She is tired", now)
    assert told(session, PAVEL, chat)[-1][0] == "edited"
    delete_message(session, deletion_of(MARTA, chat, note.message_id), now)
    assert told(session, PAVEL, chat)[-1][0] == "deleted"
    assert (conversation_for(session, ANA, chat), told(session, ANA, chat)) == before
    assert refused(session, change(ANA, chat, note.message_id), "x", now) == (404, "not_found")


def test_what_was_deleted_is_nowhere_but_in_the_history(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    first = say(session, ANA, chat, f"One {SECRET}", now)
    edit_message(session, change(ANA, chat, first.message_id), f"Two {SECRET}", now)
    say(session, MARTA, chat, "You should not", now, quote=first.message_id)
    say(session, MARTA, chat, "Note it", now, quote=first.message_id, kind="note")
    delete_message(session, deletion_of(ANA, chat, first.message_id), now)
    assert SECRET not in everything(session)
    for actor in (ANA, MARTA):
        kinds = told(session, actor, chat)
        assert kinds[1][1]["body"] == ""
        assert kinds[1][1]["extra"] == {}
        quotes = [data["extra"]["quote"] for kind, data in kinds if (data.get("extra") or {})]
        assert {quote["excerpt"] for quote in quotes} == {""}
        assert all(quote["deleted"] for quote in quotes)
        by = {"id": str(ANA.person_id), "name": "Ana"}
        assert kinds[-1] == ("deleted", {"message_id": str(first.message_id), "by": by})
    history = history_for(session, TEO, chat, first.message_id)
    assert [one.body for one in history] == [f"One {SECRET}", f"Two {SECRET}", None]


def test_quotes_follow_an_edit(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    first = say(session, ANA, chat, f"One {SECRET}", now)
    say(session, MARTA, chat, "Sure", now, quote=first.message_id)
    edit_message(session, change(ANA, chat, first.message_id), "Two", now)
    assert told(session, ANA, chat)[2][1]["extra"]["quote"]["excerpt"] == "Two"
    assert SECRET not in everything(session)


def test_deleting_twice_is_deleting_once_and_then_nothing_can_be_changed(
    session: Session, now: datetime
) -> None:
    chat = open_chat(session, ANA, now)
    first = say(session, ANA, chat, "Hello", now)
    for actor in (ANA, ANA, TEO):
        delete_message(session, deletion_of(actor, chat, first.message_id), now)
    assert [kind for kind, _ in told(session, ANA, chat)] == ["message", "message", "deleted"]
    wish = change(ANA, chat, first.message_id)
    assert refused(session, wish, "Hello", now) == (409, "message_deleted")
    answer = post_messages(session, [draft(MARTA, chat, "x", quote=first.message_id)], now)[0]
    assert isinstance(answer, Problem)
    assert answer.code == "quote_not_found"


def test_the_preview_is_what_was_said_last_of_what_is_left(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    answer = say(session, MARTA, chat, "Secret answer", now + timedelta(seconds=1))
    delete_message(session, deletion_of(TEO, chat, answer.message_id), now)
    view = conversation_for(session, MARTA, chat)
    assert (view.preview, view.last_party) == ("Where is my parcel?", "buyer")
    opening = told(session, ANA, chat)[0][1]["message_id"]
    delete_message(session, deletion_of(ANA, chat, UUID(opening)), now)
    assert conversation_for(session, MARTA, chat).preview is None


@pytest.mark.parametrize("verb", ["edit", "delete"])
def test_a_message_that_is_sent_again_after_its_change_is_the_first_one(
    session: Session, now: datetime, verb: str
) -> None:
    chat = open_chat(session, ANA, now)
    name = new_id()
    first = say(session, ANA, chat, "Hello", now, client_id=name)
    if verb == "edit":
        edit_message(session, change(ANA, chat, first.message_id), "Hi", now)
    else:
        delete_message(session, deletion_of(ANA, chat, first.message_id), now)
    again = post_messages(session, [draft(ANA, chat, "Hello", client_id=name)], now)[0]
    assert isinstance(again, Stored)
    assert again.repeated
    assert again.message_id == first.message_id


def test_only_the_staff_reads_what_stood_there(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    first = say(session, ANA, chat, "Hello", now)
    for actor in (ANA, OLGA):
        with pytest.raises(Problem) as refusal:
            history_for(session, actor, chat, first.message_id)
        assert refusal.value.code == "forbidden"


def test_between_buyer_and_seller_an_edit_is_masked_like_a_message(
    session: Session, now: datetime
) -> None:
    from amparo.conversations.models import Conversation

    chat = new_id()
    session.add(
        Conversation(
            id=chat,
            channel="order",
            state="bot",
            language="en",
            buyer_id=ANA.person_id,
            store_ref="store-wei",
            created_at=now,
            updated_at=now,
        )
    )
    session.flush()
    first = say(session, ANA, chat, "Is it blue?", now)
    edited = edit_message(
        session, change(ANA, chat, first.message_id), "Write to ana@example.com", now
    )
    assert "ana@example.com" not in edited.body
    assert "ana@example.com" not in json.dumps(told(session, ANA, chat))


def test_a_copy_in_a_split_conversation_goes_with_its_message(
    session: Session, now: datetime
) -> None:
    chat, fresh = open_chat(session, ANA, now), new_id()
    first = say(session, ANA, chat, f"One {SECRET}", now)
    second = say(session, ANA, chat, f"Two {SECRET}", now)
    copy_from(session, MARTA, head_for(session, MARTA, chat), fresh, first.message_id, now)
    edit_message(session, change(ANA, chat, first.message_id), "One", now)
    delete_message(session, deletion_of(ANA, chat, second.message_id), now)
    assert SECRET not in everything(session)
    told_there = [data for kind, data in told(session, ANA, fresh) if kind == "message"]
    assert [data["body"] for data in told_there] == ["One", ""]
    copy = UUID(told_there[0]["message_id"])
    assert refused(session, change(ANA, fresh, copy), "x", now) == (409, "not_editable")
