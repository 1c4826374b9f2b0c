"""Promise (J10): clocks of answers run while the buyer waits, in the team's hours; once missed,
a target is marked when its time has come."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.desk import actions, sla_actions, sla_rules
from amparo.desk.inbox_queries import Asked, inbox
from amparo.desk.models import SlaClock
from amparo.desk.queries import counts
from amparo.desk.sla_followers import SlaClocks
from amparo.desk.sla_queries import targets
from amparo.desk.sla_rules import SLA_BREACHED, SLA_TIMER, Target
from amparo.desk.tags_actions import set_priority
from amparo.kernel.clock import ManualClock
from amparo.kernel.errors import Forbidden, Invalid
from amparo.kernel.ids import new_id
from amparo.routing.actions import ask_for_person
from amparo.routing.hours import DAYS
from amparo.routing.models import Team
from amparo.routing.snooze_actions import snooze, wake
from amparo.routing.teams_actions import set_team
from amparo.storage.events import EventRow
from amparo.storage.followers import drain, enrol
from amparo.storage.session import Database
from amparo.storage.timers import fire_next
from tests.people import ANA, MARTA, OLGA, TEO, open_chat, say

MINUTE = timedelta(minutes=1)
FOLLOWERS = [SlaClocks()]
TIMERS = {SLA_TIMER: sla_actions.mark_breached}
TARGETS = [Target(None, None, 900, 1800, 7200), Target(1, None, 300, None, None)]


@pytest.fixture
def desk(populated: Database, now: datetime) -> Database:
    with populated.transaction() as session:
        sla_actions.save_targets(session, TEO, TARGETS, now)
    enrol(populated, FOLLOWERS)
    return populated


def ask(database: Database, now: datetime, language: str = "en") -> UUID:
    with database.transaction() as session:
        chat = open_chat(session, OLGA if language == "ru" else ANA, now)
        ask_for_person(session, OLGA if language == "ru" else ANA, chat, now, language=language)
    return chat


def follow(database: Database, clock: ManualClock) -> None:
    drain(database, clock, FOLLOWERS)


def clock_of(database: Database, id: UUID) -> SlaClock:
    with database.transaction() as session:
        return session.get_one(SlaClock, id)


def tell(database: Database, clock: ManualClock, conversation: UUID, who: str, body: str) -> None:
    with database.transaction() as session:
        say(session, MARTA if who == "marta" else ANA, conversation, body, clock.now())
    follow(database, clock)


def test_the_first_answer_then_the_next_then_nothing(desk: Database, clock: ManualClock) -> None:
    start = clock.now()
    chat = ask(desk, start)
    follow(desk, clock)
    first = clock_of(desk, chat)
    assert (first.due_kind, first.due_at) == ("first_response", start + 15 * MINUTE)
    clock.advance(10 * MINUTE)
    with desk.transaction() as session:
        actions.take(session, MARTA, chat, clock.now())
        actions.note(session, MARTA, chat, new_id(), "Hm", clock.now())
    follow(desk, clock)
    assert clock_of(desk, chat).due_at == start + 15 * MINUTE, "neither taking nor notes answer"
    tell(desk, clock, chat, "marta", "I am looking")
    waited_for = clock_of(desk, chat)
    assert (waited_for.due_at, waited_for.since) == (None, None)
    clock.advance(60 * MINUTE)
    asked = clock.now()
    tell(desk, clock, chat, "ana", "And now?")
    tell(desk, clock, chat, "ana", "Hello?")
    again = clock_of(desk, chat)
    assert (again.due_kind, again.due_at) == ("next_response", asked + 30 * MINUTE)
    with desk.transaction() as session:
        actions.resolve(session, MARTA, chat, clock.now())
    follow(desk, clock)
    with desk.reading() as session:
        assert session.get(SlaClock, chat) is None


def test_the_time_for_the_whole_matter_does_not_run_while_the_buyer_is_waited_for(
    desk: Database, clock: ManualClock
) -> None:
    chat = ask(desk, clock.now())
    follow(desk, clock)
    for _ in range(5):
        clock.advance(20 * MINUTE)
        tell(desk, clock, chat, "marta", "What else?")
        clock.advance(500 * MINUTE)
        tell(desk, clock, chat, "ana", "This, too")
    last = clock_of(desk, chat)
    assert last.resolution_used_s == 5 * 20 * 60
    assert (last.due_kind, last.due_at) == ("resolution", clock.now() + 20 * MINUTE)


def test_outside_the_hours_nothing_runs(desk: Database, clock: ManualClock) -> None:
    """The Russian team ends at one at night in Moscow, which is ten in the evening UTC."""
    clock.advance(timedelta(hours=9, minutes=50))  # 21:50
    chat = ask(desk, clock.now(), "ru")
    follow(desk, clock)
    found = clock_of(desk, chat)
    assert found.team == "support-ru"
    assert found.due_at == clock.now() + timedelta(minutes=10, hours=6, seconds=300)


def test_snoozed_it_stands_still(desk: Database, clock: ManualClock) -> None:
    chat = ask(desk, clock.now())
    follow(desk, clock)
    clock.advance(5 * MINUTE)
    with desk.transaction() as session:
        actions.take(session, MARTA, chat, clock.now())
        snooze(session, MARTA, chat, clock.now() + timedelta(hours=20), clock.now())
    follow(desk, clock)
    assert (clock_of(desk, chat).due_at, clock_of(desk, chat).snoozed) == (None, True)
    clock.advance(timedelta(hours=3))
    with desk.transaction() as session:
        wake(session, MARTA, chat, clock.now())
    follow(desk, clock)
    assert clock_of(desk, chat).due_at == clock.now() + 10 * MINUTE


def test_missed_is_marked_at_its_time_not_before_and_once(
    desk: Database, clock: ManualClock
) -> None:
    late, later = ask(desk, clock.now()), ask(desk, clock.now() + MINUTE)
    follow(desk, clock)
    clock.advance(15 * MINUTE - timedelta(seconds=1))
    assert not fire_next(desk, TIMERS, clock.now())
    clock.advance(timedelta(seconds=1))
    assert fire_next(desk, TIMERS, clock.now())
    assert not fire_next(desk, TIMERS, clock.now())
    with desk.reading() as session:
        assert counts(session, MARTA).due == 1
        rows = inbox(session, MARTA, Asked("due")).items
        assert [(row.view.id, row.marks.sla.breached) for row in rows if row.marks.sla] == [
            (late, True),
            (later, False),
        ]
    clock.advance(MINUTE)
    assert fire_next(desk, TIMERS, clock.now())
    with desk.reading() as session:
        told = session.scalars(select(EventRow.subject).where(EventRow.kind == SLA_BREACHED)).all()
    assert list(told) == [late, later]


def test_urgent_matters_have_their_own_targets(desk: Database, clock: ManualClock) -> None:
    start = clock.now()
    chat = ask(desk, start)
    with desk.transaction() as session:
        set_priority(session, MARTA, chat, new_id(), 1, clock.now())
    follow(desk, clock)
    assert clock_of(desk, chat).due_at == start + 5 * MINUTE


def test_new_targets_count_at_once(desk: Database, clock: ManualClock) -> None:
    start = clock.now()
    chat = ask(desk, start)
    follow(desk, clock)
    clock.advance(2 * MINUTE)
    with desk.transaction() as session:
        sla_actions.save_targets(session, TEO, [Target(first_response_s=60)], clock.now())
    changed = clock_of(desk, chat)
    assert (changed.due_at, changed.breached) == (start + MINUTE, True)
    with desk.transaction() as session:
        sla_actions.save_targets(session, TEO, [], clock.now())
    assert clock_of(desk, chat).due_at is None


def test_other_hours_count_at_once(desk: Database, clock: ManualClock) -> None:
    start = clock.now()  # 15:00 in Moscow
    chat = ask(desk, start, "ru")
    follow(desk, clock)
    assert clock_of(desk, chat).due_at == start + 15 * MINUTE
    with desk.transaction() as session:
        team = session.get_one(Team, "support-ru")
        names = ("names", "language", "fallback", "skill", "zone", "always", "exceptions")
        rest = {name: getattr(team, name) for name in (*names, "overflow_to", "overflow_after_s")}
        week = {day: [["15:10", "16:00"]] for day in DAYS}
        set_team(session, TEO, "support-ru", rest | {"week": week}, clock.now())
    follow(desk, clock)
    assert clock_of(desk, chat).due_at == start + 25 * MINUTE


def test_who_may_set_what(session: Session, people: None, now: datetime) -> None:
    with pytest.raises(Forbidden):
        sla_actions.save_targets(session, MARTA, TARGETS, now)
    for wrong in ([Target(), Target()], [Target(channel="telepathy")]):
        with pytest.raises(Invalid):
            sla_actions.save_targets(session, TEO, wrong, now)
    sla_actions.load_default_targets(session)
    assert targets(session) == sorted(
        sla_rules.DEFAULT_TARGETS, key=lambda one: f"{one.priority or '*'}"
    )
    sla_actions.save_targets(session, TEO, TARGETS[:1], now)
    sla_actions.load_default_targets(session)
    assert targets(session) == TARGETS[:1], "an upgrade leaves what was set"


def test_a_batch_costs_the_same_for_one_and_for_twenty(desk: Database, clock: ManualClock) -> None:
    from sqlalchemy import event

    seen: list[str] = []
    event.listen(desk.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    costs = []
    for many in (1, 20):
        for _ in range(many):
            ask(desk, clock.now())
        seen.clear()
        drain(desk, clock, FOLLOWERS)
        costs.append(len(seen))
    assert costs[0] == costs[1]
