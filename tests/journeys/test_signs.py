"""Typing, looking and seen on the live socket: to those who may know, stored nowhere, gathered."""

from typing import Any

import httpx

from amparo.accounts.blocks_rules import STRIKES
from amparo.kernel.ids import new_id
from tests.journeys.conftest import NewServer
from tests.journeys.people import PAVEL, Person, buyer, new_chat, request_id, staff, visitor
from tests.servers import Server
from tests.sockets import Live


def frames(live: Live, kind: str) -> list[dict[str, Any]]:
    return [frame for frame in live.frames if frame["type"] == kind]


def pinged(live: Live) -> Live:
    """Everything the server said before now has come."""
    before = len(frames(live, "pong"))
    live.send({"type": "ping"})
    return live.until(lambda: len(frames(live, "pong")) > before, "pong")


def taken(server: Server, name: str) -> tuple[Person, Person, Live, Live, str]:
    """Ana and Marta in one conversation: people, their connections, its id."""
    ana, marta = buyer(server, name, "en"), staff(server)
    hers = ana.live()
    chat = new_chat(hers)
    hers.until(lambda: hers.last_seq(chat) == 2, "the assistant has answered")
    ana.do(f"/conversations/{chat}/person", id=request_id())
    marta.do(f"/desk/conversations/{chat}/take")
    desk = marta.live().subscribe(chat)
    hers.until_seq(chat, desk.last_seq(chat))
    return ana, marta, hers, desk, chat


def test_who_writes_is_told_to_the_other_side_until_they_stop(server: Server) -> None:
    _, _, hers, desk, chat = taken(server, "Ana-who-types")
    second = staff(server).live().subscribe(chat)
    hers.send({"type": "typing", "conversation": chat, "on": True})
    desk.until(lambda: bool(frames(desk, "typing")), "Marta sees that Ana types")
    assert frames(desk, "typing")[0] == {
        "type": "typing",
        "conversation": chat,
        "party": "buyer",
        "name": "Ana-who-types",
        "on": True,
    }
    hers.send({"type": "typing", "conversation": chat, "on": False})
    desk.until(lambda: len(frames(desk, "typing")) == 2, "and that she has stopped")
    assert not frames(desk, "typing")[1]["on"]
    desk.send({"type": "typing", "conversation": chat, "on": True})
    hers.until(lambda: bool(frames(hers, "typing")), "Ana sees that Marta types")
    assert frames(hers, "typing")[0]["party"] == "staff"
    assert frames(hers, "typing") == frames(hers, "typing")[:1]  # never her own
    pinged(second)
    assert {frame["party"] for frame in frames(second, "typing")} == {"buyer"}
    for live in (hers, desk, second):
        live.close()


def test_writing_ends_with_its_connection_and_by_itself(server: Server) -> None:
    _, _, hers, desk, chat = taken(server, "Ana-who-vanishes")
    hers.send({"type": "typing", "conversation": chat, "on": True})
    desk.until(lambda: len(frames(desk, "typing")) == 1, "Ana types")
    hers.cut()
    desk.until(lambda: len(frames(desk, "typing")) == 2, "and is gone")
    hers.again()
    hers.send({"type": "typing", "conversation": chat, "on": True})
    desk.until(lambda: len(frames(desk, "typing")) == 4, "she types, and says nothing more")
    assert [frame["on"] for frame in frames(desk, "typing")] == [True, False, True, False]
    hers.close()
    desk.close()


def test_a_buyer_never_learns_who_looks_and_colleagues_do(server: Server) -> None:
    _, marta, hers, desk, chat = taken(server, "Ana-who-is-looked-at")
    pavel = staff(server, PAVEL).live().subscribe(chat)
    desk.send({"type": "look", "conversation": chat, "mode": "viewing"})
    pavel.until(lambda: bool(frames(pavel, "looking")), "Pavel sees Marta look")
    desk.send({"type": "look", "conversation": chat, "mode": "replying"})
    pavel.until(lambda: len(frames(pavel, "looking")) == 2, "and answer")
    assert frames(pavel, "looking")[1]["people"] == [
        {"id": marta.id, "name": "Marta", "mode": "replying"}
    ]
    pavel.send({"type": "look", "conversation": chat, "mode": "viewing"})
    pavel.until(lambda: len(frames(pavel, "looking")) == 3, "who comes late is told")
    desk.until(lambda: bool(frames(desk, "looking")), "and the other, too")
    assert [one["name"] for one in frames(desk, "looking")[0]["people"]] == ["Pavel"]
    desk.close()
    pavel.until(lambda: frames(pavel, "looking")[-1]["people"] == [], "Marta is gone")
    pinged(hers)
    assert frames(hers, "looking") == []
    hers.send({"type": "look", "conversation": chat, "mode": "viewing"})
    hers.until(lambda: bool(hers.problems), "refused")
    assert hers.problems[0]["code"] == "forbidden"
    hers.close()
    pavel.close()


