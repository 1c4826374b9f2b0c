"""Promises (J10): tags, following, mentions, priority, macros, saved views; each once."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from amparo.accounts.models import StaffCredential
from amparo.conversations.queries import conversation_for, events_after
from amparo.desk import (
    actions,
    deeds_rules,
    macros_actions,
    rules,
    shipped_actions,
    shipped_rules,
    tags_actions,
    views_actions,
)
from amparo.desk.deeds_rules import Deed
from amparo.desk.followers import DeskPlaces, Mentions
from amparo.desk.inbox_queries import Asked, InboxRow, inbox
from amparo.desk.queries import counts
from amparo.desk.tags_queries import known_tags
from amparo.kernel.actor import Actor
from amparo.kernel.clock import ManualClock
from amparo.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from amparo.kernel.languages import INTERFACE
from amparo.routing.actions import ask_for_person
from amparo.storage.followers import Follower, drain, enrol
from amparo.storage.session import Database
from tests.people import ANA, MARTA, OLGA, PAVEL, TEO, WEI, open_chat, say

pytestmark = pytest.mark.usefixtures("people")
FOLLOWERS: list[Follower] = [DeskPlaces(), Mentions()]


def waiting(session: Session, now: datetime, actor: Actor = ANA, language: str = "en") -> UUID:
    chat = open_chat(session, actor, now)
    ask_for_person(session, actor, chat, now, language=language)
    return chat


def row(session: Session, chat: UUID, actor: Actor = MARTA) -> InboxRow:
    found = inbox(session, actor, Asked("all"), limit=100).items
    return next(one for one in found if one.view.id == chat)


def staff_events(session: Session, chat: UUID, kind: str) -> list[dict[str, object]]:
    return [one.data for one in events_after(session, MARTA, chat, 0) if one.kind == kind]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Lost   Parcel ", "lost-parcel"),
        ("ВОЗВРАТ", "возврат"),
        ("Straße", "strasse"),
        ("ﬁne", "fine"),
        ("退款", "退款"),
        ("a.b_c+d&e/f", "a.b_c+d&e/f"),
    ],
)
def test_a_tag_has_one_spelling(written: str, kept: str) -> None:
    assert rules.tag_name(written) == kept
    assert rules.tag_name(kept) == kept


@pytest.mark.parametrize(
    "written", ["", "  ", "---", "a" * 41, "x<script>", "a\u0000b;", "🙂", "a,b"]
)
def test_what_cannot_be_a_tag(written: str) -> None:
    with pytest.raises(Invalid) as problem:
        rules.tag_name(written)
    assert problem.value.code == "tag_unreadable"


def test_tags_are_put_on_and_taken_off_once(session: Session, now: datetime) -> None:
    chat, request = waiting(session, now), uuid4()
    put = ["Refund", "VIP", "refund"]
    assert tags_actions.change_tags(session, MARTA, chat, request, now, add=put) == [
        "refund",
        "vip",
    ]
    off = tags_actions.change_tags(session, TEO, chat, uuid4(), now, remove=["vip"])
    assert off == ["refund"]
    again = tags_actions.change_tags(session, MARTA, chat, request, now, add=put)
    assert again == ["refund", "vip"], "the first answer; nothing is put on again"
    assert row(session, chat).marks.tags == ("refund",)
    told = staff_events(session, chat, "tags")
    assert [one["tags"] for one in told] == [["refund", "vip"], ["refund"]]
    assert told[0]["by"] == {"id": str(MARTA.person_id), "name": "Marta"}
    assert not [one for one in events_after(session, ANA, chat, 0) if one.kind == "tags"]
    assert known_tags(session, "RE") == ["refund"]
    with pytest.raises(Conflict) as problem:
        tags_actions.change_tags(session, MARTA, chat, request, now, add=["other"])
    assert problem.value.code == "request_id_used"


def test_tags_are_bounded(session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = waiting(session, now)
    many = [f"tag{number}" for number in range(rules.TAGS_OF_ONE + 1)]
    with pytest.raises(Invalid) as problem:
        tags_actions.change_tags(session, MARTA, chat, uuid4(), now, add=many)
    assert problem.value.code == "too_many_tags"
    monkeypatch.setattr(rules, "TAGS_KNOWN", 3)
    tags_actions.change_tags(session, MARTA, chat, uuid4(), now, add=many[:3])
    with pytest.raises(Conflict):
        tags_actions.change_tags(session, MARTA, chat, uuid4(), now, add=["fourth"])
    other = waiting(session, now)
    tags_actions.change_tags(session, MARTA, other, uuid4(), now, add=many[:1])


def test_lists_by_tag_and_of_what_one_follows_move_with_the_conversation(
    populated: Database, clock: ManualClock
) -> None:
    now = clock.now()
    enrol(populated, FOLLOWERS)
    with populated.transaction() as session:
        first, second = (waiting(session, now + timedelta(seconds=n)) for n in range(2))
        for chat in (first, second):
            tags_actions.change_tags(session, MARTA, chat, uuid4(), now, add=["refund"])
            tags_actions.follow(session, MARTA, chat, on=True)
    drain(populated, clock, FOLLOWERS)
    for asked in (Asked("all", "refund"), Asked("followed")):
        with populated.reading() as session:
            assert [r.view.id for r in inbox(session, MARTA, asked).items] == [second, first]
    with populated.transaction() as session:
        say(session, ANA, first, "Hello?", now + timedelta(minutes=1))
    drain(populated, clock, FOLLOWERS)
    for asked in (Asked("all", "refund"), Asked("followed")):
        with populated.reading() as session:
            assert [r.view.id for r in inbox(session, MARTA, asked).items] == [first, second]
            assert inbox(session, TEO, Asked("followed")).items == []
    with populated.transaction() as session:
        tags_actions.follow(session, MARTA, first, on=False)
        tags_actions.follow(session, MARTA, first, on=False)
        assert [r.view.id for r in inbox(session, MARTA, Asked("followed")).items] == [second]


def test_the_team_stays_when_the_queue_is_left(populated: Database, clock: ManualClock) -> None:
    enrol(populated, FOLLOWERS)
    with populated.transaction() as session:
        chat = waiting(session, clock.now(), OLGA, "ru")
    drain(populated, clock, FOLLOWERS)
    with populated.transaction() as session:
        actions.resolve(session, MARTA, chat, clock.now())
        [found] = inbox(session, MARTA, Asked("resolved")).items
    assert found.team == "support-ru"


def test_a_mention_is_unread_until_one_has_looked(populated: Database, clock: ManualClock) -> None:
    now = clock.now()
    enrol(populated, FOLLOWERS)
    with populated.transaction() as session:
        session.add(
            StaffCredential(
                person_id=TEO.person_id,
                email="teo@mercadia.example",
                password_hash="-",
                languages=["en"],
                changed_at=now,
            )
        )
        chat = waiting(session, now)
        actions.note(session, MARTA, chat, uuid4(), "Teo, look", now, mentions=[TEO.person_id])
    drain(populated, clock, FOLLOWERS)
    with populated.transaction() as session:
        assert (counts(session, TEO).mentions, counts(session, MARTA).mentions) == (1, 0)
        [named] = inbox(session, TEO, Asked("mentions")).items
        assert (named.view.id, named.marks.mentioned) == (chat, True)
        tags_actions.see_mentions(session, TEO, chat, now)
        tags_actions.see_mentions(session, TEO, chat, now)
        assert counts(session, TEO).mentions == 0
        [seen] = inbox(session, TEO, Asked("mentions")).items
        assert not seen.marks.mentioned, "it stays in the list"
        later = now + timedelta(minutes=1)
        actions.note(session, MARTA, chat, uuid4(), "Teo?", later, mentions=[TEO.person_id])
    drain(populated, clock, FOLLOWERS)
    with populated.transaction() as session:
        assert counts(session, TEO).mentions == 1
        actions.note(session, TEO, chat, uuid4(), "I see", now + timedelta(minutes=2))
    drain(populated, clock, FOLLOWERS)
    with populated.reading() as session:
        assert counts(session, TEO).mentions == 0, "who answers has looked"


def test_priority_moves_the_place_in_the_queue(session: Session, now: datetime) -> None:
    first, second = (waiting(session, now + timedelta(seconds=n)) for n in range(2))
    request = uuid4()
    for _ in range(2):
        tags_actions.set_priority(session, MARTA, second, request, 1, now)
    assert [r.view.id for r in inbox(session, MARTA, Asked("waiting")).items] == [second, first]
    assert [one["priority"] for one in staff_events(session, second, "priority")] == [1]
    assert row(session, second).priority == 1
    with pytest.raises(Invalid):
        tags_actions.set_priority(session, MARTA, second, uuid4(), 10, now)


def macro(session: Session, now: datetime, *deeds: Deed, **rest: object) -> UUID:
    id = uuid4()
    given: dict[str, object] = {"key": f"m-{id.hex[:8]}", "name": "A macro", "texts": {}} | rest
    macros_actions.save_macro(session, TEO, id, now, deeds=deeds, new=True, **given)  # type: ignore[arg-type]
    return id


def test_a_macro_does_all_its_actions_once(session: Session, now: datetime) -> None:
    chat, request = waiting(session, now), uuid4()
    actions.take(session, MARTA, chat, now)
    settle = macro(
        session,
        now,
        Deed("resolve"),
        Deed("tag", tag="Settled Well"),
        Deed("note", note="By the book"),
        Deed("priority", priority=7),
        Deed("follow"),
    )
    for _ in range(2):
        view = macros_actions.run_macro(session, MARTA, chat, request, settle, now)
        assert view.state == "resolved"
    [found] = inbox(session, MARTA, Asked("resolved")).items
    assert (found.marks.tags, found.marks.followed) == (("settled-well",), True)
    assert len([d for d in staff_events(session, chat, "message") if d["kind"] == "note"]) == 1


def test_a_macro_does_everything_or_nothing(populated: Database, now: datetime) -> None:
    with populated.transaction() as session:
        chat = waiting(session, now)
        lost = macro(session, now, Deed("tag", tag="x"), Deed("transfer", team="no-such-team"))
    with pytest.raises(Problem), populated.transaction() as session:
        macros_actions.run_macro(session, MARTA, chat, uuid4(), lost, now)
    with populated.reading() as session:
        assert row(session, chat).marks.tags == ()


def test_a_macro_snoozes_and_hands_on(session: Session, now: datetime) -> None:
    chat = waiting(session, now)
    actions.take(session, MARTA, chat, now)
    tomorrow = macro(session, now, Deed("snooze", minutes=60))
    view = macros_actions.run_macro(session, MARTA, chat, uuid4(), tomorrow, now)
    assert view.state == "snoozed"
    [found] = inbox(session, MARTA, Asked("snoozed")).items
    assert found.snoozed_until == now + timedelta(hours=1)
    other = waiting(session, now)
    actions.take(session, MARTA, other, now)
    on = macro(session, now, Deed("transfer", team="support-ru", note="Speaks Russian"))
    assert macros_actions.run_macro(session, MARTA, other, uuid4(), on, now).state == "waiting"
    assert row(session, other).team == "support-ru"


@pytest.mark.parametrize(
    "deeds",
    [
        [Deed("tag", tag="")],
        [Deed("priority")],
        [Deed("snooze")],
        [Deed("transfer")],
        [Deed("transfer", team="a", operator=uuid4())],
        [Deed("transfer", team="a\u0000")],
        [Deed("note", note=" ")],
        [Deed("take")],
        [Deed("resolve"), Deed("snooze", minutes=5)],
        [Deed("follow")] * 11,
    ],
    ids=lambda deeds: "+".join(deed.do for deed in deeds)[:30],
)
def test_what_a_macro_cannot_do(session: Session, now: datetime, deeds: list[Deed]) -> None:
    with pytest.raises(Invalid):
        macro(session, now, *deeds)


def test_macros_are_the_administrators_to_change(session: Session, now: datetime) -> None:
    id = macro(session, now, texts={"en": "Thank you", "ru": "Спасибо"}, key="thanks")
    with pytest.raises(Invalid) as empty:
        macro(session, now)
    assert empty.value.code == "macro_empty"
    with pytest.raises(Conflict):
        macro(session, now, texts={"en": "x"}, key="thanks")
    with pytest.raises(Invalid):
        macro(session, now, texts={"xx": "x"})
    with pytest.raises(Forbidden):
        macros_actions.remove_macro(session, MARTA, id)
    own = macro(session, now, texts={"en": "Mine"}, shared=False)
    assert [one.id for one in macros_actions.macros_for(session, MARTA)] == [id]
    assert {one.id for one in macros_actions.macros_for(session, TEO)} == {id, own}
    with pytest.raises(NotFound):
        macros_actions.run_macro(session, MARTA, waiting(session, now), uuid4(), own, now)
    macros_actions.remove_macro(session, TEO, id)
    assert macros_actions.macros_for(session, MARTA) == []


def test_what_comes_with_an_installation_is_whole_and_stays_as_edited(
    session: Session, now: datetime
) -> None:
    for shipped in shipped_rules.MACROS:
        assert set(shipped["texts"]) == set(INTERFACE)
        kept = [deeds_rules.from_kept(one) for one in shipped["actions"]]
        assert [deeds_rules.as_kept(one) for one in deeds_rules.of_macro(kept)] == list(
            shipped["actions"]
        )
    shipped_actions.load(session, now)
    rows = {one.key: one for one in macros_actions.macros_for(session, MARTA)}
    assert set(rows) == {one["key"] for one in shipped_rules.MACROS}
    rows["greeting"].name = "Our greeting"
    macros_actions.remove_macro(session, TEO, rows["settled"].id)
    session.flush()
    shipped_actions.load(session, now)
    after = [one.name for one in macros_actions.macros_for(session, MARTA)]
    assert "Our greeting" in after
    assert len(after) == len(rows) - 1, "what was removed stays away"
    assert "refund" in known_tags(session)


def test_views_are_ones_own_or_shared(session: Session, now: datetime) -> None:
    mine, shared = uuid4(), uuid4()
    query = {"view": "all", "tag": "vip", "order": "due", "language": ""}
    for id, name, public in ((mine, "Mine", False), (shared, " VIP  now ", True)):
        views_actions.save_view(
            session, MARTA, id, now, name=name, query=query, shared=public, new=True
        )
    [one, other] = views_actions.views_for(session, MARTA)
    assert (one.name, other.name) == ("Mine", "VIP now")
    assert one.query == {"view": "all", "tag": "vip", "order": "due"}
    assert [view.id for view in views_actions.views_for(session, PAVEL)] == [shared]
    for operator, id in ((PAVEL, shared), (PAVEL, mine), (TEO, mine)):
        with pytest.raises(NotFound):
            views_actions.remove_view(session, operator, id)
    views_actions.remove_view(session, TEO, shared)
    for wrong in ({"view": "everything"}, {"order": "best"}, {"limit": "5"}, {"tag": "x" * 90}):
        with pytest.raises(Invalid):
            views_actions.save_view(session, MARTA, mine, now, name="x", query=wrong, shared=False)


def test_nobody_but_staff_does_any_of_it(session: Session, now: datetime) -> None:
    chat, some = waiting(session, now), macro(session, now, texts={"en": "x"})
    for actor in (ANA, OLGA, WEI):
        for refused in (
            lambda who=actor: tags_actions.change_tags(session, who, chat, uuid4(), now),
            lambda who=actor: tags_actions.follow(session, who, chat, on=True),
            lambda who=actor: tags_actions.set_priority(session, who, chat, uuid4(), 1, now),
            lambda who=actor: tags_actions.see_mentions(session, who, chat, now),
            lambda who=actor: macros_actions.run_macro(session, who, chat, uuid4(), some, now),
            lambda who=actor: views_actions.views_for(session, who),
            lambda who=actor: macros_actions.macros_for(session, who),
        ):
            with pytest.raises(Forbidden):
                refused()
    assert conversation_for(session, MARTA, chat).state == "waiting"
