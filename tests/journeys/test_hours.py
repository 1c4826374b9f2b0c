"""Nights, absences and long pauses, told on a clock that the test turns."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from amparo.kernel.clock import ManualClock
from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.session import connect
from tests.conftest import TEMPLATE
from tests.journeys.clocked import Clocked, clocked_server
from tests.journeys.people import Person, buyer, new_chat, populate, request_id, staff
from tests.storage.clusters import eventually

QUESTION = "orders_track_parcel"


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


def olga_at(server: Clocked) -> Person:
    return buyer(server, "Olga", "ru", now=server.clock.now())


def ana_at(server: Clocked) -> Person:
    return buyer(server, "Ana", "en", now=server.clock.now())


def waits(person: Person, language: str = "en") -> str:
    """A conversation of somebody who asked for a person and closed the page."""
    live = person.live()
    chat = new_chat(live, "Is anybody there?", language)
    person.do(f"/conversations/{chat}/person", id=request_id())
    live.close()
    return chat


def state_of(person: Person, chat: str) -> str:
    found: str = person.get(f"/conversations/{chat}")["state"]
    return found


def until_state(person: Person, chat: str, state: str) -> None:
    eventually(lambda: state_of(person, chat) == state, f"the conversation is {state}")


def chat_offer(person: Person) -> dict[str, object]:
    ways = person.get(f"/guide/questions/{QUESTION}/channels?lang=ru")["channels"]
    [chat] = [way for way in ways if way["channel"] == "chat"]
    assert chat["offered"]
    return dict(chat)


def test_russian_at_night_falls_back_to_english(server: Clocked, clock: ManualClock) -> None:
    """07:00-01:00 in Moscow: at 00:59 it is still yesterday's evening shift, at 01:00 it is not."""
    clock.advance(datetime(2026, 4, 14, 21, 59, tzinfo=UTC) - clock.now())  # 00:59 in Moscow
    late = olga_at(server)
    assert (chat_offer(late)["open_now"], chat_offer(late)["language"]) == (True, "ru")
    place = late.do(f"/conversations/{_asked(late)}/person", id=request_id())
    assert (place["queue"]["language"], place["own_language"], place["open"]) == ("ru", True, True)

    clock.advance(timedelta(minutes=1))
    later = olga_at(server)
    offer = chat_offer(later)
    assert (offer["open_now"], offer["language"]) == (True, "en")
    hours = later.get("/panel/start?site=pk_mercadia_test&lang=ru")["hours"]
    [russian] = [one for one in hours if one["language"] == "ru"]
    assert russian["opens_at"] == "2026-04-15T04:00:00Z"
    chat = _asked(later)
    place = later.do(f"/conversations/{chat}/person", id=request_id())
    assert (place["queue"]["language"], place["own_language"]) == ("en", False)
    changes = [event for event in later.stream(chat) if event["kind"] == "state"]
    assert changes[-1]["data"]["reason"] == "fallback_language"

    clock.advance(timedelta(hours=6))  # 07:00: the morning shift
    assert chat_offer(olga_at(server))["language"] == "ru"


def _asked(person: Person) -> str:
    live = person.live()
    chat = new_chat(live, "Где моя посылка?", "ru")
    live.close()
    return chat


def test_who_is_away_when_the_turn_comes_keeps_the_place_then_gets_a_mail(
    server: Clocked, clock: ManualClock
) -> None:
    ana, olga = ana_at(server), olga_at(server)
    away = waits(ana)
    clock.advance(timedelta(minutes=2))
    here = olga.live()
    marta = staff(server)
    present = new_chat(here)
    olga.do(f"/conversations/{present}/person", id=request_id())
    assert marta.do("/desk/take-next", id=request_id())["id"] == present, "the next is served"
    assert ana.get(f"/conversations/{away}/position")["position"] == 1, "the place is kept"
    clock.advance(timedelta(minutes=9, seconds=59))
    assert state_of(ana_at(server), away) == "waiting"
    clock.advance(timedelta(seconds=1))
    until_state(ana_at(server), away, "deferred")
    eventually(lambda: bool(list((server.data / "mail").glob("*.eml"))), "a mail tells so")
    here.close()


def test_an_operator_who_is_gone_gives_back_the_original_place(
    server: Clocked, clock: ManualClock
) -> None:
    ana, olga = ana_at(server), olga_at(server)
    ana_live, olga_live = ana.live(), olga.live()
    first, second = new_chat(ana_live), new_chat(olga_live)
    ana.do(f"/conversations/{first}/person", id=request_id())
    clock.advance(timedelta(seconds=5))
    olga.do(f"/conversations/{second}/person", id=request_id())
    marta = staff(server)
    desk = marta.live()
    assert marta.do("/desk/take-next", id=request_id())["id"] == first
    olga_live.until(lambda: olga_live.positions[second][-1:] == [1], "Olga is next")
    desk.cut()
    eventually(lambda: not server.is_connected(marta.id), "it is noticed that Marta is gone")
    assert state_of(ana, first) == "assigned", "thirty seconds are hers"
    clock.advance(timedelta(seconds=31))
    until_state(ana, first, "waiting")
    ana_live.until(lambda: ana_live.positions[first][-1:] == [1], "her old place")
    olga_live.until(lambda: olga_live.positions[second][-1:] == [2], "Olga's, too")
    ana_live.close()
    olga_live.close()


def test_a_late_word_reopens_within_two_weeks_and_not_after(
    server: Clocked, clock: ManualClock
) -> None:
    ana = ana_at(server)
    chat = waits(ana)
    ana.do(f"/conversations/{chat}/resolve")
    clock.advance(timedelta(days=13, hours=23))
    ana = ana_at(server)
    live = ana.live().subscribe(chat)
    live.say(chat, "It is broken again")
    until_state(ana, chat, "waiting")
    ana.do(f"/conversations/{chat}/resolve")
    clock.advance(timedelta(days=14, seconds=1))
    ana = ana_at(server)
    later = ana.live().subscribe(chat, live.last_seq(chat))
    assert later.refused(chat, "And again")["code"] == "conversation_closed"
    assert state_of(ana, chat) == "resolved"
    for one in (live, later):
        one.close()
