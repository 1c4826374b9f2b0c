"""Delivered and read: never back, told once, and never a word about a note."""

from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.orm import Session

from amparo.conversations.actions import change_state, head_for
from amparo.conversations.edits_actions import delete_message, deletion_of
from amparo.conversations.queries import conversation_for, conversations_for, events_after
from amparo.conversations.receipts_actions import mark_all_seen, mark_seen
from amparo.conversations.receipts_rules import Reach, Seen
from amparo.kernel.actor import Actor
from amparo.kernel.errors import NotFound
from amparo.kernel.ids import new_id
from tests.people import ANA, MARTA, OLGA, PAVEL, open_chat, say

pytestmark = pytest.mark.usefixtures("people")


def receipts(session: Session, actor: Actor, chat: UUID) -> list[tuple[str, object, object]]:
    return [
        (one.data["party"], one.data["delivered"], one.data["read"])
        for one in events_after(session, actor, chat, 0)
        if one.kind == "receipt"
    ]


def taken(session: Session, now: datetime) -> UUID:
    """A conversation of Ana's that Marta has."""
    chat = open_chat(session, ANA, now)
    head = head_for(session, MARTA, chat)
    change_state(session, head, "ask_person", now)
    name = {"id": str(MARTA.person_id), "name": "Marta"}
    change_state(session, head, "assign", now, operator=name)
    return chat


def last(session: Session, actor: Actor, chat: UUID) -> int:
    return conversation_for(session, actor, chat).last_seq


def see(session: Session, actor: Actor, chat: UUID, now: datetime, *, read: bool = True) -> Reach:
    return mark_seen(session, Seen(actor, chat, last(session, actor, chat), read), now)


def test_both_sides_are_told_what_arrived_and_what_was_read(
    session: Session, now: datetime
) -> None:
    chat = taken(session, now)
    answer = say(session, MARTA, chat, "Tomorrow", now)
    id = str(answer.message_id)
    see(session, ANA, chat, now, read=False)
    see(session, ANA, chat, now)
    expected = [("buyer", id, None), ("buyer", id, id)]
    assert receipts(session, ANA, chat) == receipts(session, MARTA, chat) == expected


def test_a_mark_that_does_not_pass_a_message_tells_nobody(session: Session, now: datetime) -> None:
    chat = taken(session, now)
    answer = say(session, MARTA, chat, "Tomorrow", now)
    see(session, ANA, chat, now)
    say(session, ANA, chat, "Thanks", now)
    see(session, ANA, chat, now)  # one's own message, and the receipt itself
    see(session, ANA, chat, now)
    mark_seen(session, Seen(ANA, chat, 1, read=True), now)  # back: passed over
    id = str(answer.message_id)
    assert receipts(session, MARTA, chat) == [("buyer", id, id)]


def test_a_note_is_in_no_receipt(session: Session, now: datetime) -> None:
    chat = taken(session, now)
    with_buyer = say(session, ANA, chat, "Hello?", now)
    say(session, PAVEL, chat, "She waits", now, kind="note")
    see(session, MARTA, chat, now)
    id = str(with_buyer.message_id)
    assert receipts(session, ANA, chat) == receipts(session, MARTA, chat) == [("staff", id, id)]


@pytest.mark.parametrize(("actor", "counts"), [(MARTA, True), (PAVEL, False)])
def test_the_staff_has_read_when_the_one_who_answers_has(
    session: Session, now: datetime, actor: Actor, counts: bool
) -> None:
    chat = taken(session, now)
    say(session, ANA, chat, "Hello?", now)
    see(session, actor, chat, now)
    assert bool(receipts(session, ANA, chat)) is counts
    assert (conversation_for(session, MARTA, chat).unread == 0) is counts


