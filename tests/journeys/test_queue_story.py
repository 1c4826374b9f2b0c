"""Operators who get conversations by themselves, told over HTTP and live sockets."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from amparo.kernel.clock import ManualClock, iso
from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.session import connect
from tests.conftest import TEMPLATE
from tests.journeys.clocked import Clocked, clocked_server
from tests.journeys.people import (
    PAVEL,
    TEO,
    Person,
    buyer,
    new_chat,
    populate,
    request_id,
    staff,
)
from tests.sockets import Live
from tests.storage.clusters import eventually

MINUTE = timedelta(minutes=1)


@pytest.fixture
def server(postgres: EmbeddedPostgres, tmp_path: Path, clock: ManualClock) -> Iterator[Clocked]:
    name = f"clocked_{uuid4().hex[:12]}"
    postgres.ensure_database(name, TEMPLATE)
    database = connect(postgres.url(name), pool=2)
    populate(database, clock.now())
    database.close()
    try:
        with clocked_server(postgres.url(name), tmp_path, clock) as server:
            yield server
    finally:
        postgres.drop_database(name)


def works(operator: Person, state: str, **rest: Any) -> dict[str, Any]:
    answer = operator.ask("PUT", "/desk/presence", json={"state": state, **rest})
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


def asks(person: Person, live: Live, **topic: str) -> tuple[str, dict[str, Any]]:
    """The person writes and asks for somebody; the chat and the place."""
    chat = new_chat(live, "Is anybody there?", "en")
    return chat, person.do(f"/conversations/{chat}/person", id=request_id(), **topic)


def until_state(live: Live, chat: str, state: str) -> dict[str, Any]:
    def last() -> list[dict[str, Any]]:
        return [event["data"] for event in live.events(chat, "state")]

    live.until(lambda: bool(last()) and last()[-1]["to"] == state, f"{state} is told")
    return last()[-1]


def state_of(person: Person, chat: str) -> str:
    found: str = person.get(f"/conversations/{chat}")["state"]
    return found


def placed(live: Live, chat: str) -> list[int | None]:
    return [
        frame["position"]
        for frame in live.frames
        if frame["type"] == "position" and frame["conversation"] == chat
    ]


def test_whoever_waits_comes_to_an_available_operator(server: Clocked) -> None:
    ana, marta = buyer(server, "Ana", "en", now=server.clock.now()), staff(server)
    live, desk = ana.live(), marta.live()
    assert marta.get("/desk/presence")["state"] == "by_hand"
    assert works(marta, "available")["load"] == 0
    chat, _ = asks(ana, live)
    assert until_state(live, chat, "assigned")["operator"]["name"] == "Marta"
    desk.subscribe(chat)
    assert desk.events(chat, "assigned")
    [me] = [one for one in marta.get("/desk/operators") if one["name"] == "Marta"]
    assert (me["state"], me["connected"], me["load"]) == ("available", True, 1)


def test_a_pause_and_back(server: Clocked) -> None:
    ana, marta = buyer(server, "Ana", "en", now=server.clock.now()), staff(server)
    live, _desk = ana.live(), marta.live()
    works(marta, "paused")
    chat, place = asks(ana, live)
    assert (place["position"], place["people_ahead"], place["wait"]) == (1, 0, None)
    live.until(lambda: placed(live, chat) == [1], "the place is told")
    assert state_of(ana, chat) == "waiting"
    works(marta, "available")
    until_state(live, chat, "assigned")
    live.until(lambda: placed(live, chat)[-1] is None, "no place any more")


def test_the_end_of_a_shift(server: Clocked) -> None:
    ana, olga = (buyer(server, who, "en", now=server.clock.now()) for who in ("Ana", "Olga"))
    marta = staff(server)
    lives, desk = (ana.live(), olga.live()), marta.live()
    works(marta, "available", ends_at=iso(server.clock.now() + MINUTE))
    answered, _ = asks(ana, lives[0])
    unanswered, _ = asks(olga, lives[1])
    until_state(lives[0], answered, "assigned")
    until_state(lives[1], unanswered, "assigned")
    desk.subscribe(answered).say(answered, "Hello Ana")
    server.clock.advance(MINUTE)
    until_state(lives[1], unanswered, "waiting")
    lives[1].until(lambda: placed(lives[1], unanswered)[-1:] == [1], "the original place")
    assert marta.get("/desk/presence")["state"] == "off"
    assert state_of(ana, answered) == "assigned"


def test_another_team_helps_when_one_is_late(server: Clocked) -> None:
    ana, marta, teo = (
        buyer(server, "Ana", "en", now=server.clock.now()),
        staff(server),
        staff(server, TEO),
    )
    pavel = staff(server, PAVEL)
    live, _desks = ana.live(), [marta.live(), pavel.live()]
    [english] = [one for one in teo.get("/admin/teams") if one["key"] == "support-en"]
    helpers = english | {"fallback": False, "skill": "late shift"}
    assert teo.ask("PUT", "/admin/teams/helpers-en", json=helpers).is_success
    late = english | {"overflow_to": ["helpers-en"], "overflow_after_s": 60}
    assert teo.ask("PUT", "/admin/teams/support-en", json=late).is_success
    for operator, team in ((marta, "support-en"), (pavel, "helpers-en")):
        routing = {"capacity": 2, "skills": [], "teams": [team]}
        assert teo.ask("PUT", f"/admin/operators/{operator.id}/routing", json=routing).is_success
    works(pavel, "available")
    chat, place = asks(ana, live)
    assert place["queue"]["team"] == "support-en"
    server.clock.advance(timedelta(seconds=59))
    assert state_of(ana, chat) == "waiting"
    server.clock.advance(timedelta(seconds=1))
    assert until_state(live, chat, "assigned")["operator"]["name"] == "Pavel"


def test_handed_on_to_another_team(server: Clocked) -> None:
    ana, marta, teo = (
        buyer(server, "Ana", "en", now=server.clock.now()),
        staff(server),
        staff(server, TEO),
    )
    live, desk = ana.live(), marta.live()
    [english] = [one for one in teo.get("/admin/teams") if one["key"] == "support-en"]
    returns = english | {"fallback": False, "skill": "returns"}
    assert teo.ask("PUT", "/admin/teams/returns-en", json=returns).is_success
    chat, _ = asks(ana, live)
    marta.do(f"/desk/conversations/{chat}/take", id=request_id())
    until_state(live, chat, "assigned")
    desk.subscribe(chat)
    request = {"id": request_id(), "team": "returns-en", "note": "A broken lamp"}
    for _ in range(2):  # sent again, it does nothing twice
        marta.do(f"/desk/conversations/{chat}/transfer", **request)
    assert until_state(live, chat, "waiting")["reason"] == "transferred"
    live.until(lambda: placed(live, chat)[-1:] == [1], "where she stands")
    desk.until(lambda: bool(desk.events(chat, "transferred")), "why")
    assert [one["data"]["note"] for one in desk.events(chat, "transferred")] == ["A broken lamp"]
    assert live.events(chat, "transferred") == []
    assert ana.get(f"/conversations/{chat}/position")["queue"]["team"] == "returns-en"


@pytest.mark.parametrize("by", ["time", "message"])
def test_put_aside_and_awake(server: Clocked, by: str) -> None:
    ana, marta = buyer(server, "Ana", "en", now=server.clock.now()), staff(server)
    live, _desk = ana.live(), marta.live()
    works(marta, "available")
    chat, _ = asks(ana, live)
    until_state(live, chat, "assigned")
    until = iso(server.clock.now() + MINUTE)
    marta.do(f"/desk/conversations/{chat}/snooze", id=request_id(), until=until)
    assert until_state(live, chat, "snoozed")["until"] == until
    if by == "time":
        server.clock.advance(MINUTE)
    else:
        live.say(chat, "I have found it")
    assert until_state(live, chat, "assigned")["operator"]["name"] == "Marta"
    eventually(lambda: marta.get("/desk/presence")["load"] == 1, "it takes room again")
