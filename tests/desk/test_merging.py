"""Promises (J10): two conversations of one matter become one, and back; a second matter gets its
own; nothing that was said is lost or shown to somebody new."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from amparo.conversations import files_actions
from amparo.conversations.actions import post_messages
from amparo.conversations.files_queries import file_for
from amparo.conversations.found_queries import with_merged
from amparo.conversations.queries import StreamEvent, conversation_for, events_after
from amparo.desk import actions, merge_actions, split_actions
from amparo.desk.inbox_queries import Asked, inbox
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict, Invalid, NotFound
from amparo.kernel.ids import new_id
from amparo.routing.actions import ask_for_person
from amparo.storage.images import Picture
from tests.people import ANA, MARTA, OLGA, PAVEL, draft, open_chat, say

pytestmark = pytest.mark.usefixtures("people")


def waiting(session: Session, now: datetime, actor: Actor = ANA) -> UUID:
    chat = open_chat(session, actor, now)
    ask_for_person(session, actor, chat, now, language="en")
    return chat


def stream(session: Session, who: Actor, chat: UUID, kind: str) -> list[StreamEvent]:
    return [one for one in events_after(session, who, chat, 0) if one.kind == kind]


def order(session: Session) -> list[UUID]:
    return [row.view.id for row in inbox(session, MARTA, Asked("waiting")).items]


def test_the_source_ends_and_says_where_it_goes_on(session: Session, now: datetime) -> None:
    source, into = waiting(session, now), waiting(session, now)
    actions.take(session, MARTA, source, now)
    request = uuid4()
    for _ in range(2):
        view = merge_actions.merge(session, MARTA, source, request, into, now)
        assert (view.id, view.state) == (into, "waiting")
    for who in (ANA, MARTA):
        seen = conversation_for(session, who, source)
        assert (seen.state, seen.merged_into) == ("resolved", into)
        assert stream(session, who, source, "state")[-1].data["reason"] == "merged"
        assert [e.data["into"] for e in stream(session, who, source, "merged")] == [str(into)]
        assert [e.data["from"] for e in stream(session, who, into, "merged")] == [str(source)]
        assert stream(session, who, source, "message"), "what was said stays readable"
    refused = post_messages(session, [draft(ANA, source, "And?"), draft(MARTA, source, "x")], now)
    for problem in refused:
        assert isinstance(problem, Conflict)
        assert (problem.code, problem.params) == ("conversation_merged", {"into": str(into)})
    actions.note(session, MARTA, source, uuid4(), "Duplicate", now)
    assert say(session, ANA, into, "I go on here", now).seq


def test_a_message_that_was_stored_before_keeps_its_answer(session: Session, now: datetime) -> None:
    source, into = waiting(session, now), waiting(session, now)
    sent = draft(ANA, source, "Just before")
    [first] = post_messages(session, [sent], now)
    merge_actions.merge(session, MARTA, source, uuid4(), into, now)
    [again] = post_messages(session, [sent], now)
    assert not isinstance(again, Exception)
    assert not isinstance(first, Exception)
    assert (again.message_id, again.repeated) == (first.message_id, True)


def test_only_what_belongs_together_is_merged(session: Session, now: datetime) -> None:
    anas, olgas, other = waiting(session, now), waiting(session, now, OLGA), waiting(session, now)
    done = waiting(session, now)
    actions.resolve(session, MARTA, done, now)

    def refused(source: UUID, into: UUID) -> str:
        with pytest.raises((Conflict, Invalid, NotFound)) as problem:
            merge_actions.merge(session, MARTA, source, uuid4(), into, now)
        return problem.value.code

    assert refused(anas, anas) == "merge_with_itself"
    assert refused(anas, olgas) == "merge_not_alike"
    assert refused(anas, done) == "merge_into_resolved"
    assert refused(anas, uuid4()) == "not_found"
    merge_actions.merge(session, MARTA, anas, uuid4(), other, now)
    assert refused(anas, waiting(session, now)) == "conversation_merged"
    assert refused(waiting(session, now), anas) == "conversation_merged"


@pytest.mark.parametrize("taken", [False, True])
def test_undone_it_stands_where_it_stood(session: Session, now: datetime, taken: bool) -> None:
    first, into, last = (waiting(session, now + timedelta(seconds=n)) for n in range(3))
    if taken:
        actions.take(session, PAVEL, first, now)
    before = conversation_for(session, MARTA, first)
    merge_actions.merge(session, MARTA, first, uuid4(), into, now)
    assert order(session) == [into, last]
    request, soon = uuid4(), now + timedelta(minutes=2)
    for _ in range(2):
        view = merge_actions.undo_merge(session, MARTA, first, request, soon)
        assert (view.state, view.operator_id) == (before.state, before.operator_id)
        assert view.merged_into is None
    assert order(session) == ([into, last] if taken else [first, into, last])
    assert stream(session, ANA, first, "merged")[-1].data["into"] is None
    assert stream(session, ANA, into, "split")[-1].data["into"] == str(first)
    say(session, ANA, first, "Here again", soon)


def test_undoing_has_its_time(session: Session, now: datetime) -> None:
    source, into = waiting(session, now), waiting(session, now)
    with pytest.raises(NotFound):
        merge_actions.undo_merge(session, MARTA, source, uuid4(), now)
    merge_actions.merge(session, MARTA, source, uuid4(), into, now)
    late = now + merge_actions.UNDO_WITHIN + timedelta(seconds=1)
    with pytest.raises(Conflict) as problem:
        merge_actions.undo_merge(session, MARTA, source, uuid4(), late)
    assert problem.value.code == "undo_too_late"


def said(events: list[StreamEvent]) -> list[tuple[Any, ...]]:
    return [(e.data["author"]["name"], e.data["kind"], e.data["body"]) for e in events]


def test_a_second_matter_gets_its_own_conversation(session: Session, now: datetime) -> None:
    chat = waiting(session, now)
    actions.take(session, MARTA, chat, now)
    say(session, MARTA, chat, "It is on its way", now + timedelta(minutes=1))
    at = now + timedelta(minutes=2)
    second = say(session, ANA, chat, "And my lamp is broken", at)
    actions.note(session, MARTA, chat, uuid4(), "Another matter", now + timedelta(minutes=3))
    say(session, MARTA, chat, "I see", now + timedelta(minutes=4))
    request, new = uuid4(), new_id()
    later = now + timedelta(minutes=5)
    for _ in range(2):
        view = split_actions.split(session, MARTA, chat, request, new, second.message_id, later)
        assert (view.id, view.state, view.operator_name) == (new, "assigned", "Marta")
        assert view.buyer_id == ANA.person_id
    both = [("Ana", "text", "And my lamp is broken"), ("Marta", "text", "I see")]
    assert said(stream(session, ANA, new, "message")) == both, "no note, no older message"
    assert len(stream(session, MARTA, new, "message")) == 3
    first = stream(session, ANA, new, "message")[0]
    assert first.data["extra"]["copied"] == {
        "conversation": str(chat),
        "message": str(second.message_id),
        "at": "2026-04-14T12:02:00.000Z",
    }
    assert len(stream(session, ANA, chat, "message")) == 4, "the old one keeps everything"
    assert stream(session, ANA, chat, "split")[0].data["into"] == str(new)
    assert stream(session, ANA, new, "split")[0].data["from"] == str(chat)
    assert say(session, ANA, new, "Thank you", later).seq


def test_who_has_not_taken_it_puts_the_new_one_into_the_queue(
    session: Session, now: datetime
) -> None:
    chat = waiting(session, now)
    message = say(session, ANA, chat, "Something else", now + timedelta(minutes=1))
    view = split_actions.split(session, MARTA, chat, uuid4(), new_id(), message.message_id, now)
    assert (view.state, view.operator_id) == ("waiting", None)
    with pytest.raises(NotFound):
        split_actions.split(session, MARTA, chat, uuid4(), new_id(), uuid4(), now)
    with pytest.raises(Conflict) as problem:
        split_actions.split(session, MARTA, chat, uuid4(), chat, message.message_id, now)
    assert problem.value.code == "conversation_exists"


def test_what_went_on_in_it_ends_with_it(session: Session, now: datetime) -> None:
    """A case is told in one conversation; it is settled with the one in which that goes on."""
    first, second, third = (waiting(session, now) for _ in range(3))
    merge_actions.merge(session, MARTA, first, uuid4(), second, now)
    merge_actions.merge(session, MARTA, second, uuid4(), third, now)
    assert set(with_merged(session, third)) == {first, second, third}
    assert with_merged(session, first) == [first]


def test_a_picture_goes_along_with_its_message(session: Session, now: datetime) -> None:
    chat = waiting(session, now)
    place = files_actions.reserve(
        session, ANA, chat, uuid4(), name="lamp.png", source="0", opens=False, now=now
    )
    files_actions.finish(session, place.id, Picture(b"RIFF", "image/webp", 20, 10), now)
    shown = say(session, ANA, chat, "See", now + timedelta(minutes=1), files=(place.id,))
    new, other = new_id(), waiting(session, now)
    split_actions.split(session, MARTA, chat, uuid4(), new, shown.message_id, now)
    for who in (ANA, MARTA):
        assert file_for(session, who, new, place.id).id == place.id
    for who, where in ((ANA, other), (OLGA, new), (OLGA, chat)):
        with pytest.raises(NotFound):
            file_for(session, who, where, place.id)