def test_where_nobody_has_it_whoever_answered_last_counts(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    see(session, PAVEL, chat, now)
    assert receipts(session, ANA, chat) == []
    say(session, PAVEL, chat, "I look into it", now)
    see(session, PAVEL, chat, now)
    see(session, MARTA, chat, now)
    assert [party for party, _, _ in receipts(session, ANA, chat)] == ["staff"]


def test_unread_is_what_the_others_said_and_is_still_there(session: Session, now: datetime) -> None:
    chat = taken(session, now)
    say(session, MARTA, chat, "One", now)
    gone = say(session, MARTA, chat, "Two", now)
    say(session, MARTA, chat, "A note", now, kind="note")
    say(session, ANA, chat, "Mine", now)
    assert conversation_for(session, ANA, chat).unread == 2
    delete_message(session, deletion_of(MARTA, chat, gone.message_id), now)
    assert conversation_for(session, ANA, chat).unread == 1
    see(session, ANA, chat, now)
    assert conversation_for(session, ANA, chat).unread == 0


def test_a_page_of_conversations_costs_the_same_with_unread(
    session: Session, now: datetime
) -> None:
    def statements(count: int) -> int:
        for _ in range(count):
            open_chat(session, ANA, now)
        session.flush()
        seen: list[str] = []
        connection = session.connection()

        def note(*args: object) -> None:
            seen.append(str(args[2]))

        event.listen(connection, "before_cursor_execute", note)
        conversations_for(session, MARTA)
        event.remove(connection, "before_cursor_execute", note)
        return len(seen)

    assert statements(1) == statements(20)


def test_marks_of_many_conversations_cost_the_same_as_of_one(
    session: Session, now: datetime
) -> None:
    def statements(count: int) -> int:
        chats = [taken(session, now) for _ in range(count)]
        for chat in chats:
            say(session, MARTA, chat, "Tomorrow", now)
        words = [Seen(ANA, chat, 50, read=True) for chat in chats]
        seen: list[str] = []
        connection = session.connection()

        def note(*args: object) -> None:
            seen.append(str(args[2]))

        event.listen(connection, "before_cursor_execute", note)
        assert len(mark_all_seen(session, words, now)) == count
        event.remove(connection, "before_cursor_execute", note)
        return len(seen)

    assert statements(1) == statements(12) <= 4


def test_strangers_leave_no_mark(session: Session, now: datetime) -> None:
    chat = taken(session, now)
    for id in (chat, new_id()):
        with pytest.raises(NotFound):
            mark_seen(session, Seen(OLGA, id, 3, read=True), now)
    words = [Seen(OLGA, chat, 9, read=True), Seen(ANA, chat, 1, read=False)]
    assert mark_all_seen(session, words, now) == {chat: Reach(1, 0)}


@pytest.mark.parametrize("seq", [-5, 0, 10**6, 2**62])
def test_numbers_that_were_never_given_move_nothing_too_far(
    session: Session, now: datetime, seq: int
) -> None:
    chat = taken(session, now)
    reach = mark_seen(session, Seen(ANA, chat, seq, read=True), now)
    assert 0 <= reach.read <= last(session, ANA, chat)


@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=30))
def test_marks_never_go_back_and_what_was_read_was_delivered(
    words: list[tuple[int, bool]],
) -> None:
    reach = Reach()
    for seq, read in words:
        after = reach.moved(seq, read)
        assert after.delivered >= reach.delivered
        assert after.read >= reach.read
        assert after.read <= after.delivered
        assert after.moved(seq, read) == after
        reach = after
    assert reach.delivered == max((seq for seq, _ in words), default=0)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_receipts_in_any_order_end_where_the_furthest_one_is(
    session: Session, now: datetime, data: st.DataObject
) -> None:
    chat = taken(session, now)
    ids = [str(say(session, MARTA, chat, f"Number {n}", now).message_id) for n in range(4)]
    top = last(session, ANA, chat)
    words = data.draw(st.permutations(range(1, top + 1)))
    for seq in words:
        mark_seen(session, Seen(ANA, chat, seq, read=True), now)
    told = [ids.index(str(read)) for _, _, read in receipts(session, ANA, chat)]
    assert told == sorted(set(told))
    assert told[-1] == 3
