"""Reload, lost network, killed and restarted server: nothing lost, nothing doubled, in order."""

import pytest
from websockets.exceptions import ConnectionClosed

from tests.journeys.conftest import NewServer
from tests.journeys.people import Person, buyer, new_chat, request_id, staff
from tests.servers import Server
from tests.sockets import Live


def with_marta(ana: Person, live: Live) -> tuple[str, Person, Live]:
    """A conversation of Ana and Marta, whose desk follows it."""
    marta = staff(ana.server)
    chat = new_chat(live)
    ana.do(f"/conversations/{chat}/person", id=request_id())
    marta.do(f"/desk/conversations/{chat}/take")
    desk = marta.live().subscribe(chat)
    return chat, marta, desk


def written(person: Person, chat: str, start: str) -> list[str]:
    """The stored messages that begin like this, in the order of the person's stream."""
    bodies = [e["data"]["body"] for e in person.stream(chat) if e["kind"] == "message"]
    return [body for body in bodies if body.startswith(start)]


def test_a_reload_goes_on_from_any_number(server: Server) -> None:
    ana = buyer(server, "Ana-reloads")
    live = ana.live()
    chat, _, desk = with_marta(ana, live)
    for number in range(5):
        live.say(chat, f"line {number}")
        desk.say(chat, f"reply {number}")
    fresh = ana.stream(chat)
    live.close()
    for after in range(len(fresh) + 1):
        reloaded = ana.live().subscribe(chat, after)
        assert reloaded.events(chat) == fresh[after:]
        reloaded.close()
    desk.close()


def test_a_reloaded_page_hears_what_comes_next_and_only_once(server: Server) -> None:
    ana = buyer(server, "Ana-two-tabs")
    live = ana.live()
    chat, _, desk = with_marta(ana, live)
    tabs = [ana.live().subscribe(chat) for _ in range(3)]
    desk.say(chat, "to all of your tabs")
    for tab in (live, *tabs):
        tab.until_seq(chat, len(ana.stream(chat)))
        assert tab.events(chat) == ana.stream(chat)
        tab.close()
    desk.close()


def test_a_connection_cut_in_mid_sending_loses_and_doubles_nothing(server: Server) -> None:
    ana = buyer(server, "Ana-in-a-tunnel")
    live = ana.live()
    chat, marta, desk = with_marta(ana, live)
    expected = []
    for cut in range(6):
        for number in range(8):
            expected.append(f"tunnel {cut}.{number}")
            live.post(chat, expected[-1])
        # some are stored and answered, some stored, some perhaps not even sent
        live.until(lambda: len(live.unacked) < 8, "the first answers")
        live.cut()
        live.again()
    live.until_acked()
    assert written(ana, chat, "tunnel") == written(marta, chat, "tunnel") == expected
    desk.until_seq(chat, len(marta.stream(chat)))
    live.close()
    desk.close()


def test_a_killed_server_loses_and_doubles_nothing(new_server: NewServer) -> None:
    server = new_server()
    ana = buyer(server)
    live = ana.live()
    chat, marta, desk = with_marta(ana, live)
    expected = {live: [], desk: []}  # type: dict[Live, list[str]]
    for kill in range(2):
        for number in range(6):
            for side in (live, desk):
                expected[side].append(f"{'ana' if side is live else 'marta'} {kill}.{number}")
                side.post(chat, expected[side][-1])
        live.until(lambda: len(live.unacked) < 6, "the first answers")
        server.kill()
        server.start()
        for side in (live, desk):
            side.cut()
            side.again()
            side.until_acked()
    assert written(ana, chat, "ana ") == expected[live]
    assert written(ana, chat, "marta ") == expected[desk]
    for side, person in ((live, ana), (desk, marta)):
        fresh = person.stream(chat)
        side.until_seq(chat, len(fresh))
        assert side.events(chat) == fresh
        side.close()
    assert ana.get(f"/conversations/{chat}")["operator"]["name"] == "Marta"


def test_a_restart_says_goodbye_and_keeps_what_was_said(new_server: NewServer) -> None:
    server = new_server()
    ana = buyer(server)
    live = ana.live()
    chat = new_chat(live)
    ana.do(f"/conversations/{chat}/person", id=request_id())
    for number in range(20):
        live.post(chat, f"before {number}")
    assert server.interrupt() == 0
    assert live.closed() == 1012  # going away: come back
    with pytest.raises(ConnectionClosed):
        live.send({"type": "ping"})
    server.start()
    live.again().until_acked()
    assert written(ana, chat, "before") == [f"before {number}" for number in range(20)]
    live.until(lambda: live.positions[chat][-1:] == [1], "her place is pushed after the return")
    assert ana.get(f"/conversations/{chat}/position")["position"] == 1
    live.close()


def test_the_same_id_with_other_words_is_refused_and_the_first_words_stay(server: Server) -> None:
    ana = buyer(server, "Ana-twice")
    live = ana.live()
    chat = new_chat(live)
    ana.do(f"/conversations/{chat}/person", id=request_id())
    first = live.say(chat, "the first words")
    again = live.say(chat, "the first words", client_id=first["client_id"])
    assert (again["message_id"], again["seq"]) == (first["message_id"], first["seq"])
    refusal = live.refused(chat, "other words", client_id=first["client_id"])
    assert (refusal["code"], refusal["status"]) == ("client_id_used", 409)
    over_http = {"client_id": first["client_id"], "body": "the first words"}
    answer = ana.ask("POST", f"/conversations/{chat}/messages", json=over_http)
    assert (answer.status_code, answer.json()["seq"]) == (200, first["seq"])
    assert written(ana, chat, "the first") == ["the first words"]
    live.close()
