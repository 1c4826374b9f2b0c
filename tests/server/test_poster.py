"""Group commit under trouble: what fails, fails in order; what is too much is refused at once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest

from amparo.conversations.actions import Outcome
from amparo.conversations.posting import Stored
from amparo.conversations.queries import events_after
from amparo.conversations.rules import Draft
from amparo.conversations.streams import locked_heads
from amparo.kernel.actor import Actor
from amparo.kernel.clock import Clock
from amparo.kernel.errors import Busy, Problem, Unavailable
from amparo.server.live.poster import MOST_WAITING, Poster
from amparo.storage.session import Database
from tests.people import ANA, OLGA, draft, open_chat, populate

Work = Callable[["Desk"], Awaitable[None]]


class Desk:
    """A poster and what it answered."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.poster = Poster(database, clock)

    def post(self, one: Draft) -> "asyncio.Future[Outcome]":
        """Post; a refusal on the spot is an outcome too."""
        answered: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        try:
            self.poster.post(one, lambda _, outcome: answered.set_result(outcome))
        except Problem as problem:
            answered.set_result(problem)
        return answered


@pytest.fixture
def chats(database: Database, now: datetime) -> tuple[UUID, UUID]:
    with database.transaction() as session:
        populate(session, now)
        return open_chat(session, ANA, now), open_chat(session, OLGA, now)


def run(database: Database, clock: Clock, work: Work) -> None:
    """Let a desk work within a loop of its own."""

    async def whole() -> None:
        desk = Desk(database, clock)
        desk.poster.start()
        try:
            async with asyncio.timeout(60):
                await work(desk)
        finally:
            await asyncio.to_thread(desk.poster.stop)

    asyncio.run(whole())


def said(database: Database, actor: Actor, chat: UUID) -> list[str]:
    """The messages of a conversation after its opening."""
    with database.reading() as session:
        return [event.data["body"] for event in events_after(session, actor, chat, 1, 5000)]


def test_nothing_overtakes_a_message_that_failed(
    database: Database, clock: Clock, chats: tuple[UUID, UUID]
) -> None:
    ana, olga = chats
    lost = draft(ANA, ana, "one", language="a\x00b")  # PostgreSQL stores no NUL
    two, three, hers = draft(ANA, ana, "two"), draft(ANA, ana, "three"), draft(OLGA, olga, "mine")

    async def work(desk: Desk) -> None:
        sent = [desk.post(one) for one in (lost, two, hers, three)]
        outcomes = [await one for one in sent]
        assert [type(one) for one in outcomes] == [Unavailable, Unavailable, Stored, Unavailable]
        late = await desk.post(draft(ANA, ana, "four"))  # was on its way when the others failed
        assert isinstance(late, Unavailable)
        assert late.params["retry_after"] == 1
        again = [desk.post(one) for one in (replace(lost, language="en"), two, three)]
        assert [type(await one) for one in again] == [Stored] * 3

    run(database, clock, work)
    assert said(database, ANA, ana) == ["one", "two", "three"]
    assert said(database, OLGA, olga) == ["mine"]


def test_too_much_is_refused_at_once_and_then_all_is_well(
    database: Database, clock: Clock, chats: tuple[UUID, UUID]
) -> None:
    chat = chats[0]
    crowd = [draft(ANA, chat, str(number)) for number in range(MOST_WAITING + 20)]

    async def work(desk: Desk) -> None:
        with database.transaction() as session:
            locked_heads(session, [chat])  # the worker waits for us
            sent = [desk.post(one) for one in crowd]
            refused = [one.result() for one in sent if one.done()]
            assert len(refused) == len(crowd) - MOST_WAITING
            first = refused[0]
            assert isinstance(first, Busy)
            assert (first.status, first.params["retry_after"]) == (503, 1)
        accepted = [await one for one in sent[:MOST_WAITING]]
        assert {type(one) for one in accepted} == {Stored}
        for one in crowd[MOST_WAITING:]:  # they come again, in order
            assert isinstance(await desk.post(one), Stored)

    run(database, clock, work)
    assert said(database, ANA, chat) == [one.body for one in crowd]
