"""Two hands at one message: one after the other, and both sides read the same in the end."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from amparo.conversations.edits_actions import Change, delete_message, deletion_of, edit_message
from amparo.conversations.edits_queries import history_for
from amparo.conversations.queries import events_after
from amparo.kernel.errors import Problem
from amparo.kernel.ids import new_id
from amparo.storage.session import Database
from tests.people import ANA, MARTA, open_chat, populate, say

Verb = Callable[[Session], object]


@pytest.fixture
def said(database: Database, now: datetime) -> tuple[UUID, UUID]:
    with database.transaction() as session:
        populate(session, now)
        chat = open_chat(session, ANA, now)
        return chat, say(session, ANA, chat, "Hello", now).message_id


def at_once(database: Database, verbs: list[Verb]) -> list[str]:
    """Run verbs in transactions that begin together; what each of them came to."""
    start = Barrier(len(verbs))

    def run(verb: Verb) -> str:
        start.wait(10)
        try:
            with database.transaction() as session:
                verb(session)
        except Problem as problem:
            return problem.code
        return "done"

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


def bodies(database: Database, chat: UUID) -> list[str]:
    """What each side reads of the message in the end, and of its last event."""
    found: list[str] = []
    with database.reading() as session:
        for actor in (ANA, MARTA):
            events = events_after(session, actor, chat, 0)
            found.append(events[1].data["body"])
    return found


def test_many_edits_at_once_end_with_one_of_them_for_everybody(
    database: Database, now: datetime, said: tuple[UUID, UUID]
) -> None:
    chat, message = said

    def edit(words: str) -> Verb:
        return lambda session: edit_message(
            session, Change(ANA, chat, message, new_id()), words, now
        )

    outcomes = at_once(database, [edit(f"Words {n}") for n in range(6)])
    assert outcomes == ["done"] * 6
    [hers, theirs] = bodies(database, chat)
    assert hers == theirs
    with database.reading() as session:
        history = history_for(session, MARTA, chat, message)
        edits = [e for e in events_after(session, ANA, chat, 0) if e.kind == "edited"]
    assert len(history) == 7
    assert history[-1].body == hers
    assert {event.data["body"] for event in edits} == {hers}


def test_the_same_edit_sent_twice_at_once_happens_once(
    database: Database, now: datetime, said: tuple[UUID, UUID]
) -> None:
    chat, message = said
    mine = Change(ANA, chat, message, new_id())
    outcomes = at_once(database, [lambda s: edit_message(s, mine, "Hi", now) for _ in range(4)])
    assert outcomes == ["done"] * 4
    with database.reading() as session:
        assert len(history_for(session, MARTA, chat, message)) == 2


def test_an_edit_against_a_deletion_leaves_nothing(
    database: Database, now: datetime, said: tuple[UUID, UUID]
) -> None:
    chat, message = said
    for _ in range(5):
        mine = Change(ANA, chat, message, new_id())
        outcomes = at_once(
            database,
            [
                lambda s, mine=mine: edit_message(s, mine, "Words", now),  # type: ignore[misc]
                lambda s: delete_message(s, deletion_of(ANA, chat, message), now),
            ],
        )
        assert outcomes[1] == "done"
        assert outcomes[0] in ("done", "message_deleted")
    assert bodies(database, chat) == ["", ""]
    with database.reading() as session:
        kinds = [event.kind for event in events_after(session, ANA, chat, 0)]
        assert kinds.count("deleted") == 1
        assert history_for(session, MARTA, chat, message)[-1].body is None
