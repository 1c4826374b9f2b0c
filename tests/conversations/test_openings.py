"""Opening by the first message: once, with what can be stored, and never half."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from amparo.conversations.actions import join_visitor, post_messages
from amparo.conversations.events import OPENED
from amparo.conversations.queries import conversation_for, conversations_for
from amparo.conversations.rules import Draft, Opening
from amparo.kernel.errors import Conflict, Invalid, NotFound
from amparo.kernel.ids import new_id
from amparo.routing.actions import ask_for_person
from amparo.server.live.poster import Poster
from amparo.storage.events import read_log
from amparo.storage.session import Database
from tests.people import ANA, OLGA, VISITOR, draft, open_chat, populate, say


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("hostile", ["a\x00b", "a\nb", "\ud800", "x" * 201])
@pytest.mark.parametrize("field", ["site_key", "topic", "question", "order_ref", "language"])
def test_a_name_that_nothing_can_have_is_refused(
    session: Session, now: datetime, field: str, hostile: str
) -> None:
    said: dict[str, Any] = {"language": "en", field: hostile}
    outcome = post_messages(session, [draft(ANA, new_id(), "hi", opening=Opening(**said))], now)[0]
    assert isinstance(outcome, Invalid)
    assert outcome.code == "request_invalid"


@pytest.mark.usefixtures("people")
def test_a_strange_page_does_not_cost_the_message(session: Session, now: datetime) -> None:
    opening = Opening(language="en", page="/a\x00b\ud800" + "x" * 9000)
    chat = new_id()
    say(session, ANA, chat, "hi", now, opening=opening)
    kept = session.scalar(text("SELECT page FROM conversation WHERE id = :id"), {"id": chat})
    assert (kept or "")[:4] == "/abx"
    assert len(kept or "") <= 500


@pytest.mark.usefixtures("people")
def test_a_chosen_question_and_a_topic_are_names_too(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    outcome = post_messages(session, [draft(ANA, chat, "hi", question="a\x00b")], now)[0]
    assert isinstance(outcome, Invalid)
    with pytest.raises(Invalid):
        ask_for_person(session, ANA, chat, now, topic="a\x00b")


@pytest.mark.usefixtures("people")
def test_a_conversation_whose_first_message_is_refused_never_was(
    session: Session, now: datetime
) -> None:
    used = draft(ANA, new_id(), "first", opening=Opening(language="en"))
    again = draft(ANA, new_id(), "2nd", opening=Opening(language="en"), client_id=used.client_id)
    _, refused = post_messages(session, [used, again], now)
    assert isinstance(refused, Conflict)
    assert [view.id for view in conversations_for(session, ANA).items] == [used.conversation_id]
    with pytest.raises(NotFound):
        conversation_for(session, ANA, again.conversation_id)
    told = session.scalars(text("SELECT subject FROM event WHERE kind = :k"), {"k": OPENED}).all()
    assert again.conversation_id not in told


@pytest.mark.usefixtures("people")
def test_a_conversation_belongs_to_the_site_of_the_session(session: Session, now: datetime) -> None:
    from dataclasses import replace

    chat, here = new_id(), replace(ANA, site_key="pk_here")
    say(session, here, chat, "hi", now, opening=Opening(language="en", site_key="pk_elsewhere"))
    assert conversation_for(session, ANA, chat).site_key == "pk_here"


def test_opening_and_telling_come_in_order(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        populate(session, now)
        open_chat(session, ANA, now)
    with database.reading() as session:
        kinds = [event.kind for event in read_log(session, 0, 0, 100)]
    assert kinds.index(OPENED) < kinds.index("message_posted")


def _while_another_holds(
    database: Database, first: Draft, second: Draft, now: datetime
) -> tuple[Any, Any]:
    """Post ``second`` while the transaction of ``first`` is open; both outcomes."""
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            mine = post_messages(session, [first], now)[0]
            theirs: Future[Any] = pool.submit(_post, database, second, now)
            _until_waiting(database)
        return mine, theirs.result(20)


def _post(database: Database, message: Draft, now: datetime) -> Any:
    class Still:
        def now(self) -> datetime:
            return now

    return Poster(database, Still())._store([message])[0]


def _until_waiting(database: Database) -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    for _ in range(10_000):
        with database.reading() as session:
            if session.scalar(text(waiting)):
                return
    raise AssertionError("nobody waits")


def test_one_client_id_in_two_conversations_at_the_same_moment(
    database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        populate(session, now)
        here, there = open_chat(session, ANA, now), open_chat(session, ANA, now)
    first = draft(ANA, here, "one")
    _, second = _while_another_holds(
        database, first, draft(ANA, there, "two", client_id=first.client_id), now
    )
    assert isinstance(second, Conflict)
    assert second.code == "client_id_used"


def test_one_conversation_id_opened_by_two_at_the_same_moment(
    database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        populate(session, now)
    chat, opening = new_id(), Opening(language="en")
    _, second = _while_another_holds(
        database,
        draft(ANA, chat, "mine", opening=opening),
        draft(OLGA, chat, "no", opening=opening),
        now,
    )
    assert isinstance(second, NotFound)


def test_two_buyers_join_the_same_visitor_and_one_gets_the_conversation(
    database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        populate(session, now)
        chat = open_chat(session, VISITOR, now)

    def join() -> list[UUID]:
        with database.transaction() as session:
            return join_visitor(session, OLGA, VISITOR.person_id, now)

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            assert join_visitor(session, ANA, VISITOR.person_id, now) == [chat]
            late = pool.submit(join)
            _until_waiting(database)
        assert late.result(20) == []
    with database.reading() as session:
        assert conversation_for(session, ANA, chat).buyer_id == ANA.person_id
