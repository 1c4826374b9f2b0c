"""Old state + events = fresh state, followed live through the kinds that change what is there.

That *every* kind is told and folded is seen by ``test_front_end_streams.py``.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from amparo.conversations import events
from amparo.conversations.events import STREAM_KINDS
from tests.accounts.people import SITE, claims, signed
from tests.journeys.people import Person, arrived, buyer, new_chat, request_id, staff, visitor
from tests.servers import Server
from tests.sockets import Live

State = dict[str, Any]
Story = Callable[[Person, Person, Live, str], Person]
"""(buyer, Marta, the buyer's live connection, conversation) -> whose the conversation is then."""


def _speaks(ana: Person, marta: Person, live: Live, chat: str) -> Person:
    live.say(chat, "and where is my refund")
    live.until(lambda: live.last_seq(chat) == 4, "the assistant has answered this, too")
    return ana


def _asks_for_a_person(ana: Person, marta: Person, live: Live, chat: str) -> Person:
    ana.do(f"/conversations/{chat}/person", id=request_id(), topic="payment")
    return ana


def _is_taken_and_given_back(ana: Person, marta: Person, live: Live, chat: str) -> Person:
    _asks_for_a_person(ana, marta, live, chat)
    marta.do(f"/desk/conversations/{chat}/take")
    marta.do(f"/desk/conversations/{chat}/release", id=request_id())
    marta.do(f"/desk/conversations/{chat}/take")
    return ana


def _signs_in_and_joins(stranger: Person, marta: Person, live: Live, chat: str) -> Person:
    ana = buyer(stranger.server, "Ana-who-joins", "en")
    assert ana.do("/sessions/me/join", visitor_token=stranger.session["token"]) == {"joined": 1}
    return ana


def _changes_her_words(ana: Person, marta: Person, live: Live, chat: str) -> Person:
    wish = {"id": request_id(), "body": "Where is the blue lamp?"}
    assert ana.ask("PATCH", _first_message(ana, chat), json=wish).status_code == 200
    return ana


def _takes_it_back(ana: Person, marta: Person, live: Live, chat: str) -> Person:
    _changes_her_words(ana, marta, live, chat)
    assert ana.ask("DELETE", _first_message(ana, chat)).status_code == 204
    return ana


def _reads_an_answer(ana: Person, marta: Person, live: Live, chat: str) -> Person:
    _asks_for_a_person(ana, marta, live, chat)
    message = {"client_id": request_id(), "body": "It comes tomorrow"}
    marta.do(f"/conversations/{chat}/messages", **message)
    ana.do(f"/conversations/{chat}/seen", seq=len(ana.stream(chat)), read=True)
    return ana


def _rates(ana: Person, marta: Person, live: Live, chat: str) -> Person:
    _reads_an_answer(ana, marta, live, chat)
    ana.do(f"/conversations/{chat}/rating", id=request_id(), score=5, reason="quick")
    return ana


def _first_message(ana: Person, chat: str) -> str:
    id = ana.stream(chat)[0]["data"]["message_id"]
    return f"/conversations/{chat}/messages/{id}"


STORIES: Mapping[str, Story] = {
    events.MESSAGE_POSTED: _speaks,
    events.STATE_CHANGED: _asks_for_a_person,
    events.ASSIGNED: _is_taken_and_given_back,
    events.JOINED: _signs_in_and_joins,
    events.MESSAGE_EDITED: _changes_her_words,
    events.MESSAGE_DELETED: _takes_it_back,
    events.RECEIPT: _reads_an_answer,
    events.RATED: _rates,
}


@pytest.mark.parametrize("kind", sorted(STORIES))
def test_old_state_and_events_make_the_fresh_state(server: Server, kind: str) -> None:
    """For the buyer and for staff: what each had, and what each was sent since, is all there is."""
    is_visitor = kind == events.JOINED
    person = visitor(server) if is_visitor else buyer(server, f"Ana-{kind}", "en")
    marta = staff(server)
    live = person.live()
    chat = new_chat(live)
    desk = marta.live().subscribe(chat)
    live.until(lambda: live.last_seq(chat) == 2, "the assistant has answered")
    desk.until(lambda: desk.last_seq(chat) == 2, "at the desk, too")
    old = {reader: _state(reader.events(chat)) for reader in (live, desk)}

    owner = STORIES[kind](person, marta, live, chat)

    pairs: tuple[tuple[Live, Person], ...] = ((live, owner), (desk, marta))
    for reader, whose in pairs:
        if is_visitor and reader is live:
            reader.close()  # no longer the visitor's: the buyer goes on from the same number
            reader = _following(owner, chat, old[live]["seq"], live)
        fresh = whose.stream(chat)
        reader.until_seq(chat, len(fresh))
        since = [event for event in reader.events(chat) if event["seq"] > 2]
        assert STREAM_KINDS[kind][0] in {event["kind"] for event in since}
        told = [(event["seq"], event["kind"], event["at"]) for event in reader.events(chat)]
        assert told == [(event["seq"], event["kind"], event["at"]) for event in fresh]
        began = old.get(reader, old[live])
        assert _state(since, began) == _state(fresh)
        _agrees(_state(fresh), whose.get(f"/conversations/{chat}"))
        reader.close()


def _following(owner: Person, chat: str, after: int, before: Live) -> Live:
    live = owner.live()
    live.streams[chat] = before.events(chat)[:after]
    return live.subscribe(chat, after)


def _state(stream: list[dict[str, Any]], old: State | None = None) -> State:
    """What a front end makes of a stream."""
    state = old or {"seq": 0, "state": "bot", "operator": None, "buyer": None, "said": {}}
    state = {"read": {}, "score": None} | state | {"said": dict(state["said"])}
    for event in stream:
        data = event["data"]
        assert event["seq"] == state["seq"] + 1
        state["seq"] = event["seq"]
        match event["kind"]:
            case "message":
                state["said"][data["message_id"]] = (data["author"]["id"], data["body"])
            case "edited":
                author, _ = state["said"][data["message_id"]]
                state["said"][data["message_id"]] = (author, data["body"])
            case "deleted":
                author, _ = state["said"][data["message_id"]]
                state["said"][data["message_id"]] = (author, "")
            case "receipt":
                state["read"] = state["read"] | {data["party"]: data["read"]}
            case "rated":
                state["score"] = data["score"]
            case "state":
                state["state"] = data["to"]
            case "assigned":
                state["operator"] = data["operator"] and data["operator"]["id"]
            case "joined":
                state["buyer"] = data["buyer"]["id"]
            case other:
                pytest.fail(f"no front end knows what to do with {other}")
    return state


def _agrees(state: State, view: dict[str, Any]) -> None:
    """The conversation as ``GET`` gives it says the same as its stream."""
    assert state["seq"] == view["last_seq"]
    assert state["state"] == view["state"]
    assert state["operator"] == (view["operator"] and view["operator"]["id"])
    assert state["buyer"] in (None, view["buyer"]["id"])
    left = [body for _, body in state["said"].values() if body]
    assert left[-1].startswith(view["preview"].rstrip("…"))


def test_who_asked_as_a_visitor_finds_it_again_after_signing_in(server: Server) -> None:
    stranger = visitor(server)
    live = stranger.live()
    chat = new_chat(live, "Is the lamp dimmable?")
    ana = buyer(server, "Ana-from-the-street", "en")
    assert ana.ask("GET", f"/conversations/{chat}").status_code == 404  # not before she says so
    joined = ana.do("/sessions/me/join", visitor_token=stranger.session["token"])
    assert joined == {"joined": 1}
    assert ana.do("/sessions/me/join", visitor_token=stranger.session["token"]) == {"joined": 0}
    assert ana.stream(chat)[0]["data"]["body"] == "Is the lamp dimmable?"
    assert stranger.ask("GET", f"/conversations/{chat}").status_code == 404
    hers = ana.live().subscribe(chat)
    hers.say(chat, "It is me again")
    live.close()
    hers.close()


def test_nobody_joins_with_a_token_that_is_no_visitors(server: Server) -> None:
    olga, ana = buyer(server, "Olga-with-a-token", "en"), buyer(server, "Ana-who-guesses", "en")
    for token in (olga.session["token"], ana.session["token"], "guessed", ""):
        answer = ana.ask("POST", "/sessions/me/join", json={"visitor_token": token})
        assert answer.status_code == 404, token
    stranger, other = visitor(server), visitor(server)
    answer = other.ask(
        "POST", "/sessions/me/join", json={"visitor_token": stranger.session["token"]}
    )
    assert answer.status_code == 403


def test_the_same_buyer_twice_is_one_person(server: Server) -> None:
    first = buyer(server, "Ana-everywhere", "en")
    second = arrived(
        server,
        {"site": SITE, "token": signed(claims(datetime.now(UTC), sub="buyer-ana-everywhere"))},
    )
    assert first.id == second.id
