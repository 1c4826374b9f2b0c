"""Promise R21: whatever people, operators and timers do, in any order, nobody is lost in the queue.

The model knows the state, the place and the messages of every conversation; after each step the
real database has to agree.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text
from sqlalchemy.orm import Session

from amparo.conversations.actions import join_visitor
from amparo.conversations.queries import StreamEvent, conversation_for, events_after
from amparo.kernel.actor import Actor
from amparo.kernel.clock import ManualClock
from amparo.kernel.errors import Conflict
from amparo.kernel.ids import new_id
from amparo.routing import actions
from amparo.routing.followers import Assigner, QueueKeeper, ShiftEnds
from amparo.routing.models import QueueEntry
from amparo.routing.operators_actions import set_presence
from amparo.routing.operators_queries import operator_for
from amparo.routing.presence_actions import connected, disconnected
from amparo.routing.queries import is_here, place_for
from amparo.routing.rules import STICKY_FOR
from amparo.routing.snooze_actions import snooze, wake
from amparo.routing.transfer_actions import transfer
from amparo.storage.followers import Follower, drain, enrol
from amparo.storage.session import Database
from amparo.storage.timers import fire_next
from amparo.wiring import timers
from tests.people import ANA, MARTA, OLGA, TEO, VISITOR, open_chat, say
from tests.routing.desk import staff

START = datetime(2026, 4, 14, 12, 0, tzinfo=UTC)
TIMERS = timers(None)  # type: ignore[arg-type]  # none of ours touches a file
BUYERS, STAFF = st.sampled_from([ANA, OLGA]), st.sampled_from([MARTA, TEO])
EMPTY = (
    "TRUNCATE conversation, message, stream_entry, queue_entry, queue_wait, operator_routing,"
    " presence, timer, event CASCADE"
)
VERBS = ("ask", "defer", "resolve", "take", "release")
_shared = SimpleNamespace(database=None)


class Queue(RuleBasedStateMachine):
    """People do what they like; the invariants look at the database after every step."""

    chats = Bundle("chats")
    sockets = Bundle("sockets")

    @initialize(target=chats)
    def begin(self) -> Any:
        self.database: Database = _shared.database
        self.clock = ManualClock(START)
        self.followers: list[Follower] = [QueueKeeper(), ShiftEnds(), Assigner()]
        self.owner: dict[UUID, Actor] = {}
        self.said: dict[UUID, list[str]] = {}
        with self.database.transaction() as session:
            session.execute(text(EMPTY))
            session.execute(text("DELETE FROM follower_position"))
        enrol(self.database, self.followers)
        first = [self.opens(buyer) for buyer in (ANA, VISITOR)]
        for chat in first:  # somebody always waits: that is where things happen
            self.does(chat, "ask", MARTA, by_staff=False)
        return multiple(*first)

    # what people do

    @rule(target=chats, buyer=st.sampled_from([ANA, OLGA, VISITOR]))
    def opens(self, buyer: Actor) -> UUID:
        with self.moment() as session:
            chat = open_chat(session, buyer, self.clock.now())
        self.owner[chat], self.said[chat] = buyer, ["Where is my parcel?"]
        return chat

    @rule(chat=chats, verb=st.sampled_from(VERBS), operator=STAFF, by_staff=st.booleans())
    def does(self, chat: UUID, verb: str, operator: Actor, by_staff: bool) -> None:
        buyer, now = self.owner[chat], self.clock.now()
        side = operator if by_staff else buyer
        try:
            with self.moment() as session:
                match verb:
                    case "ask":
                        actions.ask_for_person(session, buyer, chat, now, language="en")
                    case "defer":
                        actions.defer(session, buyer, chat, now)
                    case "resolve":
                        actions.resolve(session, side, chat, now)
                    case "take":
                        actions.take(session, operator, chat, now)
                    case "release":
                        actions.release(session, operator, chat, now)
        except Conflict:  # not in that state; nothing may have changed
            return

    @rule(operator=STAFF)
    def takes_the_next(self, operator: Actor) -> None:
        with self.moment() as session:
            here = self.reachable(session)
            taken = actions.take_next(session, operator, self.clock.now())
            assert (taken.id if taken else None) == (here[0] if here else None)

    @rule(chat=chats, kind=st.sampled_from(["buyer", "staff", "note"]))
    def says(self, chat: UUID, kind: str) -> None:
        author = self.owner[chat] if kind == "buyer" else MARTA
        body = f"{kind} {len(self.said[chat])}"
        with self.moment() as session:
            how: dict[str, Any] = {"kind": "note"} if kind == "note" else {}
            say(session, author, chat, body, self.clock.now(), **how)
        if kind != "note":
            self.said[chat].append(body)

    @rule(target=sockets, person=st.sampled_from([ANA, OLGA, VISITOR, MARTA, TEO]))
    def comes(self, person: Actor) -> tuple[UUID, Actor]:
        id = new_id()
        with self.moment() as session:
            connected(session, id, person.person_id, "node", self.clock.now())
        return id, person

    @rule(socket=consumes(sockets))
    def goes(self, socket: tuple[UUID, Actor]) -> None:
        with self.moment() as session:
            disconnected(session, socket[0], socket[1].person_id, self.clock.now())

    @rule(buyer=BUYERS)
    def the_visitor_signs_in(self, buyer: Actor) -> None:
        with self.moment() as session:
            moved = join_visitor(session, buyer, VISITOR.person_id, self.clock.now())
        assert set(moved) == {chat for chat, owner in self.owner.items() if owner is VISITOR}
        self.owner |= dict.fromkeys(moved, buyer)
        self.followers_catch_up()

    @rule(operator=STAFF, state=st.sampled_from(["available", "available", "paused", "off"]))
    def works(self, operator: Actor, state: Any) -> None:
        with self.moment() as session:
            set_presence(session, operator, state, self.clock.now())

    @rule(chat=chats, operator=STAFF, way=st.sampled_from(["team", "operator", "snooze", "wake"]))
    def hands_on(self, chat: UUID, operator: Actor, way: str) -> None:
        now = self.clock.now()
        try:
            with self.moment() as session:
                match way:
                    case "team":
                        transfer(session, operator, chat, now, team="support-en")
                    case "operator":
                        transfer(session, operator, chat, now, to=TEO.person_id)
                    case "snooze":
                        snooze(session, operator, chat, now + timedelta(seconds=60), now)
                    case "wake":
                        wake(session, operator, chat, now)
        except Conflict:
            return

    # what happens by itself

    @rule(seconds=st.sampled_from([1, 31, 61, 601]))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    @rule()
    def timers_fire(self) -> None:
        while fire_next(self.database, TIMERS, self.clock.now()):
            pass

    @rule()
    def followers_catch_up(self) -> None:
        drain(self.database, self.clock, self.followers)

        self.nobody_waits_beside_a_free_operator()

    # what must hold

    def nobody_waits_beside_a_free_operator(self) -> None:
        """After everything that follows has happened: whoever can be given has been given."""
        now = self.clock.now()
        with self.database.reading() as session:
            desks = [operator_for(session, one, now) for one in (MARTA, TEO)]
            ready = {one.id: one for one in desks if one.connected and one.state == "available"}
            free = [one for one in ready.values() if one.load < one.capacity]
            for chat in self.reachable(session):
                entry = session.get_one(QueueEntry, chat)
                known = ready.get(entry.last_operator) if entry.last_operator else None
                kept = known is not None and known not in free
                assert not free or (kept and now < entry.entered_at + STICKY_FOR), chat

    @invariant()
    def who_waits_has_a_place_and_nobody_else(self) -> None:
        if not hasattr(self, "database"):
            return
        with self.database.reading() as session:
            for chat, state, taken, deferred, has_entry in session.execute(_WHOLE):
                free = has_entry and taken is None
                assert free == (state in ("waiting", "deferred")), (chat, state)
                assert has_entry or state in ("bot", "resolved"), (chat, state)
                assert not (has_entry and state in ("bot", "resolved")), (chat, state)
                assert state != "deferred" or deferred, chat

    @invariant()
    def places_are_exact(self) -> None:
        if not hasattr(self, "database"):
            return
        with self.database.reading() as session:
            order = self.in_order(session)
            for chat, owner in self.owner.items():
                place = place_for(session, owner, chat, self.clock.now()).position
                assert place == (order.index(chat) + 1 if chat in order else None)

    def teardown(self) -> None:
        """Streams have no gaps, the staff sees all that buyers see, and the states follow."""
        if not hasattr(self, "database"):
            return
        with self.database.reading() as session:
            for chat, owner in self.owner.items():
                mine = events_after(session, owner, chat, 0, 500)
                theirs = events_after(session, MARTA, chat, 0, 500)
                for stream in (mine, theirs):
                    assert [one.seq for one in stream] == list(range(1, len(stream) + 1))
                messages = [one for one in mine if one.kind == "message"]
                assert [one.data["body"] for one in messages] == self.said[chat]
                shown = [(one.kind, one.data) for one in theirs if not for_staff(one)]
                assert [(one.kind, one.data) for one in mine] == shown
                states = [one.data for one in mine if one.kind == "state"]
                for before, after in pairwise(states):
                    assert before["to"] == after["from"]
                now = states[-1]["to"] if states else "bot"
                assert conversation_for(session, owner, chat).state == now

    def moment(self) -> Any:
        self.clock.advance(timedelta(milliseconds=1))
        return self.database.transaction()

    def in_order(self, session: Session) -> list[UUID]:
        return list(session.scalars(_ORDER))

    def reachable(self, session: Session) -> list[UUID]:
        """Those in the queue who would read an answer now, or asked to be answered later."""
        now = self.clock.now()
        return [
            chat
            for chat, entered, deferred in session.execute(_REACHABLE)
            if deferred or is_here(session, self.owner[chat].person_id, entered, now)
        ]


def for_staff(event: StreamEvent) -> bool:
    """What buyers are not told of."""
    return event.kind == "transferred" or event.data.get("kind") == "note"


_ORDER = text(
    "SELECT conversation_id FROM queue_entry WHERE taken_at IS NULL AND team = 'support-en'"
    " ORDER BY priority, entered_at, ordinal"
)
_REACHABLE = text(
    "SELECT conversation_id, entered_at, deferred FROM queue_entry"
    " WHERE taken_at IS NULL AND team = 'support-en' ORDER BY priority, entered_at, ordinal"
)
_WHOLE = text(
    "SELECT c.id, c.state, q.taken_at, q.deferred, q.conversation_id IS NOT NULL"
    " FROM conversation c LEFT JOIN queue_entry q ON q.conversation_id = c.id"
)


@pytest.fixture
def machine(database: Database) -> Iterator[None]:
    with database.transaction() as session:
        staff(session, START)
    _shared.database = database
    yield
    _shared.database = None


@pytest.mark.usefixtures("machine")
def test_nobody_is_ever_lost() -> None:
    run_state_machine_as_test(
        Queue,
        settings=settings(
            max_examples=int(os.environ.get("MACHINE_EXAMPLES", "20")),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