def test_nothing_of_it_is_stored(server: Server) -> None:
    ana, _, hers, desk, chat = taken(server, "Ana-who-leaves-no-trace")
    before = ana.stream(chat)
    for on in (True, False):
        hers.send({"type": "typing", "conversation": chat, "on": on})
    desk.send({"type": "look", "conversation": chat, "mode": "replying"})
    pinged(hers)
    pinged(desk)
    assert ana.stream(chat) == before
    hers.close()
    desk.close()


def test_a_burst_of_seen_is_few_receipts_and_the_last_one_arrives(server: Server) -> None:
    _, marta, hers, desk, chat = taken(server, "Ana-who-reads")
    said = [desk.say(chat, f"Number {n}") for n in range(30)]
    hers.until_seq(chat, desk.last_seq(chat))
    for event in hers.events(chat, "message"):
        hers.send({"type": "seen", "conversation": chat, "seq": event["seq"], "read": True})
    last = said[-1]["message_id"]

    def read() -> list[str]:
        return [one["data"]["read"] for one in desk.events(chat, "receipt")]

    desk.until(lambda: last in read(), "Marta sees that all of it was read")
    assert read()[-1] == last
    assert len(read()) <= 3
    assert marta.get(f"/conversations/{chat}")["unread"] == 1  # Ana's own first question
    hers.close()
    desk.close()


def test_somebody_elses_conversation_is_like_a_missing_one(server: Server) -> None:
    _, _, hers, desk, chat = taken(server, "Ana-of-the-closed-door")
    olga = buyer(server, "Olga-at-the-door", "en").live()
    for conversation in (chat, str(new_id())):
        olga.send({"type": "typing", "conversation": conversation, "on": True})
        olga.send({"type": "seen", "conversation": conversation, "seq": 1, "read": True})
    olga.until(lambda: len(olga.problems) == 4, "refused")
    assert {problem["code"] for problem in olga.problems} == {"not_found"}
    pinged(desk)
    assert frames(desk, "typing") == []
    for live in (olga, hers, desk):
        live.close()


def test_who_is_blocked_is_told_until_when_and_reads_on(server: Server) -> None:
    ana, marta, hers, desk, chat = taken(server, "Ana-who-is-blocked")
    block = f"/desk/people/{ana.id}/block"
    answer = marta.ask("PUT", block, json={"reason": "spam", "until": None})
    assert answer.status_code == 200, answer.text
    problem = hers.refused(chat, "Let me in")
    assert (problem["code"], problem["status"]) == ("blocked", 403)
    desk.say(chat, "You can read this")
    hers.until(lambda: "You can read this" in hers.bodies(chat), "she reads on")
    assert ana.do("/sessions/me/block/appeal", text="It was my brother") is None
    assert ana.get("/sessions/me/block") == {"blocked": True, "until": None, "appealed": True}
    assert marta.ask("DELETE", block).status_code == 204
    hers.say(chat, "Thank you")
    hers.close()
    desk.close()


def test_too_fast_says_when_to_go_on(new_server: NewServer) -> None:
    """The same numbers in the frame as in the answer and its header."""
    server = new_server(AMPARO_LIMIT_POST="5/minute")
    person = buyer(server, "Ana-in-a-hurry", "ru")
    live = person.live()
    chat = new_chat(live, language="ru")
    for number in range(6):
        live.post(chat, f"{number}")
    live.until(lambda: bool(live.problems), "too fast")
    problem = live.problems[0]
    assert (problem["code"], problem["status"]) == ("too_many", 429)
    assert problem["params"]["retry_after"] >= 1
    assert "Ничего не потеряно" in problem["detail"]
    live.close()
    answers: list[httpx.Response] = []
    while not answers or answers[-1].status_code != 429:
        message = {"client_id": request_id(), "body": "x"}
        answers.append(person.ask("POST", f"/conversations/{chat}/messages", json=message))
        assert len(answers) < 9
    body = answers[-1].json()
    assert int(answers[-1].headers["Retry-After"]) == body["params"]["retry_after"]


def test_a_visitor_who_goes_on_flooding_is_held_back_and_seen_by_the_staff(
    new_server: NewServer,
) -> None:
    server = new_server(AMPARO_LIMIT_POST="5/minute")
    stranger, marta = visitor(server), staff(server)
    live = stranger.live()
    chat = new_chat(live)
    for number in range(5 + STRIKES):
        live.post(chat, f"{number}")
    live.until(lambda: len(live.problems) >= STRIKES, "too fast, again and again")

    def held() -> bool:
        return bool(stranger.get("/sessions/me/block")["blocked"])

    while not held():
        pinged(live)
    block = marta.get(f"/desk/conversations/{chat}/context")["blocked"]
    assert block is not None
    assert stranger.stream(chat)
    live.close()
