"""Promises (J10): one inbox in order of service; everything about a matter beside it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from amparo.conversations.queries import conversation_for, events_after
from amparo.desk import actions, queries
from amparo.desk.inbox_queries import Asked, inbox
from amparo.desk.rules import InboxView
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from amparo.routing.actions import ask_for_person
from tests.people import ANA, MARTA, OLGA, PAVEL, TEO, VISITOR, WEI, open_chat, say

pytestmark = pytest.mark.usefixtures("people")
NOBODY_OF_THE_STAFF = [ANA, OLGA, WEI, VISITOR, Actor(uuid4(), "integration")]


def waiting(
    session: Session, actor: Actor, now: datetime, language: str = "en", topic: str | None = None
) -> UUID:
    """A conversation whose buyer asked for a person."""
    conversation = open_chat(session, actor, now)
    ask_for_person(session, actor, conversation, now, language=language, topic=topic)
    return conversation


def minutes(now: datetime, count: int) -> datetime:
    return now + timedelta(minutes=count)


def ids(session: Session, actor: Actor, view: InboxView) -> list[UUID]:
    return [row.view.id for row in inbox(session, actor, Asked(view)).items]


def test_what_waits_is_listed_in_order_of_service(session: Session, now: datetime) -> None:
    first = waiting(session, ANA, now)
    second = waiting(session, OLGA, minutes(now, 1), "ru")
    urgent = waiting(session, VISITOR, minutes(now, 2), topic="payment")
    say(session, ANA, first, "Hello? Is anybody there?", minutes(now, 3))
    page = inbox(session, MARTA, Asked("waiting"))
    assert [row.view.id for row in page.items] == [urgent, first, second]
    assert [row.waiting_since for row in page.items] == [minutes(now, 2), now, minutes(now, 1)]
    assert page.items[0].priority < page.items[1].priority
    assert all(row.unanswered for row in page.items)
    assert page.items[1].said_at == minutes(now, 3)


@pytest.mark.parametrize("view", ["waiting", "all"])
def test_pages_of_the_inbox_lose_and_double_nothing(
    session: Session, now: datetime, view: InboxView
) -> None:
    made = [waiting(session, ANA, minutes(now, count // 3)) for count in range(7)]
    seen: list[UUID] = []
    cursor: str | None = None
    while True:
        page = inbox(session, MARTA, Asked(view), cursor=cursor, limit=3)
        seen += [row.view.id for row in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert sorted(seen) == sorted(made)
    if view == "waiting":
        assert seen == made


@pytest.mark.parametrize("cursor", ["x", "W10", "WyIyMDI2LTA0LTE0VDEyOjAwOjAwWiIsICJ4Il0"])
@pytest.mark.parametrize("view", ["waiting", "all"])
def test_a_foreign_cursor_is_a_problem(session: Session, view: InboxView, cursor: str) -> None:
    with pytest.raises(Invalid) as problem:
        inbox(session, MARTA, Asked(view), cursor=cursor)
    assert problem.value.code == "cursor_unreadable"


def test_each_view_has_its_conversations(session: Session, now: datetime) -> None:
    with_assistant = open_chat(session, ANA, now)
    left = waiting(session, OLGA, now)
    taken = waiting(session, ANA, minutes(now, 1))
    done = waiting(session, VISITOR, minutes(now, 2))
    actions.take(session, MARTA, taken, minutes(now, 3))
    actions.resolve(session, MARTA, done, minutes(now, 3))
    assert ids(session, MARTA, "waiting") == [left]
    assert ids(session, MARTA, "mine") == [taken]
    assert set(ids(session, MARTA, "all")) == {left, taken}
    assert ids(session, MARTA, "resolved") == [done]
    assert ids(session, TEO, "mine") == []
    assert with_assistant not in ids(session, MARTA, "all"), "the assistant's work is not theirs"
    assert queries.counts(session, MARTA) == queries.Counts(waiting=1, mine=1, all_open=2)
    assert queries.counts(session, TEO) == queries.Counts(waiting=1, mine=0, all_open=2)


def test_an_answer_is_an_answer_and_a_note_is_none(session: Session, now: datetime) -> None:
    conversation = waiting(session, ANA, now)
    actions.take(session, MARTA, conversation, now)
    actions.note(session, MARTA, conversation, uuid4(), "Looks like a lost parcel", minutes(now, 1))
    row = inbox(session, MARTA, Asked("mine")).items[0]
    assert (row.unanswered, row.said_at) == (True, now)
    assert "lost parcel" not in (row.view.preview or "")
    say(session, MARTA, conversation, "I am looking into it", minutes(now, 2))
    row = inbox(session, MARTA, Asked("mine")).items[0]
    assert (row.unanswered, row.said_at) == (False, minutes(now, 2))
    assert (row.view.preview, row.view.last_party) == ("I am looking into it", "staff")


def test_a_note_leaves_no_trace_in_the_buyers_stream(session: Session, now: datetime) -> None:
    conversation = waiting(session, ANA, now)
    before = events_after(session, ANA, conversation, 0)
    seen = conversation_for(session, ANA, conversation)
    client = uuid4()
    stored = actions.note(session, MARTA, conversation, client, "Careful", minutes(now, 1))
    again = actions.note(session, MARTA, conversation, client, "Careful", minutes(now, 2))
    assert (again.message_id, again.repeated) == (stored.message_id, True)
    assert events_after(session, ANA, conversation, 0) == before
    assert conversation_for(session, ANA, conversation) == seen
    staff = events_after(session, MARTA, conversation, 0)
    assert [event.data["body"] for event in staff if event.data.get("kind") == "note"] == [
        "Careful"
    ]


def test_the_inbox_costs_the_same_for_two_and_for_twenty(
    session: Session, now: datetime, statements: Callable[[Callable[[], object]], int]
) -> None:
    for view in ("waiting", "all"):
        for _ in range(2):
            waiting(session, ANA, now)
        few = statements(lambda view=view: inbox(session, MARTA, Asked(view)))  # type: ignore[misc]
        for _ in range(20):
            waiting(session, OLGA, now)
        many = statements(lambda view=view: inbox(session, MARTA, Asked(view)))  # type: ignore[misc]
        assert few == many <= 12


def test_a_repeated_next_takes_one(session: Session, now: datetime) -> None:
    first, second = (waiting(session, ANA, now) for _ in range(2))
    request = uuid4()
    for _ in range(3):
        taken = actions.take_next(session, MARTA, request, now)
        assert taken is not None
        assert (taken.id, taken.state, taken.operator_name) == (first, "assigned", "Marta")
    following = actions.take_next(session, MARTA, uuid4(), now)
    assert following is not None
    assert following.id == second
    teos = waiting(session, ANA, now)
    same_id = actions.take_next(session, TEO, request, now)
    assert same_id is not None
    assert same_id.id == teos, "an id is its operator's own"


def test_nobody_waits_now_is_not_nobody_waits_ever(session: Session, now: datetime) -> None:
    request = uuid4()
    assert actions.take_next(session, MARTA, request, now) is None
    conversation = waiting(session, ANA, now)
    taken = actions.take_next(session, MARTA, request, now)
    assert taken is not None
    assert taken.id == conversation


def test_next_serves_the_languages_one_speaks(session: Session, now: datetime) -> None:
    russian = waiting(session, OLGA, minutes(now, 1), "ru")
    english = waiting(session, ANA, now)
    pavels = actions.take_next(session, PAVEL, uuid4(), minutes(now, 1))
    assert pavels is not None
    assert pavels.id == russian
    assert actions.take_next(session, PAVEL, uuid4(), minutes(now, 1)) is None
    assert ids(session, PAVEL, "waiting") == [english]


def test_the_second_taker_is_told_who_was_first(session: Session, now: datetime) -> None:
    conversation = waiting(session, ANA, now)
    actions.take(session, MARTA, conversation, now)
    with pytest.raises(Conflict) as problem:
        actions.take(session, TEO, conversation, now)
    assert (problem.value.code, problem.value.params) == ("already_taken", {"operator": "Marta"})
    assert actions.take(session, MARTA, conversation, now).operator_name == "Marta"


def test_giving_back_means_the_original_place(session: Session, now: datetime) -> None:
    first = waiting(session, ANA, now)
    second = waiting(session, OLGA, minutes(now, 1))
    actions.take(session, MARTA, first, minutes(now, 2))
    with pytest.raises(Conflict):
        actions.release(session, PAVEL, first, minutes(now, 3))
    view = actions.release(session, MARTA, first, minutes(now, 3))
    assert (view.state, view.operator_id) == ("waiting", None)
    assert ids(session, MARTA, "waiting") == [first, second]
    actions.take(session, MARTA, first, minutes(now, 4))
    assert actions.release(session, TEO, first, minutes(now, 5)).state == "waiting"


def test_the_context_shows_the_buyer_and_what_came_before(session: Session, now: datetime) -> None:
    earlier = waiting(session, ANA, now)
    actions.resolve(session, MARTA, earlier, minutes(now, 1))
    conversation = waiting(session, ANA, minutes(now, 2))
    waiting(session, OLGA, minutes(now, 2))
    found = queries.context(session, MARTA, conversation, minutes(now, 3))
    assert found.buyer == queries.BuyerCard(ANA.person_id, "buyer-ana", "Ana", "es", visitor=False)
    assert [one.id for one in found.earlier] == [earlier]
    assert (found.orders, found.order) == ([], None)
    unknown = waiting(session, VISITOR, now)
    card = queries.context(session, MARTA, unknown, now).buyer
    assert card is not None
    assert (card.visitor, card.ref) == (True, None)
    with pytest.raises(NotFound):
        queries.context(session, MARTA, uuid4(), now)


@pytest.mark.parametrize("actor", NOBODY_OF_THE_STAFF, ids=lambda actor: actor.role)
def test_nobody_but_staff_gets_anything(session: Session, now: datetime, actor: Actor) -> None:
    own = waiting(session, ANA, now)
    for refused in (
        lambda: inbox(session, actor, Asked("all")),
        lambda: queries.counts(session, actor),
        lambda: queries.context(session, actor, own, now),
        lambda: queries.overview(session, actor, now),
        lambda: actions.take_next(session, actor, uuid4(), now),
        lambda: actions.take(session, actor, own, now),
        lambda: actions.note(session, actor, own, uuid4(), "x", now),
        lambda: actions.resolve(session, actor, own, now),
        lambda: actions.release(session, actor, own, now),
    ):
        with pytest.raises(Forbidden):
            refused()
    assert conversation_for(session, MARTA, own).state == "waiting"


def test_the_overview_is_the_administrators(session: Session, now: datetime) -> None:
    with pytest.raises(Forbidden):
        queries.overview(session, MARTA, now)
    found = queries.overview(session, TEO, now)
    assert {team.language for team in found.teams} >= {"en", "ru"}
    assert found.counts.waiting == 0
