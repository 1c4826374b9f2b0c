"""The road of a message: stored once, in order, seen by its audience and by nobody else."""

import itertools
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from amparo.conversations.actions import change_state, head_for, join_visitor, post_messages
from amparo.conversations.posting import Stored
from amparo.conversations.queries import conversation_for, conversations_for, events_after
from amparo.conversations.rules import Draft, Opening
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict, Invalid, NotFound, Problem
from amparo.kernel.ids import new_id
from amparo.storage.events import read_log
from amparo.storage.session import Database
from tests.conversations.conftest import counted_statements
from tests.people import ANA, MARTA, OLGA, TEO, VISITOR, WEI, draft, open_chat, populate, say

pytestmark = pytest.mark.usefixtures("people")


def stream(session: Session, actor: Actor, conversation: object) -> list[tuple[int, str]]:
    """(number, text or kind) of the actor's stream."""
    events = events_after(session, actor, conversation, 0)  # type: ignore[arg-type]
    return [(event.seq, event.data.get("body", event.kind)) for event in events]


def test_both_sides_read_the_same_conversation(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    say(session, MARTA, chat, "Let me look", now)
    expected = [(1, "Where is my parcel?"), (2, "Let me look")]
    assert stream(session, ANA, chat) == stream(session, MARTA, chat) == expected


def test_a_note_is_not_even_a_missing_number(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    say(session, MARTA, chat, "She seems upset", now, kind="note")
    say(session, MARTA, chat, "It arrives tomorrow", now)
    assert stream(session, ANA, chat) == [(1, "Where is my parcel?"), (2, "It arrives tomorrow")]
    assert [number for number, _ in stream(session, MARTA, chat)] == [1, 2, 3]
    view = conversation_for(session, ANA, chat)
    assert (view.last_seq, view.preview) == (2, "It arrives tomorrow")


def test_a_note_does_not_change_what_the_buyer_sees(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    before = conversation_for(session, ANA, chat)
    say(session, MARTA, chat, "Secret", now, kind="note")
    assert conversation_for(session, ANA, chat) == before


def test_the_same_message_again_is_the_first_result(session: Session, now: datetime) -> None:
    chat, name = open_chat(session, ANA, now), new_id()
    first = say(session, ANA, chat, "Hello", now, client_id=name)
    later = say(session, ANA, chat, "Hello", now + timedelta(days=400), client_id=name)
    assert later.repeated
    assert (later.message_id, later.seq, later.at) == (first.message_id, first.seq, first.at)
    assert len(stream(session, ANA, chat)) == 2


def test_what_a_visitor_sent_and_the_buyer_sends_again_is_one_message(
    session: Session, now: datetime
) -> None:
    """No answer came, the visitor signed in, the outbox sends again: as somebody else now."""
    chat, name = open_chat(session, VISITOR, now), new_id()
    first = say(session, VISITOR, chat, "Hello", now, client_id=name)
    join_visitor(session, ANA, VISITOR.person_id, now)
    again = say(session, ANA, chat, "Hello", now, client_id=name)
    assert (again.repeated, again.message_id) == (True, first.message_id)
    assert [said for _, said in stream(session, ANA, chat)].count("Hello") == 1


def test_a_buyer_whose_ids_are_not_unique_joins_all_the_same(
    session: Session, now: datetime
) -> None:
    mine, theirs, name = open_chat(session, ANA, now), open_chat(session, VISITOR, now), new_id()
    say(session, ANA, mine, "Mine", now, client_id=name)
    say(session, VISITOR, theirs, "Theirs", now, client_id=name)
    assert join_visitor(session, ANA, VISITOR.person_id, now) == [theirs]
    again = post_messages(session, [draft(ANA, theirs, "Theirs", client_id=name)], now)[0]
    assert isinstance(again, Conflict)


def test_the_same_message_twice_in_one_batch(session: Session, now: datetime) -> None:
    chat, name = open_chat(session, ANA, now), new_id()
    message = draft(ANA, chat, "Hello", client_id=name)
    first, second = post_messages(session, [message, message], now)
    assert first == second
    assert len(stream(session, ANA, chat)) == 2


def test_the_same_name_for_another_text_is_an_error(session: Session, now: datetime) -> None:
    chat, name = open_chat(session, ANA, now), new_id()
    say(session, ANA, chat, "Hello", now, client_id=name)
    again = draft(ANA, chat, "Good-bye", client_id=name)
    for batch in ([again], [draft(ANA, chat, "Hi"), again]):
        refusal = post_messages(session, batch, now)[-1]
        assert isinstance(refusal, Conflict)
        assert refusal.code == "client_id_used"


def test_two_people_may_use_the_same_name(session: Session, now: datetime) -> None:
    name = new_id()
    say(session, ANA, open_chat(session, ANA, now), "Mine", now, client_id=name)
    say(session, OLGA, open_chat(session, OLGA, now), "Mine too", now, client_id=name)


def test_opening_is_repeatable(session: Session, now: datetime) -> None:
    chat, name = new_id(), new_id()
    opening = Opening(language="es", topic="orders")
    first = say(session, ANA, chat, "Hola", now, client_id=name, opening=opening)
    again = say(session, ANA, chat, "Hola", now, client_id=name, opening=opening)
    assert again.repeated
    assert again.message_id == first.message_id
    assert stream(session, ANA, chat) == [(1, "Hola")]


def test_a_refused_first_message_opens_nothing(session: Session, now: datetime) -> None:
    chat = new_id()
    outcome = post_messages(session, [draft(ANA, chat, "x" * 141, opening=Opening())], now)[0]
    assert isinstance(outcome, Invalid)
    with pytest.raises(NotFound):
        conversation_for(session, ANA, chat)


def test_opening_about_a_foreign_order_is_not_found(session: Session, now: datetime) -> None:
    opening = Opening(order_ref="somebody-elses")
    outcome = post_messages(session, [draft(ANA, new_id(), "Hola", opening=opening)], now)[0]
    assert isinstance(outcome, NotFound)


@pytest.mark.parametrize("actor", [OLGA, WEI, VISITOR])
def test_strangers_find_nothing(session: Session, now: datetime, actor: Actor) -> None:
    chat = open_chat(session, ANA, now)
    for attempt in (
        lambda: conversation_for(session, actor, chat),
        lambda: events_after(session, actor, chat, 0),
        lambda: head_for(session, actor, chat),
    ):
        with pytest.raises(NotFound):
            attempt()
    for opening in (None, Opening()):
        outcome = post_messages(session, [draft(actor, chat, "Let me in", opening=opening)], now)[0]
        assert isinstance(outcome, Problem)
        assert outcome.code in ("not_found", "channel_not_available")
    assert conversations_for(session, actor).items == []
    assert len(stream(session, ANA, chat)) == 1


def test_one_refused_draft_does_not_touch_the_others(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    batch = [
        draft(ANA, chat, "one"),
        draft(ANA, chat, ""),
        draft(OLGA, chat, "mine?"),
        draft(ANA, chat, "two"),
    ]
    kinds = [type(outcome) for outcome in post_messages(session, batch, now)]
    assert kinds == [Stored, Invalid, NotFound, Stored]
    assert [body for _, body in stream(session, ANA, chat)][1:] == ["one", "two"]


def test_a_message_costs_five_statements_and_a_batch_no_more(
    database: Database, now: datetime
) -> None:
    with database.transaction() as session:
        populate(session, now)
        chats = [open_chat(session, ANA, now) for _ in range(50)]
    counts = []
    for size in (1, 4 * len(chats)):
        drafts = [draft(ANA, chats[n % len(chats)], "Hello") for n in range(size)]
        with counted_statements(database) as statements, database.transaction() as session:
            outcomes = post_messages(session, drafts, now)
        assert all(isinstance(outcome, Stored) for outcome in outcomes)
        counts.append(len(statements))
    assert counts[0] <= 5
    assert counts[1] == counts[0]


def test_what_was_written_is_kept_to_the_letter(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    for body in ("<script>alert(1)</script>", "'; DROP TABLE message; --", "مرحبا 👋🏽", "a\nb\tc"):
        say(session, MARTA, chat, body, now)
        assert stream(session, ANA, chat)[-1][1] == body


def test_a_matter_resolved_long_ago_is_closed(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    change_state(session, head_for(session, ANA, chat), "resolve", now)
    say(session, ANA, chat, "One more thing", now + timedelta(days=13))
    late = post_messages(session, [draft(ANA, chat, "Hello?")], now + timedelta(days=15))[0]
    assert isinstance(late, Conflict)
    assert late.code == "conversation_closed"


def test_a_visitors_conversation_joins_the_buyer(session: Session, now: datetime) -> None:
    chat = open_chat(session, VISITOR, now)
    assert join_visitor(session, ANA, VISITOR.person_id, now) == [chat]
    assert stream(session, ANA, chat) == [(1, "Where is my parcel?"), (2, "joined")]
    with pytest.raises(NotFound):
        conversation_for(session, VISITOR, chat)


def test_pages_do_not_skip_or_repeat(session: Session, now: datetime) -> None:
    chats = {open_chat(session, ANA, now + timedelta(seconds=n // 2)) for n in range(7)}
    seen: list[object] = []
    cursor: str | None = None
    while True:
        page = conversations_for(session, ANA, cursor=cursor, limit=2)
        seen += [view.id for view in page.items]
        if (cursor := page.next) is None:
            break
    assert len(seen) == 7
    assert set(seen) == chats


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from([ANA, MARTA, TEO]), st.sampled_from(["text", "note"])),
        min_size=1,
        max_size=12,
    ),
    cuts=st.lists(st.integers(0, 12), max_size=4),
)
def test_streams_have_no_gaps_however_batched(
    session: Session, now: datetime, steps: list[tuple[Actor, str]], cuts: list[int]
) -> None:
    chat = open_chat(session, ANA, now)
    drafts: list[Draft] = [
        draft(actor, chat, f"{number}", kind="text" if actor is ANA else kind)
        for number, (actor, kind) in enumerate(steps)
    ]
    bounds = sorted({0, len(drafts), *(min(cut, len(drafts)) for cut in cuts)})
    for start, stop in itertools.pairwise(bounds):
        post_messages(session, drafts[start:stop], now)
    public = [d.body for d in drafts if d.kind == "text"]
    assert stream(session, ANA, chat)[1:] == list(enumerate(public, start=2))
    assert stream(session, MARTA, chat)[1:] == list(enumerate([d.body for d in drafts], start=2))


def test_resuming_from_any_number_gives_the_rest(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    for number in range(5):
        say(session, MARTA, chat, str(number), now)
    whole = events_after(session, ANA, chat, 0)
    for after in range(7):
        assert events_after(session, ANA, chat, after) == whole[after:]


def test_events_reach_followers_in_the_order_of_commits(database: Database, now: datetime) -> None:
    """An event that commits late is not jumped over by a reader of the log."""
    with database.transaction() as session:
        populate(session, now)
        mine, other = open_chat(session, ANA, now), open_chat(session, OLGA, now)
    with database.reading() as session:
        place = [(e.xid, e.ordinal) for e in read_log(session, 0, 0, 100)][-1]
    with database.transaction() as slow:
        say(slow, ANA, mine, "slow", now)
        with database.transaction() as quick:
            say(quick, OLGA, other, "quick", now)
        with database.reading() as session:
            assert read_log(session, *place, 100) == []  # not even the one that has committed
    with database.reading() as session:
        seen = [e.data["body"] for e in read_log(session, *place, 100)]
    assert sorted(seen) == ["quick", "slow"]


def test_a_rolled_back_message_never_was(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        populate(session, now)
        chat = open_chat(session, ANA, now)

    def fail() -> None:
        with database.transaction() as session:
            say(session, ANA, chat, "lost", now)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.reading() as session:
        assert stream(session, ANA, chat) == [(1, "Where is my parcel?")]
        assert session.scalar(text("SELECT count(*) FROM message")) == 1
