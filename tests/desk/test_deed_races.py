"""Promises (reliability R20): two operators at the desk at once: each thing happens once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from amparo.conversations.queries import conversation_for, events_after
from amparo.desk import actions, deeds_actions, macros_actions, merge_actions, tags_actions
from amparo.desk.deeds_rules import Deed
from amparo.desk.tags_queries import tags_of
from amparo.kernel.errors import Conflict, Problem
from amparo.kernel.ids import derived_id
from amparo.routing.actions import ask_for_person
from amparo.routing.transfer_actions import transfer
from amparo.storage.session import Database
from tests.people import ANA, MARTA, TEO, open_chat

Verb = Callable[[Session], Any]
ROUNDS = 6


def asked(database: Database, now: datetime) -> UUID:
    with database.transaction() as session:
        chat = open_chat(session, ANA, now)
        ask_for_person(session, ANA, chat, now, language="en")
    return chat


def at_once(database: Database, verbs: Sequence[Verb]) -> list[Any]:
    """What each gave, all started together, each in its own transaction; refusals as problems."""
    start = Barrier(len(verbs))

    def run(verb: Verb) -> Any:
        start.wait()
        try:
            with database.transaction() as session:
                return verb(session)
        except Problem as problem:
            return problem

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


def told(database: Database, chat: UUID, kind: str) -> list[dict[str, Any]]:
    with database.reading() as session:
        return [one.data for one in events_after(session, MARTA, chat, 0) if one.kind == kind]


def test_both_tag_and_no_tag_is_lost(populated: Database, now: datetime) -> None:
    for _ in range(ROUNDS):
        chat = asked(populated, now)
        at_once(
            populated,
            [
                lambda s, c=chat, n=n: tags_actions.change_tags(  # type: ignore[misc]
                    s, (MARTA, TEO)[n % 2], c, uuid4(), now, add=[f"tag-{n}"]
                )
                for n in range(4)
            ],
        )
        with populated.reading() as session:
            assert tags_of(session, [chat])[chat] == [f"tag-{n}" for n in range(4)]
        assert told(populated, chat, "tags")[-1]["tags"] == [f"tag-{n}" for n in range(4)]


def test_a_macro_sent_twice_at_once_is_done_once(populated: Database, now: datetime) -> None:
    macro = uuid4()
    with populated.transaction() as session:
        deeds = [Deed("note", note="Once"), Deed("tag", tag="x"), Deed("resolve")]
        macros_actions.save_macro(
            session, TEO, macro, now, key="once", name="Once", texts={}, deeds=deeds, new=True
        )
    for _ in range(ROUNDS):
        chat, request = asked(populated, now), uuid4()
        given = at_once(
            populated,
            [
                lambda s, c=chat, r=request: macros_actions.run_macro(s, MARTA, c, r, macro, now)  # type: ignore[misc]
            ]
            * 3,
        )
        assert [one.state for one in given] == ["resolved"] * 3
        notes = [one for one in told(populated, chat, "message") if one["kind"] == "note"]
        assert len(notes) == 1
        assert len([one for one in told(populated, chat, "state") if one["to"] == "resolved"]) == 1


def test_bulk_against_bulk_in_another_order(populated: Database, now: datetime) -> None:
    """As the route does it: a transaction for each conversation."""
    chats = [asked(populated, now) for _ in range(6)]
    bulk = uuid4()

    def run(order: Sequence[UUID], operator: Any, deed: Deed, request: UUID) -> list[str]:
        codes = []
        for chat in order:
            part = derived_id("bulk", request, chat)
            try:
                with populated.transaction() as session:
                    deeds_actions.do_once(session, operator, chat, deed, part, now)
                codes.append("done")
            except Problem as problem:
                codes.append(problem.code)
        return codes

    with ThreadPoolExecutor(3) as pool:
        runs = [
            pool.submit(run, chats, MARTA, Deed("resolve"), bulk),
            pool.submit(run, chats[::-1], MARTA, Deed("resolve"), bulk),
            pool.submit(run, chats[::-1], TEO, Deed("tag", tag="seen"), uuid4()),
        ]
        assert [one.result() for one in runs] == [["done"] * 6] * 3
    for chat in chats:
        ended = [one for one in told(populated, chat, "state") if one["to"] == "resolved"]
        assert len(ended) == 1
        assert [one["tags"] for one in told(populated, chat, "tags")] == [["seen"]]


def test_take_close_and_hand_on_end_in_a_legal_state(populated: Database, now: datetime) -> None:
    for _ in range(ROUNDS * 2):
        chat = asked(populated, now)
        given = at_once(
            populated,
            [
                lambda s, c=chat: actions.take(s, MARTA, c, now),  # type: ignore[misc]
                lambda s, c=chat: actions.resolve(s, TEO, c, now),  # type: ignore[misc]
                lambda s, c=chat: transfer(s, TEO, c, now, team="support-ru"),  # type: ignore[misc]
            ],
        )
        with populated.reading() as session:
            final = conversation_for(session, MARTA, chat)
        assert final.state == "resolved", "nobody takes it up again by themselves"
        refused = [one.code for one in given if isinstance(one, Problem)]
        assert set(refused) <= {"not_in_this_state", "already_taken"}


def test_merged_both_ways_at_once_one_wins(populated: Database, now: datetime) -> None:
    for _ in range(ROUNDS):
        one, other = asked(populated, now), asked(populated, now)
        given = at_once(
            populated,
            [
                lambda s, a=one, b=other: merge_actions.merge(s, MARTA, a, uuid4(), b, now),  # type: ignore[misc]
                lambda s, a=one, b=other: merge_actions.merge(s, TEO, b, uuid4(), a, now),  # type: ignore[misc]
            ],
        )
        lost = [answer for answer in given if isinstance(answer, Conflict)]
        assert [problem.code for problem in lost] == ["conversation_merged"]
        with populated.reading() as session:
            views = [conversation_for(session, MARTA, id) for id in (one, other)]
        assert sorted(view.state for view in views) == ["resolved", "waiting"]
        assert [v.merged_into is None for v in views].count(True) == 1


def test_undone_twice_at_once_is_undone_once(populated: Database, now: datetime) -> None:
    for _ in range(ROUNDS):
        one, other = asked(populated, now), asked(populated, now)
        with populated.transaction() as session:
            merge_actions.merge(session, MARTA, one, uuid4(), other, now)
        at_once(
            populated,
            [
                lambda s, w=who, a=one: merge_actions.undo_merge(s, w, a, uuid4(), now)  # type: ignore[misc]
                for who in (MARTA, TEO)
            ],
        )
        assert [e["into"] for e in told(populated, one, "merged")] == [str(other), None]
        with populated.reading() as session:
            assert conversation_for(session, MARTA, one).state == "waiting"
