"""Bad input of every kind: a clear problem in the user's language, and nothing is lost."""

from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from amparo.kernel.ids import new_id
from tests.accounts.people import SITE
from tests.journeys.conftest import NewServer
from tests.journeys.people import buyer, new_chat, request_id, visitor
from tests.servers import Server

MALFORMED, TOO_BIG, TOO_MANY = 4400, 1009, 4429
TOO_LONG = {"en": "up to 140 characters", "es": "hasta 140 caracteres", "ru": "140"}


@pytest.mark.parametrize("language", sorted(TOO_LONG))
def test_an_overlong_question_says_the_limit_and_keeps_nothing(
    server: Server, language: str
) -> None:
    """In the user's language, over the socket and over HTTP, with the numbers to show."""
    person = buyer(server, f"Ana-who-writes-{language}", language)
    live = person.live()
    chat, question = str(new_id()), "ё" * 141
    opening = {"channel": "chat", "site": SITE, "language": language}
    problem = live.refused(chat, question, open=opening)
    assert problem["code"] == "question_too_long"
    assert (problem["params"]["limit"], problem["params"]["length"]) == (140, 141)
    assert TOO_LONG[language] in problem["detail"]
    message = {"client_id": request_id(), "body": question, "open": opening}
    headers = {"Accept-Language": language}
    answer = person.ask("POST", f"/conversations/{chat}/messages", json=message, headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (422, problem["detail"])
    assert answer.headers["content-type"] == "application/problem+json"
    assert person.get("/conversations")["items"] == []
    live.say(chat, "ё" * 140, open=opening)  # shortened, it is sent
    live.close()


def test_what_stands_for_one_character_counts_as_one(server: Server) -> None:
    live = visitor(server).live()
    chat = new_chat(live, "👩‍👩‍👧‍👦" * 140)
    assert len(live.bodies(chat)[0]) == 7 * 140
    live.close()


def test_nobody_waits_behind_words_that_say_nothing(server: Server) -> None:
    live = visitor(server).live()
    chat = new_chat(live)
    for nothing in ("", "   ", "\u200b\n\t", "\x00", "\u3164\u2060"):
        assert live.refused(chat, nothing)["code"] == "message_empty", repr(nothing)
    assert live.bodies(chat)[0] == "Where is my parcel?"
    live.close()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        '{"type": "shout"}',
        '{"type": "post"}',
        '{"type": "subscribe", "conversation": "1"}',
        '{"type": "subscribe", "conversation": 7, "after": "x"}',
        "[" * 50_000,
        b"\xff\xfe",
    ],
)
def test_a_frame_that_is_none_ends_this_connection_only(server: Server, text: str | bytes) -> None:
    person = buyer(server, "Ana-who-garbles")
    good, bad = person.live(), person.live()
    chat = new_chat(good, "Before the garble")
    bad.connection.send(text)
    assert bad.closed() in (MALFORMED, 1003, 1007), text[:40]
    good.send({"type": "ping"})
    good.until(lambda: good.frames[-1]["type"] == "pong", "the other one lives")
    bad.again().subscribe(chat)
    assert bad.bodies(chat)[0] == "Before the garble"
    good.close()
    bad.close()


def test_a_frame_too_large_ends_the_connection_and_keeps_nothing(server: Server) -> None:
    person = buyer(server, "Ana-who-pastes-a-book")
    live = person.live()
    chat = new_chat(live)
    live.post(chat, "x" * 300_000)
    assert live.closed() == TOO_BIG
    live.unacked.clear()
    live.again()
    person.do(f"/conversations/{chat}/person", id=request_id())
    assert live.refused(chat, "x" * 200_000)["code"] == "message_too_long"
    assert all(len(body) < 4001 for body in live.bodies(chat))
    live.close()


def test_who_sends_too_fast_is_stopped_and_may_come_back(new_server: NewServer) -> None:
    server = new_server(
        AMPARO_LIVE_FRAMES_BURST="20",
        AMPARO_LIVE_FRAMES_PER_SECOND="1",
        AMPARO_LIMIT_POST="5/minute",
    )
    ana, olga = buyer(server, "Ana"), buyer(server, "Olga")
    live, other = ana.live(), olga.live()
    with suppress(ConnectionClosed):
        for _ in range(40):
            live.send({"type": "ping"})
            live.receive(30.0)
    assert live.closed() == TOO_MANY
    chat = new_chat(live.again(), "I was too fast")
    ana.do(f"/conversations/{chat}/person", id=request_id())
    for number in range(4):
        live.say(chat, f"word {number}")
    stopped = live.refused(chat, "word 4")
    assert (stopped["code"], stopped["status"]) == ("too_many", 429)
    assert 1 <= stopped["params"]["seconds"] <= 60
    over_http = {"client_id": request_id(), "body": "round the corner"}
    answer = ana.ask("POST", f"/conversations/{chat}/messages", json=over_http)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    new_chat(other, "Nobody else is stopped")
    live.close()
    other.close()
